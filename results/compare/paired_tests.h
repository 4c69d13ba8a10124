// Tests and intervals for the same samples answered twice.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "results/statistics.h"

namespace misfire {

// Samples that only one of two answered rightly, of n in all.
struct Discordance {
    std::int64_t n = 0;
    std::int64_t gained = 0;  // wrong in the first, right in the second
    std::int64_t lost = 0;    // right in the first, wrong in the second
};

// Two-sided mid-p of McNemar's exact test: 2 P(X < m) + P(X = m) for m the smaller count and X binomial with
// probability 1/2, at most 1 (Fagerland, Lydersen and Laake, BMC Med. Res. Methodol. 13:91, 2013). 1 without
// discordant samples.
double mcnemar_mid_p(const Discordance& pairs);

// Score interval of the difference of two paired proportions, second minus first (Tango, Statistics in Medicine 17,
// 1998). `tail`: probability left out at each end, in (0, 0.5). Requires n > 0. Without any discordant sample the two
// are taken for equal and the interval is [0, 0].
Bounds paired_difference_interval(const Discordance& pairs, double tail);

// Wilson's score interval at another level than the 95 % of wilson_interval().
Bounds wilson_interval(std::int64_t hits, std::int64_t n, double tail);

// p-values adjusted by Holm's step-down method (Scandinavian Journal of Statistics 6, 1979), in the order given: an
// adjusted value below alpha is significant at alpha over the whole family. NaN stays NaN and is no member.
std::vector<double> holm_adjusted(std::span<const double> p_values);

double normal_quantile(double probability);  // of the standard normal distribution; in (0, 1)
double normal_two_sided_p(double z);

}  // namespace misfire
