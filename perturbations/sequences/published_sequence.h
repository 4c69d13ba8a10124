// What every sequence shares: its metadata and the schedule of parameters.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "perturbations/image/published_unit.h"
#include "perturbations/sequences/schedule.h"

namespace misfire {

class PublishedSequence : public Sequence {
  public:
    explicit PublishedSequence(SequenceInfo info) : info_(std::move(info)) {}
    const SequenceInfo& info() const final { return info_; }

  protected:
    SequenceValues values(const FrameRequest& request) const {
        return sequence_values(info_, request.side, request.difficulty);
    }

  private:
    SequenceInfo info_;
};

inline const char* const imagenet_p_reference =
    "Hendrycks and Dietterich, Benchmarking Neural Network Robustness to Common Corruptions and Perturbations, ICLR "
    "2019; github.com/hendrycks/robustness at 8190fe3, ImageNet-P/create_p";

// Values of ImageNet-P and CIFAR-10-P: one each, or one per difficulty.
inline std::map<std::string, std::vector<double>> by_set(std::vector<double> imagenet_p, std::vector<double> cifar_p) {
    return {{"224", std::move(imagenet_p)}, {"32", std::move(cifar_p)}};
}

}  // namespace misfire
