// Every mistake in a table, a series or what is to happen to it ends with a message that names place, value and remedy.
#include <gmock/gmock.h>

#include "cli/program.h"
#include "tests/shared_files.h"

namespace misfire::test {
namespace {

using testing::HasSubstr;
using testing::Not;

const char* const ridership = "{zoo: chicago_ridership, from: 2014-01-01, to: 2014-03-31}";

class TableMistakes : public testing::Test {
  protected:
    void expect_error(const std::string& scenario, const std::vector<std::string>& parts) const {
        write_file(folder_ / "s.yaml", scenario);
        const Finished finished = misfire({"run", "s.yaml"}, {folder_.path(), {}, {}});
        EXPECT_EQ(finished.code, 2) << finished.err;
        for (const std::string& part : parts) EXPECT_THAT(finished.err, HasSubstr(part));
        EXPECT_THAT(finished.err, Not(HasSubstr("internal error")));
        EXPECT_THAT(finished.err, Not(HasSubstr("terminate called")));
        EXPECT_FALSE(std::filesystem::exists(folder_ / "runs")) << "nothing is begun that cannot work";
    }

    // A series in series.csv, declared so; the data are opened before the model.
    void expect_series_error(const std::string& text, const std::string& declaration,
                             const std::vector<std::string>& parts) const {
        write_file(folder_ / "series.csv", text);
        expect_error("models: zoo:chicago_ridership\ndata: {series: series.csv, time: day, target: y, " + declaration +
                         "}\nshifts: {perturb: level_drop, severities: 1}\n",
                     parts);
    }

    void expect_table_error(const std::string& text, const std::string& declaration,
                            const std::vector<std::string>& parts) const {
        write_file(folder_ / "table.csv", text);
        expect_error("models: zoo:credit\ndata: {table: table.csv, target: status, " + declaration +
                         "}\nshifts: {perturb: missing_random, severities: 1}\n",
                     parts);
    }

    void expect_shift_error(const std::string& shift, const std::vector<std::string>& parts,
                            const std::string& metrics = "[mae]") const {
        expect_error("models: zoo:chicago_ridership\ndata: " + std::string(ridership) + "\nshifts: " + shift +
                         "\nmetrics: " + metrics + "\n",
                     parts);
    }

    void expect_profile_error(const std::string& rows, const std::vector<std::string>& parts) const {
        write_file(folder_ / "own.csv", "week_start,ratio,weekday_ratio,weekend_ratio\n" + rows);
        expect_shift_error("{behaviour: {profile: own.csv, from: 2014-02-03}}", parts);
    }

