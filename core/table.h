// Tables and series as every room passes them around.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace misfire {

struct TableColumn {
    std::string name;
    std::vector<double> values;           // one per row; NaN where missing. Codes 0, 1, ... of a categorical column
    std::vector<std::string> categories;  // names by code; empty: the column is numeric
    bool categorical() const { return !categories.empty(); }
};

// Rows in order; for a series ascending in time.
struct Table {
    std::vector<TableColumn> columns;
    std::vector<std::int64_t> seconds;  // time of each row, UTC seconds since 1970-01-01; empty: the table has no time

    std::size_t rows() const { return columns.empty() ? 0 : columns.front().values.size(); }
    std::optional<std::size_t> find(std::string_view name) const {
        for (std::size_t c = 0; c < columns.size(); ++c) {
            if (columns[c].name == name) return c;
        }
        return std::nullopt;
    }
    std::vector<std::string> names() const {
        std::vector<std::string> all;
        for (const TableColumn& column : columns) all.push_back(column.name);
        return all;
    }
};

// A column that is computed from another one, or is another series seen late. Steps are rows, which lie one time step
// apart.
struct DerivedColumn {
    // lag: value of `of` `steps` rows before. rolling_mean: mean of the `window` values of `of` that end `steps` rows
    // before. lagged: the column is itself a series seen `steps` rows late whose raw form is not in the file: a factor
    // of row t applies to it in row t + steps.
    enum class Kind { lag, rolling_mean, lagged };
    Kind kind = Kind::lag;
    std::size_t column = 0;
    std::size_t of = 0;  // not for lagged
    std::size_t steps = 0;
    std::size_t window = 1;  // rolling_mean
};

// What stands in for a missing number when a model is fed. `refuse`: nothing, the data cannot be used.
enum class MissingPolicy { refuse, nan, mean, median, zero, last };

// A table and what a model of it sees.
struct TableData {
    Table table;
    std::size_t target = 0;              // column
    std::vector<std::size_t> features;   // columns in the order the model takes them
    std::vector<DerivedColumn> derived;  // in the order in which they can be computed
    bool classification = false;         // the target is categorical
    MissingPolicy missing = MissingPolicy::refuse;
    std::vector<double> fill;            // per column: what `mean` and `median` put in, from the undamaged table
    std::size_t window = 1;              // rows that one sample shows the model, ending with its own
    std::vector<std::uint32_t> samples;  // rows that are samples; the others are history
    std::int64_t step_seconds = 0;       // of a series: between two rows
};

}  // namespace misfire
