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

// "onset": a time of the series or a row number from 0; "" is half way through the samples.
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
    std::optional<std::size_t> onset(const TableData& clean) const final;
    // Checks that a series is one, and leaves the rest to change().
    TableChange apply(const TableData& clean, double severity, const Random& random) const final;

  protected:
    // `s`: the share of the full change, in (0, 1].
    virtual TableChange change(const TableData& clean, double s, const Random& random) const = 0;

    const std::string& text(const std::string& option) const { return options_.at(option); }
    // Throws UsageError naming option, value and limits.
    double number(const std::string& option, double low, double high) const;
    // First row that is changed; where the option is empty, half way through the samples of the run, or the
    // first row of a table without time. Throws UsageError when it lies outside the table.
    std::size_t onset_row(const TableData& data) const;
    // The column that an option names. Throws UsageError with the nearest name.
    std::size_t column(const TableData& data, const std::string& option, const std::string& name) const;
    // The categorical column that an option names; where it is empty the first one that is not the target. Throws
    // UsageError when there is none.
    std::size_t categorical_column(const TableData& data, const std::string& option) const;
    // Code of the category that an option names. Throws UsageError with the nearest name.
    std::size_t category(const TableColumn& column, const std::string& option) const;
    // Columns of option "columns"; `otherwise` where it is empty. Throws UsageError with the nearest name.
    std::vector<std::size_t> columns(const TableData& data, const std::vector<std::size_t>& otherwise) const;
    // Columns that a change of behaviour moves: those of the option, or behaviour_columns(). They
    // must be movable.
    std::vector<std::size_t> moved_columns(const TableData& data) const;
    // Throws UsageError for categories, and for columns that are computed from others and so follow by
    // themselves.
    void require_movable(const TableData& data, const std::vector<std::size_t>& moved) const;
    // Columns that a change of inputs moves: those of the option, or `otherwise`. Throws UsageError for the target, and
    // when there are none.
    std::vector<std::size_t> input_columns(const TableData& data, const std::vector<std::size_t>& otherwise) const;
    // The same where numbers are needed: raw_numeric_features() unless the option says otherwise. Throws UsageError for
    // categories.
    std::vector<std::size_t> numeric_input_columns(const TableData& data) const;
    // Throws UsageError where the data does not say what stands in for a missing value.
    void require_missing_policy(const TableData& data) const;
    [[noreturn]] void refuse(const std::string& what) const;  // "`<name>` " before it

  private:
    TablePerturbationInfo info_;
    Options options_;
    ParameterSchedule schedule_;
};

// Features that are neither derived nor the target, in the order of the model; the second, those that hold numbers.
std::vector<std::size_t> raw_features(const TableData& data);
std::vector<std::size_t> raw_numeric_features(const TableData& data);

// Takes a column that a family has set itself out of the derived ones, so that it is not computed again.
void keep_as_set(TableData& data, std::size_t column);

// Behaviour: the target, and the columns that are declared as series seen late.
std::vector<std::size_t> behaviour_columns(const TableData& data);

// Share of the cells (samples times columns), from row `first` on, that differ between the two tables; a value that
// goes missing differs.
double share_of_changed_cells(const TableData& clean, const TableData& changed, const std::vector<std::size_t>& columns,
                              std::size_t first = 0);

// Rows by which a column is seen late; 0 for one that is not declared so.
std::size_t rows_late(const TableData& data, std::size_t column);

// Multiplies a behaviour column by factor(row). A column that is seen late gets the factor of the row that it comes
// from.
template <typename Factor>
void scale_behaviour(TableData& data, std::size_t column, Factor factor) {
    const std::size_t late = rows_late(data, column);
    std::vector<double>& values = data.table.columns[column].values;
    for (std::size_t row = late; row < values.size(); ++row) values[row] *= factor(row - late);
}

// Days from row `from` to row `to` of a series.
double days_between(const TableData& data, std::size_t from, std::size_t to);

// Mean of the target over the samples from row `onset` on, after over before; NaN where it was 0.
double mean_ratio_of_target(const TableData& clean, const TableData& changed, std::size_t onset);

// Mean absolute change of the target over the samples from row `onset` on, over its mean there; NaN where that is 0.
double mean_move_of_target(const TableData& clean, const TableData& changed, std::size_t onset);

template <typename Family>
std::unique_ptr<TablePerturbation> make_family(const Options& options) {
    return std::make_unique<Family>(options);
}

}  // namespace misfire
