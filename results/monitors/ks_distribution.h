// Kolmogorov-Smirnov distance of two samples and its p-values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace misfire::monitors {

// sup |F - G| of the empirical distributions. Both sorted ascending and not empty.
double ks_distance(std::span<const double> a, std::span<const double> b);

// P(distance >= d) of two samples of n values each without ties between them, where d = steps / n: entry h is for
// h steps, 0 <= h <= n (Gnedenko and Korolyuk, 1951; the alternating sum by Horner's rule).
double ks_equal_sizes(std::size_t n, std::size_t steps);

// The same for samples of any size: the share of lattice paths that leave the band |i/n - j/m| < d (Hodges, Arkiv
// foer Matematik 3, 1958). Time grows with the area of the band.
double ks_exact(std::size_t n, std::size_t m, double d);

// P(distance >= d) of one sample of n values from a continuous distribution: twice the exact one-sided probability
// (Smirnov, Birnbaum and Tingey 1951) where that is precise (n d^2 >= 2.2), otherwise the expansion of Pelz and Good
// (JRSS B 38, 1976). As in Simard and L'Ecuyer, J. Stat. Software 39, 2011, for n > 140.
double ks_one_sample(std::size_t n, double d);

enum class KsMethod { automatic, exact, asymptotic };

// Two-sided p-value. automatic: exact up to 10,000 values in the larger sample. asymptotic: ks_one_sample of
// round(n m / (n + m)) values.
double ks_p_value(std::size_t n, std::size_t m, double d, KsMethod method);

}  // namespace misfire::monitors
