// Metrics over many cells: formulas against published and hand-computed figures, then over made-up runs.
#include <gmock/gmock.h>

#include <array>
#include <cmath>
#include <numeric>

#include "results/aggregates.h"
#include "results/curve_metrics/corruption_error.h"
#include "results/curve_metrics/imagenet_c.h"
#include "results/curve_metrics/registry.h"
#include "results/curve_metrics/sequence_stability.h"
#include "results/metrics/registry.h"
#include "results/metrics/top5_distance.h"
#include "tests/results_run.h"

namespace misfire {
namespace {

using test::Folder;
using test::small_record;
using testing::HasSubstr;

const Aggregate& aggregate_of(const RunResults& results, const std::string& model, const std::string& metric) {
    for (const Aggregate& aggregate : results.aggregates) {
        if (aggregate.model == model && aggregate.metric == metric) return aggregate;
    }
    throw std::out_of_range("no aggregate " + model + " " + metric);
}

// Top-1 accuracies (%) of ResNet-50 under each corruption, means over severities, in the order of
// imagenet_c_corruptions(), and clean: bethgelab/game-of-noise at f220bd4, Results/clean_results.txt, which gives mCE
// 76.70 (Rusak et al., ECCV 2020; relative mCE 105.0).
std::vector<ShiftErrors> resnet50_errors() {
    const std::array<double, 15> accuracies = {29.29, 27.03, 23.81, 38.75, 26.79, 38.67, 36.24, 32.53,
                                               38.14, 45.83, 68.02, 39.06, 45.25, 44.79, 53.41};
    std::vector<ShiftErrors> errors;
    for (const double accuracy : accuracies) errors.push_back({5 * (1.0 - accuracy / 100.0), 1.0 - 0.7613, 5});
    return errors;
}

TEST(CorruptionError, PublishedAccuraciesOfResNet50GiveThePublishedMce) {
    EXPECT_NEAR(mean_corruption_error(resnet50_errors(), alexnet_errors(), Normalisation::absolute), 76.70, 0.01);
    EXPECT_NEAR(mean_corruption_error(resnet50_errors(), alexnet_errors(), Normalisation::relative), 105.0, 0.1);
}

TEST(CorruptionError, AlexNetIsAHundred) {
    EXPECT_NEAR(mean_corruption_error(alexnet_errors(), alexnet_errors(), Normalisation::absolute), 100.0, 1e-9);
    EXPECT_NEAR(mean_corruption_error(alexnet_errors(), alexnet_errors(), Normalisation::relative), 100.0, 1e-9);
    EXPECT_NEAR(mean_corruption_error(alexnet_errors(), {}, Normalisation::none), 0.788993, 1e-6)
        << "mean of the 15 published constants";
}

TEST(CorruptionError, ByHand) {
    const std::vector<ShiftErrors> model = {{0.9, 0.1, 3}, {0.8, 0.1, 2}};      // means 0.3 and 0.4
    const std::vector<ShiftErrors> reference = {{1.2, 0.2, 3}, {1.0, 0.2, 2}};  // ratios 0.75 and 0.8
    EXPECT_NEAR(mean_corruption_error(model, reference, Normalisation::none), 0.35, 1e-12);
    EXPECT_NEAR(mean_corruption_error(model, reference, Normalisation::absolute), 77.5, 1e-12);
    // (0.9 - 0.3) / (1.2 - 0.6) = 1 and (0.8 - 0.2) / (1.0 - 0.4) = 1
    EXPECT_NEAR(mean_corruption_error(model, reference, Normalisation::relative), 100.0, 1e-12);
    const std::vector<ShiftErrors> perfect = {{0.0, 0.0, 3}, {0.0, 0.0, 2}};
    EXPECT_TRUE(std::isnan(mean_corruption_error(model, perfect, Normalisation::absolute)));
    EXPECT_TRUE(std::isnan(mean_corruption_error({}, {}, Normalisation::none)));
}

// The published evaluation (hendrycks/robustness, ImageNet-P/test.py): c counts places 1..5 from the front; sum over
// the first five places of |c[i] - c[place in the other ranking]|.
int published_top5_distance(const std::vector<int>& first, const std::vector<int>& second) {
    int sum = 0;
    for (int i = 0; i < 5; ++i) {
        const auto place = std::find(second.begin(), second.end(), first[static_cast<std::size_t>(i)]) - second.begin();
        sum += std::abs(std::min(i, 5) - std::min(static_cast<int>(place), 5));
    }
    return sum;
}

TEST(Top5DistanceOfTwoRankings, IsThatOfThePublishedEvaluation) {
    std::vector<int> first(12), second(12);
    std::iota(first.begin(), first.end(), 0);
    for (std::uint32_t shuffle = 0; shuffle < 50; ++shuffle) {
        std::iota(second.begin(), second.end(), 0);
        const Random random(shuffle);
        for (std::size_t i = 0; i + 1 < second.size(); ++i) {
            std::int32_t other = 0;
            random.integers(std::span(&other, 1), static_cast<std::int32_t>(i), 12, 0, i);
            std::swap(second[i], second[static_cast<std::size_t>(other)]);
        }
        const std::vector<float> a(first.begin(), first.begin() + 5), b(second.begin(), second.begin() + 5);
        EXPECT_EQ(top5_distance(a, b), published_top5_distance(first, second));
    }
}

TEST(Top5DistanceOfTwoRankings, ByHand) {
    const std::vector<float> a = {3, 1, 4, 0, 5};
    EXPECT_EQ(top5_distance(a, a), 0);
    EXPECT_EQ(top5_distance(a, std::vector<float>{1, 3, 4, 0, 5}), 2) << "the first two change places";
    EXPECT_EQ(top5_distance(a, std::vector<float>{3, 1, 4, 0, 9}), 1) << "the fifth falls out";
    EXPECT_EQ(top5_distance(a, std::vector<float>{9, 1, 4, 0, 5}), 5) << "the first falls out";
    EXPECT_EQ(top5_distance(a, std::vector<float>{6, 7, 8, 9, 2}), largest_top5_distance);
    const std::vector<float> none(5, std::nanf(""));
    EXPECT_EQ(top5_distance(a, none), largest_top5_distance);
    EXPECT_EQ(top5_distance(none, none), 0);
}

TEST(Top5DistanceOfTwoRankings, ChanceIsItsMeanOverAllPlaces) {
    const Metric& metric = metric_named("top5_distance");
    EXPECT_DOUBLE_EQ(metric.chance(5), 8.0);  // 40 / 5
    double mean = 0.0;                        // of places of one class after the other, 12 classes
    for (int place = 0; place < 5; ++place) {
        for (int other = 0; other < 12; ++other) mean += std::abs(place - std::min(other, 5)) / 12.0;
    }
    EXPECT_NEAR(metric.chance(12), mean, 1e-12);
}

TEST(Top5Classes, AreSortedWithTiesByIndex) {
    const std::vector<float> values = {0, 5, 5, 1, 2, 3, std::nanf(""), 0, 0, 0, 0, 0};
    const std::vector<float> classes = top5_classes(values, 2, 6, OutputKind::logits);
    EXPECT_THAT(std::vector<float>(classes.begin(), classes.begin() + 5), testing::ElementsAre(1, 2, 5, 4, 3));
    EXPECT_TRUE(std::isnan(classes[5]));
}

TEST(PairsOfFrames, AreAveragedPerSampleFirst) {
    const std::vector<std::int8_t> one = {1, 0, -1, -1}, two = {0, 0, 1, -1}, three = {1, 0, -1, -1};
    const std::vector<double> means = mean_over_pairs({&one, &two, &three});
    EXPECT_DOUBLE_EQ(means[0], 2.0 / 3.0);
    EXPECT_EQ(means[1], 0.0);
    EXPECT_EQ(means[2], 1.0);
    EXPECT_TRUE(std::isnan(means[3]));
}

class Aggregates : public ::testing::Test {
  protected:
    RunResults evaluated(const RunRecord& record, int threads = 2) {
        Journal journal = Journal::create(folder_ / ("run" + std::to_string(++runs_) + ".sqlite"), {});
        test::put_all(journal, record);
        return evaluate(journal, record, threads);
    }
    Folder folder_;
    int runs_ = 0;
};

TEST_F(Aggregates, MeanCorruptionErrorIsThereWithoutBeingNamed) {
    const RunResults results = evaluated(small_record());
    ASSERT_EQ(results.aggregates.size(), 2U) << "one per model";
    double sum = 0.0;
    for (const char* shift : {"fog", "gaussian_noise"}) {
        for (const char* level : {"1", "2", "3"}) {
            const std::string cell = std::string("second/") + shift + "/" + level;
            sum += (1.0 - test::point_of(results, cell, "accuracy").estimate.value) / 6.0;
        }
    }
    const Aggregate& second = aggregate_of(results, "second", "mean_corruption_error");
    EXPECT_NEAR(second.estimate.value, sum, 1e-12);
    EXPECT_LT(second.estimate.low, sum);
    EXPECT_GT(second.estimate.high, sum);
    EXPECT_EQ(second.estimate.n, 200);
    EXPECT_EQ(second.estimate.status, Status::ok);
}

TEST_F(Aggregates, DependOnNeitherThreadsNorBlocks) {
    RunRecord record = small_record();
    record.curve_metrics = {"mce_to_reference", "relative_mce_to_reference"};
    record.reference_model = "first";
    RunRecord other = small_record(200, 17);
    other.curve_metrics = record.curve_metrics;
    other.reference_model = "first";
    const RunResults a = evaluated(record, 1), b = evaluated(other, 3);
    ASSERT_EQ(a.aggregates.size(), 6U);
    for (std::size_t i = 0; i < a.aggregates.size(); ++i) {
        EXPECT_EQ(a.aggregates[i].metric, b.aggregates[i].metric);
        EXPECT_EQ(a.aggregates[i].estimate.value, b.aggregates[i].estimate.value);
        EXPECT_EQ(a.aggregates[i].estimate.low, b.aggregates[i].estimate.low);
        EXPECT_EQ(a.aggregates[i].estimate.high, b.aggregates[i].estimate.high);
    }
}

TEST_F(Aggregates, TheReferenceModelIsAHundredAndItsIntervalAPoint) {
    RunRecord record = small_record();
    record.curve_metrics = {"mce_to_reference", "relative_mce_to_reference"};
    record.reference_model = "first";
    const RunResults results = evaluated(record);
    for (const std::string& metric : record.curve_metrics) {
        const Estimate own = aggregate_of(results, "first", metric).estimate;
        EXPECT_NEAR(own.value, 100.0, 1e-9);
        EXPECT_NEAR(own.low, 100.0, 1e-9) << "the draws are shared by both models";
        EXPECT_NEAR(own.high, 100.0, 1e-9);
    }
    double ratios = 0.0;
    for (const char* shift : {"fog", "gaussian_noise"}) {
        double sums[2] = {0.0, 0.0};
        for (int level = 1; level <= 3; ++level) {
            const std::string rest = std::string("/") + shift + "/" + std::to_string(level);
            sums[0] += 1.0 - test::point_of(results, "first" + rest, "accuracy").estimate.value;
            sums[1] += 1.0 - test::point_of(results, "second" + rest, "accuracy").estimate.value;
        }
        ratios += 50.0 * sums[1] / sums[0];
    }
    EXPECT_NEAR(aggregate_of(results, "second", "mce_to_reference").estimate.value, ratios, 1e-9);
}

TEST_F(Aggregates, ACellThatIsMissingLeavesThemUndefinedAndIsNamed) {
    RunRecord record = small_record();
    record.skipped_cells["first/fog/2"] = "left out by --filter noise";
    Journal journal = Journal::create(folder_ / "filtered.sqlite", {});
    for (const Cell& cell : cells_of(record)) {
        if (record.skipped_cells.contains(cell.name)) continue;
        for (std::uint32_t block = 0; block < record.blocks.size(); ++block) {
            journal.put(cell.name, block,
                        {Status::ok, "", 0.1, test::made_up_outcomes(record, cell, record.blocks[block])});
        }
    }
    const RunResults results = evaluate(journal, record, 1);
    const Aggregate& first = aggregate_of(results, "first", "mean_corruption_error");
    EXPECT_EQ(first.estimate.status, Status::undefined);
    EXPECT_TRUE(std::isnan(first.estimate.value));
    EXPECT_THAT(first.message, HasSubstr("first/fog/2 has no outcomes: left out by --filter noise"));
    EXPECT_EQ(aggregate_of(results, "second", "mean_corruption_error").estimate.status, Status::ok);
}

TEST_F(Aggregates, WithoutSeverityShiftsNothingIsOffered) {
    RunRecord record = small_record(50);
    for (ShiftInfo& shift : record.shifts) shift.unit = "domain";
    EXPECT_TRUE(evaluated(record).aggregates.empty());
    record.curve_metrics = {"mean_corruption_error", "mean_flip_probability", "mce"};
    const RunResults results = evaluated(record);
    EXPECT_THAT(aggregate_of(results, "first", "mean_corruption_error").message, HasSubstr("no severity shift"));
    EXPECT_THAT(aggregate_of(results, "first", "mean_flip_probability").message, HasSubstr("no sequences"));
    EXPECT_THAT(aggregate_of(results, "first", "mce").message, HasSubstr("`benchmark: imagenet`"));
}

// A run that is ImageNet-C in every respect, with 10-class answers counted among 1000.
RunRecord imagenet_c_record() {
    RunRecord record = small_record(60);
    record.benchmark = "imagenet";
    record.shifts.clear();
    for (const BenchmarkCorruption& corruption : imagenet_c_corruptions()) {
        ShiftInfo shift = test::severity_shift(corruption.name, 6);
        shift.version = std::string(corruption.name) + ":1,set=auto";
        shift.parameter_set = "imagenet-c (224 px)";
        record.shifts.push_back(shift);
    }
    for (ModelInfo& model : record.models) {
        model.classes = 1000;
        model.geometry = {.kind = Geometry::Kind::shorter_side_then_crop, .resize = 256, .crop = 224};
    }
    record.metrics = {"accuracy"};
    record.curve_metrics = {"mce", "relative_mce"};
    return record;
}

TEST_F(Aggregates, MceOfARunFollowsFromItsAccuracies) {
    const RunResults results = evaluated(imagenet_c_record());
    std::vector<ShiftErrors> errors;
    const double clean = 1.0 - test::point_of(results, "first/clean/0", "accuracy", "", "fog").estimate.value;
    for (const BenchmarkCorruption& corruption : imagenet_c_corruptions()) {
        errors.push_back({0.0, clean, 5});
        for (int severity = 1; severity <= 5; ++severity) {
            const std::string cell = "first/" + std::string(corruption.name) + "/" + std::to_string(severity);
            errors.back().sum += 1.0 - test::point_of(results, cell, "accuracy").estimate.value;
        }
    }
    EXPECT_NEAR(aggregate_of(results, "first", "mce").estimate.value,
                mean_corruption_error(errors, alexnet_errors(), Normalisation::absolute), 1e-9);
    EXPECT_NEAR(aggregate_of(results, "first", "relative_mce").estimate.value,
                mean_corruption_error(errors, alexnet_errors(), Normalisation::relative), 1e-9);
}

TEST_F(Aggregates, MceSaysWhatIsMissing) {
    const auto reason = [&](auto change) {
        RunRecord record = imagenet_c_record();
        change(record);
        return aggregate_of(evaluated(record), "first", "mce").message;
    };
    EXPECT_EQ(reason([](RunRecord&) {}), "");
    EXPECT_THAT(reason([](RunRecord& r) { r.benchmark = ""; }), HasSubstr("benchmark: imagenet"));
    EXPECT_THAT(reason([](RunRecord& r) { r.models[0].classes = 10; }), HasSubstr("1000 classes"));
    EXPECT_THAT(reason([](RunRecord& r) { r.models[0].geometry.crop = 299; }), HasSubstr("sees 299 x 299"));
    EXPECT_THAT(reason([](RunRecord& r) { r.models[0].geometry = {}; }), HasSubstr("does not fix their size"));
    EXPECT_THAT(reason([](RunRecord& r) { r.shifts[2].levels.pop_back(); }), HasSubstr("missing: impulse_noise"));
    EXPECT_THAT(reason([](RunRecord& r) { r.shifts[9].version += "+jpeg_compression:1"; }), HasSubstr("missing: fog"));
    EXPECT_THAT(reason([](RunRecord& r) { r.shifts[3].parameter_set = "cifar-c (32 px), forced"; }),
                HasSubstr("missing: defocus_blur"));
    EXPECT_THAT(reason([](RunRecord& r) {
                    r.shifts[8].name = "frost";
                    r.shifts[8].version = "frost_synthetic:1,set=auto";
                }),
                HasSubstr("missing: frost (frost_synthetic does not stand in"));
    EXPECT_THAT(reason([](RunRecord& r) { r.shifts.erase(r.shifts.begin() + 8); }),
                HasSubstr("missing: frost (frost needs its photographs"));
    EXPECT_EQ(reason([](RunRecord& r) { r.shifts[8].version = "frost:1,set=auto,textures=/photos+more/frost"; }), "")
        << "a plus sign in an option is no chain";
    EXPECT_EQ(reason([](RunRecord& r) {
                  r.shifts[9].kind = "files";
                  r.shifts[9].version = "tree:1";
                  r.shifts[9].parameter_set = "";
              }),
              "")
        << "released files of the same name count";
}

TEST(CurveMetricRegistry, NamesAreSortedAndInfosWhole) {
    const std::vector<std::string> names = curve_metric_names();
    EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
    for (const CurveMetric* metric : all_curve_metrics()) {
        EXPECT_EQ(find_curve_metric(metric->info().name), metric);
        EXPECT_FALSE(metric->info().summary.empty());
        EXPECT_FALSE(metric->info().needs.empty());
        EXPECT_FALSE(metric->info().reference.empty());
        EXPECT_EQ(metric->info().needs_reference_model, metric->info().name.ends_with("_to_reference"));
    }
}

}  // namespace
}  // namespace misfire
