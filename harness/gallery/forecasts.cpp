#include "harness/gallery/forecasts.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/nearest_name.h"
#include "harness/gallery/exhibit_sheet.h"
#include "results/report/figures.h"
#include "results/report/markup.h"

namespace misfire {

namespace {

void require_names(const std::vector<std::string>& wanted, const std::vector<std::string>& known, const char* what) {
    for (const std::string& name : wanted) {
        if (std::find(known.begin(), known.end(), name) == known.end())
            throw UsageError("The run has no " + std::string(what) + " `" + name + "`." + did_you_mean(name, known));
    }
}

bool taken(const std::vector<std::string>& only, const std::string& name) {
    return only.empty() || std::find(only.begin(), only.end(), name) != only.end();
}

// Levels to draw: the reference first, then those asked for, or an even choice.
std::vector<std::size_t> panels_of(const ForecastPath& path, const std::vector<std::string>& labels, std::size_t most) {
    std::vector<std::size_t> levels;
    for (std::size_t level = 0; level < path.labels.size(); ++level) {
        if (level == path.reference || labels.empty() ||
            std::find(labels.begin(), labels.end(), path.labels[level]) != labels.end())
            levels.push_back(level);
    }
    if (levels.size() <= most || !labels.empty()) return levels;
    std::vector<std::size_t> some = {path.reference};
    for (std::size_t p = 1; p < most; ++p) some.push_back(levels[p * (levels.size() - 1) / (most - 1)]);
    std::sort(some.begin(), some.end());
    some.erase(std::unique(some.begin(), some.end()), some.end());
    return some;
}

struct Range {
    double low = INFINITY;
    double high = -INFINITY;
    void take(const std::vector<double>& values) {
        for (const double value : values) {
            if (std::isfinite(value)) low = std::min(low, value), high = std::max(high, value);
        }
    }
};

LineChart panel(const ForecastRows& rows, const std::string& title, const ForecastRows& reference, const Range& range,
                const std::string& unit, const SheetTheme& theme) {
    LineChart chart;
    const report::Axis axis = report::axis_of(range.low, range.high, 3);
    chart.y_low = axis.low;
    chart.y_high = axis.high;
    for (const double tick : axis.ticks) chart.y_ticks.push_back({tick, report::grouped_number(std::llround(tick))});
    if (axis.high - axis.low < 5.0) {
        for (ChartTick& tick : chart.y_ticks) tick.text = report::shown(tick.at, "");
    }
    std::vector<double> x(rows.ids.size());
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<double>(i);
    chart.x_high = std::max(1.0, static_cast<double>(x.size()) - 1.0);
    for (std::size_t part = 0; part <= 3 && !x.empty(); ++part) {
        const std::size_t at = (x.size() - 1) * part / 3;
        chart.x_ticks.push_back({x[at], report::shortened(rows.ids[at], 10)});
    }
    const bool long_series = x.size() > 200;
    chart.lines.push_back({"truth", x, rows.actual, {}, {}, theme.faint, -1, false, long_series ? 1.2 : 2.4});
    chart.lines.push_back({"forecast", x, rows.forecast, {}, {}, theme.accent, -1, false, long_series ? 0.6 : 1.2});
    chart.legend = false;
    chart.title = title + " \u00b7 mean absolute error " + report::shown(rows.mean_absolute_error, "") +
                  (unit.empty() ? "" : " " + unit);
    const std::size_t broken = break_of(rows, reference);
    if (broken < x.size()) {
        chart.break_at = x[broken];
        chart.break_text = "breaks " + rows.ids[broken];
    }
    return chart;
}

}  // namespace

std::vector<ForecastPath> forecast_paths(const PastRun& run, const std::vector<std::string>& only_models,
                                         const std::vector<std::string>& only_shifts) {
    const RunResults& results = run.results().summary().results;
    std::vector<std::string> shifts;
    for (const CellResult& cell : results.cells) {
        if (cell.shift != clean_shift && std::find(shifts.begin(), shifts.end(), cell.shift) == shifts.end())
            shifts.push_back(cell.shift);
    }
    require_names(only_models, run.models(), "model");
    require_names(only_shifts, shifts, "shift");
    std::vector<ForecastPath> paths;
    for (std::size_t m = 0; m < run.models().size(); ++m) {
        for (const std::string& shift : shifts) {
            if (!taken(only_models, run.models()[m]) || !taken(only_shifts, shift)) continue;
            std::vector<const CellResult*> cells;
            bool own_reference = false;
            for (const CellResult& cell : results.cells)
                own_reference =
                    own_reference || (cell.model == run.models()[m] && cell.shift == shift && cell.reference);
            for (const CellResult& cell : results.cells) {
                const bool ours = cell.shift == shift || (!own_reference && cell.shift == clean_shift);
                if (cell.model == run.models()[m] && ours && run.results().has_outcomes(cell.cell))
                    cells.push_back(&cell);
            }
            std::stable_sort(cells.begin(), cells.end(),
                             [](const auto* a, const auto* b) { return a->level < b->level; });
            ForecastPath path{m, shift, {}, {}, 0};
            for (const CellResult* cell : cells) {
                if (cell->reference) path.reference = path.cells.size();
                path.cells.push_back(cell->cell);
                path.labels.push_back(cell->label);
            }
            if (path.cells.size() > 1) paths.push_back(std::move(path));
        }
    }
    return paths;
}

ForecastRows read_forecast(const PastRun& run, const std::string& cell) {
    const Outcomes outcomes = run.results().outcomes(cell);
    const auto column = [&](const char* name) -> const std::vector<float>* {
        const auto found = outcomes.kept.find(name);
        return found == outcomes.kept.end() ? nullptr : &found->second;
    };
    const std::vector<float>*value = column(value_column), *actual = column(actual_column),
          *shows = column(shows_column);
    ForecastRows rows;
    if (value == nullptr || actual == nullptr) return rows;
    double sum = 0.0;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        if (!outcomes.counts(i)) continue;
        const std::size_t shown =
            shows == nullptr ? i : std::min(static_cast<std::size_t>((*shows)[i]), run.sample_count() - 1);
        rows.ids.push_back(run.sample_ids()[shown]);
        rows.forecast.push_back(static_cast<double>((*value)[i]));
        rows.actual.push_back(static_cast<double>((*actual)[i]));
        sum += std::abs(rows.forecast.back() - rows.actual.back());
    }
    rows.mean_absolute_error = rows.ids.empty() ? NAN : sum / static_cast<double>(rows.ids.size());
    return rows;
}

