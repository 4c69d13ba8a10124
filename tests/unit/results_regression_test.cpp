// Metrics of regressions against NumPy, their answers, and cells that show other rows than their own.
//     i = arange(40); t = (50 + (i * 37) % 29).astype('f4'); a = (t + ((i * 53) % 17 - 7) / 4).astype('f4')
//     q = stack([a - 2, a, a + 1.5 + i % 3], 1).astype('f4'); t, a, q = (v.astype('f8') for v in (t, a, q)); e = a - t
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "core/error.h"
#include "results/cell_estimates.h"
#include "results/metrics/registry.h"
#include "results/outcomes.h"
#include "tests/results_run.h"

namespace misfire {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::int64_t samples = 40;
const std::vector<double> levels = {0.1, 0.5, 0.9};

std::vector<float> formula_truth() {
    std::vector<float> truth;
    for (int i = 0; i < samples; ++i) truth.push_back(static_cast<float>(50 + (i * 37) % 29));
    return truth;
}

std::vector<float> formula_quantiles() {
    const std::vector<float> truth = formula_truth();
    std::vector<float> answers;
    for (int i = 0; i < samples; ++i) {
        const float middle = truth[static_cast<std::size_t>(i)] + static_cast<float>((i * 53) % 17 - 7) / 4.0F;
        answers.insert(answers.end(), {middle - 2.0F, middle, middle + 1.5F + static_cast<float>(i % 3)});
    }
    return answers;
}

Outcomes formula_outcomes() { return score_regression(formula_quantiles(), samples, 3, levels, formula_truth()); }

Outcomes answers_of(const std::vector<float>& answers, const std::vector<float>& truth) {
    return score_regression(answers, static_cast<std::int64_t>(answers.size()), 1, {}, truth);
}

std::vector<std::uint32_t> all_rows(const Outcomes& outcomes) {
    std::vector<std::uint32_t> rows(outcomes.size());
    std::iota(rows.begin(), rows.end(), 0U);
    return rows;
}

double value_of(const std::string& name, const Outcomes& outcomes, const Outcomes* reference = nullptr) {
    const auto rows = all_rows(outcomes);
    const MetricInput input{outcomes, reference, rows, 0, {}, 0, levels};
    const Metric& metric = metric_named(name);
    EXPECT_EQ(metric.undefined_because(input), "") << name;
    return metric.over(input)->value(std::vector<std::int32_t>(rows.size(), 1));
}

std::string undefined(const std::string& name, const Outcomes& outcomes, std::span<const double> quantiles = levels,
                      const Outcomes* reference = nullptr) {
    const auto rows = all_rows(outcomes);
    return metric_named(name).undefined_because({outcomes, reference, rows, 0, {}, 0, quantiles});
}

TEST(RegressionMetrics, AreNumpys) {
    const Outcomes out = formula_outcomes();
    EXPECT_NEAR(value_of("mae", out), 1.0375, 1e-12);               // abs(e).mean()
    EXPECT_NEAR(value_of("rmse", out), 1.2144957801491119, 1e-12);  // sqrt((e ** 2).mean())
    EXPECT_NEAR(value_of("mape", out), 1.6415983125790334, 1e-12);  // (100 * abs(e / t)).mean()
    EXPECT_NEAR(value_of("bias", out), 0.1375, 1e-12);              // e.mean()
    // d = t[:, None] - q; maximum(levels * d, (levels - 1) * d).mean(), as sklearn.metrics.mean_pinball_loss
    EXPECT_NEAR(value_of("pinball_loss", out), 0.3283333333333333, 1e-12);
    EXPECT_NEAR(value_of("quantile_coverage", out), 0.925, 1e-12);  // ((q[:, 0] <= t) & (t <= q[:, 2])).mean()
}

// m = [abs(e[i % 3 == g]).mean() for g in range(3)] = 1.0357, 1.0769, 1.0; max(m); max(m) - min(m)
TEST(RegressionMetrics, GroupsAreComparedAsByNumpy) {
    const Outcomes out = formula_outcomes();
    const auto rows = all_rows(out);
    std::vector<std::uint32_t> groups;
    for (const std::uint32_t row : rows) groups.push_back(row % 3);
    const MetricInput input{out, nullptr, rows, 0, groups, 3, levels};
    const auto value = [&](const char* name, const std::vector<std::int32_t>& weights) {
        return metric_named(name).over(input)->value(weights);
    };
    std::vector<std::int32_t> ones(rows.size(), 1);
    EXPECT_NEAR(value("worst_group_mae", ones), 1.0769230769230769, 1e-12);
    EXPECT_NEAR(value("mae_gap", ones), 0.07692307692307687, 1e-12);
    for (const std::uint32_t row : rows) ones[row] = row % 3 == 1 ? 0 : 1;  // a group that a bootstrap draw misses
    EXPECT_NEAR(value("worst_group_mae", ones), 1.0357142857142858, 1e-12);
    EXPECT_NEAR(value("mae_gap", ones), 0.0357142857142858, 1e-12);
    EXPECT_TRUE(std::isnan(value("mae_gap", std::vector<std::int32_t>(rows.size(), 0))));
}

TEST(RegressionMetrics, WeightsCountRowsTwiceOrNotAtAll) {
    const Outcomes out = answers_of({1, 2, 6}, {2, 4, 3});  // errors -1, -2, 3
    const auto rows = all_rows(out);
    const std::vector<std::int32_t> weights = {2, 0, 1};
    const auto weighted = [&](const char* name) {
        return metric_named(name).over({out, nullptr, rows, 0, {}, 0, {}})->value(weights);
    };
    EXPECT_NEAR(weighted("mae"), 5.0 / 3.0, 1e-15);
    EXPECT_NEAR(weighted("rmse"), std::sqrt(11.0 / 3.0), 1e-15);
    EXPECT_NEAR(weighted("bias"), 1.0 / 3.0, 1e-15);
    EXPECT_NEAR(weighted("mape"), (50.0 + 50.0 + 100.0) / 3.0, 1e-12);
}

TEST(RegressionMetrics, SayWhyTheyHaveNoValue) {
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const Outcomes broken = answers_of({1, nan, INFINITY, 4}, {1, 2, 3, 0});
    for (const char* name : {"mae", "rmse", "mape", "bias"})
        EXPECT_EQ(undefined(name, broken), "2 of 4 answers are not finite") << name;
    EXPECT_EQ(undefined("mape", answers_of({1, 2, 4}, {0, 2, 0})), "2 true values are 0: take mae");
    EXPECT_EQ(undefined("mae", uncounted_rows(4, 0)), "the model gives no number");
    for (const char* name : {"pinball_loss", "quantile_coverage"}) {
        EXPECT_THAT(undefined(name, answers_of({1, 2}, {1, 2}), {}), testing::HasSubstr("gives no quantiles")) << name;
        const Outcomes outer =
            score_regression(std::vector<float>{1, 2, 3, nan, 2, 3}, 2, 3, levels, std::vector<float>{2, 2});
        EXPECT_EQ(undefined(name, outer), "1 of 2 rows have quantiles that are not finite") << name;
    }
    const Outcomes few = answers_of({1, 2, 3}, {1, 2, 3});
    EXPECT_EQ(undefined("recovery_time", few, {}, &few), "fewer than 7 rows");
}

// Errors of 1 in the reference; in the cell `high` from row `begin` to before row `end`.
double recovery(std::size_t begin, std::size_t end, float high) {
    constexpr std::size_t rows = 60;
    const std::vector<float> truth(rows, 100.0F);
    std::vector<float> answers(rows, 101.0F);
    const Outcomes reference = answers_of(answers, truth);
    for (std::size_t row = begin; row < end; ++row) answers[row] = 100.0F + high;
    const Outcomes out = answers_of(answers, truth);
    return value_of("recovery_time", out, &reference);
}

TEST(RecoveryTime, IsZeroWhereNothingBreaks) {
    EXPECT_EQ(recovery(0, 0, 1.0F), 0.0);
    EXPECT_EQ(recovery(20, 40, 1.15F), 0.0) << "below 1.2 times the reference";
    EXPECT_EQ(recovery(20, 21, 2.0F), 0.0) << "one row moves the mean of seven by a seventh";
}

// The mean of seven rows is beyond 1.2 as long as two of them are 2: from row begin + 1 to row end + 4.
TEST(RecoveryTime, CountsRowsUntilTheErrorIsBack) {
    EXPECT_EQ(recovery(20, 30, 2.0F), 14.0);
    EXPECT_EQ(recovery(20, 40, 2.0F), 24.0);
    EXPECT_EQ(recovery(20, 30, 50.0F), 16.0) << "beyond while any of the seven is high: rows 20 to 35";
}

TEST(RecoveryTime, IsInfiniteWhereItStays) {
    EXPECT_EQ(recovery(20, 60, 2.0F), std::numeric_limits<double>::infinity());
}

TEST(Regression, TheAnswerIsTheQuantileNearestToTheMiddle) {
    const std::vector<float> values = {1, 2, 3, 4, 5, 6};
    const Outcomes out = score_regression(values, 2, 3, levels, std::vector<float>{2, 7});
    EXPECT_THAT(out.kept.at(value_column), ElementsAre(2, 5));
    EXPECT_THAT(out.kept.at(actual_column), ElementsAre(2, 7));
    EXPECT_EQ(out.kept.at(quantiles_column), values);
    EXPECT_THAT(out.prediction, ElementsAre(0, 0));
    const std::vector<double> other = {0.45, 0.8, 0.9};
    EXPECT_THAT(score_regression(values, 2, 3, other, std::vector<float>{2, 7}).kept.at(value_column),
                ElementsAre(1, 4));
}

TEST(Regression, OneQuantileIsKeptAsSuch) {
    const std::vector<double> one = {0.5};
    const Outcomes out = score_regression(std::vector<float>{1, 4}, 2, 1, one, std::vector<float>{2, 2});
    const auto rows = all_rows(out);
    const MetricInput input{out, nullptr, rows, 0, {}, 0, one};
    EXPECT_EQ(metric_named("pinball_loss").undefined_because(input), "");
    EXPECT_NEAR(metric_named("pinball_loss").over(input)->value(std::vector<std::int32_t>(2, 1)), 0.75, 1e-15);
}

TEST(Regression, AnswersThatAreNotFiniteAreMarkedAndCount) {
    const Outcomes out = answers_of({std::nanf(""), 1}, {1, 1});
    EXPECT_THAT(out.prediction, ElementsAre(not_finite, 0));
    EXPECT_TRUE(out.counts(0));
}

TEST(Regression, LengthsThatDoNotFitAreOurMistake) {
    EXPECT_THROW(score_regression(std::vector<float>{1, 2, 3}, 2, 1, {}, std::vector<float>{1, 2}), InternalError);
    EXPECT_THROW(score_regression(std::vector<float>{1, 2}, 2, 1, {}, std::vector<float>{1}), InternalError);
}

TEST(ShownRows, AreThoseThatAShiftPutsInThePlaces) {
    Outcomes out = answers_of({1, 2, 3, 4}, {1, 2, 3, 4});
    EXPECT_THAT(shown_rows(out), IsEmpty()) << "no column: every row shows itself";
    out.kept[shows_column] = {0, 1, 2, 3};
    EXPECT_THAT(shown_rows(out), IsEmpty());
    out.kept[shows_column] = {3, 1, -1, 1};
    EXPECT_THAT(shown_rows(out), ElementsAre(3, 1, 2, 1)) << "a place that shows nothing stands for itself";
}

TEST(ShownRows, MoveGroupsAndPairs) {
    const std::vector<std::uint32_t> shown = {3, 1, 2, 1};
    const std::vector<Group> groups = {{"", {0, 1, 2, 3}}, {"home=rent", {1}}, {"home=owner", {0, 3}}};
    const std::vector<Group> moved = groups_showing(groups, shown);
    ASSERT_EQ(moved.size(), 3U);
    EXPECT_THAT(moved[0].rows, ElementsAre(0, 1, 2, 3));
    EXPECT_EQ(moved[1].name, "home=rent");
    EXPECT_THAT(moved[1].rows, ElementsAre(1, 3)) << "places 1 and 3 both show sample 1";
    EXPECT_THAT(moved[2].rows, ElementsAre(0)) << "sample 0 is shown nowhere";
    const Outcomes reference = formula_outcomes();
    const Outcomes paired = reordered(reference, shown);
    const auto& quantiles = reference.kept.at(quantiles_column);
    for (std::size_t place = 0; place < shown.size(); ++place) {
        EXPECT_EQ(paired.kept.at(value_column)[place], reference.kept.at(value_column)[shown[place]]);
        EXPECT_EQ(paired.kept.at(actual_column)[place], reference.kept.at(actual_column)[shown[place]]);
        for (std::size_t q = 0; q < 3; ++q)
            EXPECT_EQ(paired.kept.at(quantiles_column)[3 * place + q], quantiles[3 * shown[place] + q]);
    }
}

TEST(TableRecord, EffectsThatAreNotThereSurviveTheJournal) {
    RunRecord record = test::small_record();
    record.shifts[0].effects = {std::numeric_limits<double>::quiet_NaN(), 0.5, 0.25, 0.125};
    record.models[0].quantiles = levels;
    const RunRecord back = run_record_from_json(to_json(record));
    ASSERT_EQ(back.shifts[0].effects.size(), 4U);
    EXPECT_TRUE(std::isnan(back.shifts[0].effects[0]));
    EXPECT_EQ(back.shifts[0].effects[3], 0.125);
    EXPECT_EQ(back.models[0].quantiles, levels);
}

}  // namespace
}  // namespace misfire
