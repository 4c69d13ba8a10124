// What the harness costs on top of the work itself: wall time of a whole run (decode, perturb, infer, journal, metrics
// with intervals, results.h5) against bare perturbation and bare inference of the same images in the same process, same
// micro-batch, same threads.
//
//     misfire_overhead [scenario=cifar10-corruptions] [samples=10000] [threads=2] [rounds=1]
//
// Prints seconds of both and their ratio, and the peak memory of the process after the run.
#include <sys/resource.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <unistd.h>

#include <algorithm>
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
#include "harness/tensor.h"
#include "scenarios/data/geometry.h"
#include "scenarios/data/views.h"

namespace misfire {
namespace {

double seconds_of(const auto& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Every view of the set-up through the model, nothing kept.
void bare(const Setup& setup, const MemoryView& clean, int threads) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(threads));
    const Model& model = *setup.models.front();
    const TensorFiller filler(model.info().tensor);
    const auto batch = static_cast<std::size_t>(setup.scenario.batch);
    const std::size_t batches = (clean.size() + batch - 1) / batch;
    for (const PlannedCell& cell : setup.cells) {
        const std::unique_ptr<Dataset> view =
            cell.is_clean() ? nullptr : setup.shifts[cell.shift]->at(clean, cell.level, {});
        const Dataset& data = view ? *view : static_cast<const Dataset&>(clean);
        tbb::parallel_for(std::size_t{0}, batches, [&](std::size_t b) {
            const std::size_t first = b * batch;
            const std::size_t count = std::min(batch, clean.size() - first);
            const Image& shape = clean.image(first);
            const std::size_t size =
                static_cast<std::size_t>(model.info().tensor.channels * shape.height * shape.width);
            std::vector<float> tensor(size * batch);
            for (std::size_t i = 0; i < count; ++i) filler.fill(data.at(first + i).image, tensor.data() + i * size);
            static_cast<void>(model.predict(tensor, static_cast<std::int64_t>(batch), shape.height, shape.width));
        });
    }
}

int main_of(const std::vector<std::string>& words) {
    const std::string name = words.size() > 1 ? words[1] : "cifar10-corruptions";
    const std::string samples = words.size() > 2 ? words[2] : "10000";
    const int threads = words.size() > 3 ? std::stoi(words[3]) : 2;
    const int rounds = words.size() > 4 ? std::stoi(words[4]) : 1;
    const auto open = [&] {
        return set_up(read_scenario(find_scenario(name), {"limit=" + samples}, known_metrics()), "");
    };
    const std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("misfire-overhead-" + std::to_string(getpid()));
    for (int round = 0; round < rounds; ++round) {
        const double run_seconds = seconds_of([&] {
            SessionOptions options;
            options.threads = threads;
            options.command = "misfire_overhead";
            std::ofstream nowhere("/dev/null");
            std::streambuf* const console = std::cout.rdbuf(nowhere.rdbuf());
            begin_run(open(), folder / std::to_string(round), options);
            std::cout.rdbuf(console);
        });
        rusage usage{};
        getrusage(RUSAGE_SELF, &usage);
        const double run_peak = static_cast<double>(usage.ru_maxrss) / 1024.0;
        const Setup setup = open();
        std::vector<MemoryView::Entry> entries;
        for (const std::size_t i : setup.selection) {
            entries.push_back(read_entry(*setup.data, i));
            entries.back().sample.image =
                apply_geometry(entries.back().sample.image, setup.models.front()->info().geometry);
        }
        const MemoryView clean(setup.data->info(), std::move(entries));
        const double bare_seconds = seconds_of([&] { bare(setup, clean, threads); });
        std::cout << "samples " << setup.selection.size() << ", cells " << setup.cells.size() << ", threads " << threads
                  << ": run " << run_seconds << " s, bare " << bare_seconds << " s, ratio "
                  << run_seconds / bare_seconds << ", peak after the run " << run_peak << " MiB\n";
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
        std::cerr << "misfire_overhead: " << error.what() << "\n";
        return 2;
    }
}
