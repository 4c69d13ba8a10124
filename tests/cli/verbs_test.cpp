// Every verb as a new user tries it.
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "cli/program.h"
#include "harness/command_line.h"

namespace misfire::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

TEST(Help, NamesEveryVerb) {
    const Finished help = misfire({"--help"});
    EXPECT_EQ(help.code, 0);
    for (const Verb& verb : verbs()) EXPECT_THAT(help.out, HasSubstr("  " + verb.name + " "));
}

TEST(Help, EveryVerbExplainsEveryOption) {
    for (const Verb& verb : verbs()) {
        const Finished help = misfire({verb.name, "--help"});
        EXPECT_EQ(help.code, 0) << verb.name;
        EXPECT_THAT(help.out, HasSubstr("Usage: misfire " + verb.name));
        for (const auto& option : verb.options.options()) {
            EXPECT_THAT(help.out, HasSubstr("--" + option->long_name()));
            EXPECT_FALSE(option->description().empty()) << verb.name << " " << option->long_name();
        }
        EXPECT_FALSE(verb.examples.empty()) << verb.name;
    }
}

TEST(Help, WithoutArgumentsIsAnErrorOnStandardError) {
    const Finished finished = misfire({});
    EXPECT_EQ(finished.code, 2);
    EXPECT_EQ(finished.out, "");
    EXPECT_THAT(finished.err, HasSubstr("Usage: misfire <verb>"));
}

TEST(Documents, ManPageAndCompletionsKnowEveryVerb) {
    const Finished man = misfire({"--man"});
    const Finished rendered = run_program(
        {"/bin/sh", "-c",
         std::string(MISFIRE_BINARY) + " --man | (command -v man >/dev/null && man --warnings -l - || cat)"});
    EXPECT_EQ(rendered.code, 0);
    for (const Verb& verb : verbs()) {
        EXPECT_THAT(man.out, HasSubstr(".SS misfire " + verb.name));
        for (const char* shell : {"bash", "zsh", "fish"})
            EXPECT_THAT(misfire({"--completion", shell}).out, HasSubstr(verb.name)) << shell;
    }
    EXPECT_EQ(misfire({"--completion", "tcsh"}).code, 2);
}

TEST(Documents, TheBashCompletionCompletes) {
    const std::string script =
        std::string("eval \"$(") + MISFIRE_BINARY +
        " --completion bash)\"; COMP_WORDS=(misfire re); COMP_CWORD=1; _misfire; echo \"${COMPREPLY[@]}\";"
        "COMP_WORDS=(misfire plan --ce); COMP_CWORD=2; _misfire; echo \"${COMPREPLY[@]}\"";
    EXPECT_EQ(run_program({"bash", "-c", script}).out, "resume\n--cells\n");
}

TEST(List, ShowsUnitsOfEveryRegistry) {
    const Finished all = misfire({"list"});
    EXPECT_EQ(all.code, 0);
    for (const char* name : {"gaussian_noise", "jpeg_compression", "accuracy", "ece_debiased",
                             "zoo:fashion_resnet_int8", "zoo:fashion_test", "demo"}) {
        EXPECT_THAT(all.out, HasSubstr(name));
    }
    EXPECT_EQ(misfire({"list", "scenarios", "--names"}).out,
              "broken-sensors\ncifar10-corruptions\ncovid-load\ncovid-transit\ncredit-stress\ndemo\nfashion-"
              "p\nsignature\ntemporal-"
              "decay\n");
    const json metrics = json::parse(misfire({"list", "metrics", "--json"}).out);
    EXPECT_GE(metrics.size(), 9U);
    EXPECT_THAT(misfire({"list", "perturbation"}).err, HasSubstr("Did you mean `perturbations`?"));
}

TEST(Describe, APerturbationWithItsPublishedParameters) {
    const Finished text = misfire({"describe", "gaussian_noise"});
    EXPECT_EQ(text.code, 0);
    EXPECT_THAT(text.out, HasSubstr("0.38")) << "the published 224 px value of severity 5";
    EXPECT_THAT(text.out, HasSubstr("reference"));
    const json object = json::parse(misfire({"describe", "gaussian_noise", "--json"}).out);
    EXPECT_EQ(object["parameters"][0]["published"]["224"][0], 0.08);
}

