#include "scenarios/data/table_file.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <ctime>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "core/error.h"
#include "core/nearest_name.h"
#include "core/time_text.h"
#include "scenarios/data/csv.h"
#include "scenarios/data/derived_columns.h"
#include "scenarios/data/table_dataset.h"

namespace misfire {

namespace {

constexpr double missing_value = std::numeric_limits<double>::quiet_NaN();

class TableReader {
  public:
    explicit TableReader(const DataSpec& spec) : spec_(spec), csv_(read_csv(spec.table)) {}

    TableData read() {
        if (csv_.rows.empty()) throw DataError(csv_.file + " has a header and no rows.");
        data_.missing = missing_policy(spec_.missing);
        data_.window = static_cast<std::size_t>(spec_.window);
        read_columns();
        if (spec_.form == DataSpec::Form::series) read_times();
        data_.target = place(spec_.target_column, "target");
        data_.classification = !spec_.regression;
        for (const std::string& name : spec_.features) data_.features.push_back(place(name, "feature"));
        derive();
        choose_samples();
        check_target();
        set_fill();
        check_features();
        return std::move(data_);
    }

  private:
    [[noreturn]] void refuse(std::size_t row, const std::string& column, const std::string& what) const {
        throw DataError(csv_.file + ":" + std::to_string(csv_.lines[row]) + ": column `" + column + "`: " + what);
    }

    // A derived column may be named that the file does not have: it is made.
    void read_columns() {
        std::set<std::string> numeric(spec_.features.begin(), spec_.features.end());
        if (spec_.regression) numeric.insert(spec_.target_column);
        for (std::size_t c = 0; c < csv_.columns.size(); ++c) {
            if (csv_.columns[c] == spec_.time_column) continue;
            data_.table.columns.push_back(read_column(c, numeric.contains(csv_.columns[c])));
        }
        for (const auto& [name, text] : spec_.derived) {
            if (csv_.has_column(name)) continue;
            data_.table.columns.push_back({name, std::vector<double>(csv_.rows.size(), missing_value), {}});
        }
    }

    TableColumn read_column(std::size_t c, bool must_be_numeric) const {
        TableColumn column{csv_.columns[c], {}, {}};
        const auto declared = spec_.categories.find(column.name);
        const bool target_class = !spec_.regression && column.name == spec_.target_column;
        if (declared != spec_.categories.end()) {
            column.categories = declared->second;
        } else if (target_class || !is_numeric(c)) {
            if (must_be_numeric && !target_class) refuse_text(c);
            column.categories = distinct(c);
        }
        for (std::size_t row = 0; row < csv_.rows.size(); ++row)
            column.values.push_back(column.categorical() ? code(column, row, c) : number(row, c));
        return column;
    }

    bool is_numeric(std::size_t c) const {
        return std::all_of(csv_.rows.begin(), csv_.rows.end(), [&](const std::vector<std::string>& row) {
            return is_missing_cell(row[c]) || parse(row[c]).has_value();
        });
    }

    [[noreturn]] void refuse_text(std::size_t c) const {
        for (std::size_t row = 0; row < csv_.rows.size(); ++row) {
            if (!is_missing_cell(csv_.rows[row][c]) && !parse(csv_.rows[row][c])) {
                refuse(row, csv_.columns[c],
                       "`" + csv_.rows[row][c] + "` is no number. Correct it, or declare the column's names in the " +
                           "order of their codes: categories: {" + csv_.columns[c] + ": [..]}.");
            }
        }
        throw InternalError("a column of numbers was taken for text");
    }

    static std::optional<double> parse(const std::string& cell) {
        double value = 0.0;
        const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
        if (error != std::errc() || end != cell.data() + cell.size() || !std::isfinite(value)) return std::nullopt;
        return value;
    }

    double number(std::size_t row, std::size_t c) const {
        const std::string& cell = csv_.rows[row][c];
        return is_missing_cell(cell) ? missing_value : *parse(cell);
    }

    std::vector<std::string> distinct(std::size_t c) const {
        std::set<std::string> names;
        for (const auto& row : csv_.rows) {
            if (!is_missing_cell(row[c])) names.insert(row[c]);
        }
        return {names.begin(), names.end()};
    }

    double code(const TableColumn& column, std::size_t row, std::size_t c) const {
        const std::string& cell = csv_.rows[row][c];
        if (is_missing_cell(cell)) return missing_value;
        const auto found = std::find(column.categories.begin(), column.categories.end(), cell);
        if (found == column.categories.end())
            refuse(row, column.name,
                   "`" + cell + "` is none of its categories." + did_you_mean(cell, column.categories));
        return static_cast<double>(found - column.categories.begin());
    }

