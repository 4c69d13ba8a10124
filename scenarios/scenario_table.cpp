#include "scenarios/scenario_table.h"

#include <algorithm>
#include <utility>

#include "core/error.h"
#include "core/nearest_name.h"
#include "core/time_text.h"
#include "perturbations/table/registry.h"
#include "scenarios/behaviour_profile.h"
#include "scenarios/data/csv.h"
#include "scenarios/data/table_file.h"
#include "scenarios/scenario.h"
#include "scenarios/scenario_shifts.h"
#include "scenarios/severities.h"

namespace misfire {

namespace {

// A list, or the lines of a text file.
std::vector<std::string> read_names(const YamlReader& node, const std::filesystem::path& folder) {
    if (!node.is_scalar() || !node.text().ends_with(".txt")) return node.texts();
    try {
        return read_lines(absolute_path(node.text(), folder));
    } catch (const DataError& error) {
        node.fail(error.what());
    }
}

std::string slug_of(const YamlReader& node, const std::string& otherwise) {
    const std::string name = node.has("name") ? node.at("name").text() : otherwise;
    if (!is_slug(name)) node.fail("`" + name + "` cannot be a name: use letters, digits and . _ + - only.");
    return name;
}

bool is_frozen(const YamlReader& node) {
    return node.has("lags") && node.at("lags").choice({"recomputed", "frozen"}) == "frozen";
}

std::vector<double> levels_above_clean(const YamlReader& node, const std::string& otherwise) {
    std::vector<double> levels;
    for (const double severity :
         node.has("severities") ? read_severities(node.at("severities")) : parse_sweep(otherwise)) {
        if (severity > 0.0) levels.push_back(severity);
    }
    if (levels.empty()) node.fail("there is no level above 0 (the clean data): give some `severities`.");
    return levels;
}

std::vector<std::string> known_families() {
    std::vector<std::string> names = table_perturbation_groups();
    for (const TablePerturbationEntry& entry : table_perturbations()) names.push_back(entry.info().name);
    return names;
}

bool lacks_an_option(const std::string& family, const Options& given) {
    const TablePerturbationInfo info = find_table_perturbation(family)->info();
    return std::any_of(info.options.begin(), info.options.end(),
                       [&](const Option& option) { return option.required && !given.contains(option.name); });
}

// Members of a group that need an option which is not given are left out.
std::vector<std::string> families_of(const YamlReader& item, const Options& given) {
    const std::string text = item.text();
    if (find_table_perturbation(text) != nullptr) return {text};
    std::vector<std::string> members = expand_table_group(text);
    std::erase_if(members, [&](const std::string& family) { return lacks_an_option(family, given); });
    if (members.empty()) {
        item.fail("there is no change of tables or group of them `" + text + "`." +
                  did_you_mean(text, known_families()) + " `misfire list perturbations` shows all.");
    }
    return members;
}

// Options not given stand at their defaults, so that the effective scenario spells them out.
Options options_of(const TablePerturbationInfo& family, const Options& given) {
    Options own;
    for (const Option& option : family.options) {
        const auto found = given.find(option.name);
        own[option.name] = found == given.end() ? option.default_value : found->second;
    }
    return own;
}

}  // namespace

void read_period(const YamlReader& node, DataSpec& data) {
    for (const auto& [key, field] : {std::pair<const char*, std::string*>{"from", &data.from}, {"to", &data.to}}) {
        if (!node.has(key)) continue;
        *field = node.at(key).text();
        if (!parse_day(*field)) node.at(key).fail("`" + *field + "` is no date. Write it as 2014-01-01.");
    }
}

std::vector<std::string> table_data_keys() {
    return {"table",   "series", "time",    "time_format", "from",   "to",   "target", "features",
            "derived", "groups", "missing", "categories",  "window", "task", "unit"};
}

bool is_table_data(const YamlReader& node) { return node.is_map() && (node.has("table") || node.has("series")); }

DataSpec read_table_data(const YamlReader& node, const std::filesystem::path& folder) {
    node.allow(table_data_keys());
    if (node.has("table") && node.has("series")) node.fail("give one of `table` and `series`.");
    DataSpec data;
    const bool series = node.has("series");
    data.form = series ? DataSpec::Form::series : DataSpec::Form::table;
    data.table = absolute_path(node.at(series ? "series" : "table").text(), folder);
    if (series) data.time_column = node.at("time").text();
    if (!series && (node.has("time") || node.has("time_format")))
        node.fail("`time` belongs to a series: write {series: <file>, time: <column>}.");
    if (node.has("time_format")) data.time_format = node.at("time_format").text();
    read_period(node, data);
    data.target_column = node.at("target").text();
    if (node.has("features")) data.features = read_names(node.at("features"), folder);
    if (node.has("derived")) {
        for (const std::string& column : node.at("derived").keys())
            data.derived[column] = node.at("derived").at(column).text();
    }
    if (!series && !data.derived.empty())
        node.at("derived").fail(
            "columns that are seen late need rows in time: write {series: <file>, time: <column>}.");
    if (node.has("categories")) {
        for (const std::string& column : node.at("categories").keys())
            data.categories[column] = node.at("categories").at(column).texts();
    }
    if (node.has("groups")) data.groups = node.at("groups").texts();
    if (node.has("missing"))
        data.missing = node.at("missing").choice({"refuse", "nan", "mean", "median", "zero", "last"});
    if (node.has("window")) data.window = static_cast<int>(node.at("window").integer(1, 100000));
    data.regression = series;
    if (node.has("task")) data.regression = node.at("task").choice({"classification", "regression"}) == "regression";
    if (node.has("unit")) data.unit = node.at("unit").text();
    return data;
}

bool names_table_family(const YamlReader& perturb) {
    const std::vector<YamlReader> items = perturb.items();
    if (items.empty() || !items.front().is_scalar()) return false;
    const std::string first = items.front().text();
    return find_table_perturbation(first) != nullptr || !expand_table_group(first).empty();
}

std::vector<TablePerturbSpec> read_table_perturb(const YamlReader& node) {
    node.allow({"perturb", "severities", "options", "name", "lags"});
    Options given;
    if (node.has("options")) {
        for (const std::string& key : node.at("options").keys()) given[key] = node.at("options").at(key).text();
    }
    std::vector<TablePerturbSpec> specs;
    std::vector<std::string> known;
    for (const YamlReader& item : node.at("perturb").items()) {
        for (const std::string& family : families_of(item, given)) {
            const TablePerturbationInfo info = find_table_perturbation(family)->info();
            TablePerturbSpec spec;
            spec.family = spec.name = family;
            if (item.text() != family) spec.group = item.text();
            spec.options = options_of(info, given);
            spec.severities = levels_above_clean(node, "0-5");
            spec.frozen_lags = is_frozen(node);
            for (const Option& option : info.options) known.push_back(option.name);
            if (spec.severities.back() > info.max_severity)
                node.at("severities")
                    .fail("severity " + level_label(spec.severities.back()) + " is beyond the maximum of " + family +
                          ", which is " + level_label(info.max_severity) + ".");
            try {
                make_table_shift(spec, 0);
            } catch (const Error& error) {
                node.fail(error.what());
            }
            specs.push_back(std::move(spec));
        }
    }
    for (const auto& [key, value] : given) {
        if (std::find(known.begin(), known.end(), key) == known.end())
            node.at("options").fail("nothing named here has an option `" + key + "`." + did_you_mean(key, known));
    }
    if (node.has("name") && specs.size() != 1)
        node.at("name").fail("names one shift, but `perturb` gives " + std::to_string(specs.size()) + ".");
    for (TablePerturbSpec& spec : specs) spec.name = slug_of(node, spec.name);
    return specs;
}

BehaviourSpec read_behaviour(const YamlReader& node, const std::filesystem::path& folder) {
    node.allow({"behaviour", "name"});
    const YamlReader map = node.at("behaviour");
    map.allow({"profile", "series", "severities", "from", "end", "ratios", "lags", "columns"});
    BehaviourSpec spec;
    spec.profile = map.at("profile").text();
    if (spec.profile.ends_with(".csv")) spec.profile = absolute_path(spec.profile, folder);
    if (map.has("series")) spec.series = map.at("series").text();
    spec.severities = levels_above_clean(map, "0-1.5+0.25");
    if (spec.severities.back() > 3.0)
        map.at("severities")
            .fail("severity " + level_label(spec.severities.back()) +
                  " is beyond 3: 1 is as measured, 1.5 half as much again.");
    if (map.has("from")) spec.from = map.at("from").text();
    if (map.has("end")) spec.end = map.at("end").choice({"hold", "one"});
    if (map.has("ratios")) spec.by_weekday = map.at("ratios").choice({"by_weekday", "all_days"}) == "by_weekday";
    if (map.has("columns")) spec.columns = map.at("columns").texts();
    spec.frozen_lags = is_frozen(map);
    try {
        const BehaviourProfile profile = read_profile(spec.profile, spec.series);
        spec.name = slug_of(node, "behaviour." + profile.name + (spec.frozen_lags ? ".frozen_lags" : ""));
        make_behaviour_shift(spec);
    } catch (const Error& error) {
        map.fail(error.what());
    }
    return spec;
}

CalendarSpec read_calendar(const YamlReader& node) {
    node.allow({"calendar", "name"});
    const YamlReader map = node.at("calendar");
    map.allow({"by", "from", "to", "reference", "change"});
    CalendarSpec spec;
    if (map.has("by")) {
        const std::string by = map.at("by").choice({"month", "quarter", "week"});
        spec.by = by == "month"     ? CalendarSpec::By::month
                  : by == "quarter" ? CalendarSpec::By::quarter
                                    : CalendarSpec::By::week;
    }
    if (map.has("from")) spec.from = map.at("from").text();
    if (map.has("to")) spec.to = map.at("to").text();
    spec.reference = map.at("reference").text();
    if (map.has("change")) spec.change = map.at("change").text();
    spec.name = slug_of(node, "calendar");
    return spec;
}

}  // namespace misfire
