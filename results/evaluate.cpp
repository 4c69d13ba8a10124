#include "results/evaluate.h"

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <utility>

#include "core/error.h"
#include "results/aggregates.h"
#include "results/cell_estimates.h"
#include "results/curves.h"
#include "results/metrics/registry.h"
#include "results/monitoring/watch_run.h"
#include "results/outcomes.h"
#include "results/partners.h"

namespace misfire {
namespace {

constexpr double nan_double = std::numeric_limits<double>::quiet_NaN();

// Tiles of one cell: block -> status.
using TileMap = std::map<std::string, std::map<std::uint32_t, Status>>;

TileMap tile_map(const Journal& journal, const RunRecord& record) {
    TileMap map;
    for (const TileKey& key : journal.tiles()) {
        if (key.block >= record.blocks.size()) {
            throw StoreError("the journal " + journal.path().string() + " has block " + std::to_string(key.block) +
                             " of cell " + key.cell + ", but the run has " + std::to_string(record.blocks.size()) +
                             " blocks. The journal is damaged; run the scenario again.");
        }
        map[key.cell][key.block] = key.status;
    }
    return map;
}

CellResult start_result(const RunRecord& record, const Cell& cell) {
    CellResult result;
    result.cell = cell.name;
    result.model = record.models[cell.model].name;
    result.dataset = record.dataset;
    result.shift = cell.shift;
    result.level = cell.level;
    result.label = cell.label;
    result.reference = cell.reference;
    return result;
}

// Says how far the cell came; error beats skipped beats ok.
void judge(CellResult& result, const Journal& journal, const RunRecord& record,
           const std::map<std::uint32_t, Status>& tiles) {
    for (const auto& [block, status] : tiles) {
        const auto tile = journal.get(result.cell, block);
        if (!tile) continue;
        result.seconds += tile->seconds;
        for (std::size_t row = 0; row < tile->outcomes.size(); ++row) result.n += tile->outcomes.counts(row) ? 1 : 0;
        const bool worse = status == Status::error ? result.status != Status::error
                                                   : status != Status::ok && result.status == Status::ok;
        if (!worse) continue;
        result.status = status;
        result.message = tile->message;
    }
    if (result.status != Status::ok) return;
    if (const auto skipped = record.skipped_cells.find(result.cell); skipped != record.skipped_cells.end()) {
        result.status = Status::skipped;
        result.message = skipped->second;
    } else if (tiles.empty() && !record.blocks.empty()) {
        result.status = Status::skipped;
        result.message = "not run yet";
    } else if (tiles.size() < record.blocks.size()) {
        result.message =
            std::to_string(tiles.size()) + " of " + std::to_string(record.blocks.size()) + " blocks so far";
    }
}

struct CellEvaluation {
    CellResult result;
    std::vector<GroupEstimate> estimates;
    EvaluatedRows rows;
};

class Evaluation {
  public:
    Evaluation(const Journal& journal, const RunRecord& record)
        : journal_(journal),
          record_(record),
          cells_(cells_of(record)),
          tiles_(tile_map(journal, record)),
          groups_(groups_of(record)) {
        for (const std::string& name : record.metrics) metrics_.push_back(&metric_named(name));
    }

    RunResults run(int threads) {
        evaluations_.resize(cells_.size());
        tbb::task_arena arena(std::max(threads, 1));
        arena.execute([&] {
            tbb::parallel_for(std::size_t{0}, cells_.size(),
                              [&](std::size_t c) { evaluations_[c] = evaluate_cell(c); });
        });
        RunResults results;
        results.complete = is_complete();
        results.bad_inputs = journal_.bad_inputs();
        for (const CellEvaluation& evaluation : evaluations_) results.cells.push_back(evaluation.result);
        for (std::size_t m = 0; m < record_.models.size(); ++m) add_points(results, m);
        for (std::size_t s = 0; s < record_.shifts.size(); ++s) {
            for (const Metric* metric : metrics_) add_curve(results, s, *metric);
        }
        std::vector<EvaluatedRows> rows;
        for (CellEvaluation& evaluation : evaluations_) rows.push_back(std::move(evaluation.rows));
        results.effects = effects_of(record_.shifts);
        results.aggregates = aggregates_of(record_, cells_, rows, threads);
        watch_run(
            results, record_, cells_, [&](const Cell& cell) { return cell_outcomes(journal_, record_, cell.name); },
            threads);
        return results;
    }

