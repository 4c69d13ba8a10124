// Tables and series read from CSV: columns, derived columns, history, missing values and what a sample shows.
#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "scenarios/data/csv.h"
#include "scenarios/data/derived_columns.h"
#include "scenarios/data/spec.h"
#include "scenarios/data/table_dataset.h"
#include "scenarios/data/table_file.h"
#include "scenarios/shifts/table_shift.h"
#include "tests/unit/data_fixture.h"

namespace misfire::test {
namespace {

using testing::ElementsAre;
using testing::Pointwise;

const double nan_double = std::numeric_limits<double>::quiet_NaN();

class Tables : public DataFolder {
  protected:
    DataSpec series(const std::string& text) const {
        DataSpec spec;
        spec.form = DataSpec::Form::series;
        spec.table = write("series.csv", text);
        spec.time_column = "date";
        spec.target_column = "y";
        spec.regression = true;
        return spec;
    }

    DataSpec table(const std::string& text) const {
        DataSpec spec;
        spec.form = DataSpec::Form::table;
        spec.table = write("table.csv", text);
        spec.target_column = "status";
        return spec;
    }

    // Twelve days of a leap year: y = 3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8; x = 0, 10, 20, ...
    static std::string pi_days() {
        const int digits[] = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8};
        std::string text = "date,y,x\n";
        for (int day = 0; day < 12; ++day) {
            text += (day < 10 ? "2020-02-" + std::to_string(20 + day) : "2020-03-0" + std::to_string(day - 9)) + "," +
                    std::to_string(digits[day]) + "," + std::to_string(10 * day) + "\n";
        }
        return text;
    }
};

std::vector<double> column(const TableData& data, const std::string& name) {
    return data.table.columns[data.table.find(name).value()].values;
}

MATCHER(SameNumber, "") {
    const double a = std::get<0>(arg), b = std::get<1>(arg);
    return (std::isnan(a) && std::isnan(b)) || std::abs(a - b) <= 1e-12 * std::max(1.0, std::abs(b));
}

std::vector<std::string> ids(const Dataset& data) {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < data.size(); ++i) all.push_back(data.key(i).id);
    return all;
}

TEST_F(Tables, ColumnsOfASeriesAreReadWithoutItsTime) {
    DataSpec spec = series(pi_days());
    spec.features = {"x"};
    spec.unit = "MW";
    const TableData data = read_table(spec);
    EXPECT_THAT(data.table.names(), ElementsAre("y", "x"));
    EXPECT_THAT(column(data, "y"), ElementsAre(3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8));
    EXPECT_EQ(data.table.seconds.front(), 18312 * 86400);  // date -d 2020-02-20 +%s
    EXPECT_EQ(data.step_seconds, 86400);
    const auto opened = open_data(spec);
    EXPECT_TRUE(opened->info().regression);
    EXPECT_EQ(opened->info().unit, "MW");
    ASSERT_EQ(opened->size(), 12U);
    EXPECT_EQ(opened->at(3).value, 1.0);
    EXPECT_THAT(opened->at(3).row, ElementsAre(30.0F));
    EXPECT_FALSE(opened->key(3).target.has_value());
}

TEST_F(Tables, IdsAreDatesOrTimesOrRowNumbers) {
    DataSpec days = series(pi_days());
    days.features = {"x"};
    EXPECT_EQ(open_data(days)->key(0).id, "2020-02-20");
    EXPECT_EQ(open_data(days)->key(10).id, "2020-03-01") << "a leap year";
    DataSpec hours = series("date,y,x\n2020-03-01 22:30,1,1\n2020-03-01 23:15,2,2\n2020-03-02 00:00,3,3\n");
    hours.features = {"x"};
    EXPECT_THAT(ids(*open_data(hours)), ElementsAre("2020-03-01T22:30:00", "2020-03-01T23:15:00", "2020-03-02"));
    EXPECT_EQ(read_table(hours).step_seconds, 45 * 60);
    DataSpec rows = table("status,a\ngood,1\nbad,2\n");
    rows.features = {"a"};
    EXPECT_THAT(ids(*open_data(rows)), ElementsAre("0", "1"));
}

