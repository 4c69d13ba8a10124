#include "results/report/findings.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "results/report/markup.h"

namespace misfire::report {

namespace {

constexpr double tolerated_bad_share = 0.01;  // as the run's own verdict
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

bool has_value(const Estimate& estimate) { return estimate.status == Status::ok && std::isfinite(estimate.value); }

bool is_reference(const ShiftFacts& shift, std::size_t level) {
    return shift.name == clean_shift || (shift.reference && *shift.reference == level);
}

// Mean over the shifted levels of one model and group.
double mean_under_shift(const RunView& view, std::size_t metric, std::size_t group, std::size_t model) {
    double sum = 0.0;
    std::size_t count = 0;
    for (std::size_t s = 0; s < view.shifts().size(); ++s) {
        const Series* series = view.find({metric, group, s, model});
        if (series == nullptr) continue;
        for (std::size_t level = 0; level < series->at.size(); ++level) {
            if (is_reference(view.shifts()[s], level) || !has_value(series->at[level])) continue;
            sum += series->at[level].value;
            ++count;
        }
    }
    return count > 0 ? sum / static_cast<double>(count) : nan;
}

Estimate clean_value(const RunView& view, std::size_t metric, std::size_t group, std::size_t model) {
    for (std::size_t s = 0; s < view.shifts().size(); ++s) {
        const Series* series = view.find({metric, group, s, model});
        if (series == nullptr) continue;
        for (std::size_t level = 0; level < series->at.size(); ++level) {
            if (is_reference(view.shifts()[s], level) && has_value(series->at[level])) return series->at[level];
        }
    }
    return {};
}

bool worse(Direction direction, double a, double b) { return direction == Direction::lower_is_better ? a > b : a < b; }

std::string cell_text(const RunView& view, const CellFinding& cell) {
    const ShiftFacts& shift = view.shifts()[cell.shift];
    return shift.name + " " + shift.labels[cell.level];
}

std::string sentence_of(const RunView& view, const ModelFinding& finding, const MetricFacts& metric) {
    std::string text = finding.model + ": " + metric.name + " " + shown(finding.clean.value, metric.unit) + " clean";
    if (std::isfinite(finding.under_shift))
        text += ", " + shown(finding.under_shift, metric.unit) + " on average under shift";
    if (finding.worst)
        text += ", worst " + shown(finding.worst->estimate.value, metric.unit) + " (" +
                cell_text(view, *finding.worst) + ")";
    if (finding.shifts_with_threshold > 0) {
        text += "; breaks under " + std::to_string(finding.broken_shifts) + " of " +
                std::to_string(finding.shifts_with_threshold) +
                (finding.shifts_with_threshold == 1 ? " shift" : " shifts");
    }
    return text + ".";
}

std::string ranking_of(const std::vector<ModelFinding>& findings, const MetricFacts& metric) {
    const ModelFinding* best = nullptr;
    const ModelFinding* worst = nullptr;
    for (const ModelFinding& finding : findings) {
        if (!std::isfinite(finding.under_shift)) continue;
        if (worst == nullptr || worse(metric.direction, finding.under_shift, worst->under_shift)) worst = &finding;
        if (best == nullptr || worse(metric.direction, best->under_shift, finding.under_shift)) best = &finding;
    }
    if (best == nullptr || best == worst || metric.direction == Direction::neither) return "";
    return best->model + " holds best under shift (mean " + metric.name + " " + shown(best->under_shift, metric.unit) +
           "), " + worst->model + " worst (" + shown(worst->under_shift, metric.unit) + ").";
}

}  // namespace

std::size_t leading_metric(const RunView& view) {
    for (std::size_t m = 0; m < view.metrics().size(); ++m) {
        if (view.metrics()[m].direction == Direction::neither) continue;
        for (const Series& series : view.all()) {
            if (series.key.metric == m && std::any_of(series.at.begin(), series.at.end(), has_value)) return m;
        }
    }
    return 0;
}

std::vector<CellFinding> worst_cells(const RunView& view, std::size_t metric, std::size_t most) {
    std::vector<CellFinding> cells;
    for (const Series& series : view.all()) {
        if (series.key.metric != metric || series.key.group != 0) continue;
        const double reference = view.reference(series);
        for (std::size_t level = 0; level < series.at.size(); ++level) {
            if (is_reference(view.shifts()[series.key.shift], level) || !has_value(series.at[level])) continue;
            const double lost = damage(view.metrics()[metric].direction, reference, series.at[level].value);
            if (std::isfinite(lost))
                cells.push_back({series.key.model, series.key.shift, level, series.at[level], reference, lost});
        }
    }
    std::stable_sort(cells.begin(), cells.end(), [](const auto& a, const auto& b) { return a.damage > b.damage; });
    if (cells.size() > most) cells.resize(most);
    return cells;
}

std::vector<ModelFinding> model_findings(const RunView& view, std::size_t metric) {
    std::vector<ModelFinding> findings;
    const std::vector<CellFinding> cells = worst_cells(view, metric, std::numeric_limits<std::size_t>::max());
    for (std::size_t m = 0; m < view.models().size(); ++m) {
        ModelFinding finding;
        finding.model = view.models()[m];
        finding.clean = clean_value(view, metric, 0, m);
        finding.under_shift = mean_under_shift(view, metric, 0, m);
        const auto worst = std::find_if(cells.begin(), cells.end(), [m](const auto& cell) { return cell.model == m; });
        if (worst != cells.end()) finding.worst = *worst;
        for (const BreakingPoint& point : view.summary().results.breaking_points) {
            if (point.model != finding.model || point.metric != view.metrics()[metric].name ||
                !std::isfinite(point.severity))
                continue;
            ++finding.shifts_with_threshold;
            if (!point.censored) ++finding.broken_shifts;
        }
        findings.push_back(std::move(finding));
    }
    return findings;
}

std::optional<std::size_t> metric_of_groups(const RunView& view, std::size_t metric) {
    std::set<std::size_t> with_groups;
    for (const Series& series : view.all()) {
        if (series.key.group != 0) with_groups.insert(series.key.metric);
    }
    if (with_groups.empty()) return std::nullopt;
    return with_groups.count(metric) != 0 ? metric : *with_groups.begin();
}

std::vector<AttributeFinding> group_findings(const RunView& view, std::size_t metric) {
    std::map<std::string, std::vector<std::size_t>> attributes;
    for (std::size_t g = 1; g < view.groups().size(); ++g)
        attributes[view.groups()[g].substr(0, view.groups()[g].find('='))].push_back(g);
    std::vector<AttributeFinding> findings;
    for (const auto& [attribute, groups] : attributes) {
        for (std::size_t m = 0; m < view.models().size(); ++m) {
            AttributeFinding finding{attribute, m, {}};
            for (const std::size_t g : groups) {
                const Estimate clean = clean_value(view, metric, g, m);
                const double shifted = mean_under_shift(view, metric, g, m);
                if (!has_value(clean) && !std::isfinite(shifted)) continue;
                const std::string& name = view.groups()[g];
                finding.groups.push_back(
                    {g, name.substr(std::min(attribute.size() + 1, name.size())), clean.n, clean.value, shifted});
            }
            const Direction direction = view.metrics()[metric].direction;
            std::stable_sort(finding.groups.begin(), finding.groups.end(), [&](const auto& a, const auto& b) {
                const double x = std::isfinite(a.under_shift) ? a.under_shift : a.clean;
                const double y = std::isfinite(b.under_shift) ? b.under_shift : b.clean;
                return worse(direction, x, y);
            });
            if (!finding.groups.empty()) findings.push_back(std::move(finding));
        }
    }
    return findings;
}

Verdict verdict_of(const RunView& view) {
    const RunResults& results = view.summary().results;
    Verdict verdict;
    std::size_t failed = 0, missing = 0;
    std::int64_t samples = 0;
    std::set<std::string> unread;
    for (const CellResult& cell : results.cells) {
        failed += cell.status == Status::error ? 1U : 0U;
        missing += cell.status == Status::skipped ? 1U : 0U;
        samples = std::max(samples, cell.n);
    }
    for (const BadInput& bad : results.bad_inputs) unread.insert(bad.id);
    const double share = unread.empty() ? 0.0
                                        : static_cast<double>(unread.size()) /
                                              static_cast<double>(samples + static_cast<std::int64_t>(unread.size()));
    const std::string cells = std::to_string(results.cells.size()) + " cells";
    verdict.text = "complete";
    if (!results.complete) {
        verdict.state = State::incomplete;
        verdict.text = "incomplete: the run was interrupted or is still going on";
        if (missing > 0) verdict.text += "; " + std::to_string(missing) + " of " + cells + " have no result";
    } else if (failed > 0) {
        verdict.state = State::undecided;
        verdict.text = std::to_string(failed) + " of " + cells + " failed";
    } else if (share > tolerated_bad_share) {
        verdict.state = State::undecided;
        verdict.text = "inconclusive: " + std::to_string(unread.size()) + " inputs could not be read";
    } else if (!unread.empty()) {
        verdict.text += "; " + std::to_string(unread.size()) + " inputs could not be read and do not count";
    }
    if (view.metrics().empty()) return verdict;
    const std::size_t metric = leading_metric(view);
    const std::vector<ModelFinding> findings = model_findings(view, metric);
    const std::string ranking = ranking_of(findings, view.metrics()[metric]);
    if (!ranking.empty()) verdict.findings.push_back(ranking);
    for (const ModelFinding& finding : findings) {
        if (has_value(finding.clean)) verdict.findings.push_back(sentence_of(view, finding, view.metrics()[metric]));
    }
    return verdict;
}

}  // namespace misfire::report
