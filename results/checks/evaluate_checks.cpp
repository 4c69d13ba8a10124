#include "results/checks/evaluate_checks.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <memory>
#include <tuple>

#include "core/error.h"
#include "results/checks/measured.h"
#include "results/checks/monitor_checks.h"
#include "results/compare/comparability.h"
#include "results/compare/curve_pair.h"
#include "results/curve_metrics/registry.h"
#include "results/metrics/registry.h"

namespace misfire {
namespace {

using Outcome = CheckResult::Outcome;

std::string short_number(double value) {
    char text[32];
    std::snprintf(text, sizeof text, std::abs(value) < 100.0 ? "%.4f" : "%.6g", value);
    return text;
}

class Evaluation {
  public:
    Evaluation(const ResultsFile& run, const ResultsFile* baseline, int threads, double tail)
        : run_(run), baseline_(baseline), threads_(threads), tail_(tail) {}

    CheckResult result(const Statement& statement) {
        CheckResult result = start(statement);
        if (statement.check.on_breach == CheckLevel::off) {
            result.outcome = Outcome::skipped;
            result.message = "switched off";
            return result;
        }
        const bool relative = statement.limit_kind == "max_regression";
        if (relative && baseline_ == nullptr) {
            result.outcome = Outcome::skipped;
            result.message = "there is no baseline to compare with: give --baseline";
            return result;
        }
        const Measured measured = relative ? regression(statement) : absolute(statement);
        result.value = measured.value;
        result.low = measured.low;
        result.high = measured.high;
        result.n = measured.n;
        result.now = measured.now;
        result.baseline = measured.baseline;
        if (!measured.undefined_because.empty()) {
            result.message = measured.undefined_because;
            return result;
        }
        decide(measured, result);
        return result;
    }

  private:
    CheckResult start(const Statement& statement) const {
        CheckResult result;
        const std::vector<StatementPlace>& places = statement.places;
        result.check = statement.check.text;
        result.name = statement.name;
        result.model = run_.record().models[places.front().model].name;
        result.shift = places.size() == 1 ? places.front().shift : statement.check.shift;
        result.label = places.size() == 1 ? places.front().label : "";
        result.metric = statement.check.metric;
        result.group = statement.group;
        result.limit_kind = statement.limit_kind;
        result.limit = statement.limit;
        result.on_breach = statement.check.on_breach;
        result.on_inconclusive = statement.check.on_inconclusive;
        return result;
    }

    void decide(const Measured& measured, CheckResult& result) const {
        const bool upper = result.limit_kind != "min";  // the value may be at most the limit
        const double sign = upper ? 1.0 : -1.0;
        const double limit = sign * result.limit;
        const double value = sign * measured.value;
        const double near = measured.exact ? value : upper ? measured.low : -measured.high;
        const double far = measured.exact ? value : upper ? measured.high : -measured.low;
        if (std::isnan(near) || std::isnan(far)) {
            result.message = "there is no interval for it: too few samples";
            return;
        }
        const std::string said = described(measured, result);
        if (near > limit) {
            result.outcome = Outcome::breached;
            result.message = said + (upper ? " is above " : " is below ") + short_number(result.limit);
        } else if (far <= limit) {
            result.outcome = Outcome::holds;
            result.message = said;
        } else {
            result.outcome = Outcome::inconclusive;
            const auto needed =
                samples_to_settle(measured.n, measured.standard_error, tail_, measured.value - result.limit);
            result.samples_needed = needed.value_or(0);
            result.message = said + " straddles " + short_number(result.limit) +
                             (needed ? "; about " + std::to_string(*needed) + " samples would settle it"
                                     : "; the value lies at the limit, and no number of samples would settle it");
        }
    }

    static std::string described(const Measured& measured, const CheckResult& result) {
        std::string text = result.limit_kind == "max_regression" ? "regression " : "";
        text += short_number(measured.value);
        if (!measured.exact) text += " [" + short_number(measured.low) + ", " + short_number(measured.high) + "]";
        if (!std::isnan(measured.baseline))
            text += " (" + short_number(measured.baseline) + " -> " + short_number(measured.now) + ")";
        if (measured.n > 0) text += " on " + std::to_string(measured.n) + " samples";
        return text;
    }

