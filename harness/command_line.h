// The verbs of the command line. Their table drives dispatch, help, the man page and shell completion.
#pragma once

#include <boost/program_options.hpp>
#include <string>
#include <vector>

namespace misfire {

// Exit codes of the design.
enum ExitCode : int {
    exit_fine = 0,
    exit_breached = 1,
    exit_usage = 2,
    exit_undecided = 3,
    exit_nothing_selected = 4,
    exit_interrupted = 130
};

struct Example {
    std::string command;
    std::string meaning;
};

using Arguments = boost::program_options::variables_map;

struct Verb {
    std::string name;
    std::string synopsis;     // what follows the name: "<scenario>"
    std::string summary;      // one line
    std::string description;  // paragraphs for help and man page
    std::vector<Example> examples;
    boost::program_options::options_description options;
    std::vector<std::string>
        positional;  // option names that positional arguments fill, in order; "x..." takes the rest
    int (*run)(const Arguments& arguments);
};

// All verbs, in the order in which help shows them.
const std::vector<Verb>& verbs();

// Runs the program: parses, dispatches, prints errors to stderr, returns the exit code.
int run_command_line(int argc, const char* const* argv);

// Help and documents made from the table.
std::string help_text();                                  // misfire --help
std::string help_text(const Verb& verb);                  // misfire <verb> --help
std::string man_page();                                   // troff
std::string markdown_page(const Verb& verb);              // docs
std::string completion_script(const std::string& shell);  // bash, zsh or fish; throws UsageError

// Options common to run and plan.
boost::program_options::options_description scenario_options();

}  // namespace misfire
