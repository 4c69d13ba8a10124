// What every registered metric must obey. A new metric is tested here by being in the registry.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "core/random.h"
#include "results/metrics/registry.h"
#include "results/metrics/score_metric.h"
#include "results/outcomes.h"
#include "results/statistics.h"

namespace misfire {
namespace {

constexpr std::int64_t classes = 10;
constexpr std::size_t samples = 300;

constexpr double quantile_levels[] = {0.1, 0.5, 0.9};

// What a regression keeps, so that metrics of numbers have something to look at: answers around the truth.
void add_numbers(Outcomes& outcomes, const Random& random) {
    std::vector<float> truth(outcomes.size()), error(outcomes.size());
    random.uniform(truth, 2);
    random.normal(error, 3);
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        const float actual = 50.0F + 20.0F * truth[i], answer = actual + error[i];
        outcomes.kept[actual_column].push_back(actual);
        outcomes.kept[value_column].push_back(answer);
        for (const float width : {-1.0F, 0.0F, 1.0F}) outcomes.kept[quantiles_column].push_back(answer + width);
    }
}

Outcomes random_outcomes(std::uint64_t key) {
    std::vector<float> logits(samples * classes);
    std::vector<std::int32_t> targets(samples);
    const Random random(key);
    random.normal(logits, 0);
    random.integers(targets, 0, classes, 1);
    for (std::size_t i = 0; i < samples; ++i) logits[i * classes + static_cast<std::size_t>(targets[i])] += 1.5F;
    Outcomes outcomes = score_outputs(logits, samples, classes, OutputKind::logits, targets);
    outcomes.kept["top5"] = top5_classes(logits, samples, classes, OutputKind::logits);
    add_numbers(outcomes, random);
    // Every fifth sample is out of distribution, for the metrics that look at these.
    for (std::size_t i = 0; i < samples; ++i) outcomes.kept[ood_column].push_back(i % 5 == 0 ? 1.0F : 0.0F);
    return outcomes;
}

// Those of the registry, and those of one score.
std::vector<const Metric*> every_metric() {
    std::vector<const Metric*> metrics = all_metrics();
    for (const std::string& name : metrics_of_score("msp")) metrics.push_back(&metric_named(name));
    return metrics;
}

struct Data {
    Outcomes outcomes = random_outcomes(1);
    Outcomes reference = random_outcomes(2);
    std::vector<std::uint32_t> rows;
    std::vector<std::uint32_t> groups;
    Data() : rows(samples) {
        std::iota(rows.begin(), rows.end(), 0U);
        for (const std::uint32_t row : rows) groups.push_back(row % 4);
    }
    MetricInput input() const { return {outcomes, &reference, rows, classes, groups, 4, quantile_levels}; }
};

double value(const Metric& metric, const MetricInput& input) {
    return metric.over(input)->value(std::vector<std::int32_t>(input.rows.size(), 1));
}

class EveryMetric : public ::testing::TestWithParam<const Metric*> {
  protected:
    const Metric& metric_ = *GetParam();
};

TEST_P(EveryMetric, IsDescribed) {
    const MetricInfo& info = metric_.info();
    EXPECT_FALSE(info.summary.empty());
    EXPECT_FALSE(info.unit.empty());
    EXPECT_EQ(&metric_named(info.name), &metric_);
    EXPECT_EQ(info.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_:"), std::string::npos);
    EXPECT_TRUE(info.direction != Direction::neither || info.breaking == BreakingRule::none);
    EXPECT_EQ(info.in_time, info.interval == Interval::none) << "rows in the order of time cannot be drawn anew";
    if (info.breaking == BreakingRule::half_way_to_chance) {
        EXPECT_FALSE(std::isnan(metric_.chance(classes)));
    }
}

TEST_P(EveryMetric, RowOrderDoesNotMatter) {
    if (metric_.info().in_time) return SUCCEED();
    Data data;
    const double before = value(metric_, data.input());
    std::reverse(data.rows.begin(), data.rows.end());
    std::reverse(data.groups.begin(), data.groups.end());
    std::rotate(data.rows.begin(), data.rows.begin() + 100, data.rows.end());
    std::rotate(data.groups.begin(), data.groups.begin() + 100, data.groups.end());
    EXPECT_NEAR(value(metric_, data.input()), before, 1e-12);
}

TEST_P(EveryMetric, WeightIsRepetition) {
    if (metric_.info().in_time) return SUCCEED();
    Data data;
    std::vector<std::int32_t> weights(samples);
    Resampling(3, samples).weights(0, weights);
    const double weighted = metric_.over(data.input())->value(weights);
    Data repeated;
    repeated.rows.clear();
    repeated.groups.clear();
    for (std::size_t i = 0; i < samples; ++i) {
        repeated.rows.insert(repeated.rows.end(), static_cast<std::size_t>(weights[i]), data.rows[i]);
        repeated.groups.insert(repeated.groups.end(), static_cast<std::size_t>(weights[i]), data.groups[i]);
    }
    EXPECT_NEAR(weighted, value(metric_, repeated.input()), 1e-12);
}

TEST_P(EveryMetric, NothingHasNoValue) {
    if (metric_.info().in_time) return SUCCEED();
    const Data data;
    EXPECT_TRUE(std::isnan(metric_.over(data.input())->value(std::vector<std::int32_t>(samples, 0))));
}

TEST_P(EveryMetric, StatisticOutlivesItsInput) {
    std::unique_ptr<Statistic> statistic;
    double expected = 0.0;
    {
        const auto data = std::make_unique<Data>();
        statistic = metric_.over(data->input());
        expected = value(metric_, data->input());
    }
    EXPECT_EQ(statistic->value(std::vector<std::int32_t>(samples, 1)), expected);
}

TEST_P(EveryMetric, WilsonMeansAProportionThatGroupsSumTo) {
    if (metric_.info().interval != Interval::wilson) return SUCCEED();
    const Data data;
    const double hits = value(metric_, data.input()) * samples;
    EXPECT_NEAR(hits, std::round(hits), 1e-9);
    double sum = 0.0;
    for (std::uint32_t g = 0; g < 4; ++g) {
        Data part;
        std::erase_if(part.rows, [&](std::uint32_t row) { return row % 4 != g; });
        part.groups.assign(part.rows.size(), 0);
        sum += value(metric_, part.input()) * static_cast<double>(part.rows.size());
    }
    EXPECT_NEAR(sum, hits, 1e-9);
}

// An answer that is not finite either counts (as a wrong or changed one) or makes the metric undefined; it is never
// left out.
TEST_P(EveryMetric, NotFiniteAnswersAreNeverDropped) {
    Data data;
    Outcomes one_lost = data.outcomes;
    const std::vector<std::uint32_t> at{
        static_cast<std::uint32_t>(std::find_if(data.rows.begin(), data.rows.end(),
                                                [&](std::uint32_t row) { return data.outcomes.correct(row); }) -
                                   data.rows.begin())};
    const std::vector<std::int32_t> target{data.outcomes.target[at[0]]};
    const std::vector<float> lost(static_cast<std::size_t>(classes), std::nanf(""));
    Outcomes row = score_outputs(lost, 1, classes, OutputKind::logits, target);
    row.kept["top5"] = top5_classes(lost, 1, classes, OutputKind::logits);
    add_numbers(row, Random(9));
    row.kept[value_column] = {std::nanf("")};
    row.kept[quantiles_column].assign(3, std::nanf(""));
    assign(one_lost, at, row);
    const MetricInput input{one_lost, &data.reference, data.rows, classes, data.groups, 4, quantile_levels};
    if (!metric_.undefined_because(input).empty()) return SUCCEED();
    const double change = value(metric_, input) - value(metric_, data.input());
    EXPECT_FALSE(std::isnan(change));
    if (metric_.info().direction == Direction::higher_is_better) {
        EXPECT_LE(change, 0.0);
    } else {
        EXPECT_GE(change, 0.0);
    }
}

TEST_P(EveryMetric, PerfectModelIsNotBeatenByThisOne) {
    const Data data;
    Data perfect;
    perfect.outcomes.prediction = perfect.outcomes.target;
    perfect.outcomes.target_rank.assign(samples, 0);
    perfect.outcomes.confidence.assign(samples, 1.0F);
    perfect.outcomes.loss.assign(samples, 0.0F);
    perfect.outcomes.brier.assign(samples, 0.0F);
    const std::vector<float> truth = perfect.outcomes.kept[actual_column];
    perfect.outcomes.kept[value_column] = truth;
    perfect.outcomes.kept[quantiles_column].clear();
    for (const float actual : truth)
        perfect.outcomes.kept[quantiles_column].insert(perfect.outcomes.kept[quantiles_column].end(), 3, actual);
    if (metric_.info().over_ood) {
        for (std::size_t i = 0; i < samples; ++i)
            perfect.outcomes.confidence[i] = perfect.outcomes.is_ood(i) ? 0.0F : 1.0F;
    }
    perfect.reference = perfect.outcomes;
    const double best = value(metric_, perfect.input());
    const double ours = value(metric_, data.input());
    if (metric_.info().direction == Direction::higher_is_better) {
        EXPECT_GT(best, ours);
    } else if (metric_.info().direction == Direction::lower_is_better) {
        EXPECT_LT(best, ours);
        // At full coverage nothing is refused: what is out of distribution counts in the area in any case.
        if (!metric_.info().name.starts_with("aurc:")) {
            EXPECT_EQ(best, 0.0);
        }
    } else {
        EXPECT_EQ(best, metric_.info().regression ? 0.0 : 1.0);  // no bias; mean confidence of the sure
    }
}

TEST(MetricRegistry, IsAlphabeticalWithoutRepeats) {
    const std::vector<std::string> names = metric_names();
    EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
    EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), names.size());
}

INSTANTIATE_TEST_SUITE_P(Registry, EveryMetric, ::testing::ValuesIn(every_metric()), [](const auto& test) {
    std::string name = test.param->info().name;
    std::replace(name.begin(), name.end(), score_separator, '_');
    return name;
});

}  // namespace
}  // namespace misfire
