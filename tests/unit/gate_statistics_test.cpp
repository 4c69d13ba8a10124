// Tests for paired answers, against SciPy and against formulas written down independently.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <sstream>

#include "results/compare/difference.h"
#include "results/compare/paired_tests.h"
#include "tests/shared_files.h"

namespace misfire {
namespace {

std::vector<double> numbers_of(const std::string& command) {
    FILE* pipe = ::popen(command.c_str(), "r");
    std::string text;
    std::array<char, 4096> buffer;
    for (std::size_t n = 0; (n = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) text.append(buffer.data(), n);
    EXPECT_EQ(::pclose(pipe), 0) << text;
    std::istringstream stream(text);
    std::vector<double> numbers;
    for (double number = 0.0; stream >> number;) numbers.push_back(number);
    return numbers;
}

std::string python(const std::string& arguments) {
    return "/usr/bin/python3 " + test::in_source("tests/python/paired_tests_reference.py").string() + " " + arguments +
           " 2>&1";
}

TEST(GateStatistics, McNemarMidPIsScipys) {
    const std::vector<std::pair<std::int64_t, std::int64_t>> tables = {
        {1, 7}, {0, 1}, {5, 5}, {12, 30}, {0, 20}, {59, 6}, {200, 180}, {1000, 1100}, {3, 0}, {16, 4}};
    std::string arguments = "mcnemar";
    for (const auto& [gained, lost] : tables) arguments += " " + std::to_string(gained) + " " + std::to_string(lost);
    const std::vector<double> expected = numbers_of(python(arguments));
    ASSERT_EQ(expected.size(), tables.size());
    for (std::size_t i = 0; i < tables.size(); ++i) {
        const Discordance pairs{5000, tables[i].first, tables[i].second};
        EXPECT_NEAR(mcnemar_mid_p(pairs), expected[i], 1e-9 + 1e-7 * expected[i]) << i;
    }
    // Fagerland, Lydersen and Laake 2013, table 1: airway hyper-responsiveness of 21 children, b = 1, c = 7.
    EXPECT_NEAR(mcnemar_mid_p({21, 1, 7}), 0.039, 0.0005);
}

TEST(GateStatistics, TangosIntervalInvertsTheScoreTestWithTheLikelihoodMaximisedNumerically) {
    const std::vector<Discordance> tables = {{21, 1, 7}, {100, 12, 2}, {1000, 30, 52},
                                             {50, 0, 5}, {40, 3, 3},   {10000, 400, 380}};
    for (const double tail : {0.025, 0.0005}) {
        std::string arguments = "tango " + std::to_string(tail);
        for (const Discordance& t : tables)
            arguments += " " + std::to_string(t.n) + " " + std::to_string(t.gained) + " " + std::to_string(t.lost);
        const std::vector<double> expected = numbers_of(python(arguments));
        ASSERT_EQ(expected.size(), 2 * tables.size());
        for (std::size_t i = 0; i < tables.size(); ++i) {
            const Bounds bounds = paired_difference_interval(tables[i], tail);
            EXPECT_NEAR(bounds.low, expected[2 * i], 2e-5) << i;
            EXPECT_NEAR(bounds.high, expected[2 * i + 1], 2e-5) << i;
        }
    }
    // Fagerland et al. 2014 (Statistics in Medicine 33), the same children: Tango's interval is -0.517 to -0.026.
    const Bounds children = paired_difference_interval({21, 1, 7}, 0.025);
    EXPECT_NEAR(children.low, -0.517, 0.0006);
    EXPECT_NEAR(children.high, -0.026, 0.0006);
}

TEST(GateStatistics, NoDiscordantSampleIsNoDifference) {
    const Bounds bounds = paired_difference_interval({500, 0, 0}, 0.025);
    EXPECT_EQ(bounds.low, 0.0);
    EXPECT_EQ(bounds.high, 0.0);
    EXPECT_EQ(mcnemar_mid_p({500, 0, 0}), 1.0);
}

TEST(GateStatistics, HolmIsTheStepDownMethod) {
    const std::vector<double> p = {0.01, 0.04, 0.03, 0.005, 0.5, 0.005};
    std::string arguments = "holm";
    for (const double value : p) arguments += " " + std::to_string(value);
    const std::vector<double> expected = numbers_of(python(arguments));
    const std::vector<double> adjusted = holm_adjusted(p);
    ASSERT_EQ(expected.size(), p.size());
    for (std::size_t i = 0; i < p.size(); ++i) EXPECT_NEAR(adjusted[i], expected[i], 1e-12) << i;
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const std::vector<double> with_gap = holm_adjusted(std::vector<double>{0.02, nan, 0.5});
    EXPECT_DOUBLE_EQ(with_gap[0], 0.04) << "what was not tested is no member of the family";
    EXPECT_TRUE(std::isnan(with_gap[1]));
}

TEST(GateStatistics, WilsonAtAnyLevelIsTheOneOfMetricsAtNinetyFivePercent) {
    for (const auto& [hits, n] : {std::pair{0, 10}, std::pair{10, 10}, std::pair{317, 1000}}) {
        const Bounds usual = wilson_interval(hits, n);
        const Bounds same = wilson_interval(hits, n, 0.025);
        EXPECT_NEAR(same.low, usual.low, 1e-12);
        EXPECT_NEAR(same.high, usual.high, 1e-12);
        EXPECT_LE(wilson_interval(hits, n, 0.001).low, usual.low);
    }
}

TEST(GateStatistics, AsManySamplesAsItSaysDoSettle) {
    const double standard_error = 0.01;
    const auto needed = samples_to_settle(1000, standard_error, 0.01, 0.012);
    ASSERT_TRUE(needed);
    const double then = standard_error * std::sqrt(1000.0 / static_cast<double>(*needed));
    EXPECT_LE(normal_quantile(0.99) * then, 0.012);
    EXPECT_GT(normal_quantile(0.99) * then, 0.0119);
    EXPECT_FALSE(samples_to_settle(1000, standard_error, 0.01, 0.0)) << "at the limit no number is enough";
}

}  // namespace
}  // namespace misfire
