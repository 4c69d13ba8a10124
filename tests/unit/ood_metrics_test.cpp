// Metrics of telling known from unknown samples: against scikit-learn, and what a run makes of them.
#include <gmock/gmock.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/random.h"
#include "results/cell_estimates.h"
#include "results/metrics/registry.h"
#include "results/metrics/score_metric.h"
#include "results/metrics/selective_risk.h"
#include "results/outcomes.h"
#include "results/statistics.h"

namespace misfire::test {
namespace {

using ::testing::HasSubstr;

// Rows of a cell with a score `s`, some of them out of distribution.
struct Rows {
    std::vector<float> score;
    std::vector<int> ood, correct;
};

Outcomes outcomes_of(const Rows& rows) {
    Outcomes outcomes = uncounted_rows(rows.score.size(), not_run);
    for (std::size_t i = 0; i < rows.score.size(); ++i) {
        outcomes.prediction[i] = 0;
        outcomes.target[i] = rows.ood[i] == 1 ? -1 : rows.correct[i] == 1 ? 0 : 1;
        outcomes.confidence[i] = rows.score[i];
        outcomes.kept[ood_column].push_back(static_cast<float>(rows.ood[i]));
    }
    outcomes.kept["score_s"] = rows.score;
    return outcomes;
}

// Normal scores, unknown samples one deviation lower, rounded to `step` so that some are equal.
Rows drawn_rows(std::size_t count, double share_of_ood, float step, std::uint64_t key) {
    const Random random(key);
    Rows rows;
    std::vector<float> normal(count), u(2 * count);
    random.normal(normal, 0);
    random.uniform(u, 1);
    for (std::size_t i = 0; i < count; ++i) {
        rows.ood.push_back(static_cast<double>(u[2 * i]) < share_of_ood ? 1 : 0);
        rows.correct.push_back(u[2 * i + 1] < 0.8F ? 1 : 0);
        const float score = normal[i] - static_cast<float>(rows.ood.back());
        rows.score.push_back(step == 0.0F ? score : step * std::round(score / step));
    }
    return rows;
}

std::map<std::string, Estimate> estimates_of(const Outcomes& outcomes, const Outcomes* reference = nullptr,
                                             std::map<std::string, std::string>* messages = nullptr,
                                             const std::string& score = "s") {
    std::vector<const Metric*> metrics = {&metric_named("accuracy"), &metric_named("ood_mean_confidence")};
    for (const std::string& name : metrics_of_score(score)) metrics.push_back(&metric_named(name));
    Group all;
    for (std::uint32_t row = 0; row < outcomes.size(); ++row) all.rows.push_back(row);
    const CellInput input{.outcomes = outcomes,
                          .reference = reference,
                          .no_reference_because = "",
                          .classes = 10,
                          .seed = 1,
                          .cell = "cell"};
    std::map<std::string, Estimate> found;
    for (const GroupEstimate& estimate : estimate_cell(input, metrics, std::vector<Group>{all})) {
        found[estimate.metric->info().name] = estimate.estimate;
        if (messages != nullptr) (*messages)[estimate.metric->info().name] = estimate.message;
    }
    return found;
}

nlohmann::json ask_python(const nlohmann::json& input) {
    const std::string stem = testing::TempDir() + "misfire_ood_metrics_" + std::to_string(getpid());
    std::ofstream(stem + ".in.json") << input;
    const std::string command = std::string("/usr/bin/python3 ") + MISFIRE_SOURCE_DIR +
                                "/tests/python/ood_metrics_reference.py " + stem + ".in.json " + stem + ".out.json";
    EXPECT_EQ(std::system(command.c_str()), 0);
    std::ifstream answers(stem + ".out.json");
    return nlohmann::json::parse(answers);
}

TEST(OodMetrics, AreThoseOfScikitLearn) {
    const std::vector<Rows> cases = {
        drawn_rows(400, 0.5, 0.0F, 1),  drawn_rows(400, 0.5, 0.5F, 2), drawn_rows(1000, 0.1, 0.1F, 3),
        drawn_rows(1000, 0.9, 0.0F, 4), drawn_rows(61, 0.3, 0.25F, 5), drawn_rows(40, 0.5, 2.0F, 6),
    };
    nlohmann::json given;
    for (const Rows& rows : cases)
        given["cases"].push_back({{"score", rows.score}, {"ood", rows.ood}, {"correct", rows.correct}});
    const nlohmann::json answers = ask_python(given);
    for (std::size_t c = 0; c < cases.size(); ++c) {
        const auto ours = estimates_of(outcomes_of(cases[c]));
        for (const ScoreMetricFamily& family : score_metric_families()) {
            const std::string name = family.info().name;
            SCOPED_TRACE(name + " of case " + std::to_string(c));
            const Estimate& estimate = ours.at(name + ":s");
            EXPECT_EQ(estimate.status, Status::ok);
            EXPECT_NEAR(estimate.value, answers[c].at(name).get<double>(), 1e-9);
            EXPECT_LE(estimate.low, estimate.value);
            EXPECT_GE(estimate.high, estimate.value);
        }
        EXPECT_NEAR(ours.at("auroc:s").low, answers[c].at("auroc.low").get<double>(), 1e-9);
        EXPECT_NEAR(ours.at("auroc:s").high, answers[c].at("auroc.high").get<double>(), 1e-9);
    }
}

// Two halves that do not overlap.
Rows separated(std::size_t count, float known, float unknown) {
    Rows rows;
    for (std::size_t i = 0; i < count; ++i) {
        rows.ood.push_back(i % 2 == 0 ? 1 : 0);
        rows.correct.push_back(1);
        rows.score.push_back(i % 2 == 0 ? unknown : known);
    }
    return rows;
}

TEST(OodMetrics, SayPerfectUselessAndReversed) {
    const auto perfect = estimates_of(outcomes_of(separated(100, 1.0F, 0.0F)));
    EXPECT_EQ(perfect.at("auroc:s").value, 1.0);
    EXPECT_EQ(perfect.at("auroc:s").low, wilson_interval(50, 50).low) << "fifty of each cannot prove more";
    EXPECT_EQ(perfect.at("fpr95_id_positive:s").value, 0.0);
    EXPECT_EQ(perfect.at("fpr95_ood_positive:s").value, 0.0);
    EXPECT_EQ(perfect.at("detection_error:s").value, 0.0);
    EXPECT_EQ(perfect.at("accuracy_at_coverage_50:s").value, 1.0) << "all that is unknown is refused";
    EXPECT_NEAR(perfect.at("accuracy_at_coverage_80:s").value, 50.0 / 80.0, 1e-12);
    const auto reversed = estimates_of(outcomes_of(separated(100, 0.0F, 1.0F)));
    EXPECT_EQ(reversed.at("auroc:s").value, 0.0);
    EXPECT_EQ(reversed.at("fpr95_id_positive:s").value, 1.0);
    EXPECT_EQ(reversed.at("detection_error:s").value, 0.5);
    const auto blind = estimates_of(outcomes_of(separated(100, 3.0F, 3.0F)));
    EXPECT_EQ(blind.at("auroc:s").value, 0.5);
    EXPECT_EQ(blind.at("accuracy_at_coverage_50:s").value, 0.5);
}

TEST(OodMetrics, OtherMetricsDoNotSeeUnknownRows) {
    const Rows rows = drawn_rows(500, 0.4, 0.0F, 9);
    double right = 0.0, known = 0.0;
    for (std::size_t i = 0; i < rows.ood.size(); ++i) {
        known += rows.ood[i] == 0 ? 1.0 : 0.0;
        right += rows.ood[i] == 0 && rows.correct[i] == 1 ? 1.0 : 0.0;
    }
    const Estimate accuracy = estimates_of(outcomes_of(rows)).at("accuracy");
    EXPECT_DOUBLE_EQ(accuracy.value, right / known);
    EXPECT_EQ(accuracy.n, static_cast<std::int64_t>(known));
}

TEST(OodMetrics, TakeTheReferenceWhereEverySampleIsUnknown) {
    const Rows clean = [] {
        Rows rows = drawn_rows(300, 0.0, 0.0F, 11);
        return rows;
    }();
    Rows all = drawn_rows(300, 0.0, 0.0F, 12);
    for (std::size_t i = 0; i < all.score.size(); ++i) {
        all.ood[i] = 1;
        all.score[i] -= 1.0F;
    }
    const Outcomes reference = outcomes_of(clean);
    std::map<std::string, std::string> messages;
    const auto found = estimates_of(outcomes_of(all), &reference, &messages);
    double pairs = 0.0;
    for (const float known : clean.score) {
        for (const float unknown : all.score) pairs += known > unknown ? 1.0 : known == unknown ? 0.5 : 0.0;
    }
    EXPECT_NEAR(found.at("auroc:s").value, pairs / (300.0 * 300.0), 1e-12);
    EXPECT_LT(found.at("auroc:s").low, found.at("auroc:s").value);
    EXPECT_EQ(found.at("accuracy").status, Status::undefined);
    EXPECT_EQ(messages.at("accuracy"), "no in-distribution samples");
    EXPECT_EQ(found.at("accuracy_at_coverage_50:s").value, 0.0) << "no answer is right";
}

TEST(OodMetrics, SayWhyThereIsNone) {
    std::map<std::string, std::string> messages;
    const Rows known = drawn_rows(50, 0.0, 0.0F, 13);
    estimates_of(outcomes_of(known), nullptr, &messages);
    EXPECT_THAT(messages.at("auroc:s"), HasSubstr("no out-of-distribution samples"));
    EXPECT_EQ(messages.at("aurc:s"), "") << "a risk needs no unknown samples";
    Rows unknown = known;
    unknown.ood.assign(50, 1);
    estimates_of(outcomes_of(unknown), nullptr, &messages);
    EXPECT_THAT(messages.at("auroc:s"), HasSubstr("no in-distribution samples"));
    Rows lost = drawn_rows(50, 0.5, 0.0F, 14);
    lost.score[7] = std::nanf("");
    estimates_of(outcomes_of(lost), nullptr, &messages);
    EXPECT_EQ(messages.at("auroc:s"), "1 of 50 scores are not numbers");
    estimates_of(outcomes_of(known), nullptr, &messages, "energy");
    EXPECT_EQ(messages.at("auroc:energy"), "the model gave no score `energy`");
}

TEST(OodMetrics, MspIsTheConfidenceUnlessKept) {
    Rows rows = drawn_rows(200, 0.5, 0.0F, 15);
    const auto by_score = estimates_of(outcomes_of(rows));
    const auto by_confidence = estimates_of(outcomes_of(rows), nullptr, nullptr, "msp");
    EXPECT_EQ(by_confidence.at("auroc:msp").value, by_score.at("auroc:s").value);
}

TEST(OodMetrics, AreMadeForAnyScoreButNoOtherName) {
    EXPECT_EQ(metric_named("auroc:energy").info().name, "auroc:energy");
    EXPECT_EQ(&metric_named("auroc:energy"), &metric_named("auroc:energy"));
    EXPECT_THROW(metric_named("auroc:"), ScenarioError);
    EXPECT_THROW(metric_named("auroc"), ScenarioError);
    EXPECT_THROW(metric_named("accuracy:msp"), ScenarioError);
    EXPECT_THROW(metric_named("auroc:energy/2"), ScenarioError);
}

TEST(OodMetrics, RepeatedImagesOfASetStayTogetherInTheBootstrap) {
    Rows rows = drawn_rows(400, 0.5, 0.0F, 16);
    Outcomes outcomes = outcomes_of(rows);
    // Four images shown over and over: as good as four samples.
    const float scores[] = {-2.0F, 0.0F, 0.5F, 1.5F};
    for (std::size_t i = 0; i < 400; ++i) {
        outcomes.kept[ood_row_column].push_back(rows.ood[i] == 1 ? static_cast<float>(i % 4) : -1.0F);
        if (rows.ood[i] == 1) outcomes.kept["score_s"][i] = scores[i % 4];
    }
    const Estimate together = estimates_of(outcomes).at("fpr95_id_positive:s");
    outcomes.kept.erase(ood_row_column);
    const Estimate apart = estimates_of(outcomes).at("fpr95_id_positive:s");
    EXPECT_EQ(together.value, apart.value);
    EXPECT_GT(together.high - together.low, 3.0 * (apart.high - apart.low));
}

TEST(SelectiveRisk, TheCurveEndsAtTheErrorOfAll) {
    Rows rows = drawn_rows(250, 0.2, 0.0F, 17);
    const std::vector<double> curve = risk_coverage_curve(outcomes_of(rows), "s", 100);
    ASSERT_EQ(curve.size(), 100U);
    double wrong = 0.0;
    for (std::size_t i = 0; i < 250; ++i) wrong += rows.ood[i] == 1 || rows.correct[i] == 0 ? 1.0 : 0.0;
    EXPECT_NEAR(curve.back(), wrong / 250.0, 1e-12);
    EXPECT_LT(curve[29], curve.back()) << "who refuses most is less often wrong";
    EXPECT_NEAR(curve[79], 1.0 - estimates_of(outcomes_of(rows)).at("accuracy_at_coverage_80:s").value, 1e-12);
    rows.score.resize(30);
    rows.ood.resize(30);
    rows.correct.resize(30);
    EXPECT_EQ(risk_coverage_curve(outcomes_of(rows), "s", 100).size(), 100U) << "fewer samples than points";
    EXPECT_TRUE(risk_coverage_curve(outcomes_of(rows), "unknown", 100).empty());
}

}  // namespace
}  // namespace misfire::test
