// Changes of a whole table or series as a shift: the table is changed first, derived columns follow, then rows are
// shown.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/shift.h"
#include "core/table_perturbation.h"

namespace misfire {

// One family at rising severities.
struct TablePerturbSpec {
    std::string name;  // shift name
    std::string family;
    std::string group;  // that it came from; "" where the family was named itself
    Options options;
    std::vector<double> severities;  // ascending, above 0
    bool frozen_lags = false;        // `lags: frozen`: derived columns keep their clean values (an ablation)
};

std::unique_ptr<Shift> make_table_shift(const TablePerturbSpec& spec, std::uint64_t seed);

// Measured behaviour of 2020 replayed on another series.
struct BehaviourSpec {
    std::string name;
    std::string profile;             // shipped name, or path of a CSV of the same form
    std::string series;              // which series of the CSV; "" where it holds one
    std::vector<double> severities;  // 1 is as measured; ascending, above 0
    std::string from;                // date on which the profile's onset is laid; "": by the calendar week
    std::string end = "hold";        // after the last week: hold | one
    bool by_weekday = true;          // weekday and weekend ratios apart
    bool frozen_lags = false;
    std::vector<std::string> columns;  // moved besides the target; empty: those declared as lagged(..)
};

std::unique_ptr<Shift> make_behaviour_shift(const BehaviourSpec& spec);

// The model walked forward through time: a level is a month, quarter or week.
struct CalendarSpec {
    std::string name;
    enum class By { month, quarter, week } by = By::month;
    std::string from;         // ISO dates; "": the ends of the series
    std::string to;           // inclusive
    std::string reference;    // "2019", "2019-03" or "2019-01-01..2019-06-30": the stated clean period
    std::string change = {};  // date from which on monitors should alarm; "": not known
};

// Needs the table to know its levels. Throws ScenarioError where the period holds no rows.
std::unique_ptr<Shift> make_calendar_shift(const CalendarSpec& spec, const Dataset& data);

}  // namespace misfire
