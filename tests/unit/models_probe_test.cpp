#include "models/probe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/shared_files.h"
#include "tests/unit/models_fixture.h"

namespace misfire::test {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

namespace {

std::vector<std::string> shapes(const ProbeReport& report) {
    std::vector<std::string> texts;
    for (const AcceptedInput& accepted : report.accepted) texts.push_back(accepted.shape);
    return texts;
}

}  // namespace

TEST(Probe, FindsEverythingOutAboutAFloatNetwork) {
    const auto path = fresh_folder() / "net.pt";
    write_torchscript(path,
                      "def forward(self, x):\n    return torch.softmax(torch.linear(x.mean([2, 3]), self.w), 1)\n",
                      {{"w", {10, 3}}});
    const ProbeReport report = probe_model(path, {});
    EXPECT_EQ(report.sha256.size(), 64U);
    EXPECT_EQ(report.bytes, static_cast<std::int64_t>(std::filesystem::file_size(path)));
    EXPECT_EQ(report.parameters, 30);
    EXPECT_EQ(report.input, "images");
    EXPECT_THAT(shapes(report), Contains("3 x 224 x 224"));
    EXPECT_THAT(shapes(report), Not(Contains("1 x 224 x 224")));
    EXPECT_EQ(report.output, "probabilities");
    EXPECT_EQ(report.classes, 10);
    for (const BatchTrial& trial : report.batches) EXPECT_TRUE(trial.works) << trial.rows;
    EXPECT_EQ(report.fixed_batch, 0);
    EXPECT_TRUE(report.repeatable);
    EXPECT_TRUE(report.finite);
    EXPECT_TRUE(report.differentiable);
    EXPECT_EQ(report.features, 3);
    EXPECT_EQ(report.features_from, "input of the last aten::linear");
    EXPECT_FALSE(report.quantised);
    EXPECT_GT(report.milliseconds_per_sample, 0.0);
    EXPECT_THAT(report.warnings, Contains(HasSubstr("no card")));
    EXPECT_THAT(report.warnings, Contains(HasSubstr("a model file is a program")));
}

TEST(Probe, TellsATraceAtBatchOneAndItsEngine) {
    MISFIRE_NEEDS("real/models/imagenet_mobilenet_v2_int8.pt");
    const ProbeReport report = probe_model(shared("real/models/imagenet_mobilenet_v2_int8.pt"), {});
    EXPECT_TRUE(report.quantised);
    EXPECT_EQ(report.engine, quantised_engines().front());
    EXPECT_EQ(report.fixed_batch, 1);
    EXPECT_EQ(report.measured_on, "3 x 224 x 224");
    EXPECT_TRUE(report.batches[0].works);
    EXPECT_FALSE(report.batches[1].works);
    EXPECT_NE(report.batches[1].failure, "");
    EXPECT_FALSE(report.differentiable);
    EXPECT_EQ(report.features, 1280);
    EXPECT_THAT(report.warnings, Contains(HasSubstr("traced at batch 1")));
}

TEST(Probe, TellsRowsThatInfluenceEachOther) {
    MISFIRE_NEEDS("real/models/mnist_vit.ptl");
    const ProbeReport report = probe_model(shared("real/models/mnist_vit.ptl"), {});
    EXPECT_THAT(shapes(report), Contains("1 x 28 x 28"));
    EXPECT_EQ(report.fixed_batch, 1);
    EXPECT_THAT(report.warnings, Contains(HasSubstr("influence each other")));
}

TEST(Probe, FindsTheInputOfATextModel) {
    MISFIRE_NEEDS("real/models/text_reddit_charlstm.pt");
    const ProbeReport report = probe_model(shared("real/models/text_reddit_charlstm.pt"), {});
    EXPECT_THAT(report.input, HasSubstr("uint8"));
    EXPECT_EQ(report.output, "probabilities");
    EXPECT_EQ(report.classes, 16);
    EXPECT_FALSE(report.differentiable);
    EXPECT_THAT(report.warnings, Contains(HasSubstr("takes no images")));
}

TEST(Probe, FindsTheInputOfATableModel) {
    MISFIRE_NEEDS("real/models/fr_load_forecaster.pt");
    const ProbeReport report = probe_model(shared("real/models/fr_load_forecaster.pt"), {});
    EXPECT_THAT(shapes(report), testing::ElementsAre("18"));
    EXPECT_EQ(report.output, "regression");
    EXPECT_EQ(report.classes, 1);
    EXPECT_TRUE(report.differentiable);
}

TEST(Probe, SaysWhatItCouldNotFindOut) {
    const auto path = fresh_folder() / "net.pt";
    write_torchscript(path, "def forward(self, x):\n    return x.view([5, 5, 5])\n");
    const ProbeReport report = probe_model(path, {});
    EXPECT_TRUE(report.accepted.empty());
    EXPECT_THAT(report.tried, HasSubstr("invalid for input of size"));
    const auto rows = lines(report);
    EXPECT_THAT(rows, Contains(testing::Pair("input", HasSubstr("not found out"))));
}

TEST(Probe, TellsAnswersThatDoNotRepeat) {
    const auto path = fresh_folder() / "net.pt";
    write_classifier(path, "return y + torch.rand_like(y)");
    LoadOptions options = options_for(1, 4);
    const ProbeReport report = probe_model(path, options);
    EXPECT_FALSE(report.repeatable);
    EXPECT_EQ(report.fixed_batch, 0);
    EXPECT_THAT(report.warnings, Contains(HasSubstr("dropout")));
}

TEST(Probe, JsonHoldsWhatTheLinesSay) {
    const auto path = fresh_folder() / "net.pt";
    write_classifier(path);
    const ProbeReport report = probe_model(path, options_for(1, 4));
    const nlohmann::json json = to_json(report);
    EXPECT_EQ(json["sha256"], report.sha256);
    EXPECT_EQ(json["features"], 5);
    EXPECT_EQ(json["batches"][1]["rows"], 2);
    EXPECT_EQ(json["batches"][1]["works"], true);
    EXPECT_EQ(json["accepted"][0]["shape"], "1 x 4 x 4");
    EXPECT_THAT(lines(report), Contains(testing::Pair("features", "5, input of the last aten::linear")));
    EXPECT_THAT(lines(report), Contains(testing::Pair("sha256", report.sha256)));
}

}  // namespace misfire::test
