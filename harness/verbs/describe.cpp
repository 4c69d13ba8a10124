#include <algorithm>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/nearest_name.h"
#include "harness/aggregate_table.h"
#include "harness/change_tables.h"
#include "harness/generated_set_text.h"
#include "harness/known_metrics.h"
#include "harness/results_json.h"
#include "harness/sequence_text.h"
#include "harness/terminal.h"
#include "harness/verbs/describe_monitor.h"
#include "harness/verbs/describe_score.h"
#include "harness/verbs/describe_table.h"
#include "harness/verbs/scenario_arguments.h"
#include "harness/verbs/verbs.h"
#include "models/probe.h"
#include "models/scores/registry.h"
#include "models/zoo.h"
#include "perturbations/ood/registry.h"
#include "perturbations/registry.h"
#include "perturbations/sequences/registry.h"
#include "perturbations/severity.h"
#include "perturbations/table/registry.h"
#include "results/curve_metrics/registry.h"
#include "results/metrics/registry.h"
#include "results/metrics/score_metric.h"
#include "results/monitors/registry.h"
#include "results/store.h"
#include "scenarios/behaviour_profile.h"
#include "scenarios/scenario_template.h"
#include "scenarios/severities.h"

namespace misfire {

namespace po = boost::program_options;
namespace fs = std::filesystem;

namespace {

std::string number_text(double value) { return level_label(value); }

void describe_parameters(const PerturbationInfo& info) {
    for (const Parameter& parameter : info.parameters) {
        std::cout << "\n" << parameter.name << " (" << parameter.unit << "): " << parameter.meaning << "\n";
        TextTable table({"  images of", "1", "2", "3", "4", "5"});
        for (const char* side : {"32", "64", "224", "299", "any"}) {
            const auto values = parameter.published.find(side);
            if (values == parameter.published.end()) continue;
            const bool any = values->first == "any";
            std::vector<std::string> row = {any ? (parameter.scales_with_side ? "  224 px" : "  any size")
                                                : "  " + values->first + " px"};
            for (const double value : values->second) row.push_back(number_text(value));
            table.add(row);
        }
        std::cout << table.text();
        if (!parameter.scales_with_side) continue;
        const std::vector<ParameterSet> sets = parameter_sets(info.parameters);
        if (sets.empty()) {
            std::cout << "  at other sizes times shorter side / 224\n";
        } else {
            const bool has_224 = parameter.published.contains("224");
            const std::string from = has_224 ? "224" : std::to_string(sets.back().side);
            std::cout << "  above " << sets.back().side << " px: the values of " << from << " px times shorter side / "
                      << from << "\n";
        }
    }
}

nlohmann::json json_of(const PerturbationInfo& info) {
    nlohmann::json out = {{"name", info.name},
                          {"version", info.version},
                          {"summary", info.summary},
                          {"domain", info.domain},
                          {"category", info.category},
                          {"groups", info.groups},
                          {"monotone", info.monotone},
                          {"why_not_monotone", info.why_not_monotone},
                          {"colour_only", info.colour_only},
                          {"deviates", info.deviates},
                          {"max_severity", info.max_severity},
                          {"reference", info.reference},
                          {"stage", name_of(info.stage)},
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

const char* where_it_acts(Stage stage) {
    switch (stage) {
        case Stage::source: return "before the model's geometry (stage source)";
        case Stage::pixels: return "after the model's geometry";
        case Stage::tensor: return "where pixels become the model's numbers (stage tensor)";
    }
    return "";
}

void describe_perturbation(const PerturbationInfo& info, bool json) {
    if (json) {
        std::cout << json_of(info).dump(2) << "\n";
        return;
    }
    std::cout << info.name << ": " << info.summary << "\n\n"
              << "category   " << info.category << "\nacts on    " << info.domain << ", " << where_it_acts(info.stage)
              << "\n"
              << "severity   0 (identity) to " << number_text(info.max_severity)
              << (info.published_order >= 0 ? ", any real number; 1 to 5 as published\n"
                                            : ", any real number; levels 1 to 5 are misfire's own\n")
              << "damage     "
              << (info.monotone ? "never falls with severity" : "not monotone: " + info.why_not_monotone)
              << "\nreference  " << info.reference << "\n";
    if (!info.deviates.empty()) std::cout << "deviates   " << info.deviates << "\n";
    if (info.colour_only) std::cout << "grey       grey images stay as they are\n";
    if (!info.groups.empty()) {
        std::cout << "groups     ";
        for (std::size_t i = 0; i < info.groups.size(); ++i) std::cout << (i == 0 ? "" : ", ") << info.groups[i];
        std::cout << "\n";
    }
    describe_parameters(info);
    if (!info.options.empty()) std::cout << "\noptions\n";
    for (const Option& option : info.options) {
        std::cout << "  " << option.name << " (" << (option.required ? "required" : "default " + option.default_value)
                  << "): " << option.meaning;
        for (std::size_t i = 0; i < option.choices.size(); ++i)
            std::cout << (i == 0 ? " [" : " | ") << option.choices[i];
        std::cout << (option.choices.empty() ? "\n" : "]\n");
    }
    std::cout << "\nexample\n  shifts:\n    - perturb: " << info.name << "\n      severities: 0-5\n";
    if (find_sequence(info.name) != nullptr)
        std::cout << "\nThere is a sequence of this name, too: misfire describe sequence:" << info.name << "\n";
}

void describe_metric(const Metric& metric, bool json) {
    const MetricInfo& info = metric.info();
    if (json) {
        std::cout << nlohmann::json({{"name", info.name},
                                     {"summary", info.summary},
                                     {"over", "cell"},
                                     {"unit", info.unit},
                                     {"direction", name_of(info.direction)},
                                     {"breaks", name_of(info.breaking)},
                                     {"interval", name_of(info.interval)},
                                     {"reference", info.reference}})
                         .dump(2)
                  << "\n";
        return;
    }
    std::cout << info.name << ": " << info.summary << "\n\nover       each cell (model x shift x level)\nunit       "
              << info.unit << "\ndirection  " << name_of(info.direction) << "\ninterval   95 %, "
              << name_of(info.interval) << "\nbreaks at  " << name_of(info.breaking) << "\nreference  "
              << info.reference << "\n";
}

void describe_curve_metric(const CurveMetric& metric, bool json) {
    const CurveMetricInfo& info = metric.info();
    if (json) {
        std::cout << nlohmann::json({{"name", info.name},
                                     {"summary", info.summary},
                                     {"over", "run"},
                                     {"unit", info.unit},
                                     {"direction", name_of(info.direction)},
                                     {"needs", info.needs},
                                     {"interval", name_of(Interval::bootstrap)},
                                     {"reference", info.reference}})
                         .dump(2)
                  << "\n";
        return;
    }
    std::cout << info.name << ": " << info.summary
              << "\n\nover       the cells of a run: one number per model\nneeds      " << info.needs << "\nunit       "
              << info.unit << "\ndirection  " << name_of(info.direction)
              << "\ninterval   95 %, bootstrap over samples, the same draws for all models\nreference  "
              << info.reference << "\n";
}

void describe_sequence(const SequenceInfo& info, bool json) {
    std::cout << (json ? sequence_json(info).dump(2) + "\n" : sequence_text(info));
}

void describe_model(const fs::path& path, const Arguments& arguments) {
    LoadOptions options;
    options.name = path.stem().string();
    if (arguments.count("device") != 0) options.device = arguments["device"].as<std::string>();
    if (arguments.count("optimize") != 0) options.optimize = arguments["optimize"].as<std::string>();
    if (arguments.count("engine") != 0) options.engine = arguments["engine"].as<std::string>();
    if (arguments.count("expect-sha256") != 0) options.expect_sha256 = arguments["expect-sha256"].as<std::string>();
    const ProbeReport report = probe_model(path, options);
    if (arguments.count("json") != 0) {
        std::cout << to_json(report).dump(2) << "\n";
        return;
    }
    TextTable table({"model", path.string()}, true);
    for (const auto& [name, value] : lines(report)) table.add({name, value});
    std::cout << table.text();
}

// Curves stand by name in the file, so the metric that the run named first is not known any more.
std::string metric_to_show(const RunResults& results) {
    for (const char* usual : {"accuracy", "mae", "pinball_loss"}) {
        if (std::any_of(results.curves.begin(), results.curves.end(),
                        [&](const Curve& curve) { return curve.metric == usual; }))
            return usual;
    }
    return results.curves.empty() ? "" : results.curves.front().metric;
}

void describe_results(const fs::path& file, bool json) {
    const RunSummary summary = read_summary(file);
    if (json) {
        nlohmann::json out = results_json(summary.results);
        out["seed"] = summary.seed;
        out["environment"] = summary.environment;
        out["scenario"] = summary.scenario;
        std::cout << out.dump(2) << "\n";
        return;
    }
    const RunResults& results = summary.results;
    const auto environment = [&](const char* key) {
        const auto found = summary.environment.find(key);
        return found == summary.environment.end() ? std::string("unknown") : found->second;
    };
    std::cout << file.string() << "\n\nrun       " << environment("run_id")
              << (results.complete ? ", complete" : ", NOT complete") << "\nmade with misfire "
              << environment("misfire_version") << ", LibTorch " << environment("libtorch") << ", "
              << environment("cpu") << "\nseed      " << summary.seed << "\ncells     " << results.cells.size()
              << ", bad inputs " << results.bad_inputs.size() << "\n\n";
    if (!results.curves.empty()) {
        const std::string metric = metric_to_show(results);
        std::cout << metric << " by level\n\n" << curve_tables(results, metric, may_colour(1));
    }
    std::cout << aggregate_table(results.aggregates) << effect_table(results.effects)
              << first_hit_table(results.group_breaking_points, metric_to_show(results));
    for (const CellResult& cell : results.cells) {
        if (cell.status != Status::ok)
            std::cout << cell.cell << ": " << name_of(cell.status) << ": " << cell.message << "\n";
    }
}

void describe_template(const ScenarioTemplate& open, const std::string& name, bool json) {
    if (json) {
        nlohmann::json out = {{"name", name}, {"summary", open.summary}, {"template", nlohmann::json::array()}};
        for (const OpenKey& key : open.keys)
            out["template"].push_back({{"key", key.key}, {"example", key.example}, {"is", key.meaning}});
        out["command"] = example_command(name, open.keys);
        std::cout << out.dump(2) << "\n";
        return;
    }
    std::cout << name << ": a template, for a model and data of yours\n\n"
              << open.summary << "\n\nto give with --set\n";
    for (const OpenKey& key : open.keys) std::cout << "  " << key.key << "\n      " << key.meaning << "\n";
    std::cout << "\nexample\n  " << example_command(name, open.keys) << "\n";
}

// A whole scenario with every default spelled out; of a template what it leaves open.
void describe_scenario(const fs::path& file, const std::string& name, bool json) {
    if (const std::optional<ScenarioTemplate> open = read_template(file))
        describe_template(*open, name, json);
    else
        std::cout << to_yaml(read_scenario(file, {}, known_metrics()));
}

[[noreturn]] void refuse(const std::string& name) {
    std::vector<std::string> known = metric_names();
    for (const std::string& monitor : monitor_names()) known.push_back(monitor);
    for (const std::string& score : score_names()) known.push_back(score);
    for (const PerturbationEntry& entry : perturbations()) known.push_back(entry.info().name);
    for (const TablePerturbationEntry& entry : table_perturbations()) known.push_back(entry.info().name);
    for (const std::string& profile : shipped_profiles()) known.push_back(profile);
    for (const auto& sequence : sequences()) known.push_back(sequence->info().name);
    for (const std::string& metric : curve_metric_names()) known.push_back(metric);
    for (const ZooModel& model : zoo_models()) known.push_back("zoo:" + model.name);
    for (const std::string& scenario : shipped_scenarios()) known.push_back(scenario);
    for (const std::string& set : expand_generated_group("all")) known.push_back(set);
    const std::string nearest = nearest_name(name, known);
    throw UsageError(
        "There is no perturbation, profile, sequence, generated set, metric, monitor, score, scenario, zoo model or "
        "file `" +
        name + "`." + (nearest.empty() ? " `misfire list` shows the names." : " Did you mean `" + nearest + "`?"));
}

// "auroc:msp"; "auroc" and "auroc:<score>", as lists say, are described by the score that needs nothing but
// probabilities; null for other names.
const Metric* metric_of_family(const std::string& name) {
    const std::string family = name.substr(0, name.find(score_separator)), score = score_of(name);
    const std::string metric = score.empty() || score == "<score>" ? family + score_separator + "msp" : name;
    return family_of(metric) == nullptr ? nullptr : &metric_named(metric);
}

// "perlin" or "ood:perlin".
const GeneratedSet* generated_set_named(const std::string& name) {
    return find_generated_set(name.starts_with("ood:") ? name.substr(std::string("ood:").size()) : name);
}

int describe(const Arguments& arguments) {
    const std::string name = required(arguments, "what", "misfire describe <name | model.pt | results.h5>");
    const bool json = arguments.count("json") != 0;
    if (const PerturbationEntry* entry = find_perturbation(name); entry != nullptr) {
        describe_perturbation(entry->info(), json);
        return exit_fine;
    }
    if (const TablePerturbationEntry* entry = find_table_perturbation(name); entry != nullptr) {
        describe_family(entry->info(), json);
        return exit_fine;
    }
    const std::vector<std::string> profiles = shipped_profiles();
    if (std::find(profiles.begin(), profiles.end(), name) != profiles.end()) {
        describe_profile(read_profile(name, ""), json);
        return exit_fine;
    }
    const std::vector<std::string> metrics = metric_names();
    if (std::find(metrics.begin(), metrics.end(), name) != metrics.end()) {
        describe_metric(metric_named(name), json);
        return exit_fine;
    }
    if (const Metric* metric = metric_of_family(name); metric != nullptr) {
        describe_metric(*metric, json);
        return exit_fine;
    }
    if (const GeneratedSet* set = generated_set_named(name); set != nullptr) {
        std::cout << (json ? generated_set_json(set->info()).dump(2) + "\n" : generated_set_text(set->info()));
        return exit_fine;
    }
    if (const CurveMetric* metric = find_curve_metric(name); metric != nullptr) {
        describe_curve_metric(*metric, json);
        return exit_fine;
    }
    const std::string film = name.starts_with("sequence:") ? name.substr(std::string("sequence:").size()) : name;
    if (const Sequence* sequence = find_sequence(film); sequence != nullptr) {
        describe_sequence(sequence->info(), json);
        return exit_fine;
    }
    if (const std::vector<std::string> members = expand_sequence_group(film); !members.empty()) {
        for (const std::string& member : members) std::cout << member << "\n";
        return exit_fine;
    }
    if (const MonitorEntry* entry = find_monitor(name); entry != nullptr) {
        describe_monitor(entry->info, json);
        return exit_fine;
    }
    if (const ScoreEntry* entry = find_score(name.starts_with("score:") ? name.substr(6) : name); entry != nullptr) {
        describe_score(entry->info, json);
        return exit_fine;
    }
    if (name.starts_with("zoo:")) {
        describe_model(resolve_model(name), arguments);
        return exit_fine;
    }
    if (const std::vector<std::string> groups = perturbation_groups();
        std::find(groups.begin(), groups.end(), name) != groups.end()) {
        for (const std::string& unit : expand_group(name)) std::cout << unit << "\n";
        return exit_fine;
    }
    if (const std::vector<std::string> families = expand_table_group(name); !families.empty()) {
        for (const std::string& family : families) std::cout << family << "\n";
        return exit_fine;
    }
    const fs::path path(name);
    if (fs::is_directory(path) && fs::exists(path / "results.h5")) {
        describe_results(path / "results.h5", json);
    } else if (path.extension() == ".h5") {
        describe_results(path, json);
    } else if (fs::is_regular_file(path) && (path.extension() == ".yaml" || path.extension() == ".yml")) {
        describe_scenario(path, path.string(), json);
    } else if (fs::exists(path) || path.extension() == ".pt" || path.extension() == ".ptl") {
        describe_model(path, arguments);
    } else if (const std::vector<std::string> shipped = shipped_scenarios();
               std::find(shipped.begin(), shipped.end(), name) != shipped.end()) {
        describe_scenario(find_scenario(name), name, json);
    } else {
        refuse(name);
    }
    return exit_fine;
}

}  // namespace

Verb describe_verb() {
    Verb verb;
    verb.name = "describe";
    verb.synopsis = "<name | model.pt | results.h5>";
    verb.summary =
        "All about one perturbation, profile, sequence, metric, monitor, score, scenario, model file or result file";
    verb.description =
        "A model file is loaded and probed: what it takes, what it answers, which batch sizes agree, whether it is "
        "repeatable, finite and "
        "differentiable, where its penultimate features are, how fast it is. A .pt file is code that runs when it is "
        "loaded: describe only "
        "files that you trust, and pin them with --expect-sha256.";
    verb.examples = {{"misfire describe gaussian_noise", "parameters by image size, reference, example"},
                     {"misfire describe level_drop", "a change of tables and series: what it moves, options, example"},
                     {"misfire describe chicago_transit_rides", "a measured change of behaviour: onset, depth, origin"},
                     {"misfire describe sequence:gaussian_noise",
                      "the film of that name; without `sequence:` where no perturbation shares it"},
                     {"misfire describe knn", "a score: its formula in words, what it needs, options, paper"},
                     {"misfire describe zoo:fashion_resnet", "probe a shipped model"},
                     {"misfire describe runs/demo/results.h5", "the curves of a finished run"}};
    verb.options.add_options()  //
        ("json", "as JSON")     //
        ("device", po::value<std::string>()->value_name("NAME"),
         "device of LibTorch to probe a model on (default cpu)")  //
        ("optimize", po::value<std::string>()->value_name("none|freeze|inference"),
         "how LibTorch prepares the model (default none)")  //
        ("engine", po::value<std::string>()->value_name("onednn|qnnpack"),
         "quantised engine to load the model under")  //
        ("expect-sha256", po::value<std::string>()->value_name("HEX"), "refuse the file unless this is its SHA-256");
    verb.positional = {"what"};
    verb.run = describe;
    return verb;
}

}  // namespace misfire
