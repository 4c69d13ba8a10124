// Shelves are emptied, then nobody buys: demand of later weeks is brought forward.
#include <algorithm>
#include <cmath>

#include "perturbations/table/family.h"

namespace misfire {

namespace {

TablePerturbationInfo describe() {
    TablePerturbationInfo info;
    info.name = "panic_spike";
    info.summary = "stockpiling: some days of high demand, then a dip that pays them back";
    info.domain = "series";
    info.category = "behaviour";
    info.moves = Moves::both;
    info.effect = "mean of the target in the days of the spike, over what it was";
    info.parameters = {share_of_the_change(
        "of spike and dip: the factor is 1 + s height exp(-t / tau) for `days`, then 1 - s c for `payback` days")};
    info.options = {onset_option(),
                    number_option("height", "of the spike at severity 5, in [0, 100]", "1"),
                    number_option("tau", "days in which the spike falls to 37 %, in [0.01, 3650]", "3"),
                    number_option("days", "of the spike, in [0.01, 3650]", "7"),
                    number_option("payback",
                                  "days of the dip, in [0.01, 3650]; c is such that it gives back what the "
                                  "spike took, and at most 1",
                                  "28"),
                    columns_option("that jump; empty: the target and the columns declared as lagged(..)")};
    info.reference =
        "our own levels; the ten most frequent searches of a large shop were replaced within five days of "
        "2020 (Heaven, MIT Technology Review, 2020-05-11)";
    return info;
}

class PanicSpike final : public TableFamily {
  public:
    explicit PanicSpike(const Options& given)
        : TableFamily(describe(), given),
          height_(number("height", 0.0, 100.0)),
          tau_(number("tau", 0.01, 3650.0)),
          days_(number("days", 0.01, 3650.0)),
          payback_(number("payback", 0.01, 3650.0)) {}

  private:
    TableChange change(const TableData& clean, double s, const Random&) const override {
        const std::size_t onset = onset_row(clean);
        TableChange change{clean, 0.0};
        for (const std::size_t column : moved_columns(clean)) {
            const double dip = depth_of_dip(clean, column, onset);
            scale_behaviour(change.data, column, [&](std::size_t row) {
                if (row < onset) return 1.0;
                const double day = days_between(clean, onset, row);
                if (day < days_) return 1.0 + s * height_ * std::exp(-day / tau_);
                return day < days_ + payback_ ? 1.0 - s * dip : 1.0;
            });
        }
        change.effect = effect(clean, change.data, onset);
        return change;
    }

    // What the spike adds over what is there to give it back. A dip that the end of the series cuts off is as deep as
    // if it went on at the mean of its days.
    double depth_of_dip(const TableData& clean, std::size_t column, std::size_t onset) const {
        const std::size_t late = rows_late(clean, column);
        const std::vector<double>& values = clean.table.columns[column].values;
        double taken = 0.0, there = 0.0, rows = 0.0;
        for (std::size_t row = onset; row + late < values.size(); ++row) {
            const double day = days_between(clean, onset, row);
            const double value = values[row + late];
            if (day >= days_ + payback_) break;
            if (std::isnan(value)) continue;
            if (day < days_) {
                taken += height_ * std::exp(-day / tau_) * value;
            } else {
                there += value;
                rows += 1.0;
            }
        }
        if (rows == 0.0 || there <= 0.0) return 0.0;
        const double step_days = static_cast<double>(clean.step_seconds) / 86400.0;
        const double planned = std::max(rows, std::ceil((days_ + payback_) / step_days) - std::ceil(days_ / step_days));
        const bool cut_off =
            days_between(clean, onset, values.size() - 1 - std::min(late, values.size() - 1)) + step_days <
            days_ + payback_;
        return std::clamp(taken / (cut_off ? there / rows * planned : there), 0.0, 1.0);
    }

    double effect(const TableData& clean, const TableData& changed, std::size_t onset) const {
        const std::vector<double>& before = clean.table.columns[clean.target].values;
        const std::vector<double>& after = changed.table.columns[clean.target].values;
        double sum_before = 0.0, sum_after = 0.0;
        for (std::size_t row = onset; row < before.size() && days_between(clean, onset, row) < days_; ++row) {
            if (std::isnan(before[row])) continue;
            sum_before += before[row];
            sum_after += after[row];
        }
        return sum_after / sum_before;
    }

    double height_, tau_, days_, payback_;
};

}  // namespace

namespace families {
TablePerturbationEntry panic_spike() { return {describe, make_family<PanicSpike>}; }
}  // namespace families

}  // namespace misfire
