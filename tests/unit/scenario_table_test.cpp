// What a scenario says of tables and series, and that its effective text says it again.
#include <gmock/gmock.h>

#include <variant>

#include "core/error.h"
#include "scenarios/scenario.h"
#include "tests/shared_files.h"
#include "tests/unit/data_fixture.h"

namespace misfire::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class TableScenario : public DataFolder {
  protected:
    void SetUp() override {
        DataFolder::SetUp();
        fs::create_directories(path("share"));
        fs::create_directory_symlink(in_source("scenarios/profiles"), path("share/profiles"));
        ::setenv("MISFIRE_SHARE", path("share").c_str(), 1);
    }

    Scenario parse(const std::string& text) const {
        return parse_scenario(text, "test.yaml", folder_, {}, {"accuracy", "mae"});
    }

    static void expect_same_again(const Scenario& scenario) {
        const std::string text = to_yaml(scenario);
        EXPECT_EQ(to_yaml(parse_scenario(text, "again.yaml", "/elsewhere", {}, {"accuracy", "mae"})), text);
    }
};

const std::string series =
    "models: net.pt\n"
    "data:\n"
    "  series: load.csv\n"
    "  time: Date\n"
    "  time_format: \"%d.%m.%Y\"\n"
    "  from: 2019-01-01\n"
    "  to: 2020-12-31\n"
    "  target: Load\n"
    "  features: [Load.1, kind]\n"
    "  derived: {Load.1: \"lag(Load,1)\", other: lagged(14)}\n"
    "  categories: {kind: [\"no\", \"yes\"]}\n"
    "  groups: [kind]\n"
    "  missing: median\n"
    "  window: 3\n"
    "  unit: MW\n";

TEST_F(TableScenario, ASeriesIsARegressionUnlessSaidOtherwise) {
    const Scenario scenario = parse(series + "shifts: {perturb: level_drop, severities: 1}\n");
    const DataSpec& data = scenario.data;
    EXPECT_EQ(data.form, DataSpec::Form::series);
    EXPECT_EQ(data.table, path("load.csv"));
    EXPECT_EQ(data.time_column, "Date");
    EXPECT_EQ(data.time_format, "%d.%m.%Y");
    EXPECT_EQ(data.from, "2019-01-01");
    EXPECT_EQ(data.to, "2020-12-31");
    EXPECT_EQ(data.target_column, "Load");
    EXPECT_THAT(data.features, ElementsAre("Load.1", "kind"));
    EXPECT_EQ(data.derived.at("other"), "lagged(14)");
    EXPECT_THAT(data.categories.at("kind"), ElementsAre("no", "yes"));
    EXPECT_THAT(data.groups, ElementsAre("kind"));
    EXPECT_EQ(data.missing, "median");
    EXPECT_EQ(data.window, 3);
    EXPECT_TRUE(data.regression);
    EXPECT_EQ(data.unit, "MW");
    expect_same_again(scenario);
    const Scenario table = parse(
        "models: net.pt\ndata: {table: t.csv, target: y, features: [a]}\nshifts: {perturb: missing_random, severities: "
        "1}\n");
    EXPECT_FALSE(table.data.regression);
    expect_same_again(table);
    const Scenario numbers = parse(
        "models: net.pt\ndata: {table: t.csv, target: y, features: [a], task: regression}\n"
        "shifts: {perturb: missing_random, severities: 1}\n");
    EXPECT_TRUE(numbers.data.regression);
    expect_same_again(numbers);
}

TEST_F(TableScenario, FeaturesMayStandInAFile) {
    write("names.txt", "b\na\n");
    const Scenario scenario = parse(
        "models: net.pt\ndata: {table: t.csv, target: y, features: names.txt}\nshifts: {perturb: missing_random, "
        "severities: 1}\n");
    EXPECT_THAT(scenario.data.features, ElementsAre("b", "a"));
    expect_same_again(scenario);
}

TEST_F(TableScenario, FamiliesGetTheirOptionsSpelledOut) {
    const Scenario scenario = parse(
        series +
        "shifts: {perturb: [level_drop, stale_lags], severities: [1, 2.5], options: {steps: 14}, lags: frozen}\n");
    ASSERT_EQ(scenario.shifts.size(), 2U);
    const auto& drop = std::get<TablePerturbSpec>(scenario.shifts[0]);
    EXPECT_EQ(drop.family, "level_drop");
    EXPECT_THAT(drop.severities, ElementsAre(1.0, 2.5));
    EXPECT_FALSE(drop.options.contains("steps")) << "an option of the other one";
    EXPECT_TRUE(drop.options.contains("depth"));
    EXPECT_TRUE(drop.frozen_lags);
    EXPECT_EQ(std::get<TablePerturbSpec>(scenario.shifts[1]).options.at("steps"), "14");
    expect_same_again(scenario);
}

TEST_F(TableScenario, BehaviourAndCalendar) {
    const Scenario scenario = parse(
        series +
        "shifts:\n"
        "  - {behaviour: {profile: france_electricity, severities: [0.5, 1], from: 2019-03-18, end: one, ratios: "
        "all_days, "
        "columns: [other]}}\n"
        "  - {behaviour: {profile: france_electricity, lags: frozen}}\n"
        "  - {calendar: {by: week, from: 2020-01, to: 2020-06, reference: 2019-01-01..2019-06-30}, name: weeks}\n");
    const auto& behaviour = std::get<BehaviourSpec>(scenario.shifts.at(0));
    EXPECT_EQ(behaviour.name, "behaviour.france_electricity");
    EXPECT_THAT(behaviour.severities, ElementsAre(0.5, 1.0));
    EXPECT_EQ(behaviour.from, "2019-03-18");
    EXPECT_EQ(behaviour.end, "one");
    EXPECT_FALSE(behaviour.by_weekday);
    EXPECT_FALSE(behaviour.frozen_lags);
    EXPECT_THAT(behaviour.columns, ElementsAre("other"));
    const auto& frozen = std::get<BehaviourSpec>(scenario.shifts.at(1));
    EXPECT_EQ(frozen.name, "behaviour.france_electricity.frozen_lags");
    EXPECT_TRUE(frozen.frozen_lags);
    EXPECT_EQ(frozen.end, "hold");
    EXPECT_TRUE(frozen.by_weekday);
    const auto& calendar = std::get<CalendarSpec>(scenario.shifts.at(2));
    EXPECT_EQ(calendar.name, "weeks");
    EXPECT_EQ(calendar.by, CalendarSpec::By::week);
    EXPECT_EQ(calendar.reference, "2019-01-01..2019-06-30");
    expect_same_again(scenario);
}

TEST_F(TableScenario, AnUnknownNameIsLookedForAmongTablesToo) {
    const std::string said =
        message_of<ScenarioError>([&] { parse(series + "shifts: {perturb: level_drp, severities: 1}\n"); });
    EXPECT_THAT(said, HasSubstr("Did you mean `level_drop`?"));
    const std::string mixed =
        message_of<ScenarioError>([&] { parse(series + "shifts: {perturb: [level_drop, fog], severities: 1}\n"); });
    EXPECT_THAT(mixed, HasSubstr("no change of tables or group of them `fog`"));
}

}  // namespace
}  // namespace misfire::test
