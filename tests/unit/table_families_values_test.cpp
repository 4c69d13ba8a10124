// Families against numbers that NumPy and SciPy make from the same made-up series. The series there:
//   t = arange(400); wd = (t + 1) % 7; load = 100 + 10 (wd < 5) + .05 t + 3 ((7 t) % 11) / 11
//   temp = 10 + .1 ((13 t) % 97); wind = 5 + .02 ((29 t) % 83) + .3 temp; samples = t[14:]; onset = 200
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "perturbations/table/column_statistics.h"
#include "perturbations/table/time_profile.h"
#include "scenarios/data/derived_columns.h"
#include "table_families_fixture.h"

namespace misfire {
namespace {

constexpr double tolerance = 1e-9;

class Values : public testing::Test {
  protected:
    double factor(const TableChange& change, std::size_t row, const std::string& column = "load") const {
        return values_of(change.data, column)[row] / values_of(clean_, column)[row];
    }
    TableData clean_ = made_up_series();
    TableData table_ = made_up_table();
};

TEST_F(Values, level_drop_is_seen_late_where_the_column_is) {
    const TableChange change = changed("level_drop", clean_, 2);
    EXPECT_EQ(factor(change, 199), 1.0);
    EXPECT_NEAR(factor(change, 200), 0.68, tolerance);
    EXPECT_NEAR(change.effect, 0.68, tolerance);
    EXPECT_EQ(factor(change, 213, "other.14"), 1.0);
    EXPECT_NEAR(factor(change, 214, "other.14"), 0.68, tolerance);
}

TEST_F(Values, an_onset_is_a_row_or_a_time) {
    EXPECT_EQ(factor(changed("level_drop", clean_, 5, {{"onset", "100"}}), 99), 1.0);
    EXPECT_LT(factor(changed("level_drop", clean_, 5, {{"onset", "100"}}), 100), 0.5);
    EXPECT_EQ(factor(changed("level_drop", clean_, 5, {{"onset", "2019-04-11"}}), 99), 1.0);
    EXPECT_LT(factor(changed("level_drop", clean_, 5, {{"onset", "2019-04-11"}}), 100), 0.5);
}

// f = 1 - .4 * .8 * minimum(1, (t - 200) / 7); effect = (load f)[200:].sum() / load[200:].sum()
TEST_F(Values, ramp_reaches_its_level_after_its_days) {
    const TableChange change = changed("ramp", clean_, 2);
    EXPECT_NEAR(factor(change, 203), 0.862857142857, 1e-11);
    EXPECT_NEAR(factor(change, 207), 0.68, tolerance);
    EXPECT_NEAR(factor(change, 399), 0.68, tolerance);
    EXPECT_NEAR(change.effect, 0.68606526398, 1e-10);
}

// 1 - .8 (.3 + .7 exp(-(t - 200) / 90))
TEST_F(Values, recovery_follows_its_curve) {
    const TableChange change = changed("recovery", clean_, 5);
    EXPECT_NEAR(factor(change, 200), 0.2, tolerance);
    EXPECT_NEAR(factor(change, 290), 0.553987512944, 1e-11);
    EXPECT_NEAR(factor(change, 399), 0.698635857105, 1e-11);
    const TableChange held = changed("recovery", clean_, 5, {{"hold", "90"}});
    for (const std::size_t row : {200U, 245U, 290U}) EXPECT_NEAR(factor(held, row), 0.2, tolerance);
    EXPECT_NEAR(factor(held, 380), 0.553987512944, 1e-11);
}

// prof[k] = load[wd == k].mean(); fac = (.4 prof + .6 prof[6]) / prof; effect: ratio of means of wd < 5 and wd == 6
TEST_F(Values, weekday_flattening_moves_weekdays_to_sundays) {
    const TableChange change = changed("weekday_flattening", clean_, 3);
    EXPECT_NEAR(factor(change, 202), 0.950288523273, 1e-11) << "2019-07-22, a Monday";
    EXPECT_NEAR(factor(change, 207), 1.00034678355, 1e-10) << "a Saturday";
    EXPECT_NEAR(factor(change, 201), 1.0, tolerance) << "a Sunday";
    EXPECT_NEAR(change.effect, 0.9509628683, 1e-9);
    EXPECT_NEAR(changed("weekday_flattening", clean_, 5).effect, 1.0 / 1.09, 0.01) << "about 110 : 100 before";
}

// S = bincount(day of year, load), C = counts; P = sums of S over sums of C in 35 days around; interp(d - shift) / P[d]
TEST_F(Values, peak_shift_moves_the_year_by_days) {
    const TableChange twelve_days = changed("peak_shift", clean_, 2);
    EXPECT_NEAR(factor(twelve_days, 250), 0.99484939856, 1e-10);
    EXPECT_NEAR(factor(twelve_days, 380), 1.01216683547, 1e-10);
    EXPECT_NEAR(factor(twelve_days, 365), 1.02173068471, 1e-10);
    EXPECT_NEAR(twelve_days.effect, 0.00797645638527, 1e-12);
    EXPECT_NEAR(factor(changed("peak_shift", clean_, 1.25), 300), 0.99693198309, 1e-10) << "between two days";
}

TEST(PeakShiftOfHours, moves_the_peak_of_the_day) {
    const TableData hours = made_up_hours();  // the same day again and again, 100 + h (24 - h)
    const TableChange change = changed("peak_shift", hours, 5);
    const std::vector<double>& load = values_of(change.data, "load");
    const std::size_t midnight = 60 * 24;
    EXPECT_NEAR(load[midnight + 15], 100 + 12 * 12, tolerance) << "noon's value three hours later";
    EXPECT_NEAR(load[midnight + 0], 100 + 21 * 3, tolerance);
    const TableChange half = changed("peak_shift", hours, 2.5);  // an hour and a half: half way between two bins
    EXPECT_NEAR(values_of(half.data, "load")[midnight + 12], 100 + (10 * 14 + 11 * 13) / 2.0, tolerance);
}

TEST_F(Values, variance_burst_has_the_amplitude_and_the_share_that_it_says) {
    const Options long_run = {{"onset", "0"}, {"window", "1"}};
    for (const char* noise : {"normal", "t3"}) {
        Options options = long_run;
        options["noise"] = noise;
        const TableChange change = changed("variance_burst", clean_, 5, options);
        std::vector<double> moves;
        for (std::size_t row = 0; row < 400; ++row)
            moves.push_back((values_of(change.data, "load")[row] - values_of(clean_, "load")[row]) / 7.36673889466);
        const ColumnStatistics all = statistics_of(moves);
        EXPECT_NEAR(all.mean, 0.0, 4.0 / 20.0 * all.deviation);
        // Median of |e|: 0.6745 of a standard normal, 0.7649 of t3 (scipy.stats); sampling error about 0.04.
        std::vector<double> sizes;
        for (const double move : moves) sizes.push_back(std::abs(move));
        EXPECT_NEAR(quantile(sizes, 0.5), noise == std::string("normal") ? 0.6745 : 0.7649, 0.13) << noise;
    }
    const TableChange some = changed("variance_burst", clean_, 2, long_run);
    std::size_t hit = 0;
    for (std::size_t row = 0; row < 400; ++row)
        hit += values_of(some.data, "load")[row] != values_of(clean_, "load")[row] ? 1 : 0;
    EXPECT_NEAR(static_cast<double>(hit) / 400.0, 0.4, 0.1);
}

// w = exp(-(t - 200) / 3); c = (w load)[200:207].sum() / load[207:235].sum()
TEST_F(Values, panic_spike_is_paid_back) {
    const TableChange change = changed("panic_spike", clean_, 5);
    EXPECT_NEAR(factor(change, 200), 2.0, tolerance);
    EXPECT_NEAR(factor(change, 207), 1.0 - 0.110577015838, 1e-11);
    EXPECT_NEAR(factor(change, 234), 1.0 - 0.110577015838, 1e-11);
    EXPECT_EQ(factor(change, 235), 1.0);
    const std::vector<double>&before = values_of(clean_, "load"), &after = values_of(change.data, "load");
    EXPECT_NEAR(std::accumulate(after.begin(), after.end(), 0.0), std::accumulate(before.begin(), before.end(), 0.0),
                1e-7);
    EXPECT_NEAR(changed("panic_spike", clean_, 3).effect, 1.2672976484, 1e-9);
    const TableChange cut_off = changed("panic_spike", clean_, 5, {{"onset", "390"}});
    EXPECT_NEAR(factor(cut_off, 399), 1.0 - 0.112762307687, 1e-11) << "no deeper because the series ends";
}

TEST_F(Values, regime_switching_stays_and_switches_as_often_as_it_says) {
    TableData hours = made_up_hours();
    const Options options = {{"onset", "0"}, {"stay", "0.9"}};
    const TableChange change = changed("regime_switching", hours, 2, options);
    const std::vector<double>&before = values_of(hours, "load"), &after = values_of(change.data, "load");
    double altered = 0.0, left = 0.0, entered = 0.0;
    for (std::size_t row = 0; row < before.size(); ++row) {
        const bool now = after[row] != before[row];
        if (now) {
            EXPECT_NEAR(after[row], before[row] / 2.0, tolerance);
        }
        altered += now ? 1.0 : 0.0;
        if (row == 0) continue;
        const bool last = after[row - 1] != before[row - 1];
        left += last && !now ? 1.0 : 0.0;
        entered += !last && now ? 1.0 : 0.0;
    }
    const auto rows = static_cast<double>(before.size());
    EXPECT_NEAR(change.effect, altered / rows, tolerance);
    EXPECT_NEAR(altered / rows, 0.4, 0.12);
    EXPECT_NEAR(left / altered, 0.1 * 0.6, 0.025);
    EXPECT_NEAR(entered / (rows - altered), 0.1 * 0.4, 0.02);
}

TEST_F(Values, substitution_keeps_the_sum) {
    const TableChange change = changed("substitution", clean_, 4);
    for (const std::size_t row : {0U, 199U, 200U, 399U}) {
        const double moved = row < 200 ? 0.0 : 0.4 * values_of(clean_, "load")[row];
        EXPECT_NEAR(values_of(change.data, "load")[row], values_of(clean_, "load")[row] - moved, tolerance);
        EXPECT_NEAR(values_of(change.data, "online")[row], values_of(clean_, "online")[row] + moved, tolerance);
    }
}

// now = .8 (.3 + .7 exp(-(t - 200) / 90)); (1 - .8 now) ((1 - .6 now) prof[wd] + .6 now prof[6]) / prof[wd]
TEST_F(Values, lockdown_is_all_of_it_with_one_share) {
    const TableChange change = changed("lockdown", clean_, 4);
    EXPECT_NEAR(factor(change, 200), 0.360099873662, 1e-10);
    EXPECT_NEAR(factor(change, 260), 0.563204810281, 1e-10);
    EXPECT_NEAR(factor(change, 265), 0.575392230344, 1e-10);
    EXPECT_NE(factor(changed("lockdown", clean_, 4, {{"days", "20"}}), 260), factor(change, 260));
}

// Z = standardised (temp, wind, wd); v = last column of numpy.linalg.eigh(Z'Z / n), its largest entry positive; z = Z v
TEST_F(Values, the_default_direction_is_the_first_principal_component) {
    const std::vector<double> z = along_the_principal_component(
        clean_.table, {column_of(clean_, "temperature"), column_of(clean_, "wind"), column_of(clean_, "weekday")});
    EXPECT_NEAR(z[14], 1.67102488818, 1e-8);
    EXPECT_NEAR(z[100], 0.0951019734515, 1e-8);
    EXPECT_NEAR(z[399], -0.0980851388387, 1e-8);
}

// lambda = scipy.optimize.brentq(ess(lambda) - .46) = 1.1528; w = exp(lambda z) / sum: weighted mean of z 0.9618 with
// standard error 0.038; sum(maximum(0, 1 / n - w)) = 0.4199 of the places are given up
TEST_F(Values, covariate_shift_loses_the_effective_sample_size_that_it_says) {
    const TableChange change = changed("covariate_shift", clean_, 3);
    EXPECT_NEAR(change.effect, 1.0 - 0.9 * 0.6, 1e-9);
    const std::vector<double> z = along_the_principal_component(
        clean_.table, {column_of(clean_, "temperature"), column_of(clean_, "wind"), column_of(clean_, "weekday")});
    double mean = 0.0, replaced = 0.0;
    for (std::size_t i = 0; i < clean_.samples.size(); ++i) {
        mean += z[change.data.samples[i]] / static_cast<double>(clean_.samples.size());
        replaced +=
            change.data.samples[i] != clean_.samples[i] ? 1.0 / static_cast<double>(clean_.samples.size()) : 0.0;
    }
    EXPECT_NEAR(mean, 0.961795954931, 4 * 0.0382);
    EXPECT_NEAR(replaced, 0.419925387452, 0.1);
    EXPECT_NEAR(changed("covariate_shift", clean_, 5).effect, 0.1, 1e-9);
    const TableChange low = changed("covariate_shift", clean_, 3, {{"side", "low"}, {"columns", "wind"}});
    double wind = 0.0;
    for (const std::uint32_t row : low.data.samples) wind += values_of(clean_, "wind")[row] / 386.0;
    EXPECT_LT(wind,
              statistics_of(values_of(clean_, "wind")).mean - 0.5 * statistics_of(values_of(clean_, "wind")).deviation);
}

std::vector<double> class_shares(const TableData& data, const std::string& column) {
    std::vector<double> shares(data.table.columns[column_of(data, column)].categories.size(), 0.0);
    for (const std::uint32_t row : data.samples)
        shares[static_cast<std::size_t>(values_of(data, column)[row])] += 1.0 / double(data.samples.size());
    return shares;
}

TEST_F(Values, prior_shift_reaches_its_shares) {
    // .4 (.6, .3, .1) + .6 (0, 0, 1), sampling error below 0.022
    const TableChange change = changed("prior_shift", table_, 3, {{"toward", "c"}});
    const std::vector<double> shares = class_shares(change.data, "class");
    EXPECT_NEAR(shares[0], 0.24, 0.07);
    EXPECT_NEAR(shares[1], 0.12, 0.07);
    EXPECT_NEAR(shares[2], 0.64, 0.07);
    EXPECT_NEAR(change.effect, shares[2] - 0.1, tolerance);
    EXPECT_NEAR(class_shares(changed("prior_shift", table_, 5, {{"toward", "c"}}).data, "class")[2], 1.0, tolerance);
}

TEST_F(Values, prior_shift_without_a_class_draws_all_shares_alike) {
    std::vector<double> mean(3, 0.0), square(3, 0.0);
    for (std::uint64_t key = 0; key < 400; ++key) {
        const std::vector<double> shares = class_shares(changed("prior_shift", table_, 5, {}, key).data, "class");
        for (std::size_t c = 0; c < 3; ++c) {
            mean[c] += shares[c] / 400.0;
            square[c] += shares[c] * shares[c] / 400.0;
        }
    }
    for (std::size_t c = 0; c < 3; ++c) {  // Dirichlet(1, 1, 1): mean 1/3, variance 1/18
        EXPECT_NEAR(mean[c], 1.0 / 3.0, 0.05);
        EXPECT_NEAR(square[c] - mean[c] * mean[c], 1.0 / 18.0, 0.012);
    }
}

TEST_F(Values, subgroup_mix_grows_the_smallest_group) {
    const double west = class_shares(table_, "site")[3];
    const TableChange change = changed("subgroup_mix", table_, 2);
    EXPECT_NEAR(change.effect, 0.6 * west + 0.4, 0.06);
    EXPECT_NEAR(change.effect, class_shares(change.data, "site")[3], tolerance);
    const double south = changed("subgroup_mix", table_, 2, {{"by", "site"}, {"toward", "south"}}).effect;
    EXPECT_NEAR(south, 0.6 * class_shares(table_, "site")[1] + 0.4, 0.06);
}

TEST_F(Values, concept_shift_flips_the_labels_at_one_end) {
    const TableChange change = changed("concept_shift", table_, 2, {{"columns", "x3"}});
    EXPECT_NEAR(change.effect, 0.4, tolerance);
    const double limit = quantile(values_of(table_, "x3"), 0.6);
    for (std::size_t row = 0; row < 500; ++row) {
        const double before = values_of(table_, "class")[row], after = values_of(change.data, "class")[row];
        EXPECT_EQ(before != after, values_of(table_, "x3")[row] > limit) << row;
        EXPECT_TRUE(after == 0.0 || after == 1.0 || after == 2.0);
    }
}

// load + .4 * .5 * load.std() * z
TEST_F(Values, concept_shift_tilts_a_number) {
    const TableChange change = changed("concept_shift", clean_, 2);
    EXPECT_NEAR(values_of(change.data, "load")[14], 115.889273535, 1e-7);
    EXPECT_NEAR(values_of(change.data, "load")[399], 132.532759206, 1e-7);
    EXPECT_NEAR(change.effect, 0.171898653083, 1e-9);
}

// z = standardised temp, wind, wd (population); w = lstsq(z, load - load.mean()); f = z @ w has the deviation 3.5756
TEST_F(Values, slope_rotation_turns_the_fit_and_keeps_its_size) {
    const double size = 3.5756377655724583;
    const auto standard = [&](const std::string& name, std::size_t row) {
        const ColumnStatistics all = statistics_of(values_of(clean_, name));
        return (values_of(clean_, name)[row] - all.mean) / all.deviation;
    };
    for (const double severity : {1.0, 2.5, 5.0}) {
        const TableChange change = changed("slope_rotation", clean_, severity, {{"onset", "0"}});
        const double angle = severity / 5.0 * std::acos(-1.0) / 2.0;
        double along = 0.0, squares = 0.0, moved = 0.0;
        for (std::size_t row = 0; row < 400; ++row) {
            const double fitted = (-0.08412945 * standard("temperature", row) + 0.19291782 * standard("wind", row) -
                                   3.57221669 * standard("weekday", row)) /
                                  size;
            const double move = values_of(change.data, "load")[row] - values_of(clean_, "load")[row];
            along += move * fitted / 400.0;
            squares += move * move / 400.0;
            if (row >= 14) moved += std::abs(move) / 386.0;
        }
        EXPECT_NEAR(along, size * (std::cos(angle) - 1.0), 1e-6);
        EXPECT_NEAR(std::sqrt(squares), size * std::sqrt(2.0 - 2.0 * std::cos(angle)), 1e-6);
        EXPECT_NEAR(change.effect, moved / 7.366738894663552, 1e-9);
    }
    const TableChange late = changed("slope_rotation", clean_, 5);
    EXPECT_EQ(values_of(late.data, "load")[199], values_of(clean_, "load")[199]);
    EXPECT_NE(values_of(late.data, "load")[200], values_of(clean_, "load")[200]);
}

TEST_F(Values, block_shuffle_changes_places_within_blocks) {
    TableChange change = changed("block_shuffle", clean_, 5);
    recompute_derived(change.data);
    const std::vector<double>&before = values_of(clean_, "load"), &after = values_of(change.data, "load");
    std::size_t moved = 0;
    for (std::size_t row = 14; row < 400; ++row) moved += before[row] != after[row] ? 1 : 0;
    EXPECT_NEAR(change.effect, static_cast<double>(moved) / 386.0, tolerance);
    EXPECT_NEAR(change.effect, 6.0 / 7.0, 0.06) << "one in seven stays by chance";
    for (std::size_t first = 0; first < 400; first += 7) {
        const auto size = static_cast<std::ptrdiff_t>(std::min<std::size_t>(7, 400 - first));
        const auto begin = static_cast<std::ptrdiff_t>(first);
        EXPECT_TRUE(std::is_permutation(before.begin() + begin, before.begin() + begin + size, after.begin() + begin));
    }
    for (std::size_t row = 14; row < 400; ++row) {
        EXPECT_EQ(values_of(change.data, "load.1")[row], after[row - 1]);
        const auto from =
            static_cast<std::size_t>(std::find(before.begin(), before.end(), after[row]) - before.begin());
        EXPECT_EQ(values_of(change.data, "wind")[row], values_of(clean_, "wind")[from]) << "whole rows move";
    }
    // Seen 14 rows late, the same shuffle shows 14 rows later.
    for (std::size_t row = 14; row < 300; ++row) {
        const auto from =
            static_cast<std::size_t>(std::find(before.begin(), before.end(), after[row]) - before.begin());
        EXPECT_EQ(values_of(change.data, "other.14")[row + 14], values_of(clean_, "other.14")[from + 14]);
    }
    const TableChange some = changed("block_shuffle", clean_, 2);
    EXPECT_NEAR(some.effect, 0.4 * 6.0 / 7.0, 0.12);
    for (std::size_t row = 0; row < 400; ++row) {
        const double now = values_of(some.data, "load")[row];
        EXPECT_TRUE(now == before[row] || now == after[row]) << "a block is shuffled in one way only";
    }
    const TableChange pairs = changed("block_shuffle", clean_, 5, {{"rows", "2"}});
    EXPECT_NEAR(pairs.effect, 0.5, 0.12);
}

TEST_F(Values, an_onset_that_is_not_said_is_half_way_through_the_samples) {
    TableData year = clean_;
    std::erase_if(year.samples, [](std::uint32_t row) { return row < 300; });
    const TableChange change = make_table_perturbation("level_drop", {})->apply(year, 5, Random(7));
    EXPECT_EQ(values_of(change.data, "load")[349], values_of(clean_, "load")[349]);
    EXPECT_LT(values_of(change.data, "load")[350], values_of(clean_, "load")[350]);
}

TEST_F(Values, duplicated_rows_copies_other_rows) {
    EXPECT_NEAR(changed("duplicated_rows", table_, 2).effect, 0.4, 0.09);
    EXPECT_EQ(changed("duplicated_rows", table_, 5).effect, 1.0);
}

TEST_F(Values, missing_values_come_at_their_rates) {
    EXPECT_NEAR(changed("missing_random", table_, 4).effect, 0.4, 0.04) << "2500 cells";
    const TableChange change = changed("missing_by_group", table_, 5, {{"group", "north"}});
    double gone[2] = {0, 0}, all[2] = {0, 0};
    for (std::size_t row = 0; row < 500; ++row) {
        const bool north = values_of(table_, "site")[row] == 0.0;
        for (const char* name : {"x0", "x1", "x2", "x3"}) {
            all[north] += 1.0;
            gone[north] += std::isnan(values_of(change.data, name)[row]) ? 1.0 : 0.0;
        }
        EXPECT_FALSE(std::isnan(values_of(change.data, "site")[row]));
    }
    EXPECT_NEAR(gone[1] / all[1], 0.8, 0.05);
    EXPECT_NEAR(gone[0] / all[0], 0.08, 0.035);
}

// sort(temp)[::-1][79] and [80] are 17.7: 80 of 400 values go, and ties are drawn
TEST_F(Values, missing_by_value_takes_the_largest) {
    const TableChange change = changed("missing_by_value", clean_, 2, {{"columns", "temperature"}});
    std::size_t gone = 0;
    for (std::size_t row = 0; row < 400; ++row) {
        const double before = values_of(clean_, "temperature")[row];
        const bool missing = std::isnan(values_of(change.data, "temperature")[row]);
        gone += missing ? 1 : 0;
        if (before > 17.75) {
            EXPECT_TRUE(missing);
        }
        if (before < 17.65) {
            EXPECT_FALSE(missing);
        }
    }
    EXPECT_EQ(gone, 80U);
}

TEST_F(Values, missing_values_reach_what_is_computed_from_them) {
    clean_.derived.push_back(
        {DerivedColumn::Kind::lag, column_of(clean_, "wind"), column_of(clean_, "temperature"), 1, 1});
    recompute_derived(clean_);
    TableChange change = changed("missing_random", clean_, 5, {{"columns", "temperature"}});
    recompute_derived(change.data);
    for (std::size_t row = 14; row < 400; ++row)
        EXPECT_EQ(std::isnan(values_of(change.data, "wind")[row]),
                  std::isnan(values_of(change.data, "temperature")[row - 1]));
    TableChange lag_itself = changed("missing_random", clean_, 5, {{"columns", "load.1"}});
    const std::vector<double> set = values_of(lag_itself.data, "load.1");
    recompute_derived(lag_itself.data);
    EXPECT_TRUE(std::ranges::equal(set, values_of(lag_itself.data, "load.1"), [](double a, double b) {
        return a == b || (std::isnan(a) && std::isnan(b));
    })) << "a lag that was named is not computed again";
    EXPECT_GT(lag_itself.effect, 0.4);
}

TEST_F(Values, frozen_sensor_holds) {
    const TableChange change = changed("frozen_sensor", clean_, 2, {{"columns", "temperature"}});
    const std::vector<double>&before = values_of(clean_, "temperature"), &after = values_of(change.data, "temperature");
    for (std::size_t row = 200; row < 280; ++row) EXPECT_EQ(after[row], before[199]);
    EXPECT_EQ(after[199], before[199]);
    for (std::size_t row = 280; row < 400; ++row) EXPECT_EQ(after[row], before[row]);
    EXPECT_NEAR(change.effect, 0.4, tolerance);
    const auto stuck = [&](const std::string& at) {
        return values_of(changed("frozen_sensor", clean_, 2, {{"stuck", at}}).data, "temperature")[250];
    };
    EXPECT_EQ(stuck("zero"), 0.0);
    EXPECT_NEAR(stuck("max"), 19.6, tolerance);
}

// temp + .6 * 2 * temp.std() * (t - 200) / 199
TEST_F(Values, sensor_drift_goes_straight) {
    const TableChange change = changed("sensor_drift", clean_, 3);
    EXPECT_NEAR(values_of(change.data, "temperature")[300], 13.6895345802, 1e-9);
    EXPECT_NEAR(values_of(change.data, "temperature")[399], 17.9621738147, 1e-9);
    EXPECT_NEAR(change.effect, 0.6, tolerance);
}

// quantile(temp, [.2, .8]) = 11.9, 17.7; effect = mean over temp, wind, wd of ((x < q20) | (x > q80))[samples]
TEST_F(Values, clipped_range_ends_at_quantiles) {
    const TableChange change = changed("clipped_range", clean_, 2.5);
    const ColumnStatistics all = statistics_of(values_of(change.data, "temperature"));
    EXPECT_NEAR(all.smallest, 11.9, tolerance);
    EXPECT_NEAR(all.largest, 17.7, tolerance);
    EXPECT_NEAR(change.effect, 0.359240069085, 1e-9);
    const TableChange top = changed("clipped_range", clean_, 2.5, {{"side", "top"}});
    EXPECT_NEAR(statistics_of(values_of(top.data, "temperature")).smallest, 10.0, tolerance);
}

TEST_F(Values, unit_change_converts_rows_or_columns) {
    const std::map<std::string, std::pair<double, double>> expected = {{"thousand", {1000, 0}},
                                                                       {"thousandth", {.001, 0}},
                                                                       {"percent", {100, 0}},
                                                                       {"mw_to_kw", {1000, 0}},
                                                                       {"kelvin_to_celsius", {1, -273.15}},
                                                                       {"celsius_to_kelvin", {1, 273.15}},
                                                                       {"celsius_to_fahrenheit", {1.8, 32}},
                                                                       {"sign", {-1, 0}}};
    for (const auto& [conversion, line] : expected) {
        const TableChange change = changed("unit_change", table_, 5, {{"conversion", conversion}});
        EXPECT_NEAR(values_of(change.data, "x0")[3], values_of(table_, "x0")[3] * line.first + line.second, 1e-9);
        EXPECT_EQ(change.effect, 1.0);
    }
    EXPECT_NEAR(changed("unit_change", table_, 2).effect, 0.4, 0.09);
    const TableChange half = changed("unit_change", table_, 2.5, {{"of", "columns"}, {"conversion", "sign"}});
    std::size_t columns = 0;
    for (const char* name : {"x0", "x1", "x2", "x3"})
        columns += values_of(half.data, name)[0] != values_of(table_, name)[0] ? 1 : 0;
    EXPECT_EQ(columns, 2U);
    const TableChange series = changed("unit_change", clean_, 5);
    EXPECT_EQ(values_of(series.data, "wind")[199], values_of(clean_, "wind")[199]) << "before the onset";
    EXPECT_NE(values_of(series.data, "wind")[200], values_of(clean_, "wind")[200]);
}

TEST_F(Values, unit_change_goes_by_the_size_of_a_column) {
    const auto first_row = [&](double scale, double offset) {
        TableData data = table_;
        std::vector<double>& values = data.table.columns[column_of(data, "x0")].values;
        for (std::size_t row = 0; row < values.size(); ++row)
            values[row] = offset + scale * static_cast<double>(row % 50) / 49.0;
        return values_of(changed("unit_change", data, 5).data, "x0")[7];
    };
    EXPECT_NEAR(first_row(30, 270), 270 + 30 / 7.0 - 273.15, tolerance) << "kelvin";
    EXPECT_NEAR(first_row(1, 0), 100 / 7.0, tolerance) << "a share";
    EXPECT_NEAR(first_row(50000, 35000), (35000 + 50000 / 7.0) / 1000, tolerance) << "thousands";
    EXPECT_NEAR(first_row(30, -5), (-5 + 30 / 7.0) * 1.609344, tolerance);
    EXPECT_NEAR(first_row(0, 4), 4, tolerance) << "a constant has no unit";
    TableData flags = table_;
    for (double& value : flags.table.columns[column_of(flags, "x0")].values) value = value > 0.0 ? 1.0 : 0.0;
    EXPECT_EQ(values_of(changed("unit_change", flags, 5).data, "x0"), values_of(flags, "x0")) << "nor has a flag";
}

TEST_F(Values, swapped_columns_exchanges_whole_rows) {
    const TableChange change = changed("swapped_columns", table_, 2, {{"second", "x3"}});
    std::size_t swapped = 0;
    for (std::size_t row = 0; row < 500; ++row) {
        const double a = values_of(change.data, "x0")[row], b = values_of(change.data, "x3")[row];
        if (a == values_of(table_, "x0")[row]) continue;
        EXPECT_EQ(a, values_of(table_, "x3")[row]);
        EXPECT_EQ(b, values_of(table_, "x0")[row]);
        ++swapped;
    }
    EXPECT_NEAR(change.effect, static_cast<double>(swapped) / 500.0, tolerance);
    EXPECT_NEAR(change.effect, 0.4, 0.09);
}

TEST_F(Values, stale_lags_are_late_and_stay_so) {
    TableChange change = changed("stale_lags", clean_, 3);  // .6 * 7 = 4.2 steps
    recompute_derived(change.data);
    EXPECT_EQ(change.effect, 4.0);
    EXPECT_EQ(values_of(change.data, "load.1")[100], values_of(clean_, "load")[95]);
    EXPECT_EQ(values_of(change.data, "load.week")[100], values_of(clean_, "load.week")[96]);
    EXPECT_EQ(values_of(change.data, "other.14")[100], values_of(clean_, "other.14")[96]);
    EXPECT_EQ(values_of(change.data, "load")[100], values_of(clean_, "load")[100]);
    TableChange one = changed("stale_lags", clean_, 3, {{"columns", "load.1"}});
    EXPECT_EQ(values_of(one.data, "load.week")[100], values_of(clean_, "load.week")[100]);
    for (const std::uint32_t row : change.data.samples)
        for (const std::size_t column : clean_.features)
            ASSERT_FALSE(std::isnan(change.data.table.columns[column].values[row])) << row;
}

TEST_F(Values, clock_shift_is_late_or_early) {
    const TableChange late = changed("clock_shift", clean_, 5);
    EXPECT_EQ(values_of(late.data, "temperature")[100], values_of(clean_, "temperature")[95]);
    EXPECT_EQ(values_of(late.data, "temperature")[2], values_of(clean_, "temperature")[0]);
    const TableChange early = changed("clock_shift", clean_, 5, {{"rows", "-3"}, {"columns", "wind"}});
    EXPECT_EQ(values_of(early.data, "wind")[100], values_of(clean_, "wind")[103]);
    EXPECT_EQ(values_of(early.data, "wind")[399], values_of(clean_, "wind")[399]);
    EXPECT_EQ(values_of(early.data, "temperature")[100], values_of(clean_, "temperature")[100]);
}

TEST_F(Values, new_category_is_one_beyond_or_missing) {
    const TableChange change = changed("new_category", table_, 2);
    std::size_t found = 0;
    for (std::size_t row = 0; row < 500; ++row) found += values_of(change.data, "site")[row] == 4.0 ? 1 : 0;
    EXPECT_NEAR(change.effect, static_cast<double>(found) / 500.0, tolerance);
    EXPECT_NEAR(change.effect, 0.4, 0.09);
    const TableChange missing = changed("new_category", table_, 5, {{"as", "missing"}});
    EXPECT_TRUE(std::isnan(values_of(missing.data, "site")[0]));
}

TEST(DaylightSaving, is_an_hour_late_from_the_last_sunday_of_march) {
    const TableData hours = made_up_hours();  // temperature counts hours from 2020-03-01
    const TableChange all = changed("daylight_saving", hours, 5);
    const std::size_t switch_hour = 28 * 24 + 1;  // 2020-03-29, 1:00 UTC
    EXPECT_EQ(values_of(all.data, "temperature")[switch_hour - 1], double(switch_hour - 1));
    EXPECT_EQ(values_of(all.data, "temperature")[switch_hour], double(switch_hour - 1));
    EXPECT_EQ(values_of(all.data, "temperature").back(), double(120 * 24 - 2));
    EXPECT_NEAR(all.effect, double(120 * 24 - switch_hour) / (120 * 24), tolerance);
    // Summer time of 2020 lasts 210 days: a fifth is 42.
    const TableChange noticed = changed("daylight_saving", hours, 1);
    EXPECT_EQ(values_of(noticed.data, "temperature")[switch_hour + 42 * 24 - 1], double(switch_hour + 42 * 24 - 2));
    EXPECT_EQ(values_of(noticed.data, "temperature")[switch_hour + 42 * 24], double(switch_hour + 42 * 24));
    TableData three_hours = hours;
    three_hours.step_seconds = 3 * 3600;
    for (std::size_t t = 0; t < three_hours.table.seconds.size(); ++t)
        three_hours.table.seconds[t] = hours.table.seconds[0] + static_cast<std::int64_t>(t) * 3 * 3600;
    EXPECT_NEAR(values_of(changed("daylight_saving", three_hours, 5).data, "temperature")[300], 300 - 1.0 / 3.0, 1e-9);
}

TEST(Weekdays, count_from_monday) {
    EXPECT_EQ(weekday_of(0), 3) << "1970-01-01 was a Thursday";
    EXPECT_EQ(weekday_of(-1), 2);
    EXPECT_EQ(weekday_of(1546300800), 1) << "2019-01-01 was a Tuesday";
}

}  // namespace
}  // namespace misfire
