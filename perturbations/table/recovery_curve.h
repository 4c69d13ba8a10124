// How much of a sudden change is left after some time.
#pragma once

#include <cmath>

namespace misfire {

struct RecoveryCurve {
    double hold_days = 0.0;  // for which all of it stays
    double tau_days = 90.0;
    double residual = 0.3;  // share that never goes away

    // 1 up to hold_days, then residual + (1 - residual) exp(-(days - hold_days) / tau_days).
    double left(double days) const {
        if (days <= hold_days) return 1.0;
        return residual + (1.0 - residual) * std::exp(-(days - hold_days) / tau_days);
    }
};

}  // namespace misfire
