#include "perturbations/registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace misfire {
namespace {

std::vector<std::string> names() {
    std::vector<std::string> list;
    for (const PerturbationEntry& entry : perturbations()) list.push_back(entry.info().name);
    return list;
}

TEST(Registry, is_alphabetical_and_free_of_duplicates) {
    const auto list = names();
    EXPECT_TRUE(std::is_sorted(list.begin(), list.end()));
    EXPECT_EQ(std::adjacent_find(list.begin(), list.end()), list.end());
}

TEST(Registry, finds_and_makes_what_it_lists) {
    for (const std::string& name : names()) {
        ASSERT_NE(find_perturbation(name), nullptr) << name;
        EXPECT_EQ(find_perturbation(name)->info().name, name);
    }
    EXPECT_EQ(make_perturbation("gaussian_noise")->info().name, "gaussian_noise");
    EXPECT_EQ(find_perturbation("gaussian"), nullptr);
}

TEST(Registry, expands_groups_in_the_published_order) {
    EXPECT_THAT(expand_group("extra"), testing::Contains("gaussian_blur"));
    const auto benchmark = expand_group("imagenet-c");
    ASSERT_GE(benchmark.size(), 4U);
    EXPECT_EQ(benchmark.front(), "gaussian_noise");
    EXPECT_EQ(benchmark.back(), "jpeg_compression");
    EXPECT_THAT(benchmark, testing::Not(testing::Contains("gaussian_blur")))
        << "the four extra ones are no part of the benchmark";
}

TEST(Registry, every_group_it_names_expands) {
    for (const std::string& group : perturbation_groups()) EXPECT_FALSE(expand_group(group).empty()) << group;
    EXPECT_THAT(perturbation_groups(), testing::IsSupersetOf({"noise", "weather", "digital", "extra", "imagenet-c"}));
}

}  // namespace
}  // namespace misfire
