#include "results/checks/statements.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "core/error.h"
#include "core/level_choice.h"
#include "core/nearest_name.h"
#include "results/cell_estimates.h"
#include "results/compare/comparison.h"
#include "results/curve_metrics/registry.h"
#include "results/metrics/registry.h"

namespace misfire {
namespace {

std::string plain_number(double value) {
    char text[32];
    return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

[[noreturn]] void matches_nothing(const CheckSpec& check, const std::string& what, const std::string& given,
                                  const std::vector<std::string>& known) {
    throw ScenarioError("A check of " + check.metric + " matches nothing: " + what + " `" + given +
                        "` is none of this run." + did_you_mean(given, known) +
                        " A check that matches nothing is an error, because it would never fail.");
}

class Expansion {
  public:
    Expansion(const CheckSpec& check, const RunRecord& record)
        : check_(check), record_(record), cells_(cells_of(record)) {
        std::tie(base_, part_) = split_metric(check.metric);
    }

    std::vector<Statement> statements() {
        kind_ = kind();
        const std::vector<std::size_t> models = matching_models();
        if (kind_ == StatementKind::over_the_run) {
            if (check_.shift != "*" || check_.levels != "*" || !check_.group.empty())
                throw ScenarioError("The check of " + check_.metric +
                                    " names a shift, levels or a group, and the number is taken over the whole run. "
                                    "Leave them out.");
            for (const std::size_t model : models) add({{model, "", ""}}, "");
            return std::move(statements_);
        }
        const std::vector<std::string> shifts = matching_shifts();
        const std::vector<std::string> groups = matching_groups();
        bool any = false;
        for (const std::size_t model : models) {
            std::vector<StatementPlace> places;
            for (const std::string& shift : shifts) add_places(model, shift, places);
            any = any || !places.empty();
            if (places.empty()) continue;
            for (const std::string& group : groups) {
                if (check_.combine_mean) {
                    add(places, group);
                } else {
                    for (const StatementPlace& place : places) add({place}, group);
                }
            }
        }
        if (!any) no_level();
        return std::move(statements_);
    }

  private:
    StatementKind kind() const {
        if (check_.metric == cost_metric) return StatementKind::cost;
        std::vector<std::string> known = record_.metrics;
        known.insert(known.end(), record_.curve_metrics.begin(), record_.curve_metrics.end());
        if (std::find(known.begin(), known.end(), base_) == known.end()) {
            throw ScenarioError("A check is about " + check_.metric + ", and the run does not take it." +
                                did_you_mean(base_, known) + " Name it under `metrics:`.");
        }
        const CurveMetric* over_cells = find_curve_metric(base_);
        if (over_cells != nullptr && !part_.empty())
            throw ScenarioError("The check of " + check_.metric + ": " + base_ +
                                " is one number over the run and has no curve. Check " + base_ + " itself.");
        const Direction direction =
            over_cells != nullptr ? over_cells->info().direction : metric_named(base_).info().direction;
        if (check_.max_regression && direction == Direction::neither && part_.empty())
            throw ScenarioError("The check of " + check_.metric +
                                " has max_regression, and neither more nor less of it is better. Give min and max.");
        if (over_cells == nullptr && part_ == "breaking_point" &&
            metric_named(base_).info().breaking == BreakingRule::none)
            throw ScenarioError("The check of " + check_.metric + ": " + base_ + " has no breaking point.");
        if (over_cells != nullptr) return StatementKind::over_the_run;
        return part_.empty() ? StatementKind::cell : StatementKind::curve;
    }

    std::vector<std::size_t> matching_models() const {
        std::vector<std::size_t> found;
        std::vector<std::string> names;
        for (std::size_t m = 0; m < record_.models.size(); ++m) {
            names.push_back(record_.models[m].name);
            if (fits_pattern(check_.model, names.back())) found.push_back(m);
        }
        if (found.empty()) matches_nothing(check_, "the model", check_.model, names);
        return found;
    }

    std::vector<std::string> matching_shifts() const {
        std::vector<std::string> found, names = {std::string(clean_shift)};
        for (const ShiftInfo& shift : record_.shifts) names.push_back(shift.name);
        for (const std::string& name : names) {
            // The clean cell is no curve, and belongs to every shift: it is asked for by name.
            if (name == clean_shift && (kind_ == StatementKind::curve || check_.shift != clean_shift)) continue;
            if (fits_pattern(check_.shift, name)) found.push_back(name);
        }
        if (found.empty()) matches_nothing(check_, "the shift", check_.shift, names);
        return found;
    }

    std::vector<std::string> matching_groups() const {
        if (check_.group.empty()) return {""};
        std::vector<std::string> found, names;
        if (record_.attribute_names.empty())
            throw ScenarioError("A check of " + check_.metric + " is about the group `" + check_.group +
                                "`, and the data have no groups. Name attributes under `groups:` of `data`.");
        for (const Group& group : groups_of(record_)) {
            if (group.name.empty()) continue;
            names.push_back(group.name);
            if (fits_pattern(check_.group, group.name)) found.push_back(group.name);
        }
        if (found.empty()) matches_nothing(check_, "the group", check_.group, names);
        return found;
    }

    void add_places(std::size_t model, const std::string& shift, std::vector<StatementPlace>& places) const {
        if (kind_ == StatementKind::curve) {
            places.push_back({model, shift, ""});
            return;
        }
        const LevelChoice levels(check_.levels);
        for (const Cell& cell : cells_) {
            // The level that others are compared with is checked where it is named: shift clean, or its label.
            if (cell.model != model || cell.shift != shift) continue;
            if (cell.reference && cell.shift != clean_shift && check_.levels == "*") continue;
            if (!levels.takes(cell.level, cell.label)) continue;
            if (record_.skipped_cells.contains(cell.name) && check_.levels == "*") continue;
            places.push_back({model, shift, cell.label});
        }
    }

    [[noreturn]] void no_level() const {
        std::string known;
        std::set<std::string> seen;
        for (const Cell& cell : cells_) {
            if (cell.shift != clean_shift && fits_pattern(check_.shift, cell.shift) && seen.insert(cell.label).second)
                known += (known.empty() ? "" : ", ") + cell.label;
        }
        throw ScenarioError("A check of " + check_.metric + " matches nothing: no level of the shift `" + check_.shift +
                            "` is in `" + check_.levels + "`. There are: " + known +
                            " (level 0 is the shift `clean`).");
    }

    std::string place_name(const std::vector<StatementPlace>& places, const std::string& group) const {
        std::string name = record_.models[places.front().model].name;
        if (check_.combine_mean) {
            name += "/" + check_.shift + (check_.levels == "*" ? "" : "/" + check_.levels) + " mean of " +
                    std::to_string(places.size());
        } else if (!places.front().shift.empty()) {
            name += "/" + places.front().shift + (places.front().label.empty() ? "" : "/" + places.front().label);
        }
        return name + " " + check_.metric + (group.empty() ? "" : " (" + group + ")");
    }

    void add(std::vector<StatementPlace> places, const std::string& group) {
        const auto limit = [&](const char* kind, const std::optional<double>& value, const char* sign) {
            if (!value) return;
            statements_.push_back({check_, kind_, base_, part_, places, group, kind, *value,
                                   place_name(places, group) + " " + sign + plain_number(*value)});
        };
        limit("min", check_.min, ">= ");
        limit("max", check_.max, "<= ");
        limit("max_regression", check_.max_regression, "regression <= ");
    }

    const CheckSpec& check_;
    const RunRecord& record_;
    std::vector<Cell> cells_;
    std::string base_, part_;
    StatementKind kind_ = StatementKind::cell;
    std::vector<Statement> statements_;
};

}  // namespace

std::vector<Statement> statements_of(const std::vector<CheckSpec>& checks, const RunRecord& record) {
    std::vector<Statement> statements;
    for (const CheckSpec& check : checks) {
        if (!check.monitor.empty()) continue;
        for (Statement& statement : Expansion(check, record).statements()) statements.push_back(std::move(statement));
    }
    std::set<std::string> names;
    for (Statement& statement : statements) {
        const std::string name = statement.name;
        for (int i = 2; !names.insert(statement.name).second; ++i) statement.name = name + " #" + std::to_string(i);
    }
    return statements;
}

}  // namespace misfire
