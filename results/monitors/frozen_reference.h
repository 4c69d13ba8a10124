// Mean and standard deviation of the first values of a stream, or of a reference, which then stay as they are.
#pragma once

#include "core/error.h"
#include "results/monitors/running_moments.h"

namespace misfire::monitors {

class FrozenReference {
  public:
    explicit FrozenReference(double min) : min_(min) {}

    void fit(std::span<const double> reference) {
        if (reference.size() < 2)
            throw DataError("A reference of " + std::to_string(reference.size()) +
                            " values has no spread. Give at least 2, better 100.");
        const RunningMoments moments = moments_of(reference);
        freeze(moments);
        fitted_ = true;
    }

    // A fitted reference stays.
    void reset() {
        moments_ = {};
        if (!fitted_) frozen_ = false;
    }

    // Whether there is a reference; the value that completes the first `min` is part of it.
    bool add(double x) {
        if (frozen_) return true;
        moments_.add(x);
        if (moments_.count() < min_) return false;
        freeze(moments_);
        return true;
    }

    double mean() const { return mean_; }
    double deviation() const { return deviation_; }

  private:
    void freeze(const RunningMoments& moments) {
        mean_ = moments.mean();
        deviation_ = std::sqrt(moments.variance(1.0));
        frozen_ = true;
    }

    double min_;
    RunningMoments moments_;
    bool frozen_ = false;
    bool fitted_ = false;
    double mean_ = 0.0;
    double deviation_ = 0.0;
};

}  // namespace misfire::monitors
