#include "models/output_kind.h"

#include <gtest/gtest.h>

#include <limits>

#include "core/error.h"

namespace misfire::test {

TEST(OutputKind, IsSeenFromTheNumbers) {
    const std::vector<float> probabilities{0.2F, 0.3F, 0.5F, 0.0F, 0.0F, 1.0F};
    const std::vector<float> log_probabilities{-1.60944F, -1.20397F, -0.693147F, -1.098612F, -1.098612F, -1.098612F};
    const std::vector<float> logits{3.0F, -1.0F, 0.5F, 2.0F, 2.0F, 9.0F};
    const auto kind = [](const std::vector<float>& values) {
        return decide_output_kind(look_at_output(values, 2, 3, false), std::nullopt, "it");
    };
    EXPECT_EQ(kind(probabilities), OutputKind::probabilities);
    EXPECT_EQ(kind(log_probabilities), OutputKind::log_probabilities);
    EXPECT_EQ(kind(logits), OutputKind::logits);
    EXPECT_EQ(decide_output_kind(look_at_output(logits, 6, 1, false), std::nullopt, "it"), OutputKind::regression);
    EXPECT_EQ(decide_output_kind(look_at_output(logits, 2, 3, false), OutputKind::regression, "it"),
              OutputKind::regression);
}

TEST(OutputKind, QuantisedProbabilitiesMaySumToNearlyOne) {
    const std::vector<float> steps{0.25F, 0.50F, 0.26F};
    EXPECT_FALSE(look_at_output(steps, 1, 3, false).sums_to_one);
    EXPECT_TRUE(look_at_output(steps, 1, 3, true).sums_to_one);
}

TEST(OutputKind, RowsThatAreNotFiniteDoNotCount) {
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const std::vector<float> values{nan, 0.5F, 0.5F, 0.4F, 0.4F, 0.2F};
    const OutputLook look = look_at_output(values, 2, 3, false);
    EXPECT_EQ(look.rows, 1);
    EXPECT_EQ(decide_output_kind(look, std::nullopt, "it"), OutputKind::probabilities);
}

TEST(OutputKind, ValuesInTheUnitIntervalCountAsLogitsOnlyWhenDeclared) {
    const std::vector<float> sigmoids{0.9F, 0.8F, 0.1F};
    const OutputLook look = look_at_output(sigmoids, 1, 3, false);
    EXPECT_THROW(decide_output_kind(look, std::nullopt, "it"), ModelError);
    EXPECT_EQ(decide_output_kind(look, OutputKind::logits, "it"), OutputKind::logits);
}

}  // namespace misfire::test
