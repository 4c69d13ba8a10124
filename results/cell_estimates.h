// All metrics of one cell, over all its rows and per group.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/outcome.h"
#include "results/run_record.h"

namespace misfire {

// "attribute=value" and its canonical rows; "" stands for all rows.
struct Group {
    std::string name;
    std::vector<std::uint32_t> rows;
};

// All rows first, then the groups by attribute in the record's order and by value; samples without a value are in none.
std::vector<Group> groups_of(const RunRecord& record);

struct GroupEstimate {
    const Metric* metric = nullptr;
    std::size_t group = 0;  // index in groups
    Estimate estimate;
    std::string message;  // why it is undefined
};

struct CellInput {
    const Outcomes& outcomes;             // canonical order
    const Outcomes* reference = nullptr;  // null where there is nothing to pair with
    std::string no_reference_because;     // said where a metric needs one
    std::int64_t classes = 0;
    std::uint64_t seed = 0;  // of the run
    std::string cell;        // name: part of the bootstrap's key
    bool regression = false;
    std::span<const double> quantiles = {};  // of a regression that answers several
};

// In the order of `metrics`, then groups. `sources`: the sample each row stems from where rows repeat, so that the
// bootstrap keeps them together; empty: each row is its own. Metrics that look at the groups themselves come for group
// 0 only. The bootstrap draws of a group are shared by its metrics.
std::vector<GroupEstimate> estimate_cell(const CellInput& input, std::span<const Metric* const> metrics,
                                         std::span<const Group> groups, std::span<const std::uint32_t> sources = {});

// The sample that each row of a cell shows, where a shift shows others than the row's own; empty where none does. Rows
// that do not count show themselves.
std::vector<std::uint32_t> shown_rows(const Outcomes& outcomes);

// What each row of a cell stems from where out-of-distribution samples of a set may occur several times: a number per
// sample and one per member of the set. Empty where there are none.
std::vector<std::uint32_t> shown_ood(const Outcomes& outcomes);

// The groups by the samples that rows show.
std::vector<Group> groups_showing(std::span<const Group> groups, std::span<const std::uint32_t> shown);

}  // namespace misfire
