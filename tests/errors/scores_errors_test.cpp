// One case per message of the scores.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/scores_fixture.h"

namespace misfire::test {
namespace {

using testing::HasSubstr;

template <typename Wanted>
std::string message_of(const auto& work) {
    try {
        work();
    } catch (const Wanted& error) {
        return error.what();
    }
    ADD_FAILURE() << "nothing was thrown";
    return "";
}

std::string fit_message(const ScoreCase& wanted, const ScoreSpec& one, bool labels = true) {
    const ScoreData data(wanted);
    ModelScores scores(*data.model, {one});
    return message_of<DataError>(
        [&] { scores.fit(data.fit_outputs(), labels ? data.fit_labels : std::vector<std::int32_t>{}); });
}

TEST(ScoreErrors, ACovarianceSaysHowManySamplesItNeeds) {
    const std::string message = fit_message({.fit_rows = 60}, spec("mahalanobis"));
    EXPECT_THAT(message,
                HasSubstr("covariance of 64 features within 10 classes needs at least 74 samples, and it has"));
    EXPECT_THAT(message, HasSubstr("Give more under `fit`"));
    EXPECT_THAT(fit_message({.fit_rows = 40}, spec("vim")),
                HasSubstr("a covariance of 64 features needs at least 64 samples, and it has 40"));
}

TEST(ScoreErrors, NeighboursNeedAsManySamples) {
    EXPECT_THAT(fit_message({.fit_rows = 20}, spec("knn")),
                HasSubstr("k = 50 needs at least 50 samples, and it has 20"));
    EXPECT_THAT(fit_message({.fit_rows = 9}, spec("nnguide")), HasSubstr("k = 10 needs at least 10 samples"));
}

TEST(ScoreErrors, LabelsOfTheFitSet) {
    EXPECT_THAT(fit_message({}, spec("temperature_scaled"), false), HasSubstr("needs the labels of the fit set"));
}

TEST(ScoreErrors, AFitSetWithoutAnAnswer) {
    const ScoreData data({});
    ModelScores scores(*data.model, {spec("react")});
    EXPECT_THAT(message_of<DataError>([&] { scores.fit({}, {}); }), HasSubstr("at least 1 sample"));
}

TEST(ScoreErrors, APrincipalSpaceThatLeavesNothing) {
    EXPECT_THAT(fit_message({}, spec("vim", {{"dimension", "64"}})),
                HasSubstr("principal space of 64 dimensions, and the model has 64 features"));
    // Without a bias the origin stays where it is, and five features are nothing anywhere.
    ScoreData data({.depth = 24, .dead = 5});
    std::fill(data.model->layer_.bias.begin(), data.model->layer_.bias.end(), 0.0F);
    ModelScores scores(*data.model, {spec("vim", {{"dimension", "19"}})});
    EXPECT_THAT(message_of<DataError>([&] { scores.fit(data.fit_outputs(), data.fit_labels); }),
                HasSubstr("finds no residual"));
}

TEST(ScoreErrors, NamesAndOptions) {
    EXPECT_THAT(message_of<UsageError>([] { score_named("mahalonobis"); }), HasSubstr("Did you mean `mahalanobis`?"));
    EXPECT_THAT(message_of<UsageError>([] {
                    spec("knn", {{"K", "5"}});
                }),
                HasSubstr("no option `K`. Did you mean `k`?"));
    EXPECT_THAT(message_of<UsageError>([] {
                    spec("msp", {{"k", "5"}});
                }),
                HasSubstr("has no option `k`. It takes none."));
    EXPECT_THAT(
        message_of<UsageError>([] {
            spec("knn", {{"k", "0"}});
        }),
        HasSubstr("`k: 0` of the score knn is out of range. Give a whole number from 1 to 1000000000 (default 50)"));
    EXPECT_THAT(message_of<UsageError>([] { spec("knn", {{"k", "2.5"}}); }), HasSubstr("out of range"));
    EXPECT_THAT(message_of<UsageError>([] { spec("gen", {{"gamma", "much"}}); }), HasSubstr("is no number"));
    EXPECT_THAT(message_of<UsageError>([] { spec("ash", {{"variant", "x"}}); }), HasSubstr("is not one of b|s|p"));
    EXPECT_THAT(message_of<UsageError>([] { spec("knn", {{"k", "auto"}}); }), HasSubstr("is no number"));
}

}  // namespace
}  // namespace misfire::test
