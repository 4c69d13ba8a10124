#include <filesystem>
#include <iostream>
#include <optional>

#include "core/error.h"
#include "core/time_text.h"
#include "harness/terminal.h"
#include "harness/verbs/describe_table.h"
#include "harness/verbs/scenario_arguments.h"
#include "harness/verbs/verbs.h"
#include "harness/whole_file.h"
#include "scenarios/data/csv.h"
#include "scenarios/data/slug.h"
#include "scenarios/profile_derivation.h"
#include "scenarios/scenario.h"
#include "scenarios/yaml_reader.h"

namespace misfire {

namespace po = boost::program_options;
namespace fs = std::filesystem;

namespace {

constexpr const char* usage =
    "misfire profile <csv> --time date --column load --baseline 2016-01-01..2019-12-31 --from 2020-01-06";

std::string text_of(const Arguments& arguments, const char* option) {
    return arguments.count(option) != 0 ? arguments[option].as<std::string>() : "";
}

std::int64_t day_from(const std::string& text, const std::string& option) {
    if (const std::optional<std::int64_t> day = parse_day(text)) return *day;
    throw UsageError("`" + text + "` of --" + option + " is no date. Write it as 2020-03-16.");
}

DayRange range_from(const std::string& text, const std::string& option) {
    const std::size_t dots = text.find("..");
    if (dots == std::string::npos)
        throw UsageError("`--" + option + " " + text + "` is no period. Write first and last day: --" + option +
                         " 2017-01-01..2019-12-31.");
    const DayRange range{day_from(text.substr(0, dots), option), day_from(text.substr(dots + 2), option)};
    if (range.last < range.first)
        throw UsageError("`--" + option + " " + text + "` ends before it begins. Give the earlier day first.");
    return range;
}

ProfileSettings settings_from(const Arguments& arguments, const DailySeries& series) {
    ProfileSettings settings;
    for (const std::string& text : arguments["baseline"].as<std::vector<std::string>>())
        settings.baseline.push_back(range_from(text, "baseline"));
    settings.changed = {day_from(text_of(arguments, "from"), "from"), series.days.back()};
    if (arguments.count("to") != 0) settings.changed.last = day_from(text_of(arguments, "to"), "to");
    if (arguments.count("calm") != 0) settings.calm = range_from(text_of(arguments, "calm"), "calm");
    const std::string compare = text_of(arguments, "compare");
    if (compare == "weekday")
        settings.compare_with = CompareWith::weekday;
    else if (!compare.empty() && compare != "season")
        throw UsageError("`--compare " + compare + "` is not known. Give season or weekday.");
    return settings;
}

std::string origin_of(const Arguments& arguments, const ProfileSettings& settings) {
    std::string text =
        fs::path(text_of(arguments, "csv")).filename().string() + ", column " + text_of(arguments, "column") +
        (settings.compare_with == CompareWith::season ? "; ratio to the same weekday of up to four earlier years in "
                                                      : "; ratio to the same weekday in ");
    for (std::size_t i = 0; i < settings.baseline.size(); ++i)
        text +=
            (i == 0 ? "" : " and ") + day_text(settings.baseline[i].first) + ".." + day_text(settings.baseline[i].last);
    if (settings.calm)
        text += "; " + day_text(settings.calm->first) + ".." + day_text(settings.calm->last) + " scaled to 1";
    return text;
}

// A card that is there already is overwritten only where it is one: a scenario may stand beside the profile.
void require_own_card(const fs::path& card) {
    if (!fs::exists(card)) return;
    if (YamlReader::parse(read_text(card), card.string()).has("onset")) return;
    throw UsageError("The card of the profile would be " + card.string() +
                     ", and there is another file of this name. Choose another --out.");
}

void write(const BehaviourProfile& profile, const fs::path& file) {
    if (file.extension() != ".csv")
        throw UsageError("`" + file.string() + "` is no name of a profile: scenarios know one by its ending. Write " +
                         file.string() + ".csv.");
    const fs::path card = fs::path(file).replace_extension(".yaml");
    require_own_card(card);
    write_whole_file(file, profile_csv(profile));
    write_whole_file(card, profile_card(profile));
    std::cerr << file.string() << " and " << card.string() << "\n";
}

void say(const BehaviourProfile& profile) {
    const ProfileWeek& lowest = lowest_of(profile, &ProfileWeek::ratio);
    std::cerr << profile.weeks.size() << " weeks from " << day_text(profile.weeks.front().start_day) << ", onset "
              << day_text(profile.onset_day) << ", lowest ratio " << fixed(lowest.ratio, 3) << " in the week of "
              << day_text(lowest.start_day) << ", last " << fixed(profile.weeks.back().ratio, 3) << "\n";
}

int profile(const Arguments& arguments) {
    const std::string file = required(arguments, "csv", usage);
    for (const char* option : {"time", "column", "baseline", "from"}) {
        if (arguments.count(option) == 0)
            throw UsageError("What is missing is --" + std::string(option) + ". Usage: " + usage + ".");
    }
    const DailySeries series = read_daily_series(file, text_of(arguments, "time"), text_of(arguments, "column"),
                                                 text_of(arguments, "time-format"));
    const ProfileSettings settings = settings_from(arguments, series);
    BehaviourProfile derived;
    derived.name = arguments.count("name") != 0 ? text_of(arguments, "name") : to_slug(text_of(arguments, "column"));
    if (!is_slug(derived.name))
        throw UsageError("`--name " + derived.name + "` cannot be a name: use letters, digits and . _ + - only.");
    std::optional<std::int64_t> onset;
    if (arguments.count("onset") != 0) onset = day_from(text_of(arguments, "onset"), "onset");
    derived.weeks = derive_weeks(series, settings);
    derived.method = settings.compare_with == CompareWith::season ? "calendar" : "weekday";
    derived.onset_day = onset ? *onset : onset_of(derived.weeks);
    derived.origin = origin_of(arguments, settings);
    for (const std::string& note : series.notes) std::cerr << "misfire: " << note << "\n";
    if (arguments.count("out") != 0)
        write(derived, text_of(arguments, "out"));
    else if (arguments.count("json") == 0)
        std::cout << profile_csv(derived);
    if (arguments.count("json") != 0)
        describe_profile(derived, true);
    else
        say(derived);
    return exit_fine;
}

}  // namespace

Verb profile_verb() {
    Verb verb;
    verb.name = "profile";
    verb.synopsis = "<csv> --time NAME --column NAME --baseline FROM..TO --from DAY";
    verb.summary = "Derive a profile of behaviour from a daily (or finer) series of yours";
    verb.description =
        "Says, week by week, what people did compared with what they used to do: ratios over all days, weekdays and "
        "weekend days, for `behaviour: {profile: mine.csv}` in a scenario. It is how the shipped profiles were made "
        "(misfire list profiles).\n\n"
        "A day is compared with the median (of logarithms) of the same weekday 52, 104, 156 and 208 weeks before, "
        "where "
        "that lies in the baseline, give or take a week; a week's ratio is the median of its days. With --calm, days "
        "before the change are scaled to 1, so that growth since the baseline does not count as a change. Weather is "
        "not taken out: correct for it before, where it matters.\n\n"
        "With --out mine.csv, the onset and where it all is from go into mine.yaml beside it. Without --onset the "
        "change begins in the first week from which the ratio stays more than four standard deviations of the first "
        "eight weeks away from 1 for three weeks.";
    verb.examples = {
        {"misfire profile load.csv --time date --column load --baseline 2016-01-01..2019-12-31 --from 2020-01-06 --to "
         "2021-10-31 --calm 2020-01-06..2020-02-23 --out lockdown.csv",
         "as the shipped profiles; then behaviour: {profile: lockdown.csv}"},
        {"misfire profile visits.csv --time day --column visits --baseline 2020-01-03..2020-02-06 --from 2020-02-10 "
         "--compare weekday",
         "where there is less than a year of history"}};
    verb.options.add_options()                                                              //
        ("time", po::value<std::string>()->value_name("NAME"), "column of dates or times")  //
        ("time-format", po::value<std::string>()->value_name("FORMAT"),
         "how times are written, as for strptime: %d-%m-%Y (default ISO dates or times)")  //
        ("column", po::value<std::string>()->value_name("NAME"), "column of the amount")   //
        ("baseline", po::value<std::vector<std::string>>()->composing()->value_name("FROM..TO"),
         "undisturbed days to compare with; may be repeated")                                             //
        ("from", po::value<std::string>()->value_name("DAY"), "first day of the profile")                 //
        ("to", po::value<std::string>()->value_name("DAY"), "last day (default: the end of the series)")  //
        ("calm", po::value<std::string>()->value_name("FROM..TO"),
         "days shortly before the change, scaled to 1 (default: nothing is scaled)")  //
        ("compare", po::value<std::string>()->value_name("season|weekday"),
         "with the same weekday of the same season in earlier years (default), or of all the baseline")       //
        ("onset", po::value<std::string>()->value_name("DAY"), "first day of the change (default: found)")    //
        ("name", po::value<std::string>()->value_name("NAME"), "name of the series (default: the column's)")  //
        ("out,o", po::value<std::string>()->value_name("FILE.csv"),
         "write there, and onset and origin into FILE.yaml (default: the CSV to standard output)")  //
        ("json", "the profile as JSON on standard output");
    verb.positional = {"csv"};
    verb.run = profile;
    return verb;
}

}  // namespace misfire
