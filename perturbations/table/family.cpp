#include "perturbations/table/family.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <sstream>

#include "core/error.h"
#include "core/nearest_name.h"
#include "core/time_text.h"

namespace misfire {

Parameter share_of_the_change(std::string meaning) {
    return {.name = "s",
            .unit = "fraction",
            .meaning = std::move(meaning),
            .identity = 0.0,
            .published = {{"any", {.2, .4, .6, .8, 1}}}};
}

Option onset_option() {
    return {.name = "onset",
            .meaning =
                "first changed row: a time of the series (2020-03-16) or a row number from 0; empty: half way "
                "through the samples of the run, or the first row of a table without time",
            .default_value = "",
            .choices = {}};
}

Option columns_option(std::string meaning) {
    return {.name = "columns", .meaning = std::move(meaning), .default_value = "", .choices = {}};
}

Option number_option(std::string name, std::string meaning, std::string value) {
    return {.name = std::move(name), .meaning = std::move(meaning), .default_value = std::move(value), .choices = {}};
}

TableChange TableFamily::apply(const TableData& clean, double severity, const Random& random) const {
    if (info_.domain == "series" && (clean.table.seconds.empty() || clean.step_seconds <= 0)) {
        refuse(
            "changes series, and this table has no time column. Give `data: {series: .., time: ..}`, or take a change "
            "of tables.");
    }
    return change(clean, schedule_.at(1, 1, severity)[0], random);
}

void TableFamily::refuse(const std::string& what) const { throw UsageError("`" + info_.name + "` " + what); }

double TableFamily::number(const std::string& option, double low, double high) const {
    const std::string& value = text(option);
    double number = 0.0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error == std::errc() && end == value.data() + value.size() && number >= low && number <= high) return number;
    std::ostringstream message;
    message << "Option `" << option << "` of `" << info_.name << "` cannot be `" << value << "`: give a number from "
            << low << " to " << high << ".";
    throw UsageError(message.str());
}

std::optional<std::size_t> TableFamily::onset(const TableData& clean) const {
    const auto option = options_.find("onset");
    if (option == options_.end() || clean.table.seconds.empty()) return std::nullopt;
    return onset_row(clean);
}

std::size_t TableFamily::onset_row(const TableData& data) const {
    const std::string& onset = text("onset");
    const std::size_t rows = data.table.rows();
    if (onset.empty() && data.table.seconds.empty()) return 0;
    if (onset.empty()) return data.samples.empty() ? rows / 2 : data.samples[data.samples.size() / 2];
    std::size_t row = 0;
    const auto [end, error] = std::from_chars(onset.data(), onset.data() + onset.size(), row);
    if (error == std::errc() && end == onset.data() + onset.size() && row < rows) return row;
    const std::optional<std::int64_t> time = parse_time(onset, onset.size() > 10 ? "%Y-%m-%dT%H:%M:%S" : "%Y-%m-%d");
    if (time && !data.table.seconds.empty()) {
        const auto first = std::lower_bound(data.table.seconds.begin(), data.table.seconds.end(), *time);
        if (*time >= data.table.seconds.front() && first != data.table.seconds.end())
            return static_cast<std::size_t>(first - data.table.seconds.begin());
    }
    throw UsageError("Option `onset` of `" + info_.name + "` cannot be `" + onset + "`: give a row from 0 to " +
                     std::to_string(rows - 1) +
                     (data.table.seconds.empty() ? "; this table has no time column."
                                                 : " or a time of the series, written 2020-03-16."));
}

std::size_t TableFamily::column(const TableData& data, const std::string& option, const std::string& name) const {
    if (const auto found = data.table.find(name)) return *found;
    throw UsageError("Option `" + option + "` of `" + info_.name + "` names `" + name +
                     "`, which is no column of the data." + did_you_mean(name, data.table.names()));
}

std::size_t TableFamily::categorical_column(const TableData& data, const std::string& option) const {
    const std::string& name = text(option);
    if (!name.empty()) {
        const std::size_t found = column(data, option, name);
        if (data.table.columns[found].categorical() && found != data.target) return found;
        throw UsageError("Option `" + option + "` of `" + info_.name + "` cannot be `" + name + "`, which is " +
                         (found == data.target ? "the target" : "a column of numbers") +
                         ". Name a column of categories (declare one with `categories: {" + name + ": [..]}`).");
    }
    for (std::size_t c = 0; c < data.table.columns.size(); ++c) {
        if (c != data.target && data.table.columns[c].categorical()) return c;
    }
    refuse(
        "needs a column of categories besides the target, and this table has none. Declare one: categories: "
        "{<column>: [<names in the order of their codes>]}.");
}

std::size_t TableFamily::category(const TableColumn& column, const std::string& option) const {
    const std::string& name = text(option);
    const auto found = std::find(column.categories.begin(), column.categories.end(), name);
    if (found != column.categories.end()) return static_cast<std::size_t>(found - column.categories.begin());
    throw UsageError("Option `" + option + "` of `" + info_.name + "` cannot be `" + name +
                     "`, which is no category of `" + column.name + "`." + did_you_mean(name, column.categories));
}

std::vector<std::size_t> TableFamily::columns(const TableData& data, const std::vector<std::size_t>& otherwise) const {
    if (text("columns").empty()) return otherwise;
    std::vector<std::size_t> found;
    std::istringstream names(text("columns"));
    for (std::string name; std::getline(names, name, ',');) {
        name.erase(0, name.find_first_not_of(' '));
        name.erase(name.find_last_not_of(' ') + 1);
        found.push_back(column(data, "columns", name));
    }
    return found;
}

