// Mean and variance of values that come one by one (Welford, Technometrics 4, 1962).
#pragma once

#include <algorithm>
#include <cmath>
#include <span>

namespace misfire::monitors {

class RunningMoments {
  public:
    void add(double x) {
        n_ += 1.0;
        const double off = x - mean_;
        mean_ += off / n_;
        squares_ += off * (x - mean_);
    }
    double count() const { return n_; }
    double mean() const { return mean_; }
    // Sum of squares over n - ddof; 0 while there are no more than ddof values.
    double variance(double ddof) const { return n_ > ddof ? std::max(0.0, squares_) / (n_ - ddof) : 0.0; }

  private:
    double n_ = 0.0;
    double mean_ = 0.0;
    double squares_ = 0.0;
};

inline RunningMoments moments_of(std::span<const double> values) {
    RunningMoments moments;
    for (const double value : values) moments.add(value);
    return moments;
}

}  // namespace misfire::monitors
