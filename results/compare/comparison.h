// What became better and what worse between two runs: one row per cell, curve and group, judged as a family.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "results/compare/paired_runs.h"

namespace misfire {

enum class Word {
    regressed,
    improved,
    changed,       // significant, of a metric of which neither more nor less is better
    unchanged,     // the interval lies within the margin
    inconclusive,  // neither
};
const char* name_of(Word word);

struct ComparedRow {
    std::string run;  // path of the second run
    std::string model;
    std::string shift;   // "*" for numbers over a whole run
    std::string label;   // of the level; "" for a whole curve
    std::string metric;  // "accuracy", "accuracy.area", "accuracy.breaking_point", "mce"
    std::string group;
    std::string unit;
    Direction direction = Direction::neither;
    double first = std::numeric_limits<double>::quiet_NaN();
    double second = std::numeric_limits<double>::quiet_NaN();
    std::int64_t n = 0;
    std::optional<Discordance> pairs;
    Difference difference;
    double p_adjusted = std::numeric_limits<double>::quiet_NaN();
    double margin = 0.0;  // an interval within plus and minus this is no change
    Word word = Word::inconclusive;
    std::string message;       // why there is no comparison
    std::string name() const;  // "model/shift/label"
};

struct ComparisonOptions {
    std::vector<std::string> metrics;  // of cells and over the run
    std::vector<std::string> shifts;   // patterns (* and ?); empty: all
    bool groups = false;               // groups of samples besides all of them
    std::optional<double> margin;      // instead of default_margin()
    int threads = 1;
};

// 0.01 for fractions, 1 for percentages, a quarter of a level for breaking points, otherwise 2 % of the first value.
double default_margin(const std::string& metric, const std::string& unit, double first);

// Cells, areas and breaking points of every model and shift that both runs have, numbers over the run; not judged yet.
std::vector<ComparedRow> compare_runs(const PairedRuns& runs, const ComparisonOptions& options);

// Holm's adjustment over all rows, and the words: significant at 5 % after it, or within the margin, or neither.
void judge(std::vector<ComparedRow>& rows);

// Whether a text fits a pattern of *, ? and plain characters.
bool fits_pattern(const std::string& pattern, const std::string& text);

}  // namespace misfire
