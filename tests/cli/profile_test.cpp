// A profile made from a series of one's own, and the template that lays one over a series of one's own.
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "cli/program.h"
#include "tests/shared_files.h"

namespace misfire::test {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// Five years of days from 2016-01-04, a Monday; a third of the use from 2020-03-16 on.
std::string made_up_series() {
    std::string text = "day,visits\n";
    int year = 2016, month = 1, day = 4;
    for (int i = 0; i < 1820; ++i) {
        char date[40];
        std::snprintf(date, sizeof date, "%04d-%02d-%02d", year, month, day);
        text += std::string(date) + "," + std::to_string(std::string(date) >= "2020-03-16" ? 40 : 120) + "\n";
        const int days[] = {31, year % 4 == 0 ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        if (++day > days[month - 1]) day = 1, ++month;
        if (month > 12) month = 1, ++year;
    }
    return text;
}

class Profile : public testing::Test {
  protected:
    void SetUp() override { write_file(folder_ / "visits.csv", made_up_series()); }

    Finished profile(const std::vector<std::string>& more) const {
        std::vector<std::string> words = {"profile",  "visits.csv", "--time",     "day",
                                          "--column", "visits",     "--baseline", "2016-01-01..2019-12-31",
                                          "--from",   "2020-01-06"};
        words.insert(words.end(), more.begin(), more.end());
        return misfire(words, {folder_.path(), {}, {}});
    }

    TemporaryFolder folder_;
};

TEST_F(Profile, GoesToStandardOutput) {
    const Finished made = profile({"--to", "2020-04-05"});
    EXPECT_EQ(made.code, 0);
    EXPECT_THAT(made.out, testing::StartsWith("series,week_start,ratio,weekday_ratio,weekend_ratio,method\n"
                                              "visits,2020-01-06,1,1,1,calendar\n"));
    EXPECT_THAT(made.out, testing::EndsWith("visits,2020-03-30,0.3333,0.3333,0.3333,calendar\n"));
    EXPECT_THAT(made.err, AllOf(HasSubstr("13 weeks from 2020-01-06"), HasSubstr("onset 2020-03-16"),
                                HasSubstr("lowest ratio 0.333")));
    const json object = json::parse(profile({"--json"}).out);
    EXPECT_EQ(object["onset"], "2020-03-16");
    EXPECT_EQ(object["weeks"][0]["ratio"], 1.0);
    EXPECT_THAT(object["origin"], HasSubstr("visits.csv, column visits"));
}

TEST_F(Profile, IsReplayedByAScenarioAtOnce) {
    ASSERT_EQ(profile({"--onset", "2020-03-18", "--out", "fall.csv"}).code, 0);
    EXPECT_THAT(read_file(folder_ / "fall.yaml"), HasSubstr("onset: 2020-03-18"));
    write_file(folder_ / "s.yaml",
               "models: zoo:chicago_ridership\ndata: {zoo: chicago_ridership, from: 2016-06-01}\n"
               "shifts: {behaviour: {profile: fall.csv, from: 2016-07-06, severities: 1}}\nmetrics: [mape]\n");
    const Finished run = misfire({"run", "s.yaml", "--json"}, {folder_.path(), {}, {}});
    ASSERT_EQ(run.code, 0) << run.err;
    const json results = json::parse(run.out);
    ASSERT_EQ(results["effects"].size(), 1U);
    EXPECT_NEAR(results["effects"][0]["effect"].get<double>(), 1.0 / 3.0, 1e-4);
    EXPECT_EQ(results["effects"][0]["moves"], "both");
}

TEST_F(Profile, LeavesOtherFilesAlone) {
    write_file(folder_ / "fall.yaml", "models: mine.pt\n");
    const Finished made = profile({"--out", "fall.csv"});
    EXPECT_EQ(made.code, 2);
    EXPECT_THAT(made.err, AllOf(HasSubstr("fall.yaml"), HasSubstr("another --out")));
    EXPECT_EQ(read_file(folder_ / "fall.yaml"), "models: mine.pt\n");
    EXPECT_FALSE(std::filesystem::exists(folder_ / "fall.csv"));
    EXPECT_EQ(profile({"--out", "other.csv"}).code, 0);
    EXPECT_EQ(profile({"--out", "other.csv"}).code, 0) << "its own files it replaces";
}

TEST(CovidLoad, IsATemplateThatSaysWhatItNeeds) {
    const Finished described = misfire({"describe", "covid-load"});
    EXPECT_EQ(described.code, 0);
    EXPECT_THAT(described.out, AllOf(HasSubstr("a template"), HasSubstr("Bring your own series"),
                                     HasSubstr("data.series"), HasSubstr("misfire run covid-load")));
    EXPECT_EQ(json::parse(misfire({"describe", "covid-load", "--json"}).out)["template"].size(), 8U);
    EXPECT_THAT(misfire({"list", "scenarios"}).out, HasSubstr("yours (misfire describe covid-load)"));
    for (const char* verb : {"run", "validate", "plan"}) {
        const Finished alone = misfire({verb, "covid-load"});
        EXPECT_EQ(alone.code, 2);
        EXPECT_THAT(alone.err, AllOf(HasSubstr("`covid-load` is a template"), HasSubstr("models.0"),
                                     HasSubstr("--set data.series=load.csv"), HasSubstr("misfire run covid-load"),
                                     Not(HasSubstr("/covid-load.yaml"))));
    }
}

TEST(CovidLoad, RunsWithAModelAndASeriesOfOnesOwn) {
    const TemporaryFolder folder;
    std::filesystem::copy_file(in_source("models/zoo/data/chicago_ridership.csv"), folder / "load.csv");
    const std::vector<std::string> command = {
        "run",   "covid-load",
        "--set", "models.0=zoo:chicago_ridership",
        "--set", "data.series=load.csv",
        "--set", "data.time=date",
        "--set", "data.target=ridership",
        "--set", "data.derived={ridership.7: \"lag(ridership,7)\", ridership.14: \"lag(ridership,14)\"}",
        "--set", "data.from=2016-01-01",
        "--set", "data.to=2016-06-30",
        "--set", "shifts.*.behaviour.from=2016-03-14",
        "--json"};
    const Finished run = misfire(command, {folder.path(), {}, {}});
    ASSERT_EQ(run.code, 0) << run.err;
    const json results = json::parse(run.out);
    EXPECT_EQ(results["cells"].size(), 13U) << "clean, and two shifts of six levels";
}

}  // namespace
}  // namespace misfire::test
