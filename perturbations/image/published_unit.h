// What every unit shares: its metadata, completed options and the schedule of parameters.
#pragma once

#include <string>
#include <utility>

#include "core/perturbation.h"
#include "perturbations/options.h"
#include "perturbations/severity.h"

namespace misfire {

class PublishedUnit : public Perturbation {
  public:
    PublishedUnit(PerturbationInfo info, const Options& given)
        : info_(std::move(info)), options_(complete_options(info_, given)), schedule_(info_, set_of(options_)) {}

    const PerturbationInfo& info() const final { return info_; }
    std::string parameter_set(int height, int width) const final { return schedule_.describe(height, width); }

  protected:
    ParameterValues parameters(const Image& image, double severity) const {
        return schedule_.at(image.height, image.width, severity);
    }
    const ParameterSchedule& schedule() const { return schedule_; }
    const Options& options() const { return options_; }

  private:
    static std::string set_of(const Options& options) {
        const auto set = options.find("set");
        return set == options.end() ? "auto" : set->second;
    }

    PerturbationInfo info_;
    Options options_;
    ParameterSchedule schedule_;
};

// Sizes `out` like `in` without giving up memory it already has.
inline void shape_like(const Image& in, Image& out) {
    out.height = in.height;
    out.width = in.width;
    out.channels = in.channels;
    out.pixels.resize(in.pixels.size());
}

// The published last step: clip(x, 0, 1) * 255 cut (not rounded) to 8 bits. In double, as published: many values sit on
// knife edges.
inline std::uint8_t cut_to_byte(double x) {
    const double clipped = x < 0.0 ? 0.0 : (x > 1.0 ? 1.0 : x);
    return static_cast<std::uint8_t>(static_cast<int>(clipped * 255.0));
}

// Where the exact algorithms come from.
inline constexpr const char* imagenet_c_reference =
    "Hendrycks and Dietterich, Benchmarking Neural Network Robustness to Common Corruptions and Perturbations, ICLR "
    "2019; "
    "github.com/hendrycks/robustness at 8190fe3";

template <typename Unit>
std::unique_ptr<Perturbation> make_unit(const Options& options) {
    return std::make_unique<Unit>(options);
}

}  // namespace misfire
