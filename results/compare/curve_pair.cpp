#include "results/compare/curve_pair.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <memory>

#include "results/metrics/mean_of_rows.h"
#include "results/partners.h"

namespace misfire {
namespace {

std::vector<std::size_t> cells_of_curve(const RunRecord& record, const std::vector<Cell>& cells, std::size_t model,
                                        const std::string& shift) {
    if (shift == clean_shift) {
        std::vector<std::size_t> found;
        for (std::size_t c = 0; c < cells.size(); ++c) {
            if (cells[c].model == model && cells[c].shift == clean_shift) found.push_back(c);
        }
        return found;
    }
    for (std::size_t s = 0; s < record.shifts.size(); ++s) {
        if (record.shifts[s].name == shift) return curve_cells(record, cells, model, s);
    }
    return {};
}

// Right and wrong answers as classes 0 and 1 with 0 the target: enough for metrics of correctness.
Outcomes outcomes_of_correctness(const std::vector<std::int8_t>& correct) {
    Outcomes outcomes;
    outcomes.prediction.resize(correct.size());
    outcomes.target.assign(correct.size(), 0);
    for (std::size_t i = 0; i < correct.size(); ++i)
        outcomes.prediction[i] = correct[i] < 0 ? not_run : correct[i] == 1 ? 0 : 1;
    return outcomes;
}

bool same_number(float a, float b) { return std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b); }

// Whether two rows hold the same answer.
bool same_row(const Outcomes& a, std::uint32_t i, const Outcomes& b, std::uint32_t j) {
    if (a.prediction[i] != b.prediction[j] || a.target[i] != b.target[j]) return false;
    if (a.confidence.empty() || b.confidence.empty()) return true;
    const auto value = a.kept.find(value_column);
    if (value != a.kept.end() && b.kept.contains(value_column) &&
        !same_number(value->second[i], b.kept.at(value_column)[j]))
        return false;
    return a.target_rank[i] == b.target_rank[j] && same_number(a.confidence[i], b.confidence[j]) &&
           same_number(a.loss[i], b.loss[j]) && same_number(a.brier[i], b.brier[j]);
}

// Where a shift shows other samples, partners are theirs.
const Outcomes* moved_partner(const Outcomes* partner, const std::vector<std::uint32_t>& shown,
                              std::unique_ptr<Outcomes>& own) {
    if (partner == nullptr || shown.empty()) return partner;
    own = std::make_unique<Outcomes>(*partner);
    const auto move = [&](auto& column) {
        if (column.size() != shown.size()) return;
        auto moved = column;
        for (std::size_t row = 0; row < shown.size(); ++row) moved[row] = column[shown[row]];
        column = std::move(moved);
    };
    move(own->prediction);
    move(own->target);
    move(own->target_rank);
    move(own->confidence);
    move(own->loss);
    move(own->brier);
    for (auto& [name, column] : own->kept) move(column);
    return own.get();
}

}  // namespace

// A metric bound to one level of both runs.
struct CurvePair::Bound {
    PairedNumber number;
    std::unique_ptr<Statistic> first;
    std::unique_ptr<Statistic> second;
    std::vector<std::uint32_t> units;  // of the entries; empty: all of them, in order

    // Of a proportion.
    void count_pairs() {
        const auto* a = dynamic_cast<const MeanOfRows*>(first.get());
        const auto* b = dynamic_cast<const MeanOfRows*>(second.get());
        if (a == nullptr || b == nullptr) return;
        Discordance& pairs = number.pairs.emplace();
        pairs.n = number.n;
        for (std::size_t i = 0; i < a->values().size(); ++i) {
            pairs.gained += b->values()[i] > a->values()[i] ? 1 : 0;
            pairs.lost += b->values()[i] < a->values()[i] ? 1 : 0;
        }
        number.identical = number.identical || pairs.gained + pairs.lost == 0;
    }
};

CurvePair::CurvePair(const PairedRuns& runs, std::pair<std::size_t, std::size_t> models, const std::string& shift)
    : runs_(runs),
      models_(models),
      first_cells_(cells_of(runs.first().record())),
      second_cells_(cells_of(runs.second().record())) {
    const auto first = cells_of_curve(runs.first().record(), first_cells_, models.first, shift);
    for (const std::size_t c : cells_of_curve(runs.second().record(), second_cells_, models.second, shift)) {
        const Cell& cell = second_cells_[c];
        const auto same = std::find_if(first.begin(), first.end(), [&](std::size_t f) {
            return first_cells_[f].shift == cell.shift && first_cells_[f].label == cell.label;
        });
        if (same != first.end()) levels_.push_back({*same, c, cell.name, cell.level, cell.label, cell.reference});
    }
}

