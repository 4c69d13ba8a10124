// results.h5 alone gives back what the journal and the record held.
#include "results/results_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>

#include "core/error.h"
#include "results/cell_estimates.h"
#include "tests/results_run.h"

namespace misfire {
namespace {

using test::Folder;
using test::small_record;

std::vector<std::uint32_t> bits_of(const std::vector<float>& values) {
    std::vector<std::uint32_t> bits;
    for (const float value : values) bits.push_back(std::bit_cast<std::uint32_t>(value));
    return bits;
}

void expect_same(const Outcomes& read, const Outcomes& written) {
    EXPECT_EQ(read.prediction, written.prediction);
    EXPECT_EQ(read.target, written.target);
    EXPECT_EQ(read.target_rank, written.target_rank);
    EXPECT_EQ(bits_of(read.confidence), bits_of(written.confidence));
    EXPECT_EQ(bits_of(read.loss), bits_of(written.loss));
    EXPECT_EQ(bits_of(read.brier), bits_of(written.brier));
    EXPECT_EQ(read.kept, written.kept);
}

TEST(ResultsFile, GivesBackOutcomesAndRecord) {
    const Folder folder;
    RunRecord record = small_record();
    record.class_names = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"};
    record.models[0].class_names = record.class_names;
    record.shifts[1].reference_is_clean = false;
    record.shifts[1].reference_level = 1;
    record.shifts[1].version = "gaussian_noise 1";
    record.shifts[1].parameter_set = "cifar-c";
    record.shifts[1].effects = {0.0, 0.5, 1.0, 2.0};
    record.reference_model = "first";
    Journal journal = Journal::create(folder / "run.sqlite", {});
    test::put_all(journal, record);
    write_results(folder / "results.h5", record, evaluate(journal, record, 1), journal);

    const ResultsFile file(folder.path());
    const RunRecord& read = file.record();
    EXPECT_EQ(read.sample_ids, record.sample_ids);
    EXPECT_EQ(read.targets, record.targets);
    EXPECT_EQ(read.attribute_names, record.attribute_names);
    EXPECT_EQ(read.attributes, record.attributes);
    EXPECT_EQ(read.class_names, record.class_names);
    EXPECT_EQ(read.models[0].class_names, record.class_names);
    EXPECT_EQ(read.dataset, "made_up");
    EXPECT_EQ(read.metrics, record.metrics);
    EXPECT_EQ(read.reference_model, "first");
    EXPECT_EQ(read.run_id, "run-1");
    ASSERT_EQ(read.shifts.size(), 2U);
    EXPECT_EQ(read.shifts[1].version, "gaussian_noise 1");
    EXPECT_EQ(read.shifts[1].parameter_set, "cifar-c");
    EXPECT_EQ(read.shifts[1].reference_level, 1U);
    EXPECT_FALSE(read.shifts[1].reference_is_clean);
    EXPECT_EQ(read.shifts[1].effects, record.shifts[1].effects);
    EXPECT_EQ(file.summary().data_sha256.size(), 64U);
    std::vector<std::string> names;
    for (const Cell& cell : cells_of(read)) names.push_back(cell.name);
    std::size_t c = 0;
    for (const Cell& cell : cells_of(record)) {
        EXPECT_EQ(names[c++], cell.name);
        const Outcomes written = cell_outcomes(journal, record, cell.name);
        const Outcomes outcomes = file.outcomes(cell.name);
        expect_same(outcomes, written);
        const std::vector<std::int8_t> correct = file.correct(cell.name);
        for (std::size_t row = 0; row < outcomes.size(); ++row)
            ASSERT_EQ(correct[row], outcomes.counts(row) ? (outcomes.correct(row) ? 1 : 0) : -1);
    }
    EXPECT_EQ(groups_of(read).size(), groups_of(record).size());
}

TEST(ResultsFile, KeepsTargetsThatAreNotThoseOfTheSamplesAndWhatAShiftShows) {
    const Folder folder;
    RunRecord record = small_record(30, 30, 2);
    record.targets.clear();
    record.keep = {"top5"};
    Journal journal = Journal::create(folder / "run.sqlite", {});
    const Cell cell = cells_of(record)[1];
    RunRecord labelled = small_record(30, 30, 2);
    Outcomes outcomes = test::made_up_outcomes(labelled, cell, record.blocks[0]);
    for (std::size_t i = 0; i < 30; ++i) {
        outcomes.kept[shows_column].push_back(static_cast<float>((i + 1) % 30));
        for (int place = 0; place < 5; ++place) outcomes.kept["top5"].push_back(static_cast<float>(place));
    }
    journal.put(cell.name, 0, {Status::ok, "", 0.0, outcomes});
    write_results(folder / "results.h5", record, evaluate(journal, record, 1), journal);
    const ResultsFile file(folder / "results.h5");
    expect_same(file.outcomes(cell.name), cell_outcomes(journal, record, cell.name));
    EXPECT_TRUE(file.record().targets.empty());
    EXPECT_FALSE(file.has_outcomes("first/clean/0")) << "it did not run";
    EXPECT_THROW(static_cast<void>(file.outcomes("first/clean/0")), StoreError);
}

TEST(ResultsFile, GivesBackRegressions) {
    const Folder folder;
    RunRecord record = small_record(40, 16, 2);
    record.targets.clear();
    record.models.resize(1);
    record.models[0].output = OutputKind::regression;
    record.models[0].classes = 0;
    record.models[0].quantiles = {0.1, 0.5, 0.9};
    record.metrics = {"mae"};
    Journal journal = Journal::create(folder / "run.sqlite", {});
    for (const Cell& cell : cells_of(record)) {
        for (std::uint32_t block = 0; block < record.blocks.size(); ++block) {
            std::vector<float> values, actual;
            for (const std::uint32_t row : record.blocks[block]) {
                const auto number = static_cast<float>(row);
                values.insert(values.end(), {number - 1.0F, number + 0.5F, number + 2.0F});
                actual.push_back(number);
            }
            journal.put(cell.name, block,
                        {Status::ok, "", 0.0,
                         score_regression(values, static_cast<std::int64_t>(actual.size()), 3,
                                          record.models[0].quantiles, actual)});
        }
    }
    write_results(folder / "results.h5", record, evaluate(journal, record, 1), journal);
    const ResultsFile file(folder / "results.h5");
    EXPECT_EQ(file.record().models[0].quantiles, record.models[0].quantiles);
    for (const Cell& cell : cells_of(record)) {
        const Outcomes written = cell_outcomes(journal, record, cell.name);
        const Outcomes read = file.outcomes(cell.name);
        EXPECT_EQ(read.prediction, written.prediction);
        EXPECT_EQ(read.kept, written.kept);
    }
}

TEST(ResultsFile, ADirectoryWithoutResultsIsRefused) {
    const Folder folder;
    try {
        const ResultsFile file(folder.path());
        FAIL();
    } catch (const StoreError& error) {
        EXPECT_THAT(error.what(), ::testing::HasSubstr("there is no results.h5 in"));
        EXPECT_THAT(error.what(), ::testing::HasSubstr("misfire resume"));
    }
}

}  // namespace
}  // namespace misfire