TEST_F(Tables, TimesAreReadInTheFormThatIsSaid) {
    DataSpec spec = series("date,y,x\n30/04/2019,1,1\n01/05/2019,2,2\n");
    spec.features = {"x"};
    spec.time_format = "%d/%m/%Y";
    EXPECT_THAT(ids(*open_data(spec)), ElementsAre("2019-04-30", "2019-05-01"));
}

TEST_F(Tables, TextBecomesCodesAndGroups) {
    DataSpec spec = table("status,home,age\ngood,rent,30\nbad,owner,41\ngood,,52\n");
    spec.features = {"age", "home"};
    spec.categories = {{"status", {"good", "bad"}}, {"home", {"rent", "other", "owner"}}};
    spec.groups = {"home", "age"};
    spec.missing = "nan";
    const TableData data = read_table(spec);
    EXPECT_TRUE(data.classification);
    EXPECT_THAT(column(data, "status"), ElementsAre(0, 1, 0));
    EXPECT_THAT(column(data, "home"), Pointwise(SameNumber(), std::vector<double>{0, 2, nan_double}));
    const auto opened = open_data(spec);
    EXPECT_THAT(opened->info().classes, ElementsAre("good", "bad"));
    EXPECT_THAT(opened->info().attributes, ElementsAre("home", "age"));
    EXPECT_EQ(opened->key(1).target, 1);
    EXPECT_THAT(opened->key(1).attributes, ElementsAre("owner", "41"));
    EXPECT_THAT(opened->key(2).attributes, ElementsAre("", "52"));
    EXPECT_THAT(opened->at(1).row, ElementsAre(41.0F, 2.0F)) << "in the order of `features`, not of the file";
}

TEST_F(Tables, UndeclaredCategoriesAreNumberedByName) {
    DataSpec spec = table("status,kind,n\nyes,pear,1\nno,apple,2\nyes,fig,3\n");
    spec.features = {"n"};
    const TableData data = read_table(spec);
    const TableColumn& kind = data.table.columns[data.table.find("kind").value()];
    EXPECT_THAT(kind.categories, ElementsAre("apple", "fig", "pear"));
    EXPECT_THAT(kind.values, ElementsAre(2, 0, 1));
    EXPECT_THAT(column(data, "status"), ElementsAre(1, 0, 1));
}

TEST_F(Tables, DerivedColumnsArePythonsShiftAndRollingMean) {
    DataSpec spec = series(pi_days());
    spec.features = {"y.1", "y.4", "mean3", "mean2.2"};
    spec.derived = {{"y.1", "lag(y,1)"},
                    {"y.4", " lag( y , 4 ) "},
                    {"mean3", "rolling_mean(y,3)"},
                    {"mean2.2", "rolling_mean(y, 2, 2)"}};
    const TableData data = read_table(spec);
    python(R"(
import csv
y = [float(r['y']) for r in csv.DictReader(open('series.csv'))]
n = len(y)
lag = lambda v, k: [v[i - k] if i >= k else '' for i in range(n)]
roll = lambda v, w: [sum(v[i - w + 1:i + 1]) / w if i >= w - 1 else '' for i in range(n)]
with open('expected.csv', 'w') as f:
    f.write('y1,y4,mean3,mean22\n')
    for row in zip(lag(y, 1), lag(y, 4), lag(roll(y, 3), 1), lag(roll(y, 2), 2)):
        f.write(','.join(repr(c) if c != '' else '' for c in row) + '\n')
)");
    const CsvTable expected = read_csv(path("expected.csv"));
    for (std::size_t k = 0; k < spec.features.size(); ++k) {
        std::vector<double> wanted;
        for (const auto& row : expected.rows) wanted.push_back(row[k].empty() ? nan_double : std::stod(row[k]));
        EXPECT_THAT(column(data, spec.features[k]), Pointwise(SameNumber(), wanted)) << spec.features[k];
    }
    EXPECT_EQ(data.samples.front(), 4U) << "rows without the longest lag are history";
    EXPECT_EQ(data.samples.size(), 8U);
}

