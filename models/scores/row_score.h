// What most scores have in common: one formula, row by row.
#pragma once

#include <span>
#include <vector>

#include "core/score.h"
#include "models/scores/softmax.h"

namespace misfire::scores {

// A function of the logits of a row.
class RowScore : public Score {
  public:
    void score(const ScoreRows& rows, std::span<float> out) const final {
        std::vector<double> p;
        for (std::int64_t r = 0; r < rows.rows; ++r)
            out[static_cast<std::size_t>(r)] = static_cast<float>(value(rows.logits_of(r), p));
    }

  private:
    // `p` is room for probabilities.
    virtual double value(std::span<const float> logits, std::vector<double>& p) const = 0;
};

inline ScoreOption number(std::string name, std::string meaning, std::string default_value, double low, double high,
                          std::string usual = "") {
    ScoreOption option;
    option.name = std::move(name);
    option.meaning = std::move(meaning);
    option.default_value = std::move(default_value);
    option.low = low;
    option.high = high;
    option.usual = std::move(usual);
    return option;
}

// Strictly between low and high.
inline ScoreOption between(std::string name, std::string meaning, std::string default_value, double low, double high,
                           std::string usual = "") {
    ScoreOption option =
        number(std::move(name), std::move(meaning), std::move(default_value), low, high, std::move(usual));
    option.open = true;
    return option;
}

inline ScoreOption whole(std::string name, std::string meaning, std::string default_value, double low,
                         std::string usual = "") {
    ScoreOption option =
        number(std::move(name), std::move(meaning), std::move(default_value), low, 1e9, std::move(usual));
    option.whole = true;
    return option;
}

inline constexpr double no_limit = std::numeric_limits<double>::infinity();

template <typename ScoreClass>
std::unique_ptr<Score> make(const ScoreSettings& settings) {
    return std::make_unique<ScoreClass>(settings);
}

}  // namespace misfire::scores