std::int64_t CurvePair::classes() const { return runs_.second().record().models[models_.second].classes; }

const Outcomes& CurvePair::outcomes(bool first, std::size_t cell, bool correctness_only) {
    if (&runs_.first() == &runs_.second()) first = false;
    const auto key = std::tuple(first, cell, correctness_only);
    const auto found = read_.find(key);
    if (found != read_.end()) return found->second;
    const ResultsFile& file = first ? runs_.first() : runs_.second();
    const std::string& name = (first ? first_cells_ : second_cells_)[cell].name;
    return read_.emplace(key, correctness_only ? outcomes_of_correctness(file.correct(name)) : file.outcomes(name))
        .first->second;
}

std::string CurvePair::missing_because(bool first, std::size_t cell) const {
    const ResultsFile& file = first ? runs_.first() : runs_.second();
    const std::string& name = (first ? first_cells_ : second_cells_)[cell].name;
    if (file.has_outcomes(name)) return "";
    for (const CellResult& result : file.summary().results.cells) {
        if (result.cell == name && result.status != Status::ok)
            return name + " is " + name_of(result.status) + " in " + file.path().string() + ": " + result.message;
    }
    return file.path().string() + " holds no outcomes per sample of " + name;
}

// What a metric looks at of one level in both runs.
struct CurvePair::Sides {
    const Outcomes* own[2] = {nullptr, nullptr};
    const Outcomes* partners[2] = {nullptr, nullptr};
    std::unique_ptr<Outcomes> moved[2];  // partners of the samples that the level shows instead
    std::vector<std::uint32_t> shown;    // row of the second run -> row shown in it; empty: itself
};

std::string CurvePair::read_sides(const PairedLevel& level, const Metric& metric, Sides& sides) {
    const MetricInfo& info = metric.info();
    const RunRecord& record = runs_.second().record();
    if ((record.models[models_.second].output == OutputKind::regression) != info.regression)
        return info.name + " does not fit the answers of the model";
    if (classes() < info.minimum_classes) return "the model has too few classes";
    for (const bool first : {true, false}) {
        const std::size_t cell = first ? level.first_cell : level.second_cell;
        if (std::string why = missing_because(first, cell); !why.empty()) return why;
        sides.own[first ? 0 : 1] = &outcomes(first, cell, info.of_correctness && !info.pairs);
    }
    sides.shown = shown_rows(*sides.own[1]);
    for (const bool first : {true, false}) {
        if (!info.pairs) break;
        const std::size_t side = first ? 0 : 1;
        const std::size_t cell = first ? level.first_cell : level.second_cell;
        const Partner partner =
            partner_of((first ? runs_.first() : runs_.second()).record(), first ? first_cells_ : second_cells_, cell);
        if (!partner.cell) return partner.none_because;
        if (std::string why = missing_because(first, *partner.cell); !why.empty()) return why;
        sides.partners[side] = *partner.cell == cell ? sides.own[side]
                                                     : moved_partner(&outcomes(first, *partner.cell, false),
                                                                     sides.shown, sides.moved[side]);
    }
    return "";
}

// The rows that a metric takes: those of units that count on both sides, of metrics over groups once per group.
struct CurvePair::Entries {
    std::vector<std::uint32_t> rows[2];
    std::vector<std::uint32_t> units;   // whose weight each entry takes
    std::vector<std::uint32_t> groups;  // of metrics over groups
    std::uint32_t group_count = 0;
    bool identical = true;  // every entry holds the same answer on both sides
};

