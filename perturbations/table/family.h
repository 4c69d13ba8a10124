// What every change of tables shares: metadata, completed options, the share s that a severity stands for, and how
// options name columns and rows.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/table_perturbation.h"
#include "perturbations/options.h"
#include "perturbations/severity.h"

namespace misfire {

// s = severity / 5, the share of the full change.
Parameter share_of_the_change(std::string meaning);

// "onset": a time of the series or a row number from 0; "" is half way.
Option onset_option();
// "columns": names separated by commas; what "" means is the family's.
Option columns_option(std::string meaning);
// A number with its limits. `value` is the default as text.
Option number_option(std::string name, std::string meaning, std::string value);

class TableFamily : public TablePerturbation {
  public:
    TableFamily(TablePerturbationInfo info, const Options& given)
        : info_(std::move(info)), options_(complete_options(info_, given)), schedule_(info_, "auto") {}

    const TablePerturbationInfo& info() const final { return info_; }

  protected:
    double share(double severity) const { return schedule_.at(1, 1, severity)[0]; }
    const std::string& text(const std::string& option) const { return options_.at(option); }
    // Throws UsageError naming option, value and limits.
    double number(const std::string& option, double low, double high) const;
    // First row that is changed. Throws UsageError when it lies outside the table.
    std::size_t onset_row(const TableData& data) const;
    // Columns of option "columns"; `otherwise` where it is empty. Throws UsageError with the nearest name; calendar and
    // weather columns are the caller's affair.
    std::vector<std::size_t> columns(const TableData& data, const std::vector<std::size_t>& otherwise) const;

  private:
    TablePerturbationInfo info_;
    Options options_;
    ParameterSchedule schedule_;
};

// Features that hold numbers and are not derived.
std::vector<std::size_t> raw_numeric_features(const TableData& data);

// Behaviour: the target, and the columns that are declared as series seen late.
std::vector<std::size_t> behaviour_columns(const TableData& data);

// Multiplies a behaviour column by factor(row) from `onset` on. A column that is seen `steps` rows late gets the factor
// of `steps` rows before.
template <typename Factor>
void scale_behaviour(TableData& data, std::size_t column, Factor factor) {
    std::size_t late = 0;
    for (const DerivedColumn& derived : data.derived) {
        if (derived.kind == DerivedColumn::Kind::lagged && derived.column == column) late = derived.steps;
    }
    std::vector<double>& values = data.table.columns[column].values;
    for (std::size_t row = late; row < values.size(); ++row) values[row] *= factor(row - late);
}

// Mean of the target over the samples from row `onset` on, after over before; NaN where it was 0.
double mean_ratio_of_target(const TableData& clean, const TableData& changed, std::size_t onset);

template <typename Family>
std::unique_ptr<TablePerturbation> make_family(const Options& options) {
    return std::make_unique<Family>(options);
}

}  // namespace misfire
