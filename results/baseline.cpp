#include "results/baseline.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/error.h"
#include "core/random.h"
#include "results/cell_estimates.h"
#include "results/hdf5_tables.h"
#include "results/metrics/registry.h"

namespace misfire {
namespace {

// Of the columns of sampled rows, as they lie in the file before compression takes about a third.
constexpr std::size_t budget_bytes = 700'000;

// Columns of outcomes that the run's metrics read besides which answers are right.
std::set<std::string> needed_columns(const RunRecord& record, bool regression) {
    std::set<std::string> columns;
    for (const std::string& name : record.metrics) {
        const MetricInfo& info = metric_named(name).info();
        if (info.of_correctness || info.regression != regression) continue;
        columns.insert("prediction");
        if (name == "top5") columns.insert("target_rank");
        if (name == "nll") columns.insert("loss");
        if (name == "brier") columns.insert("brier");
        if (name == "ece" || name == "ece_debiased" || name == "mean_confidence") columns.insert("confidence");
        if (!info.kept.empty()) columns.insert(info.kept);
        if (info.regression) columns.insert({value_column, actual_column});
        if (name == "pinball_loss" || name == "quantile_coverage") columns.insert(quantiles_column);
    }
    return columns;
}

// The rows that come first in a keyed order: a random sample, the same for every baseline of these data and seed.
std::vector<std::uint32_t> sample_of(const RunRecord& record, std::size_t count) {
    std::vector<std::pair<std::uint64_t, std::uint32_t>> order;
    for (std::uint32_t row = 0; row < record.sample_ids.size(); ++row)
        order.emplace_back(
            KeyHash().add("misfire baseline sample").add(record.seed).add(record.sample_ids[row]).value(), row);
    std::sort(order.begin(), order.end());
    std::vector<std::uint32_t> rows;
    for (std::size_t i = 0; i < std::min(count, order.size()); ++i) rows.push_back(order[i].second);
    std::sort(rows.begin(), rows.end());
    return rows;
}

// What is kept of the outcomes, gathered cell by cell.
class PackedOutcomes {
  public:
    explicit PackedOutcomes(const ResultsFile& run) : run_(run) {
        for (const CellResult& cell : run.summary().results.cells) {
            if (run.has_outcomes(cell.cell)) cells_.push_back(cell.cell);
        }
        const auto& models = run.record().models;
        regression_ = !models.empty() && models.front().output == OutputKind::regression;
        columns_ = needed_columns(run.record(), regression_);
        const std::size_t bytes = std::max<std::size_t>(1, 4 * columns_.size() * cells_.size());
        rows_ = columns_.empty() ? std::vector<std::uint32_t>{} : sample_of(run.record(), budget_bytes / bytes);
        if (run.is_baseline()) rows_ = run.sampled_rows();
    }

    void gather() {
        const std::size_t samples = run_.record().sample_ids.size();
        const std::size_t width = width_of(samples);
        correct_.assign(cells_.size() * width, 0);
        counted_.assign(cells_.size() * width, 0);
        for (std::size_t c = 0; c < cells_.size(); ++c) {
            const Outcomes outcomes = run_.outcomes(cells_[c]);
            for (std::size_t row = 0; row < samples; ++row) {
                const auto bit = static_cast<std::uint8_t>(1U << (row % 8));
                if (outcomes.counts(row)) counted_[c * width + row / 8] |= bit;
                if (outcomes.counts(row) && outcomes.correct(row)) correct_[c * width + row / 8] |= bit;
            }
            add_sampled(outcomes);
        }
    }

    void write(hdf5::Writer& file) const {
        const std::size_t samples = run_.record().sample_ids.size();
        file.group("/baseline");
        file.attribute("/baseline", "kept",
                       "which answers are right of " + std::to_string(samples) + " samples; all else of " +
                           std::to_string(rows_.size()));
        file.strings("/baseline/cell", cells_);
        file.array("/baseline/correct", correct_, {cells_.size(), width_of(samples)});
        file.array("/baseline/counted", counted_, {cells_.size(), width_of(samples)});
        file.array("/baseline/rows", std::vector<std::int32_t>(rows_.begin(), rows_.end()), {rows_.size()});
        for (const auto& [name, values] : integers_)
            file.array("/baseline/" + name, values, {cells_.size(), rows_.size()});
        for (const auto& [name, values] : reals_) {
            const std::size_t entries = cells_.size() * rows_.size();
            file.array("/baseline/" + name, values, {cells_.size(), rows_.size(), values.size() / entries});
        }
    }

