#include "results/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <limits>
#include <sstream>

#include "tests/results_run.h"
#include "tests/shared_files.h"

namespace misfire {
namespace {

using test::Folder;
using test::small_record;
using ::testing::HasSubstr;

struct Output {
    std::string text;
    int code;
};

Output output_of(const std::string& command) {
    FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
    Output output;
    std::array<char, 4096> buffer;
    for (std::size_t n = 0; (n = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
        output.text.append(buffer.data(), n);
    output.code = ::pclose(pipe);
    return output;
}

std::string bytes_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string number(double value) {
    std::array<char, 40> text;
    std::snprintf(text.data(), text.size(), "%.12f", value);
    return text.data();
}

TEST(Store, H5pyPandasAndXarrayReadWhatWasWritten) {
    const Folder folder;
    const RunRecord record = small_record();
    Journal journal = Journal::create(folder / "run.sqlite", {});
    test::put_all(journal, record);
    journal.put_bad_input({"img/ü.png", "first/clean/0", "not a PNG"});
    const RunResults results = evaluate(journal, record, 2);
    write_results(folder / "results.h5", record, results, journal);

    const Output seen = output_of("/usr/bin/python3 " + test::in_source("tests/python/read_results.py").string() + " " +
                                  (folder / "results.h5").string());
    ASSERT_EQ(seen.code, 0) << seen.text;
    const double accuracy = test::point_of(results, "first/fog/2", "accuracy").estimate.value;
    EXPECT_THAT(seen.text, HasSubstr("schema misfire 1 1 7"));
    EXPECT_THAT(seen.text, HasSubstr("ids img/000000.png 200"));
    EXPECT_THAT(seen.text, HasSubstr("camera a,b,b,a,\n"));
    EXPECT_THAT(seen.text, HasSubstr("accuracy_from_outcomes " + number(accuracy)));
    EXPECT_THAT(seen.text,
                HasSubstr("nll_from_outcomes " + number(test::point_of(results, "first/fog/2", "nll").estimate.value)));
    EXPECT_THAT(seen.text, HasSubstr("scales /curves/fog/model /curves/fog/level severity fraction"));
    EXPECT_THAT(seen.text, HasSubstr("columns cell,model,shift,level,label,metric,group,value,low,high,n,status"));
    EXPECT_THAT(seen.text, HasSubstr("accuracy_from_pandas " + number(accuracy) + " 200"));
    for (const std::string engine : {"h5netcdf", "netcdf4"}) {
        EXPECT_THAT(seen.text,
                    HasSubstr(engine + " accuracy_from_xarray " + number(accuracy) + " ('model', 'level') ('model',)"));
    }
}

// Every Python block of docs/results-h5.md runs as it stands in a folder with a results.h5.
TEST(Store, SnippetsOfTheDocumentationRun) {
    const Folder folder;
    const RunRecord record = small_record();
    Journal journal = Journal::create(folder / "run.sqlite", {});
    test::put_all(journal, record);
    write_results(folder / "results.h5", record, evaluate(journal, record, 2), journal);
    const std::string page = bytes_of(test::in_source("docs/results-h5.md"));
    const std::string fence = "```python\n";
    int snippets = 0;
    for (std::size_t at = 0; (at = page.find(fence, at)) != std::string::npos; ++snippets) {
        at += fence.size();
        std::ofstream(folder / "snippet.py") << page.substr(at, page.find("```", at) - at);
        const Output seen = output_of("cd " + folder.path().string() + " && /usr/bin/python3 snippet.py");
        EXPECT_EQ(seen.code, 0) << seen.text;
        EXPECT_THAT(seen.text, HasSubstr("first"));
    }
    EXPECT_EQ(snippets, 4);
}

TEST(Store, EmptyTablesCanBeRead) {
    const Folder folder;
    RunRecord record = small_record(0);
    record.metrics.clear();
    record.shifts.clear();
    Journal journal = Journal::create(folder / "run.sqlite", {});
    write_results(folder / "results.h5", record, evaluate(journal, record, 1), journal);
    const Output seen = output_of("/usr/bin/python3 -c \"import pandas; print(len(pandas.read_hdf('" +
                                  (folder / "results.h5").string() + "', 'points')))\"");
    EXPECT_EQ(seen.text, "0\n");
    EXPECT_TRUE(read_summary(folder / "results.h5").results.points.empty());
}

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

TEST(Store, SummaryIsWhatWasWritten) {
    const Folder folder;
    RunRecord record = small_record();
    record.models[1].output = OutputKind::log_probabilities;
    record.models[1].parent = "first";
    record.models[1].quantised = true;
    record.skipped_cells["second/fog/3"] = "left out by --filter";
    record.curve_metrics = {"mce"};
    record.shifts[0].effect_meaning = "share of the sky";
    record.shifts[0].moves = "inputs";
    record.shifts[0].effects = {std::nan(""), 0.25, 0.5, 0.75};
    Journal journal = Journal::create(folder / "run.sqlite", {});
    test::put_all(journal, record);
    journal.put("first/fog/1", 0, {Status::error, "the engine said no", 0.5, {}});
    journal.put_bad_input({"img/ü.png", "first/clean/0", "not a PNG"});
    const RunResults results = evaluate(journal, record, 1);
    write_results(folder / "results.h5", record, results, journal);

    const RunSummary summary = read_summary(folder / "results.h5");
    EXPECT_EQ(summary.scenario, record.scenario);
    EXPECT_EQ(summary.seed, 7U);
    EXPECT_EQ(summary.environment.at("run_id"), "run-1");
    EXPECT_EQ(summary.environment.at("threads"), "2");
    EXPECT_TRUE(summary.results.complete);
    ASSERT_EQ(summary.models.size(), 2U);
    EXPECT_EQ(summary.models[1].output, OutputKind::log_probabilities);
    EXPECT_EQ(summary.models[1].parent, "first");
    EXPECT_TRUE(summary.models[1].quantised);
    EXPECT_EQ(summary.results.bad_inputs, results.bad_inputs);
    ASSERT_EQ(summary.results.cells.size(), results.cells.size());
    for (std::size_t i = 0; i < results.cells.size(); ++i) {
        const CellResult& read = summary.results.cells[i];
        const CellResult& written = results.cells[i];
        EXPECT_EQ(read.cell, written.cell);
        EXPECT_EQ(read.status, written.status);
        EXPECT_EQ(read.message, written.message);
        EXPECT_EQ(read.n, written.n);
        EXPECT_EQ(read.level, written.level);
        EXPECT_EQ(read.reference, written.reference);
        EXPECT_EQ(read.seconds, written.seconds);
    }
    ASSERT_EQ(summary.results.points.size(), results.points.size());
    for (std::size_t i = 0; i < results.points.size(); ++i) {
        const Point& read = summary.results.points[i];
        const Point& written = results.points[i];
        EXPECT_EQ(read.cell + read.shift + read.metric + read.group,
                  written.cell + written.shift + written.metric + written.group);
        EXPECT_TRUE(same(read.estimate.value, written.estimate.value) &&
                    same(read.estimate.low, written.estimate.low) && same(read.estimate.high, written.estimate.high));
        EXPECT_EQ(read.estimate.n, written.estimate.n);
        EXPECT_EQ(read.estimate.status, written.estimate.status);
    }
    EXPECT_EQ(summary.results.curves.size(), results.curves.size());
    ASSERT_EQ(results.aggregates.size(), 4U) << "mean_corruption_error and mce of two models";
    ASSERT_EQ(summary.results.aggregates.size(), results.aggregates.size());
    for (std::size_t i = 0; i < results.aggregates.size(); ++i) {
        const Aggregate &read = summary.results.aggregates[i], &written = results.aggregates[i];
        EXPECT_EQ(read.model, written.model);
        EXPECT_EQ(read.metric, written.metric);
        EXPECT_EQ(read.message, written.message);
        EXPECT_EQ(read.estimate.n, written.estimate.n);
        EXPECT_EQ(read.estimate.status, written.estimate.status);
        EXPECT_TRUE(same(read.estimate.value, written.estimate.value));
        EXPECT_TRUE(same(read.estimate.low, written.estimate.low));
        EXPECT_TRUE(same(read.estimate.high, written.estimate.high));
    }
    ASSERT_EQ(summary.results.breaking_points.size(), results.breaking_points.size());
    for (std::size_t i = 0; i < results.breaking_points.size(); ++i) {
        EXPECT_TRUE(same(summary.results.breaking_points[i].severity, results.breaking_points[i].severity));
        EXPECT_EQ(summary.results.breaking_points[i].censored, results.breaking_points[i].censored);
    }
    ASSERT_FALSE(results.group_breaking_points.empty());
    ASSERT_EQ(summary.results.group_breaking_points.size(), results.group_breaking_points.size());
    for (std::size_t i = 0; i < results.group_breaking_points.size(); ++i) {
        const GroupBreakingPoint &read = summary.results.group_breaking_points[i],
                                 &written = results.group_breaking_points[i];
        EXPECT_EQ(read.group, written.group);
        EXPECT_EQ(read.point.model + read.point.shift + read.point.metric,
                  written.point.model + written.point.shift + written.point.metric);
        EXPECT_TRUE(same(read.point.severity, written.point.severity));
    }
    ASSERT_EQ(results.effects.size(), 3U) << "the clean level has none";
    ASSERT_EQ(summary.results.effects.size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
        const Effect& read = summary.results.effects[i];
        EXPECT_EQ(read.shift + "/" + read.label, "fog/" + std::to_string(i + 1));
        EXPECT_EQ(read.level, static_cast<double>(i + 1));
        EXPECT_EQ(read.effect, 0.25 * static_cast<double>(i + 1));
        EXPECT_EQ(read.meaning, "share of the sky");
        EXPECT_EQ(read.moves, "inputs");
    }
}

TEST(Store, EqualRunsGiveEqualBytesWhateverTheBlocks) {
    const Folder folder;
    const auto write = [&](const std::string& name, std::size_t block, int threads) {
        RunRecord record = small_record(200, block);
        Journal journal = Journal::create(folder / (name + ".sqlite"), {});
        test::put_all(journal, record);
        RunResults results = evaluate(journal, record, threads);
        for (CellResult& cell : results.cells) cell.seconds = 0.0;
        write_results(folder / (name + ".h5"), record, results, journal);
        return bytes_of(folder / (name + ".h5"));
    };
    const std::string first = write("a", 64, 1);
    EXPECT_GT(first.size(), 10000U);
    EXPECT_EQ(first, write("b", 64, 2));
    EXPECT_EQ(first, write("c", 7, 2));
}

TEST(Store, KeepsLogitsWhenAsked) {
    const Folder folder;
    RunRecord record = small_record(6, 3, 2);
    record.keep = {"logits"};
    Journal journal = Journal::create(folder / "run.sqlite", {});
    for (const Cell& cell : cells_of(record)) {
        for (std::uint32_t block = 0; block < 2; ++block) {
            Outcomes outcomes = test::made_up_outcomes(record, cell, record.blocks[block]);
            for (const std::uint32_t row : record.blocks[block]) {
                for (int c = 0; c < 10; ++c)
                    outcomes.kept["logits"].push_back(static_cast<float>(row) + 0.01F * static_cast<float>(c));
            }
            journal.put(cell.name, block, {Status::ok, "", 0.0, outcomes});
        }
    }
    write_results(folder / "results.h5", record, evaluate(journal, record, 1), journal);
    const Output seen =
        output_of("/usr/bin/python3 -c \"import h5py; d = h5py.File('" + (folder / "results.h5").string() +
                  "')['samples/outcomes/first/fog/1/logits']; print(d.shape, d.dtype, *d[:, 3])\"");
    EXPECT_EQ(seen.text, "(6, 10) float32 0.03 1.03 2.03 3.03 4.03 5.03\n");
}

TEST(Store, UnfinishedRunIsMarkedSo) {
    const Folder folder;
    const RunRecord record = small_record();
    Journal journal = Journal::create(folder / "run.sqlite", {});
    const Cell cell = cells_of(record)[0];
    journal.put(cell.name, 1, {Status::ok, "", 0.0, test::made_up_outcomes(record, cell, record.blocks[1])});
    write_results(folder / "results.h5", record, evaluate(journal, record, 1), journal);
    const RunSummary summary = read_summary(folder / "results.h5");
    EXPECT_FALSE(summary.results.complete);
    EXPECT_EQ(summary.results.cells[0].n, 64);
    EXPECT_EQ(summary.results.cells[0].message, "1 of 4 blocks so far");
    EXPECT_EQ(summary.results.cells[1].status, Status::skipped);
    EXPECT_EQ(summary.results.cells[1].message, "not run yet");
}

TEST(Store, NoPartialFileStays) {
    const Folder folder;
    const RunRecord record = small_record(20, 8, 2);
    Journal journal = Journal::create(folder / "run.sqlite", {});
    test::put_all(journal, record);
    write_results(folder / "results.h5", record, evaluate(journal, record, 1), journal);
    write_results(folder / "results.h5", record, evaluate(journal, record, 1), journal);
    EXPECT_TRUE(std::filesystem::exists(folder / "results.h5"));
    EXPECT_FALSE(std::filesystem::exists(folder / "results.h5.partial"));
}

}  // namespace
}  // namespace misfire
