// When a check holds, is breached, or stays open; and what a baseline keeps.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <iostream>
#include <optional>

#include "core/error.h"
#include "core/level_choice.h"
#include "results/baseline.h"
#include "results/checks/evaluate_checks.h"
#include "results/checks/monitor_checks.h"
#include "results/compare/paired_tests.h"
#include "scenarios/scenario_checks.h"
#include "tests/gate_runs.h"
#include "tests/results_run.h"

namespace misfire {
namespace {

using test::chance_of;
using test::Folder;
using test::GateRun;
using ::testing::HasSubstr;
using Outcome = CheckResult::Outcome;

const KnownMetrics known({"accuracy", "nll", "brier", "ece", "flip_rate", "mean_confidence", "worst_group_accuracy"},
                         {"mean_corruption_error", "mce"});

CheckSpec check(const std::string& text) { return parse_check(text, known); }

GateRun lucky(double share, std::size_t samples = 1000) {
    GateRun run;
    run.samples = samples;
    run.metrics = {"accuracy", "nll", "flip_rate", "worst_group_accuracy", "mean_confidence"};
    run.right = [=](std::size_t, int, int level, std::size_t row) {
        return chance_of(1, 0, row) < share - 0.1 * level;
    };
    run.sureness = [](std::size_t row) { return 1.0F + 0.01F * static_cast<float>(row % 100); };
    return run;
}

class Checks : public ::testing::Test {
  protected:
    std::vector<CheckResult> results(const std::vector<std::string>& texts, const GateRun& run,
                                     const GateRun* baseline = nullptr) {
        test::write_gate_run(folder_ / "run", run);
        std::vector<CheckSpec> checks;
        for (const std::string& text : texts) checks.push_back(check(text));
        const ResultsFile now(folder_ / "run");
        std::optional<ResultsFile> before;
        if (baseline != nullptr) {
            test::write_gate_run(folder_ / "baseline", *baseline);
            before.emplace(folder_ / "baseline");
        }
        return evaluate_checks(checks, now, before ? &*before : nullptr, 2);
    }
    CheckResult one(const std::string& text, const GateRun& run, const GateRun* baseline = nullptr) {
        const std::vector<CheckResult> all = results({text}, run, baseline);
        EXPECT_EQ(all.size(), 1U);
        return all.at(0);
    }
    Folder folder_;
};

TEST_F(Checks, AnAbsoluteLimitIsBreachedOnlyByTheWholeInterval) {
    const GateRun run = lucky(0.9);  // about 0.8 in fog/1
    EXPECT_EQ(one("metric=accuracy,shift=fog,levels=1,min=0.7", run).outcome, Outcome::holds);
    EXPECT_EQ(one("metric=accuracy,shift=fog,levels=1,min=0.9", run).outcome, Outcome::breached);
    const CheckResult open = one("metric=accuracy,shift=fog,levels=1,min=0.79", run);
    EXPECT_EQ(open.outcome, Outcome::inconclusive);
    EXPECT_GT(open.samples_needed, 1000);
    EXPECT_THAT(open.message, HasSubstr("samples would settle it"));
    EXPECT_EQ(one("metric=accuracy,shift=fog,levels=1,max=0.7", run).outcome, Outcome::breached);
    EXPECT_EQ(one("metric=nll,shift=clean,max=5", run).outcome, Outcome::holds);
    EXPECT_EQ(one("metric=nll,shift=clean,min=5", run).outcome, Outcome::breached);
}

TEST_F(Checks, ReachCurvesGroupsNumbersOverTheRunAndCost) {
    const GateRun run = lucky(0.9);
    EXPECT_EQ(one("metric=accuracy.area,shift=fog,min=0.5", run).outcome, Outcome::holds);
    EXPECT_EQ(one("metric=accuracy.drop,shift=fog,max=0.1", run).outcome, Outcome::breached);
    EXPECT_EQ(one("metric=accuracy.breaking_point,shift=fog,min=2", run).outcome, Outcome::holds)
        << "censored at 3, beyond 2";
    EXPECT_EQ(one("metric=accuracy,shift=fog,levels=3,group=camera=a,max=0.3", run).outcome, Outcome::breached);
    EXPECT_EQ(results({"metric=accuracy,shift=*,group=camera=*,min=0.1"}, run).size(), 12U)
        << "2 shifts, 3 levels, 2 groups";
    EXPECT_EQ(one("metric=mean_corruption_error,max=0.5", run).outcome, Outcome::holds);
    EXPECT_EQ(one("metric=seconds_per_sample,shift=fog,levels=2,max=0.002", run).outcome, Outcome::holds);
    EXPECT_EQ(one("metric=seconds_per_sample,combine=mean,max=0.0005", run).outcome, Outcome::breached);
    const CheckResult mean = one("metric=accuracy,combine=mean,min=0.5", run);
    EXPECT_EQ(mean.outcome, Outcome::holds);
    EXPECT_NEAR(mean.value, 0.7, 0.05);
    EXPECT_THAT(mean.name, HasSubstr("mean of 6"));
}

TEST_F(Checks, ARegressionIsJudgedByItsPairedInterval) {
    const GateRun before = lucky(0.9), worse = lucky(0.85), same = lucky(0.9);
    const CheckResult breached = one("metric=accuracy,shift=fog,levels=2,max_regression=0.01", worse, &before);
    EXPECT_EQ(breached.outcome, Outcome::breached);
    EXPECT_NEAR(breached.value, 0.05, 0.02);
    EXPECT_GT(breached.low, 0.01);
    EXPECT_NEAR(breached.baseline - breached.now, breached.value, 1e-12);
    EXPECT_EQ(one("metric=accuracy,shift=fog,levels=2,max_regression=0.2", worse, &before).outcome, Outcome::holds);
    EXPECT_EQ(one("metric=accuracy,shift=fog,levels=2,max_regression=0.045", worse, &before).outcome,
              Outcome::inconclusive);
    for (const char* metric :
         {"accuracy,shift=fog,levels=2", "accuracy.area,shift=fog", "nll,shift=clean", "mean_corruption_error",
          "accuracy.breaking_point,shift=snow", "flip_rate,shift=fog,levels=3",
          "worst_group_accuracy,shift=fog,levels=3", "accuracy.area,combine=mean"}) {
        const CheckResult zero = one(std::string("metric=") + metric + ",max_regression=0", same, &before);
        EXPECT_EQ(zero.outcome, Outcome::holds) << metric << ": " << zero.message;
        EXPECT_EQ(zero.value, 0.0);
    }
    EXPECT_EQ(one("metric=nll,shift=fog,levels=3,max_regression=0.001", worse, &before).outcome, Outcome::breached)
        << "more is worse";
    EXPECT_EQ(one("metric=accuracy,shift=fog,levels=2,max_regression=0", same).outcome, Outcome::skipped)
        << "without a baseline";
}

TEST_F(Checks, TheLevelOfTheGateIsSharedAmongAllStatements) {
    const GateRun run = lucky(0.9);
    const double alone = [&] {
        const CheckResult result = one("metric=accuracy,shift=fog,levels=1,min=0.5", run);
        return result.high - result.low;
    }();
    const std::vector<CheckResult> many =
        results({"metric=accuracy,shift=fog,levels=1,min=0.5", "metric=accuracy,shift=snow,min=0.2",
                 "metric=accuracy.area,min=0.1", "metric=seconds_per_sample,max=9"},
                run);
    EXPECT_GT(many[0].high - many[0].low, 1.1 * alone);
    const Bounds expected = wilson_interval(std::llround(many[0].value * 1000.0), 1000, gate_level / 6.0);
    EXPECT_NEAR(many[0].low, expected.low, 1e-12) << "6 statements look at samples; time does not";
}

TEST_F(Checks, CellsThatFailedCannotBeDecided) {
    GateRun run = lucky(0.9);
    run.failing = {"net/fog/2"};
    const CheckResult failed = one("metric=accuracy,shift=fog,levels=2,min=0.1", run);
    EXPECT_EQ(failed.outcome, Outcome::undecidable);
    EXPECT_THAT(failed.message, HasSubstr("the engine said no"));
    EXPECT_EQ(one("metric=accuracy.area,shift=fog,min=0.1", run).outcome, Outcome::undecidable);
}

TEST_F(Checks, ThatMatchNothingAreErrorsWithTheNearestName) {
    const GateRun run = lucky(0.9);
    const auto message = [&](const std::string& text) -> std::string {
        try {
            results({text}, run);
        } catch (const ScenarioError& error) {
            return error.what();
        }
        return "";
    };
    EXPECT_THAT(message("metric=accuracy,shift=frog,min=0"), HasSubstr("Did you mean `fog`?"));
    EXPECT_THAT(message("metric=accuracy,model=nett,min=0"), HasSubstr("Did you mean `net`?"));
    EXPECT_THAT(message("metric=accuracy,levels=7,min=0"), HasSubstr("There are: 1, 2, 3"));
    EXPECT_THAT(message("metric=accuracy,group=camera=z,min=0"), HasSubstr("camera=z"));
    EXPECT_THAT(message("metric=brier,min=0"), HasSubstr("the run does not take it"));
    EXPECT_THAT(message("metric=mean_confidence,max_regression=0"), HasSubstr("neither more nor less"));
    EXPECT_THAT(message("metric=mean_corruption_error,shift=fog,min=0"), HasSubstr("over the whole run"));
    EXPECT_THAT(message("metric=alarm,monitor=adwin,min=1"), HasSubstr("no monitors"));
}

TEST_F(Checks, ABaselineOfOtherDataOrSeedIsRefused) {
    GateRun baseline = lucky(0.9);
    baseline.seed = 9;
    EXPECT_THAT(
        [&] { one("metric=accuracy,shift=fog,levels=1,max_regression=0", lucky(0.9), &baseline); },
        testing::ThrowsMessage<UsageError>(AllOf(HasSubstr("seed: 9 against 7"), HasSubstr("misfire baseline set"))));
}

TEST_F(Checks, ABaselineFileJudgesLikeTheRunItWasMadeOf) {
    const GateRun before = lucky(0.9), worse = lucky(0.85);
    test::write_gate_run(folder_ / "before", before);
    test::write_gate_run(folder_ / "worse", worse);
    const ResultsFile run(folder_ / "before"), now(folder_ / "worse");
    const BaselineSize size = write_baseline(folder_ / "baseline.h5", run);
    EXPECT_EQ(size.cells, 7);
    EXPECT_EQ(size.sampled, 1000) << "few cells leave room for every sample";
    const ResultsFile baseline(folder_ / "baseline.h5");
    EXPECT_TRUE(baseline.is_baseline());
    for (const char* text :
         {"metric=accuracy,shift=fog,levels=2,max_regression=0.01",
          "metric=accuracy.area,combine=mean,max_regression=0.01", "metric=nll,shift=fog,levels=3,max_regression=0.01",
          "metric=flip_rate,shift=snow,levels=3,max_regression=0.01",
          "metric=worst_group_accuracy,shift=fog,levels=3,max_regression=0.01",
          "metric=accuracy,shift=fog,levels=2,group=camera=a,max_regression=0.01",
          "metric=mean_corruption_error,max_regression=0.001"}) {
        const CheckResult from_run = evaluate_checks({check(text)}, now, &run, 2).at(0);
        const CheckResult from_file = evaluate_checks({check(text)}, now, &baseline, 2).at(0);
        EXPECT_EQ(from_run.outcome, from_file.outcome) << text << ": " << from_file.message;
        EXPECT_NEAR(from_run.value, from_file.value, 1e-9) << text;
        EXPECT_NEAR(from_run.low, from_file.low, 1e-9) << text;
        const CheckResult against_itself = evaluate_checks({check(text)}, run, &baseline, 2).at(0);
        EXPECT_EQ(against_itself.value, 0.0) << text;
    }
}

TEST_F(Checks, ABaselineOfTenThousandSamplesAndNinetySixCellsStaysBelowAMegabyte) {
    GateRun run;
    run.samples = 10'000;
    run.shifts = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s"};
    run.levels = 5;
    run.metrics = {"accuracy", "nll", "brier", "ece", "flip_rate", "mean_confidence"};
    run.right = [](std::size_t, int shift, int level, std::size_t row) {
        return chance_of(static_cast<std::uint64_t>(shift + 2), static_cast<std::uint64_t>(level), row) < 0.55;
    };
    run.sureness = [](std::size_t row) { return static_cast<float>(chance_of(3, 3, row)) * 6.0F; };
    // No bootstrap of all these for a test of size: the metrics are named when the file is there.
    GateRun quick = run;
    quick.metrics = {"accuracy"};
    RunRecord record = test::record_of(quick);
    Journal journal = Journal::create(folder_ / "run.sqlite", {});
    for (const Cell& cell : cells_of(record))
        journal.put(cell.name, 0, {Status::ok, "", 1.0, test::outcomes_of(run, record, cell)});
    journal.flush();
    RunResults results = evaluate(journal, record, 2);
    ASSERT_EQ(results.cells.size(), 96U);
    for (const char* metric : {"nll", "brier", "ece", "flip_rate", "mean_confidence"}) {
        const std::vector<Point> points = results.points;
        for (Point point : points) {
            if (point.metric != "accuracy") continue;
            point.metric = metric;
            results.points.push_back(point);
        }
    }
    write_results(folder_ / "results.h5", record, results, journal);
    const BaselineSize size = write_baseline(folder_ / "baseline.h5", ResultsFile(folder_ / "results.h5"));
    EXPECT_EQ(size.samples, 10'000);
    EXPECT_GE(size.sampled, 300);
    EXPECT_LT(size.bytes, 1'000'000U);
    std::cout << size.bytes << " bytes, " << size.sampled << " samples with all columns\n";
}

TEST(MonitorChecks, BoundDelaysAndFalseAlarms) {
    MonitorResult alarmed;
    alarmed.model = "net";
    alarmed.shift = "level_drop";
    alarmed.level = 1.0;
    alarmed.label = "1";
    alarmed.monitor = "adwin:delta=0.01";
    alarmed.status = Status::ok;
    alarmed.alarm = true;
    alarmed.delay_samples = 40.0;
    alarmed.false_alarms_per_1000 = 0.5;
    MonitorResult silent = alarmed;
    silent.level = 2.0;
    silent.label = "2";
    silent.alarm = false;
    silent.delay_samples = std::numeric_limits<double>::quiet_NaN();
    const std::vector<MonitorResult> monitors = {alarmed, silent};
    const auto outcomes = [&](const std::string& text) {
        std::vector<Outcome> found;
        for (const CheckResult& result : monitor_results({check(text)}, monitors)) found.push_back(result.outcome);
        return found;
    };
    using ::testing::ElementsAre;
    EXPECT_THAT(outcomes("metric=delay_samples,monitor=adwin,levels=1,max=60"), ElementsAre(Outcome::holds));
    EXPECT_THAT(outcomes("metric=delay_samples,monitor=adwin,max=60"), ElementsAre(Outcome::holds, Outcome::breached))
        << "a monitor that never alarmed is later than any limit";
    EXPECT_THAT(outcomes("metric=false_alarms_per_1000,monitor=ad*,levels=1,max=0.1"), ElementsAre(Outcome::breached));
    EXPECT_THAT(outcomes("metric=alarm,monitor=adwin,levels=2,min=1"), ElementsAre(Outcome::breached));
    EXPECT_THROW(monitor_results({check("metric=alarm,monitor=ddm,min=1")}, monitors), ScenarioError);
}

TEST(CheckText, IsReadBackAndSurvivesTheEffectiveScenario) {
    for (const char* text :
         {"metric=accuracy,shift=fog,levels=<=2,min=0.75", "metric=accuracy.area,max_regression=0,combine=mean",
          "metric=nll,model=a*,levels=1,2,5,group=camera=b,min=0,max=2.5,on_breach=warn",
          "metric=delay_samples,monitor=adwin,max=60,on_breach=off,on_inconclusive=warn"}) {
        EXPECT_EQ(check_text(check(text)), check_text(check(check_text(check(text))))) << text;
        YAML::Emitter out;
        out << YAML::BeginMap << YAML::Key << "checks" << YAML::Value;
        emit_checks(out, {check(text)});
        out << YAML::EndMap;
        const std::vector<CheckSpec> read = checks_in(out.c_str(), "scenario.yaml", known);
        ASSERT_EQ(read.size(), 1U);
        EXPECT_EQ(read[0].text, check(text).text);
    }
}

TEST(CheckText, MistakesNameTheKeyAndTheNearestWord) {
    const auto message = [](const std::string& text) -> std::string {
        try {
            check(text);
        } catch (const UsageError& error) {
            return error.what();
        }
        return "no error";
    };
    EXPECT_THAT(message("metric=acuracy,min=1"), HasSubstr("Did you mean `accuracy`?"));
    EXPECT_THAT(message("metric=accuracy.aera,min=1"), HasSubstr("Did you mean `area`?"));
    EXPECT_THAT(message("metric=accuracy"), HasSubstr("no limit"));
    EXPECT_THAT(message("metric=accuracy,minn=1"), HasSubstr("Did you mean `min`?"));
    EXPECT_THAT(message("metric=accuracy,min=high"), HasSubstr("number is expected"));
    EXPECT_THAT(message("metric=accuracy,min=2,max=1"), HasSubstr("nothing could hold"));
    EXPECT_THAT(message("metric=accuracy,levels=<x,min=1"), HasSubstr("no bound of levels"));
    EXPECT_THAT(message("metric=accuracy.area,levels=1,min=1"), HasSubstr("whole curve"));
    EXPECT_THAT(message("metric=accuracy,min=1,on_breach=fail"), HasSubstr("not valid here"));
    EXPECT_THAT(message("metric=accuracy,group=camera,min=1"), HasSubstr("attribute=value"));
    EXPECT_THAT(message("metric=delay,monitor=adwin,max=1"), HasSubstr("not valid here"));
    EXPECT_THAT(message("accuracy"), HasSubstr("write key=value"));
    EXPECT_THAT(message("min=1"), HasSubstr("`metric` is missing"));
}

TEST(LevelChoice, TakesBoundsRangesNumbersAndLabels) {
    EXPECT_TRUE(LevelChoice("<=2").takes(2.0, "2"));
    EXPECT_FALSE(LevelChoice("<2").takes(2.0, "2"));
    EXPECT_TRUE(LevelChoice("1-3").takes(2.5, "2.5"));
    EXPECT_FALSE(LevelChoice("1,3").takes(2.0, "2"));
    EXPECT_TRUE(LevelChoice("1, 3").takes(3.0, "3"));
    EXPECT_TRUE(LevelChoice("2020-03").takes(14.0, "2020-03"));
    EXPECT_FALSE(LevelChoice("2020-03").takes(15.0, "2020-04"));
    EXPECT_TRUE(LevelChoice("*").takes(-1.0, "anything"));
    EXPECT_THROW(LevelChoice("1,,2"), ScenarioError);
}

}  // namespace
}  // namespace misfire
