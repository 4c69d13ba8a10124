// Every mistake in the monitors of a scenario ends with a message that names line, value and remedy.
#include <gmock/gmock.h>

#include "cli/program.h"
#include "tests/shared_files.h"

namespace misfire::test {
namespace {

using testing::HasSubstr;

class MonitorMistakes : public testing::Test {
  protected:
    void expect_error(const std::string& keys, const std::vector<std::string>& parts, bool classes = false) const {
        const std::string series =
            "models: zoo:chicago_ridership\ndata: {zoo: chicago_ridership, from: 2015-01-01, to: 2015-12-31}\n"
            "shifts: {perturb: level_drop, severities: 5}\nmetrics: [mae]\n";
        const std::string table =
            "models: zoo:credit\ndata: zoo:credit_test\nshifts: {perturb: prior_shift, severities: 5}\nmetrics: "
            "[accuracy]\n";
        write_file(folder_ / "s.yaml", (classes ? table : series) + keys);
        const Finished finished = misfire({"run", "s.yaml"}, {folder_.path(), {}, {}});
        EXPECT_EQ(finished.code, 2) << finished.err;
        for (const std::string& part : parts) EXPECT_THAT(finished.err, HasSubstr(part));
        EXPECT_FALSE(std::filesystem::exists(folder_ / "runs")) << "nothing is begun that cannot work";
    }

    TemporaryFolder folder_;
};

TEST_F(MonitorMistakes, NamesAndParameters) {
    expect_error("monitors: [adwn]\n", {"s.yaml:5", "monitors[0]", "adwn", "adwin"});
    expect_error("monitors: [\"adwin:delt=1\"]\n", {"`delt`", "delta"});
    expect_error("monitors: [{adwin: {delta: 7}}]\n", {"`delta=7`", "between 0 and 1"});
    expect_error("monitors: [{adwin: fast}]\n", {"parameters are expected", "{delta: 0.002}"});
    expect_error("monitors: [{on: error}]\n", {"one monitor is expected"});
    expect_error("monitors: [{adwin: {}, ddm: {}}]\n", {"`adwin` and `ddm`"});
    expect_error("monitors: [ddm, {ddm: {}, on: error}]\n", {"ddm on error is there twice"});
}

TEST_F(MonitorMistakes, WhatIsWatched) {
    expect_error("monitors: [{adwin: {}, on: errors}]\n", {"`on: errors`", "Did you mean `error`"});
    expect_error("monitors: [{adwin: {}, on: confidence}]\n", {"a regression has no confidence"});
    expect_error("monitors: [{adwin: {}, on: input}]\n", {"one number after another", "input:"});
    expect_error("monitors: [{adwin: {}, on: \"input:weekdy\"}]\n", {"names no input", "weekday"});
    expect_error("monitors: [bbsd]\n", {"bbsd", "probabilities of a classifier"});
    expect_error("monitors: [{bbsd: {}, on: error}]\n", {"`on: output`"}, true);
    expect_error("monitors: [{adwin: {}, on: output}]\n", {"classes are no numbers", "confidence"}, true);
}

TEST_F(MonitorMistakes, WindowsAndTrials) {
    expect_error("monitors: [{ddm: {}, window: 20}]\n", {"windows are of batch monitors"});
    expect_error("monitors: [{ks: {}, window: 3}]\n", {"`window: 3`", "at least 5"});
    expect_error("monitor_trials: 5\n", {"monitor_trials", "`monitors` only"});
    expect_error("monitors: [ddm]\nmonitor_trials: many\n", {"many"});
}

TEST_F(MonitorMistakes, AChangeWithinTheReference) {
    write_file(folder_ / "s.yaml",
               "models: zoo:chicago_ridership\ndata: {zoo: chicago_ridership, from: 2015-01-01, to: 2015-12-31}\n"
               "shifts: {calendar: {reference: 2015-01, change: 2015-01-20}}\nmetrics: [mae]\n");
    const Finished finished = misfire({"run", "s.yaml"}, {folder_.path(), {}, {}});
    EXPECT_EQ(finished.code, 2);
    EXPECT_THAT(finished.err, HasSubstr("does not lie after the reference period 2015-01"));
}

}  // namespace
}  // namespace misfire::test
