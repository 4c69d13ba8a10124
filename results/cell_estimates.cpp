#include "results/cell_estimates.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <tuple>

#include "core/random.h"
#include "results/statistics.h"

namespace misfire {
namespace {

// The entries that some metrics of a group share: rows, and the group of each where the metric looks at groups itself.
struct Entries {
    std::string kind;  // part of the bootstrap's key
    std::vector<std::uint32_t> rows;
    std::vector<std::uint32_t> groups;
    std::uint32_t group_count = 0;
};

bool is_paired(const CellInput& input, std::uint32_t row) {
    return input.outcomes.counts(row) && input.reference != nullptr && input.reference->counts(row);
}

// Out-of-distribution rows have no right answer: only metrics made for them look at them.
bool is_known(const CellInput& input, std::uint32_t row) {
    return input.outcomes.counts(row) && !input.outcomes.is_ood(row);
}

Entries plain_entries(const CellInput& input, const Group& group) {
    Entries entries{.kind = "rows", .rows = {}, .groups = {}};
    std::copy_if(group.rows.begin(), group.rows.end(), std::back_inserter(entries.rows),
                 [&](std::uint32_t row) { return is_known(input, row); });
    return entries;
}

Entries ood_entries(const CellInput& input, const Group& group) {
    Entries entries{.kind = "ood", .rows = {}, .groups = {}};
    std::copy_if(group.rows.begin(), group.rows.end(), std::back_inserter(entries.rows),
                 [&](std::uint32_t row) { return input.outcomes.counts(row); });
    return entries;
}

Entries paired_entries(const CellInput& input, const Group& group) {
    Entries entries{.kind = "pairs", .rows = {}, .groups = {}};
    std::copy_if(group.rows.begin(), group.rows.end(), std::back_inserter(entries.rows),
                 [&](std::uint32_t row) { return is_paired(input, row) && !input.outcomes.is_ood(row); });
    return entries;
}

Entries grouped_entries(const CellInput& input, std::span<const Group> groups) {
    Entries entries{.kind = "groups", .rows = {}, .groups = {}};
    for (const Group& group : groups.subspan(1)) {
        for (const std::uint32_t row : group.rows) {
            if (!is_known(input, row)) continue;
            entries.rows.push_back(row);
            entries.groups.push_back(entries.group_count);
        }
        ++entries.group_count;
    }
    return entries;
}

std::string undefined_because(const Metric& metric, const CellInput& cell, const MetricInput& input) {
    const MetricInfo& info = metric.info();
    if (cell.regression != info.regression) {
        return info.name + (info.regression ? " is of numbers, and the model answers classes"
                                            : " is of classes, and the model answers numbers");
    }
    if (cell.classes < info.minimum_classes) {
        return info.name + " needs at least " + std::to_string(info.minimum_classes) + " classes, the model has " +
               std::to_string(cell.classes);
    }
    if (info.pairs && input.reference == nullptr) return cell.no_reference_because;
    if (info.over_groups && input.group_count == 0) return info.name + " needs groups: name attributes under `groups:`";
    if (input.rows.empty()) {
        const bool only_ood = !info.over_ood && cell.outcomes.kept.contains(ood_column);
        return only_ood ? "no in-distribution samples" : "no samples";
    }
    return metric.undefined_because(input);
}

// Metrics that share their entries: values first, then one bootstrap for all that need it.
class SharedEstimates {
  public:
    SharedEstimates(const CellInput& cell, Entries entries, std::string group, std::span<const std::uint32_t> sources)
        : cell_(cell),
          entries_(std::move(entries)),
          group_(std::move(group)),
          input_{cell.outcomes,   cell.reference,       entries_.rows, cell.classes,
                 entries_.groups, entries_.group_count, cell.quantiles},
          ones_(entries_.rows.size(), 1) {
        if (sources.empty()) return;
        for (const std::uint32_t row : entries_.rows) sources_.push_back(sources[row]);
    }
    SharedEstimates(const SharedEstimates&) = delete;
    SharedEstimates& operator=(const SharedEstimates&) = delete;

    void add(GroupEstimate& result) {
        Estimate& estimate = result.estimate;
        estimate.n = static_cast<std::int64_t>(entries_.rows.size());
        result.message = undefined_because(*result.metric, cell_, input_);
        if (!result.message.empty()) return;
        auto statistic = result.metric->over(input_);
        estimate.value = statistic->value(ones_);
        if (std::isnan(estimate.value)) {
            result.message = "not defined over these samples";
            return;
        }
        estimate.status = Status::ok;
        if (result.metric->info().interval == Interval::wilson) {
            const auto hits = static_cast<std::int64_t>(std::llround(estimate.value * static_cast<double>(estimate.n)));
            const Bounds bounds = wilson_interval(hits, estimate.n);
            estimate.low = bounds.low;
            estimate.high = bounds.high;
        } else if (result.metric->info().interval == Interval::delong) {
            std::tie(estimate.low, estimate.high) = statistic->interval();
        } else if (result.metric->info().interval == Interval::bootstrap) {
            waiting_.push_back(&estimate);
            statistics_.push_back(std::move(statistic));
        }
    }

