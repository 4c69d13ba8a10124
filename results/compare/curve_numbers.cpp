// What a paired curve says in one number: the second half of curve_pair.h.
#include <algorithm>
#include <cmath>
#include <functional>

#include "results/compare/curve_pair.h"
#include "results/curves.h"

namespace misfire {
namespace {

using OfCurve = std::function<double(std::span<const double> values)>;

// `of` under the values of each side and under each draw.
PairedNumber derived(const std::vector<PairedNumber>& numbers, const OfCurve& of) {
    PairedNumber result;
    result.identical = true;
    if (numbers.empty()) result.undefined_because = "the runs have no level in common";
    for (const PairedNumber& number : numbers) {
        if (!number.defined()) {
            result.undefined_because = number.undefined_because;
            return result;
        }
        result.identical = result.identical && number.identical;
        result.n = result.n == 0 ? number.n : std::min(result.n, number.n);
    }
    if (!result.defined()) return result;
    const auto take = [&](auto get) {
        std::vector<double> values;
        for (const PairedNumber& number : numbers) values.push_back(get(number));
        return of(values);
    };
    result.first = take([](const PairedNumber& n) { return n.first; });
    result.second = take([](const PairedNumber& n) { return n.second; });
    if (std::isnan(result.first) || std::isnan(result.second)) {
        result.undefined_because = "not defined over these levels";
        return result;
    }
    const bool drawn = std::all_of(numbers.begin(), numbers.end(),
                                   [](const PairedNumber& number) { return !number.second_draws.empty(); });
    if (!drawn) return result;
    for (std::size_t r = 0; r < numbers.front().second_draws.size(); ++r) {
        result.first_draws.push_back(take([&](const PairedNumber& n) { return n.first_draws[r]; }));
        result.second_draws.push_back(take([&](const PairedNumber& n) { return n.second_draws[r]; }));
    }
    return result;
}

struct Levels {
    std::vector<double> levels;
    std::size_t reference = static_cast<std::size_t>(-1);
    CurveInput input(std::span<const double> values, Direction direction) const {
        CurveInput curve{levels, values, {}, {}, std::numeric_limits<double>::quiet_NaN(), direction};
        if (reference < values.size()) curve.reference = values[reference];
        return curve;
    }
};

Levels levels_of(const std::vector<PairedLevel>& levels) {
    Levels result;
    for (std::size_t l = 0; l < levels.size(); ++l) {
        result.levels.push_back(levels[l].level);
        if (levels[l].reference) result.reference = l;
    }
    return result;
}

}  // namespace

PairedNumber area_of(const std::vector<PairedLevel>& levels, const std::vector<PairedNumber>& numbers,
                     Direction direction) {
    const Levels curve = levels_of(levels);
    return derived(numbers, [&](std::span<const double> values) { return area(curve.input(values, direction)); });
}

PairedNumber area_from_first_reference(const std::vector<PairedLevel>& levels, const std::vector<PairedNumber>& numbers,
                                       Direction direction) {
    const Levels curve = levels_of(levels);
    PairedNumber result = derived(numbers, [&](std::span<const double> values) {
        CurveInput input = curve.input(values, Direction::neither);
        input.reference = 0.0;  // the plain mean over the range of levels
        return area(input);
    });
    if (!result.defined()) return result;
    if (curve.reference >= numbers.size()) {
        result.undefined_because = "the curve has no level to compare with";
        return result;
    }
    const PairedNumber& reference = numbers[curve.reference];
    const auto relative = [&](double mean, double clean) {
        return direction == Direction::higher_is_better ? mean / clean : mean - clean;
    };
    result.first = relative(result.first, reference.first);
    result.second = relative(result.second, reference.first);
    for (std::size_t r = 0; r < result.second_draws.size(); ++r) {
        result.first_draws[r] = relative(result.first_draws[r], reference.first_draws[r]);
        result.second_draws[r] = relative(result.second_draws[r], reference.first_draws[r]);
    }
    if (!std::isfinite(result.first)) result.undefined_because = "the clean value is 0";
    return result;
}

PairedNumber drop_of(const std::vector<PairedLevel>& levels, const std::vector<PairedNumber>& numbers,
                     Direction direction) {
    const Levels curve = levels_of(levels);
    return derived(numbers, [&](std::span<const double> values) { return drop(curve.input(values, direction)); });
}

PairedNumber breaking_point_of(const std::vector<PairedLevel>& levels, const std::vector<PairedNumber>& numbers,
                               const Metric& metric, std::int64_t classes) {
    const Levels curve = levels_of(levels);
    const MetricInfo& info = metric.info();
    return derived(numbers, [&](std::span<const double> values) {
        const CurveInput input = curve.input(values, info.direction);
        const double threshold =
            breaking_threshold(info.breaking, info.direction, input.reference, metric.chance(classes));
        return breaking_point(input, threshold).severity;
    });
}

PairedNumber mean_of(const std::vector<PairedNumber>& numbers) {
    return derived(numbers, [](std::span<const double> values) {
        double sum = 0.0;
        for (const double value : values) sum += value;
        return sum / static_cast<double>(values.size());
    });
}

}  // namespace misfire
