// One column of a stream of comma-separated rows, as numbers.
#pragma once

#include <optional>
#include <string>

#include "scenarios/data/csv_stream.h"

namespace misfire {

class NumberColumn {
  public:
    // column: a name of the first row, or a number from 0; empty: column 0. The first row names the columns if its
    // cell in the column is no number.
    NumberColumn(CsvStream& rows, std::string column) : rows_(rows), wanted_(std::move(column)) {}

    // The next value; nothing at the end. Throws DataError naming file, line, column and value: no number, not finite,
    // no such cell; a file without values; UsageError: no such column.
    std::optional<double> next();

    // "errors.csv:7: column `x`", and the cell as it stands there, for messages on the last value.
    std::string place() const;
    const std::string& cell() const { return record_.cells[at_]; }

  private:
    void find(const CsvRecord& first);
    [[noreturn]] void refuse_column(const CsvRecord& first) const;
    double number(const std::string& cell) const;

    CsvStream& rows_;
    std::string wanted_;
    std::size_t at_ = 0;
    std::string name_;  // of the column; its number where the rows have no names
    CsvRecord record_;
    bool found_ = false;
    bool any_ = false;
};

}  // namespace misfire
