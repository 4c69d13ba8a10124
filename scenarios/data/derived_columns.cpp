#include "scenarios/data/derived_columns.h"

#include <charconv>
#include <regex>

#include "core/error.h"
#include "core/nearest_name.h"

namespace misfire {

namespace {

[[noreturn]] void refuse(const std::string& column, const std::string& text, const std::string& what) {
    throw DataError("The derived column `" + column + "` is declared as `" + text + "`: " + what);
}

std::size_t steps_of(const Table& table, const std::string& column, const std::string& text,
                     const std::string& number) {
    std::size_t steps = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), steps);
    if (error != std::errc() || end != number.data() + number.size() || steps == 0)
        refuse(column, text, "`" + number + "` is no whole number of rows from 1 on.");
    if (steps >= table.rows())
        refuse(column, text,
               number + " rows reach beyond the series, which has " + std::to_string(table.rows()) +
                   ". Give a longer series or a smaller number.");
    return steps;
}

}  // namespace

DerivedColumn parse_derived(const Table& table, const std::string& column, const std::string& text) {
    static const std::regex form(R"(\s*(\w+)\s*\(\s*([^,()]+?)\s*(?:,\s*(\w+)\s*)?(?:,\s*(\w+)\s*)?\)\s*)");
    std::smatch parts;
    if (!std::regex_match(text, parts, form))
        refuse(column, text, "write lag(<column>,<rows>), rolling_mean(<column>,<rows>) or lagged(<rows>).");
    const std::string function = parts[1];
    DerivedColumn derived;
    derived.column = *table.find(column);
    if (function == "lagged") {
        derived.kind = DerivedColumn::Kind::lagged;
        derived.steps = steps_of(table, column, text, parts[2]);
        return derived;
    }
    if (function != "lag" && function != "rolling_mean")
        refuse(column, text,
               "there is no function `" + function + "`." + did_you_mean(function, {"lag", "rolling_mean", "lagged"}));
    const std::optional<std::size_t> of = table.find(parts[2].str());
    if (!of)
        refuse(column, text,
               "there is no column `" + parts[2].str() + "`." + did_you_mean(parts[2].str(), table.names()));
    derived.of = *of;
    if (!parts[3].matched) refuse(column, text, "say how many rows: " + function + "(" + parts[2].str() + ",7).");
    if (function == "lag") {
        derived.steps = steps_of(table, column, text, parts[3]);
        return derived;
    }
    derived.kind = DerivedColumn::Kind::rolling_mean;
    derived.window = steps_of(table, column, text, parts[3]);
    derived.steps = parts[4].matched ? steps_of(table, column, text, parts[4]) : 1;
    return derived;
}

std::size_t history_of(const DerivedColumn& derived) {
    switch (derived.kind) {
        case DerivedColumn::Kind::lag: return derived.steps;
        case DerivedColumn::Kind::rolling_mean: return derived.steps + derived.window - 1;
        case DerivedColumn::Kind::lagged: return 0;
    }
    return 0;
}

void recompute_derived(TableData& data) {
    for (const DerivedColumn& derived : data.derived) {
        if (derived.kind == DerivedColumn::Kind::lagged) continue;
        const std::vector<double>& from = data.table.columns[derived.of].values;
        std::vector<double>& to = data.table.columns[derived.column].values;
        for (std::size_t row = history_of(derived); row < to.size(); ++row) {
            double sum = 0.0;
            for (std::size_t k = 0; k < derived.window; ++k) sum += from[row - derived.steps - k];
            to[row] = sum / static_cast<double>(derived.window);
        }
    }
}

}  // namespace misfire
