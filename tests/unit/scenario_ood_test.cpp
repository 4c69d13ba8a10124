// The `ood:` entries of a scenario.
#include <gmock/gmock.h>

#include "core/error.h"
#include "scenarios/scenario.h"
#include "scenarios/scenario_ood.h"

namespace misfire {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::vector<std::string> metrics = {"accuracy"};

Scenario parse(const std::string& shifts) {
    return parse_scenario("models: [zoo:fashion_resnet]\ndata: zoo:fashion_test\nshifts:\n" + shifts, "test.yaml",
                          "/somewhere", {}, metrics);
}

std::vector<OodSpec> specs(const std::string& ood) {
    std::vector<OodSpec> all;
    for (const ShiftSpec& shift : parse("  - ood: " + ood + "\n").shifts) all.push_back(std::get<OodSpec>(shift));
    return all;
}

std::string refusal(const std::string& ood) {
    try {
        specs(ood);
    } catch (const ScenarioError& error) {
        return error.what();
    }
    return "";
}

TEST(ScenarioOod, EverySetIsAShiftOfItsOwn) {
    const auto all = specs("{sets: [zoo:digits, {images: photos, labels: l.csv, without: [cat]}, {generated: near}]}");
    ASSERT_EQ(all.size(), 6U);
    EXPECT_EQ(all[0].name, "digits");
    EXPECT_EQ(all[0].axis, OodSpec::Axis::fraction);
    EXPECT_THAT(all[0].levels, ElementsAre(0.25, 0.5, 0.75, 1.0)) << "fraction 0 is the clean data";
    EXPECT_EQ(all[1].name, "photos");
    EXPECT_EQ(all[1].set.data.images, "/somewhere/photos");
    EXPECT_THAT(all[1].set.without, ElementsAre("cat"));
    EXPECT_EQ(all[2].name, "inverted");
    EXPECT_EQ(all[2].severity, 5.0);
    EXPECT_EQ(all[5].set.generator, "phase_scramble");
}

TEST(ScenarioOod, TheAxisIsWhatHasSeveralValues) {
    const OodSpec blend = specs("{sets: [zoo:digits], blend: 0-1+0.25}").front();
    EXPECT_EQ(blend.axis, OodSpec::Axis::blend);
    EXPECT_EQ(blend.name, "digits.blend");
    EXPECT_EQ(blend.fraction, 0.5);
    const OodSpec severity = specs("{sets: [{generated: perlin}], severities: 0-5, fractions: 0.2}").front();
    EXPECT_EQ(severity.axis, OodSpec::Axis::severity);
    EXPECT_EQ(severity.name, "perlin.severity");
    EXPECT_EQ(severity.fraction, 0.2);
    EXPECT_THAT(severity.levels, ElementsAre(1, 2, 3, 4, 5));
    const OodSpec full = specs("{sets: [zoo:digits], id_perturb: {perturb: fog, severities: 0-5}}").front();
    EXPECT_EQ(full.axis, OodSpec::Axis::id_severity);
    EXPECT_EQ(full.name, "digits+fog");
    const auto fixed = specs("{sets: [zoo:digits], blend: 0.5, id_perturb: {perturb: [fog, snow], severities: 3}}");
    ASSERT_EQ(fixed.size(), 2U);
    EXPECT_EQ(fixed[1].axis, OodSpec::Axis::fraction);
    EXPECT_EQ(fixed[1].name, "digits.blend0.5+snow3");
    EXPECT_EQ(fixed[1].id_severity, 3.0);
}

TEST(ScenarioOod, EffectiveTextReadsBackAsTheSameScenario) {
    const Scenario scenario = parse(R"(
  - ood: {sets: [zoo:digits, {npy: x.npy, labels: y.npy, name: more, only: [1, 2]}, {generated: far}, {held_out: [bag, boot]}]}
  - ood: {sets: [zoo:digits], blend: 0-1+0.5, fractions: 0.3}
  - ood: {sets: [{generated: text}], severities: [1, 5]}
  - ood: {sets: [zoo:digits], id_perturb: {perturb: [fog, {any_of: [snow, contrast]}], severities: 0-5}}
  - ood: {sets: [zoo:digits], id_perturb: {perturb: fog, severities: 2}, name: foggy}
)");
    const std::string text = to_yaml(scenario);
    EXPECT_EQ(to_yaml(parse_scenario(text, "again.yaml", "/elsewhere", {}, metrics)), text);
}

TEST(ScenarioOod, CollectsWhatIsHeldOut) {
    EXPECT_THAT(held_out_classes(parse("  - ood: {sets: [{held_out: [bag, boot]}, {held_out: [bag], name: bags}]}\n")),
                ElementsAre("bag", "boot"));
    EXPECT_TRUE(held_out_classes(parse("  - perturb: fog\n")).empty());
}

TEST(ScenarioOod, RefusesWhatCannotBe) {
    EXPECT_THAT(refusal("{sets: [zoo:digits], fractions: 0-2}"), HasSubstr("2 is outside 0 to 1"));
    EXPECT_THAT(refusal("{sets: [zoo:digits], fractions: 0}"), HasSubstr("no value above 0"));
    EXPECT_THAT(refusal("{sets: [zoo:digits], blend: 1.5}"), HasSubstr("1.5 is outside 0 to 1"));
    EXPECT_THAT(refusal("{sets: [{generated: perlin}], severities: 6}"), HasSubstr("6 is outside 0 to 5"));
    EXPECT_THAT(refusal("{sets: [zoo:digits], severities: 1-5}"), HasSubstr("`digits` is no generated set"));
    EXPECT_THAT(refusal("{sets: [{generated: perlim}]}"), HasSubstr("Did you mean `perlin`?"));
    EXPECT_THAT(refusal("{sets: []}"), HasSubstr("name at least one set"));
    EXPECT_THAT(refusal("{sets: [{held_out: []}]}"), HasSubstr("at least one class"));
    EXPECT_THAT(refusal("{sets: [zoo:digits], fractions: 0-1+0.5, blend: 0-1+0.5}"),
                HasSubstr("both fraction and blend have several values"));
    EXPECT_THAT(refusal("{sets: [zoo:digits], fractions: 1, id_perturb: {perturb: fog, severities: 0-5}}"),
                HasSubstr("no sample is left in distribution"));
    EXPECT_THAT(refusal("{sets: [zoo:digits, {generated: flat}], name: one}"), HasSubstr("gives 2"));
    EXPECT_THAT(refusal("{sets: [zoo:digits], fraction: 0.5}"), HasSubstr("Did you mean `fractions`?"));
    EXPECT_THAT(refusal("{sets: [zoo:digits, zoo:digits]}"), HasSubstr("there is a shift `digits` already"));
    EXPECT_THAT(refusal("{sets: [{table: x.csv, target: y}]}"), HasSubstr("table"));
    EXPECT_THAT(refusal("{sets: [digits]}"), HasSubstr("`digits` is no data set"));
}

}  // namespace
}  // namespace misfire