    void read_times() {
        const std::size_t c = csv_.column(spec_.time_column);
        for (std::size_t row = 0; row < csv_.rows.size(); ++row) {
            const std::int64_t time = time_of(row, c);
            if (row > 0) check_step(row, time);
            data_.table.seconds.push_back(time);
        }
    }

    std::int64_t time_of(std::size_t row, std::size_t c) const {
        const std::string& cell = csv_.rows[row][c];
        const std::string& format = spec_.time_format;
        if (const auto time = format.empty() ? parse_iso_time(cell) : parse_time(cell, format)) return *time;
        refuse(row, spec_.time_column,
               "`" + cell + "` is no time " +
                   (spec_.time_format.empty()
                        ? "such as 2020-03-01 or 2020-03-01 10:30. Say how it is written: time_format: \"%d-%m-%Y\"."
                        : "of the form " + spec_.time_format + ". Correct it or `time_format`."));
    }

    void check_step(std::size_t row, std::int64_t time) {
        const std::int64_t before = data_.table.seconds.back();
        const std::string text = csv_.rows[row][csv_.column(spec_.time_column)];
        if (time == before) refuse(row, spec_.time_column, "`" + text + "` is there twice. Keep one row a time.");
        if (time < before)
            refuse(row, spec_.time_column, "`" + text + "` comes after a later time. Sort the file by time.");
        if (data_.step_seconds == 0) data_.step_seconds = time - before;
        if (time - before != data_.step_seconds) {
            refuse(row, spec_.time_column,
                   "`" + text + "` lies " + std::to_string(time - before) + " s after the row before, others lie " +
                       std::to_string(data_.step_seconds) +
                       " s apart. Lags count rows: fill the gap (an empty target is not allowed, other cells may be "
                       "empty).");
        }
    }

    std::size_t place(const std::string& name, const char* what) const {
        if (const auto found = data_.table.find(name)) return *found;
        throw DataError(csv_.file + " has no column `" + name + "`, which is named as " + what + "." +
                        did_you_mean(name, data_.table.names()));
    }

    void derive() {
        for (const auto& [name, text] : spec_.derived) data_.derived.push_back(parse_derived(data_.table, name, text));
        order_derived();
        const std::vector<TableColumn> given = data_.table.columns;
        recompute_derived(data_);
        for (const DerivedColumn& derived : data_.derived) check_derived(derived, given[derived.column].values);
    }

    // What is computed from a derived column comes after it.
    void order_derived() {
        std::vector<DerivedColumn> ordered;
        std::vector<DerivedColumn> open = data_.derived;
        while (!open.empty()) {
            const auto ready = std::find_if(open.begin(), open.end(), [&](const DerivedColumn& d) {
                return d.kind == DerivedColumn::Kind::lagged ||
                       std::none_of(open.begin(), open.end(), [&](const DerivedColumn& o) { return o.column == d.of; });
            });
            if (ready == open.end()) {
                throw DataError("The derived column `" + data_.table.columns[open.front().column].name +
                                "` is computed from itself. Let it start from a column of the file.");
            }
            ordered.push_back(*ready);
            open.erase(ready);
        }
        data_.derived = std::move(ordered);
    }

    // A file that gives a derived column itself must mean the same by it.
    void check_derived(const DerivedColumn& derived, const std::vector<double>& given) const {
        if (derived.kind == DerivedColumn::Kind::lagged) return;
        const TableColumn& column = data_.table.columns[derived.column];
        for (std::size_t row = history_of(derived); row < given.size(); ++row) {
            const double computed = column.values[row];
            if (std::isnan(given[row]) || std::isnan(computed)) continue;
            if (std::abs(given[row] - computed) <= 1e-6 * std::max(1.0, std::abs(computed))) continue;
            refuse(row, column.name,
                   std::to_string(given[row]) + " in the file, but " + spec_.derived.at(column.name) + " is " +
                       std::to_string(computed) + ". Correct the declaration or the file.");
        }
    }

    // History: rows without a value of a declared column. No sample shows any of them.
    void choose_samples() {
        const std::vector<bool> history = history_rows();
        std::size_t usable = 0;  // rows in a row that are no history
        for (std::size_t row = 0; row < csv_.rows.size(); ++row) {
            usable = history[row] ? 0 : usable + 1;
            if (usable >= data_.window && within_period(row)) data_.samples.push_back(static_cast<std::uint32_t>(row));
        }
        if (!data_.samples.empty()) return;
        throw DataError(csv_.file + " has no row with all the history that its derived columns or the window need" +
                        (spec_.from.empty() && spec_.to.empty() ? "." : " between `from` and `to`."));
    }

