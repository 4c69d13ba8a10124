#include <iostream>
#include <nlohmann/json.hpp>
#include <set>

#include "core/error.h"
#include "core/nearest_name.h"
#include "harness/generated_set_text.h"
#include "harness/known_metrics.h"
#include "harness/sequence_text.h"
#include "harness/terminal.h"
#include "harness/verbs/describe_score.h"
#include "harness/verbs/describe_table.h"
#include "harness/verbs/verbs.h"
#include "models/scores/registry.h"
#include "models/zoo.h"
#include "perturbations/ood/registry.h"
#include "perturbations/registry.h"
#include "perturbations/sequences/registry.h"
#include "perturbations/table/registry.h"
#include "results/curve_metrics/registry.h"
#include "results/metrics/registry.h"
#include "results/metrics/score_metric.h"
#include "results/monitors/registry.h"
#include "scenarios/behaviour_profile.h"
#include "scenarios/data/zoo_data.h"
#include "scenarios/data/zoo_fetch.h"
#include "scenarios/scenario.h"
#include "scenarios/scenario_template.h"
#include "scenarios/yaml_reader.h"

namespace misfire {

namespace {

struct Listing {
    std::vector<std::string> head;  // head[0] is the name
    std::vector<std::vector<std::string>> rows;
};

std::string joined(const std::vector<std::string>& words, const std::string& separator = ", ") {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : separator) + word;
    return text;
}

Listing list_perturbations() {
    Listing listing{{"perturbation", "of", "category", "groups", "what it does"}, {}};
    const auto add = [&](const PerturbationInfo& info) {
        listing.rows.push_back({info.name, info.domain, info.category, joined(info.groups), info.summary});
    };
    for (const PerturbationEntry& entry : perturbations()) add(entry.info());
    for (const TablePerturbationEntry& entry : table_perturbations()) add(entry.info());
    return listing;
}

Listing list_groups() {
    Listing listing{{"group", "of", "perturbations"}, {}};
    for (const std::string& group : perturbation_groups())
        listing.rows.push_back({group, "images", joined(expand_group(group))});
    for (const std::string& group : table_perturbation_groups())
        listing.rows.push_back({group, "tables and series", joined(expand_table_group(group))});
    for (const std::string& group : sequence_groups())
        listing.rows.push_back({group, "sequences of frames", joined(expand_sequence_group(group))});
    return listing;
}

Listing list_shifts() {
    return {{"shift", "written as", "what it does"},
            {{"files", "files: {root: CIFAR-10-C, form: cifar-c}",
              "shifted sets that exist already: cifar-c, imagenet-c, folders (domains)"},
             {"ood", "ood: {sets: [zoo:digits, {generated: perlin}]}",
              "out-of-distribution images among the samples: more and more of them, stronger and stronger"},
             {"perturb", "perturb: noise, severities: 0-5",
              "perturbations, chains a+b or groups at rising severities; changes of tables and series and groups of "
              "them"},
             {"behaviour", "behaviour: {profile: chicago_transit_rides}",
              "series: a measured change of behaviour (misfire list profiles) replayed, 1 = as measured"},
             {"calendar", "calendar: {by: month, reference: 2013}",
              "series: the model walked forward through time, one month, quarter or week a level"},
             {"sequence", "sequence: imagenet-p", "frames of short films of each image: is the answer steady?"}}};
}

Listing list_profiles() {
    Listing listing{{"profile", "onset", "lowest", "origin"}, {}};
    for (const std::string& name : shipped_profiles()) {
        const BehaviourProfile profile = read_profile(name, "");
        listing.rows.push_back({name, day_text(profile.onset_day),
                                fixed(lowest_of(profile, &ProfileWeek::ratio).ratio, 3), profile.origin});
    }
    return listing;
}

Listing list_metrics() {
    Listing listing{{"metric", "over", "unit", "direction", "interval", "what it says"}, {}};
    for (const Metric* metric : all_metrics()) {
        const MetricInfo& info = metric->info();
        listing.rows.push_back(
            {info.name, "cell", info.unit, name_of(info.direction), name_of(info.interval), info.summary});
    }
    for (const ScoreMetricFamily& family : score_metric_families()) {
        const MetricInfo info = family.info();
        listing.rows.push_back({info.name + score_separator + "<score>", "cell", info.unit, name_of(info.direction),
                                name_of(info.interval), info.summary});
    }
    for (const CurveMetric* metric : all_curve_metrics()) {
        const CurveMetricInfo& info = metric->info();
        listing.rows.push_back(
            {info.name, "run", info.unit, name_of(info.direction), name_of(Interval::bootstrap), info.summary});
    }
    return listing;
}

Listing list_sequences() {
    Listing listing{{"sequence", "category", "groups", "frames", "pairs with", "what it shows"}, {}};
    for (const auto& sequence : sequences()) {
        const SequenceInfo& info = sequence->info();
        const int large = info.frames.at("224");
        const int small = info.frames.at("32");
        listing.rows.push_back(
            {info.name, info.category, joined(info.groups),
             std::to_string(large) + (small == large ? "" : " (" + std::to_string(small) + " at 32 px)"),
             partner_text(info), info.summary});
    }
    return listing;
}

Listing list_ood() {
    Listing listing{{"generated set", "distance", "made of", "what it shows"}, {}};
    for (const GeneratedSet* set : generated_sets()) {
        const GeneratedSetInfo& info = set->info();
        listing.rows.push_back({info.name, name_of(info.distance), needs_text(info), info.summary});
    }
    return listing;
}

Listing list_monitors() {
    Listing listing{{"monitor", "kind", "input", "what it does"}, {}};
    for (const MonitorEntry* entry : all_monitors()) {
        const MonitorInfo& info = entry->info;
        listing.rows.push_back({info.name, name_of(info.kind), name_of(info.input), info.summary});
    }
    return listing;
}

Listing list_scores() {
    Listing listing{{"score", "needs", "what it does"}, {}};
    for (const ScoreEntry* entry : all_scores())
        listing.rows.push_back({entry->info.name, needs_of(entry->info), entry->info.summary});
    return listing;
}

Listing list_models() {
    Listing listing{{"model", "clean score", "what it is"}, {}};
    for (const ZooModel& model : zoo_models())
        listing.rows.push_back({"zoo:" + model.name, model.card.clean_score, model.card.summary});
    return listing;
}

Listing list_data() {
    Listing listing{{"data", "samples", "licence", "what it is"}, {}};
    std::set<std::string> here;
    for (const DataCard& card : zoo_data_cards()) {
        here.insert(card.name);
        listing.rows.push_back({"zoo:" + card.name, grouped(card.samples), card.licence, card.summary});
    }
    for (const ZooDownload& download : zoo_downloads()) {
        for (const std::string& name : download.data_sets) {
            if (here.count(name) == 0)
                listing.rows.push_back(
                    {"zoo:" + name, "-", download.licence, "not here yet: misfire zoo get " + download.name});
        }
    }
    return listing;
}

Listing list_scenarios() {
    Listing listing{{"scenario", "models", "shifts"}, {}};
    for (const std::string& name : shipped_scenarios()) {
        if (const auto open = read_template(find_scenario(name))) {
            listing.rows.push_back({name, "yours (misfire describe " + name + ")", std::to_string(open->shifts)});
            continue;
        }
        const Scenario scenario = read_scenario(find_scenario(name), {}, known_metrics());
        std::vector<std::string> models;
        for (const ModelSpec& model : scenario.models) models.push_back(model.name);
        listing.rows.push_back({name, joined(models), std::to_string(scenario.shifts.size())});
    }
    return listing;
}

struct Kind {
    const char* name;
    Listing (*list)();
};

constexpr Kind kinds[] = {{"perturbations", list_perturbations},
                          {"groups", list_groups},
                          {"sequences", list_sequences},
                          {"shifts", list_shifts},
                          {"profiles", list_profiles},
                          {"ood", list_ood},
                          {"metrics", list_metrics},
                          {"monitors", list_monitors},
                          {"scores", list_scores},
                          {"models", list_models},
                          {"data", list_data},
                          {"scenarios", list_scenarios}};

nlohmann::json as_json(const Listing& listing) {
    nlohmann::json out = nlohmann::json::array();
    for (const auto& row : listing.rows) {
        nlohmann::json object;
        for (std::size_t i = 0; i < row.size(); ++i) object[i == 0 ? "name" : listing.head[i]] = row[i];
        out.push_back(object);
    }
    return out;
}

int list(const Arguments& arguments) {
    std::string wanted;
    if (arguments.count("kind") != 0) wanted = arguments["kind"].as<std::string>();
    std::vector<std::string> names;
    nlohmann::json all;
    bool found = false;
    for (const Kind& kind : kinds) {
        names.emplace_back(kind.name);
        if (!wanted.empty() && wanted != kind.name) continue;
        const Listing listing = kind.list();
        if (arguments.count("json") != 0) {
            all[kind.name] = as_json(listing);
        } else if (arguments.count("names") != 0) {
            for (const auto& row : listing.rows) std::cout << row[0] << "\n";
        } else {
            TextTable table(listing.head, true);
            for (const auto& row : listing.rows) table.add(row);
            std::cout << (found ? "\n" : "") << table.text();
        }
        found = true;
    }
    if (!found) throw UsageError("There is no list of `" + wanted + "`." + did_you_mean(wanted, names));
    if (arguments.count("json") != 0) std::cout << (wanted.empty() ? all : all[wanted]).dump(2) << "\n";
    return exit_fine;
}

}  // namespace

Verb list_verb() {
    Verb verb;
    verb.name = "list";
    verb.synopsis =
        "[perturbations|groups|sequences|shifts|profiles|ood|metrics|monitors|scores|models|data|scenarios]";
    verb.summary = "What there is to break models with, and what to break";
    verb.description = "Lists everything of one kind, or of every kind. `misfire describe <name>` says more about one.";
    verb.examples = {{"misfire list perturbations", "every perturbation with category and groups"},
                     {"misfire list models --names", "names only, one a line, for scripts"}};
    verb.options.add_options()("names", "names only, one a line")("json", "as JSON");
    verb.positional = {"kind"};
    verb.run = list;
    return verb;
}

}  // namespace misfire
