// What e-detectors and conformal test martingales promise, over some hundred seeded streams without a change; and that
// they see one.
#include <gmock/gmock.h>

#include "tests/unit/monitors_fixture.h"

namespace misfire::test {
namespace {

// Streams of `length` among `streams` that alarm at all.
template <typename Make>
int alarming(const std::string& monitor, int streams, const Make& make) {
    int count = 0;
    for (int s = 0; s < streams; ++s)
        count += alarms_of(monitor, make(static_cast<std::uint64_t>(s) + 1)).empty() ? 0 : 1;
    return count;
}

// Highest count that a binomial with this mean exceeds with probability below about 1e-4.
int within(double mean) { return static_cast<int>(mean + 4.0 * std::sqrt(mean) + 2.0); }

TEST(EDetector, FalseAlarmsUpToNAreAtMostNAlpha) {
    const auto bernoulli = [](std::uint64_t seed) { return bernoulli_stream(seed, {0.2}, 500); };
    // Not coins: bounded values of the same mean.
    const auto shares = [](std::uint64_t seed) {
        Stream stream = bernoulli_stream(seed, {0.4}, 500);
        for (double& value : stream) value *= 0.5;
        return stream;
    };
    for (const char* form : {"sr", "cusum"}) {
        const std::string monitor = "e_detector:baseline=0.2:alpha=0.0002:form=" + std::string(form);
        EXPECT_LE(alarming(monitor, 400, bernoulli), within(400 * 500 * 0.0002)) << form;
        EXPECT_LE(alarming(monitor, 400, shares), within(400 * 500 * 0.0002)) << form;
    }
    EXPECT_LE(alarming("e_detector:baseline=0.2:alpha=0.0002:mode=down", 400, bernoulli), within(400 * 500 * 0.0002));
}

TEST(EDetector, MeanTimeToAFalseAlarmIsAtLeastOneOverAlpha) {
    constexpr int streams = 300;
    double total = 0.0;
    for (int s = 0; s < streams; ++s) {
        const auto alarms = alarms_of("e_detector:baseline=0.3:alpha=0.01",
                                      bernoulli_stream(static_cast<std::uint64_t>(s) + 1, {0.3}, 3000));
        total += alarms.empty() ? 3000.0 : static_cast<double>(alarms.front() + 1);
    }
    EXPECT_GE(total / streams, 100.0);
}

TEST(EDetector, SeesAChangeSoon) {
    for (const char* monitor : {"e_detector:baseline=0.2", "e_detector:baseline=0.2:form=cusum"}) {
        const auto alarms = alarms_of(monitor, bernoulli_stream(3, {0.2, 0.5}, 500));
        ASSERT_FALSE(alarms.empty()) << monitor;
        EXPECT_GE(alarms.front(), 500U) << monitor;
        EXPECT_LT(alarms.front(), 560U) << monitor;
    }
}

// The reference is drawn, too: its bound is too low in at most 1 of 40.
TEST(EDetector, FittedBaselineKeepsThePromise) {
    int alarms = 0;
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
        const Stream reference = bernoulli_stream(5000 + seed, {0.2}, 200);
        alarms += alarms_of("e_detector:alpha=0.0002", bernoulli_stream(seed, {0.2}, 500), reference).empty() ? 0 : 1;
    }
    EXPECT_LE(alarms, within(400 * (500 * 0.0002 + 0.025)));
}

TEST(ConformalMartingale, EverAlarmingHasAtMostOneInThreshold) {
    const auto normal = [](std::uint64_t seed) { return normal_stream(seed, {0.0}, 1000); };
    // Ties of every kind; exchangeable, though not independent: a shuffled half of ones would do as well.
    const auto coins = [](std::uint64_t seed) { return bernoulli_stream(seed, {0.3}, 1000); };
    for (const char* bets : {"3", "5"}) {
        const std::string monitor = "conformal_martingale:threshold=20:bets=" + std::string(bets);
        EXPECT_LE(alarming(monitor, 400, normal), within(400 / 20.0)) << bets;
        EXPECT_LE(alarming(monitor, 400, coins), within(400 / 20.0)) << bets;
    }
    EXPECT_LE(alarming("conformal_martingale", 400, normal), within(400 / 100.0));
}

TEST(ConformalMartingale, RestartingFormsAlarmAboutOnceInThresholdOrLater) {
    for (const char* form : {"cusum", "sr"}) {
        double total = 0.0;
        constexpr int streams = 200;
        for (int s = 0; s < streams; ++s) {
            const Stream stream = normal_stream(static_cast<std::uint64_t>(s) + 1, {0.0}, 2000);
            const auto alarms = alarms_of("conformal_martingale:threshold=100:form=" + std::string(form), stream);
            total += alarms.empty() ? 2000.0 : static_cast<double>(alarms.front() + 1);
        }
        EXPECT_GE(total / streams, 100.0) << form;
    }
}

TEST(ConformalMartingale, SeesAChange) {
    const Stream stream = normal_stream(5, {0.0, 1.0}, 400);
    for (const char* form : {"ville", "cusum", "sr"}) {
        const auto alarms = alarms_of("conformal_martingale:threshold=2000:form=" + std::string(form), stream);
        ASSERT_FALSE(alarms.empty()) << form;
        EXPECT_GE(alarms.front(), 400U) << form;
        EXPECT_LT(alarms.front(), 520U) << form;
    }
}

TEST(ConformalMartingale, ASmallBagStaysValid) {
    const auto normal = [](std::uint64_t seed) { return normal_stream(seed, {0.0}, 2000); };
    EXPECT_LE(alarming("conformal_martingale:threshold=20:bag=100", 300, normal), within(300 / 20.0));
}

}  // namespace
}  // namespace misfire::test
