// Logistic regression with a ridge, the small classifier of c2st.
#pragma once

#include <span>
#include <vector>

#include "core/monitor.h"

namespace misfire::monitors {

// Minimises sum of log losses + ridge / 2 |weights|^2 (the intercept is free), by Newton's method with conjugate
// gradients. labels: 0 or 1 per row. Returns one weight per column, then the intercept. Deterministic.
std::vector<double> fit_logistic_regression(const MonitorRows& rows, std::span<const double> labels, double ridge);

// weights . row + intercept: above 0 for label 1.
double logistic_margin(std::span<const double> row, std::span<const double> weights);

}  // namespace misfire::monitors
