// What every registered score must obey. A new score is tested here by being in the registry.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "tests/unit/scores_fixture.h"

namespace misfire::test {
namespace {

class EveryScore : public testing::TestWithParam<std::string> {
  protected:
    EveryScore() : scores_(*data_.model, {spec(GetParam())}) { scores_.fit(data_.fit_outputs(), data_.fit_labels); }

    // Scores of rows [first, first + count) alone.
    std::vector<float> part(std::size_t first, std::size_t count) const {
        const auto depth = static_cast<std::size_t>(data_.made.depth);
        return column(std::span(data_.features).subspan(first * depth, count * depth));
    }
    std::vector<float> column(std::span<const float> features) const {
        const int width = static_cast<int>(data_.made.depth);
        const auto rows = static_cast<std::int64_t>(features.size()) / width;
        return scores_.score(data_.model->predict(features, rows, 1, width, true), features, 1, width)[0];
    }

    ScoreData data_{{}};
    ModelScores scores_;
};

TEST_P(EveryScore, IsAFunctionOfTheRowToTheLastBit) {
    const std::vector<float> all = part(0, 100);
    for (const std::size_t size : {std::size_t{1}, std::size_t{7}, std::size_t{33}, std::size_t{64}}) {
        for (std::size_t first = 0; first < all.size(); first += size) {
            const std::size_t count = std::min(size, all.size() - first);
            const std::vector<float> some = part(first, count);
            for (std::size_t i = 0; i < count; ++i)
                ASSERT_EQ(std::bit_cast<std::uint32_t>(some[i]), std::bit_cast<std::uint32_t>(all[first + i]))
                    << "row " << first + i << " among " << count;
        }
    }
    const auto depth = static_cast<std::size_t>(data_.made.depth);
    std::vector<float> backwards;
    for (std::size_t r = all.size(); r-- > 0;)
        backwards.insert(backwards.end(), data_.features.begin() + static_cast<std::ptrdiff_t>(r * depth),
                         data_.features.begin() + static_cast<std::ptrdiff_t>((r + 1) * depth));
    const std::vector<float> turned = column(backwards);
    for (std::size_t r = 0; r < all.size(); ++r) ASSERT_EQ(turned[all.size() - 1 - r], all[r]);
}

TEST_P(EveryScore, AnAnswerThatIsNotFiniteHasNoScoreAndDisturbsNoOther) {
    const std::vector<float> clean = part(0, 10);
    Outputs outputs = data_.model->predict(std::span(data_.features).first(10 * 64), 10, 1, 64, true);
    outputs.values[3 * 10 + 2] = std::numeric_limits<float>::quiet_NaN();
    outputs.values[5 * 10] = std::numeric_limits<float>::infinity();
    outputs.features[7 * 64 + 1] = std::numeric_limits<float>::quiet_NaN();
    const std::vector<float> scores = scores_.score(outputs, std::span(data_.features).first(10 * 64), 1, 64)[0];
    for (std::size_t r = 0; r < scores.size(); ++r) {
        if (r == 3 || r == 5 || r == 7)
            EXPECT_TRUE(std::isnan(scores[r])) << "row " << r;
        else
            EXPECT_EQ(scores[r], clean[r]) << "row " << r;
    }
}

TEST_P(EveryScore, FittedTwiceGivesTheSameBits) {
    ModelScores again(*data_.model, {spec(GetParam())});
    again.fit(data_.fit_outputs(), data_.fit_labels);
    const std::vector<float> first = part(0, 64);
    const Outputs outputs = data_.model->predict(std::span(data_.features).first(64 * 64), 64, 1, 64, true);
    EXPECT_EQ(again.score(outputs, std::span(data_.features).first(64 * 64), 1, 64)[0], first);
}

// A constant answer, features of zeros: a number all the same.
TEST_P(EveryScore, HasANumberForANothingOfASample) {
    const std::vector<float> nothing(2 * 64, 0.0F);
    for (const float score : column(nothing)) EXPECT_TRUE(std::isfinite(score)) << score;
}

INSTANTIATE_TEST_SUITE_P(Registry, EveryScore, testing::ValuesIn(score_names()),
                         [](const auto& score) { return score.param; });

}  // namespace
}  // namespace misfire::test
