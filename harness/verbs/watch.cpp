#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/nearest_name.h"
#include "harness/number_column.h"
#include "harness/terminal.h"
#include "harness/verbs/scenario_arguments.h"
#include "harness/verbs/verbs.h"
#include "results/monitors/registry.h"
#include "results/monitors/settings.h"

namespace misfire {

namespace po = boost::program_options;

namespace {

constexpr const char* usage = "misfire watch <csv | -> --monitor ddm --monitor adwin";

// One monitor over the stream.
class Watcher {
  public:
    Watcher(const std::string& text, bool column_is_correct, std::size_t reference)
        : specification_(parse_monitor(text)) {
        const MonitorInfo& info = specification_.entry->info;
        if (info.kind != MonitorKind::streaming)
            throw UsageError("The monitor " + info.name + " is of kind " + name_of(info.kind) +
                             ": it takes whole samples, not one value after another. `misfire list monitors` shows the "
                             "streaming ones.");
        turned_ = column_is_correct ? info.input == MonitorInput::error || info.input == MonitorInput::share
                                    : info.input == MonitorInput::correct;
        waits_for_ = info.reference == MonitorReference::none ? 0 : reference;
        monitor_ = specification_.entry->make_stream(specification_.settings);
    }

    const std::string& label() const { return specification_.text; }
    bool takes_reference() const { return waits_for_ > 0; }
    bool is_waiting() const { return reference_.size() < waits_for_; }
    std::size_t alarms() const { return alarms_; }
    std::size_t warnings() const { return warnings_; }

    // `column` has just read the value.
    Signal update(double column_value, const NumberColumn& column) {
        const MonitorInfo& info = specification_.entry->info;
        const double value = turned_ ? 1.0 - column_value : column_value;
        if (const std::string wanted = refusal_of(info.input, value); !wanted.empty())
            throw DataError(column.place() + " holds " + column.cell() + ", and the monitor " + info.name + " takes " +
                            wanted + ". Choose another --column, or a monitor of any number, such as page_hinkley.");
        if (is_waiting()) {
            reference_.push_back(value);
            if (!is_waiting()) monitor_->fit(reference_);
            return Signal::none;
        }
        const Signal signal = monitor_->update(value);
        alarms_ += signal == Signal::alarm ? 1 : 0;
        warnings_ += signal == Signal::warning ? 1 : 0;
        const bool fresh = signal != last_;
        last_ = signal;
        return fresh || !onset_only ? signal : Signal::none;
    }

    bool onset_only = false;  // of equal signals that follow each other say the first

  private:
    MonitorSpecification specification_;
    std::unique_ptr<StreamMonitor> monitor_;
    bool turned_ = false;  // the monitor wants 1 - value
    std::size_t waits_for_ = 0;
    std::vector<double> reference_;
    Signal last_ = Signal::none;
    std::size_t alarms_ = 0;
    std::size_t warnings_ = 0;
};

// Each event goes out at once, since the next value may be hours away.
class Events {
  public:
    explicit Events(bool json) : json_(json) {}

    // False when nobody reads any more.
    bool say(const std::string& monitor, std::size_t index, Signal signal) {
        errno = 0;
        if (!json_ && first_) std::cout << "     index  kind     monitor\n";
        first_ = false;
        if (json_)
            std::cout
                << nlohmann::ordered_json({{"monitor", monitor}, {"index", index}, {"kind", name_of(signal)}}).dump();
        else
            std::cout << std::setw(10) << index << "  " << std::left << std::setw(7) << name_of(signal) << std::right
                      << "  " << monitor;
        std::cout << "\n" << std::flush;
        if (std::cout) return true;
        if (errno == EPIPE) return false;
        throw StoreError(std::string("Standard output cannot be written: ") + std::strerror(errno) +
                         ". Check the space where it goes.");
    }

