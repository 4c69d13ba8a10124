// What scores say and refuse of models, the registry, and the bank of neighbours.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "models/scores/neighbours.h"
#include "tests/unit/scores_fixture.h"

namespace misfire::test {
namespace {

using testing::HasSubstr;

ScoreState state_of(const Model& model, const std::string& score) {
    return ModelScores(model, {spec(score)}).states()[0];
}

TEST(Scores, EighteenAreRegisteredInAlphabeticalOrderAndDescribed) {
    EXPECT_EQ(all_scores().size(), 18U);
    EXPECT_TRUE(std::is_sorted(all_scores().begin(), all_scores().end(),
                               [](const auto* a, const auto* b) { return a->info.name < b->info.name; }));
    for (const ScoreEntry* entry : all_scores()) {
        EXPECT_FALSE(entry->info.summary.empty()) << entry->info.name;
        EXPECT_FALSE(entry->info.reference.empty()) << entry->info.name;
        EXPECT_TRUE(entry->info.fit || !entry->info.labels) << entry->info.name;
    }
}

TEST(Scores, WithoutFeaturesOnlyThoseOfTheAnswersAreGiven) {
    ScoreData data({});
    data.model->info_.features = 0;
    data.model->info_.no_classifier = "no fully connected last layer was found";
    EXPECT_EQ(state_of(*data.model, "msp").status, Status::ok);
    EXPECT_EQ(state_of(*data.model, "energy").status, Status::ok);
    for (const char* name : {"knn", "mahalanobis", "vim", "ash", "grad_norm"}) {
        EXPECT_EQ(state_of(*data.model, name).status, Status::skipped) << name;
        EXPECT_THAT(state_of(*data.model, name).message, HasSubstr("no penultimate features")) << name;
    }
}

TEST(Scores, FeaturesWithoutTheWeightsBehindThemServeDistancesOnly) {
    ScoreData data({});
    data.model->info_.no_classifier = "it runs as quantized::linear, whose weights are packed";
    EXPECT_EQ(state_of(*data.model, "knn").status, Status::ok);
    EXPECT_EQ(state_of(*data.model, "relative_mahalanobis").status, Status::ok);
    EXPECT_EQ(state_of(*data.model, "react").status, Status::skipped);
    EXPECT_THAT(state_of(*data.model, "react").message, HasSubstr("weights are packed"));
}

TEST(Scores, WithoutGradientOdinIsSkippedWithTheReason) {
    ScoreData data({});
    data.model->info_.differentiable = false;
    data.model->info_.no_gradient = "it is quantised: its steps have none";
    EXPECT_EQ(state_of(*data.model, "odin").status, Status::skipped);
    EXPECT_THAT(state_of(*data.model, "odin").message, HasSubstr("it is quantised"));
    EXPECT_EQ(state_of(*data.model, "grad_norm").status, Status::ok) << "has a closed form";
}

TEST(Scores, ProbabilitiesWithoutTheLastLayerDoNotTellTheirLogits) {
    ScoreData data({});
    data.model->info_.output = OutputKind::probabilities;
    data.model->info_.no_classifier = "the answer is not what comes out of it";
    EXPECT_EQ(state_of(*data.model, "msp").status, Status::ok);
    EXPECT_EQ(state_of(*data.model, "energy").status, Status::skipped);
    EXPECT_THAT(state_of(*data.model, "energy").message, HasSubstr("answers probabilities"));
}

TEST(Scores, ARegressionHasNone) {
    ScoreData data({});
    data.model->info_.output = OutputKind::regression;
    const ModelScores scores(*data.model, all_specs());
    for (const ScoreState& state : scores.states())
        EXPECT_EQ(state.status, Status::skipped) << state.name;
}

// Whatever form the answer has, with the last layer known the scores are those of the logits.
TEST(Scores, ProbabilitiesAndLogProbabilitiesGiveWhatLogitsGive) {
    ScoreData data({});
    const std::vector<std::vector<float>> expected = columns_of(data, all_specs());
    for (const OutputKind kind : {OutputKind::probabilities, OutputKind::log_probabilities}) {
        data.model->info_.output = kind;
        const std::vector<std::vector<float>> columns = columns_of(data, all_specs());
        for (std::size_t s = 0; s < columns.size(); ++s) {
            const bool steps = score_names()[s] == "odin";  // signs of tiny gradients may differ
            for (std::size_t r = 0; r < columns[s].size(); ++r) {
                ASSERT_NEAR(columns[s][r], expected[s][r], (steps ? 1e-2 : 1e-4) * std::abs(expected[s][r]))
                    << score_names()[s] << " of " << name_of(kind);
            }
        }
    }
}

TEST(Scores, HigherMeansMoreLikeTheFitSet) {
    const ScoreData data({});
    ModelScores scores(*data.model, all_specs());
    scores.fit(data.fit_outputs(), data.fit_labels);
    std::vector<float> strange(data.features.size());
    Random(99).uniform(strange, 0);
    for (float& value : strange) value = 1.5F * value * value * value * value;  // weak activations but for a few
    const int width = static_cast<int>(data.made.depth);
    const Outputs outputs = data.model->predict(strange, data.made.rows, 1, width, true);
    const auto known = scores.score(data.outputs(), data.features, 1, width);
    const auto unknown = scores.score(outputs, strange, 1, width);
    for (std::size_t s = 0; s < known.size(); ++s) {
        double better = 0.0;
        for (std::size_t r = 0; r < known[s].size(); ++r) better += known[s][r] > unknown[s][r] ? 1.0 : 0.0;
        EXPECT_GT(better / static_cast<double>(known[s].size()), 0.7) << score_names()[s];
    }
}

// Outputs that do not count are as if the model had never had them.
TEST(Scores, ChosenColumnsAreAModelOfTheirOwn) {
    const ScoreData data({});
    const std::vector<std::int64_t> columns = {1, 2, 5, 7};
    Classifier fewer;
    fewer.classes = 4;
    fewer.features = data.made.depth;
    for (const std::int64_t c : columns) {
        const auto first = data.model->layer_.weight.begin() + c * data.made.depth;
        fewer.weight.insert(fewer.weight.end(), first, first + data.made.depth);
        fewer.bias.push_back(data.model->layer_.bias[static_cast<std::size_t>(c)]);
    }
    const LinearModel small(fewer);
    std::vector<std::int32_t> labels;
    for (const std::int32_t label : data.fit_labels) {
        const auto place = std::find(columns.begin(), columns.end(), label);
        labels.push_back(place == columns.end() ? -1 : static_cast<std::int32_t>(place - columns.begin()));
    }
    const int width = static_cast<int>(data.made.depth);
    ModelScores chosen(*data.model, all_specs(), columns), alone(small, all_specs());
    chosen.fit(data.fit_outputs(), labels);
    alone.fit(small.predict(data.fit_features, data.made.fit_rows, 1, width, true), labels);
    const auto a = chosen.score(data.outputs(), data.features, 1, width);
    const auto b = alone.score(small.predict(data.features, data.made.rows, 1, width, true), data.features, 1, width);
    for (std::size_t s = 0; s < a.size(); ++s) {
        for (std::size_t r = 0; r < a[s].size(); ++r)
            ASSERT_NEAR(a[s][r], b[s][r], 1e-5 * std::abs(b[s][r])) << score_names()[s];
    }
}

TEST(Scores, ASingularCovarianceAndAbsentClassesAreNoted) {
    const ScoreData data({.classes = 12, .depth = 24, .fit_rows = 90, .rows = 5, .dead = 5, .key = 3});
    ModelScores scores(*data.model, {spec("relative_mahalanobis"), spec("temperature_scaled")});
    scores.fit(data.fit_outputs(), data.fit_labels);
    EXPECT_THAT(scores.states()[0].message, HasSubstr("the covariance is singular, of rank 19 of 24: pseudo-inverse"));
    EXPECT_THAT(scores.states()[1].message, HasSubstr("T = "));
}

// Against a loop over all pairs, with rows that are there many times over and rows of zeros.
TEST(NeighbourBank, FindsTheSameAsALoopOverAllPairs) {
    constexpr std::size_t rows = 3000, depth = 19, queries = 70;
    std::vector<float> bank(rows * depth), asked(queries * depth);
    Random(1).normal(bank, 0);
    Random(1).normal(asked, 1);
    for (std::size_t r = 100; r < 400; ++r)
        std::copy_n(bank.begin(), depth, bank.begin() + static_cast<std::ptrdiff_t>(r * depth));
    std::fill_n(bank.begin() + 500 * depth, 20 * depth, 0.0F);
    std::vector<double> offsets(rows);
    for (std::size_t r = 0; r < rows; ++r) offsets[r] = 0.01 * static_cast<double>(r % 7);
    const NeighbourBank finder(bank, depth, offsets);
    for (const std::size_t k : {std::size_t{1}, std::size_t{10}, std::size_t{350}, rows}) {
        const std::vector<double> found = finder.largest(asked, k);
        for (std::size_t q = 0; q < queries; ++q) {
            std::vector<double> all;
            for (std::size_t r = 0; r < rows; ++r) {
                double sum = offsets[r];
                for (std::size_t d = 0; d < depth; ++d)
                    sum += static_cast<double>(asked[q * depth + d]) * static_cast<double>(bank[r * depth + d]);
                all.push_back(sum);
            }
            std::sort(all.begin(), all.end(), std::greater<>());
            for (std::size_t i = 0; i < k; ++i)
                ASSERT_DOUBLE_EQ(found[q * k + i], all[i]) << "k " << k << ", query " << q;
        }
    }
}

}  // namespace
}  // namespace misfire::test
