// Runs of sequences and numbers over a whole run, as a user gets them.
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "cli/program.h"

namespace misfire::test {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;

const json& aggregate_of(const json& results, const std::string& model, const std::string& metric) {
    for (const json& row : results["aggregates"]) {
        if (row["model"] == model && row["metric"] == metric) return row;
    }
    throw std::out_of_range("no aggregate " + model + " " + metric);
}

TEST(Sequences, AggregatesAreTheFlipsThatPythonCounts) {
    const TemporaryFolder folder;
    const Finished run =
        misfire({"run", "fashion-p", "--limit", "40", "--out", "films", "--set", "keep=[top5]", "--set",
                 "shifts=[{sequence: [rotate, gaussian_noise], frames: 7}, {sequence: brightness, difficulty: 2}]"},
                {folder.path(), {}, {}});
    ASSERT_EQ(run.code, 0) << run.err;
    EXPECT_THAT(run.out, AllOf(HasSubstr("flip_rate by level"), HasSubstr("over the run"),
                               HasSubstr("mean_flip_probability_to_reference (%)")));
    const std::string file = (folder / "films/results.h5").string();
    const Finished checked =
        run_program({"/usr/bin/python3", std::string(MISFIRE_SOURCE_DIR) + "/tests/python/check_aggregates.py", file,
                     "rotate-p=1", "gaussian_noise-p=0", "brightness-p=2"});
    EXPECT_EQ(checked.code, 0) << checked.out << checked.err;
    EXPECT_THAT(checked.out, HasSubstr("checked 8")) << "four metrics of two models";
    EXPECT_THAT(misfire({"describe", file}).out, HasSubstr("over the run"));
    const json described = json::parse(misfire({"describe", file, "--json"}).out);
    EXPECT_EQ(aggregate_of(described, "fashion_resnet", "mean_top5_distance_to_reference")["value"], 100.0);
    for (const json& point : described["points"]) {
        if (point["cell"] != "fashion_resnet/brightness-p/1" || point["metric"] != "flip_rate") continue;
        EXPECT_EQ(point["status"], "undefined") << "at difficulty 2 frame 1 has no partner";
    }
}

TEST(Sequences, ResultsDependOnNeitherThreadsNorBlocksNorBatches) {
    const TemporaryFolder folder;
    const auto run = [&](const std::string& out, std::vector<std::string> more) {
        std::vector<std::string> command = {
            "run",   "fashion-p", "--limit", "21",
            "--out", out,         "--set",   "shifts=[{sequence: [snow, shot_noise, tilt], frames: 4}]"};
        command.insert(command.end(), more.begin(), more.end());
        return misfire(command, {folder.path(), {}, {}}).code;
    };
    ASSERT_EQ(run("a", {"--threads", "1"}), 0);
    ASSERT_EQ(run("b", {"--threads", "2", "--set", "block=5", "--set", "batch=4"}), 0);
    EXPECT_EQ(difference_of_results(folder / "a/results.h5", folder / "b/results.h5"), "");
}

TEST(Sequences, NeedNoLabels) {
    const TemporaryFolder folder;
    const Finished run =
        misfire({"run", "fashion-p", "--limit", "10", "--json", "--set", "data={zoo: fashion_test, labels: none}",
                 "--set", "metrics=[flip_rate, accuracy]", "--set", "shifts=[{sequence: scale, frames: 4}]"},
                {folder.path(), {}, {}});
    ASSERT_EQ(run.code, 0) << run.err;
    const json results = json::parse(run.out);
    EXPECT_EQ(aggregate_of(results, "fashion_resnet", "mean_flip_probability")["n"], 10);
    for (const json& point : results["points"]) {
        if (point["metric"] == "accuracy") {
            EXPECT_EQ(point["status"], "undefined") << point["cell"];
        }
    }
}

TEST(Sequences, MoreFramesThanThereAreAtThisSizeAreRefusedBeforeTheRun) {
    const Finished validated =
        misfire({"validate", "fashion-p", "--set", "shifts=[{sequence: translate, frames: 41}]"});
    EXPECT_EQ(validated.code, 2);
    EXPECT_THAT(validated.err, HasSubstr("`translate` has 16 frames at 28 px"));
}

TEST(Sequences, AreListedAndDescribed) {
    EXPECT_THAT(misfire({"list", "sequences"}).out, AllOf(HasSubstr("translate"), HasSubstr("41 (16 at 32 px)")));
    EXPECT_THAT(misfire({"describe", "rotate"}).out, HasSubstr("rotate (sequence)"));
    EXPECT_THAT(misfire({"describe", "gaussian_noise"}).out, HasSubstr("misfire describe sequence:gaussian_noise"));
    EXPECT_THAT(misfire({"describe", "sequence:gaussian_noise"}).out, HasSubstr("the first frame"));
    EXPECT_EQ(misfire({"describe", "cifar-p"}).out.substr(0, 15), "gaussian_noise\n");
    EXPECT_EQ(json::parse(misfire({"describe", "tilt", "--json"}).out)["frames"]["224"], 31);
}

TEST(CurveMetrics, AreListedWithTheirKindAndDescribed) {
    const std::string listed = misfire({"list", "metrics"}).out;
    EXPECT_THAT(listed, testing::ContainsRegex("mce  +run  +%"));
    EXPECT_THAT(listed, testing::ContainsRegex("accuracy  +cell  +fraction"));
    EXPECT_THAT(misfire({"describe", "mce"}).out, HasSubstr("benchmark: imagenet"));
    EXPECT_THAT(misfire({"run", "demo", "--metric", "mce"}).err, HasSubstr("printed below the curves"));
}

TEST(CurveMetrics, SayWhyTheyAreUndefined) {
    const TemporaryFolder folder;
    const Finished run =
        misfire({"run", "demo", "--limit", "20", "--json", "--set", "metrics=[accuracy, mce, mce_to_reference]",
                 "--set", "reference_model=fashion_resnet", "--set", "shifts=[{perturb: contrast, severities: 1-2}]"},
                {folder.path(), {}, {}});
    ASSERT_EQ(run.code, 0) << run.err;
    const json results = json::parse(run.out);
    const json& mce = aggregate_of(results, "fashion_resnet_noise", "mce");
    EXPECT_EQ(mce["status"], "undefined");
    EXPECT_THAT(mce["message"].get<std::string>(), HasSubstr("say `benchmark: imagenet`"));
    EXPECT_EQ(aggregate_of(results, "fashion_resnet", "mce_to_reference")["value"], 100.0);
    EXPECT_EQ(aggregate_of(results, "fashion_resnet_int8", "mean_corruption_error")["status"], "ok");
}

}  // namespace
}  // namespace misfire::test