    // --- absolute -----------------------------------------------------------------------------------------------
    Measured absolute(const Statement& statement) {
        const bool of_tables = statement.kind == StatementKind::cost || statement.kind == StatementKind::over_the_run;
        const bool derived = statement.places.size() > 1 || statement.part == "area" || statement.part == "drop";
        if (!of_tables && derived) {
            const PairedNumber number = number_of(statement, own());
            Measured measured;
            measured.undefined_because = number.undefined_because;
            if (!number.defined()) return measured;
            const Bounds bounds = second_interval(number, tail_);
            measured.value = number.second;
            measured.low = bounds.low;
            measured.high = bounds.high;
            measured.standard_error = standard_deviation(number.second_draws);
            measured.n = number.n;
            return measured;
        }
        return measured_in_tables(run_, statement, tail_);
    }

    // --- relative -----------------------------------------------------------------------------------------------
    Measured regression(const Statement& statement) {
        if (statement.kind == StatementKind::cost) return regression_of_cost(statement);
        const PairedNumber number = number_of(statement, pair());
        Measured measured;
        measured.undefined_because = number.undefined_because;
        if (!number.defined()) return measured;
        const double sign = worse_sign(statement);
        const Difference difference = difference_of(number);
        const Bounds bounds = difference_interval(number, tail_);
        measured.value = sign * difference.value;
        measured.low = sign > 0.0 ? bounds.low : -bounds.high;
        measured.high = sign > 0.0 ? bounds.high : -bounds.low;
        measured.standard_error = difference.standard_error;
        measured.n = number.n;
        measured.now = number.second;
        measured.baseline = number.first;
        if (difference.method == "none") measured.exact = true;
        return measured;
    }

    Measured regression_of_cost(const Statement& statement) {
        Statement before = statement;
        for (StatementPlace& place : before.places) place.model = baseline_model(place.model);
        const Measured then = measured_cost(*baseline_, before);
        Measured now = measured_cost(run_, statement);
        if (!then.undefined_because.empty()) return then;
        now.now = now.value;
        now.baseline = then.value;
        now.value -= then.value;
        return now;
    }

    // +1 where a larger value is worse.
    static double worse_sign(const Statement& statement) {
        if (statement.part == "drop") return 1.0;
        if (statement.part == "breaking_point") return -1.0;
        const CurveMetric* over_cells = find_curve_metric(statement.base);
        const Direction direction =
            over_cells != nullptr ? over_cells->info().direction : metric_named(statement.base).info().direction;
        return direction == Direction::higher_is_better ? -1.0 : 1.0;
    }

    std::size_t baseline_model(std::size_t model) const {
        for (const auto& [first, second] : matching_models(baseline_->record(), run_.record())) {
            if (second == model) return first;
        }
        return static_cast<std::size_t>(-1);
    }

    PairedRuns& pair() {
        if (!pair_) pair_ = std::make_unique<PairedRuns>(*baseline_, run_, threads_);
        return *pair_;
    }
    PairedRuns& own() {
        if (!own_) own_ = std::make_unique<PairedRuns>(run_, run_, threads_);
        return *own_;
    }

    PairedNumber number_of(const Statement& statement, PairedRuns& runs) {
        std::vector<PairedNumber> numbers;
        for (const StatementPlace& place : statement.places) {
            const std::size_t first = &runs.first() == &run_ ? place.model : baseline_model(place.model);
            if (first == static_cast<std::size_t>(-1)) {
                PairedNumber number;
                number.undefined_because = "the baseline has no model named " + run_.record().models[place.model].name +
                                           " (models are matched by their name in the scenario)";
                return number;
            }
            numbers.push_back(statement.kind == StatementKind::over_the_run
                                  ? runs.over_the_run(*find_curve_metric(statement.base), {first, place.model})
                                  : number_at(statement, runs, {first, place.model}, place));
        }
        return numbers.size() == 1 ? std::move(numbers.front()) : mean_of(numbers);
    }

