#include "results/compare/paired_tests.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <numeric>

#include "core/error.h"

namespace misfire {
namespace {

// Score statistic of the hypothesis that the difference is `delta`; falls as delta grows.
double score(const Discordance& pairs, double delta) {
    const double n = static_cast<double>(pairs.n);
    const double b = static_cast<double>(pairs.gained);
    const double c = static_cast<double>(pairs.lost);
    const double linear = -b - c + (2.0 * n - b + c) * delta;
    const double constant = -c * delta * (1.0 - delta);
    // Share of lost samples that is likeliest under the hypothesis.
    const double root = std::sqrt(std::max(linear * linear - 8.0 * n * constant, 0.0));
    const double lost = std::max((root - linear) / (4.0 * n), 0.0);
    const double variance = n * (2.0 * lost + delta * (1.0 - delta));
    const double excess = b - c - n * delta;
    if (variance <= 0.0) return excess == 0.0 ? 0.0 : std::copysign(HUGE_VAL, excess);
    return excess / std::sqrt(variance);
}

// Where the score crosses `target` between low and high.
double crossing(const Discordance& pairs, double target, double low, double high) {
    for (int step = 0; step < 80; ++step) {
        const double middle = 0.5 * (low + high);
        (score(pairs, middle) > target ? low : high) = middle;
    }
    return 0.5 * (low + high);
}

}  // namespace

double mcnemar_mid_p(const Discordance& pairs) {
    const std::int64_t discordant = pairs.gained + pairs.lost;
    if (pairs.gained == pairs.lost) return 1.0;
    const boost::math::binomial_distribution<double> binomial(static_cast<double>(discordant), 0.5);
    const double smaller = static_cast<double>(std::min(pairs.gained, pairs.lost));
    const double p = 2.0 * boost::math::cdf(binomial, smaller) - boost::math::pdf(binomial, smaller);
    return std::min(p, 1.0);
}

Bounds paired_difference_interval(const Discordance& pairs, double tail) {
    if (pairs.n < 1 || pairs.gained < 0 || pairs.lost < 0 || pairs.gained + pairs.lost > pairs.n)
        throw InternalError("paired_difference_interval: counts do not fit");
    if (pairs.gained + pairs.lost == 0) return {0.0, 0.0};
    const double z = normal_quantile(1.0 - tail);
    const double difference = static_cast<double>(pairs.gained - pairs.lost) / static_cast<double>(pairs.n);
    return {crossing(pairs, z, -1.0, difference), crossing(pairs, -z, difference, 1.0)};
}

Bounds wilson_interval(std::int64_t hits, std::int64_t n, double tail) {
    if (n < 1 || hits < 0 || hits > n) throw InternalError("wilson_interval: counts do not fit");
    const double z = normal_quantile(1.0 - tail);
    const double count = static_cast<double>(n);
    const double p = static_cast<double>(hits) / count;
    const double centre = (p + z * z / (2.0 * count)) / (1.0 + z * z / count);
    const double half = z / (1.0 + z * z / count) * std::sqrt(p * (1.0 - p) / count + z * z / (4.0 * count * count));
    return {hits == 0 ? 0.0 : centre - half, hits == n ? 1.0 : centre + half};
}

std::vector<double> holm_adjusted(std::span<const double> p_values) {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < p_values.size(); ++i) {
        if (!std::isnan(p_values[i])) order.push_back(i);
    }
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
    std::vector<double> adjusted(p_values.begin(), p_values.end());
    double largest = 0.0;
    for (std::size_t rank = 0; rank < order.size(); ++rank) {
        largest = std::max(largest, std::min(1.0, static_cast<double>(order.size() - rank) * p_values[order[rank]]));
        adjusted[order[rank]] = largest;
    }
    return adjusted;
}

double normal_quantile(double probability) { return boost::math::quantile(boost::math::normal(), probability); }

double normal_two_sided_p(double z) { return std::erfc(std::abs(z) / std::sqrt(2.0)); }

}  // namespace misfire
