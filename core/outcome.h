// What is kept of each answer of a model, and the seam of the numbers made from it.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace misfire {

// What `prediction` says where there is no class.
inline constexpr std::int32_t not_finite = -1;  // the model answered with NaN or infinity: a wrong answer
inline constexpr std::int32_t unreadable = -2;  // the input could not be read: counts in no metric
inline constexpr std::int32_t not_run = -3;     // no tile holds the row yet: counts in no metric

// Columns of Outcomes::kept that the program fills by itself.
inline constexpr const char* value_column = "value";    // regression: what the model answered
inline constexpr const char* actual_column = "actual";  // regression: what was true
inline constexpr const char* quantiles_column =
    "quantiles";  // regression: [rows, quantiles] where the model gives them
inline constexpr const char* inputs_column =
    "inputs";  // [rows, inputs] what monitors of inputs look at, when one asks for it
inline constexpr const char* shows_column = "row";  // place in the run of the sample that was shown in this row
inline constexpr const char* ood_column = "ood";    // 1: an out-of-distribution sample was shown; 0, or no column: not
inline constexpr const char* ood_row_column = "ood_row";  // see Sample::ood_row

// Columns of equal length, one row per sample. Of a regression, prediction is 0 where there is an answer, and the
// columns of classes and probabilities say nothing.
struct Outcomes {
    std::vector<std::int32_t> prediction;  // class index, or one of the codes above
    std::vector<std::int32_t> target;      // class index; -1 where unknown (then no answer is correct)
    std::vector<std::int32_t>
        target_rank;                // place of the target among the sorted outputs, from 0; number of classes when
                                    // not finite or without target; < 0 as prediction where there was no answer
    std::vector<float> confidence;  // largest probability; NaN when not finite
    std::vector<float> loss;        // -log p(target), natural logarithm; NaN when not finite or without target
    std::vector<float> brier;       // sum over classes of (p - onehot)^2, in [0, 2]; NaN as loss
    std::map<std::string, std::vector<float>>
        kept;  // "logits": [rows * classes], "top5": [rows * 5], only when asked for
    std::size_t size() const { return prediction.size(); }
    bool counts(std::size_t row) const { return prediction[row] >= not_finite; }
    bool correct(std::size_t row) const { return prediction[row] >= 0 && prediction[row] == target[row]; }
    bool is_ood(std::size_t row) const {
        const auto found = kept.find(ood_column);
        return found != kept.end() && found->second[row] == 1.0F;
    }
};

enum class Direction { higher_is_better, lower_is_better, neither };

inline const char* name_of(Direction direction) {
    switch (direction) {
        case Direction::higher_is_better: return "higher is better";
        case Direction::lower_is_better: return "lower is better";
        case Direction::neither: return "neither";
    }
    return "";
}

enum class Status { ok, error, skipped, undefined };

inline const char* name_of(Status status) {
    switch (status) {
        case Status::ok: return "ok";
        case Status::error: return "error";
        case Status::skipped: return "skipped";
        case Status::undefined: return "undefined";
    }
    return "";
}

// A value with its 95 % interval.
struct Estimate {
    double value = std::numeric_limits<double>::quiet_NaN();
    double low = std::numeric_limits<double>::quiet_NaN();
    double high = std::numeric_limits<double>::quiet_NaN();
    std::int64_t n = 0;
    Status status = Status::undefined;
};

// How the 95 % interval is made: Wilson's score interval (the value is a proportion of the rows), the bootstrap, or
// DeLong's variance of an area under the ROC curve (Statistic::interval()).
enum class Interval { wilson, bootstrap, delong, none };

inline const char* name_of(Interval interval) {
    switch (interval) {
        case Interval::wilson: return "Wilson";
        case Interval::bootstrap: return "bootstrap";
        case Interval::delong: return "DeLong";
        case Interval::none: return "none";
    }
    return "";
}

// Where a curve counts as broken unless the user says otherwise.
enum class BreakingRule { none, half_way_to_chance, twice_reference };

inline const char* name_of(BreakingRule rule) {
    switch (rule) {
        case BreakingRule::none: return "none";
        case BreakingRule::half_way_to_chance: return "half way from the reference value to chance";
        case BreakingRule::twice_reference: return "twice the reference value";
    }
    return "";
}

struct MetricInfo {
    std::string name;
    std::string summary;
    std::string unit;  // "fraction", "nat", "1"
    Direction direction = Direction::higher_is_better;
    BreakingRule breaking = BreakingRule::none;
    Interval interval = Interval::bootstrap;
    bool regression = false;   // of numbers; otherwise of classes
    bool in_time = false;      // needs the rows in the order of time: no bootstrap, no groups
    bool pairs = false;        // needs the reference level's outcomes of the same samples
    bool over_groups = false;  // looks at the groups itself (worst group); not evaluated per group
    bool over_ood = false;     // looks at out-of-distribution rows, too, which every other metric is spared; no groups
    int minimum_classes = 2;
    bool of_correctness = false;  // looks at nothing but which answers are right: baselines keep that of every sample
    std::string kept =
        {};  // column of Outcomes::kept that it reads, "" for none: runs keep it when asked for the metric
    std::string reference;  // source of the formula
    bool whole_cell_only() const { return in_time || over_groups || over_ood; }
};

// Rows of one cell that a metric looks at. All of them count (see Outcomes::counts); in the reference, too, where the
// metric pairs.
struct MetricInput {
    const Outcomes& outcomes;
    const Outcomes* reference = nullptr;  // the same samples row by row; null where the cell has none
    std::span<const std::uint32_t> rows;  // indices into the columns of both
    std::int64_t classes = 0;
    std::span<const std::uint32_t> groups;   // group of each entry of `rows`, below group_count; empty: no groups.
    std::uint32_t group_count = 0;           // A row stands in `rows` once per group it belongs to.
    std::span<const double> quantiles = {};  // levels of Outcomes::kept[quantiles_column], ascending
};

// A metric bound to its rows, cheap to evaluate again and again (bootstrap).
class Statistic {
  public:
    virtual ~Statistic() = default;
    // weights[i]: how often entry i of MetricInput::rows counts; all ones give the value of the metric. NaN where
    // undefined.
    virtual double value(std::span<const std::int32_t> weights) const = 0;
    // Interval::delong: low and high of the 95 % interval; NaN where there is none.
    virtual std::pair<double, double> interval() const {
        return {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()};
    }
};

class Metric {
  public:
    virtual ~Metric() = default;
    virtual const MetricInfo& info() const = 0;
    // Why the metric has no value over these rows, "" where it has one. What holds for all metrics (no rows, too few
    // classes, no reference, no groups) is asked by the caller.
    virtual std::string undefined_because(const MetricInput&) const { return ""; }
    // The statistic keeps no reference to the input. Requires undefined_because(input) to be empty.
    virtual std::unique_ptr<Statistic> over(const MetricInput& input) const = 0;
    // Value of a model that guesses, NaN where the metric has none.
    virtual double chance(std::int64_t classes) const {
        static_cast<void>(classes);
        return std::numeric_limits<double>::quiet_NaN();
    }
};

}  // namespace misfire
