// The seam of monitors: what could have warned that a model's inputs, errors or confidences are no longer what they
// were. Three kinds: a streaming monitor takes one number after another, a batch monitor compares a current sample with
// a reference, and an estimator guesses the accuracy on unlabelled data. No I/O, no clock; indices count from 0.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/error.h"

namespace misfire {

enum class MonitorKind { streaming, batch, estimate };

inline const char* name_of(MonitorKind kind) {
    switch (kind) {
        case MonitorKind::streaming: return "streaming";
        case MonitorKind::batch: return "batch";
        case MonitorKind::estimate: return "estimate";
    }
    return "";
}

// What a monitor wants to be fed with.
enum class MonitorInput {
    error,          // 1: the model was wrong, 0: it was right
    correct,        // 1: the model was right, 0: it was wrong
    share,          // a real number in [0, 1] that grows with harm, such as an error or a bounded loss
    value,          // any finite real number
    rows,           // matrix of samples x features
    probabilities,  // matrix of samples x classes, rows sum to 1
};

inline const char* name_of(MonitorInput input) {
    switch (input) {
        case MonitorInput::error: return "error (1 = wrong, 0 = right)";
        case MonitorInput::correct: return "correct (1 = right, 0 = wrong)";
        case MonitorInput::share: return "number in [0, 1] (1 = worst)";
        case MonitorInput::value: return "any number";
        case MonitorInput::rows: return "rows of features";
        case MonitorInput::probabilities: return "rows of class probabilities";
    }
    return "";
}

// Whether fit() is wanted: never, if there is a reference, or before anything else.
enum class MonitorReference { none, optional, required };

inline const char* name_of(MonitorReference reference) {
    switch (reference) {
        case MonitorReference::none: return "none";
        case MonitorReference::optional: return "optional";
        case MonitorReference::required: return "required";
    }
    return "";
}

// One setting of a monitor: a number within a range, or one of some words.
struct MonitorParameter {
    std::string name;
    std::string meaning;
    std::string default_value;  // as a user would write it; "auto" where it depends on something the meaning says
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();
    bool open = false;                 // low and high themselves are not allowed
    bool whole = false;                // an integer
    std::vector<std::string> choices;  // not empty: one of these words instead of a number
    std::string belongs_to;  // "form=frouros": refused where that other parameter has another value; "": always used
};

struct MonitorInfo {
    std::string name;  // slug
    std::string summary;
    MonitorKind kind = MonitorKind::streaming;
    MonitorInput input = MonitorInput::value;
    MonitorReference reference = MonitorReference::none;
    bool warns = false;  // has a warning level below the alarm
    std::vector<MonitorParameter> parameters;
    std::string guarantee;  // what is known of its false alarms; "" where nothing is
    std::string source;     // paper, and the library whose present behaviour the defaults follow
};

// Values of all parameters of one monitor, checked against MonitorInfo (results/monitors/settings.h makes them).
class MonitorSettings {
  public:
    // NaN stands for "auto".
    double number(const std::string& name) const { return find(numbers, name); }
    double number(const std::string& name, double instead_of_auto) const {
        const double value = number(name);
        return std::isnan(value) ? instead_of_auto : value;
    }
    std::size_t whole(const std::string& name) const { return static_cast<std::size_t>(number(name)); }
    const std::string& word(const std::string& name) const { return find(words, name); }

    std::map<std::string, double> numbers;
    std::map<std::string, std::string> words;

