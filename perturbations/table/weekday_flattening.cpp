// Every day looks like a Sunday: commuting stops, weekends do not.
#include <cstdint>
#include <limits>

#include "perturbations/table/family.h"
#include "perturbations/table/time_profile.h"

namespace misfire {

namespace {

TablePerturbationInfo describe() {
    TablePerturbationInfo info;
    info.name = "weekday_flattening";
    info.summary = "weekdays of the target and of all that is seen of it late come to look like Sundays";
    info.domain = "series";
    info.category = "behaviour";
    info.moves = Moves::both;
    info.effect = "ratio of Monday to Friday to Sunday in the target after the onset, over what it was";
    info.parameters = {
        share_of_the_change("of the way of each weekday's mean p to that of the model day q: "
                            "a value is multiplied by ((1 - s) p + s q) / p")};
    Option toward{
        .name = "toward", .meaning = "the model day", .default_value = "sunday", .choices = {"sunday", "weekend"}};
    info.options = {onset_option(), toward,
                    columns_option("that change; empty: the target and the columns declared as lagged(..)")};
    info.reference =
        "our own levels; Chicago transit, April 2020: weekdays over Sundays from 2.59 to 1.67; French electricity: "
        "none";
    return info;
}

// Mean of Monday to Friday over that of Sunday, from row `first` on.
double weekday_to_sunday(const TableData& data, std::size_t first) {
    double sum[2] = {0.0, 0.0}, count[2] = {0.0, 0.0};
    const std::vector<double>& values = data.table.columns[data.target].values;
    for (std::size_t row = first; row < values.size(); ++row) {
        const int weekday = weekday_of(data.table.seconds[row]);
        if (weekday == 5 || values[row] != values[row]) continue;
        sum[weekday == 6] += values[row];
        count[weekday == 6] += 1.0;
    }
    if (count[0] == 0.0 || sum[1] == 0.0) return std::numeric_limits<double>::quiet_NaN();
    return (sum[0] / count[0]) / (sum[1] / count[1]);
}

class WeekdayFlattening final : public TableFamily {
  public:
    explicit WeekdayFlattening(const Options& given) : TableFamily(describe(), given) {}

  private:
    TableChange change(const TableData& clean, double s, const Random&) const override {
        const std::size_t onset = onset_row(clean);
        TableChange change{clean, 0.0};
        for (const std::size_t column : moved_columns(clean)) {
            const auto profile = weekday_profile(clean, column, info().name);
            const double model = text("toward") == "sunday" ? profile[6] : (profile[5] + profile[6]) / 2.0;
            scale_behaviour(change.data, column, [&](std::size_t row) {
                const double own = profile[static_cast<std::size_t>(weekday_of(clean.table.seconds[row]))];
                return row < onset ? 1.0 : 1.0 + s * (model - own) / own;  // exactly 1 on the model day
            });
        }
        change.effect = weekday_to_sunday(change.data, onset) / weekday_to_sunday(clean, onset);
        return change;
    }
};

}  // namespace

namespace families {
TablePerturbationEntry weekday_flattening() { return {describe, make_family<WeekdayFlattening>}; }
}  // namespace families

}  // namespace misfire
