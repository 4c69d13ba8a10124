#include "results/compare/difference.h"

#include <algorithm>
#include <cmath>

namespace misfire {
namespace {

constexpr double nan_double = std::numeric_limits<double>::quiet_NaN();
constexpr double tail_of_95 = 0.025;

std::vector<double> differences(const PairedNumber& number) {
    std::vector<double> draws(number.second_draws.size());
    for (std::size_t r = 0; r < draws.size(); ++r) draws[r] = number.second_draws[r] - number.first_draws[r];
    return draws;
}

// Of the difference of two paired proportions (Wald).
double standard_error_of(const Discordance& pairs) {
    const double n = static_cast<double>(pairs.n);
    const double gained = static_cast<double>(pairs.gained);
    const double lost = static_cast<double>(pairs.lost);
    return std::sqrt(std::max(gained + lost - (gained - lost) * (gained - lost) / n, 0.0)) / n;
}

Bounds around(double value, double standard_error, double tail) {
    const double half = normal_quantile(1.0 - tail) * standard_error;
    return {value - half, value + half};
}

}  // namespace

double standard_deviation(const std::vector<double>& draws) {
    double sum = 0.0;
    std::size_t count = 0;
    for (const double draw : draws) {
        if (!std::isfinite(draw)) continue;
        sum += draw;
        ++count;
    }
    if (count < 2 || static_cast<double>(count) < 0.95 * static_cast<double>(draws.size())) return nan_double;
    const double mean = sum / static_cast<double>(count);
    double squares = 0.0;
    for (const double draw : draws) squares += std::isfinite(draw) ? (draw - mean) * (draw - mean) : 0.0;
    return std::sqrt(squares / static_cast<double>(count - 1));
}

Difference difference_of(const PairedNumber& number) {
    Difference difference;
    difference.value = number.second - number.first;
    if (number.identical) {
        difference.value = 0.0;
        difference.standard_error = 0.0;
        difference.interval = {0.0, 0.0};
        difference.p = 1.0;
        difference.method = "identical";
    } else if (number.pairs) {
        difference.standard_error = standard_error_of(*number.pairs);
        difference.interval = paired_difference_interval(*number.pairs, tail_of_95);
        difference.p = mcnemar_mid_p(*number.pairs);
        difference.method = "McNemar mid-p";
    } else if (!number.second_draws.empty()) {
        const std::vector<double> draws = differences(number);
        difference.standard_error = standard_deviation(draws);
        difference.method = "paired bootstrap";
        if (difference.standard_error > 0.0) {
            difference.interval = bias_corrected_interval(difference.value, draws);
            difference.p = normal_two_sided_p(difference.value / difference.standard_error);
        } else if (difference.standard_error == 0.0 && difference.value == 0.0) {
            difference.interval = {0.0, 0.0};
            difference.p = 1.0;
        }
    } else {
        difference.method = "none";
    }
    return difference;
}

Bounds difference_interval(const PairedNumber& number, double tail) {
    if (number.identical) return {0.0, 0.0};
    if (number.pairs) return paired_difference_interval(*number.pairs, tail);
    if (number.second_draws.empty()) return {nan_double, nan_double};
    return around(number.second - number.first, standard_deviation(differences(number)), tail);
}

Bounds second_interval(const PairedNumber& number, double tail) {
    if (number.pairs) {
        const auto hits = std::llround(number.second * static_cast<double>(number.n));
        return wilson_interval(hits, number.n, tail);
    }
    if (number.second_draws.empty()) return {nan_double, nan_double};
    return around(number.second, standard_deviation(number.second_draws), tail);
}

std::optional<std::int64_t> samples_to_settle(std::int64_t n, double standard_error, double tail, double distance) {
    const double ratio = normal_quantile(1.0 - tail) * standard_error / std::abs(distance);
    const double needed = std::ceil(static_cast<double>(n) * ratio * ratio);
    if (!std::isfinite(needed) || needed > 1e12) return std::nullopt;
    return std::max(n, static_cast<std::int64_t>(needed));
}

}  // namespace misfire