    TemporaryFolder folder_;
};

TEST_F(TableMistakes, ModelOfRowsForImages) {
    expect_error("models: zoo:chicago_ridership\ndata: zoo:fashion_test\nshifts: {perturb: fog}\n",
                 {"chicago_ridership takes rows of 61 numbers", "the data is images", "`data: {table: ..}`"});
}

TEST_F(TableMistakes, CellThatIsNoNumber) {
    expect_series_error("day,y,x\n2020-01-01,1,2\n2020-01-02,2,2o\n", "features: [x]",
                        {"series.csv:3", "column `x`", "`2o` is no number", "categories: {x: [..]}"});
    expect_series_error("day,y,x\n2020-01-01,1,2\n2020-01-02,inf,2\n", "features: [x]",
                        {"series.csv:3", "column `y`", "`inf` is no number"});
}

TEST_F(TableMistakes, MissingColumn) {
    const std::string text = "day,y,weekday\n2020-01-01,1,2\n2020-01-02,2,3\n";
    expect_series_error(text, "features: [wekday]", {"no column `wekday`", "feature", "Did you mean `weekday`?"});
    write_file(folder_ / "s.csv", text);
    expect_error(
        "models: zoo:chicago_ridership\ndata: {series: s.csv, time: day, target: load, features: [weekday]}\n"
        "shifts: {perturb: level_drop, severities: 1}\n",
        {"no column `load`", "target", "Known: y, weekday."});
    expect_error(
        "models: zoo:chicago_ridership\ndata: {series: s.csv, time: dya, target: y, features: [weekday]}\n"
        "shifts: {perturb: level_drop, severities: 1}\n",
        {"`dya`", "Did you mean `day`?"});
    expect_series_error(text, "features: [weekday], groups: [wekday]", {"no column `wekday`", "`weekday`"});
}

TEST_F(TableMistakes, TimesOutOfOrderTwiceOrWithAGap) {
    expect_series_error("day,y,x\n2020-01-02,1,2\n2020-01-01,2,2\n", "features: [x]",
                        {"series.csv:3", "`2020-01-01` comes after a later time", "Sort the file"});
    expect_series_error("day,y,x\n2020-01-01,1,2\n2020-01-01,2,2\n", "features: [x]",
                        {"series.csv:3", "`2020-01-01` is there twice"});
    expect_series_error("day,y,x\n2020-01-01,1,2\n2020-01-02,2,2\n2020-01-04,3,2\n", "features: [x]",
                        {"series.csv:4", "`2020-01-04` lies 172800 s after", "86400 s apart", "fill the gap"});
}

TEST_F(TableMistakes, TimeOfAnotherForm) {
    expect_series_error("day,y,x\n31.12.2019,1,2\n", "features: [x]",
                        {"series.csv:2", "`31.12.2019` is no time", "time_format"});
    expect_series_error("day,y,x\n2019-12-31,1,2\n", "features: [x], time_format: \"%d.%m.%Y\"",
                        {"`2019-12-31` is no time of the form %d.%m.%Y"});
}

TEST_F(TableMistakes, LagBeyondTheSeries) {
    expect_series_error("day,y\n2020-01-01,1\n2020-01-02,2\n2020-01-03,3\n",
                        "features: [a], derived: {a: \"lag(y,3)\"}",
                        {"`a`", "lag(y,3)", "3 rows reach beyond the series, which has 3"});
    expect_series_error("day,y\n2020-01-01,1\n2020-01-02,2\n2020-01-03,3\n",
                        "features: [a], derived: {a: \"lag(y,0)\"}", {"`0` is no whole number of rows from 1 on"});
}

TEST_F(TableMistakes, ConstantTarget) {
    expect_series_error("day,y,x\n2020-01-01,4,2\n2020-01-02,4,3\n", "features: [x]",
                        {"series.csv", "target `y`", "the same value in every row"});
}

TEST_F(TableMistakes, MissingTarget) {
    expect_series_error("day,y,x\n2020-01-01,4,2\n2020-01-02,NaN,3\n2020-01-03,5,3\n", "features: [x]",
                        {"series.csv:3", "column `y`", "target is missing"});
    expect_table_error("status,age\ngood,1\n,2\nbad,3\n", "features: [age]", {"table.csv:3", "target is missing"});
}

TEST_F(TableMistakes, MissingFeatureWithoutAPolicy) {
    write_file(folder_ / "series.csv", "day,y,x\n2020-01-01,4,2\n2020-01-02,1,\n2020-01-03,5,3\n");
    // The card of a zoo model declares a policy: a model of one's own without a card does not.
    expect_error(
        "models: {path: none.pt}\ndata: {series: series.csv, time: day, target: y, features: [x]}\n"
        "shifts: {perturb: level_drop, severities: 1}\n",
        {"series.csv:3", "column `x`", "no policy", "missing: mean"});
}

TEST_F(TableMistakes, DerivedColumnThatContradictsTheFile) {
    expect_series_error("day,y,a\n2020-01-01,1,\n2020-01-02,2,1\n2020-01-03,3,1\n",
                        "features: [a], derived: {a: \"lag(y,1)\"}",
                        {"series.csv:4", "column `a`", "1.0", "lag(y,1) is 2.0"});
}

TEST_F(TableMistakes, DerivedColumnThatCannotBeRead) {
    const std::string text = "day,y\n2020-01-01,1\n2020-01-02,2\n2020-01-03,3\n";
    expect_series_error(text, "features: [a], derived: {a: \"lagg(y,1)\"}",
                        {"there is no function `lagg`", "Did you mean `lag"});
    expect_series_error(text, "features: [a], derived: {a: \"lag(x,1)\"}", {"there is no column `x`", "y"});
    expect_series_error(text, "features: [a], derived: {a: \"lag(y)\"}", {"say how many rows", "lag(y,7)"});
    expect_series_error(text, "features: [a], derived: {a: \"y - 1\"}", {"write lag(<column>,<rows>)"});
    expect_series_error(text, "features: [a], derived: {a: \"lag(b,1)\", b: \"lag(a,1)\"}", {"computed from itself"});
    expect_table_error("status,age\ngood,1\nbad,2\n", "features: [age], derived: {a: \"lag(age,1)\"}",
                       {"need rows in time"});
}

TEST_F(TableMistakes, CategoryThatIsNotListed) {
    expect_table_error("status,home\ngood,rent\nbad,ovner\n", "features: [home], categories: {home: [rent, owner]}",
                       {"table.csv:3", "column `home`", "`ovner`", "Did you mean `owner`?"});
    expect_table_error("status,age\ngood,1\nbadd,2\n", "features: [age], categories: {status: [good, bad]}",
                       {"table.csv:3", "column `status`", "`badd`", "Did you mean `bad`?"});
}

TEST_F(TableMistakes, PeriodWithoutRows) {
    expect_series_error("day,y,x\n2020-01-01,4,2\n2020-01-02,1,3\n", "features: [x], from: 2021-01-01",
                        {"no row", "between `from` and `to`"});
    expect_series_error("day,y,x\n2020-01-01,4,2\n2020-01-02,1,3\n", "features: [x], from: 1.1.2021",
                        {"`1.1.2021` is no date", "2014-01-01"});
}

TEST_F(TableMistakes, ProfileThatDoesNotCoverTheDates) {
    expect_shift_error("{behaviour: {profile: france_electricity}}",
                       {"france_electricity covers 2020-03-16", "2001-01-22", "`from:`"});
    expect_shift_error("{behaviour: {profile: france_electricity, from: 2014-02-30x}}", {"2014-02-30x", "is no date"});
}

TEST_F(TableMistakes, DaysThatTheCalendarHasNot) {
    expect_series_error("day,y,x\n2019-02-28,1,2\n2019-02-29,2,2\n", "features: [x]",
                        {"series.csv:3", "`2019-02-29` is no time"});
    expect_series_error("day,y,x\n2019-02-28,1,2\n2019-03-01,2,2\n", "features: [x], from: 2019-02-30",
                        {"`2019-02-30` is no date"});
    expect_shift_error("{behaviour: {profile: france_electricity, from: 2014-02-30}}", {"2014-02-30", "is no date"});
    expect_shift_error("{perturb: level_drop, severities: 1, options: {onset: 2014-02-30}}", {"`onset`", "2014-02-30"});
}

TEST_F(TableMistakes, GroupsOfRows) {
    const std::string text = "day,y,x,site,empty\n2020-01-01,1,2,a,\n2020-01-02,2,2,b,\n2020-01-03,3,4,b,\n";
    expect_series_error(text, "features: [x], groups: [empty]",
                        {"column `empty`", "no value in any sample", "`groups`"});
    expect_series_error(text, "features: [x], groups: [siet]", {"no column `siet`", "`site`"});
}

TEST_F(TableMistakes, SeriesOfAProfile) {
    const auto profile_error = [&](const std::string& text, const std::vector<std::string>& more,
                                   const std::vector<std::string>& parts) {
        write_file(folder_ / "own.csv", text);
        std::vector<std::string> words = {"profile", "own.csv"};
        words.insert(words.end(), more.begin(), more.end());
        const Finished finished = misfire(words, {folder_.path(), {}, {}});
        EXPECT_EQ(finished.code, 2) << finished.err;
        EXPECT_EQ(finished.out, "");
        for (const std::string& part : parts) EXPECT_THAT(finished.err, HasSubstr(part));
    };
    const std::vector<std::string> usual = {
        "--time", "day", "--column", "y", "--baseline", "2018-01-01..2019-12-31", "--from", "2020-01-06"};
    const auto with = [&](std::vector<std::string> more) {
        more.insert(more.begin(), usual.begin(), usual.end());
        return more;
    };
    profile_error("day,y\n2020-01-01,1\n", {}, {"What is missing is --time"});
    profile_error("day,yy\n2020-01-01,1\n", usual, {"no column `y`", "`yy`"});
    profile_error("dya,y\n2020-01-01,1\n", usual, {"no column `day`", "`dya`"});
    profile_error("day,y\n2020-01-02,1\n2020-01-01,1\n", usual, {"own.csv:3", "after a later time", "Sort the file"});
    profile_error("day,y\n2020-01-02,1\n2020-01-02,1\n", usual, {"own.csv:3", "there twice"});
    profile_error("day,y\n2020-01-02,1\n2020-01-03,-1\n", usual, {"own.csv:3", "column `y`", "`-1` is not above 0"});
    profile_error("day,y\n2020-01-02,1\n2020-01-03,1e\n", usual, {"own.csv:3", "column `y`", "`1e` is no number"});
    profile_error("day,y\n02.01.2020,1\n", usual, {"own.csv:2", "`02.01.2020` is no time", "--time-format"});
    profile_error("day,y\n2020-01-02,\n", usual, {"no value in column `y`"});
    profile_error("day,y\n2020-01-06,1\n2020-01-07,1\n", with({"--to", "2020-01-31"}),
                  {"no day that 2020-01-06 could be compared with", "52, 104, 156 or 208 weeks", "--compare weekday"});
    profile_error("day,y\n2020-01-06,1\n", with({"--baseline", "2019"}), {"`--baseline 2019` is no period", ".."});
    profile_error("day,y\n2020-01-06,1\n", with({"--calm", "2020-01-08..2020-01-07"}), {"ends before it begins"});
    profile_error("day,y\n2020-01-06,1\n", with({"--compare", "month"}), {"`--compare month`", "season or weekday"});
    profile_error("day,y\n2020-01-06,1\n", with({"--onset", "2019-02-30"}), {"`2019-02-30` of --onset is no date"});
    profile_error("day,y\n2020-01-06,1\n",
                  {"--time", "day", "--column", "y", "--baseline", "2019-12-28..2019-12-31", "--from", "2020-01-06"},
                  {"The baseline has 4 days"});
}

TEST_F(TableMistakes, UnknownProfile) {
    expect_shift_error("{behaviour: {profile: france_electrcity, from: 2014-02-03}}",
                       {"no profile `france_electrcity`", "Did you mean `france_electricity`?"});
    expect_shift_error("{behaviour: {profile: elsewhere.csv, from: 2014-02-03}}", {"elsewhere.csv"});
}

TEST_F(TableMistakes, ProfileThatIsWrong) {
    expect_profile_error("2020-03-02,1,1,1\n2020-03-09,0,1,1\n",
                         {"own.csv:3", "`0` is no ratio", "above 0 and up to 100"});
    expect_profile_error("2020-03-02,1,1,1\n2020-03-09,1,x,1\n", {"own.csv:3", "`x` is no ratio"});
    expect_profile_error("2020-03-03,1,1,1\n2020-03-10,1,1,1\n", {"own.csv:2", "2020-03-03 is no Monday"});
    expect_profile_error("2020-03-02,1,1,1\n2020-03-16,1,1,1\n", {"own.csv:3", "does not follow the week before"});
    expect_profile_error("2020-03-02,1,1,1\n", {"own.csv", "at least two weeks"});
    expect_profile_error("spring,1,1,1\n2020-03-16,1,1,1\n", {"own.csv:2", "`spring` is no date"});
    write_file(folder_ / "two.csv",
               "series,week_start,ratio,weekday_ratio,weekend_ratio\nbus,2020-03-02,1,1,1\nrail,2020-03-02,1,1,1\n");
    expect_shift_error("{behaviour: {profile: two.csv}}", {"several series", "series: <name>", "Known: bus, rail."});
    expect_shift_error("{behaviour: {profile: two.csv, series: rial}}", {"no series `rial`", "Did you mean `rail`?"});
}

TEST_F(TableMistakes, BehaviourSettings) {
    expect_shift_error("{behaviour: {profile: france_electricity, from: 2014-02-03, severities: [1, 4]}}",
                       {"severity 4 is beyond 3"});
    expect_shift_error("{behaviour: {profile: france_electricity, from: 2014-02-03, columns: [Austn]}}",
                       {"`Austn`", "Did you mean `Austin`?"});
    expect_shift_error("{behaviour: {profile: france_electricity, from: 2014-02-03, end: never}}", {"never", "hold"});
}

TEST_F(TableMistakes, CalendarWithoutRows) {
    expect_shift_error("{calendar: {by: month, from: 2020-01, reference: \"2014-01\"}}",
                       {"no row lies between `from` and `to`", "covers 2014-01-01 to 2014-03-31"});
    expect_shift_error("{calendar: {by: month, reference: \"2013\"}}",
                       {"no row lies in the reference period 2013", "covers 2014-01-01 to 2014-03-31"});
    expect_shift_error("{calendar: {by: month}}", {"reference"});
    expect_shift_error("{calendar: {by: month, reference: \"2014-13\"}}", {"`reference: 2014-13` is no date"});
    expect_shift_error("{calendar: {by: month, from: 2014-01-45, reference: \"2014\"}}",
                       {"`from: 2014-01-45` is no date"});
    expect_shift_error("{calendar: {by: moon, reference: \"2014\"}}", {"moon", "month"});
    expect_error(
        "models: zoo:credit\ndata: zoo:credit_test\nshifts: {calendar: {reference: \"2014\"}}\nmetrics: [accuracy]\n",
        {"no time column"});
}

TEST_F(TableMistakes, ShiftsOfTheOtherKind) {
    expect_error("models: zoo:fashion_resnet\ndata: zoo:fashion_test\nshifts: {perturb: level_drop, severities: 1}\n",
                 {"`level_drop` changes tables, and the data is images"});
    expect_shift_error("{perturb: fog, severities: 1}", {"`fog` changes images, and the data is a table"});
    expect_error("models: zoo:credit\ndata: zoo:credit_test\nshifts: {perturb: level_drop, severities: 1}\n",
                 {"`level_drop` changes series", "no time column"});
    expect_error("models: zoo:credit\ndata: zoo:credit_test\nshifts: {behaviour: {profile: france_electricity}}\n",
                 {"no time column"});
}

TEST_F(TableMistakes, MetricsOfTheWrongKind) {
    expect_shift_error("{perturb: level_drop, severities: 1}", {"`accuracy` is of classes", "a number as its target"},
                       "[mae, accuracy]");
    expect_error(
        "models: zoo:credit\ndata: zoo:credit_test\nshifts: {perturb: missing_random, severities: 1}\nmetrics: [mae]\n",
        {"`mae` is of numbers", "classes as its target"});
}

TEST_F(TableMistakes, ModelsOfTheOtherKind) {
    expect_error(
        "models: zoo:credit\ndata: " + std::string(ridership) + "\nshifts: {perturb: level_drop, severities: 1}\n",
        {"credit"});
    expect_error(
        "models: zoo:chicago_ridership\ndata: zoo:credit_test\nshifts: {perturb: missing_random, severities: 1}\n",
        {"chicago_ridership"});
}

TEST_F(TableMistakes, FeaturesInAnotherOrderThanTheCard) {
    const std::string data = "data: {table: " + in_source("models/zoo/data/credit_test.csv").string() +
                             ", target: status, task: classification, features: [home, seniority, time, age, marital, "
                             "records, job, expenses, income, assets, debt, amount, price]}\n";
    expect_error("models: zoo:credit\n" + data + "shifts: {perturb: missing_random, severities: 1}\n",
                 {"credit", "`home`", "`seniority`", "order of the card's `columns`"});
}

TEST_F(TableMistakes, FamilyOptions) {
    expect_shift_error("{perturb: level_drop, severities: 1, options: {siz: 0.5}}", {"no", "`siz`"});
    expect_shift_error("{perturb: stale_lags, severities: 1, options: {steps: many}}", {"steps", "many"});
    expect_shift_error("{perturb: stale_lags, severities: 1, options: {steps: 0}}", {"steps", "0", "1"});
    expect_shift_error("{perturb: stale_lags, severities: 1, options: {columns: weekday}}",
                       {"`weekday`", "not declared as one"});
    expect_shift_error("{perturb: level_drop, severities: [1, 9]}", {"severity 9", "level_drop", "5"});
    expect_shift_error("{perturb: level_drp, severities: 1}", {"level_drp", "level_drop"});
}

TEST_F(TableMistakes, KeysOfTheData) {
    expect_table_error("status,age\ngood,1\nbad,2\n", "features: [age], time: day", {"`time` belongs to a series"});
    expect_table_error("status,age\ngood,1\nbad,2\n", "feature: [age]", {"`feature`", "`features`"});
    expect_table_error("status,age\ngood,1\nbad,2\n", "features: [age], missing: men", {"men", "mean"});
    expect_table_error("status,age\n", "features: [age]", {"a header and no rows"});
}

}  // namespace
}  // namespace misfire::test
