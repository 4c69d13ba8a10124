#include "results/report/run_view.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <set>
#include <unordered_map>

#include "core/error.h"
#include "results/metrics/registry.h"

namespace misfire::report {

namespace {

using Index = std::unordered_map<std::string, std::size_t>;

// Place of a name, in the order of first mention.
std::size_t place_of(Index& index, std::vector<std::string>& names, const std::string& name) {
    const auto [found, added] = index.emplace(name, names.size());
    if (added) names.push_back(name);
    return found->second;
}

// "higher is better" shows in a curve whose drop is reference minus last.
Direction direction_of(const Curve& curve) {
    const std::size_t levels = curve.levels.size();
    for (std::size_t m = 0; m < curve.models.size() && levels > 1; ++m) {
        const double fall = curve.values[m * levels] - curve.values[(m + 1) * levels - 1];
        if (!std::isfinite(fall) || !std::isfinite(curve.drop[m]) || std::abs(fall) < 1e-12) continue;
        return (fall > 0) == (curve.drop[m] > 0) ? Direction::higher_is_better : Direction::lower_is_better;
    }
    return Direction::neither;
}

bool says_level(const std::string& label, double level) {
    char* end = nullptr;
    const double value = std::strtod(label.c_str(), &end);
    return end != label.c_str() && *end == '\0' && std::abs(value - level) < 1e-6;
}

}  // namespace

double damage(Direction direction, double reference, double value) {
    switch (direction) {
        case Direction::higher_is_better: return reference - value;
        case Direction::lower_is_better: return value - reference;
        case Direction::neither: break;
    }
    return std::abs(value - reference);
}

MetricFacts facts_of(const std::string& metric, const std::vector<Curve>& curves) {
    try {
        const MetricInfo& info = metric_named(metric).info();
        return {metric, info.summary, info.unit, info.direction};
    } catch (const ScenarioError&) {
        // Of a newer misfire, or of another family: its curves say what they can.
    }
    MetricFacts facts{metric, "", "", Direction::neither};
    for (const Curve& curve : curves) {
        if (curve.metric != metric) continue;
        facts.unit = curve.value_unit;
        if (facts.direction == Direction::neither) facts.direction = direction_of(curve);
    }
    return facts;
}

RunView::RunView(const RunSummary& summary) : summary_(summary) {
    name_parts();
    place_levels();
    fill();
}

void RunView::name_parts() {
    Index models, shifts, metrics, groups;
    std::vector<std::string> shift_names, metric_names;
    for (const ModelInfo& model : summary_.models) place_of(models, models_, model.name);
    place_of(groups, groups_, "");
    for (const Point& point : summary_.results.points) {
        place_of(models, models_, point.model);
        place_of(shifts, shift_names, point.shift);
        place_of(metrics, metric_names, point.metric);
        place_of(groups, groups_, point.group);
    }
    for (const std::string& name : metric_names) metrics_.push_back(facts_of(name, summary_.results.curves));
    for (const std::string& name : shift_names) {
        ShiftFacts shift;
        shift.name = name;
        for (const Curve& curve : summary_.results.curves) {
            if (curve.shift == name) shift.unit = curve.level_unit;
        }
        shifts_.push_back(std::move(shift));
    }
}

void RunView::place_levels() {
    std::unordered_map<std::string, std::set<std::pair<double, std::string>>> levels;
    for (const Point& point : summary_.results.points) levels[point.shift].emplace(point.level, point.label);
    std::set<std::pair<std::string, std::string>> references;  // shift, label
    for (const CellResult& cell : summary_.results.cells) {
        if (cell.reference) references.emplace(cell.shift, cell.label);
    }
    for (ShiftFacts& shift : shifts_) {
        for (const auto& [level, label] : levels[shift.name]) {
            if (!shift.levels.empty() && shift.levels.back() == level) continue;
            const bool own = references.count({shift.name, label}) != 0;
            if (own) shift.reference = shift.levels.size();
            shift.levels.push_back(level);
            shift.labels.push_back(label);
            shift.labels_are_levels = shift.labels_are_levels && says_level(label, level);
        }
        // Level 0 of a shift without a reference of its own is the clean data that all shifts share.
        if (!shift.reference && !shift.levels.empty() && shift.levels.front() == 0.0) shift.reference = 0;
    }
}

std::size_t RunView::place(const SeriesKey& key) const {
    return ((key.metric * groups_.size() + key.group) * shifts_.size() + key.shift) * models_.size() + key.model;
}

void RunView::fill() {
    const auto index_names = [](const auto& items, auto name) {
        Index index;
        for (std::size_t i = 0; i < items.size(); ++i) index.emplace(name(items[i]), i);
        return index;
    };
    const auto itself = [](const std::string& text) { return text; };
    const auto named = [](const auto& facts) { return facts.name; };
    const Index models = index_names(models_, itself), groups = index_names(groups_, itself);
    const Index shifts = index_names(shifts_, named), metrics = index_names(metrics_, named);
    series_at_.assign(metrics_.size() * groups_.size() * shifts_.size() * models_.size(), 0);
    for (const Point& point : summary_.results.points) {
        const SeriesKey key{metrics.at(point.metric), groups.at(point.group), shifts.at(point.shift),
                            models.at(point.model)};
        const std::vector<double>& levels = shifts_[key.shift].levels;
        std::uint32_t& at = series_at_[place(key)];
        if (at == 0) {
            series_.push_back({key, std::vector<Estimate>(levels.size())});
            at = static_cast<std::uint32_t>(series_.size());
        }
        const auto level = std::lower_bound(levels.begin(), levels.end(), point.level) - levels.begin();
        series_[at - 1].at[static_cast<std::size_t>(level)] = point.estimate;
    }
}

const Series* RunView::find(const SeriesKey& key) const {
    const std::uint32_t at = series_at_[place(key)];
    return at == 0 ? nullptr : &series_[at - 1];
}

double RunView::reference(const Series& series) const {
    const ShiftFacts& shift = shifts_[series.key.shift];
    if (shift.reference) return series.at[*shift.reference].value;
    for (std::size_t s = 0; s < shifts_.size(); ++s) {
        if (shifts_[s].name != clean_shift) continue;
        const Series* clean = find({series.key.metric, series.key.group, s, series.key.model});
        if (clean != nullptr) return clean->at.front().value;
    }
    return std::numeric_limits<double>::quiet_NaN();
}

}  // namespace misfire::report
