#include "scenarios/scenario.h"

#include <gmock/gmock.h>

#include "core/error.h"

namespace misfire {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::vector<std::string> metrics = {"accuracy", "nll"};

Scenario parse(const std::string& text, const std::vector<std::string>& overrides = {}) {
    return parse_scenario(text, "test.yaml", "/somewhere", overrides, metrics);
}

const std::string small = R"(
models: [zoo:fashion_resnet, {name: mine, path: nets/other.pt, output: logits}]
data: {images: photos, groups: [class]}
shifts:
  - perturb: [gaussian_noise, brightness+contrast]
    severities: 0-5
)";

TEST(Scenario, FillsDefaults) {
    const Scenario scenario = parse(small);
    EXPECT_EQ(scenario.name, "test");
    EXPECT_EQ(scenario.seed, 0U);
    EXPECT_EQ(scenario.block, 512);
    EXPECT_EQ(scenario.batch, 64);
    EXPECT_EQ(scenario.metrics, metrics);
    EXPECT_EQ(scenario.models[0].file, "zoo:fashion_resnet");
    EXPECT_EQ(scenario.models[0].name, "fashion_resnet");
}

TEST(Scenario, PathsAreTakenFromTheFolderOfTheFile) {
    const Scenario scenario = parse(small);
    EXPECT_EQ(scenario.models[1].file, "/somewhere/nets/other.pt");
    EXPECT_EQ(scenario.data.images.string(), "/somewhere/photos");
}

TEST(Scenario, ChainsAndTheCleanLevel) {
    const Scenario scenario = parse(small);
    ASSERT_EQ(scenario.shifts.size(), 2U);
    const auto& chain = std::get<PerturbSpec>(scenario.shifts[1]);
    EXPECT_EQ(chain.name, "brightness+contrast");
    EXPECT_EQ(chain.chain.size(), 2U);
    EXPECT_THAT(chain.severities, ElementsAre(1, 2, 3, 4, 5)) << "severity 0 is the shared clean cell";
}

TEST(Scenario, EffectiveTextReadsBackAsTheSameScenario) {
    const Scenario scenario =
        parse(small, {"seed=9", "shifts.0.severities=1,2.5",
                      "input={geometry: {resize: 256, crop: 224}, tensor: {mean: [0.5, 0.5, 0.5]}}"});
    const std::string text = to_yaml(scenario);
    EXPECT_EQ(to_yaml(parse_scenario(text, "again.yaml", "/elsewhere", {}, metrics)), text);
    EXPECT_THAT(text, HasSubstr("seed: 9"));
    EXPECT_THAT(text, HasSubstr("block: 512"));
}

TEST(Scenario, SetReplacesListItemsAndAddsKeys) {
    const Scenario scenario = parse(small, {"models.0=zoo:fashion_resnet_int8", "limit=10", "data.labels=none"});
    EXPECT_EQ(scenario.models[0].name, "fashion_resnet_int8");
    EXPECT_EQ(scenario.limit, 10U);
    EXPECT_TRUE(scenario.data.labels_none);
}

TEST(Scenario, AGroupSaysWhatItLeavesOut) {
    const Scenario scenario = parse("models: zoo:a\ndata: zoo:b\nshifts: {perturb: imagenet-c, severities: 3}\n");
    EXPECT_EQ(scenario.shifts.size(), 14U);
    ASSERT_EQ(scenario.notes.size(), 1U);
    EXPECT_THAT(scenario.notes[0], HasSubstr("`imagenet-c` goes without `frost`"));
}

TEST(Scenario, GroupsAreSpelledOut) {
    const Scenario scenario = parse("models: zoo:a\ndata: zoo:b\nshifts: {perturb: digital, severities: 3}\n");
    EXPECT_GE(scenario.shifts.size(), 2U);
    EXPECT_EQ(std::get<PerturbSpec>(scenario.shifts.front()).chain.size(), 1U);
}

