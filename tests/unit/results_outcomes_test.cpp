#include "results/outcomes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/error.h"

namespace misfire {
namespace {

using ::testing::ElementsAre;

constexpr float infinite = std::numeric_limits<float>::infinity();

TEST(Outcomes, LogitsAreSoftmaxed) {
    // scipy.special.softmax([1, 3, 2]) = 0.09003057, 0.66524096, 0.24472847
    const Outcomes out =
        score_outputs(std::vector<float>{1, 3, 2}, 1, 3, OutputKind::logits, std::vector<std::int32_t>{2});
    EXPECT_THAT(out.prediction, ElementsAre(1));
    EXPECT_THAT(out.target_rank, ElementsAre(1));
    EXPECT_NEAR(out.confidence[0], 0.66524096, 1e-7);
    EXPECT_NEAR(out.loss[0], -std::log(0.24472847), 1e-6);
    EXPECT_NEAR(out.brier[0], 0.09003057 * 0.09003057 + 0.66524096 * 0.66524096 + 0.75527153 * 0.75527153, 1e-6);
}

TEST(Outcomes, AllKindsAgree) {
    const std::vector<float> logits{1, 3, 2, -4, 0, 4};
    const std::vector<std::int32_t> targets{2, 2};
    std::vector<float> probabilities, log_probabilities;
    for (std::size_t row = 0; row < 2; ++row) {
        double sum = 0.0;
        for (std::size_t c = 0; c < 3; ++c) sum += std::exp(static_cast<double>(logits[row * 3 + c]));
        for (std::size_t c = 0; c < 3; ++c) {
            probabilities.push_back(static_cast<float>(std::exp(static_cast<double>(logits[row * 3 + c])) / sum));
            log_probabilities.push_back(static_cast<float>(static_cast<double>(logits[row * 3 + c]) - std::log(sum)));
        }
    }
    const Outcomes expected = score_outputs(logits, 2, 3, OutputKind::logits, targets);
    for (const auto& [values, kind] : {std::pair(probabilities, OutputKind::probabilities),
                                       std::pair(log_probabilities, OutputKind::log_probabilities)}) {
        const Outcomes out = score_outputs(values, 2, 3, kind, targets);
        EXPECT_EQ(out.prediction, expected.prediction);
        for (std::size_t row = 0; row < 2; ++row) {
            EXPECT_NEAR(out.confidence[row], expected.confidence[row], 1e-6);
            EXPECT_NEAR(out.loss[row], expected.loss[row], 1e-6);
            EXPECT_NEAR(out.brier[row], expected.brier[row], 1e-6);
        }
    }
}

TEST(Outcomes, HugeLogitsStayFinite) {
    const Outcomes out =
        score_outputs(std::vector<float>{3e38F, -3e38F}, 1, 2, OutputKind::logits, std::vector<std::int32_t>{0});
    EXPECT_EQ(out.confidence[0], 1.0F);
    EXPECT_EQ(out.loss[0], 0.0F);
}

TEST(Outcomes, TiesGoToTheLowestIndex) {
    const Outcomes out = score_outputs(std::vector<float>{0, 5, 5, 5, 0, 5, 5, 5}, 2, 4, OutputKind::logits,
                                       std::vector<std::int32_t>{1, 3});
    EXPECT_THAT(out.prediction, ElementsAre(1, 1));
    EXPECT_THAT(out.target_rank, ElementsAre(0, 2));
}

TEST(Outcomes, WithoutTargetsTheModelsAnswerIsTheTarget) {
    const Outcomes out = score_outputs(std::vector<float>{0, 1, infinite, 0}, 2, 2, OutputKind::logits, {});
    EXPECT_THAT(out.target, ElementsAre(1, -1));
    EXPECT_TRUE(out.correct(0));
    EXPECT_FALSE(out.correct(1));
}

TEST(Outcomes, NotFiniteRowsAreMarked) {
    const std::vector<float> values{0, std::nanf(""), 1, -infinite, 2, 1};
    const Outcomes out = score_outputs(values, 3, 2, OutputKind::logits, std::vector<std::int32_t>{0, 0, 0});
    EXPECT_THAT(out.prediction, ElementsAre(not_finite, not_finite, 0));
    EXPECT_THAT(out.target_rank, ElementsAre(2, 2, 0));
    EXPECT_TRUE(std::isnan(out.confidence[0]) && std::isnan(out.loss[0]) && std::isnan(out.brier[0]));
    EXPECT_TRUE(out.counts(0));
}

TEST(Outcomes, ZeroProbabilityIsAFiniteLoss) {
    const std::vector<std::int32_t> target{1};
    EXPECT_NEAR(score_outputs(std::vector<float>{1, 0}, 1, 2, OutputKind::probabilities, target).loss[0], 87.34, 0.01);
    const Outcomes out = score_outputs(std::vector<float>{0, -infinite}, 1, 2, OutputKind::log_probabilities, target);
    EXPECT_EQ(out.prediction[0], 0);
    EXPECT_NEAR(out.loss[0], 87.34, 0.01);
}

TEST(Outcomes, RowsAreAppendedAndAssigned) {
    Outcomes scored =
        score_outputs(std::vector<float>{0, 1, 1, 0}, 2, 2, OutputKind::logits, std::vector<std::int32_t>{1, 1});
    scored.kept["logits"] = {0, 1, 1, 0};
    Outcomes block = uncounted_rows(3, unreadable);
    assign(block, std::vector<std::uint32_t>{2, 0}, scored);
    EXPECT_THAT(block.prediction, ElementsAre(0, unreadable, 1));
    EXPECT_FALSE(block.counts(1));
    EXPECT_EQ(block.kept["logits"].size(), 6U);
    EXPECT_EQ(block.kept["logits"][0], 1.0F);
    EXPECT_TRUE(std::isnan(block.kept["logits"][2]));
    append(block, uncounted_rows(1, unreadable));
    EXPECT_THAT(block.prediction, ElementsAre(0, unreadable, 1, unreadable));
    EXPECT_EQ(block.kept["logits"].size(), 8U);
}

TEST(Outcomes, BytesGiveTheSameRows) {
    Outcomes out = score_outputs(std::vector<float>{0, 1, std::nanf(""), 0}, 2, 2, OutputKind::logits, {});
    out.kept["logits"] = {0, 1, 2, 3};
    const Outcomes back = outcomes_from_bytes(to_bytes(out));
    EXPECT_EQ(back.prediction, out.prediction);
    EXPECT_EQ(back.target, out.target);
    EXPECT_EQ(back.target_rank, out.target_rank);
    EXPECT_EQ(back.confidence[0], out.confidence[0]);
    EXPECT_TRUE(std::isnan(back.confidence[1]));
    EXPECT_EQ(back.kept, out.kept);
    EXPECT_EQ(outcomes_from_bytes(to_bytes(Outcomes{})).size(), 0U);
}

TEST(Outcomes, EveryDamageToTheBytesIsNoticed) {
    const std::vector<std::byte> whole =
        to_bytes(score_outputs(std::vector<float>{0, 1}, 1, 2, OutputKind::logits, {}));
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_THROW(outcomes_from_bytes(std::span(whole).first(size)), StoreError) << size;
    }
    for (std::size_t at = 0; at < whole.size(); ++at) {
        std::vector<std::byte> damaged = whole;
        damaged[at] ^= std::byte{0x10};
        EXPECT_THROW(outcomes_from_bytes(damaged), StoreError) << at;
    }
}

}  // namespace
}  // namespace misfire