    BaselineSize size() const {
        return {0, static_cast<std::int64_t>(cells_.size()), static_cast<std::int64_t>(run_.record().sample_ids.size()),
                static_cast<std::int64_t>(rows_.size())};
    }

  private:
    static std::size_t width_of(std::size_t samples) { return (samples + 7) / 8; }

    template <typename T>
    void take(std::vector<T>& to, const std::vector<T>& column, std::size_t samples) {
        const std::size_t width = samples == 0 ? 0 : column.size() / samples;
        for (const std::uint32_t row : rows_) {
            const auto begin = column.begin() + static_cast<std::ptrdiff_t>(row * width);
            to.insert(to.end(), begin, begin + static_cast<std::ptrdiff_t>(width));
        }
    }

    void add_sampled(const Outcomes& outcomes) {
        if (rows_.empty()) return;
        const std::size_t samples = outcomes.size();
        take(integers_["prediction"], outcomes.prediction, samples);
        if (!regression_) take(integers_["target"], outcomes.target, samples);
        if (columns_.contains("target_rank")) take(integers_["target_rank"], outcomes.target_rank, samples);
        for (const auto& [name, column] : {std::pair{"confidence", &outcomes.confidence},
                                           std::pair{"loss", &outcomes.loss}, std::pair{"brier", &outcomes.brier}}) {
            if (columns_.contains(name)) take(reals_[name], *column, samples);
        }
        for (const auto& [name, column] : outcomes.kept) {
            if (columns_.contains(name)) take(reals_[name], column, samples);
        }
    }

    const ResultsFile& run_;
    bool regression_ = false;
    std::vector<std::string> cells_;
    std::set<std::string> columns_;
    std::vector<std::uint32_t> rows_;
    std::map<std::string, std::vector<std::int32_t>> integers_;
    std::map<std::string, std::vector<float>> reals_;
    std::vector<std::uint8_t> correct_;  // [cell, sample / 8], lowest bit first
    std::vector<std::uint8_t> counted_;
};

void require_whole(const ResultsFile& run) {
    if (!run.summary().results.complete)
        throw StoreError("The run " + run.path().string() +
                         " is not complete, so it cannot be a baseline. Finish it first: misfire resume.");
    const auto& cells = run.summary().results.cells;
    if (std::none_of(cells.begin(), cells.end(), [&](const CellResult& cell) { return run.has_outcomes(cell.cell); }))
        throw StoreError(run.path().string() +
                         " holds no outcomes per sample, which a baseline needs. Give the results.h5 as the run wrote "
                         "it.");
}

}  // namespace

BaselineSize write_baseline(const std::filesystem::path& path, const ResultsFile& run) {
    require_whole(run);
    RunResults results = run.summary().results;
    std::erase_if(results.points, [](const Point& point) { return !point.group.empty(); });
    results.checks.clear();
    PackedOutcomes packed(run);
    packed.gather();
    {
        const hdf5::LibraryLock lock;
        hdf5::Writer file(path);
        hdf5::write_tables(file, run.record(), run.summary().data_sha256, results);
        file.group("/curves");
        file.table("/samples/ids", {{"id", run.record().sample_ids}});
        if (!run.record().targets.empty())
            file.array("/samples/columns/target", run.record().targets, {run.record().targets.size()});
        packed.write(file);
        hdf5::write_environment(file, run.record(), results);
        file.attribute("/", "complete", std::int64_t{1});
        file.finish();
    }
    BaselineSize size = packed.size();
    size.bytes = std::filesystem::file_size(path);
    return size;
}

}  // namespace misfire
