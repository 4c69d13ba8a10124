#include "scenarios/behaviour_profile.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include "core/error.h"
#include "core/install_paths.h"
#include "core/nearest_name.h"
#include "core/time_text.h"
#include "scenarios/data/csv.h"
#include "scenarios/yaml_reader.h"

namespace misfire {

namespace fs = std::filesystem;

namespace {

std::int64_t day_of(const std::string& text, const std::string& where) {
    if (const std::optional<std::int64_t> day = parse_day(text)) return *day;
    throw ScenarioError(where + ": `" + text + "` is no date. Write it as 2020-03-16.");
}

double ratio_of(const std::string& text, const std::string& where) {
    double value = 0.0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !(value > 0.0) || value > 100.0)
        throw ScenarioError(where + ": `" + text +
                            "` is no ratio. Give a number above 0 and up to 100; 1 is no change.");
    return value;
}

std::string series_in(const CsvTable& csv, const std::string& wanted) {
    if (!csv.has_column("series")) return "";
    const std::size_t column = csv.column("series");
    std::set<std::string> names;
    for (const auto& row : csv.rows) names.insert(row[column]);
    if (names.contains(wanted)) return wanted;
    if (wanted.empty() && names.size() == 1) return *names.begin();
    if (wanted.empty()) {
        throw ScenarioError(csv.file + " holds several series. Say which: series: <name>." +
                            did_you_mean("", {names.begin(), names.end()}));
    }
    throw ScenarioError(csv.file + " has no series `" + wanted + "`." +
                        did_you_mean(wanted, {names.begin(), names.end()}));
}

std::vector<ProfileWeek> weeks_in(const CsvTable& csv, const std::string& series) {
    std::vector<ProfileWeek> weeks;
    for (std::size_t r = 0; r < csv.rows.size(); ++r) {
        const std::vector<std::string>& row = csv.rows[r];
        if (!series.empty() && row[csv.column("series")] != series) continue;
        const std::string where = csv.file + ":" + std::to_string(csv.lines[r]);
        ProfileWeek week;
        week.start_day = day_of(row[csv.column("week_start")], where);
        week.ratio = ratio_of(row[csv.column("ratio")], where);
        week.weekday_ratio = ratio_of(row[csv.column("weekday_ratio")], where);
        week.weekend_ratio = ratio_of(row[csv.column("weekend_ratio")], where);
        if (((week.start_day + 3) % 7 + 7) % 7 != 0)
            throw ScenarioError(where + ": " + row[csv.column("week_start")] +
                                " is no Monday. Weeks start on Mondays.");
        if (!weeks.empty() && week.start_day != weeks.back().start_day + 7)
            throw ScenarioError(where + ": " + row[csv.column("week_start")] +
                                " does not follow the week before. Give every week once, in order.");
        weeks.push_back(week);
    }
    if (weeks.size() < 2) throw ScenarioError(csv.file + ": a profile needs at least two weeks.");
    return weeks;
}

fs::path profile_folder() { return share_folder() / "profiles"; }

}  // namespace

std::int64_t onset_of(const std::vector<ProfileWeek>& weeks) {
    constexpr std::size_t calm = 8, lasting = 3;
    double squares = 0.0;
    const std::size_t before = std::min(calm, weeks.size());
    for (std::size_t w = 0; w < before; ++w) squares += std::pow(std::log(weeks[w].ratio), 2);
    const double limit = std::max(0.02, 4.0 * std::sqrt(squares / static_cast<double>(before)));
    for (std::size_t w = 0; w + lasting <= weeks.size(); ++w) {
        const auto away = [&](const ProfileWeek& week) { return std::abs(std::log(week.ratio)) > limit; };
        const auto first = weeks.begin() + static_cast<std::ptrdiff_t>(w);
        if (std::all_of(first, first + lasting, away)) return weeks[w].start_day;
    }
    return weeks.front().start_day;
}

std::vector<std::string> shipped_profiles() {
    std::vector<std::string> names;
    std::error_code ignored;
    for (const fs::directory_entry& entry : fs::directory_iterator(profile_folder(), ignored)) {
        if (entry.path().extension() == ".csv") names.push_back(entry.path().stem().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

BehaviourProfile read_profile(const std::string& name_or_file, const std::string& series) {
    const fs::path shipped = profile_folder() / (name_or_file + ".csv");
    const bool ours = fs::path(name_or_file).filename() == name_or_file && fs::exists(shipped);
    const fs::path file = ours ? shipped : fs::path(name_or_file);
    if (!ours && !fs::exists(file)) {
        throw ScenarioError(
            "There is no profile `" + name_or_file + "`." + did_you_mean(name_or_file, shipped_profiles()) +
            " A CSV file of your own with week_start, ratio, weekday_ratio and weekend_ratio works, too.");
    }
    BehaviourProfile profile;
    try {
        const CsvTable csv = read_csv(file);
        profile.weeks = weeks_in(csv, series_in(csv, series));
        if (csv.has_column("method") && !csv.rows.empty()) profile.method = csv.rows.front()[csv.column("method")];
    } catch (const DataError& error) {
        throw ScenarioError(error.what());
    }
    profile.name = series.empty() ? file.stem().string() : series;
    profile.onset_day = onset_of(profile.weeks);
    const fs::path card = fs::path(file).replace_extension(".yaml");
    if (!fs::exists(card)) return profile;
    const YamlReader root = YamlReader::parse(read_text(card), card.string());
    if (!root.has("onset")) return profile;  // another file, such as the scenario that replays the profile
    root.allow({"onset", "origin"});
    profile.onset_day = day_of(root.at("onset").text(), card.string());
    profile.origin = root.at("origin").text();
    return profile;
}

double profile_factor(const BehaviourProfile& profile, std::int64_t day, bool weekend, bool by_weekday, double severity,
                      bool hold_end) {
    if (day < profile.onset_day) return 1.0;
    const std::vector<ProfileWeek>& weeks = profile.weeks;
    if (day >= weeks.back().start_day + 7 && !hold_end) return 1.0;
    const auto log_ratio = [&](std::size_t week) {
        const ProfileWeek& w = weeks[week];
        return std::log(!by_weekday ? w.ratio : weekend ? w.weekend_ratio : w.weekday_ratio);
    };
    const double place =
        static_cast<double>(day - weeks.front().start_day - 3) / 7.0;  // in weeks from the first centre
    const double last = static_cast<double>(weeks.size() - 1);
    const double inside = std::clamp(place, 0.0, last);
    const auto lower = static_cast<std::size_t>(inside);
    const std::size_t upper = std::min(lower + 1, weeks.size() - 1);
    const double weight = inside - static_cast<double>(lower);
    return std::exp(severity * (log_ratio(lower) + weight * (log_ratio(upper) - log_ratio(lower))));
}

}  // namespace misfire
