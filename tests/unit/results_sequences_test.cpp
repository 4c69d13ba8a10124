// Frames paired with earlier frames, on made-up answers.
#include <gmock/gmock.h>

#include <cmath>

#include "results/partners.h"
#include "tests/results_run.h"

namespace misfire {
namespace {

using test::Folder;
using testing::HasSubstr;

constexpr std::size_t samples = 6;

ShiftInfo film(const std::string& name, std::size_t frames, PairsWith pairs_with, std::size_t stride) {
    ShiftInfo shift = test::severity_shift(name, frames);
    shift.kind = "sequence";
    shift.unit = "frame";
    shift.reference_is_clean = false;
    shift.pairs_with = pairs_with;
    shift.pairs_stride = stride;
    return shift;
}

// Answers [frame][sample]; top5 counts on from the answer.
using Answers = std::vector<std::vector<std::int32_t>>;

class Frames : public ::testing::Test {
  protected:
    Frames() {
        record_ = test::small_record(samples, 4);
        record_.models.resize(1);
        record_.metrics = {"flip_rate", "top5_distance"};
        record_.curve_metrics = {"mean_flip_probability", "mean_top5_distance"};
    }

    void put(const ShiftInfo& shift, const Answers& answers) {
        for (std::size_t frame = 0; frame < answers.size(); ++frame) {
            for (std::uint32_t block = 0; block < record_.blocks.size(); ++block) {
                Outcomes outcomes = uncounted_rows(record_.blocks[block].size(), unreadable);
                outcomes.kept["top5"].assign(5 * outcomes.size(), std::nanf(""));
                for (std::size_t i = 0; i < outcomes.size(); ++i) {
                    const std::int32_t answer = answers[frame][record_.blocks[block][i]];
                    outcomes.prediction[i] = answer;
                    outcomes.target[i] = 0;
                    for (std::size_t k = 0; k < 5; ++k)
                        outcomes.kept["top5"][5 * i + k] = static_cast<float>(answer + static_cast<std::int32_t>(k));
                }
                journal_.put(cell_name("first", shift.name, std::to_string(frame)), block,
                             {Status::ok, "", 0.0, outcomes});
            }
        }
    }

    RunResults results() {
        journal_.flush();
        return evaluate(journal_, record_, 2);
    }

    static double value(const RunResults& results, const std::string& cell, const std::string& metric) {
        return test::point_of(results, "first/" + cell, metric).estimate.value;
    }

