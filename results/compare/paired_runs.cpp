#include "results/compare/paired_runs.h"

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/random.h"
#include "results/aggregates.h"
#include "results/compare/comparability.h"
#include "results/partners.h"

namespace misfire {
namespace {

std::vector<bool> known_units(const ResultsFile& first, const ResultsFile& second,
                              const std::vector<std::pair<std::uint32_t, std::uint32_t>>& rows) {
    if (!first.is_baseline() && !second.is_baseline()) return {};
    const auto mask = [](const ResultsFile& file) {
        std::vector<bool> known(file.record().sample_ids.size(), !file.is_baseline());
        for (const std::uint32_t row : file.sampled_rows()) known[row] = true;
        return known;
    };
    const std::vector<bool> a = mask(first);
    const std::vector<bool> b = mask(second);
    std::vector<bool> known(rows.size());
    for (std::size_t u = 0; u < rows.size(); ++u) known[u] = a[rows[u].first] && b[rows[u].second];
    return known;
}

// Groups of the second run (a baseline as the first keeps none), by unit.
std::vector<Group> paired_groups(const RunRecord& second,
                                 const std::vector<std::pair<std::uint32_t, std::uint32_t>>& rows) {
    std::vector<Group> groups = groups_of(second);
    std::vector<std::uint32_t> unit_of_row(second.sample_ids.size(), static_cast<std::uint32_t>(-1));
    for (std::uint32_t u = 0; u < rows.size(); ++u) unit_of_row[rows[u].second] = u;
    for (Group& group : groups) {
        std::vector<std::uint32_t> units;
        for (const std::uint32_t row : group.rows) {
            if (unit_of_row[row] != static_cast<std::uint32_t>(-1)) units.push_back(unit_of_row[row]);
        }
        std::sort(units.begin(), units.end());
        group.rows = std::move(units);
    }
    return groups;
}

// Some answers of a baseline are known to be right or wrong, and no more.
void forget_unknown(const ResultsFile& file, CellRows& rows) {
    if (!file.is_baseline()) return;
    std::vector<bool> known(rows.flip.size(), false);
    for (const std::uint32_t row : file.sampled_rows()) known[row] = true;
    for (std::size_t i = 0; i < known.size(); ++i) {
        if (!known[i]) rows.flip[i] = rows.top5_distance[i] = -1;
    }
}

EvaluatedRows evaluated_rows(const ResultsFile& file, const std::vector<Cell>& cells, std::size_t c) {
    const std::string& name = cells[c].name;
    const Partner partner = partner_of(file.record(), cells, c);
    EvaluatedRows result;
    result.has_partner = partner.cell.has_value();
    if (!file.has_outcomes(name)) {
        result.missing_because = name + " has no outcomes in " + file.path().string();
        return result;
    }
    const Outcomes outcomes = file.outcomes(name);
    std::optional<Outcomes> other;
    if (partner.cell && *partner.cell != c && file.has_outcomes(cells[*partner.cell].name))
        other = file.outcomes(cells[*partner.cell].name);
    result.rows = rows_of(outcomes, partner.cell == c ? &outcomes : other ? &*other : nullptr);
    forget_unknown(file, result.rows);
    return result;
}

}  // namespace

// All cells of a run as metrics over many cells see them.
struct PairedRuns::Side {
    std::vector<Cell> cells;
    std::vector<EvaluatedRows> rows;
};

PairedRuns::PairedRuns(const ResultsFile& first, const ResultsFile& second, int threads)
    : first_(first),
      second_(second),
      threads_(std::max(threads, 1)),
      rows_(common_rows(first.record(), second.record())),
      same_samples_(rows_.size() == first.record().sample_ids.size() &&
                    rows_.size() == second.record().sample_ids.size()),
      groups_(paired_groups(second.record(), rows_)),
      known_(known_units(first, second, rows_)) {
    if (!rows_.empty()) return;
    throw UsageError(first.path().string() + " and " + second.path().string() +
                     " have no sample in common, so there is nothing to pair. Compare runs over the same data.");
}

const SampleWeights& PairedRuns::weights() const {
    std::call_once(weights_once_, [&] {
        const std::uint64_t key =
            KeyHash().add("bootstrap").add(second_.summary().seed).add("paired runs").add(rows_.size()).value();
        weights_ = std::make_unique<SampleWeights>(key, rows_.size(), threads_);
    });
    return *weights_;
}

const PairedRuns::Side& PairedRuns::side(bool first) const {
    std::call_once(sides_once_, [&] {
        const auto read = [&](const ResultsFile& file) {
            Side side{cells_of(file.record()), {}};
            side.rows.resize(side.cells.size());
            tbb::task_arena arena(threads_);
            arena.execute([&] {
                tbb::parallel_for(std::size_t{0}, side.cells.size(),
                                  [&](std::size_t c) { side.rows[c] = evaluated_rows(file, side.cells, c); });
            });
            return side;
        };
        auto sides = std::make_shared<std::pair<Side, Side>>();
        sides->first = read(first_);
        sides->second = &first_ == &second_ ? sides->first : read(second_);
        sides_ = std::move(sides);
    });
    return first ? sides_->first : sides_->second;
}

PairedNumber PairedRuns::over_the_run(const CurveMetric& metric, std::pair<std::size_t, std::size_t> models) const {
    PairedNumber number;
    if (!same_samples_) {
        number.undefined_because = "numbers over a whole run are compared only over the same samples";
        return number;
    }
    std::vector<std::unique_ptr<CurveStatistic>> statistics;
    for (const bool first : {true, false}) {
        const Side& own = side(first);
        const RunRecord& record = (first ? first_ : second_).record();
        const CurveMetricInput input = curve_metric_input(record, own.cells, own.rows);
        const std::size_t model = first ? models.first : models.second;
        // Geometry is not in results.h5: what the run said of itself decides.
        const auto& said = (first ? first_ : second_).summary().results.aggregates;
        const auto aggregate = std::find_if(said.begin(), said.end(), [&](const Aggregate& a) {
            return a.metric == metric.info().name && a.model == record.models[model].name;
        });
        if (aggregate == said.end())
            number.undefined_because = "the run has no " + metric.info().name;
        else if (aggregate->estimate.status != Status::ok)
            number.undefined_because = aggregate->message;
        if (!number.defined()) return number;
        statistics.push_back(metric.over(input, model));
    }
    const std::vector<std::int32_t> ones(rows_.size(), 1);
    number.first = statistics[0]->value(ones);
    number.second = statistics[1]->value(ones);
    number.n = std::min(statistics[0]->samples(), statistics[1]->samples());
    if (!std::isfinite(number.first) || !std::isfinite(number.second)) {
        number.undefined_because = "a sum that divides is 0";
        return number;
    }
    const WeightedStatistic wanted[] = {{statistics[0].get(), {}}, {statistics[1].get(), {}}};
    auto draws = weights().draws(wanted);
    number.first_draws = std::move(draws[0]);
    number.second_draws = std::move(draws[1]);
    number.identical = number.first == number.second && number.first_draws == number.second_draws;
    return number;
}

}  // namespace misfire
