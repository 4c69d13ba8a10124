// The walk through time: which rows each level shows, and what the reference is.
#include <gmock/gmock.h>

#include <cmath>

#include "scenarios/data/spec.h"
#include "scenarios/shifts/table_shift.h"
#include "tests/unit/data_fixture.h"

namespace misfire::test {
namespace {

using testing::ElementsAre;

class Calendar : public DataFolder {
  protected:
    std::unique_ptr<Dataset> series(const std::string& rows) const {
        DataSpec spec;
        spec.form = DataSpec::Form::series;
        spec.table = write("series.csv", "date,y\n" + rows);
        spec.time_column = "date";
        spec.target_column = "y";
        spec.features = {"y"};
        spec.regression = true;
        return open_data(spec);
    }

    // 2019-12-23 (a Monday) to 2020-02-02, a row a day.
    std::unique_ptr<Dataset> six_weeks() const {
        std::string rows;
        const auto add = [&](const std::string& month, int first, int last) {
            for (int day = first; day <= last; ++day)
                rows += month + (day < 10 ? "0" : "") + std::to_string(day) + "," + std::to_string(day) + "\n";
        };
        add("2019-12-", 23, 31);
        add("2020-01-", 1, 31);
        add("2020-02-", 1, 2);
        return series(rows);
    }
};

std::vector<std::string> labels(const Shift& shift) {
    std::vector<std::string> all;
    for (const Level& level : shift.info().levels) all.push_back(level.label);
    return all;
}

std::vector<std::size_t> counts(const Shift& shift, const Dataset& data) {
    std::vector<std::size_t> all;
    for (std::size_t level = 0; level < shift.info().levels.size(); ++level) {
        const auto view = shift.at(data, level, {});
        EXPECT_EQ(view->size(), data.size());
        std::size_t here = 0;
        for (std::size_t i = 0; i < view->size(); ++i) here += view->has(i) ? 1 : 0;
        all.push_back(here);
    }
    return all;
}

std::unique_ptr<Shift> walk(const Dataset& data, CalendarSpec::By by, const std::string& reference,
                            const std::string& from = "", const std::string& to = "") {
    return make_calendar_shift({"calendar", by, from, to, reference}, data);
}

TEST_F(Calendar, MonthsQuartersAndWeeksShowTheirRows) {
    const auto data = six_weeks();
    const auto months = walk(*data, CalendarSpec::By::month, "2019");
    EXPECT_THAT(labels(*months), ElementsAre("reference", "2019-12", "2020-01", "2020-02"));
    EXPECT_THAT(counts(*months, *data), ElementsAre(9, 9, 31, 2));
    const auto quarters = walk(*data, CalendarSpec::By::quarter, "2020-01");
    EXPECT_THAT(labels(*quarters), ElementsAre("reference", "2019-Q4", "2020-Q1"));
    EXPECT_THAT(counts(*quarters, *data), ElementsAre(31, 9, 33));
    const auto weeks = walk(*data, CalendarSpec::By::week, "2019-12-24..2020-01-02");
    EXPECT_THAT(labels(*weeks), ElementsAre("reference", "2019-12-23", "2019-12-30", "2020-01-06", "2020-01-13",
                                            "2020-01-20", "2020-01-27"));
    EXPECT_THAT(counts(*weeks, *data), ElementsAre(10, 7, 7, 7, 7, 7, 7));
    for (const auto* shift : {months.get(), quarters.get(), weeks.get()}) {
        EXPECT_FALSE(shift->info().reference_is_clean);
        EXPECT_EQ(shift->info().pairs_with, PairsWith::none);
        for (std::size_t level = 1; level < shift->info().levels.size(); ++level)
            EXPECT_EQ(shift->info().levels[level].value, shift->info().levels[level - 1].value + 1.0);
    }
}

TEST_F(Calendar, FromAndToAreInclusive) {
    const auto data = six_weeks();
    const auto shift = walk(*data, CalendarSpec::By::month, "2019-12", "2020-01", "2020-01");
    EXPECT_THAT(labels(*shift), ElementsAre("reference", "2020-01"));
    EXPECT_THAT(counts(*shift, *data), ElementsAre(9, 31));
    EXPECT_THAT(labels(*walk(*data, CalendarSpec::By::month, "2019-12-31", "2019-12-31", "2020-01-01")),
                ElementsAre("reference", "2019-12", "2020-01"));
}

TEST_F(Calendar, HoursBefore1970BelongToTheirWeek) {
    const auto data = series("1969-12-21 22:00,1\n1969-12-21 23:00,2\n1969-12-22 00:00,3\n1969-12-22 01:00,4\n");
    const auto weeks = walk(*data, CalendarSpec::By::week, "1969");
    EXPECT_THAT(labels(*weeks), ElementsAre("reference", "1969-12-15", "1969-12-22"));
    EXPECT_THAT(counts(*weeks, *data), ElementsAre(4, 2, 2));
}

TEST_F(Calendar, DatesMustExist) {
    const auto data = six_weeks();
    for (const char* text : {"2019-12-32", "2019-02-29", "2019-00", "19", "2019-1", "2019-12-24x", "2019-12-24.."}) {
        EXPECT_THAT(message_of<ScenarioError>([&] { walk(*data, CalendarSpec::By::month, text); }),
                    testing::HasSubstr("is no date. Write 2019, 2019-03 or 2019-03-16."))
            << text;
    }
    EXPECT_NO_THROW(walk(*data, CalendarSpec::By::month, "2020-01-31"));
}

}  // namespace
}  // namespace misfire::test