std::size_t break_of(const ForecastRows& rows, const ForecastRows& reference) {
    const bool paired = rows.ids == reference.ids;
    const auto excess = [&](std::size_t i) {
        const double usual =
            paired ? std::abs(reference.forecast[i] - reference.actual[i]) : reference.mean_absolute_error;
        return std::abs(rows.forecast[i] - rows.actual[i]) - usual;
    };
    double sum = 0.0;
    for (std::size_t i = 0; i < rows.ids.size(); ++i) {
        sum += excess(i);
        if (i >= break_window) sum -= excess(i - break_window);
        if (i + 1 >= break_window && sum / static_cast<double>(break_window) > reference.mean_absolute_error) return i;
    }
    return rows.ids.size();
}

ChartSheet forecast_sheet(const PastRun& run, const ForecastPath& path, const std::vector<std::string>& labels,
                          std::size_t most, const SheetTheme& theme) {
    ChartSheet sheet;
    sheet.title = path.shift + ", " + run.models()[path.model];
    sheet.caption =
        "Forecast (colour) against the truth (grey), a panel per level. The line marks the break: the mean error of 7 "
        "steps exceeds that of "
        "the reference level (at the same steps, where it has them) by more than the reference level's whole mean "
        "error.";
    sheet.footer = gallery_footer(run);
    const ForecastRows reference = read_forecast(run, path.cells[path.reference]);
    std::vector<ForecastRows> rows;
    std::vector<std::string> titles;
    Range range;
    for (const std::size_t level : panels_of(path, labels, most)) {
        rows.push_back(read_forecast(run, path.cells[level]));
        titles.push_back(path.labels[level] +
                         (level == path.reference && path.labels[level] != "reference" ? " (reference)" : ""));
        range.take(rows.back().forecast);
        range.take(rows.back().actual);
    }
    sheet.columns = rows.size() > 3 ? 2 : 1;
    for (std::size_t p = 0; p < rows.size(); ++p)
        sheet.charts.push_back(panel(rows[p], titles[p], reference, range, run.data().info().unit, theme));
    return sheet;
}

}  // namespace misfire
