// What compare says of two runs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "core/error.h"
#include "results/compare/comparability.h"
#include "results/compare/comparison.h"
#include "results/compare/curve_pair.h"
#include "results/metrics/registry.h"
#include "tests/gate_runs.h"
#include "tests/results_run.h"

namespace misfire {
namespace {

using test::chance_of;
using test::Folder;
using test::GateRun;

// Right with this chance, the same luck at every level.
GateRun lucky(double share, std::uint64_t luck = 1) {
    GateRun run;
    run.samples = 800;
    run.metrics = {"accuracy", "nll", "ece", "worst_group_accuracy", "flip_rate"};
    run.right = [=](std::size_t, int, int level, std::size_t row) {
        return chance_of(luck, 0, row) < share - 0.1 * level;
    };
    run.sureness = [](std::size_t row) { return 1.0F + 0.01F * static_cast<float>(row % 100); };
    return run;
}

std::vector<ComparedRow> compared(const Folder& folder, const GateRun& first, const GateRun& second,
                                  ComparisonOptions options = {}) {
    test::write_gate_run(folder / "a", first);
    test::write_gate_run(folder / "b", second);
    const ResultsFile a(folder / "a"), b(folder / "b");
    if (options.metrics.empty()) options.metrics = {"accuracy"};
    options.threads = 2;
    const PairedRuns runs(a, b, 2);
    std::vector<ComparedRow> rows = compare_runs(runs, options);
    judge(rows);
    return rows;
}

const ComparedRow& row_of(const std::vector<ComparedRow>& rows, const std::string& name, const std::string& metric) {
    for (const ComparedRow& row : rows) {
        if (row.name() == name && row.metric == metric && row.group.empty()) return row;
    }
    throw std::out_of_range("no row " + name + " " + metric);
}

TEST(Compare, ARunAgainstItselfGivesZerosInEveryMetric) {
    const Folder folder;
    ComparisonOptions options;
    options.metrics = {"accuracy", "nll", "ece", "worst_group_accuracy", "flip_rate", "mean_corruption_error"};
    options.groups = true;
    const std::vector<ComparedRow> rows = compared(folder, lucky(0.9), lucky(0.9), options);
    EXPECT_GT(rows.size(), 50U);
    for (const ComparedRow& row : rows) {
        EXPECT_EQ(row.message, "") << row.name() << row.metric;
        EXPECT_EQ(row.difference.value, 0.0) << row.name() << row.metric;
        EXPECT_EQ(row.difference.interval.low, 0.0);
        EXPECT_EQ(row.difference.interval.high, 0.0);
        EXPECT_EQ(row.p_adjusted, 1.0);
        EXPECT_EQ(row.word, Word::unchanged) << row.name() << row.metric;
    }
}

TEST(Compare, CountsDiscordantSamplesAndKnowsTheDirection) {
    const Folder folder;
    const std::vector<ComparedRow> rows = compared(folder, lucky(0.9), lucky(0.8));
    const ComparedRow& row = row_of(rows, "net/fog/1", "accuracy");
    ASSERT_TRUE(row.pairs);
    EXPECT_EQ(row.pairs->gained, 0);
    EXPECT_NEAR(static_cast<double>(row.pairs->lost), 80.0, 25.0);
    EXPECT_DOUBLE_EQ(row.difference.value, -static_cast<double>(row.pairs->lost) / 800.0);
    EXPECT_EQ(row.difference.method, "McNemar mid-p");
    EXPECT_EQ(row.word, Word::regressed);
    EXPECT_EQ(row_of(rows, "net/clean/0", "accuracy").word, Word::regressed);
    EXPECT_EQ(row_of(rows, "net/snow", "accuracy.area").direction, Direction::higher_is_better);
    const std::vector<ComparedRow> back = compared(folder, lucky(0.8), lucky(0.9));
    EXPECT_EQ(row_of(back, "net/fog/1", "accuracy").word, Word::improved);
    EXPECT_DOUBLE_EQ(row_of(back, "net/fog/1", "accuracy").difference.value, -row.difference.value);
}

TEST(Compare, LowerIsBetterForLossAndTheBootstrapAgreesWithTheStandardErrorOfTheMean) {
    const Folder folder;
    GateRun second = lucky(0.9);
    second.sureness = [](std::size_t row) { return 0.8F + 0.01F * static_cast<float>((row * 7) % 100); };
    ComparisonOptions options;
    options.metrics = {"nll"};
    const std::vector<ComparedRow> rows = compared(folder, lucky(0.9), second, options);
    const ComparedRow& row = row_of(rows, "net/fog/1", "nll");
    const ResultsFile a(folder / "a"), b(folder / "b");
    const Outcomes before = a.outcomes("net/fog/1"), after = b.outcomes("net/fog/1");
    double sum = 0.0, squares = 0.0;
    for (std::size_t i = 0; i < 800; ++i) {
        const double d = static_cast<double>(after.loss[i]) - static_cast<double>(before.loss[i]);
        sum += d;
        squares += d * d;
    }
    const double mean = sum / 800.0;
    EXPECT_NEAR(row.difference.value, mean, 1e-9);
    EXPECT_NEAR(row.difference.standard_error, std::sqrt((squares / 800.0 - mean * mean) / 800.0),
                0.08 * row.difference.standard_error);
    EXPECT_EQ(row.difference.method, "paired bootstrap");
    EXPECT_LT(row.difference.interval.low, mean);
    EXPECT_GT(row.difference.interval.high, mean);
}

TEST(Compare, UnchangedNeedsAnIntervalWithinTheMargin) {
    const Folder folder;
    const GateRun second = [] {
        GateRun run = lucky(0.9);
        run.right = [](std::size_t, int, int level, std::size_t row) {
            const double luck = chance_of(1, 0, row);
            // Two samples in a hundred change sides, as many for the better as for the worse.
            const bool swapped = row % 50 == 0;
            return (luck < 0.9 - 0.1 * level) != (swapped && row % 100 == 0);
        };
        return run;
    }();
    const auto word = [&](double margin) {
        ComparisonOptions options;
        options.margin = margin;
        return row_of(compared(folder, lucky(0.9), second, options), "net/fog/3", "accuracy").word;
    };
    EXPECT_EQ(word(0.2), Word::unchanged);
    EXPECT_EQ(word(0.0001), Word::inconclusive);
}

TEST(Compare, RefusesOtherDataSeedsAndPerturbationsNamingThem) {
    const Folder folder;
    using ::testing::ElementsAre;
    using ::testing::HasSubstr;
    const auto refusals = [&](const GateRun& second) {
        test::write_gate_run(folder / "a", GateRun{});
        test::write_gate_run(folder / "b", second);
        return comparability(ResultsFile(folder / "a"), ResultsFile(folder / "b"));
    };
    EXPECT_TRUE(refusals(GateRun{}).refusals.empty());
    GateRun other;
    other.seed = 8;
    EXPECT_THAT(refusals(other).refusals, ElementsAre("seed: 7 against 8"));
    other = {};
    other.version = "2";
    EXPECT_THAT(refusals(other).refusals,
                ElementsAre(HasSubstr("shift fog (version): fog 1 against fog 2"), HasSubstr("shift snow (version)")));
    other = {};
    other.samples = 100;
    EXPECT_THAT(refusals(other).refusals, ElementsAre(HasSubstr("200 samples of made_up against 100")));
    other = {};
    other.id_prefix = "other/";
    EXPECT_THAT(refusals(other).refusals, ElementsAre(HasSubstr("img/000000 against other/000000")));
    other = {};
    other.libtorch = "2.1";
    EXPECT_TRUE(refusals(other).refusals.empty()) << "said, not refused";
    EXPECT_THAT(refusals(other).notes, ElementsAre("libtorch: 1.13 against 2.1"));
}

TEST(Compare, PairsWhatBothHoldWhenForcedAndNothingWithoutACommonSample) {
    const Folder folder;
    GateRun fewer = lucky(0.8);
    fewer.samples = 500;
    const std::vector<ComparedRow> rows = compared(folder, lucky(0.9), fewer);
    EXPECT_EQ(row_of(rows, "net/fog/1", "accuracy").n, 500);
    EXPECT_EQ(row_of(rows, "net/fog/1", "accuracy").pairs->gained, 0) << "rows are paired by id";
    GateRun strangers = lucky(0.9);
    strangers.id_prefix = "other/";
    EXPECT_THROW(compared(folder, lucky(0.9), strangers), UsageError);
}

TEST(Compare, ModelsMatchByNameAndSingleOnesNeedNone) {
    const Folder folder;
    GateRun first, second;
    first.models = {"a", "b"};
    second.models = {"b", "c"};
    std::set<std::string> models;
    for (const ComparedRow& row : compared(folder, first, second)) models.insert(row.model);
    EXPECT_EQ(models, std::set<std::string>{"b"});
    first.models = {"old"};
    second.models = {"new"};
    EXPECT_FALSE(compared(folder, first, second).empty());
    first.models = {"a", "b"};
    EXPECT_THROW(compared(folder, first, second), UsageError);
}

TEST(Compare, ACellThatFailedIsSaidAndNotJudged) {
    const Folder folder;
    GateRun second = lucky(0.9);
    second.failing = {"net/fog/2"};
    const std::vector<ComparedRow> rows = compared(folder, lucky(0.9), second);
    EXPECT_EQ(row_of(rows, "net/fog/2", "accuracy").word, Word::inconclusive);
    EXPECT_THAT(row_of(rows, "net/fog/2", "accuracy").message, ::testing::HasSubstr("the engine said no"));
    EXPECT_THAT(row_of(rows, "net/fog", "accuracy.area").message, ::testing::HasSubstr("the engine said no"));
    EXPECT_EQ(row_of(rows, "net/snow", "accuracy.area").word, Word::unchanged);
}

TEST(Compare, ThreadsChangeNothing) {
    const Folder folder;
    test::write_gate_run(folder / "a", lucky(0.9));
    test::write_gate_run(folder / "b", lucky(0.85));
    const ResultsFile a(folder / "a"), b(folder / "b");
    ComparisonOptions options;
    options.metrics = {"accuracy", "nll", "ece"};
    const auto rows = [&](int threads) {
        options.threads = threads;
        return compare_runs(PairedRuns(a, b, threads), options);
    };
    const auto one = rows(1), two = rows(2);
    ASSERT_EQ(one.size(), two.size());
    for (std::size_t i = 0; i < one.size(); ++i) {
        EXPECT_EQ(one[i].name() + one[i].metric, two[i].name() + two[i].metric);
        EXPECT_EQ(one[i].difference.value, two[i].difference.value);
        EXPECT_EQ(one[i].difference.interval.low, two[i].difference.interval.low);
    }
}

TEST(Compare, PatternsAreThoseOfAShell) {
    for (const auto& [pattern, text, fits] :
         {std::tuple{"*", "fog", true}, std::tuple{"f*", "fog", true}, std::tuple{"*_blur", "glass_blur", true},
          std::tuple{"?og", "fog", true}, std::tuple{"fog", "fogs", false}, std::tuple{"*o*g", "foooog", true},
          std::tuple{"", "", true}, std::tuple{"a*b*c", "axxbyyd", false}, std::tuple{"f?", "fog", false}})
        EXPECT_EQ(fits_pattern(pattern, text), fits) << pattern << " " << text;
}

}  // namespace
}  // namespace misfire