TEST(Scenario, RandomChoicesAndDrawnSeveritiesSurviveTheEffectiveFile) {
    const Scenario scenario = parse(
        "models: zoo:a\ndata: zoo:b\nshifts:\n"
        "  - {perturb: {any_of: [fog+contrast, snow]}, severity_draw: up_to}\n"
        "  - {perturb: {chain: [{any_of: [noise]}, jpeg_compression]}, severities: 3, severity_draw: {normal: 0.5}}\n"
        "  - {perturb: contrast, strict: true}\n");
    const auto& any = std::get<PerturbSpec>(scenario.shifts[0]);
    EXPECT_EQ(any.name, "any_of.fog+contrast.snow.up_to");
    ASSERT_EQ(any.chain.size(), 1U);
    EXPECT_EQ(any.chain[0].choices.size(), 2U);
    EXPECT_EQ(any.chain[0].choices[0].size(), 2U);
    const auto& chain = std::get<PerturbSpec>(scenario.shifts[1]);
    EXPECT_EQ(chain.name, "any_of.noise+jpeg_compression.normal0.5");
    EXPECT_EQ(chain.chain[0].choices.size(), 3U);
    EXPECT_TRUE(std::get<PerturbSpec>(scenario.shifts[2]).strict);
    const std::string effective = to_yaml(scenario);
    EXPECT_EQ(to_yaml(parse(effective)), effective);
}

TEST(Scenario, FoldersAmongOptionsAreTakenFromTheScenariosFolder) {
    EXPECT_THAT([] { parse("models: zoo:a\ndata: zoo:b\nshifts: {perturb: frost, options: {textures: ice}}\n"); },
                testing::ThrowsMessage<ScenarioError>(testing::HasSubstr("/somewhere/ice")));
}

TEST(Scenario, SequencesReferenceModelAndBenchmarkReadBack) {
    const KnownMetrics known({"accuracy"}, {"top5_distance", "mce_to_reference"}, {"mce_to_reference"});
    const std::string text = R"(
models: [zoo:a, zoo:b]
reference_model: b
data: {images: photos, benchmark: imagenet}
metrics: [mce_to_reference, accuracy]
keep: [top5]
shifts:
  - {sequence: imagenet-p, difficulty: 2}
  - {sequence: [shear, spatter], frames: 9}
  - {sequence: snow, name: flakes, frames: published}
)";
    const Scenario scenario = parse_scenario(text, "test.yaml", "/somewhere", {}, known);
    EXPECT_EQ(scenario.reference_model, "b");
    EXPECT_EQ(scenario.data.benchmark, "imagenet");
    ASSERT_EQ(scenario.shifts.size(), 13U);
    const auto& translate = std::get<SequenceSpec>(scenario.shifts[6]);
    EXPECT_EQ(translate.sequence, "translate");
    EXPECT_EQ(translate.name, "translate-p") << "imagenet-c may be in the same run";
    EXPECT_EQ(translate.difficulty, 2);
    EXPECT_EQ(translate.frames, 0);
    EXPECT_EQ(std::get<SequenceSpec>(scenario.shifts[11]).frames, 9);
    EXPECT_EQ(std::get<SequenceSpec>(scenario.shifts[12]).name, "flakes");
    const std::string effective = to_yaml(scenario);
    EXPECT_EQ(to_yaml(parse_scenario(effective, "again.yaml", "/elsewhere", {}, known)), effective);
    EXPECT_THAT(effective, HasSubstr("frames: published"));
}

TEST(Scenario, MetricsOnRequestAreNoDefaults) {
    const KnownMetrics known({"accuracy"}, {"mce"});
    const std::string text = "models: zoo:a\ndata: zoo:b\nshifts: {perturb: contrast}\n";
    EXPECT_THAT(parse_scenario(text, "test.yaml", "/", {}, known).metrics, ElementsAre("accuracy"));
    EXPECT_THAT(parse_scenario(text, "test.yaml", "/", {"metrics=[mce]"}, known).metrics, ElementsAre("mce"));
}

}  // namespace
}  // namespace misfire
