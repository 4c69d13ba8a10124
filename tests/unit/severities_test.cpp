#include "scenarios/severities.h"

#include <gmock/gmock.h>

#include "core/error.h"

namespace misfire {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Severities, ReadsRangesStepsAndLists) {
    EXPECT_THAT(parse_sweep("0-5"), ElementsAre(0, 1, 2, 3, 4, 5));
    EXPECT_THAT(parse_sweep("0-1+0.25"), ElementsAre(0, 0.25, 0.5, 0.75, 1));
    EXPECT_THAT(parse_sweep("0,1,2.5"), ElementsAre(0, 1, 2.5));
    EXPECT_THAT(parse_sweep("3, 0-1"), ElementsAre(0, 1, 3));
}

TEST(Severities, ValuesAreAsWrittenAndNotRoundingNoise) {
    EXPECT_THAT(parse_sweep("0-1+0.1"), ElementsAre(0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1));
}

TEST(Severities, RepeatsAreTakenOnce) { EXPECT_THAT(parse_sweep("1,0-2,2"), ElementsAre(0, 1, 2)); }

TEST(Severities, LabelsAreTheShortestTextThatReadsBack) {
    EXPECT_EQ(level_label(3), "3");
    EXPECT_EQ(level_label(0.25), "0.25");
    EXPECT_EQ(level_label(0.1), "0.1");
}

void expect_refused(const std::string& text, const std::string& part) {
    try {
        parse_sweep(text);
        FAIL() << text << " was taken";
    } catch (const UsageError& error) {
        EXPECT_THAT(error.what(), HasSubstr(part)) << text;
    }
}

TEST(Severities, RefusesWhatIsNoSweep) {
    expect_refused("", "is not a number");
    expect_refused("0-x", "`x`");
    expect_refused("5-0", "falls");
    expect_refused("0-5+0", "must be above 0");
    expect_refused("-1", "below 0");
    expect_refused("0-5+0.000001", "more than 1000 levels");
    expect_refused("nan", "is not a number");
    expect_refused("1,,2", "is not a number");
}

}  // namespace
}  // namespace misfire