TEST_F(Tables, ColumnsDerivedFromDerivedOnesWaitForThem) {
    DataSpec spec = series(pi_days());
    spec.features = {"a"};
    spec.derived = {{"a", "lag(b,2)"}, {"b", "rolling_mean(y,2)"}};  // a, first by name, needs b
    const TableData data = read_table(spec);
    EXPECT_THAT(data.samples, ElementsAre(4, 5, 6, 7, 8, 9, 10, 11));
    EXPECT_EQ(column(data, "a")[4], 2.0) << "(y[0] + y[1]) / 2 two rows late";
}

TEST_F(Tables, HistoryThatTheFileGivesIsKept) {
    DataSpec spec = series("date,y,y.2\n2020-01-01,5,7\n2020-01-02,6,8\n2020-01-03,9,5\n2020-01-04,4,6\n");
    spec.features = {"y.2"};
    spec.derived = {{"y.2", "lag(y,2)"}};
    const TableData data = read_table(spec);
    EXPECT_THAT(column(data, "y.2"), ElementsAre(7, 8, 5, 6));
    EXPECT_EQ(data.samples.size(), 4U);
}

TEST_F(Tables, PeriodLimitsSamplesButNotHistory) {
    DataSpec spec = series(pi_days());
    spec.features = {"y.4"};
    spec.derived = {{"y.4", "lag(y,4)"}};
    spec.from = "2020-02-26";
    spec.to = "2020-02-28";
    const auto data = open_data(spec);
    EXPECT_THAT(ids(*data), ElementsAre("2020-02-26", "2020-02-27", "2020-02-28"));
    EXPECT_THAT(data->at(0).row, ElementsAre(4.0F)) << "2020-02-22 lies before `from`";
    EXPECT_EQ(data->table()->table.rows(), 12U);
}

TEST_F(Tables, AWindowShowsTheRowsBefore) {
    DataSpec spec = series(pi_days());
    spec.features = {"x", "y.1"};
    spec.derived = {{"y.1", "lag(y,1)"}};
    spec.window = 2;
    const auto data = open_data(spec);
    ASSERT_EQ(data->size(), 10U) << "row 1 would show row 0, whose lag is not known";
    EXPECT_EQ(data->key(0).id, "2020-02-22");
    EXPECT_THAT(data->at(0).row, ElementsAre(10.0F, 3.0F, 20.0F, 1.0F));
    EXPECT_EQ(data->at(0).value, 4.0);
}

TEST_F(Tables, MissingNumbersAreFilledAsDeclared) {
    DataSpec spec =
        series("date,y,x\n2020-01-01,1,\n2020-01-02,2,8\n2020-01-03,3,NA\n2020-01-04,4,1\n2020-01-05,5,3\n");
    spec.features = {"x"};
    const auto shown = [&](const std::string& policy) {
        spec.missing = policy;
        const auto data = open_data(spec);
        std::vector<double> all;
        for (std::size_t i = 0; i < data->size(); ++i) all.push_back(static_cast<double>(data->at(i).row.at(0)));
        return all;
    };
    EXPECT_THAT(shown("nan"), Pointwise(SameNumber(), std::vector<double>{nan_double, 8, nan_double, 1, 3}));
    EXPECT_THAT(shown("zero"), ElementsAre(0, 8, 0, 1, 3));
    EXPECT_THAT(shown("mean"), ElementsAre(4, 8, 4, 1, 3));
    EXPECT_THAT(shown("median"), ElementsAre(3, 8, 3, 1, 3));
    EXPECT_THAT(shown("last"), ElementsAre(0, 8, 8, 1, 3)) << "with nothing before: 0";
    EXPECT_THAT(message_of<DataError>([&] { shown("refuse"); }), testing::HasSubstr("series.csv:2: column `x`"));
}

TEST_F(Tables, AChangeOfTheTargetMovesWhatIsComputedFromIt) {
    DataSpec spec = series(pi_days());
    spec.features = {"y.1", "mean2", "mean2.1"};
    spec.derived = {{"y.1", "lag(y,1)"}, {"mean2", "rolling_mean(y,2)"}, {"mean2.1", "lag(mean2,1)"}};
    TableData data = read_table(spec);
    const TableData before = data;
    data.table.columns[data.target].values[5] += 100.0;
    recompute_derived(data);
    const auto moved = [&](const std::string& name) {
        std::vector<double> difference;
        for (std::size_t row = 4; row < 10; ++row)
            difference.push_back(column(data, name)[row] - column(before, name)[row]);
        return difference;
    };
    EXPECT_THAT(moved("y.1"), ElementsAre(0, 0, 100, 0, 0, 0));
    EXPECT_THAT(moved("mean2"), ElementsAre(0, 0, 50, 50, 0, 0));
    EXPECT_THAT(moved("mean2.1"), ElementsAre(0, 0, 0, 50, 50, 0));
    data.table.columns[data.target].values[5] = nan_double;
    recompute_derived(data);
    EXPECT_TRUE(std::isnan(column(data, "y.1")[6])) << "what is computed from a missing value is missing";
}

