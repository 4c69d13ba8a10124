#include "results/curves.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace misfire {
namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

struct Falling {
    std::vector<double> levels{0, 1, 2, 4};
    std::vector<double> values{0.9, 0.8, 0.6, 0.2};
    std::vector<double> low{0.8, 0.7, 0.5, 0.1};
    std::vector<double> high{1.0, 0.9, 0.7, 0.3};
    CurveInput input(Direction direction = Direction::higher_is_better) const {
        return {levels, values, low, high, values[0], direction};
    }
};

TEST(Curves, AreaIsRetentionWhereHigherIsBetter) {
    // numpy.trapz([.9, .8, .6, .2], [0, 1, 2, 4]) / 4 / .9
    EXPECT_NEAR(area(Falling().input()), 2.35 / 4.0 / 0.9, 1e-12);
}

TEST(Curves, AreaIsExcessWhereLowerIsBetter) {
    EXPECT_NEAR(area(Falling().input(Direction::lower_is_better)), 2.35 / 4.0 - 0.9, 1e-12);
}

TEST(Curves, UndamagedModelHasFullRetentionAndNoDrop) {
    Falling curve;
    curve.values = {0.7, 0.7, 0.7, 0.7};
    EXPECT_NEAR(area(curve.input()), 1.0, 1e-12);
    EXPECT_EQ(drop(curve.input()), 0.0);
}

TEST(Curves, AreaIsUndefinedWhereALevelIsMissing) {
    Falling curve;
    curve.values[2] = missing;
    EXPECT_TRUE(std::isnan(area(curve.input())));
    EXPECT_TRUE(
        std::isnan(area({std::vector<double>{0}, std::vector<double>{1}, {}, {}, 1.0, Direction::higher_is_better})));
    curve.values = {0, 0, 0, 0};
    EXPECT_TRUE(std::isnan(area(curve.input())));
}

TEST(Curves, DropIsPositiveWhenWorse) {
    EXPECT_NEAR(drop(Falling().input()), 0.7, 1e-12);
    EXPECT_NEAR(drop(Falling().input(Direction::lower_is_better)), -0.7, 1e-12);
}

TEST(Curves, ThresholdFollowsTheRule) {
    constexpr auto higher = Direction::higher_is_better;
    constexpr auto lower = Direction::lower_is_better;
    EXPECT_NEAR(breaking_threshold(BreakingRule::half_way_to_chance, higher, 0.9, 0.1), 0.5, 1e-12);
    EXPECT_NEAR(breaking_threshold(BreakingRule::half_way_to_chance, lower, 0.0, 0.9), 0.45, 1e-12);
    EXPECT_NEAR(breaking_threshold(BreakingRule::twice_reference, lower, 0.3, missing), 0.6, 1e-12);
    EXPECT_TRUE(std::isnan(breaking_threshold(BreakingRule::half_way_to_chance, higher, 0.1, 0.1)));
    EXPECT_TRUE(std::isnan(breaking_threshold(BreakingRule::half_way_to_chance, higher, missing, 0.1)));
    EXPECT_TRUE(std::isnan(breaking_threshold(BreakingRule::twice_reference, lower, 0.0, missing)));
    EXPECT_TRUE(std::isnan(breaking_threshold(BreakingRule::none, higher, 0.9, 0.1)));
}

TEST(Curves, BreakingPointIsInterpolatedOverUnevenLevels) {
    const Breaking breaking = breaking_point(Falling().input(), 0.5);
    EXPECT_EQ(breaking.status, Status::ok);
    EXPECT_FALSE(breaking.censored);
    EXPECT_NEAR(breaking.severity, 2.5, 1e-12);  // 0.6 at 2, 0.2 at 4
    EXPECT_NEAR(breaking.low, 2.0, 1e-12);
    EXPECT_NEAR(breaking.high, 3.0, 1e-12);
    EXPECT_EQ(breaking.threshold, 0.5);
    EXPECT_EQ(breaking.evaluations, 4U);
}

TEST(Curves, RisingErrorBreaksWhereItsUpperEndComesFirst) {
    Falling curve;
    curve.values = {0.1, 0.2, 0.4, 0.8};
    curve.low = {0.0, 0.1, 0.3, 0.7};
    curve.high = {0.2, 0.3, 0.5, 0.9};
    const Breaking breaking = breaking_point(curve.input(Direction::lower_is_better), 0.3);
    EXPECT_NEAR(breaking.low, 1.0, 1e-12);
    EXPECT_NEAR(breaking.severity, 1.5, 1e-12);
    EXPECT_NEAR(breaking.high, 2.0, 1e-12);
}

TEST(Curves, FirstCrossingCountsEvenIfTheCurveRecovers) {
    Falling curve;
    curve.values = {0.9, 0.4, 0.8, 0.2};
    EXPECT_NEAR(breaking_point(curve.input(), 0.5).severity, 0.8, 1e-12);
}

TEST(Curves, CurveThatNeverCrossesIsCensoredAtItsLastLevel) {
    const Breaking breaking = breaking_point(Falling().input(), 0.15);
    EXPECT_EQ(breaking.status, Status::ok);
    EXPECT_TRUE(breaking.censored);
    EXPECT_EQ(breaking.severity, 4.0);
    EXPECT_NEAR(breaking.low, 3.75, 1e-12);  // the lower end crosses between 2 and 4
    EXPECT_TRUE(std::isnan(breaking.high));
}

TEST(Curves, MissingLevelHidesWhatFollows) {
    Falling curve;
    curve.values[2] = missing;
    EXPECT_EQ(breaking_point(curve.input(), 0.5).status, Status::undefined);
    EXPECT_TRUE(std::isnan(breaking_point(curve.input(), 0.5).severity));
    EXPECT_EQ(breaking_point(curve.input(), 0.5).evaluations, 3U);
    EXPECT_NEAR(breaking_point(curve.input(), 0.85).severity, 0.5, 1e-12);
}

TEST(Curves, NoThresholdNoBreakingPoint) {
    EXPECT_EQ(breaking_point(Falling().input(), missing).status, Status::undefined);
}

}  // namespace
}  // namespace misfire