  private:
    const std::map<std::uint32_t, Status>& tiles_of(const std::string& cell) const {
        static const std::map<std::uint32_t, Status> none;
        const auto found = tiles_.find(cell);
        return found == tiles_.end() ? none : found->second;
    }

    CellEvaluation evaluate_cell(std::size_t c) const {
        CellEvaluation evaluation;
        evaluation.result = start_result(record_, cells_[c]);
        judge(evaluation.result, journal_, record_, tiles_of(cells_[c].name));
        if (evaluation.result.status != Status::ok) {
            evaluation.estimates = missing_estimates(evaluation.result);
            evaluation.rows.missing_because = evaluation.result.cell + " has no outcomes: " + evaluation.result.message;
            evaluation.rows.has_partner = partner_of(record_, cells_, c).cell.has_value();
            return evaluation;
        }
        const Outcomes outcomes = cell_outcomes(journal_, record_, cells_[c].name);
        const Partner partner = partner_of(record_, cells_, c);
        CellInput input{.outcomes = outcomes,
                        .reference = nullptr,
                        .no_reference_because = partner.none_because,
                        .classes = record_.models[cells_[c].model].classes,
                        .seed = record_.seed,
                        .cell = cells_[c].name,
                        .regression = record_.models[cells_[c].model].output == OutputKind::regression,
                        .quantiles = record_.models[cells_[c].model].quantiles};
        std::optional<Outcomes> reference;
        if (partner.cell == c) {
            input.reference = &outcomes;
        } else if (partner.cell) {
            reference = cell_outcomes(journal_, record_, cells_[*partner.cell].name);
            const bool any = std::any_of(reference->prediction.begin(), reference->prediction.end(),
                                         [](std::int32_t prediction) { return prediction >= not_finite; });
            if (any) input.reference = &*reference;
            input.no_reference_because = "the reference level " + cells_[*partner.cell].name + " has no outcomes";
        }
        evaluation.rows = {rows_of(outcomes, input.reference), "", partner.cell.has_value()};
        if (const std::vector<std::uint32_t> shown = shown_rows(outcomes); !shown.empty()) {
            // Other samples stand in the places of this cell: partners and groups are theirs.
            if (reference) reference = reordered(*reference, shown);
            evaluation.estimates = estimate_cell(input, metrics_, groups_showing(groups_, shown), shown);
        } else {
            evaluation.estimates = estimate_cell(input, metrics_, groups_);
        }
        return evaluation;
    }

    // Rows of a cell that failed or was left out.
    std::vector<GroupEstimate> missing_estimates(const CellResult& result) const {
        std::vector<GroupEstimate> estimates;
        for (const Metric* metric : metrics_) {
            for (std::size_t g = 0; g < (metric->info().whole_cell_only() ? 1 : groups_.size()); ++g) {
                GroupEstimate missing{.metric = metric, .group = g, .estimate = {}, .message = result.message};
                missing.estimate.status = result.status;
                estimates.push_back(std::move(missing));
            }
        }
        return estimates;
    }

    bool is_complete() const {
        return std::all_of(cells_.begin(), cells_.end(), [&](const Cell& cell) {
            return record_.skipped_cells.contains(cell.name) || tiles_of(cell.name).size() == record_.blocks.size();
        });
    }

    void add_points(RunResults& results, std::size_t model) const {
        for (std::size_t s = 0; s < record_.shifts.size(); ++s) {
            for (const std::size_t c : curve_cells(record_, cells_, model, s))
                add_points(results, c, record_.shifts[s].name);
        }
        if (!record_.shifts.empty()) return;
        for (std::size_t c = 0; c < cells_.size(); ++c) {
            if (cells_[c].model == model) add_points(results, c, cells_[c].shift);
        }
    }

    void add_points(RunResults& results, std::size_t c, const std::string& shift) const {
        const CellResult& cell = evaluations_[c].result;
        for (const GroupEstimate& estimate : evaluations_[c].estimates) {
            results.points.push_back({.cell = cell.cell,
                                      .model = cell.model,
                                      .shift = shift,
                                      .level = cell.level,
                                      .label = cell.label,
                                      .metric = estimate.metric->info().name,
                                      .group = groups_[estimate.group].name,
                                      .estimate = estimate.estimate,
                                      .message = estimate.message});
        }
    }

    Estimate estimate_of(std::size_t c, const Metric& metric, std::size_t group) const {
        for (const GroupEstimate& estimate : evaluations_[c].estimates) {
            if (estimate.metric == &metric && estimate.group == group) return estimate.estimate;
        }
        return {};
    }