TEST_F(Tables, ASelectionKnowsNoOtherSamples) {
    DataSpec spec = series(pi_days());
    spec.features = {"y.1"};
    spec.derived = {{"y.1", "lag(y,1)"}};
    const SelectedTable few(open_data(spec), {1, 4, 10});
    EXPECT_THAT(ids(few), ElementsAre("2020-02-22", "2020-02-25", "2020-03-02"));
    EXPECT_THAT(few.table()->samples, ElementsAre(2, 5, 11)) << "rows of the table, the first of which is history";
    EXPECT_EQ(few.table()->table.rows(), 12U);
    EXPECT_THAT(few.at(1).row, ElementsAre(5.0F));
    EXPECT_EQ(few.at(1).value, 9.0);
}

// A profile that halves from its ninth week on: a series seen k rows late halves k rows later.
TEST_F(Tables, FactorsReachLateSeriesLater) {
    std::string text = "date,y,other,y.2\n";
    for (int day = 1; day <= 28; ++day) {
        text += "2019-04-" + std::string(day < 10 ? "0" : "") + std::to_string(day) + "," + std::to_string(100 + day) +
                ",1," + (day > 2 ? std::to_string(98 + day) : "") + "\n";
    }
    DataSpec spec = series(text);
    spec.features = {"other", "y.2"};
    spec.derived = {{"other", "lagged(3)"}, {"y.2", "lag(y,2)"}};
    std::string weeks = "week_start,ratio,weekday_ratio,weekend_ratio\n";
    for (const char* calm : {"01-06", "01-13", "01-20", "01-27", "02-03", "02-10", "02-17", "02-24"})
        weeks += "2020-" + std::string(calm) + ",1,1,1\n";
    for (const char* half : {"03-02", "03-09", "03-16"}) weeks += "2020-" + std::string(half) + ",0.5,0.5,0.5\n";
    write("half.csv", weeks);
    const auto data = open_data(spec);
    BehaviourSpec behaviour;
    behaviour.name = "half";
    behaviour.profile = path("half.csv").string();
    behaviour.severities = {1.0};
    behaviour.from = "2019-04-15";
    const auto changed = [&](bool frozen) {
        behaviour.frozen_lags = frozen;
        const auto shift = make_behaviour_shift(behaviour);
        EXPECT_DOUBLE_EQ(shift->effect(*data, 1), 0.5);
        ShiftContext context{};
        context.whole = data.get();
        return *shift->at(*data, 1, context)->table();
    };
    const TableData moved = changed(false);
    const TableData frozen = changed(true);
    const TableData& clean = *data->table();
    for (std::size_t row = 0; row < 28; ++row) {
        SCOPED_TRACE(row);
        const auto onset_passed = [&](std::size_t late) { return row >= 14 + late; };
        const double own = column(moved, "y")[row] / column(clean, "y")[row];
        EXPECT_EQ(own < 1.0, onset_passed(0));
        EXPECT_EQ(column(moved, "other")[row] < 1.0, onset_passed(3));
        if (row >= 3) {
            EXPECT_DOUBLE_EQ(column(moved, "other")[row], column(moved, "y")[row - 3] / column(clean, "y")[row - 3]);
        }
        if (row >= 2) {
            EXPECT_EQ(column(moved, "y.2")[row], column(moved, "y")[row - 2]);
            EXPECT_EQ(column(frozen, "y.2")[row], column(clean, "y.2")[row]);
        }
        EXPECT_EQ(column(frozen, "other")[row], 1.0);
        EXPECT_EQ(column(frozen, "y")[row], column(moved, "y")[row]);
    }
}

}  // namespace
}  // namespace misfire::test
