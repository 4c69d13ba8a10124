#include "perturbations/severity.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/error.h"

namespace misfire {
namespace {

// One parameter in pixels, one without unit, one whole, one reciprocal.
PerturbationInfo example() {
    PerturbationInfo info;
    info.name = "example";
    const auto sets = [](std::vector<double> a, std::vector<double> b, std::vector<double> c, std::vector<double> d) {
        return std::map<std::string, std::vector<double>>{{"32", a}, {"64", b}, {"224", c}, {"299", d}};
    };
    info.parameters = {
        {.name = "sigma",
         .unit = "px",
         .meaning = "",
         .scales_with_side = true,
         .identity = 0.0,
         .published = sets({1, 2, 3, 4, 5}, {2, 4, 6, 8, 10}, {7, 14, 21, 28, 35}, {9, 18, 27, 36, 45})},
        {.name = "share",
         .unit = "px",
         .meaning = "",
         .published = sets({.1, .2, .3, .4, .5}, {.1, .2, .3, .4, .5}, {.2, .4, .6, .8, 1}, {.3, .5, .7, .9, 1})},
        {.name = "quality",
         .unit = "px",
         .meaning = "",
         .whole = true,
         .identity = 100.0,
         .published = sets({80, 65, 58, 50, 40}, {65, 58, 50, 40, 25}, {25, 18, 15, 10, 7}, {23, 16, 13, 8, 5})},
        {.name = "photons",
         .unit = "px",
         .meaning = "",
         .scale = Parameter::Scale::reciprocal,
         .identity = HUGE_VAL,
         .published = sets({50, 25, 10, 5, 2}, {50, 25, 10, 5, 2}, {50, 25, 10, 5, 2}, {50, 25, 10, 5, 2})}};
    return info;
}

TEST(ParameterSchedule, published_values_are_exact_at_published_sizes_and_levels) {
    const PerturbationInfo info = example();
    const ParameterSchedule schedule(info, "auto");
    for (const ParameterSet& set : parameter_sets()) {
        for (int level = 1; level <= 5; ++level) {
            const auto values = schedule.at(set.side, set.side, level);
            for (std::size_t p = 0; p < 3; ++p) {
                EXPECT_EQ(values[p],
                          info.parameters[p].published.at(std::string(set.key))[static_cast<std::size_t>(level - 1)]);
            }
        }
    }
}

// Published for 224 px only, and of our own for every size.
PerturbationInfo example_of(const std::string& key) {
    PerturbationInfo info;
    info.name = "example";
    info.parameters = {
        {.name = "t", .unit = "1", .meaning = "", .identity = 0.0, .published = {{key, {1, 2, 3, 4, 5}}}},
        {.name = "radius",
         .unit = "px",
         .meaning = "",
         .scales_with_side = true,
         .identity = 0.0,
         .published = {{key, {10, 20, 30, 40, 50}}}}};
    return info;
}

TEST(ParameterSchedule, one_published_set_serves_all_sizes) {
    const ParameterSchedule schedule(example_of("224"), "auto");
    EXPECT_EQ(schedule.at(32, 40, 2)[1], 20);
    EXPECT_EQ(schedule.at(448, 500, 2)[0], 2);
    EXPECT_EQ(schedule.at(448, 500, 2)[1], 40);
    EXPECT_EQ(schedule.describe(32, 40), "imagenet-c (224 px)");
    const ParameterSchedule small(example_of("32"), "auto");
    EXPECT_EQ(small.at(64, 64, 2)[1], 40);
    EXPECT_EQ(small.describe(64, 64), "cifar-c (32 px), pixel units of cifar-c (32 px) times 64/32");
    EXPECT_THROW(ParameterSchedule(example_of("32"), "imagenet-c"), UsageError);
}

TEST(ParameterSchedule, values_for_any_size_scale_pixel_units_only) {
    const ParameterSchedule schedule(example_of("any"), "auto");
    EXPECT_EQ(schedule.at(224, 224, 2)[1], 20);
    EXPECT_EQ(schedule.at(112, 300, 2)[1], 10);
    EXPECT_EQ(schedule.at(448, 448, 2)[1], 40);
    EXPECT_EQ(schedule.at(112, 300, 2)[0], 2);
    EXPECT_EQ(schedule.at(112, 300, 0.5)[0], 0.5);
    EXPECT_EQ(schedule.describe(112, 300), "");
}

TEST(ParameterSchedule, lies_on_a_straight_line_between_levels) {
    const auto values = ParameterSchedule(example(), "auto").at(224, 224, 2.5);
    EXPECT_DOUBLE_EQ(values[0], 17.5);
    EXPECT_DOUBLE_EQ(values[1], 0.5);
    EXPECT_EQ(values[2], 17.0);  // 16.5, rounded half up
    EXPECT_DOUBLE_EQ(values[3], 1.0 / (0.5 / 25 + 0.5 / 10));
}

TEST(ParameterSchedule, starts_from_the_identity_below_level_1) {
    const auto values = ParameterSchedule(example(), "auto").at(224, 224, 0.1);
    EXPECT_DOUBLE_EQ(values[0], 0.7);
    EXPECT_DOUBLE_EQ(values[1], 0.2) << "held where no identity is declared";
    EXPECT_EQ(values[2], 93.0);  // 92.5
    EXPECT_DOUBLE_EQ(values[3], 500.0);
}

TEST(ParameterSchedule, chooses_by_the_shorter_side) {
    const ParameterSchedule schedule(example(), "auto");
    EXPECT_EQ(schedule.at(16, 500, 1)[0], 1.0) << "below 32: the set of 32";
    EXPECT_EQ(schedule.at(640, 64, 1)[0], 2.0);
    const double weight = std::log(128.0 / 64.0) / std::log(224.0 / 64.0);
    EXPECT_DOUBLE_EQ(schedule.at(128, 200, 1)[0], 2.0 + weight * 5.0) << "between 64 and 224: linear in log(side)";
}

TEST(ParameterSchedule, scales_pixel_units_and_nothing_else_above_299) {
    const auto values = ParameterSchedule(example(), "auto").at(448, 1000, 2);
    EXPECT_DOUBLE_EQ(values[0], 28.0) << "224's 14 px, twice";
    EXPECT_DOUBLE_EQ(values[1], 0.5) << "as published for 299";
}

TEST(ParameterSchedule, a_forced_set_is_used_at_every_size) {
    const ParameterSchedule schedule(example(), "cifar-c");
    for (const int side : {16, 224, 1080}) EXPECT_EQ(schedule.at(side, side, 3)[0], 3.0);
}

TEST(ParameterSchedule, never_mixes_two_arms) {
    PerturbationInfo info = example();
    info.second_arm_from = 3;
    const ParameterSchedule schedule(info, "imagenet-c");
    EXPECT_EQ(schedule.at(224, 224, 2.2)[0], 14.0);
    EXPECT_EQ(schedule.at(224, 224, 2.5)[0], 21.0);
    EXPECT_EQ(schedule.at(224, 224, 2.9)[0], 21.0);
    EXPECT_DOUBLE_EQ(schedule.at(224, 224, 3.5)[0], 24.5);
}

TEST(ParameterSchedule, says_which_set_it_used) {
    const ParameterSchedule schedule(example(), "auto");
    EXPECT_EQ(schedule.describe(20, 20), "cifar-c (32 px)");
    EXPECT_EQ(schedule.describe(224, 300), "imagenet-c (224 px)");
    EXPECT_EQ(schedule.describe(128, 300), "between tiny-imagenet-c (64 px) and imagenet-c (224 px) at 128 px");
    EXPECT_EQ(schedule.describe(1080, 1920), "inception (299 px), pixel units of imagenet-c (224 px) times 1080/224");
    EXPECT_EQ(ParameterSchedule(example(), "inception").describe(32, 32), "inception (299 px), forced");
}

}  // namespace
}  // namespace misfire