    PairedNumber number_at(const Statement& statement, PairedRuns& runs, std::pair<std::size_t, std::size_t> models,
                           const StatementPlace& place) {
        const Metric& metric = metric_named(statement.base);
        const Curve& curve = curve_of(statement, runs, models, place.shift, metric);
        const Direction direction = metric.info().direction;
        if (statement.part == "area") {
            return statement.limit_kind == "max_regression"
                       ? area_from_first_reference(curve.levels, curve.numbers, direction)
                       : area_of(curve.levels, curve.numbers, direction);
        }
        if (statement.part == "drop") return drop_of(curve.levels, curve.numbers, direction);
        if (statement.part == "breaking_point")
            return breaking_point_of(curve.levels, curve.numbers, metric, curve.classes);
        for (std::size_t l = 0; l < curve.levels.size(); ++l) {
            if (curve.levels[l].label == place.label &&
                (place.shift == clean_shift) == (curve.levels[l].cell.find("/clean/") != std::string::npos))
                return curve.numbers[l];
        }
        PairedNumber number;
        number.undefined_because = "the baseline has no level " + place.label + " of " + place.shift;
        return number;
    }

    // The numbers of a curve are taken once, whatever statements there are about it; outcomes are let go at once.
    struct Curve {
        std::vector<PairedLevel> levels;
        std::vector<PairedNumber> numbers;
        std::int64_t classes = 0;
    };
    const Curve& curve_of(const Statement& statement, PairedRuns& runs, std::pair<std::size_t, std::size_t> models,
                          const std::string& shift, const Metric& metric) {
        const bool single_cell = statement.part.empty() && statement.places.size() == 1;
        const bool with_draws = !single_cell || metric.info().interval != Interval::wilson;
        const auto key =
            std::tuple(&runs == own_.get(), models.second, shift, metric.info().name, statement.group, with_draws);
        const auto found = curves_.find(key);
        if (found != curves_.end()) return found->second;
        const auto group = std::find_if(runs.groups().begin(), runs.groups().end(),
                                        [&](const Group& g) { return g.name == statement.group; });
        CurvePair curve(runs, models, shift);
        Curve taken{curve.levels(), {}, curve.classes()};
        if (group != runs.groups().end()) taken.numbers = curve.at_levels(metric, *group, with_draws);
        return curves_.emplace(key, std::move(taken)).first->second;
    }

    const ResultsFile& run_;
    const ResultsFile* baseline_;
    int threads_;
    double tail_;
    std::unique_ptr<PairedRuns> pair_;
    std::unique_ptr<PairedRuns> own_;
    std::map<std::tuple<bool, std::size_t, std::string, std::string, std::string, bool>, Curve> curves_;
};

void require_comparable(const ResultsFile& baseline, const ResultsFile& run) {
    const Comparability found = comparability(baseline, run);
    if (found.refusals.empty()) return;
    std::string list;
    for (const std::string& refusal : found.refusals) list += (list.empty() ? "" : "; ") + refusal;
    throw UsageError("The baseline " + baseline.path().string() + " is not of this run: " + list +
                     ". Run the scenario with the baseline's data and seed, or set a new baseline: misfire baseline "
                     "set.");
}

}  // namespace

std::size_t family_size(const std::vector<Statement>& statements, bool with_baseline) {
    return static_cast<std::size_t>(std::count_if(statements.begin(), statements.end(), [&](const Statement& s) {
        return s.kind != StatementKind::cost && s.check.on_breach != CheckLevel::off &&
               (with_baseline || s.limit_kind != "max_regression");
    }));
}

std::vector<CheckResult> evaluate_checks(const std::vector<CheckSpec>& checks, const ResultsFile& run,
                                         const ResultsFile* baseline, int threads) {
    if (baseline != nullptr) require_comparable(*baseline, run);
    const std::vector<Statement> statements = statements_of(checks, run.record());
    const std::size_t family = std::max<std::size_t>(family_size(statements, baseline != nullptr), 1);
    Evaluation evaluation(run, baseline, threads, gate_level / static_cast<double>(family));
    std::vector<CheckResult> results;
    for (const Statement& statement : statements) results.push_back(evaluation.result(statement));
    for (CheckResult& result : monitor_results(checks, run.summary().results.monitors))
        results.push_back(std::move(result));
    return results;
}

}  // namespace misfire
