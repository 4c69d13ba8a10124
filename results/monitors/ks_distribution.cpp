#include "results/monitors/ks_distribution.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace misfire::monitors {

double ks_distance(std::span<const double> a, std::span<const double> b) {
    const auto n = static_cast<double>(a.size());
    const auto m = static_cast<double>(b.size());
    double distance = 0.0;
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < a.size() && j < b.size()) {
        const double at = std::min(a[i], b[j]);
        while (i < a.size() && a[i] == at) ++i;
        while (j < b.size() && b[j] == at) ++j;
        distance = std::max(distance, std::abs(static_cast<double>(i) / n - static_cast<double>(j) / m));
    }
    return distance;
}

double ks_equal_sizes(std::size_t n, std::size_t steps) {
    if (steps == 0) return 1.0;
    double sum = 0.0;
    for (std::size_t k = n / steps + 1; k-- > 0;) {
        double term = 1.0;
        const std::size_t rest = n - k * steps;
        for (std::size_t j = 0; j < steps; ++j)  // a factor 0 from j = rest on
            term = static_cast<double>(rest - std::min(j, rest)) * term / static_cast<double>(n + k * steps + j + 1);
        sum = term * (1.0 - sum);
    }
    return std::clamp(2.0 * sum, 0.0, 1.0);
}

double ks_exact(std::size_t n, std::size_t m, double d) {
    const std::size_t common = std::gcd(n, m);
    const std::size_t least = n / common * m;  // common multiple
    const double steps = std::round(d * static_cast<double>(least));
    if (steps <= 0.0) return 1.0;
    if (n == m) return ks_equal_sizes(n, static_cast<std::size_t>(steps));
    if (n < m) std::swap(n, m);
    // outside[j]: share of the paths to (i, j) that have left the band. Inside it |a i - b j| < steps.
    const std::size_t m_part = m / common;
    const std::size_t n_part = n / common;
    const auto a = static_cast<double>(m_part);
    const auto b = static_cast<double>(n_part);
    std::vector<double> outside(m + 1);
    for (std::size_t j = 0; j <= m; ++j) outside[j] = b * static_cast<double>(j) >= steps ? 1.0 : 0.0;
    std::size_t before_low = 0;
    for (std::size_t i = 1; i <= n; ++i) {
        const auto x = static_cast<double>(i);
        const double low_edge = std::floor((a * x - steps) / b) + 1.0;
        const double high_edge = std::ceil((a * x + steps) / b);
        const std::size_t low = low_edge <= 0.0 ? 0 : static_cast<std::size_t>(low_edge);
        const std::size_t high = std::min(static_cast<std::size_t>(high_edge), m + 1);
        if (low >= high) return 1.0;
        for (std::size_t j = before_low; j < low; ++j) outside[j] = 1.0;
        before_low = low;
        double below = low == 0 ? 0.0 : 1.0;  // of (i, low - 1), which is outside
        for (std::size_t j = low; j < high; ++j) {
            const auto y = static_cast<double>(j);
            outside[j] = j == 0 ? outside[j] : (outside[j] * x + below * y) / (x + y);
            below = outside[j];
        }
    }
    return std::clamp(outside[m], 0.0, 1.0);
}

namespace {

// P(D+ >= d): the sum of Birnbaum and Tingey, terms by logarithms.
double one_sided(double n, double d) {
    double sum = 0.0;
    const auto last = static_cast<std::size_t>(n * (1.0 - d));
    for (std::size_t step = 0; step <= last; ++step) {
        const auto j = static_cast<double>(step);
        const double rest = 1.0 - d - j / n;
        if (rest < 0.0) break;
        const double power = n - j;
        if (rest == 0.0 && power > 0.0) continue;
        const double log_choose = std::lgamma(n + 1.0) - std::lgamma(j + 1.0) - std::lgamma(n - j + 1.0);
        sum += std::exp(log_choose + power * std::log(rest) + (j - 1.0) * std::log(d + j / n));
    }
    return std::min(1.0, d * sum);
}

double pelz_good_below(double n, double d) {
    constexpr double pi2 = std::numbers::pi * std::numbers::pi;
    const double z = std::sqrt(n) * d;
    const double z2 = z * z;
    const double z4 = z2 * z2;
    const double z6 = z4 * z2;
    double k0 = 0.0;
    double k1 = 0.0;
    double k2 = 0.0;
    double k3 = 0.0;
    for (int k = 0; k < 200; ++k) {
        const double half = (k + 0.5) * (k + 0.5) * pi2;  // pi^2 (k + 1/2)^2; k and -k-1 count the same
        const double e = std::exp(-half / (2.0 * z2));
        k0 += 2.0 * e;
        k1 += 2.0 * (half - z2) * e;
        k2 += 2.0 * (6.0 * z6 + 2.0 * z4 + half * (2.0 * z4 - 5.0 * z2) + half * half * (1.0 - 2.0 * z2)) * e;
        k3 += 2.0 *
              (half * half * half * (5.0 - 30.0 * z2) + half * half * (-60.0 * z2 + 212.0 * z4) +
               half * (135.0 * z4 - 96.0 * z6) - 30.0 * z6 - 90.0 * z4 * z4) *
              e;
        if (e < 1e-300) break;
    }
    double k2_tail = 0.0;
    double k3_tail = 0.0;
    for (int k = 1; k < 200; ++k) {
        const double square = k * k * pi2;
        const double e = std::exp(-square / (2.0 * z2));
        k2_tail += 2.0 * square * e;
        k3_tail += 2.0 * (3.0 * square * z2 - square * square) * e;
        if (e < 1e-300) break;
    }
    const double root = std::sqrt(std::numbers::pi / 2.0);
    k0 *= root / z;
    k1 *= root / (6.0 * z4);
    k2 = k2 * root / (72.0 * z6 * z) - k2_tail * root / (36.0 * z2 * z);
    k3 = k3 * root / (6480.0 * z6 * z4) + k3_tail * root / (216.0 * z6);
    return k0 + k1 / std::sqrt(n) + k2 / n + k3 / (n * std::sqrt(n));
}

}  // namespace

double ks_one_sample(std::size_t n, double d) {
    const auto size = static_cast<double>(n);
    if (d >= 1.0) return 0.0;
    if (size * d <= 0.5) return 1.0;
    const double square = size * d * d;
    if (square >= 370.0) return 0.0;
    if (square >= 2.2 || d >= 0.5) return std::clamp(2.0 * one_sided(size, d), 0.0, 1.0);
    return std::clamp(1.0 - pelz_good_below(size, d), 0.0, 1.0);
}

double ks_p_value(std::size_t n, std::size_t m, double d, KsMethod method) {
    const bool small = std::max(n, m) <= 10'000;
    if (method == KsMethod::exact || (method == KsMethod::automatic && small)) return ks_exact(n, m, d);
    const double effective = static_cast<double>(n) * static_cast<double>(m) / static_cast<double>(n + m);
    return ks_one_sample(static_cast<std::size_t>(std::nearbyint(effective)), d);
}

}  // namespace misfire::monitors
