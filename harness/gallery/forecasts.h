// Forecasts against the truth, a small chart per level, with the break marked: the gallery of a run of a series.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "harness/gallery/past_run.h"
#include "harness/pictures/chart.h"

namespace misfire {

// One model under one shift.
struct ForecastPath {
    std::size_t model = 0;
    std::string shift;
    std::vector<std::string> cells;  // that have outcomes, by level
    std::vector<std::string> labels;
    std::size_t reference = 0;
};

std::vector<ForecastPath> forecast_paths(const PastRun& run, const std::vector<std::string>& only_models,
                                         const std::vector<std::string>& only_shifts);

// Steps of one level in the order of the series.
struct ForecastRows {
    std::vector<std::string> ids;  // of the steps shown: dates, where the series has them
    std::vector<double> forecast;
    std::vector<double> actual;
    double mean_absolute_error = 0.0;
};
ForecastRows read_forecast(const PastRun& run, const std::string& cell);

inline constexpr std::size_t break_window = 7;  // steps
// First step at which the mean absolute error of the last 7 steps exceeds that of the reference level by more than the
// reference level's mean error over everything; of the same steps where both levels have them, otherwise its mean.
// ids.size() for never.
std::size_t break_of(const ForecastRows& rows, const ForecastRows& reference);

// Panels of up to `most` levels (labels given: those), the same scale on all.
ChartSheet forecast_sheet(const PastRun& run, const ForecastPath& path, const std::vector<std::string>& labels,
                          std::size_t most, const SheetTheme& theme);

}  // namespace misfire
