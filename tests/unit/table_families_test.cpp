// What every family of change of tables promises, checked for all that the registry lists.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <set>

#include "core/error.h"
#include "perturbations/table/column_statistics.h"
#include "scenarios/data/derived_columns.h"
#include "table_families_fixture.h"

namespace misfire {
namespace {

using testing::HasSubstr;

class Families : public testing::TestWithParam<std::string> {
  protected:
    TablePerturbationInfo info() const { return find_table_perturbation(GetParam())->info(); }
    TableData clean() const { return data_for(info()); }
    TableChange at(double severity, std::uint64_t key = 7) const {
        return changed(GetParam(), clean(), severity, {}, key);
    }
};

std::vector<std::string> names() {
    std::vector<std::string> all;
    for (const TablePerturbationEntry& entry : table_perturbations()) all.push_back(entry.info().name);
    return all;
}

bool same(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }

bool same(const TableData& a, const TableData& b) {
    for (std::size_t c = 0; c < a.table.columns.size(); ++c) {
        const auto equal = [](double x, double y) { return same(x, y) || (std::isnan(x) && std::isnan(y)); };
        if (!std::ranges::equal(a.table.columns[c].values, b.table.columns[c].values, equal)) return false;
    }
    return a.samples == b.samples;
}

bool same_column(const TableData& a, const TableData& b, std::size_t column) {
    const auto equal = [](double x, double y) { return same(x, y) || (std::isnan(x) && std::isnan(y)); };
    return std::ranges::equal(a.table.columns[column].values, b.table.columns[column].values, equal);
}

// Places at which anything that is shown differs.
std::set<std::size_t> changed_places(const TableData& clean, const TableData& now) {
    std::set<std::size_t> places;
    for (std::size_t i = 0; i < clean.samples.size(); ++i) {
        bool differs = clean.samples[i] != now.samples[i];
        for (std::size_t c = 0; c < clean.table.columns.size(); ++c) {
            const double a = clean.table.columns[c].values[clean.samples[i]];
            const double b = now.table.columns[c].values[now.samples[i]];
            differs = differs || !(same(a, b) || (std::isnan(a) && std::isnan(b)));
        }
        if (differs) places.insert(i);
    }
    return places;
}

// Mean over places and columns of the change in standard deviations, at most 1 each; a missing value counts 1.
double mean_capped_change(const TableData& clean, const TableData& now) {
    double sum = 0.0, cells = 0.0;
    for (std::size_t c = 0; c < clean.table.columns.size(); ++c) {
        const double deviation = statistics_of(clean.table.columns[c].values).deviation;
        for (std::size_t i = 0; i < clean.samples.size(); ++i) {
            const double a = clean.table.columns[c].values[clean.samples[i]];
            const double b = now.table.columns[c].values[now.samples[i]];
            if (std::isnan(a) && std::isnan(b)) continue;
            sum += std::isnan(a) || std::isnan(b) ? 1.0 : std::min(1.0, std::abs(a - b) / deviation);
            cells += 1.0;
        }
    }
    return sum / cells;
}

TEST_P(Families, says_all_there_is_to_know) {
    const TablePerturbationInfo all = info();
    EXPECT_FALSE(all.summary.empty());
    EXPECT_FALSE(all.effect.empty());
    EXPECT_FALSE(all.reference.empty());
    EXPECT_THAT((std::vector<std::string>{"series", "table"}), testing::Contains(all.domain));
    EXPECT_THAT((std::vector<std::string>{"behaviour", "population", "missing", "sensor", "pipeline"}),
                testing::Contains(all.category));
    ASSERT_EQ(all.parameters.size(), 1U);
    EXPECT_EQ(all.parameters[0].name, "s");
    EXPECT_GT(all.parameters[0].meaning.size(), 10U);
    EXPECT_THAT(all.parameters[0].published.at("any"), testing::ElementsAre(.2, .4, .6, .8, 1));
    for (const Option& option : all.options) {
        EXPECT_FALSE(option.meaning.empty()) << option.name;
        if (!option.choices.empty()) {
            EXPECT_THAT(option.choices, testing::Contains(option.default_value));
        }
    }
    if (all.category == "behaviour") {
        EXPECT_EQ(all.moves, Moves::both);
    }
    EXPECT_EQ(all.monotone, all.why_not_monotone.empty());
    EXPECT_EQ(all.changes_rows,
              all.category == "population" && all.name != "concept_shift" && all.name != "slope_rotation");
}

TEST_P(Families, does_nearly_nothing_near_severity_0) { EXPECT_LT(mean_capped_change(clean(), at(0.001).data), 0.02); }

TEST_P(Families, is_a_function_of_data_severity_and_key) {
    EXPECT_TRUE(same(at(2.5).data, at(2.5).data));
    EXPECT_TRUE(same(at(2.5).effect, at(2.5).effect));
}

TEST_P(Families, draws_anew_for_another_key_where_it_draws) {
    const std::set<std::string> without_draws = {
        "clipped_range", "clock_shift",  "daylight_saving", "frozen_sensor",    "level_drop",
        "lockdown",      "panic_spike",  "peak_shift",      "missing_by_value", "ramp",
        "recovery",      "sensor_drift", "stale_lags",      "substitution",     "weekday_flattening"};
    EXPECT_EQ(same(at(2.5, 1).data, at(2.5, 2).data), without_draws.contains(GetParam()));
}

TEST_P(Families, changes_more_of_the_same_places_at_a_higher_severity) {
    const TableData data = clean();
    std::set<std::size_t> before;
    double damage = 0.0;
    for (const double severity : {0.7, 1.0, 2.5, 4.0, 5.0}) {
        const TableData now = at(severity).data;
        const std::set<std::size_t> places = changed_places(data, now);
        std::size_t lost = 0;  // two rows may be equal by chance
        for (const std::size_t place : before) lost += places.contains(place) ? 0 : 1;
        EXPECT_LE(lost, before.size() / 100) << severity;
        const double more = mean_capped_change(data, now);
        if (info().monotone) {
            EXPECT_GE(more, damage * (1.0 - 1e-9)) << severity;
        }
        before = places;
        damage = more;
    }
    EXPECT_GT(damage, 1e-4);
}

TEST_P(Families, keeps_the_shape) {
    const TableData data = clean();
    const TableData now = at(5).data;
    EXPECT_EQ(now.table.rows(), data.table.rows());
    EXPECT_EQ(now.table.names(), data.table.names());
    EXPECT_EQ(now.table.seconds, data.table.seconds);
    ASSERT_EQ(now.samples.size(), data.samples.size());
    EXPECT_EQ(now.features, data.features);
    if (!info().changes_rows) {
        EXPECT_EQ(now.samples, data.samples);
    } else {
        EXPECT_TRUE(
            std::ranges::includes(data.samples, std::set<std::uint32_t>(now.samples.begin(), now.samples.end())));
        for (std::size_t c = 0; c < data.table.columns.size(); ++c) EXPECT_TRUE(same_column(data, now, c));
    }
}

TEST_P(Families, reports_an_effect_that_follows_severity) {
    std::vector<double> effects;
    for (const double severity : {0.5, 1.0, 2.0, 3.0, 4.0, 5.0}) effects.push_back(at(severity).effect);
    for (const double effect : effects) EXPECT_TRUE(std::isfinite(effect));
    EXPECT_NE(effects[1], effects.back());
    const bool rises = effects.back() > effects.front();
    for (std::size_t i = 1; i < effects.size(); ++i)
        EXPECT_GE((rises ? 1.0 : -1.0) * (effects[i] - effects[i - 1]), 0.0) << i;
}

TEST_P(Families, moves_only_what_it_says) {
    const TableData data = clean();
    const TableData now = at(5).data;
    const auto moved = [&](std::size_t column) { return !same_column(data, now, column); };
    if (info().moves == Moves::inputs) {
        EXPECT_FALSE(moved(data.target));
    }
    if (info().moves == Moves::labels) {
        EXPECT_TRUE(moved(data.target));
        for (const std::size_t feature : data.features) EXPECT_FALSE(moved(feature));
    }
    if (info().category != "behaviour") return;
    EXPECT_TRUE(moved(data.target));
    for (const char* left : {"load.1", "load.week", "temperature", "wind", "weekday", "region"})
        EXPECT_FALSE(moved(column_of(data, left))) << left;
}

TEST_P(Families, leaves_no_lag_behind_its_target) {
    if (info().domain != "series" || GetParam() == "daylight_saving" || GetParam() == "stale_lags") return;
    TableData now = at(5).data;
    recompute_derived(now);
    for (const std::uint32_t row : now.samples)
        ASSERT_EQ(values_of(now, "load.1")[row], values_of(now, "load")[row - 1]) << row;
}

TEST_P(Families, needs_the_time_of_a_series) {
    if (info().domain != "series") return;
    try {
        changed(GetParam(), made_up_table(), 3);
        FAIL() << "a table without time was taken";
    } catch (const UsageError& error) {
        EXPECT_THAT(error.what(), testing::AllOf(HasSubstr("`" + GetParam() + "`"), HasSubstr("no time column")));
    }
}

TEST_P(Families, refuses_options_that_it_does_not_have_and_numbers_that_are_none) {
    EXPECT_THROW(changed(GetParam(), clean(), 3, {{"no_such_option", "1"}}), UsageError);
    for (const Option& option : info().options) {
        double number = 0.0;
        if (option.choices.empty() && std::sscanf(option.default_value.c_str(), "%lf", &number) == 1) {
            EXPECT_THROW(changed(GetParam(), clean(), 3, {{option.name, "much"}}), UsageError) << option.name;
            EXPECT_THROW(changed(GetParam(), clean(), 3, {{option.name, "-1e9"}}), UsageError) << option.name;
            EXPECT_THROW(changed(GetParam(), clean(), 3, {{option.name, "nan"}}), UsageError) << option.name;
        } else if (option.choices.empty()) {
            EXPECT_THROW(changed(GetParam(), clean(), 3, {{option.name, "nowhere"}}), UsageError) << option.name;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(All, Families, testing::ValuesIn(names()),
                         [](const testing::TestParamInfo<std::string>& family) { return family.param; });

TEST(TableRegistry, is_alphabetical_and_makes_what_it_lists) {
    const std::vector<std::string> list = names();
    EXPECT_TRUE(std::is_sorted(list.begin(), list.end()));
    EXPECT_EQ(std::adjacent_find(list.begin(), list.end()), list.end());
    EXPECT_EQ(list.size(), 29U);
    for (const std::string& name : list) EXPECT_EQ(make_table_perturbation(name, options_for(name))->info().name, name);
}

// One case a message: what it must name.
struct Refusal {
    const char* family;
    Options options;
    enum class Data { series, hours, table, strict_table, numbers } data;
    std::vector<std::string> says;
};

TableData data_of(Refusal::Data data) {
    if (data == Refusal::Data::series) return made_up_series();
    if (data == Refusal::Data::hours) return made_up_hours();
    TableData table = made_up_table();
    if (data == Refusal::Data::strict_table) table.missing = MissingPolicy::refuse;
    if (data == Refusal::Data::numbers) table.table.columns.pop_back(), table.features.pop_back();
    return table;
}

TEST(FamilyErrors, name_what_is_missing_and_what_to_do) {
    using enum Refusal::Data;
    const std::vector<Refusal> refusals = {
        {"ramp", {{"days", "0"}}, series, {"`days`", "`0`", "0.01 to 3650"}},
        {"level_drop", {{"onset", "2025-01-01"}}, series, {"`onset`", "2025-01-01", "0 to 399"}},
        {"level_drop", {{"columns", "laod"}}, series, {"`columns`", "`laod`", "`load`"}},
        {"level_drop", {{"columns", "load.1"}}, series, {"`load.1`", "computed from `load`", "Name that one"}},
        {"level_drop", {{"columns", "region"}}, series, {"`region`", "categories"}},
        {"weekday_flattening", {{"columns", "weekday"}}, series, {"`weekday`", "not above 0"}},
        {"weekday_flattening", {{"toward", "monday"}}, series, {"`toward`", "`monday`", "sunday"}},
        {"substitution", {{"to", "load"}}, series, {"`load` into itself", "two columns"}},
        {"substitution", {{"to", "onlin"}}, series, {"`to`", "`onlin`", "`online`"}},
        {"prior_shift", {}, series, {"`load` is a number", "covariate_shift"}},
        {"prior_shift", {{"toward", "nothing"}}, table, {"`toward`", "`nothing`", "Known: a, b, c"}},
        {"subgroup_mix", {}, numbers, {"column of categories", "categories: {"}},
        {"subgroup_mix", {{"by", "x0"}}, table, {"`by`", "`x0`", "column of numbers"}},
        {"subgroup_mix", {{"by", "class"}}, table, {"`class`", "the target"}},
        {"subgroup_mix", {{"toward", "nroth"}}, table, {"`nroth`", "`north`"}},
        {"covariate_shift", {{"columns", "site"}}, table, {"`site`", "categories"}},
        {"covariate_shift", {{"columns", "class"}}, table, {"`class`", "the target"}},
        {"missing_random", {}, strict_table, {"missing: mean"}},
        {"missing_by_group", {}, strict_table, {"missing: mean"}},
        {"missing_by_value", {}, strict_table, {"missing: mean"}},
        {"missing_by_group", {{"group", "up"}}, table, {"`group`", "`up`", "north"}},
        {"new_category", {}, hours, {"feature of categories", "categories: {"}},
        {"new_category", {{"as", "missing"}}, strict_table, {"missing: mean"}},
        {"swapped_columns", {}, hours, {"two features", "first: <name>"}},
        {"swapped_columns", {{"first", "x0"}, {"second", "x0"}}, table, {"`x0` with itself", "two columns"}},
        {"swapped_columns", {{"first", "class"}}, table, {"`class`", "the target"}},
        {"stale_lags", {}, hours, {"declares none", "derived: {"}},
        {"stale_lags", {{"columns", "wind"}}, series, {"`wind`", "clock_shift"}},
        {"daylight_saving", {}, series, {"1 d apart", "several rows a day", "clock_shift"}},
        {"sensor_drift", {{"onset", "399"}}, series, {"rows after the onset", "earlier"}},
        {"block_shuffle", {{"rows", "1"}}, series, {"`rows`", "`1`", "2 to 100000"}},
        {"slope_rotation", {}, table, {"the target is a class", "concept_shift"}},
        {"slope_rotation", {{"columns", "wind"}}, series, {"fewer than two", "columns: <name>, <name>"}},
        {"unit_change", {{"conversion", "mw_to_w"}}, table, {"`mw_to_w`", "`mw_to_kw`"}},
    };
    for (const Refusal& refusal : refusals) {
        try {
            changed(refusal.family, data_of(refusal.data), 3, refusal.options);
            ADD_FAILURE() << refusal.family << " did not refuse " << refusal.says.front();
        } catch (const UsageError& error) {
            EXPECT_THAT(error.what(), HasSubstr(refusal.family));
            for (const std::string& part : refusal.says) EXPECT_THAT(error.what(), HasSubstr(part)) << refusal.family;
        }
    }
}

TEST(FamilyErrors, a_season_needs_a_year_of_days) {
    TableData short_series = made_up_series();
    for (TableColumn& column : short_series.table.columns) column.values.resize(200);
    short_series.table.seconds.resize(200);
    short_series.samples.resize(150);
    EXPECT_THROW(changed("peak_shift", short_series, 3), UsageError);
    EXPECT_NO_THROW(changed("lockdown", short_series, 3)) << "no shift of the season unless asked for";
}

TEST(FamilyErrors, a_direction_needs_columns_that_vary) {
    TableData flat = made_up_table();
    for (const char* name : {"x0", "x1", "x2", "x3"})
        std::ranges::fill(flat.table.columns[column_of(flat, name)].values, 0.1);
    EXPECT_THROW(changed("covariate_shift", flat, 3), UsageError);
    EXPECT_THROW(changed("concept_shift", flat, 3), UsageError);
}

}  // namespace
}  // namespace misfire
