// What a person sees: tables, colour, a progress line. Data goes to stdout, progress and messages to stderr.
#pragma once

#include <chrono>
#include <iosfwd>
#include <string>
#include <utility>
#include <vector>

#include "harness/runner.h"
#include "results/run_results.h"

namespace misfire {

// True when the stream (1 stdout, 2 stderr) is a terminal that may be coloured: NO_COLOR and TERM=dumb are respected.
bool is_terminal(int descriptor);
bool may_colour(int descriptor);

// Columns padded to their widest cell; the first column is left-aligned, the others right-aligned unless `left` says
// so.
class TextTable {
  public:
    explicit TextTable(std::vector<std::string> head, bool all_left = false);
    void add(std::vector<std::string> row);
    bool empty() const { return rows_.empty(); }
    std::string text() const;

  private:
    std::vector<std::vector<std::string>> rows_;
    bool all_left_;
};

std::string fixed(double value, int digits);        // "-" for NaN
std::string human_seconds(double seconds);          // "0.8 s", "3 min 20 s", "2 h 5 min"
std::string human_bytes(double bytes);              // "12.3 MB"
std::string grouped(std::size_t number);            // "10,000"
std::string shell_quoted(const std::string& text);  // as a shell reads it back

// One table per model of the run (and unit of the levels): shifts down, levels across, one metric; retained area and
// breaking point at the right. Of many levels (a sequence) some are shown.
std::string curve_tables(const RunResults& results, const std::string& metric, bool colour);

// How far a long command is: a bar with ETA on a terminal, otherwise a line every tenth of the way. On stderr.
class ProgressBar {
  public:
    // `unit` is what is counted, in the plural: "tiles".
    void begin(std::size_t total, std::size_t done_before, std::string unit);
    void advance(std::size_t steps, const std::string& name);
    void message(const std::string& line) const;  // a line of its own
    void end() const;                             // clears the bar

  private:
    std::string unit_;
    std::size_t total_ = 0;
    std::size_t done_ = 0;
    std::size_t before_ = 0;
    int tenths_said_ = 0;
    bool bar_ = false;
    std::chrono::steady_clock::time_point start_;
    std::chrono::steady_clock::time_point drawn_;
};

// The first few inputs that cannot be read, as they turn up. Ends with a line that says where the others are.
class BadInputMessages {
  public:
    explicit BadInputMessages(std::string where) : where_(std::move(where)) {}
    void say(const ProgressBar& bar, const std::string& id, const std::string& reason);

  private:
    std::string where_;
    std::size_t said_ = 0;
};

// The progress of a run.
class ProgressLine : public RunObserver {
  public:
    void begin(std::size_t tiles, std::size_t tiles_done_before) override;
    void tile(const PlannedCell& cell, std::size_t block, const TileRecord& record) override;
    void bad_input(const std::string& id, const std::string& message) override;
    void end() const { bar_.end(); }

  private:
    ProgressBar bar_;
    BadInputMessages bad_inputs_{"results.h5"};
    std::size_t failed_ = 0;
};

}  // namespace misfire
