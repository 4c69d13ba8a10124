#include "harness/verbs/scenario_arguments.h"

#include <iostream>
#include <utility>

#include "core/error.h"
#include "harness/known_metrics.h"

namespace misfire {

std::string required(const Arguments& arguments, const std::string& name, const std::string& usage) {
    if (arguments.count(name) == 0) throw UsageError("What is missing is <" + name + ">. Usage: " + usage + ".");
    return arguments[name].as<std::string>();
}

Scenario scenario_from(const Arguments& arguments, const std::string& usage) {
    std::vector<std::string> overrides;
    if (arguments.count("set") != 0) overrides = arguments["set"].as<std::vector<std::string>>();
    for (const char* key : {"seed", "limit", "device"}) {
        if (arguments.count(key) != 0) overrides.push_back(std::string(key) + "=" + arguments[key].as<std::string>());
    }
    Scenario scenario =
        read_scenario(find_scenario(required(arguments, "scenario", usage)), overrides, known_metrics());
    for (const std::string& note : scenario.notes) std::cerr << "misfire: " << note << "\n";
    return scenario;
}

Setup set_up_and_say(Scenario scenario, const std::string& cell_filter) {
    Setup setup = set_up(std::move(scenario), cell_filter);
    for (const std::string& note : setup.notes) std::cerr << "misfire: " << note << "\n";
    return setup;
}

std::string filter_from(const Arguments& arguments) {
    return arguments.count("filter") != 0 ? arguments["filter"].as<std::string>() : "";
}

int threads_from(const Arguments& arguments) {
    if (arguments.count("threads") == 0) return 0;
    const int threads = arguments["threads"].as<int>();
    if (threads < 1 || threads > 1024)
        throw UsageError("--threads " + std::to_string(threads) + " is outside 1 to 1024.");
    return threads;
}

}  // namespace misfire
