// A small made-up run for the tests of results/: two models, two shifts, groups, tiles in a journal.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/random.h"
#include "results/evaluate.h"
#include "results/journal.h"
#include "results/outcomes.h"
#include "results/run_record.h"
#include "results/store.h"

namespace misfire::test {

// A folder of its own for each test, removed at the end.
class Folder {
  public:
    Folder() {
        const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
        path_ = std::filesystem::temp_directory_path() / ("misfire-" + std::to_string(::getpid()) + "-" + test->name());
        std::filesystem::remove_all(path_);
        std::filesystem::create_directories(path_);
    }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

inline ShiftInfo severity_shift(const std::string& name, std::size_t levels) {
    ShiftInfo shift;
    shift.name = name;
    shift.kind = "perturb";
    shift.unit = "severity";
    for (std::size_t level = 0; level < levels; ++level) {
        shift.levels.push_back({static_cast<double>(level), std::to_string(level)});
    }
    return shift;
}

inline ModelInfo model_info(const std::string& name, std::int64_t classes) {
    ModelInfo model;
    model.name = name;
    model.path = "models/" + name + ".pt";
    model.sha256 = std::string(64, 'a');
    model.parameters = 1234;
    model.classes = classes;
    return model;
}

// `samples` rows in blocks of `block` in a scrambled order; attribute "camera" is a, b, or unknown.
inline RunRecord small_record(std::size_t samples = 200, std::size_t block = 64, std::size_t levels = 4) {
    RunRecord record;
    record.run_id = "run-1";
    record.scenario = "name: small\nseed: 7\n";
    record.seed = 7;
    record.dataset = "made_up";
    record.models = {model_info("first", 10), model_info("second", 10)};
    record.shifts = {severity_shift("fog", levels), severity_shift("gaussian_noise", levels)};
    record.attribute_names = {"camera"};
    record.attributes.resize(1);
    std::vector<std::uint32_t> order;
    for (std::size_t i = 0; i < samples; ++i) {
        const std::string number = std::to_string(i);
        record.sample_ids.push_back("img/" + std::string(6 - number.size(), '0') + number + ".png");
        record.targets.push_back(static_cast<std::int32_t>((i * 7) % 10));
        record.attributes[0].push_back(i % 5 == 4 ? "" : i % 3 == 0 ? "a" : "b");
        order.push_back(static_cast<std::uint32_t>(i));
    }
    std::sort(order.begin(), order.end(), [](std::uint32_t a, std::uint32_t b) {
        return KeyHash().add(std::uint64_t{a}).value() < KeyHash().add(std::uint64_t{b}).value();
    });
    for (std::size_t begin = 0; begin < samples; begin += block) {
        record.blocks.emplace_back(order.begin() + static_cast<std::ptrdiff_t>(begin),
                                   order.begin() + static_cast<std::ptrdiff_t>(std::min(begin + block, samples)));
    }
    record.metrics = {"accuracy",        "top5",      "nll",
                      "brier",           "ece",       "ece_debiased",
                      "mean_confidence", "flip_rate", "worst_group_accuracy",
                      "accuracy_gap"};
    record.environment = {{"created_utc", "2026-01-01T00:00:00Z"}, {"threads", "2"}};
    return record;
}

// Outcomes of some rows of a cell: normal logits with the target raised, less so at higher levels. A function of the
// row alone.
inline Outcomes made_up_outcomes(const RunRecord& record, const Cell& cell, const std::vector<std::uint32_t>& rows) {
    std::vector<float> logits;
    std::vector<std::int32_t> targets;
    for (const std::uint32_t row : rows) {
        const Random clean(KeyHash().add(std::uint64_t{cell.model}).add(std::uint64_t{row}).value());
        const Random shifted(KeyHash().add(cell.name).add(std::uint64_t{row}).value());
        std::vector<float> a(10), b(10);
        clean.normal(a, 0);
        shifted.normal(b, 0);
        for (std::size_t c = 0; c < 10; ++c) logits.push_back(a[c] + 0.5F * static_cast<float>(cell.level) * b[c]);
        targets.push_back(record.targets[row]);
        logits[logits.size() - 10 + static_cast<std::size_t>(targets.back())] +=
            3.0F - 0.5F * static_cast<float>(cell.level);
    }
    return score_outputs(logits, static_cast<std::int64_t>(rows.size()), 10, OutputKind::logits, targets);
}

inline void put_all(Journal& journal, const RunRecord& record) {
    for (const Cell& cell : cells_of(record)) {
        for (std::uint32_t block = 0; block < record.blocks.size(); ++block) {
            journal.put(cell.name, block, {Status::ok, "", 0.25, made_up_outcomes(record, cell, record.blocks[block])});
        }
    }
    journal.flush();
}

inline const Point& point_of(const RunResults& results, const std::string& cell, const std::string& metric,
                             const std::string& group = "", const std::string& shift = "") {
    const auto found = std::find_if(results.points.begin(), results.points.end(), [&](const Point& point) {
        return point.cell == cell && point.metric == metric && point.group == group &&
               (shift.empty() || point.shift == shift);
    });
    if (found == results.points.end()) throw std::out_of_range("no point " + cell + " " + metric + " " + group);
    return *found;
}

}  // namespace misfire::test
