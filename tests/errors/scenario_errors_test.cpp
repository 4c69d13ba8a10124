// One case per message of the scenario parser.
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "core/error.h"
#include "scenarios/scenario.h"

namespace misfire {
namespace {

using testing::HasSubstr;

struct BadScenario {
    const char* name;
    const char* text;
    std::vector<std::string> expected;
};

void PrintTo(const BadScenario& scenario, std::ostream* out) { *out << scenario.name; }

class ScenarioErrors : public testing::TestWithParam<BadScenario> {};

TEST_P(ScenarioErrors, NamesPlaceAndRemedy) {
    try {
        parse_scenario(GetParam().text, "bad.yaml", "/somewhere", {},
                       KnownMetrics({"accuracy", "ece"}, {"mce", "mce_to_reference"}, {"mce_to_reference"}));
        FAIL() << "was taken";
    } catch (const ScenarioError& error) {
        EXPECT_THAT(error.what(), HasSubstr("bad.yaml:"));
        for (const std::string& part : GetParam().expected) EXPECT_THAT(error.what(), HasSubstr(part));
    }
}

#define REST "models: zoo:a\ndata: zoo:b\n"
#define SHIFT "shifts: {perturb: brightness}\n"

INSTANTIATE_TEST_SUITE_P(
    All, ScenarioErrors,
    testing::Values(
        BadScenario{"not_yaml", "models: [zoo:a\n", {"not valid YAML"}},
        BadScenario{"misspelt_key",
                    "modles: zoo:a\ndata: zoo:b\n" SHIFT,
                    {"bad.yaml:1", "unknown key `modles`", "Did you mean `models`?"}},
        BadScenario{"misspelt_inner_key",
                    REST "shifts:\n  - perturb: brightness\n    severites: 0-5\n",
                    {"bad.yaml:5", "shifts[0]", "`severites`", "`severities`"}},
        BadScenario{"key_that_is_a_list", "[1, 2]: zoo:a\n", {"a key must be a plain word"}},
        BadScenario{"no_models", "data: zoo:b\n" SHIFT, {"the key `models` is missing"}},
        BadScenario{"no_data", "models: zoo:a\n" SHIFT, {"the key `data` is missing"}},
        BadScenario{"no_shifts", REST, {"the key `shifts` is missing"}},
        BadScenario{"empty_shifts", REST "shifts: []\n", {"name at least one shift"}},
        BadScenario{"unknown_perturbation",
                    REST "shifts: {perturb: gausian_noise}\n",
                    {"there is no perturbation or group `gausian_noise`", "`gaussian_noise`"}},
        BadScenario{"unknown_in_chain", REST "shifts: {perturb: brightness+contrst}\n", {"`contrst`", "`contrast`"}},
        BadScenario{"severity_beyond",
                    REST "shifts: {perturb: brightness, severities: 0-6}\n",
                    {"severity 6 is beyond the maximum of brightness, which is 5"}},
        BadScenario{
            "severity_text", REST "shifts: {perturb: brightness, severities: high}\n", {"`high`", "is not a number"}},
        BadScenario{"only_clean", REST "shifts: {perturb: brightness, severities: 0}\n", {"no level above 0"}},
        BadScenario{"twice",
                    REST "shifts: [{perturb: brightness}, {perturb: brightness}]\n",
                    {"already", "give this one a `name`"}},
        BadScenario{
            "unknown_option", REST "shifts: {perturb: brightness, options: {colour: red}}\n", {"option `colour`"}},
        BadScenario{"bad_option_value", REST "shifts: {perturb: brightness, options: {set: cifer-c}}\n", {"`cifer-c`"}},
        BadScenario{"any_of_one", REST "shifts: {perturb: {any_of: [fog]}}\n", {"at least two"}},
        BadScenario{"any_of_unknown", REST "shifts: {perturb: {any_of: [fog, snwo]}}\n", {"`snwo`", "`snow`"}},
        BadScenario{"group_in_chain",
                    REST "shifts: {perturb: {chain: [noise, fog]}}\n",
                    {"group `noise`", "{any_of: [noise]}"}},
        BadScenario{"any_of_and_chain", REST "shifts: {perturb: {any_of: [fog, snow], chain: [fog]}}\n", {"one of"}},
        BadScenario{"empty_chain", REST "shifts: {perturb: {chain: []}}\n", {"empty"}},
        BadScenario{
            "severity_draw_unknown", REST "shifts: {perturb: fog, severity_draw: up_two}\n", {"`up_two`", "`up_to`"}},
        BadScenario{"severity_draw_width",
                    REST "shifts: {perturb: fog, severity_draw: {normal: 9}}\n",
                    {"9 severities", "(0, 5]"}},
        BadScenario{"severity_draw_both",
                    REST "shifts: {perturb: fog, severity_draw: {normal: 1, uniform: 1}}\n",
                    {"one of `uniform` and `normal`"}},
        BadScenario{"against_the_order",
                    REST "shifts: {perturb: fog+nearest_resize}\n",
                    {"`nearest_resize` acts before the geometry", "write it first"}},
        BadScenario{"shift_without_kind", REST "shifts: {preturb: fog}\n", {"no kind", "`perturb`"}},
        BadScenario{
            "unknown_metric", REST SHIFT "metrics: [acuracy]\n", {"there is no metric `acuracy`", "`accuracy`"}},
        BadScenario{"metric_twice", REST SHIFT "metrics: [ece, ece]\n", {"twice"}},
        BadScenario{"seed_text", REST SHIFT "seed: soon\n", {"a whole number is expected here, not `soon`"}},
        BadScenario{"seed_negative", REST SHIFT "seed: -1\n", {"-1 is outside 0 to"}},
        BadScenario{"block_zero", REST SHIFT "block: 0\n", {"0 is outside 1 to"}},
        BadScenario{
            "models_same_name", "models: [zoo:a, other/a.pt]\ndata: zoo:b\n" SHIFT, {"two models are named `a`"}},
        BadScenario{"model_name", "models: {path: a.pt, name: a/b}\ndata: zoo:b\n" SHIFT, {"`a/b` cannot be a name"}},
        BadScenario{
            "model_output", "models: {path: a.pt, output: logit}\ndata: zoo:b\n" SHIFT, {"`logit`", "`logits`"}},
        BadScenario{"data_text", "models: zoo:a\ndata: photos\n" SHIFT, {"`photos` is no data set", "zoo:<name>"}},
        BadScenario{"data_two_forms", "models: zoo:a\ndata: {images: a, npy: b}\n" SHIFT, {"exactly one of"}},
        BadScenario{"label_without_table",
                    "models: zoo:a\ndata: {images: a, label: wnid}\n" SHIFT,
                    {"no `labels: table.csv` is given"}},
        BadScenario{
            "restrict_without_map", "models: zoo:a\ndata: {images: a, restrict: true}\n" SHIFT, {"`class_map`"}},
        BadScenario{"geometry_both",
                    REST SHIFT "input: {geometry: {size: 3, crop: 2}}\n",
                    {"either `size` or `resize` with `crop`"}},
        BadScenario{"two_channels", REST SHIFT "input: {tensor: {mean: [1, 2]}}\n", {"2 channels"}},
        BadScenario{"std_zero", REST SHIFT "input: {tensor: {std: [1, 0, 1]}}\n", {"a std of 0"}},
        BadScenario{"std_count",
                    REST SHIFT "input: {tensor: {channels: 3, mean: [0, 0, 0], std: [1]}}\n",
                    {"1 values for 3 channels"}},
        BadScenario{"list_instead_of_map", "- 1\n- 2\n", {"a mapping is expected here"}},
        BadScenario{"run_name", REST SHIFT "name: a b\n", {"`a b` cannot be the name of a run"}},
        BadScenario{"unknown_sequence",
                    REST "shifts: {sequence: imagenet-q}\n",
                    {"there is no sequence or group `imagenet-q`", "`imagenet-p`", "misfire list sequences"}},
        BadScenario{"sequence_key", REST "shifts: {sequence: snow, severities: 1}\n", {"unknown key `severities`"}},
        BadScenario{"sequence_difficulty", REST "shifts: {sequence: snow, difficulty: 4}\n", {"4 is outside 1 to 3"}},
        BadScenario{"sequence_frames", REST "shifts: {sequence: snow, frames: 40}\n", {"`snow` has 31 frames"}},
        BadScenario{"sequence_one_frame", REST "shifts: {sequence: snow, frames: 1}\n", {"1 is outside 2 to 41"}},
        BadScenario{"sequence_without_pairs",
                    REST "shifts: {sequence: snow, frames: 3, difficulty: 3}\n",
                    {"the one 3 before it", "more frames"}},
        BadScenario{"sequence_name", REST "shifts: {sequence: cifar-p, name: x}\n", {"`sequence` gives 10"}},
        BadScenario{"sequence_twice", REST "shifts: [{sequence: snow}, {sequence: snow}]\n", {"a shift `snow-p`"}},
        BadScenario{
            "reference_model", REST SHIFT "reference_model: aa\n", {"there is no model `aa` in this scenario", "`a`"}},
        BadScenario{"ratio_without_reference_model",
                    REST SHIFT "metrics: [mce_to_reference]\n",
                    {"`mce_to_reference` is relative to a model of the run", "`reference_model: a`"}},
        BadScenario{"misspelt_curve_metric", REST SHIFT "metrics: [mcee]\n", {"no metric `mcee`", "`mce`"}},
        BadScenario{
            "benchmark", "models: zoo:a\ndata: {images: a, benchmark: imagnet}\n" SHIFT, {"`imagnet`", "`imagenet`"}},
        BadScenario{"keep", REST SHIFT "keep: [logit]\n", {"`logit`", "`logits`"}}),
    [](const testing::TestParamInfo<BadScenario>& tested) { return tested.param.name; });

TEST(ScenarioErrors, SetSaysWhatIsWrongWithIt) {
    const auto message_of = [](const std::string& assignment) -> std::string {
        try {
            parse_scenario(REST SHIFT, "bad.yaml", "/somewhere", {assignment}, {"accuracy"});
        } catch (const Error& error) {
            return error.what();
        }
        return "";
    };
    EXPECT_THAT(message_of("seed"), HasSubstr("has no value"));
    EXPECT_THAT(message_of("sede=3"), HasSubstr("`seed`"));
    EXPECT_THAT(message_of("seed=[1"), HasSubstr("not valid YAML"));
    EXPECT_THAT(message_of("models.x.y=1"), HasSubstr("there is nothing named `x`"));
}

TEST(ScenarioErrors, AMissingScenarioIsNamedWithTheNearestShippedOne) {
    EXPECT_THROW(find_scenario("nowhere/at/all.yaml"), UsageError);
    try {
        find_scenario("demoo");
        FAIL();
    } catch (const UsageError& error) {
        EXPECT_THAT(error.what(), HasSubstr("`demo`"));
    }
}

}  // namespace
}  // namespace misfire
