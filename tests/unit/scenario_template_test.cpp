// Scenarios that leave keys open, and keys that are set from outside.
#include "scenarios/scenario_template.h"

#include <gmock/gmock.h>

#include <fstream>

#include "core/error.h"
#include "scenarios/overrides.h"
#include "scenarios/scenario.h"
#include "tests/unit/data_fixture.h"

namespace misfire::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const char* const open_text =
    "# Bring your\n# own.\n"
    "template:\n"
    "  models.0: {example: net.pt, is: your model}\n"
    "  shifts.*.severities: {example: 0-3, is: how far}\n"
    "models: []\n"
    "data: zoo:fashion_test\n"
    "shifts:\n"
    "  - perturb: fog\n"
    "  - {perturb: snow, severities: 0-2}\n";

Scenario parse(const std::vector<std::string>& overrides) {
    return parse_scenario(open_text, "/elsewhere/open.yaml", "/elsewhere", overrides, {"accuracy"});
}

std::string refusal(const std::vector<std::string>& overrides) {
    try {
        parse(overrides);
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

TEST(Template, SaysWhatIsMissingWithAWholeCommand) {
    EXPECT_THAT(refusal({}), AllOf(HasSubstr("models.0: your model"), HasSubstr("shifts.*.severities: how far"),
                                   HasSubstr("misfire run /elsewhere/open.yaml"), HasSubstr("--set models.0=net.pt"),
                                   HasSubstr("--set 'shifts.*.severities=0-3'")));
    EXPECT_THAT(refusal({"models.0=other.pt"}), AllOf(HasSubstr("shifts.*.severities"), Not(HasSubstr("your model"))));
    EXPECT_THAT(refusal({"models.0=other.pt", "shifts.0.severities="}), HasSubstr("shifts.*.severities: how far"))
        << "nothing is not a value";
    EXPECT_EQ(refusal({"models.0=other.pt", "shifts.0.severities=0-3"}), "");
}

TEST(Template, PathsStartWhereTheUserIs) {
    const Scenario scenario = parse({"models.0=nets/other.pt", "shifts.*.severities=1"});
    EXPECT_EQ(scenario.models.front().file, (std::filesystem::current_path() / "nets/other.pt").string());
    for (const ShiftSpec& shift : scenario.shifts)
        EXPECT_THAT(std::get<PerturbSpec>(shift).severities, testing::ElementsAre(1.0));
    EXPECT_THAT(to_yaml(scenario), Not(HasSubstr("template"))) << "the effective scenario is whole";
}

TEST(Template, AModelMayBeGivenInOneWord) {
    EXPECT_EQ(parse({"models=other.pt", "shifts.*.severities=1"}).models.size(), 1U);
}

class Templates : public DataFolder {};

TEST_F(Templates, AreReadWithoutWhatTheyLeaveOpen) {
    std::ofstream(path("open.yaml")) << open_text;
    std::ofstream(path("whole.yaml")) << "models: net.pt\ndata: zoo:fashion_test\nshifts: {perturb: fog}\n";
    const auto found = read_template(path("open.yaml"));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->summary, "Bring your own.");
    EXPECT_EQ(found->keys.size(), 2U);
    EXPECT_EQ(found->shifts, 2U);
    EXPECT_FALSE(read_template(path("whole.yaml")));
}

std::string after(const std::string& text, const std::string& assignment) {
    const YAML::Node root = YAML::Load(text);
    try {
        override_key(root, assignment);
    } catch (const UsageError& error) {
        return error.what();
    }
    YAML::Emitter out;
    out << YAML::Flow << root;
    return out.c_str();
}

TEST(Overrides, SetAddAndReachAllItems) {
    EXPECT_EQ(after("{a: [1, 2]}", "a.1=3"), "{a: [1, 3]}");
    EXPECT_EQ(after("{a: [1, 2]}", "a.2=3"), "{a: [1, 2, 3]}");
    EXPECT_EQ(after("{a: []}", "a.0=3"), "{a: [3]}");
    EXPECT_EQ(after("{a: []}", "a.0.b=3"), "{a: [{b: 3}]}");
    EXPECT_EQ(after("{a: [{b: 1}, {c: 2}]}", "a.*.b=3"), "{a: [{b: 3}, {c: 2, b: 3}]}");
    EXPECT_EQ(after("{}", "a.b.c=[1, x]"), "{a: {b: {c: [1, x]}}}");
    EXPECT_THAT(after("{a: [1, 2]}", "a.4=3"), AllOf(HasSubstr("`4` is no place in a list of 2"), HasSubstr("*")));
    EXPECT_THAT(after("{a: 1}", "a.b=3"), HasSubstr("nothing named `b` below the value `1`"));
}

}  // namespace
}  // namespace misfire::test