    void finish() {
        if (waiting_.empty()) return;
        const std::uint64_t key =
            KeyHash().add("bootstrap").add(cell_.seed).add(cell_.cell).add(group_).add(entries_.kind).value();
        const Resampling resampling(key, entries_.rows.size(), sources_, entries_.groups);
        if (resampling.units() < 2) return;  // a single sample says nothing about its spread
        std::vector<const Statistic*> statistics;
        for (const auto& statistic : statistics_) statistics.push_back(statistic.get());
        const auto replicates = bootstrap(statistics, resampling);
        for (std::size_t s = 0; s < waiting_.size(); ++s) {
            const Bounds bounds = bias_corrected_interval(waiting_[s]->value, replicates[s]);
            waiting_[s]->low = bounds.low;
            waiting_[s]->high = bounds.high;
        }
    }

  private:
    const CellInput& cell_;
    Entries entries_;
    std::string group_;
    MetricInput input_;
    std::vector<std::int32_t> ones_;
    std::vector<std::uint32_t> sources_;  // of the entries; empty: each is its own
    std::vector<Estimate*> waiting_;
    std::vector<std::unique_ptr<Statistic>> statistics_;
};

}  // namespace

std::vector<Group> groups_of(const RunRecord& record) {
    const auto samples = static_cast<std::uint32_t>(record.sample_ids.size());
    std::vector<Group> groups(1);
    for (std::uint32_t row = 0; row < samples; ++row) groups[0].rows.push_back(row);
    for (std::size_t a = 0; a < record.attribute_names.size(); ++a) {
        std::map<std::string, std::vector<std::uint32_t>> by_value;
        for (std::uint32_t row = 0; row < samples; ++row) {
            if (const std::string& value = record.attributes[a][row]; !value.empty()) by_value[value].push_back(row);
        }
        for (auto& [value, rows] : by_value)
            groups.push_back({record.attribute_names[a] + "=" + value, std::move(rows)});
    }
    return groups;
}

std::vector<std::uint32_t> shown_rows(const Outcomes& outcomes) {
    const auto shows = outcomes.kept.find(shows_column);
    if (shows == outcomes.kept.end()) return {};
    std::vector<std::uint32_t> shown(outcomes.size());
    bool others = false;
    for (std::uint32_t row = 0; row < outcomes.size(); ++row) {
        const float sample = shows->second[row];
        shown[row] = sample >= 0.0F ? static_cast<std::uint32_t>(sample) : row;
        others = others || shown[row] != row;
    }
    if (!others) shown.clear();
    return shown;
}

std::vector<std::uint32_t> shown_ood(const Outcomes& outcomes) {
    const auto shows = outcomes.kept.find(ood_row_column);
    if (shows == outcomes.kept.end()) return {};
    const auto samples = static_cast<std::uint32_t>(outcomes.size());
    std::vector<std::uint32_t> sources(samples);
    for (std::uint32_t row = 0; row < samples; ++row) {
        const float sample = shows->second[row];
        sources[row] = sample >= 0.0F ? samples + static_cast<std::uint32_t>(sample) : row;
    }
    return sources;
}

std::vector<Group> groups_showing(std::span<const Group> groups, std::span<const std::uint32_t> shown) {
    std::vector<Group> moved;
    for (const Group& group : groups) {
        std::vector<bool> member(shown.size(), false);
        for (const std::uint32_t row : group.rows) member[row] = true;
        moved.push_back({group.name, {}});
        for (std::uint32_t row = 0; row < shown.size(); ++row) {
            if (member[shown[row]]) moved.back().rows.push_back(row);
        }
    }
    return moved;
}

std::vector<GroupEstimate> estimate_cell(const CellInput& input, std::span<const Metric* const> metrics,
                                         std::span<const Group> groups, std::span<const std::uint32_t> sources) {
    std::vector<GroupEstimate> results;
    const std::vector<std::uint32_t> ood_sources = shown_ood(input.outcomes);
    for (const Metric* metric : metrics) {
        const std::size_t count = metric->info().whole_cell_only() ? 1 : groups.size();
        for (std::size_t g = 0; g < count; ++g) {
            results.push_back({.metric = metric, .group = g, .estimate = {}, .message = {}});
        }
    }
    for (std::size_t g = 0; g < groups.size(); ++g) {
        SharedEstimates plain(input, plain_entries(input, groups[g]), groups[g].name, sources);
        SharedEstimates paired(input, paired_entries(input, groups[g]), groups[g].name, sources);
        SharedEstimates grouped(input, g == 0 ? grouped_entries(input, groups) : Entries{}, groups[g].name, sources);
        SharedEstimates with_ood(input, g == 0 ? ood_entries(input, groups[g]) : Entries{}, groups[g].name,
                                 ood_sources);
        for (GroupEstimate& result : results) {
            if (result.group != g) continue;
            const MetricInfo& info = result.metric->info();
            (info.over_ood ? with_ood : info.over_groups ? grouped : info.pairs ? paired : plain).add(result);
        }
        plain.finish();
        paired.finish();
        grouped.finish();
        with_ood.finish();
    }
    return results;
}

}  // namespace misfire