std::vector<std::size_t> TableFamily::moved_columns(const TableData& data) const {
    const std::vector<std::size_t> moved = columns(data, behaviour_columns(data));
    require_movable(data, moved);
    return moved;
}

void TableFamily::require_movable(const TableData& data, const std::vector<std::size_t>& moved) const {
    for (const std::size_t c : moved) {
        const TableColumn& column = data.table.columns[c];
        if (column.categorical())
            refuse("moves numbers, and `" + column.name +
                   "` holds categories. Name columns of numbers: columns: <name>, <name>.");
        for (const DerivedColumn& derived : data.derived) {
            if (derived.column == c && derived.kind != DerivedColumn::Kind::lagged)
                refuse("cannot move `" + column.name + "`, which is computed from `" +
                       data.table.columns[derived.of].name + "` and follows it by itself. Name that one instead.");
        }
    }
}

std::vector<std::size_t> TableFamily::input_columns(const TableData& data,
                                                    const std::vector<std::size_t>& otherwise) const {
    const std::vector<std::size_t> inputs = columns(data, otherwise);
    if (inputs.empty())
        refuse(
            "finds no feature that it could change: all of them are computed from other columns, or of the wrong "
            "kind. Name some: columns: <name>, <name>.");
    if (std::find(inputs.begin(), inputs.end(), data.target) != inputs.end())
        refuse("changes inputs, and `" + data.table.columns[data.target].name +
               "` is the target. Take it out of `columns`.");
    return inputs;
}

std::vector<std::size_t> TableFamily::numeric_input_columns(const TableData& data) const {
    const std::vector<std::size_t> inputs = input_columns(data, raw_numeric_features(data));
    for (const std::size_t c : inputs) {
        if (data.table.columns[c].categorical())
            refuse("changes numbers, and `" + data.table.columns[c].name +
                   "` holds categories. Take it out of `columns`.");
    }
    return inputs;
}

void TableFamily::require_missing_policy(const TableData& data) const {
    if (data.missing == MissingPolicy::refuse)
        refuse(
            "makes values missing, and the data does not say what stands in for them. Say it, as the model was "
            "trained: missing: mean (or median, zero, last, nan).");
}

std::vector<std::size_t> raw_features(const TableData& data) {
    std::vector<std::size_t> raw;
    for (const std::size_t column : data.features) {
        const bool derived = std::any_of(data.derived.begin(), data.derived.end(),
                                         [&](const DerivedColumn& d) { return d.column == column; });
        if (!derived && column != data.target) raw.push_back(column);
    }
    return raw;
}

std::vector<std::size_t> raw_numeric_features(const TableData& data) {
    std::vector<std::size_t> raw = raw_features(data);
    std::erase_if(raw, [&](std::size_t column) { return data.table.columns[column].categorical(); });
    return raw;
}

void keep_as_set(TableData& data, std::size_t column) {
    std::erase_if(data.derived, [&](const DerivedColumn& derived) {
        return derived.column == column && derived.kind != DerivedColumn::Kind::lagged;
    });
}

std::vector<std::size_t> behaviour_columns(const TableData& data) {
    std::vector<std::size_t> columns = {data.target};
    for (const DerivedColumn& derived : data.derived) {
        if (derived.kind == DerivedColumn::Kind::lagged) columns.push_back(derived.column);
    }
    return columns;
}

double share_of_changed_cells(const TableData& clean, const TableData& changed, const std::vector<std::size_t>& columns,
                              std::size_t first) {
    double cells = 0.0, different = 0.0;
    for (const std::size_t column : columns) {
        const std::vector<double>& before = clean.table.columns[column].values;
        const std::vector<double>& after = changed.table.columns[column].values;
        for (const std::uint32_t row : clean.samples) {
            if (row < first) continue;
            cells += 1.0;
            different += before[row] != after[row] && !(std::isnan(before[row]) && std::isnan(after[row])) ? 1.0 : 0.0;
        }
    }
    return cells == 0.0 ? 0.0 : different / cells;
}

std::size_t rows_late(const TableData& data, std::size_t column) {
    for (const DerivedColumn& derived : data.derived) {
        if (derived.kind == DerivedColumn::Kind::lagged && derived.column == column) return derived.steps;
    }
    return 0;
}

double days_between(const TableData& data, std::size_t from, std::size_t to) {
    return static_cast<double>(data.table.seconds[to] - data.table.seconds[from]) / 86400.0;
}

double mean_ratio_of_target(const TableData& clean, const TableData& changed, std::size_t onset) {
    double before = 0.0, after = 0.0;
    for (std::size_t i = 0; i < clean.samples.size(); ++i) {
        if (clean.samples[i] < onset) continue;
        before += clean.table.columns[clean.target].values[clean.samples[i]];
        after += changed.table.columns[changed.target].values[changed.samples[i]];
    }
    return before == 0.0 ? std::numeric_limits<double>::quiet_NaN() : after / before;
}

double mean_move_of_target(const TableData& clean, const TableData& changed, std::size_t onset) {
    double before = 0.0, moved = 0.0;
    for (const std::uint32_t row : clean.samples) {
        if (row < onset) continue;
        before += clean.table.columns[clean.target].values[row];
        moved +=
            std::abs(changed.table.columns[clean.target].values[row] - clean.table.columns[clean.target].values[row]);
    }
    return before == 0.0 ? std::numeric_limits<double>::quiet_NaN() : moved / std::abs(before);
}

}  // namespace misfire
