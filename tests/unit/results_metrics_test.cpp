// Metrics against scikit-learn, SciPy and NumPy. The data are a formula, so that both sides can make them:
//     n, c = 60, 8; i = arange(n)[:, None]; k = arange(c)[None, :]; t = (arange(n) * 5) % c
//     z = (((i*37 + k*53 + i*k*11) % 97) / 97.0 * 6 - 3).astype('f4'); z[arange(n)[::2], t[::2]] += float32(2.5)
//     p = softmax(z.astype('f8'), 1); conf = p.max(1); hit = z.argmax(1) == t; b = digitize(conf, linspace(0, 1,
//     16)[1:-1], right=True)
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "core/error.h"
#include "results/metrics/registry.h"
#include "results/outcomes.h"

namespace misfire {
namespace {

constexpr std::int64_t samples = 60;
constexpr std::int64_t classes = 8;

std::vector<std::int32_t> formula_targets() {
    std::vector<std::int32_t> targets;
    for (std::int32_t i = 0; i < samples; ++i) targets.push_back(i * 5 % static_cast<std::int32_t>(classes));
    return targets;
}

std::vector<float> formula_logits() {
    const auto targets = formula_targets();
    std::vector<float> logits;
    for (std::int64_t i = 0; i < samples; ++i) {
        for (std::int64_t k = 0; k < classes; ++k) {
            const auto z =
                static_cast<float>(static_cast<double>((i * 37 + k * 53 + i * k * 11) % 97) / 97.0 * 6.0 - 3.0);
            logits.push_back(i % 2 == 0 && targets[static_cast<std::size_t>(i)] == k ? z + 2.5F : z);
        }
    }
    return logits;
}

Outcomes formula_outcomes() {
    return score_outputs(formula_logits(), samples, classes, OutputKind::logits, formula_targets());
}

std::vector<std::uint32_t> all_rows(const Outcomes& outcomes) {
    std::vector<std::uint32_t> rows(outcomes.size());
    std::iota(rows.begin(), rows.end(), 0U);
    return rows;
}

double value_of(const std::string& name, const MetricInput& input) {
    const Metric& metric = metric_named(name);
    EXPECT_EQ(metric.undefined_because(input), "");
    return metric.over(input)->value(std::vector<std::int32_t>(input.rows.size(), 1));
}

double value_of(const std::string& name, const Outcomes& outcomes, const Outcomes* reference = nullptr) {
    const auto rows = all_rows(outcomes);
    return value_of(name, MetricInput{outcomes, reference, rows, classes, {}, 0});
}

TEST(Metrics, AccuracyIsScikitLearns) {  // accuracy_score(t, z.argmax(1))
    EXPECT_NEAR(value_of("accuracy", formula_outcomes()), 0.31666666666666665, 1e-15);
}

TEST(Metrics, Top5IsScikitLearns) {  // top_k_accuracy_score(t, z, k=5, labels=arange(8))
    EXPECT_NEAR(value_of("top5", formula_outcomes()), 0.8166666666666667, 1e-15);
}

TEST(Metrics, NllIsScikitLearns) {  // log_loss(t, p, labels=arange(8))
    EXPECT_NEAR(value_of("nll", formula_outcomes()), 2.297035810737932, 1e-6);
}

TEST(Metrics, BrierIsNumpys) {  // ((p - eye(8)[t]) ** 2).sum(1).mean()
    EXPECT_NEAR(value_of("brier", formula_outcomes()), 0.8587655213819312, 1e-6);
}

TEST(Metrics, MeanConfidenceIsNumpys) {  // conf.mean()
    EXPECT_NEAR(value_of("mean_confidence", formula_outcomes()), 0.48775369952313136, 1e-6);
}

TEST(Metrics, EceIsNumpys) {  // sum(abs(hit[b == j].mean() - conf[b == j].mean()) * (b == j).mean() for j in range(15)
                              // if (b == j).any())
    EXPECT_NEAR(value_of("ece", formula_outcomes()), 0.20408949167075555, 1e-6);
}

// Per bin with a = hit.mean(), s = sqrt(a (1 - a) / n), mu = a - conf.mean(): 2 |mu| - scipy.stats.foldnorm.mean(|mu| /
// s, scale=s). Kumar's own form, 200000 normal draws per bin instead of the closed form, gave 0.17282.
TEST(Metrics, DebiasedEceIsScipysFoldedNormal) {
    EXPECT_NEAR(value_of("ece_debiased", formula_outcomes()), 0.17275860339700574, 1e-6);
}

TEST(Metrics, FlipRateCountsAnswersThatChanged) {
    const Outcomes reference = formula_outcomes();
    Outcomes outcomes = reference;
    for (const std::size_t row : {3U, 4U, 5U}) outcomes.prediction[row] = (outcomes.prediction[row] + 1) % 8;
    outcomes.prediction[6] = not_finite;
    EXPECT_NEAR(value_of("flip_rate", outcomes, &reference), 4.0 / 60.0, 1e-15);
    EXPECT_EQ(value_of("flip_rate", reference, &reference), 0.0);
}

TEST(Metrics, WorstGroupIsTheLowestAccuracy) {  // g = arange(n) % 3; min(hit[g == j].mean() for j in range(3))
    const Outcomes outcomes = formula_outcomes();
    const auto rows = all_rows(outcomes);
    std::vector<std::uint32_t> groups;
    for (const std::uint32_t row : rows) groups.push_back(row % 3);
    EXPECT_NEAR(value_of("worst_group_accuracy", MetricInput{outcomes, nullptr, rows, classes, groups, 3}), 0.25,
                1e-15);
}

TEST(Metrics, OutputThatIsNotFiniteIsWrongAndHasNoProbability) {
    const Outcomes before = formula_outcomes();
    std::size_t right = 0;
    while (!before.correct(right)) ++right;
    std::vector<float> logits = formula_logits();
    logits[right * classes] = std::nanf("");
    const Outcomes outcomes = score_outputs(logits, samples, classes, OutputKind::logits, formula_targets());
    EXPECT_NEAR(value_of("accuracy", outcomes), value_of("accuracy", before) - 1.0 / 60.0, 1e-15);
    const auto rows = all_rows(outcomes);
    for (const char* name : {"nll", "brier", "ece", "ece_debiased", "mean_confidence"}) {
        EXPECT_EQ(metric_named(name).undefined_because(MetricInput{outcomes, nullptr, rows, classes, {}, 0}),
                  "1 of 60 outputs are not finite")
            << name;
    }
}

TEST(Metrics, CertaintyIsInTheLastBin) {
    Outcomes outcomes = uncounted_rows(2, 0);
    outcomes.target = {0, 1};
    outcomes.confidence = {1.0F, 0.9F};  // right and wrong, in different bins: gaps 0 and 0.9
    EXPECT_NEAR(value_of("ece", outcomes), 0.45, 1e-6);
    outcomes.confidence = {1.0F, 0.95F};  // in the same bin
    EXPECT_NEAR(value_of("ece", outcomes), 0.475, 1e-6);
}

TEST(Metrics, MissingLabelsAreSaid) {
    Outcomes outcomes = formula_outcomes();
    outcomes.target[2] = -1;
    const auto rows = all_rows(outcomes);
    for (const char* name : {"accuracy", "top5", "nll", "brier", "ece", "ece_debiased", "worst_group_accuracy"}) {
        EXPECT_EQ(metric_named(name).undefined_because(MetricInput{outcomes, nullptr, rows, classes, {}, 0}),
                  "1 of 60 samples have no label")
            << name;
    }
}

TEST(Metrics, UnknownNameOffersTheNearest) {
    try {
        metric_named("acuracy");
        FAIL();
    } catch (const ScenarioError& error) {
        EXPECT_STREQ(error.what(), "there is no metric `acuracy`. Did you mean `accuracy`?");
    }
}

}  // namespace
}  // namespace misfire
