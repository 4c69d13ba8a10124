// One number taken in two runs on the same samples, and what can be said of its difference.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/outcome.h"
#include "results/compare/paired_tests.h"

namespace misfire {

// `first` and `second` with their values under the same resamples of the samples.
struct PairedNumber {
    double first = std::numeric_limits<double>::quiet_NaN();
    double second = std::numeric_limits<double>::quiet_NaN();
    std::vector<double> first_draws;  // empty: none were taken
    std::vector<double> second_draws;
    std::optional<Discordance> pairs;  // of a proportion of the samples
    std::int64_t n = 0;                // samples that count in both
    bool identical = false;            // equal sample by sample, not only on average
    std::string undefined_because;     // "" where both have a value
    bool defined() const { return undefined_because.empty(); }
};

struct Difference {
    double value = 0.0;  // second minus first
    double standard_error = std::numeric_limits<double>::quiet_NaN();
    Bounds interval{std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()};  // 95 %
    double p = std::numeric_limits<double>::quiet_NaN();  // two-sided, of no difference; NaN: there is no test
    std::string method;                                   // "McNemar mid-p", "paired bootstrap", "identical", "none"
};

// Proportions: McNemar's mid-p and Tango's interval. Others: bias-corrected bootstrap interval, and a normal test with
// the bootstrap's standard error. Requires number.defined().
Difference difference_of(const PairedNumber& number);

// Interval of second minus first that leaves out `tail` at each end, for tails that 1000 draws cannot reach: Tango's
// for proportions, otherwise normal with the bootstrap's standard error. NaN without draws.
Bounds difference_interval(const PairedNumber& number, double tail);

// The same of `second` alone: Wilson's for proportions, otherwise normal.
Bounds second_interval(const PairedNumber& number, double tail);

double standard_deviation(const std::vector<double>& draws);  // NaN among them are left out

// How many samples would put the interval on one side of a limit that lies `distance` away from the difference, if it
// stays as it is: n (z se / distance)^2; nullopt where no number would.
std::optional<std::int64_t> samples_to_settle(std::int64_t n, double standard_error, double tail, double distance);

}  // namespace misfire