    std::vector<bool> history_rows() const {
        std::vector<bool> history(csv_.rows.size(), false);
        std::vector<std::size_t> reach(data_.table.columns.size(), 0);  // rows of history, those of sources included
        for (const DerivedColumn& derived : data_.derived) {
            if (derived.kind != DerivedColumn::Kind::lagged)
                reach[derived.column] = history_of(derived) + reach[derived.of];
            const std::vector<double>& values = data_.table.columns[derived.column].values;
            for (std::size_t row = 0; row < std::min(reach[derived.column], history.size()); ++row)
                history[row] = history[row] || std::isnan(values[row]);
        }
        return history;
    }

    bool within_period(std::size_t row) const {
        if (data_.table.seconds.empty()) return true;
        const std::string date = time_text(data_.table.seconds[row]).substr(0, 10);
        return (spec_.from.empty() || date >= spec_.from) && (spec_.to.empty() || date <= spec_.to);
    }

    void check_target() const {
        const TableColumn& target = data_.table.columns[data_.target];
        for (const std::uint32_t row : data_.samples) {
            if (std::isnan(target.values[row]))
                refuse(row, target.name, "the target is missing. Fill it in or take the row out.");
        }
        const double first = target.values[data_.samples.front()];
        if (std::all_of(data_.samples.begin(), data_.samples.end(),
                        [&](std::uint32_t row) { return target.values[row] == first; })) {
            throw DataError(csv_.file + ": the target `" + target.name +
                            "` has the same value in every row: there is nothing to get wrong.");
        }
    }

    void set_fill() {
        for (const TableColumn& column : data_.table.columns) {
            std::vector<double> known;
            for (const double value : column.values) {
                if (!std::isnan(value)) known.push_back(value);
            }
            data_.fill.push_back(column.categorical() ? most_frequent(known) : average(std::move(known)));
        }
    }

    // There is no mean of names: their most frequent one stands in.
    static double most_frequent(const std::vector<double>& codes) {
        std::map<double, std::size_t> counts;
        for (const double code : codes) ++counts[code];
        double found = 0.0;
        for (const auto& [code, count] : counts) {
            if (count > counts[found]) found = code;
        }
        return found;
    }

    double average(std::vector<double> known) const {
        double fill = 0.0;
        if (data_.missing == MissingPolicy::mean && !known.empty()) {
            for (const double value : known) fill += value;
            fill /= static_cast<double>(known.size());
        }
        if (data_.missing == MissingPolicy::median && !known.empty()) {
            const auto middle = known.begin() + static_cast<std::ptrdiff_t>((known.size() - 1) / 2);
            std::nth_element(known.begin(), middle, known.end());
            fill = *middle;
        }
        return fill;
    }

    void check_features() const {
        if (data_.missing != MissingPolicy::refuse) return;
        for (const std::size_t c : data_.features) {
            const TableColumn& column = data_.table.columns[c];
            for (const std::uint32_t sample : data_.samples) {
                for (std::size_t row = sample + 1 - data_.window; row <= sample; ++row) {
                    if (!std::isnan(column.values[row])) continue;
                    refuse(row, column.name,
                           "the cell is empty and no policy for missing values is declared. Say one: missing: mean (or "
                           "median, zero, last, nan), as the model was trained.");
                }
            }
        }
    }

    const DataSpec& spec_;
    CsvTable csv_;
    TableData data_;
};

}  // namespace

bool is_missing_cell(const std::string& cell) { return cell.empty() || cell == "NA" || cell == "NaN" || cell == "nan"; }

TableData read_table(const DataSpec& spec) { return TableReader(spec).read(); }

MissingPolicy missing_policy(const std::string& name) {
    for (const MissingPolicy policy :
         {MissingPolicy::nan, MissingPolicy::mean, MissingPolicy::median, MissingPolicy::zero, MissingPolicy::last}) {
        if (name == name_of(policy)) return policy;
    }
    return MissingPolicy::refuse;
}

const char* name_of(MissingPolicy policy) {
    switch (policy) {
        case MissingPolicy::refuse: return "refuse";
        case MissingPolicy::nan: return "nan";
        case MissingPolicy::mean: return "mean";
        case MissingPolicy::median: return "median";
        case MissingPolicy::zero: return "zero";
        case MissingPolicy::last: return "last";
    }
    return "";
}

std::string time_text(std::int64_t seconds) {
    const std::time_t time = static_cast<std::time_t>(seconds);
    std::tm parts{};
    gmtime_r(&time, &parts);
    char text[32];
    const char* format = seconds % 86400 == 0 ? "%Y-%m-%d" : "%Y-%m-%dT%H:%M:%S";
    const std::size_t length = std::strftime(text, sizeof text, format, &parts);
    return {text, length};
}

}  // namespace misfire
