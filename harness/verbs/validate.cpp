#include <iostream>

#include "harness/setup.h"
#include "harness/terminal.h"
#include "harness/verbs/scenario_arguments.h"
#include "harness/verbs/verbs.h"

namespace misfire {

namespace {

int validate(const Arguments& arguments) {
    Scenario scenario = scenario_from(arguments, "misfire validate <scenario>");
    if (arguments.count("effective") != 0) std::cout << to_yaml(scenario);
    if (arguments.count("file-only") != 0) {
        std::cerr << "valid: " << scenario.file << " (models and data were not opened)\n";
        return exit_fine;
    }
    const std::string file = scenario.file;
    const Setup setup = set_up_and_say(std::move(scenario), filter_from(arguments));
    std::cerr << "valid: " << file << ": " << setup.groups.size()
              << (setup.groups.size() == 1 ? " geometry, " : " geometries, ") << setup.models.size()
              << (setup.models.size() == 1 ? " model, " : " models, ") << grouped(setup.selection.size())
              << " samples, " << setup.cells.size() << " cells\n";
    return exit_fine;
}

}  // namespace

Verb validate_verb() {
    Verb verb;
    verb.name = "validate";
    verb.synopsis = "<scenario>";
    verb.summary = "Say whether a scenario would run, without running it";
    verb.description =
        "Reads the scenario, opens data and models, matches labels with outputs. The first mistake is named with file, "
        "line and remedy, and the "
        "exit code is 2.";
    verb.examples = {{"misfire validate mine.yaml", "everything but the run itself"},
                     {"misfire validate demo --effective", "print the scenario with every default spelled out"}};
    verb.options.add(scenario_options());
    verb.options.add_options()                                             //
        ("file-only", "check only the file: do not open models and data")  //
        ("effective", "print the effective scenario to standard output");
    verb.positional = {"scenario"};
    verb.run = validate;
    return verb;
}

}  // namespace misfire
