// Wall time of a whole run of a series: 5,000 rows through one small net under 30 shifts of 6 levels, from opening the
// data to results.h5 with metrics and intervals. The design asks for less than 10 s on two cores.
//
//     misfire_table_run [rows=5000] [threads=2] [rounds=3]
//
// Prints seconds of set-up and of the run, for each round.
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "core/error.h"
#include "harness/known_metrics.h"
#include "harness/run_session.h"
#include "harness/setup.h"

namespace misfire {
namespace {

constexpr const char* scenario = R"(
name: table-run
seed: 7
models: [zoo:chicago_ridership]
data: zoo:chicago_ridership
shifts:
  - perturb: [block_shuffle, clipped_range, clock_shift, concept_shift, covariate_shift, duplicated_rows, frozen_sensor,
              level_drop, lockdown, missing_by_value, missing_random, panic_spike, peak_shift, ramp, recovery,
              regime_switching, sensor_drift, slope_rotation, stale_lags, swapped_columns, unit_change, variance_burst,
              weekday_flattening]
    severities: [0.5, 1, 2, 3, 4, 5]
  - {perturb: level_drop, lags: frozen, name: frozen, severities: [0.5, 1, 2, 3, 4, 5]}
  - behaviour: {profile: chicago_rail_boardings, severities: 0.25-1.5+0.25, from: 2009-03-16}
  - behaviour: {profile: chicago_transit_rides, severities: 0.25-1.5+0.25, from: 2009-03-16}
  - behaviour: {profile: france_electricity, severities: 0.25-1.5+0.25, from: 2009-03-16}
  - behaviour: {profile: france_electricity_raw, severities: 0.25-1.5+0.25, from: 2009-03-16}
  - behaviour: {profile: melbourne_pedestrians, severities: 0.25-1.5+0.25, from: 2009-03-16}
  - behaviour: {profile: victoria_electricity, severities: 0.25-1.5+0.25, from: 2009-03-16}
metrics: [mae, mape, bias, rmse]
)";

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

int main_of(const std::vector<std::string>& words) {
    const std::string rows = words.size() > 1 ? words[1] : "5000";
    const int threads = words.size() > 2 ? std::stoi(words[2]) : 2;
    const int rounds = words.size() > 3 ? std::stoi(words[3]) : 3;
    const std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("misfire-table-run-" + std::to_string(getpid()));
    for (int round = 0; round < rounds; ++round) {
        const auto start = std::chrono::steady_clock::now();
        Setup setup = set_up(parse_scenario(scenario, "table_run.cpp", folder, {"limit=" + rows}, known_metrics()), "");
        const std::size_t cells = setup.cells.size(), samples = setup.selection.size(), shifts = setup.shifts.size();
        const double set_up_seconds = seconds_since(start);
        SessionOptions options;
        options.threads = threads;
        options.command = "misfire_table_run";
        std::ofstream nowhere("/dev/null");
        std::streambuf* const console = std::cout.rdbuf(nowhere.rdbuf());
        begin_run(std::move(setup), folder / std::to_string(round), options);
        std::cout.rdbuf(console);
        const double all = seconds_since(start);
        std::cout << samples << " rows, " << shifts << " shifts, " << cells << " cells, " << threads
                  << " threads: " << all << " s (set-up " << set_up_seconds << " s, run " << all - set_up_seconds
                  << " s)" << std::endl;
    }
    std::filesystem::remove_all(folder);
    return 0;
}

}  // namespace
}  // namespace misfire

int main(int argc, char** argv) {
    try {
        return misfire::main_of({argv, argv + argc});
    } catch (const misfire::Error& error) {
        std::cerr << "misfire_table_run: " << error.what() << "\n";
        return 2;
    }
}
