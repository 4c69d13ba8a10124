#include "harness/command_line.h"

#include <algorithm>
#include <csignal>
#include <iostream>

#include "core/error.h"
#include "core/nearest_name.h"
#include "harness/verbs/verbs.h"
#include "harness/version.h"

namespace misfire {

namespace po = boost::program_options;

namespace {

std::vector<std::string> verb_names() {
    std::vector<std::string> names;
    for (const Verb& verb : verbs()) names.push_back(verb.name);
    return names;
}

std::vector<std::string> option_names(const po::options_description& options) {
    std::vector<std::string> names;
    for (const auto& option : options.options()) names.push_back("--" + option->long_name());
    return names;
}

Arguments parse(const Verb& verb, const std::vector<std::string>& words) {
    po::options_description options = verb.options;
    options.add_options()("help,h", "show this help");
    po::positional_options_description positional;
    for (const std::string& name : verb.positional) {
        const bool rest = name.ends_with("...");
        const std::string option = rest ? name.substr(0, name.size() - 3) : name;
        positional.add(option.c_str(), rest ? -1 : 1);
        // A positional argument is an option to the parser only: help and completion show it in the synopsis.
        if (rest)
            options.add_options()(option.c_str(), po::value<std::vector<std::string>>());
        else
            options.add_options()(option.c_str(), po::value<std::string>());
    }
    Arguments arguments;
    try {
        const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
        po::store(po::command_line_parser(words).options(options).positional(positional).style(style).run(), arguments);
        po::notify(arguments);
    } catch (const po::unknown_option& error) {
        throw UsageError("`misfire " + verb.name + "` has no option `" + error.get_option_name() + "`." +
                         did_you_mean(error.get_option_name(), option_names(options)));
    } catch (const po::too_many_positional_options_error&) {
        throw UsageError("`misfire " + verb.name + "` takes fewer arguments: misfire " + verb.name + " " +
                         verb.synopsis + ".");
    } catch (const po::invalid_option_value& error) {
        throw UsageError("`" + error.get_option_name() + "` of `misfire " + verb.name + "`: " + error.what() + ".");
    } catch (const po::error& error) {
        throw UsageError("`misfire " + verb.name + "`: " + std::string(error.what()) + ". See misfire " + verb.name +
                         " --help.");
    }
    return arguments;
}

int dispatch(const std::vector<std::string>& words) {
    if (words.empty()) {
        std::cerr << help_text();
        return exit_usage;
    }
    const std::string& first = words.front();
    if (first == "--help" || first == "-h" || first == "help") {
        if (words.size() > 1 && first == "help") return dispatch({words[1], "--help"});
        std::cout << help_text();
        return exit_fine;
    }
    if (first == "--version") {
        std::cout << "misfire " << version() << "\n";
        return exit_fine;
    }
    if (first == "--man") {
        std::cout << man_page();
        return exit_fine;
    }
    if (first == "--completion") {
        std::cout << completion_script(words.size() > 1 ? words[1] : "");
        return exit_fine;
    }
    const auto verb = std::find_if(verbs().begin(), verbs().end(), [&](const Verb& v) { return v.name == first; });
    if (verb == verbs().end())
        throw UsageError("There is no verb `" + first + "`." + did_you_mean(first, verb_names()));
    if (words.size() > 1 && words[1] == "--markdown") {
        std::cout << markdown_page(*verb);
        return exit_fine;
    }
    const Arguments arguments = parse(*verb, {words.begin() + 1, words.end()});
    if (arguments.count("help") != 0) {
        std::cout << help_text(*verb);
        return exit_fine;
    }
    return verb->run(arguments);
}

}  // namespace

const std::vector<Verb>& verbs() {
    static const std::vector<Verb> table = {
        run_verb(),        //
        resume_verb(),     //
        plan_verb(),       //
        validate_verb(),   //
        preview_verb(),    //
        corrupt_verb(),    //
        report_verb(),     //
        gallery_verb(),    //
        compare_verb(),    //
        check_verb(),      //
        baseline_verb(),   //
        explain_verb(),    //
        portraits_verb(),  //
        list_verb(),       //
        describe_verb(),   //
        watch_verb(),      //
        profile_verb(),    //
        zoo_verb(),        //
        doctor_verb(),     //
    };
    return table;
}

po::options_description scenario_options() {
    po::options_description options;
    options.add_options()  //
        ("set", po::value<std::vector<std::string>>()->composing()->value_name("KEY=VALUE"),
         "override a key of the scenario (dotted path, list items by number: shifts.0.severities=0-3); may be "
         "repeated")                                                                              //
        ("seed", po::value<std::string>()->value_name("N"), "override the seed of the scenario")  //
        ("limit", po::value<std::string>()->value_name("N"),
         "take a seeded sample of N, stratified by label; 0: all")  //
        ("device", po::value<std::string>()->value_name("NAME"),
         "device of LibTorch that the models run on (cpu, cuda:0)")  //
        ("filter", po::value<std::string>()->value_name("REGEX"),
         "only cells whose name <model>/<shift>/<level> holds a match; a leading - takes the others")  //
        ("threads", po::value<int>()->value_name("N"),
         "worker threads (default: all cores); results do not depend on it");
    return options;
}

int run_command_line(int argc, const char* const* argv) {
    // A write beyond RLIMIT_FSIZE and a closed pipe are errors to report, not signals to die of.
    std::signal(SIGXFSZ, SIG_IGN);
    std::signal(SIGPIPE, SIG_IGN);
    const std::vector<std::string> words(argv + 1, argv + argc);
    try {
        const int code = dispatch(words);
        std::cout.flush();
        return code;
    } catch (const InternalError& error) {
        std::cerr << "misfire: internal error: " << error.what()
                  << " This is a bug in misfire: please report it with the command.\n";
    } catch (const Error& error) {
        std::cerr << "misfire: " << error.what() << "\n";
    } catch (const std::bad_alloc&) {
        std::cerr << "misfire: out of memory. Take a smaller --set block=N or --set batch=N, or fewer --threads.\n";
    } catch (const std::exception& error) {
        std::cerr << "misfire: internal error: " << error.what()
                  << ". This is a bug in misfire: please report it with the command.\n";
    }
    return exit_usage;
}

}  // namespace misfire
