// Made-up runs for the tests of comparisons and checks: which answers are right is given, all else follows.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/random.h"
#include "results/evaluate.h"
#include "results/journal.h"
#include "results/outcomes.h"
#include "results/store.h"

namespace misfire::test {

struct GateRun {
    std::size_t samples = 200;
    std::vector<std::string> shifts = {"fog", "snow"};
    int levels = 3;  // severities 1, 2, ...; 0 is the clean cell
    std::vector<std::string> models = {"net"};
    std::vector<std::string> metrics = {"accuracy"};
    std::uint64_t seed = 7;
    std::string id_prefix = "img/";
    std::string version = "1";
    std::string scenario = "name: made_up\n";
    std::string libtorch = "1.13";
    // Whether sample `row` is answered rightly in a cell: shift -1 is the clean cell.
    std::function<bool(std::size_t model, int shift, int level, std::size_t row)> right =
        [](std::size_t, int, int, std::size_t) { return true; };
    // Logit of the answer that is given; others are 0.
    std::function<float(std::size_t row)> sureness = [](std::size_t) { return 3.0F; };
    // Cells that fail, by name.
    std::vector<std::string> failing = {};
    bool complete = true;
};

inline RunRecord record_of(const GateRun& run) {
    RunRecord record;
    record.run_id = "made-up";
    record.scenario = run.scenario;
    record.seed = run.seed;
    record.dataset = "made_up";
    record.metrics = run.metrics;
    record.attribute_names = {"camera"};
    record.attributes.resize(1);
    record.blocks.resize(1);
    for (const std::string& name : run.models) {
        ModelInfo model;
        model.name = name;
        model.sha256 = std::string(64, 'a');
        model.classes = 4;
        record.models.push_back(model);
    }
    for (const std::string& name : run.shifts) {
        ShiftInfo shift;
        shift.name = name;
        shift.kind = "perturb";
        shift.unit = "severity";
        shift.version = name + " " + run.version;
        for (int level = 0; level <= run.levels; ++level)
            shift.levels.push_back({static_cast<double>(level), std::to_string(level)});
        record.shifts.push_back(shift);
    }
    for (std::uint32_t row = 0; row < run.samples; ++row) {
        const std::string number = std::to_string(row);
        record.sample_ids.push_back(run.id_prefix + std::string(6 - number.size(), '0') + number);
        record.targets.push_back(static_cast<std::int32_t>(row % 4));
        record.attributes[0].push_back(row % 2 == 0 ? "a" : "b");
        record.blocks[0].push_back(row);
    }
    record.environment = {{"created_utc", "2026-01-01T00:00:00Z"},
                          {"cpu", "made up"},
                          {"isa", "avx2"},
                          {"libtorch", run.libtorch},
                          {"batch", "64"},
                          {"misfire_version", "0"}};
    return record;
}

inline Outcomes outcomes_of(const GateRun& run, const RunRecord& record, const Cell& cell) {
    int shift = -1;
    for (std::size_t s = 0; s < run.shifts.size(); ++s) {
        if (run.shifts[s] == cell.shift) shift = static_cast<int>(s);
    }
    std::vector<float> logits(run.samples * 4, 0.0F);
    for (std::size_t row = 0; row < run.samples; ++row) {
        const bool right = run.right(cell.model, shift, static_cast<int>(cell.level), row);
        logits[row * 4 + (row + (right ? 0 : 1)) % 4] = run.sureness(row);
    }
    return score_outputs(logits, static_cast<std::int64_t>(run.samples), 4, OutputKind::logits, record.targets);
}

// Writes folder/results.h5 and folder/run.sqlite.
inline void write_gate_run(const std::filesystem::path& folder, const GateRun& run, int threads = 2) {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    const RunRecord record = record_of(run);
    Journal journal = Journal::create(folder / "run.sqlite", {});
    for (const Cell& cell : cells_of(record)) {
        const bool fails = std::find(run.failing.begin(), run.failing.end(), cell.name) != run.failing.end();
        if (!run.complete && cell.level == run.levels) continue;
        if (fails)
            journal.put(cell.name, 0, {Status::error, "the engine said no", 0.1, {}});
        else
            journal.put(cell.name, 0,
                        {Status::ok, "", 0.001 * static_cast<double>(run.samples), outcomes_of(run, record, cell)});
    }
    journal.flush();
    write_results(folder / "results.h5", record, evaluate(journal, record, threads), journal);
}

// Uniform in [0, 1), a function of its arguments.
inline double chance_of(std::uint64_t trial, std::uint64_t stream, std::uint64_t index) {
    const std::uint64_t hash = KeyHash().add(trial).add(stream).add(index).value();
    return static_cast<double>(hash >> 11) * 0x1.0p-53;
}

}  // namespace misfire::test
