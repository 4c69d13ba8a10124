// The sweep grammar of the design: "0-5", "0-5+0.5", "0,1,2.5", and mixtures by comma.
#pragma once

#include <string>
#include <vector>

namespace misfire {

// Ascending, without repeats. A range's end is included when a step lands on it. Throws UsageError naming the part that
// is wrong: not a number, a falling range, a step that is not positive, more than 1000 values, a negative or non-finite
// value.
std::vector<double> parse_sweep(const std::string& text);

// Shortest decimal text that reads back as `value`: 3 -> "3", 0.25 -> "0.25". Used in cell names.
std::string level_label(double value);

}  // namespace misfire
