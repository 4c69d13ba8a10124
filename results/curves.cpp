#include "results/curves.h"

#include <algorithm>
#include <cmath>

namespace misfire {
namespace {

constexpr double nan_double = std::numeric_limits<double>::quiet_NaN();

struct Crossing {
    double level = nan_double;
    bool found = false;
    bool hidden = false;  // a missing level came first
};

// `sign` is 1 where low values are bad and -1 where high ones are.
Crossing first_crossing(std::span<const double> levels, std::span<const double> values, double threshold, double sign) {
    for (std::size_t i = 0; i < levels.size(); ++i) {
        if (i >= values.size() || std::isnan(values[i])) return {nan_double, false, true};
        if (sign * (values[i] - threshold) > 0.0) continue;
        if (i == 0 || values[i] == values[i - 1]) return {levels[i], true, false};
        const double share = (threshold - values[i - 1]) / (values[i] - values[i - 1]);
        return {levels[i - 1] + share * (levels[i] - levels[i - 1]), true, false};
    }
    return {};
}

}  // namespace

double area(const CurveInput& curve) {
    const std::size_t n = curve.levels.size();
    if (n < 2) return nan_double;
    double sum = 0.0;
    for (std::size_t i = 1; i < n; ++i) {
        sum += 0.5 * (curve.values[i] + curve.values[i - 1]) * (curve.levels[i] - curve.levels[i - 1]);
    }
    const double mean = sum / (curve.levels[n - 1] - curve.levels[0]);
    if (curve.direction != Direction::higher_is_better) return mean - curve.reference;
    return curve.reference == 0.0 ? nan_double : mean / curve.reference;
}

double drop(const CurveInput& curve) {
    if (curve.values.empty()) return nan_double;
    const double fall = curve.reference - curve.values.back();
    return curve.direction == Direction::higher_is_better ? fall : -fall;
}

double breaking_threshold(BreakingRule rule, Direction direction, double reference, double chance) {
    switch (rule) {
        case BreakingRule::none: return nan_double;
        case BreakingRule::half_way_to_chance: {
            const bool better = direction == Direction::higher_is_better ? reference > chance : reference < chance;
            return better ? 0.5 * (reference + chance) : nan_double;
        }
        case BreakingRule::twice_reference: return reference > 0.0 ? 2.0 * reference : nan_double;
    }
    return nan_double;
}

Breaking breaking_point(const CurveInput& curve, double threshold) {
    Breaking result;
    result.threshold = threshold;
    for (const double value : curve.values) result.evaluations += std::isnan(value) ? 0 : 1;
    if (std::isnan(threshold) || curve.levels.empty() || curve.direction == Direction::neither) return result;
    const bool higher = curve.direction == Direction::higher_is_better;
    const double sign = higher ? 1.0 : -1.0;
    const Crossing crossing = first_crossing(curve.levels, curve.values, threshold, sign);
    if (crossing.hidden) return result;
    result.status = Status::ok;
    result.censored = !crossing.found;
    result.severity = crossing.found ? crossing.level : curve.levels.back();
    result.low = first_crossing(curve.levels, higher ? curve.low : curve.high, threshold, sign).level;
    result.high = first_crossing(curve.levels, higher ? curve.high : curve.low, threshold, sign).level;
    return result;
}

}  // namespace misfire