  private:
    bool json_;
    bool first_ = true;
};

std::vector<Watcher> watchers_from(const Arguments& arguments) {
    if (arguments.count("monitor") == 0)
        throw UsageError(std::string("What is missing is a --monitor. `misfire list monitors` shows them. Usage: ") +
                         usage + ".");
    const std::string coding = arguments.count("coding") != 0 ? arguments["coding"].as<std::string>() : "error";
    if (coding != "error" && coding != "correct")
        throw UsageError("`--coding " + coding + "` is not known." + did_you_mean(coding, {"error", "correct"}) +
                         " It says what 1 means in the column.");
    const int reference = arguments.count("reference") != 0 ? arguments["reference"].as<int>() : 0;
    if (arguments.count("reference") != 0 && reference < 2)
        throw UsageError("--reference " + std::to_string(reference) +
                         " is too few values. Give at least 2, better 100.");
    std::vector<Watcher> watchers;
    std::vector<std::string> labels;
    for (const std::string& text : arguments["monitor"].as<std::vector<std::string>>()) {
        if (std::find(labels.begin(), labels.end(), text) != labels.end())
            throw UsageError("--monitor " + text + " is given twice. Leave one out.");
        labels.push_back(text);
        watchers.emplace_back(text, coding == "correct", static_cast<std::size_t>(reference));
        watchers.back().onset_only = arguments.count("onset") != 0;
    }
    const bool useful =
        std::any_of(watchers.begin(), watchers.end(), [](const Watcher& watcher) { return watcher.takes_reference(); });
    if (reference > 0 && !useful)
        throw UsageError(
            "None of these monitors takes a reference, so --reference has no effect. Leave it out; `misfire "
            "describe <monitor>` says which do.");
    return watchers;
}

void say_counts(const std::vector<Watcher>& watchers, std::size_t values) {
    std::cerr << grouped(values) << " values";
    for (const Watcher& watcher : watchers)
        std::cerr << "; " << watcher.label() << ": " << grouped(watcher.alarms())
                  << (watcher.alarms() == 1 ? " alarm, " : " alarms, ") << grouped(watcher.warnings())
                  << (watcher.warnings() == 1 ? " warning" : " warnings");
    std::cerr << "\n";
}

void require_complete_reference(const std::vector<Watcher>& watchers, std::size_t values, const std::string& file) {
    for (const Watcher& watcher : watchers) {
        if (watcher.is_waiting())
            throw DataError(file + " has " + std::to_string(values) +
                            " values, too few for the --reference of monitor " + watcher.label() +
                            ". Give a smaller number.");
    }
}

int watch_stream(std::istream& in, const std::string& file, const Arguments& arguments) {
    std::vector<Watcher> watchers = watchers_from(arguments);
    CsvStream rows(in, file);
    NumberColumn column(rows, arguments.count("column") != 0 ? arguments["column"].as<std::string>() : "");
    Events events(arguments.count("json") != 0);
    std::size_t index = 0;
    while (const std::optional<double> value = column.next()) {
        for (Watcher& watcher : watchers) {
            const Signal signal = watcher.update(*value, column);
            if (signal != Signal::none && !events.say(watcher.label(), index, signal)) return exit_fine;
        }
        ++index;
    }
    require_complete_reference(watchers, index, file);
    say_counts(watchers, index);
    return exit_fine;
}

int watch(const Arguments& arguments) {
    const std::string name = required(arguments, "csv", usage);
    if (name == "-") {
        std::ios::sync_with_stdio(false);
        return watch_stream(std::cin, "standard input", arguments);
    }
    std::error_code ignored;
    if (std::filesystem::is_directory(name, ignored)) throw DataError(name + " is a folder, not a file.");
    std::ifstream file(name, std::ios::binary);
    if (!file) throw DataError("The file " + name + " cannot be read: " + std::strerror(errno) + ". Check the path.");
    return watch_stream(file, name, arguments);
}

}  // namespace

Verb watch_verb() {
    Verb verb;
    verb.name = "watch";
    verb.synopsis = "<csv | ->";
    verb.summary = "Would a monitor have warned? Monitors of drift over any stream of numbers";
    verb.description =
        "Feeds one column of a file, or of standard input, to streaming monitors, value by value, and says which of "
        "them "
        "warn and alarm where. Indices are rows from 0, not counting a row of column names. Each event is written as "
        "it "
        "happens, so the input may never end. An alarm is a result, not a failure: the exit code is 0.\n\n"
        "A monitor is written name:key=value:key=value; `misfire list monitors` and `misfire describe <monitor>` say "
        "what "
        "there is. Monitors of errors get the column as --coding says: with `error` 1 means a wrong answer, with "
        "`correct` a "
        "right one, and each monitor gets the coding that it wants. Monitors of any number (adwin, page_hinkley, ...) "
        "get the "
        "column as it is.\n\n"
        "With --reference N, monitors that take a reference (shewhart, cusum, e_detector, ...) are fitted on the first "
        "N "
        "values and watch from there; all others watch from the first value.";
    verb.examples = {{"misfire watch errors.csv --column wrong --monitor ddm:warning=2:drift=3 --monitor adwin",
                      "two monitors over a column of errors"},
                     {"tail -f loss.log | misfire watch - --monitor page_hinkley:mode=up --json",
                      "a stream that goes on, one object a line"},
                     {"misfire watch hits.csv --coding correct --reference 500 --monitor e_detector:alpha=0.0001",
                      "at most one false alarm in 10,000 values"}};
    verb.options.add_options()  //
        ("column", po::value<std::string>()->value_name("NAME|N"),
         "column to watch: a name, or a number from 0 (default 0)")  //
        ("monitor", po::value<std::vector<std::string>>()->composing()->value_name("NAME[:KEY=VALUE...]"),
         "a streaming monitor; may be repeated")  //
        ("coding", po::value<std::string>()->value_name("error|correct"),
         "what 1 means in the column, for monitors of errors (default error)")                                        //
        ("reference", po::value<int>()->value_name("N"), "fit monitors that take a reference on the first N values")  //
        ("onset", "of equal events of a monitor that follow each other without a pause, only the first")              //
        ("json", "one JSON object a line: monitor, index, kind (warning or alarm)");
    verb.positional = {"csv"};
    verb.run = watch;
    return verb;
}

}  // namespace misfire
