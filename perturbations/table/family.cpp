#include "perturbations/table/family.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <ctime>
#include <limits>
#include <sstream>

#include "core/error.h"
#include "core/nearest_name.h"

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
            .meaning = "first changed row: a time of the series (2020-03-16) or a row number from 0; empty: half way",
            .default_value = "",
            .choices = {}};
}

Option columns_option(std::string meaning) {
    return {.name = "columns", .meaning = std::move(meaning), .default_value = "", .choices = {}};
}

Option number_option(std::string name, std::string meaning, std::string value) {
    return {.name = std::move(name), .meaning = std::move(meaning), .default_value = std::move(value), .choices = {}};
}

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

std::size_t TableFamily::onset_row(const TableData& data) const {
    const std::string& onset = text("onset");
    const std::size_t rows = data.table.rows();
    if (onset.empty()) return rows / 2;
    std::size_t row = 0;
    const auto [end, error] = std::from_chars(onset.data(), onset.data() + onset.size(), row);
    if (error == std::errc() && end == onset.data() + onset.size() && row < rows) return row;
    std::tm parts{};
    const char* rest = strptime(onset.c_str(), onset.size() > 10 ? "%Y-%m-%dT%H:%M:%S" : "%Y-%m-%d", &parts);
    if (rest != nullptr && *rest == '\0' && !data.table.seconds.empty()) {
        const std::int64_t time = timegm(&parts);
        const auto first = std::lower_bound(data.table.seconds.begin(), data.table.seconds.end(), time);
        if (time >= data.table.seconds.front() && first != data.table.seconds.end())
            return static_cast<std::size_t>(first - data.table.seconds.begin());
    }
    throw UsageError("Option `onset` of `" + info_.name + "` cannot be `" + onset + "`: give a row from 0 to " +
                     std::to_string(rows - 1) +
                     (data.table.seconds.empty() ? "; this table has no time column."
                                                 : " or a time of the series, written 2020-03-16."));
}

std::vector<std::size_t> TableFamily::columns(const TableData& data, const std::vector<std::size_t>& otherwise) const {
    if (text("columns").empty()) return otherwise;
    std::vector<std::size_t> found;
    std::istringstream names(text("columns"));
    for (std::string name; std::getline(names, name, ',');) {
        name.erase(0, name.find_first_not_of(' '));
        name.erase(name.find_last_not_of(' ') + 1);
        const auto column = data.table.find(name);
        if (!column) {
            throw UsageError("Option `columns` of `" + info_.name + "` names `" + name +
                             "`, which is no column of the data." + did_you_mean(name, data.table.names()));
        }
        found.push_back(*column);
    }
    return found;
}

std::vector<std::size_t> raw_numeric_features(const TableData& data) {
    std::vector<std::size_t> raw;
    for (const std::size_t column : data.features) {
        const bool derived = std::any_of(data.derived.begin(), data.derived.end(),
                                         [&](const DerivedColumn& d) { return d.column == column; });
        if (!derived && !data.table.columns[column].categorical()) raw.push_back(column);
    }
    return raw;
}

std::vector<std::size_t> behaviour_columns(const TableData& data) {
    std::vector<std::size_t> columns = {data.target};
    for (const DerivedColumn& derived : data.derived) {
        if (derived.kind == DerivedColumn::Kind::lagged) columns.push_back(derived.column);
    }
    return columns;
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

}  // namespace misfire
