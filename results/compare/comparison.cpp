#include "results/compare/comparison.h"

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <cmath>

#include "results/compare/comparability.h"
#include "results/compare/curve_pair.h"
#include "results/curve_metrics/registry.h"
#include "results/metrics/registry.h"

namespace misfire {
namespace {

constexpr double level_of_significance = 0.05;

void take_number(ComparedRow& row, const PairedNumber& number, const ComparisonOptions& options) {
    row.first = number.first;
    row.second = number.second;
    row.n = number.n;
    row.pairs = number.pairs;
    row.message = number.undefined_because;
    if (number.defined()) row.difference = difference_of(number);
    row.margin = options.margin ? *options.margin : default_margin(row.metric, row.unit, number.first);
}

// A curve of one model, or its clean cell.
struct Task {
    std::pair<std::size_t, std::size_t> models;
    std::string shift;
};

class CurveRows {
  public:
    CurveRows(const PairedRuns& runs, const ComparisonOptions& options, const Task& task)
        : runs_(runs), options_(options), task_(task), pair_(runs, task.models, task.shift) {}

    std::vector<ComparedRow> rows() {
        if (pair_.levels().empty()) return {};
        for (const std::string& name : options_.metrics) {
            if (find_curve_metric(name) != nullptr) continue;
            const Metric& metric = metric_named(name);
            const bool groups = options_.groups && !metric.info().over_groups && !metric.info().in_time;
            for (std::size_t g = 0; g < (groups ? runs_.groups().size() : 1); ++g) add(metric, runs_.groups()[g]);
        }
        return std::move(rows_);
    }

  private:
    void add(const Metric& metric, const Group& group) {
        const bool whole_curve = task_.shift != clean_shift && pair_.levels().size() > 1;
        const bool proportion = metric.info().interval == Interval::wilson;
        const auto numbers = pair_.at_levels(metric, group, whole_curve || !proportion);
        for (std::size_t l = 0; l < numbers.size(); ++l) {
            const PairedLevel& level = pair_.levels()[l];
            const bool shared =
                level.reference && task_.shift != clean_shift && level.cell.find("/clean/") != std::string::npos;
            if (shared) continue;  // it has a row of its own
            ComparedRow row = start(metric, group);
            row.label = level.label;
            take_number(row, numbers[l], options_);
            rows_.push_back(std::move(row));
        }
        if (!whole_curve) return;
        ComparedRow area_row = start(metric, group);
        area_row.metric += ".area";
        take_number(area_row, area_of(pair_.levels(), numbers, metric.info().direction), options_);
        rows_.push_back(std::move(area_row));
        if (metric.info().breaking == BreakingRule::none) return;
        ComparedRow breaking = start(metric, group);
        breaking.metric += ".breaking_point";
        breaking.unit = "level";
        breaking.direction = Direction::higher_is_better;
        take_number(breaking, breaking_point_of(pair_.levels(), numbers, metric, pair_.classes()), options_);
        rows_.push_back(std::move(breaking));
    }

    ComparedRow start(const Metric& metric, const Group& group) const {
        ComparedRow row;
        row.run = runs_.second().path().string();
        row.model = runs_.second().record().models[task_.models.second].name;
        row.shift = task_.shift;
        row.metric = metric.info().name;
        row.group = group.name;
        row.unit = metric.info().unit;
        row.direction = metric.info().direction;
        return row;
    }