CurvePair::Entries CurvePair::entries_of(const Sides& sides, const MetricInfo& info, const Group& group) const {
    Entries entries;
    std::vector<std::uint32_t> unit_of_row(runs_.second().record().sample_ids.size(), 0);
    for (std::uint32_t u = 0; u < runs_.units(); ++u) unit_of_row[runs_.rows()[u].second] = u;
    const auto source = [&](std::uint32_t u) {
        return sides.shown.empty() ? u : unit_of_row[sides.shown[runs_.rows()[u].second]];
    };
    const auto add = [&](std::uint32_t u) {
        const auto [a, b] = runs_.rows()[u];
        bool counts = sides.own[0]->counts(a) && sides.own[1]->counts(b) && (info.of_correctness || runs_.is_known(u));
        if (info.pairs) counts = counts && sides.partners[0]->counts(a) && sides.partners[1]->counts(b);
        if (!counts) return false;
        entries.identical = entries.identical && same_row(*sides.own[0], a, *sides.own[1], b) &&
                            (!info.pairs || same_row(*sides.partners[0], a, *sides.partners[1], b));
        entries.rows[0].push_back(a);
        entries.rows[1].push_back(b);
        entries.units.push_back(source(u));
        return true;
    };
    if (info.over_groups) {
        for (std::size_t g = 1; g < runs_.groups().size(); ++g, ++entries.group_count) {
            for (const std::uint32_t u : runs_.groups()[g].rows) {
                if (add(u)) entries.groups.push_back(entries.group_count);
            }
        }
        return entries;
    }
    // Where a level shows other samples, a group is of those that it shows.
    std::vector<bool> member(runs_.units(), false);
    for (const std::uint32_t u : group.rows) member[u] = true;
    for (std::uint32_t u = 0; u < runs_.units(); ++u) {
        if (member[source(u)]) add(u);
    }
    return entries;
}

CurvePair::Bound CurvePair::bind(const PairedLevel& level, const Metric& metric, const Group& group) {
    const MetricInfo& info = metric.info();
    Bound bound;
    Sides sides;
    std::string& why = bound.number.undefined_because;
    why = read_sides(level, metric, sides);
    if (!why.empty()) return bound;
    Entries entries = entries_of(sides, info, group);
    bound.number.n = static_cast<std::int64_t>(entries.rows[0].size());
    if (info.over_groups && entries.group_count == 0) why = info.name + " needs groups";
    if (why.empty() && entries.rows[0].empty()) why = "no sample counts in both runs";
    if (!why.empty()) return bound;
    const std::vector<std::int32_t> ones(entries.rows[0].size(), 1);
    for (const std::size_t side : {std::size_t{0}, std::size_t{1}}) {
        const MetricInput input{*sides.own[side],
                                sides.partners[side],
                                entries.rows[side],
                                classes(),
                                entries.groups,
                                entries.group_count,
                                runs_.second().record().models[models_.second].quantiles};
        why = metric.undefined_because(input);
        if (!why.empty()) return bound;
        std::unique_ptr<Statistic>& statistic = side == 0 ? bound.first : bound.second;
        statistic = metric.over(input);
        (side == 0 ? bound.number.first : bound.number.second) = statistic->value(ones);
    }
    if (std::isnan(bound.number.first) || std::isnan(bound.number.second)) why = "not defined over these samples";
    bound.number.identical = entries.identical;
    if (info.interval == Interval::wilson && sides.shown.empty()) bound.count_pairs();
    bool all = entries.units.size() == runs_.units();
    for (std::uint32_t u = 0; u < entries.units.size() && all; ++u) all = entries.units[u] == u;
    if (!all) bound.units = std::move(entries.units);
    return bound;
}

std::vector<PairedNumber> CurvePair::at_levels(const Metric& metric, const Group& group, bool with_draws) {
    std::vector<Bound> bound;
    for (const PairedLevel& level : levels_) bound.push_back(bind(level, metric, group));
    std::vector<WeightedStatistic> wanted;
    if (with_draws && !metric.info().in_time) {
        for (const Bound& b : bound) {
            if (!b.number.defined()) continue;
            wanted.push_back({b.first.get(), b.units});
            if (&runs_.first() != &runs_.second()) wanted.push_back({b.second.get(), b.units});
        }
    }
    std::vector<std::vector<double>> draws;
    if (!wanted.empty()) draws = runs_.weights().draws(wanted);
    std::vector<PairedNumber> numbers;
    std::size_t next = 0;
    for (Bound& b : bound) {
        if (b.number.defined() && !draws.empty()) {
            b.number.first_draws = std::move(draws[next++]);
            b.number.second_draws = &runs_.first() == &runs_.second() ? b.number.first_draws : std::move(draws[next++]);
        }
        numbers.push_back(std::move(b.number));
    }
    return numbers;
}

}  // namespace misfire