    Folder folder_;
    RunRecord record_;
    Journal journal_ = Journal::create(folder_ / "run.sqlite", {});
    const Answers answers_ = {{0, 0, 0, 0, 0, 0}, {0, 1, 0, 0, 0, 0}, {0, 0, 2, 0, 0, 0}, {0, 0, 2, 0, 0, 9}};
};

TEST_F(Frames, AreComparedWithTheFrameBefore) {
    record_.shifts = {film("rotate", 4, PairsWith::previous, 1)};
    put(record_.shifts[0], answers_);
    const RunResults run = results();
    EXPECT_TRUE(std::isnan(value(run, "rotate/0", "flip_rate")));
    EXPECT_THAT(test::point_of(run, "first/rotate/0", "flip_rate").message, HasSubstr("no frame 1 before this one"));
    EXPECT_DOUBLE_EQ(value(run, "rotate/1", "flip_rate"), 1.0 / 6.0);
    EXPECT_DOUBLE_EQ(value(run, "rotate/2", "flip_rate"), 2.0 / 6.0);
    EXPECT_DOUBLE_EQ(value(run, "rotate/3", "flip_rate"), 1.0 / 6.0);
    // 0,1,2,3,4 against 1,2,3,4,5: class 0 is gone (5 places), the others moved up by one (4)
    EXPECT_DOUBLE_EQ(value(run, "rotate/1", "top5_distance"), 9.0 / 6.0);
    ASSERT_EQ(run.aggregates.size(), 2U);
    EXPECT_EQ(run.aggregates[0].metric, "mean_flip_probability");
    EXPECT_DOUBLE_EQ(run.aggregates[0].estimate.value, 4.0 / 18.0) << "4 flips in 3 pairs of 6 samples";
    EXPECT_EQ(run.aggregates[0].estimate.n, 6);
}

TEST_F(Frames, AtDifficultyTwoAreComparedWithTheOneTwoBefore) {
    record_.shifts = {film("rotate", 4, PairsWith::previous, 2)};
    put(record_.shifts[0], answers_);
    const RunResults run = results();
    EXPECT_TRUE(std::isnan(value(run, "rotate/1", "flip_rate")));
    EXPECT_DOUBLE_EQ(value(run, "rotate/2", "flip_rate"), 1.0 / 6.0);
    EXPECT_DOUBLE_EQ(value(run, "rotate/3", "flip_rate"), 3.0 / 6.0);
    EXPECT_DOUBLE_EQ(run.aggregates[0].estimate.value, 4.0 / 12.0);
}

TEST_F(Frames, OfNoiseAreComparedWithTheFirst) {
    record_.shifts = {film("noise", 4, PairsWith::reference, 1)};
    put(record_.shifts[0], answers_);
    const RunResults run = results();
    EXPECT_TRUE(std::isnan(value(run, "noise/0", "flip_rate"))) << "the first frame is compared with nothing";
    EXPECT_DOUBLE_EQ(value(run, "noise/2", "flip_rate"), 1.0 / 6.0);
    EXPECT_DOUBLE_EQ(value(run, "noise/3", "flip_rate"), 2.0 / 6.0);
    EXPECT_DOUBLE_EQ(run.aggregates[0].estimate.value, 4.0 / 18.0);
}

TEST_F(Frames, ThatCannotBeReadLeaveTheOtherPairsOfTheirSample) {
    record_.shifts = {film("rotate", 4, PairsWith::previous, 1)};
    Answers answers = answers_;
    answers[3][1] = unreadable;  // leaves sample 1 with two flips in two pairs
    put(record_.shifts[0], answers);
    const RunResults run = results();
    EXPECT_DOUBLE_EQ(run.aggregates[0].estimate.value, (2.0 / 2.0 + 1.0 / 3.0 + 1.0 / 3.0) / 6.0);
}

TEST_F(Frames, SequencesWeighTheSame) {
    record_.shifts = {film("rotate", 4, PairsWith::previous, 1), film("noise", 2, PairsWith::reference, 1)};
    put(record_.shifts[0], answers_);
    put(record_.shifts[1], {answers_[0], answers_[1]});
    EXPECT_DOUBLE_EQ(results().aggregates[0].estimate.value, 0.5 * (4.0 / 18.0 + 1.0 / 6.0));
}

TEST_F(Frames, ARatioToAModelThatNeverFlipsIsUndefined) {
    record_.shifts = {film("rotate", 2, PairsWith::previous, 1)};
    record_.curve_metrics = {"mean_flip_probability_to_reference"};
    record_.reference_model = "first";
    put(record_.shifts[0], {answers_[0], answers_[0]});
    const RunResults run = results();
    EXPECT_EQ(run.aggregates[1].estimate.status, Status::undefined);
    EXPECT_THAT(run.aggregates[1].message, HasSubstr("a sum that divides is 0"));
}

TEST_F(Frames, Top5DistanceNeedsFiveClasses) {
    record_.models[0].classes = 4;
    record_.shifts = {film("rotate", 4, PairsWith::previous, 1)};
    put(record_.shifts[0], answers_);
    const RunResults run = results();
    EXPECT_THAT(test::point_of(run, "first/rotate/1", "top5_distance").message, HasSubstr("at least 5 classes"));
    EXPECT_THAT(run.aggregates[1].message, HasSubstr("needs at least 5 classes, first has 4"));
}

TEST(Partners, OfASeverityShiftPairedWithThePreviousLevelStartAtTheCleanData) {
    RunRecord record = test::small_record();
    record.shifts[0].pairs_with = PairsWith::previous;
    const std::vector<Cell> cells = cells_of(record);
    const auto partner_name = [&](const std::string& name) {
        for (std::size_t c = 0; c < cells.size(); ++c) {
            if (cells[c].name == name) return cells[*partner_of(record, cells, c).cell].name;
        }
        return std::string();
    };
    EXPECT_EQ(partner_name("second/fog/1"), "second/clean/0");
    EXPECT_EQ(partner_name("second/fog/3"), "second/fog/2");
    EXPECT_EQ(partner_name("second/gaussian_noise/3"), "second/clean/0");
}

}  // namespace
}  // namespace misfire
