#include "harness/verbs/describe_table.h"

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "harness/terminal.h"
#include "scenarios/data/table_file.h"
#include "scenarios/severities.h"

namespace misfire {

namespace {

nlohmann::json json_of(const TablePerturbationInfo& info) {
    nlohmann::json out = {{"name", info.name},
                          {"version", info.version},
                          {"summary", info.summary},
                          {"domain", info.domain},
                          {"category", info.category},
                          {"groups", info.groups},
                          {"moves", name_of(info.moves)},
                          {"changes_rows", info.changes_rows},
                          {"effect", info.effect},
                          {"monotone", info.monotone},
                          {"why_not_monotone", info.why_not_monotone},
                          {"max_severity", info.max_severity},
                          {"reference", info.reference},
                          {"parameters", nlohmann::json::array()},
                          {"options", nlohmann::json::array()}};
    for (const Parameter& parameter : info.parameters) {
        out["parameters"].push_back({{"name", parameter.name},
                                     {"unit", parameter.unit},
                                     {"meaning", parameter.meaning},
                                     {"published", parameter.published}});
    }
    for (const Option& option : info.options) {
        out["options"].push_back({{"name", option.name},
                                  {"meaning", option.meaning},
                                  {"required", option.required},
                                  {"default", option.default_value},
                                  {"choices", option.choices}});
    }
    return out;
}

const char* what_it_moves(Moves moves) {
    switch (moves) {
        case Moves::inputs: return "inputs: what models are shown";
        case Moves::labels: return "labels: the truth that models are compared with";
        case Moves::both: return "inputs and labels: what models are shown, and the truth";
    }
    return "";
}

std::string parameter_table(const TablePerturbationInfo& info) {
    std::string text;
    for (const Parameter& parameter : info.parameters) {
        text += "\n" + parameter.name + " (" + parameter.unit + "): " + parameter.meaning + "\n";
        TextTable table({"  at severity", "1", "2", "3", "4", "5"});
        for (const auto& [set, values] : parameter.published) {
            std::vector<std::string> row = {set == "any" ? "" : "  " + set};
            for (const double value : values) row.push_back(level_label(value));
            table.add(row);
        }
        text += table.text();
    }
    return text;
}

std::string option_list(const std::vector<Option>& options) {
    std::string text = options.empty() ? "" : "\noptions\n";
    for (const Option& option : options) {
        const std::string standard = option.default_value.empty() ? "default empty" : "default " + option.default_value;
        text += "  " + option.name + " (" + (option.required ? "required" : standard) + "): " + option.meaning;
        for (std::size_t i = 0; i < option.choices.size(); ++i) text += (i == 0 ? " [" : " | ") + option.choices[i];
        text += option.choices.empty() ? "\n" : "]\n";
    }
    return text;
}

std::string groups_line(const std::vector<std::string>& groups) {
    std::string text;
    for (const std::string& group : groups) text += (text.empty() ? "groups     " : ", ") + group;
    return text.empty() ? "" : text + "\n";
}

nlohmann::json json_of_week(const ProfileWeek& week, double ratio) {
    return {{"week_start", day_text(week.start_day)}, {"ratio", ratio}};
}

std::string lowest_text(const BehaviourProfile& profile, double ProfileWeek::*ratio) {
    const ProfileWeek& week = lowest_of(profile, ratio);
    return fixed(week.*ratio, 3) + " in the week of " + day_text(week.start_day);
}

}  // namespace

std::string day_text(std::int64_t day) { return time_text(day * 86400); }

const ProfileWeek& lowest_of(const BehaviourProfile& profile, double ProfileWeek::*ratio) {
    return *std::min_element(profile.weeks.begin(), profile.weeks.end(),
                             [ratio](const ProfileWeek& a, const ProfileWeek& b) { return a.*ratio < b.*ratio; });
}

void describe_family(const TablePerturbationInfo& info, bool json) {
    if (json) {
        std::cout << json_of(info).dump(2) << "\n";
        return;
    }
    std::cout << info.name << ": " << info.summary << "\n\ncategory   " << info.category << "\nacts on    "
              << (info.domain == "series" ? "series (rows in time)" : "tables and series") << "\nmoves      "
              << what_it_moves(info.moves)
              << (info.changes_rows ? "\nrows       shows other rows in the places of some" : "") << "\neffect     "
              << info.effect << "\nseverity   0 (identity) to " << level_label(info.max_severity)
              << ", any real number; levels 1 to 5 are misfire's own\ndamage     "
              << (info.monotone ? "never falls with severity" : "not monotone: " + info.why_not_monotone)
              << "\nreference  " << info.reference << "\n"
              << groups_line(info.groups) << parameter_table(info) << option_list(info.options)
              << "\nexample\n  shifts:\n    - perturb: " << info.name << "\n      severities: 0-5\n";
    for (const Option& option : info.options) {
        if (option.required) std::cout << "      options: {" << option.name << ": ..}\n";
    }
}

void describe_profile(const BehaviourProfile& profile, bool json) {
    if (json) {
        nlohmann::json out = {{"name", profile.name},
                              {"onset", day_text(profile.onset_day)},
                              {"origin", profile.origin},
                              {"method", profile.method},
                              {"lowest", json_of_week(lowest_of(profile, &ProfileWeek::ratio),
                                                      lowest_of(profile, &ProfileWeek::ratio).ratio)},
                              {"weeks", nlohmann::json::array()}};
        for (const ProfileWeek& week : profile.weeks) {
            out["weeks"].push_back({{"week_start", day_text(week.start_day)},
                                    {"ratio", week.ratio},
                                    {"weekday_ratio", week.weekday_ratio},
                                    {"weekend_ratio", week.weekend_ratio}});
        }
        std::cout << out.dump(2) << "\n";
        return;
    }
    std::cout << profile.name
              << ": a measured change of behaviour, weekly ratios to what would have been\n\norigin     "
              << profile.origin << (profile.method.empty() ? "" : "\nmethod     " + profile.method) << "\nonset      "
              << day_text(profile.onset_day) << "\nweeks      " << profile.weeks.size() << ", from "
              << day_text(profile.weeks.front().start_day) << " to " << day_text(profile.weeks.back().start_day)
              << "\nlowest     " << lowest_text(profile, &ProfileWeek::ratio) << "\n  weekdays "
              << lowest_text(profile, &ProfileWeek::weekday_ratio) << "\n  weekends "
              << lowest_text(profile, &ProfileWeek::weekend_ratio) << "\nlast       "
              << fixed(profile.weeks.back().ratio, 3)
              << "\n\nThe severity is the power of the ratio: 0 unchanged, 1 as measured, 1.5 half as much again.\n"
              << "\nexample\n  shifts:\n    - behaviour: {profile: " << profile.name
              << ", severities: 0-1.5+0.25, from: 2015-03-16}\n";
}

}  // namespace misfire
