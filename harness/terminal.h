// What a person sees: tables, colour, a progress line. Data goes to stdout, progress and messages to stderr.
#pragma once

#include <chrono>
#include <iosfwd>
#include <string>
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

// A bar with rate and ETA on a terminal, otherwise a line every tenth of the run.
class ProgressLine : public RunObserver {
  public:
    void begin(std::size_t tiles, std::size_t tiles_done_before) override;
    void tile(const PlannedCell& cell, std::size_t block, const TileRecord& record) override;
    void bad_input(const std::string& id, const std::string& message) override;
    void end();  // clears the bar

  private:
    void show(const std::string& name);
    std::size_t total_ = 0;
    std::size_t done_ = 0;
    std::size_t before_ = 0;
    std::size_t bad_inputs_ = 0;
    std::size_t failed_ = 0;
    int tenths_said_ = 0;
    bool bar_ = false;
    std::chrono::steady_clock::time_point start_;
    std::chrono::steady_clock::time_point drawn_;
};

}  // namespace misfire