  private:
    template <typename Value>
    static const Value& find(const std::map<std::string, Value>& values, const std::string& name) {
        const auto found = values.find(name);
        if (found == values.end())
            throw InternalError("A monitor reads a parameter it does not declare: " + name + ".");
        return found->second;
    }
};

enum class Signal : std::uint8_t { none, warning, alarm };

inline const char* name_of(Signal signal) {
    switch (signal) {
        case Signal::none: return "none";
        case Signal::warning: return "warning";
        case Signal::alarm: return "alarm";
    }
    return "";
}

// Why a value must not be fed to a streaming monitor that wants `input`, "" when it may.
inline std::string refusal_of(MonitorInput input, double value) {
    if (!std::isfinite(value)) return "a finite number";
    switch (input) {
        case MonitorInput::error:
        case MonitorInput::correct: return value == 0.0 || value == 1.0 ? "" : "0 or 1";
        case MonitorInput::share: return value >= 0.0 && value <= 1.0 ? "" : "a number from 0 to 1";
        default: return "";
    }
}

class StreamMonitor {
  public:
    virtual ~StreamMonitor() = default;
    // Values from a time when all was well. Throws UsageError where the monitor takes no reference, DataError where
    // this one cannot serve. To be called before the first update().
    virtual void fit(std::span<const double> reference) = 0;
    // The next value; requires refusal_of(info.input, value) to be empty. What the monitor says of it: a warning holds
    // for this value only, and is said again of each further value inside the warning zone. After an alarm the state
    // is cleared according to the parameter `reset`.
    virtual Signal update(double value) = 0;
    // Values since the state was last cleared: with reset=start an alarm still shows the window it was raised on, with
    // reset=inside it shows 0.
    virtual std::size_t samples() const = 0;
};

// Row-major matrix that belongs to someone else.
struct MonitorRows {
    std::span<const double> values;  // rows * columns
    std::size_t rows = 0;
    std::size_t columns = 0;
    std::span<const double> row(std::size_t r) const { return values.subspan(r * columns, columns); }
};

struct FeatureTest {
    double statistic = std::numeric_limits<double>::quiet_NaN();
    double p_value = std::numeric_limits<double>::quiet_NaN();  // before any correction; NaN where there is none
};

struct BatchResult {
    double statistic = std::numeric_limits<double>::quiet_NaN();  // the largest over the features, or the only one
    double p_value = std::numeric_limits<double>::quiet_NaN();    // NaN: the monitor compares its statistic
    double threshold = 0.0;  // alarm when p_value <= threshold; without a p_value, when statistic >= threshold
    bool alarm = false;
    std::vector<FeatureTest> features;  // one per column; empty for monitors of the whole row
};

class BatchMonitor {
  public:
    virtual ~BatchMonitor() = default;
    // Keeps what it needs of the reference. Throws DataError: too few rows, values that are not finite.
    virtual void fit(const MonitorRows& reference) = 0;
    // Compares a sample with the reference; the same rows give the same answer at any time. Throws DataError as fit(),
    // and where the columns are not those of the reference; UsageError before fit().
    virtual BatchResult test(const MonitorRows& current) const = 0;
};

// An accuracy that nobody measured. Never to be shown as a measured one.
struct EstimatedAccuracy {
    double value = std::numeric_limits<double>::quiet_NaN();
    double low = std::numeric_limits<double>::quiet_NaN();  // band of the method; NaN where it has none
    double high = std::numeric_limits<double>::quiet_NaN();
};

class AccuracyEstimator {
  public:
    virtual ~AccuracyEstimator() = default;
    // Validation data of the model: probabilities [n, classes] and the true class of each row. Throws DataError.
    virtual void fit(const MonitorRows& probabilities, std::span<const std::int32_t> labels) = 0;
    // Throws DataError, and UsageError before fit().
    virtual EstimatedAccuracy estimate(const MonitorRows& probabilities) const = 0;
};

// A line of the registry: metadata and the one maker that fits its kind.
struct MonitorEntry {
    MonitorInfo info;
    std::unique_ptr<StreamMonitor> (*make_stream)(const MonitorSettings& settings) = nullptr;
    std::unique_ptr<BatchMonitor> (*make_batch)(const MonitorSettings& settings) = nullptr;
    std::unique_ptr<AccuracyEstimator> (*make_estimator)(const MonitorSettings& settings) = nullptr;
};

}  // namespace misfire
