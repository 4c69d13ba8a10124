#include "results/aggregates.h"

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "core/random.h"
#include "results/curve_metrics/registry.h"
#include "results/metrics/top5_distance.h"
#include "results/statistics.h"

namespace misfire {
namespace {

CurveCell curve_cell(const EvaluatedRows& rows) {
    if (!rows.missing_because.empty()) return {nullptr, rows.missing_because, rows.has_partner};
    return {&rows.rows, "", rows.has_partner};
}

Aggregate estimate(const CurveMetric& metric, const CurveMetricInput& input, std::size_t model,
                   const Resampling& resampling) {
    Aggregate result{.model = input.models[model].name, .metric = metric.info().name, .estimate = {}, .message = {}};
    result.message = metric.undefined_because(input, model);
    if (!result.message.empty()) return result;
    const auto statistic = metric.over(input, model);
    Estimate& own = result.estimate;
    own.n = statistic->samples();
    own.value = statistic->value(std::vector<std::int32_t>(resampling.entries(), 1));
    if (!std::isfinite(own.value)) {
        own.value = std::numeric_limits<double>::quiet_NaN();
        result.message = "a sum that divides is 0: the reference loses nothing there";
        return result;
    }
    own.status = Status::ok;
    if (own.n < 2) return result;  // a single sample says nothing about its spread
    const Statistic* const statistics[] = {statistic.get()};
    const Bounds bounds = bias_corrected_interval(own.value, bootstrap(statistics, resampling).front());
    own.low = bounds.low;
    own.high = bounds.high;
    return result;
}

}  // namespace

CellRows rows_of(const Outcomes& outcomes, const Outcomes* partner) {
    const std::size_t n = outcomes.size();
    CellRows rows{std::vector<std::int8_t>(n, -1), std::vector<std::int8_t>(n, -1), std::vector<std::int8_t>(n, -1)};
    const auto own = outcomes.kept.find("top5");
    const bool ranked = partner != nullptr && own != outcomes.kept.end() && partner->kept.contains("top5");
    for (std::size_t i = 0; i < n; ++i) {
        if (!outcomes.counts(i) || outcomes.is_ood(i)) continue;
        const bool labelled = outcomes.target[i] >= 0 || outcomes.prediction[i] == not_finite;
        if (labelled) rows.error[i] = outcomes.correct(i) ? 0 : 1;
        if (partner == nullptr || !partner->counts(i)) continue;
        rows.flip[i] = outcomes.prediction[i] != partner->prediction[i] ? 1 : 0;
        if (!ranked) continue;
        const std::span<const float> second = own->second;
        const std::span<const float> first = partner->kept.at("top5");
        rows.top5_distance[i] = static_cast<std::int8_t>(
            top5_distance(first.subspan(i * top5_places, top5_places), second.subspan(i * top5_places, top5_places)));
    }
    return rows;
}

CurveMetricInput curve_metric_input(const RunRecord& record, const std::vector<Cell>& cells,
                                    const std::vector<EvaluatedRows>& rows) {
    CurveMetricInput input{.models = record.models,
                           .shifts = record.shifts,
                           .benchmark = record.benchmark,
                           .reference_model = std::nullopt,
                           .clean = {},
                           .levels = {}};
    std::map<std::string, std::size_t> places;
    for (std::size_t c = 0; c < cells.size(); ++c) places[cells[c].name] = c;
    const auto cell_named = [&](const std::string& name) {
        const auto found = places.find(name);
        return found == places.end() ? CurveCell{nullptr, "the run has no cell " + name, false}
                                     : curve_cell(rows[found->second]);
    };
    for (std::size_t m = 0; m < record.models.size(); ++m) {
        const std::string& model = record.models[m].name;
        if (model == record.reference_model) input.reference_model = m;
        input.clean.push_back(cell_named(cell_name(model, clean_shift, "0")));
        auto& shifts = input.levels.emplace_back();
        for (const ShiftInfo& shift : record.shifts) {
            auto& levels = shifts.emplace_back();
            for (const Level& level : shift.levels) {
                const bool shared = shift.reference_is_clean && level.value == 0.0;
                levels.push_back(shared ? input.clean.back() : cell_named(cell_name(model, shift.name, level.label)));
            }
        }
    }
    return input;
}

std::vector<Aggregate> aggregates_of(const RunRecord& record, const std::vector<Cell>& cells,
                                     const std::vector<EvaluatedRows>& rows, int threads) {
    const CurveMetricInput input = curve_metric_input(record, cells, rows);
    std::vector<std::pair<const CurveMetric*, std::size_t>> wanted;
    for (const CurveMetric* metric : all_curve_metrics()) {
        const bool named = std::find(record.curve_metrics.begin(), record.curve_metrics.end(), metric->info().name) !=
                           record.curve_metrics.end();
        if (!named && !metric->offered(input)) continue;
        for (std::size_t m = 0; m < record.models.size(); ++m) wanted.emplace_back(metric, m);
    }
    const std::uint64_t key = KeyHash().add("bootstrap").add(record.seed).add("over cells").value();
    const Resampling resampling(key, record.sample_ids.size());
    std::vector<Aggregate> aggregates(wanted.size());
    tbb::task_arena arena(std::max(threads, 1));
    arena.execute([&] {
        tbb::parallel_for(std::size_t{0}, wanted.size(), [&](std::size_t i) {
            aggregates[i] = estimate(*wanted[i].first, input, wanted[i].second, resampling);
        });
    });
    return aggregates;
}

}  // namespace misfire
