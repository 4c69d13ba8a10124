// The closest rising step function (pool adjacent violators), read with straight lines between its steps.
#pragma once

#include <span>
#include <vector>

namespace misfire::monitors {

class IsotonicRegression {
  public:
    // As many y as x, not empty. Values of equal x are averaged first, as scikit-learn does.
    void fit(std::span<const double> x, std::span<const double> y);
    // Beyond the fitted range: the value at its end.
    double at(double x) const;

  private:
    std::vector<double> x_;
    std::vector<double> y_;
};

}  // namespace misfire::monitors