TEST(Describe, AMetricAScenarioAndAMistake) {
    EXPECT_THAT(misfire({"describe", "ece"}).out, HasSubstr("15"));
    EXPECT_THAT(misfire({"describe", "demo"}).out, HasSubstr("block: 512"));
    const Finished mistake = misfire({"describe", "gausian_noise"});
    EXPECT_EQ(mistake.code, 2);
    EXPECT_THAT(mistake.err, HasSubstr("Did you mean `gaussian_noise`?"));
}

TEST(Describe, AZooModelIsProbed) {
    const Finished text = misfire({"describe", "zoo:fashion_resnet"});
    EXPECT_EQ(text.code, 0) << text.err;
    for (const char* word : {"sha256", "parameters", "logits", "batch", "repeatable", "differentiable", "features"})
        EXPECT_THAT(text.out, HasSubstr(word));
    EXPECT_EQ(misfire({"describe", "zoo:fashion_resnet", "--expect-sha256", std::string(64, '0')}).code, 2);
}

TEST(Validate, SaysWhatWouldRun) {
    EXPECT_THAT(misfire({"validate", "demo"}).err, HasSubstr("3 models, 1,000 samples, 78 cells"));
    const Finished effective = misfire({"validate", "demo", "--effective", "--file-only", "--seed", "3"});
    EXPECT_THAT(effective.out, HasSubstr("seed: 3"));
}

TEST(Plan, CountsAndEstimates) {
    const json plan = json::parse(misfire({"plan", "demo", "--json", "--limit", "100"}).out);
    EXPECT_EQ(plan["cells"].size(), 78U);
    EXPECT_EQ(plan["samples"], 100);
    EXPECT_EQ(plan["forward_passes"], 7800);
    EXPECT_EQ(plan["perturbed_samples"], 2500) << "paid once for the three models";
    EXPECT_GT(plan["estimated_seconds"], 0.0);
    EXPECT_EQ(misfire({"plan", "demo", "--cells", "--filter", "int8/gaussian_blur/2"}).out,
              "fashion_resnet_int8/clean/0\nfashion_resnet_int8/gaussian_blur/2\n");
}

TEST(Plan, AFilterThatSelectsNothingEndsWithFour) {
    EXPECT_EQ(misfire({"plan", "demo", "--filter", "nothing_like_it"}).code, 4);
    const TemporaryFolder folder;
    EXPECT_EQ(misfire({"run", "demo", "--filter", "nothing_like_it"}, {folder.path(), {}, {}}).code, 4);
}

class DemoRun : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        folder_ = new TemporaryFolder();
        finished_ = new Finished(misfire({"run", "demo", "--limit", "60"}, {folder_->path(), {}, {}}));
    }
    static void TearDownTestSuite() {
        delete folder_;
        delete finished_;
    }
    static TemporaryFolder* folder_;
    static Finished* finished_;
};
TemporaryFolder* DemoRun::folder_ = nullptr;
Finished* DemoRun::finished_ = nullptr;

TEST_F(DemoRun, PrintsTheCurvesAndWhereTheyAre) {
    EXPECT_EQ(finished_->code, 0) << finished_->err;
    for (const char* word : {"fashion_resnet_noise", "gaussian_noise", "jpeg_compression", "breaks at",
                             "verdict   complete", "runs/demo/results.h5", "time"}) {
        EXPECT_THAT(finished_->out, HasSubstr(word));
    }
    EXPECT_THAT(finished_->out, Not(HasSubstr("\x1b["))) << "no colours into a pipe";
    EXPECT_TRUE(std::filesystem::exists(*folder_ / "runs/demo/scenario.yaml"));
}

