// The seam of scores: a number per sample that should tell what a model knows from what it does not. Always higher =
// more in-distribution (OpenOOD's convention). No I/O, no clock.
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
#include "core/model.h"
#include "core/outcome.h"

namespace misfire {

// Column of Outcomes::kept that holds a score: "score_msp".
inline std::string score_column(const std::string& name) { return "score_" + name; }

// One setting of a score: a number within a range, or one of some words.
struct ScoreOption {
    std::string name;
    std::string meaning;
    std::string default_value;  // as a user would write it; "auto" where it depends on something the meaning says
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();
    bool open = false;                      // low and high themselves are not allowed
    bool whole = false;                     // an integer
    std::vector<std::string> choices = {};  // not empty: one of these words instead of a number
    std::string usual = {};                 // values that papers sweep over, "" where there are none
};

struct ScoreInfo {
    std::string name;  // slug
    std::string summary;
    bool logits_themselves = false;  // not only up to a constant, as they are known from probabilities
    bool features = false;           // of the layer before the last
    bool classifier = false;         // weight and bias of the last layer
    bool gradient = false;           // of the answer by the input
    bool fit = false;                // wants the answers to a fit set
    bool labels = false;             // wants the fit set's labels, too
    std::vector<ScoreOption> options = {};
    std::string reference;      // paper
    std::string version = "1";  // of its numbers: raised when they change
};

// Values of all options of one score, checked against ScoreInfo (core/score_settings.h makes them).
class ScoreSettings {
  public:
    double number(const std::string& name) const { return find(numbers, name); }
    bool is_auto(const std::string& name) const { return std::isnan(number(name)); }
    std::size_t whole(const std::string& name) const { return static_cast<std::size_t>(number(name)); }
    const std::string& word(const std::string& name) const { return find(words, name); }

    std::map<std::string, double> numbers;  // NaN stands for "auto"
    std::map<std::string, std::string> words;

  private:
    template <typename Value>
    static const Value& find(const std::map<std::string, Value>& values, const std::string& name) {
        const auto found = values.find(name);
        if (found == values.end()) throw InternalError("A score reads an option that it does not declare: " + name);
        return found->second;
    }
};

// One score of a run: which one, under which name, with which settings.
struct ScoreSpec {
    std::string name;   // slug, unique in the run; metrics say auroc:<name>
    std::string score;  // name in the registry
    ScoreSettings settings;
};

// What became of one score of one model.
struct ScoreState {
    std::string model;
    std::string name;
    std::string score;
    std::string version;
    std::string options;  // all of them: "k=50", "" without
    Status status = Status::ok;
    std::string message;  // skipped: why; ok: what the fit found ("T = 1.42"), "" where there is nothing to say
};

// Samples as a model answered them. All row-major.
struct ScoreRows {
    std::int64_t rows = 0;
    std::int64_t classes = 0;
    std::int64_t features = 0;
    std::span<const float> logits;               // [rows, classes], finite
    std::span<const float> feature_values;       // [rows, features], finite; empty for scores that do not want them
    std::span<const std::int32_t> labels;        // [rows] of a fit set, -1 where unknown; empty without labels
    const Model* model = nullptr;                // what follows: for scores that want the gradient
    std::span<const std::int64_t> columns = {};  // of the answers that are the classes here; empty: all
    std::span<const float> input = {};           // [rows, channels, height, width]
    int height = 0;
    int width = 0;

    std::span<const float> logits_of(std::int64_t row) const {
        return logits.subspan(static_cast<std::size_t>(row * classes), static_cast<std::size_t>(classes));
    }
    std::span<const float> features_of(std::int64_t row) const {
        return feature_values.subspan(static_cast<std::size_t>(row * features), static_cast<std::size_t>(features));
    }
};

class Score {
  public:
    virtual ~Score() = default;
    // Called once, before score(). `rows` are those of the fit set, none where ScoreInfo::fit is false; `classifier` is
    // null unless ScoreInfo::classifier. Throws DataError: too few rows, no label known, nothing to tell apart.
    virtual void fit(const ScoreRows& rows, const Classifier* classifier) {
        static_cast<void>(rows);
        static_cast<void>(classifier);
    }
    // out: one number per row. A row's number depends on that row only, to the last bit. Thread-safe.
    virtual void score(const ScoreRows& rows, std::span<float> out) const = 0;
    // What the fit found that a reader of the results should know.
    virtual std::string note() const { return ""; }
};

// A line of the registry.
struct ScoreEntry {
    ScoreInfo info;
    std::unique_ptr<Score> (*make)(const ScoreSettings& settings) = nullptr;
};

}  // namespace misfire