    void add_curve(RunResults& results, std::size_t s, const Metric& metric) const {
        const ShiftInfo& shift = record_.shifts[s];
        Curve curve{.shift = shift.name,
                    .metric = metric.info().name,
                    .level_unit = shift.unit,
                    .value_unit = metric.info().unit,
                    .models = {},
                    .levels = {},
                    .labels = {},
                    .values = {},
                    .area = {},
                    .drop = {}};
        for (std::size_t m = 0; m < record_.models.size(); ++m) add_model(results, curve, s, m, metric);
        results.curves.push_back(std::move(curve));
    }

    // One metric of one model and group against the levels of a shift.
    struct Line {
        std::vector<double> levels, values, low, high;
        std::vector<std::string> labels;
        double reference = nan_double;
        CurveInput input(Direction direction) const { return {levels, values, low, high, reference, direction}; }
    };

    Line line_of(std::size_t s, std::size_t m, const Metric& metric, std::size_t group) const {
        Line line;
        for (const std::size_t c : curve_cells(record_, cells_, m, s)) {
            const Estimate estimate = estimate_of(c, metric, group);
            line.levels.push_back(cells_[c].level);
            line.labels.push_back(cells_[c].label);
            line.values.push_back(estimate.value);
            line.low.push_back(estimate.low);
            line.high.push_back(estimate.high);
            if (cells_[c].reference) line.reference = estimate.value;
        }
        return line;
    }

    void add_model(RunResults& results, Curve& curve, std::size_t s, std::size_t m, const Metric& metric) const {
        const MetricInfo& info = metric.info();
        const Line line = line_of(s, m, metric, 0);
        curve.models.push_back(record_.models[m].name);
        curve.levels = line.levels;
        curve.labels = line.labels;
        curve.values.insert(curve.values.end(), line.values.begin(), line.values.end());
        curve.area.push_back(area(line.input(info.direction)));
        curve.drop.push_back(drop(line.input(info.direction)));
        if (info.breaking == BreakingRule::none) return;
        results.breaking_points.push_back(breaking_of(line, s, m, metric));
        if (info.over_groups || info.in_time) return;
        for (std::size_t g = 1; g < groups_.size(); ++g)
            results.group_breaking_points.push_back(
                {groups_[g].name, breaking_of(line_of(s, m, metric, g), s, m, metric)});
    }

    BreakingPoint breaking_of(const Line& line, std::size_t s, std::size_t m, const Metric& metric) const {
        const MetricInfo& info = metric.info();
        const double threshold =
            breaking_threshold(info.breaking, info.direction, line.reference, metric.chance(record_.models[m].classes));
        const Breaking breaking = breaking_point(line.input(info.direction), threshold);
        return {.model = record_.models[m].name,
                .shift = record_.shifts[s].name,
                .metric = info.name,
                .threshold = breaking.threshold,
                .severity = breaking.severity,
                .low = breaking.low,
                .high = breaking.high,
                .censored = breaking.censored,
                .evaluations = static_cast<std::int64_t>(breaking.evaluations)};
    }

    const Journal& journal_;
    const RunRecord& record_;
    std::vector<Cell> cells_;
    TileMap tiles_;
    std::vector<Group> groups_;
    std::vector<const Metric*> metrics_;
    std::vector<CellEvaluation> evaluations_;
};

}  // namespace

RunResults evaluate(const Journal& journal, const RunRecord& record, int threads) {
    return Evaluation(journal, record).run(threads);
}

Outcomes cell_outcomes(const Journal& journal, const RunRecord& record, const std::string& cell) {
    Outcomes outcomes = uncounted_rows(record.sample_ids.size(), not_run);
    for (std::uint32_t block = 0; block < record.blocks.size(); ++block) {
        const auto tile = journal.get(cell, block);
        if (!tile || tile->status != Status::ok) continue;
        if (tile->outcomes.size() != record.blocks[block].size()) {
            throw StoreError("the journal " + journal.path().string() + ", cell " + cell + ", block " +
                             std::to_string(block) + ": " + std::to_string(tile->outcomes.size()) + " outcomes for " +
                             std::to_string(record.blocks[block].size()) +
                             " samples. The journal is damaged; run the scenario again.");
        }
        assign(outcomes, record.blocks[block], tile->outcomes);
    }
    return outcomes;
}

}  // namespace misfire