TEST_F(DemoRun, ASecondRunTakesAnotherFolder) {
    const Finished again =
        misfire({"run", "demo", "--limit", "60", "--filter", "fashion_resnet/brightness/1"}, {folder_->path(), {}, {}});
    EXPECT_EQ(again.code, 0) << again.err;
    EXPECT_THAT(again.out, HasSubstr("runs/demo-2/results.h5"));
}

TEST_F(DemoRun, DescribeAndJsonTellTheSameNumbers) {
    const json described = json::parse(misfire({"describe", "runs/demo", "--json"}, {folder_->path(), {}, {}}).out);
    EXPECT_TRUE(described["complete"]);
    EXPECT_EQ(described["cells"].size(), 78U);
    const Finished rerun =
        misfire({"run", "demo", "--limit", "60", "--json", "--out", "other"}, {folder_->path(), {}, {}});
    const json ran = json::parse(rerun.out);
    EXPECT_EQ(ran["points"], described["points"]);
    EXPECT_EQ(ran["exit_code"], 0);
    EXPECT_EQ(difference_of_results(*folder_ / "runs/demo/results.h5", *folder_ / "other/results.h5"), "");
}

TEST_F(DemoRun, AnOccupiedFolderIsRefused) {
    const Finished refused = misfire({"run", "demo", "--limit", "60", "--out", "runs/demo"}, {folder_->path(), {}, {}});
    EXPECT_EQ(refused.code, 2);
    EXPECT_THAT(refused.err, HasSubstr("misfire resume runs/demo"));
}

TEST_F(DemoRun, ResumingAFinishedRunChangesNothing) {
    const std::string before = read_file(*folder_ / "runs/demo/results.h5");
    EXPECT_EQ(misfire({"resume", "runs/demo"}, {folder_->path(), {}, {}}).code, 0);
    EXPECT_EQ(read_file(*folder_ / "runs/demo/results.h5"), before);
}

TEST_F(DemoRun, ThePrintedMetricCanBeChosen) {
    EXPECT_THAT(misfire({"resume", "runs/demo", "--metric", "ece"}, {folder_->path(), {}, {}}).out,
                HasSubstr("ece by level"));
    EXPECT_EQ(misfire({"run", "demo", "--metric", "top5"}, {folder_->path(), {}, {}}).code, 2)
        << "not among the scenario's metrics";
}

TEST(Unlabelled, TheModelsOwnCleanAnswersAreTheTargets) {
    const TemporaryFolder folder;
    const Finished run = misfire({"run", "demo", "--limit", "60", "--set", "data={zoo: fashion_test, labels: none}",
                                  "--set", "metrics=[accuracy, flip_rate]", "--json"},
                                 {folder.path(), {}, {}});
    ASSERT_EQ(run.code, 0) << run.err;
    const json result = json::parse(run.out);
    for (const json& point : result["points"]) {
        if (point["metric"] != "accuracy") continue;
        if (point["cell"].get<std::string>().ends_with("/clean/0")) {
            EXPECT_EQ(point["value"], 1.0);
        }
    }
}

TEST(Doctor, IsContentWithThisBuild) {
    const Finished doctor = misfire({"doctor"});
    EXPECT_THAT(doctor.out, HasSubstr("zoo models load"));
    EXPECT_THAT(doctor.out, HasSubstr("pictures are written in DejaVu Sans"));
    EXPECT_THAT(doctor.out, Not(HasSubstr("trouble no")));
}

TEST(Zoo, ListsModelsDataAndDownloads) {
    const Finished zoo = misfire({"zoo", "list"});
    EXPECT_EQ(zoo.code, 0);
    for (const char* word : {"zoo:cifar10_resnet20", "zoo:fashion_fit", "misfire zoo get cifar10", "MIT"})
        EXPECT_THAT(zoo.out, HasSubstr(word));
    EXPECT_THAT(misfire({"zoo", "get", "cifar"}).err, HasSubstr("`cifar10`"));
    EXPECT_EQ(misfire({"zoo", "got"}).code, 2);
}

}  // namespace
}  // namespace misfire::test