    const PairedRuns& runs_;
    const ComparisonOptions& options_;
    const Task& task_;
    CurvePair pair_;
    std::vector<ComparedRow> rows_;
};

bool wanted_shift(const ComparisonOptions& options, const std::string& shift) {
    return options.shifts.empty() ||
           std::any_of(options.shifts.begin(), options.shifts.end(),
                       [&](const std::string& pattern) { return fits_pattern(pattern, shift); });
}

std::vector<Task> tasks_of(const PairedRuns& runs, const ComparisonOptions& options) {
    std::vector<Task> tasks;
    const RunRecord& first = runs.first().record();
    for (const auto& models : matching_models(first, runs.second().record())) {
        if (wanted_shift(options, std::string(clean_shift))) tasks.push_back({models, std::string(clean_shift)});
        for (const ShiftInfo& shift : runs.second().record().shifts) {
            const bool both = std::any_of(first.shifts.begin(), first.shifts.end(),
                                          [&](const ShiftInfo& s) { return s.name == shift.name; });
            if (both && wanted_shift(options, shift.name)) tasks.push_back({models, shift.name});
        }
    }
    return tasks;
}

void add_numbers_over_the_run(const PairedRuns& runs, const ComparisonOptions& options,
                              std::vector<ComparedRow>& rows) {
    for (const std::string& name : options.metrics) {
        const CurveMetric* metric = find_curve_metric(name);
        if (metric == nullptr) continue;
        for (const auto& models : matching_models(runs.first().record(), runs.second().record())) {
            ComparedRow row;
            row.run = runs.second().path().string();
            row.model = runs.second().record().models[models.second].name;
            row.shift = "*";
            row.metric = name;
            row.unit = metric->info().unit;
            row.direction = metric->info().direction;
            take_number(row, runs.over_the_run(*metric, models), options);
            rows.push_back(std::move(row));
        }
    }
}

Word word_of(const ComparedRow& row) {
    if (!row.message.empty()) return Word::inconclusive;
    if (row.p_adjusted < level_of_significance) {
        if (row.direction == Direction::neither) return Word::changed;
        return (row.difference.value > 0.0) == (row.direction == Direction::higher_is_better) ? Word::improved
                                                                                              : Word::regressed;
    }
    const Bounds& interval = row.difference.interval;
    return interval.low >= -row.margin && interval.high <= row.margin ? Word::unchanged : Word::inconclusive;
}

}  // namespace

const char* name_of(Word word) {
    switch (word) {
        case Word::regressed: return "regressed";
        case Word::improved: return "improved";
        case Word::changed: return "changed";
        case Word::unchanged: return "unchanged";
        case Word::inconclusive: return "inconclusive";
    }
    return "";
}

std::string ComparedRow::name() const { return model + "/" + shift + (label.empty() ? "" : "/" + label); }

double default_margin(const std::string& metric, const std::string& unit, double first) {
    if (metric.ends_with(".breaking_point")) return 0.25;
    const bool retention = metric == "accuracy.area" || metric == "top5.area";
    if (unit == "fraction" || retention) return 0.01;
    if (unit == "%") return 1.0;
    return 0.02 * std::abs(first);
}

std::vector<ComparedRow> compare_runs(const PairedRuns& runs, const ComparisonOptions& options) {
    const std::vector<Task> tasks = tasks_of(runs, options);
    std::vector<std::vector<ComparedRow>> parts(tasks.size());
    if (!tasks.empty()) runs.weights();  // drawn with all threads, not within one task
    tbb::task_arena arena(std::max(options.threads, 1));
    arena.execute([&] {
        tbb::parallel_for(std::size_t{0}, tasks.size(),
                          [&](std::size_t t) { parts[t] = CurveRows(runs, options, tasks[t]).rows(); });
    });
    std::vector<ComparedRow> rows;
    for (std::vector<ComparedRow>& part : parts) {
        for (ComparedRow& row : part) rows.push_back(std::move(row));
    }
    add_numbers_over_the_run(runs, options, rows);
    return rows;
}

void judge(std::vector<ComparedRow>& rows) {
    std::vector<double> p;
    for (const ComparedRow& row : rows)
        p.push_back(row.message.empty() ? row.difference.p : std::numeric_limits<double>::quiet_NaN());
    const std::vector<double> adjusted = holm_adjusted(p);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i].p_adjusted = adjusted[i];
        rows[i].word = word_of(rows[i]);
    }
}

bool fits_pattern(const std::string& pattern, const std::string& text) {
    // Greedy matching with one place to come back to: the last star.
    std::size_t p = 0, t = 0, star = std::string::npos, after = 0;
    while (t < text.size()) {
        if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t]) && pattern[p] != '*') {
            ++p;
            ++t;
        } else if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            after = t;
        } else if (star != std::string::npos) {
            p = star + 1;
            t = ++after;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') ++p;
    return p == pattern.size();
}

}  // namespace misfire
