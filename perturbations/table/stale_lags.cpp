// The table of past values is updated too rarely: lag features are older than they say.
#include <algorithm>
#include <cmath>

#include "perturbations/table/family.h"
#include "perturbations/table/late_rows.h"

namespace misfire {

namespace {

TablePerturbationInfo describe() {
    TablePerturbationInfo info;
    info.name = "stale_lags";
    info.summary = "lags and rolling means are some steps older than the model takes them to be";
    info.domain = "series";
    info.category = "pipeline";
    info.monotone = false;
    info.why_not_monotone = "a lag that is a whole cycle older, such as seven days, is less wrong than half a cycle";
    info.effect = "further steps by which they are late";
    info.parameters = {share_of_the_change("of the delay: s steps, rounded to whole ones")};
    info.options = {number_option("steps", "of the series by which they are late at severity 5, in [1, 100000]", "7"),
                    columns_option("that are late; empty: all that are computed from other columns or declared as "
                                   "lagged(..)")};
    info.reference = "our own levels";
    return info;
}

class StaleLags final : public TableFamily {
  public:
    explicit StaleLags(const Options& given) : TableFamily(describe(), given), steps_(number("steps", 1.0, 100000.0)) {}

  private:
    TableChange change(const TableData& clean, double s, const Random&) const override {
        std::vector<std::size_t> lags;
        for (const DerivedColumn& derived : clean.derived) lags.push_back(derived.column);
        if (lags.empty())
            refuse(
                "delays columns of past values, and the data declares none. Declare them: derived: {<column>: "
                "\"lag(<column>,1)\"}.");
        const auto late = std::lround(s * steps_);
        TableChange change{clean, static_cast<double>(late)};
        for (const std::size_t column : columns(clean, lags)) {
            if (std::find(lags.begin(), lags.end(), column) == lags.end())
                refuse("delays columns of past values, and `" + clean.table.columns[column].name +
                       "` is not declared as one. Take it out of `columns`, or take clock_shift.");
            std::vector<double>& values = change.data.table.columns[column].values;
            values = delayed(values, late);
            keep_as_set(change.data, column);
        }
        return change;
    }

    double steps_;
};

}  // namespace

namespace families {
TablePerturbationEntry stale_lags() { return {describe, make_family<StaleLags>}; }
}  // namespace families

}  // namespace misfire
