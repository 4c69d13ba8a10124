// One curve (model and shift) in two runs: its cells level by level, and what a curve says in one number.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "results/compare/paired_runs.h"

namespace misfire {

// A level that both runs have.
struct PairedLevel {
    std::size_t first_cell = 0;  // place in cells_of() of the runs
    std::size_t second_cell = 0;
    std::string cell;  // name in the second run
    double level = 0.0;
    std::string label;
    bool reference = false;
};

class CurvePair {
  public:
    // `shift`: name of a shift that both runs have, or "clean" for the clean cell alone. Outcomes are read as they are
    // needed and kept as long as this lives. Not thread-safe; several may work at once on one PairedRuns.
    CurvePair(const PairedRuns& runs, std::pair<std::size_t, std::size_t> models, const std::string& shift);

    const std::vector<PairedLevel>& levels() const { return levels_; }

    // A metric at each of levels() over a group of the units (an element of runs.groups()).
    std::vector<PairedNumber> at_levels(const Metric& metric, const Group& group, bool with_draws);

    std::int64_t classes() const;  // of the model in the second run

  private:
    struct Bound;
    struct Sides;
    struct Entries;
    const Outcomes& outcomes(bool first, std::size_t cell, bool correctness_only);
    std::string missing_because(bool first, std::size_t cell) const;
    // Fills `sides`; says why there is nothing to compare.
    std::string read_sides(const PairedLevel& level, const Metric& metric, Sides& sides);
    Entries entries_of(const Sides& sides, const MetricInfo& info, const Group& group) const;
    Bound bind(const PairedLevel& level, const Metric& metric, const Group& group);

    const PairedRuns& runs_;
    std::pair<std::size_t, std::size_t> models_;
    std::vector<Cell> first_cells_;
    std::vector<Cell> second_cells_;
    std::vector<PairedLevel> levels_;
    std::map<std::tuple<bool, std::size_t, bool>, Outcomes> read_;
};

// Area, drop and breaking point of a curve whose values at `levels` are `numbers`; draws where these have some.
PairedNumber area_of(const std::vector<PairedLevel>& levels, const std::vector<PairedNumber>& numbers,
                     Direction direction);
// Area of both measured from the clean value of the first run: divided by it where higher is better, otherwise less it.
// So the luck of the second clean cell plays no part, and a second model is not blamed for better clean answers.
PairedNumber area_from_first_reference(const std::vector<PairedLevel>& levels, const std::vector<PairedNumber>& numbers,
                                       Direction direction);
PairedNumber drop_of(const std::vector<PairedLevel>& levels, const std::vector<PairedNumber>& numbers,
                     Direction direction);
// The threshold of the metric's rule is each run's own, as in the run.
PairedNumber breaking_point_of(const std::vector<PairedLevel>& levels, const std::vector<PairedNumber>& numbers,
                               const Metric& metric, std::int64_t classes);

// Mean of several numbers; undefined where one of them is.
PairedNumber mean_of(const std::vector<PairedNumber>& numbers);

}  // namespace misfire
