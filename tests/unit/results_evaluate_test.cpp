#include "results/evaluate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "core/error.h"
#include "results/statistics.h"
#include "tests/results_run.h"

namespace misfire {
namespace {

using test::Folder;
using test::point_of;
using test::small_record;

class Evaluate : public ::testing::Test {
  protected:
    Folder folder_;
    RunRecord record_ = small_record();
    Journal journal_ = Journal::create(folder_ / "run.sqlite", {});
};

TEST_F(Evaluate, CellsHaveHierarchicalNamesAndShareTheReference) {
    std::vector<std::string> names;
    for (const Cell& cell : cells_of(record_)) names.push_back(cell.name);
    const std::vector<std::string> expected{"first/clean/0",
                                            "first/fog/1",
                                            "first/fog/2",
                                            "first/fog/3",
                                            "first/gaussian_noise/1",
                                            "first/gaussian_noise/2",
                                            "first/gaussian_noise/3",
                                            "second/clean/0",
                                            "second/fog/1",
                                            "second/fog/2",
                                            "second/fog/3",
                                            "second/gaussian_noise/1",
                                            "second/gaussian_noise/2",
                                            "second/gaussian_noise/3"};
    EXPECT_EQ(names, expected);
}

TEST_F(Evaluate, AccuracyIsTheShareOfHits) {
    test::put_all(journal_, record_);
    const RunResults results = evaluate(journal_, record_, 2);
    EXPECT_TRUE(results.complete);
    const Outcomes outcomes = cell_outcomes(journal_, record_, "second/fog/3");
    std::int64_t hits = 0;
    std::int64_t hits_a = 0;
    std::int64_t n_a = 0;
    for (std::size_t row = 0; row < outcomes.size(); ++row) {
        EXPECT_EQ(outcomes.target[row], record_.targets[row]);
        hits += outcomes.correct(row) ? 1 : 0;
        if (record_.attributes[0][row] == "a") {
            ++n_a;
            hits_a += outcomes.correct(row) ? 1 : 0;
        }
    }
    const Estimate all = point_of(results, "second/fog/3", "accuracy").estimate;
    EXPECT_DOUBLE_EQ(all.value, static_cast<double>(hits) / 200.0);
    EXPECT_EQ(all.low, wilson_interval(hits, 200).low);
    EXPECT_EQ(all.n, 200);
    const Estimate a = point_of(results, "second/fog/3", "accuracy", "camera=a").estimate;
    EXPECT_DOUBLE_EQ(a.value, static_cast<double>(hits_a) / static_cast<double>(n_a));
    EXPECT_EQ(a.n, n_a);
    const Estimate b = point_of(results, "second/fog/3", "accuracy", "camera=b").estimate;
    const Estimate worst = point_of(results, "second/fog/3", "worst_group_accuracy").estimate;
    EXPECT_DOUBLE_EQ(worst.value, std::min(a.value, b.value));
    EXPECT_DOUBLE_EQ(point_of(results, "second/fog/3", "accuracy_gap").estimate.value, std::abs(a.value - b.value));
    EXPECT_LE(worst.low, worst.value);
    EXPECT_GE(worst.high, worst.value);
    const Estimate nll = point_of(results, "second/fog/3", "nll").estimate;
    EXPECT_LT(nll.low, nll.value);
    EXPECT_GT(nll.high, nll.value);
}

TEST_F(Evaluate, EveryShiftStartsAtTheSharedReference) {
    test::put_all(journal_, record_);
    const RunResults results = evaluate(journal_, record_, 1);
    for (const std::string shift : {"fog", "gaussian_noise"}) {
        const Point& point = point_of(results, "first/clean/0", "flip_rate", "", shift);
        EXPECT_EQ(point.level, 0.0);
        EXPECT_EQ(point.estimate.value, 0.0);
    }
    ASSERT_EQ(results.curves.size(), 2 * record_.metrics.size());
    EXPECT_EQ(results.curves[0].levels, (std::vector<double>{0, 1, 2, 3}));
    EXPECT_EQ(results.curves[0].values[4], point_of(results, "second/clean/0", "accuracy").estimate.value);
    EXPECT_LT(results.curves[0].area[0], 1.0);
    EXPECT_GT(results.curves[0].drop[0], 0.0);
}

TEST_F(Evaluate, ThreadsAndBlocksChangeNothing) {
    test::put_all(journal_, record_);
    const RunRecord other = small_record(200, 13);
    Journal other_journal = Journal::create(folder_ / "other.sqlite", {});
    test::put_all(other_journal, other);
    const RunResults one = evaluate(journal_, record_, 1);
    const RunResults two = evaluate(other_journal, other, 2);
    ASSERT_EQ(one.points.size(), two.points.size());
    for (std::size_t i = 0; i < one.points.size(); ++i) {
        ASSERT_EQ(one.points[i].cell, two.points[i].cell);
        if (std::isnan(one.points[i].estimate.value)) continue;
        ASSERT_EQ(one.points[i].estimate.value, two.points[i].estimate.value);
        ASSERT_EQ(one.points[i].estimate.low, two.points[i].estimate.low);
        ASSERT_EQ(one.points[i].estimate.high, two.points[i].estimate.high);
    }
}

TEST_F(Evaluate, FailedCellIsARowAndTheRestGoesOn) {
    test::put_all(journal_, record_);
    journal_.put("first/fog/2", 1, {Status::error, "the engine said no", 0.0, {}});
    const RunResults results = evaluate(journal_, record_, 1);
    const Point& failed = point_of(results, "first/fog/2", "accuracy");
    EXPECT_EQ(failed.estimate.status, Status::error);
    EXPECT_TRUE(std::isnan(failed.estimate.value));
    EXPECT_EQ(failed.message, "the engine said no");
    EXPECT_EQ(point_of(results, "first/fog/3", "accuracy").estimate.status, Status::ok);
    for (const CellResult& cell : results.cells) {
        EXPECT_EQ(cell.status, cell.cell == "first/fog/2" ? Status::error : Status::ok);
    }
    EXPECT_TRUE(std::isnan(results.curves[0].values[2]));
    EXPECT_TRUE(std::isnan(results.curves[0].area[0]));
    EXPECT_FALSE(std::isnan(results.curves[0].area[1]));
}

TEST_F(Evaluate, FailedReferenceLeavesNothingToPairWith) {
    test::put_all(journal_, record_);
    for (std::uint32_t block = 0; block < record_.blocks.size(); ++block) {
        journal_.put("first/clean/0", block, {Status::error, "the engine said no", 0.0, {}});
    }
    const RunResults results = evaluate(journal_, record_, 1);
    const Point& flips = point_of(results, "first/fog/2", "flip_rate");
    EXPECT_EQ(flips.estimate.status, Status::undefined);
    EXPECT_EQ(flips.message, "the reference level first/clean/0 has no outcomes");
    EXPECT_EQ(point_of(results, "first/fog/2", "accuracy").estimate.status, Status::ok);
    EXPECT_TRUE(std::isnan(results.breaking_points[0].severity));
}

TEST_F(Evaluate, UnreadableInputsCountNowhere) {
    for (const Cell& cell : cells_of(record_)) {
        for (std::uint32_t block = 0; block < record_.blocks.size(); ++block) {
            Outcomes outcomes = test::made_up_outcomes(record_, cell, record_.blocks[block]);
            for (std::size_t i = 0; i < record_.blocks[block].size(); ++i) {
                const std::vector<std::uint32_t> at{static_cast<std::uint32_t>(i)};
                if (record_.blocks[block][i] % 10 == 0) assign(outcomes, at, uncounted_rows(1, unreadable));
            }
            journal_.put(cell.name, block, {Status::ok, "", 0.0, outcomes});
        }
    }
    const RunResults results = evaluate(journal_, record_, 1);
    for (const Point& point : results.points) {
        if (point.group.empty() && point.metric != "worst_group_accuracy" && point.metric != "accuracy_gap") {
            EXPECT_EQ(point.estimate.n, 180) << point.metric;
        }
        EXPECT_EQ(point.estimate.status, Status::ok) << point.metric << point.message;
    }
    EXPECT_EQ(results.cells[0].n, 180);
}

TEST_F(Evaluate, SkippedCellsAreNamedAndTheRunIsComplete) {
    record_.skipped_cells["second/fog/2"] = "left out by --filter";
    for (const Cell& cell : cells_of(record_)) {
        if (record_.skipped_cells.contains(cell.name)) continue;
        for (std::uint32_t block = 0; block < record_.blocks.size(); ++block) {
            journal_.put(cell.name, block,
                         {Status::ok, "", 0.0, test::made_up_outcomes(record_, cell, record_.blocks[block])});
        }
    }
    const RunResults results = evaluate(journal_, record_, 1);
    EXPECT_TRUE(results.complete);
    EXPECT_EQ(point_of(results, "second/fog/2", "nll").estimate.status, Status::skipped);
}

TEST_F(Evaluate, RunWithoutLabelsAgreesWithItsOwnAnswers) {
    record_.targets.clear();
    const RunRecord labelled = small_record();
    for (const Cell& cell : cells_of(record_)) {
        for (std::uint32_t block = 0; block < record_.blocks.size(); ++block) {
            const auto& rows = record_.blocks[block];
            Outcomes outcomes = test::made_up_outcomes(labelled, cell, rows);
            const Cell clean = cells_of(record_)[cell.model * 7];
            outcomes.target = test::made_up_outcomes(labelled, clean, rows).prediction;
            journal_.put(cell.name, block, {Status::ok, "", 0.0, outcomes});
        }
    }
    const RunResults results = evaluate(journal_, record_, 1);
    EXPECT_EQ(point_of(results, "first/clean/0", "accuracy").estimate.value, 1.0);
    EXPECT_DOUBLE_EQ(point_of(results, "first/fog/3", "accuracy").estimate.value,
                     1.0 - point_of(results, "first/fog/3", "flip_rate").estimate.value);
}

TEST_F(Evaluate, TooFewClassesForTop5) {
    record_.models[0].classes = 5;
    test::put_all(journal_, record_);
    const RunResults results = evaluate(journal_, record_, 1);
    EXPECT_EQ(point_of(results, "first/fog/1", "top5").message, "top5 needs at least 6 classes, the model has 5");
    EXPECT_EQ(point_of(results, "second/fog/1", "top5").estimate.status, Status::ok);
}

TEST_F(Evaluate, WithoutGroupsThereIsNoWorstGroup) {
    record_.attribute_names.clear();
    record_.attributes.clear();
    test::put_all(journal_, record_);
    const RunResults results = evaluate(journal_, record_, 1);
    const Point& worst = point_of(results, "first/fog/1", "worst_group_accuracy");
    EXPECT_EQ(worst.estimate.status, Status::undefined);
}

TEST_F(Evaluate, RunWithoutShiftsHasItsCleanPoints) {
    record_.shifts.clear();
    test::put_all(journal_, record_);
    const RunResults results = evaluate(journal_, record_, 1);
    EXPECT_EQ(results.cells.size(), 2U);
    EXPECT_EQ(point_of(results, "second/clean/0", "accuracy").shift, "clean");
}

TEST_F(Evaluate, TileOfTheWrongLengthIsAStoreError) {
    journal_.put("first/clean/0", 0, {Status::ok, "", 0.0, uncounted_rows(3, 1)});
    EXPECT_THROW(evaluate(journal_, record_, 1), StoreError);
}

TEST_F(Evaluate, ReferenceWithinTheShiftIsACellOfItsOwn) {
    ShiftInfo& shift = record_.shifts[1];
    shift.reference_is_clean = false;
    shift.reference_level = 1;
    test::put_all(journal_, record_);
    const RunResults results = evaluate(journal_, record_, 1);
    EXPECT_EQ(point_of(results, "first/gaussian_noise/1", "flip_rate").estimate.value, 0.0);
    EXPECT_GT(point_of(results, "first/gaussian_noise/0", "flip_rate").estimate.value, 0.0);
}

TEST_F(Evaluate, RecordSurvivesJson) {
    record_.models[1].geometry = {Geometry::Kind::shorter_side_then_crop, 0, 0, 256, 224};
    record_.models[1].tensor.mean = {0.485, 0.456, 0.406};
    record_.skipped_cells["second/fog/2"] = "left out by --filter";
    record_.keep = {"logits"};
    const RunRecord back = run_record_from_json(to_json(record_));
    EXPECT_EQ(to_json(back), to_json(record_));
    EXPECT_EQ(back.models[1].geometry, record_.models[1].geometry);
    EXPECT_EQ(back.models[1].tensor, record_.models[1].tensor);
    EXPECT_EQ(back.blocks, record_.blocks);
    EXPECT_EQ(back.attributes, record_.attributes);
    EXPECT_EQ(back.shifts[1].levels[2].label, "2");
}

}  // namespace
}  // namespace misfire
