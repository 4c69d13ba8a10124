// Figures as inline SVG: what a report shows where no script runs, and on paper. Colours come from the page's style
// sheet by class (m0..m7: models). Inner header of results/report/.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "results/report/reliability.h"
#include "results/report/run_view.h"

namespace misfire::report {

inline constexpr std::size_t model_colours = 8;  // then they repeat, dashed

// Ends of an axis and the ticks on it, ascending; about `wanted` of them at round values.
struct Axis {
    double low = 0.0;
    double high = 1.0;
    std::vector<double> ticks;
};
Axis axis_of(double low, double high, int wanted);

// Of all shifts' curves of a metric over all samples, so that they can be compared; fractions get 0 to 1.
Axis value_axis(const RunView& view, std::size_t metric);

// One metric against the levels of one shift, all models with their bands.
std::string curve_figure(const RunView& view, std::size_t metric, std::size_t shift, const Axis& values);

// Where each shift's curve crosses its threshold, a row per shift, a mark per model. "" where no curve has a threshold.
std::string breaking_figure(const RunView& view, const std::string& metric);

// Confidence against accuracy, a line per entry of `lines` in the order given (first: clean).
struct ReliabilityLine {
    std::string name;
    ReliabilityBins bins;
};
std::string reliability_figure(const std::string& title, const std::vector<ReliabilityLine>& lines);

std::string model_class(std::size_t model);  // "m3" or "m3 dash1"

}  // namespace misfire::report
