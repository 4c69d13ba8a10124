// What a curve (metric against level) says in one number: area, drop, breaking point.
#pragma once

#include <cstddef>
#include <limits>
#include <span>

#include "core/outcome.h"

namespace misfire {

// levels: ascending, at least one, any spacing. values, low, high: one per level, NaN where missing; low and high are
// the ends of the 95 % interval. reference: value at the reference level, which may or may not be one of `levels`.
struct CurveInput {
    std::span<const double> levels;
    std::span<const double> values;
    std::span<const double> low;
    std::span<const double> high;
    double reference = std::numeric_limits<double>::quiet_NaN();
    Direction direction = Direction::higher_is_better;
};

// Trapezoidal mean over the levels' range; divided by the reference value where higher is better (retention: 1 is
// undamaged), minus the reference value otherwise (0 is undamaged). NaN when a level is missing, there is one level
// only, or retention would divide by zero.
double area(const CurveInput& curve);

// How far the last level lies from the reference, positive when worse (last minus reference where neither is better).
double drop(const CurveInput& curve);

// NaN where the rule gives nothing to cross: no rule, a missing reference, one that is no better than chance, twice
// zero.
double breaking_threshold(BreakingRule rule, Direction direction, double reference, double chance);

struct Breaking {
    double threshold = std::numeric_limits<double>::quiet_NaN();
    double severity =
        std::numeric_limits<double>::quiet_NaN();  // first level at which the interpolated curve reaches the threshold
    double low = std::numeric_limits<double>::quiet_NaN();   // the same for the worse end of the interval
    double high = std::numeric_limits<double>::quiet_NaN();  // ... and the better end; NaN: not within the levels
    bool censored = false;        // never reached: severity is then the last level ("later than")
    std::size_t evaluations = 0;  // levels that have a value
    Status status = Status::undefined;
};

// A level that is missing hides what comes after it: undefined unless the crossing lies before.
Breaking breaking_point(const CurveInput& curve, double threshold);

}  // namespace misfire
