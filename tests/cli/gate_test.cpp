// compare, check, baseline, and what run does for CI: as a new user tries them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "cli/program.h"
#include "tests/gate_runs.h"
#include "tests/shared_files.h"

namespace misfire::test {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// before: nine in ten right; after: worse under fog only.
class Gate : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        folder_ = new TemporaryFolder();
        GateRun run;
        run.samples = 1000;
        run.metrics = {"accuracy", "nll"};
        run.scenario =
            "name: made_up\nchecks:\n  - {metric: accuracy, shift: snow, min: 0.5}\n  - {metric: accuracy.area, shift: "
            "fog, max_regression: 0.01}\n";
        const auto right = [](double fog) {
            return [=](std::size_t, int shift, int level, std::size_t row) {
                return chance_of(1, 0, row) < 0.9 - 0.05 * level - (shift == 0 ? fog : 0.0);
            };
        };
        run.right = right(0.0);
        write_gate_run(*folder_ / "before", run);
        run.right = right(0.1);
        write_gate_run(*folder_ / "after", run);
        run.seed = 8;
        write_gate_run(*folder_ / "seed8", run);
        run.seed = 7;
        run.failing = {"net/snow/2"};
        write_gate_run(*folder_ / "failed", run);
        run.failing.clear();
        run.complete = false;
        write_gate_run(*folder_ / "partial", run);
    }
    static void TearDownTestSuite() { delete folder_; }
    static Finished call(std::vector<std::string> words) {
        return misfire(std::move(words), {folder_->path(), {}, {}});
    }
    static TemporaryFolder* folder_;
};
TemporaryFolder* Gate::folder_ = nullptr;

TEST_F(Gate, CompareShowsWhatChanged) {
    const Finished text = call({"compare", "before", "after"});
    EXPECT_EQ(text.code, 0) << text.err;
    EXPECT_THAT(text.out,
                AllOf(HasSubstr("net/fog/1 accuracy"), HasSubstr("regressed"), HasSubstr("net/fog accuracy.area"),
                      Not(HasSubstr("net/snow/1")), HasSubstr("--metric all adds nll"), HasSubstr("Holm")));
    EXPECT_THAT(call({"compare", "before", "after", "--all"}).out, HasSubstr("net/snow/1"));
    const Finished same = call({"compare", "before", "before", "--metric", "all"});
    EXPECT_THAT(same.out, AllOf(HasSubstr("no row changed significantly"), HasSubstr("0 regressed, 0 improved")));
}

TEST_F(Gate, CompareSpeaksMarkdownJsonAndHtml) {
    const json object = json::parse(call({"compare", "before", "after", "--format", "json", "--all"}).out);
    EXPECT_EQ(object["rows"].size(), object["family"]);
    EXPECT_GT(object["summary"]["regressed"], 3);
    for (const json& row : object["rows"]) {
        if (row["shift"] != "snow") continue;
        EXPECT_EQ(row["difference"], 0.0);
        EXPECT_EQ(row["word"], "unchanged");
    }
    EXPECT_THAT(call({"compare", "before", "after", "--format", "markdown"}).out,
                AllOf(HasSubstr("| compared | first |"), HasSubstr("net/fog/1 accuracy | 0.")));
    const Finished html = call({"compare", "before", "after", "--format", "html", "--out", "compare.html"});
    EXPECT_EQ(html.out, "");
    const std::string page = read_file(*folder_ / "compare.html");
    EXPECT_THAT(page, AllOf(HasSubstr("<!doctype html>"), HasSubstr("class=\"regressed\">regressed"),
                            Not(HasSubstr("<script")), Not(HasSubstr("http"))));
    const Finished parsed = run_program({"xmllint", "--html", "--noout", (*folder_ / "compare.html").string()});
    EXPECT_EQ(parsed.code, 0) << parsed.err;
}

TEST_F(Gate, CompareRefusesOtherSeedsUnlessForcedAndTakesThreeRuns) {
    const Finished refused = call({"compare", "before", "seed8"});
    EXPECT_EQ(refused.code, 2);
    EXPECT_THAT(refused.err, AllOf(HasSubstr("seed: 7 against 8"), HasSubstr("--force")));
    const Finished forced = call({"compare", "before", "seed8", "--force"});
    EXPECT_EQ(forced.code, 0);
    EXPECT_THAT(forced.err, HasSubstr("NOTE: forced although seed"));
    EXPECT_THAT(forced.out, HasSubstr("NOTE"));
    const json three = json::parse(call({"compare", "before", "after", "before", "--format", "json", "--all"}).out);
    EXPECT_EQ(three["runs"], json({"after", "before"}));
}

TEST_F(Gate, CompareAnswersMistakes) {
    for (const auto& [words, said] : std::vector<std::pair<std::vector<std::string>, std::string>>{
             {{"compare"}, "Two runs are needed"},
             {{"compare", "before"}, "Two runs are needed"},
             {{"compare", "before", "nowhere"}, "there is no file nowhere"},
             {{"compare", "before", "after", "--metric", "acuracy"}, "Did you mean `accuracy`?"},
             {{"compare", "before", "after", "--shift", "frog"}, "Did you mean `fog`?"},
             {{"compare", "before", "after", "--format", "pdf"}, "`--format pdf` is not known"},
             {{"compare", "before", "after", "--margin", "-1"}, "at least 0"},
             {{"compare", "before", "after", "--out", "no/such/file"}, "cannot be written"}}) {
        const Finished finished = call(words);
        EXPECT_EQ(finished.code, 2) << words.back();
        EXPECT_THAT(finished.err, HasSubstr(said));
        EXPECT_THAT(finished.err, Not(HasSubstr("internal error")));
    }
}

TEST_F(Gate, CheckEndsWithTheCodesOfTheDesign) {
    EXPECT_EQ(call({"check", "before"}).code, 0) << "regressions are skipped without a baseline";
    EXPECT_EQ(call({"check", "before", "--baseline", "before"}).code, 0);
    EXPECT_EQ(call({"check", "after", "--baseline", "before"}).code, 1);
    EXPECT_EQ(call({"check", "failed"}).code, 3);
    EXPECT_EQ(call({"check", "before", "--only-given", "--check", "metric=accuracy,shift=fog,levels=1,min=0.84"}).code,
              3)
        << "inconclusive";
    EXPECT_EQ(call({"check", "before", "--only-given", "--check",
                    "metric=accuracy,shift=fog,levels=1,min=0.84,on_inconclusive=warn"})
                  .code,
              0);
    EXPECT_EQ(call({"check", "after", "--baseline", "before", "--only-given", "--check",
                    "metric=accuracy.area,max_regression=0.01,on_breach=warn"})
                  .code,
              0);
    EXPECT_EQ(call({"check", "before", "--only-given", "--check", "metric=accuracy,max_regression=0"}).code, 4);
    EXPECT_EQ(call({"check", "before", "--select", "nothing like it"}).code, 4);
    EXPECT_EQ(call({"check", "before", "--only-given"}).code, 2) << "nothing to check";
    EXPECT_EQ(call({"check", "before", "--check", "metric=accuracy,shift=frog,min=0"}).code, 2);
    EXPECT_EQ(call({"check", "after", "--baseline", "seed8"}).code, 2);
}

TEST_F(Gate, CheckSaysWhyAndWhereToLook) {
    const Finished finished = call({"check", "after", "--baseline", "before"});
    EXPECT_THAT(finished.out, AllOf(HasSubstr("net/fog accuracy.area regression <= 0.01"), HasSubstr("breached"),
                                    HasSubstr("misfire compare before after --shift fog"),
                                    HasSubstr("verdict   1 of 4 checks breached"), HasSubstr("at most 1 %")));
}

TEST_F(Gate, CheckWritesJUnitThatFitsTheSchema) {
    const std::filesystem::path schema = in_source("tests/junit/jenkins-junit.xsd");
    for (const char* run : {"before", "after", "failed", "partial"}) {
        call({"check", run, "--baseline", "before", "--junit", "misfire.xml", "--check",
              "metric=accuracy,shift=fog,levels=1,min=0.84", "--check",
              "metric=accuracy,shift=fog,min=0.1,on_breach=off"});
        const Finished valid =
            run_program({"xmllint", "--noout", "--schema", schema.string(), (*folder_ / "misfire.xml").string()});
        EXPECT_EQ(valid.code, 0) << valid.err;
    }
    call({"check", "after", "--baseline", "before", "--junit", "misfire.xml"});
    EXPECT_THAT(read_file(*folder_ / "misfire.xml"),
                AllOf(HasSubstr("failures=\"1\" errors=\"0\""), HasSubstr("<failure message=\"regression"),
                      HasSubstr("name=\"net/fog accuracy.area regression &lt;= 0.01\"")));
    call({"check", "failed", "--junit", "misfire.xml"});
    EXPECT_THAT(
        read_file(*folder_ / "misfire.xml"),
        AllOf(HasSubstr("errors=\"1\""), HasSubstr("<error message=\"net/snow/2 is error: the engine said no\"")));
}

TEST_F(Gate, CheckWritesMarkdownAnnotationsAndJson) {
    const Finished finished =
        call({"check", "after", "--baseline", "before", "--markdown", "comment.md", "--github", "--json"});
    const json object = json::parse(finished.out);
    EXPECT_EQ(object["exit_code"], 1);
    EXPECT_EQ(object["checks"].size(), 4U);
    EXPECT_THAT(finished.err, AllOf(HasSubstr("::error title=misfire%3A net/fog accuracy.area"),
                                    HasSubstr("::notice title=misfire::1 of 4")));
    const std::string comment = read_file(*folder_ / "comment.md");
    EXPECT_THAT(comment, AllOf(HasSubstr("### ❌ misfire: 1 of 4 checks breached"), HasSubstr("| net/fog accuracy.area"),
                               HasSubstr("<details><summary>3 checks hold"), HasSubstr("```sh\nmisfire compare")));
    EXPECT_LT(comment.size(), 65536U);
}

TEST_F(Gate, BaselinesAreMadeShownAndCheckedAgainst) {
    const Finished set = call({"baseline", "set", "before", "--out", "b.h5"});
    EXPECT_EQ(set.code, 0) << set.err;
    EXPECT_THAT(set.out, HasSubstr("which answers are right of 1,000 samples"));
    EXPECT_THAT(call({"baseline", "show", "b.h5"}).out, AllOf(HasSubstr("seed 7"), HasSubstr("model     net")));
    EXPECT_EQ(json::parse(call({"baseline", "show", "b.h5", "--json"}).out)["samples"], 1000);
    EXPECT_EQ(call({"check", "after", "--baseline", "b.h5"}).code, 1);
    EXPECT_EQ(call({"check", "before", "--baseline", "b.h5"}).code, 0);
    EXPECT_THAT(call({"compare", "b.h5", "before", "--metric", "all"}).out, HasSubstr("0 regressed, 0 improved"));
    const Finished other = call({"check", "seed8", "--baseline", "b.h5"});
    EXPECT_EQ(other.code, 2);
    EXPECT_THAT(other.err, HasSubstr("seed: 7 against 8"));
    EXPECT_EQ(call({"baseline", "set", "before"}).code, 0);
    EXPECT_TRUE(std::filesystem::exists(*folder_ / "misfire-baseline.h5"));
}

TEST_F(Gate, BaselineAnswersMistakes) {
    for (const auto& [words, said] : std::vector<std::pair<std::vector<std::string>, std::string>>{
             {{"baseline"}, "What is missing is <action>"},
             {{"baseline", "sett", "before"}, "Did you mean `set`?"},
             {{"baseline", "set"}, "What is missing is <run>"},
             {{"baseline", "set", "nowhere"}, "there is no file nowhere"},
             {{"baseline", "set", "partial"}, "is not complete"},
             {{"baseline", "show", "before"}, "is a run, not a baseline"},
             {{"baseline", "set", "before", "--out", "no/such/b.h5"}, "cannot write"}}) {
        const Finished finished = call(words);
        EXPECT_EQ(finished.code, 2) << words.back();
        EXPECT_THAT(finished.err, HasSubstr(said));
    }
}

TEST_F(Gate, FilesThatCannotBeReadAreRefusedByName) {
    write_file(*folder_ / "text.h5", "this is no HDF5 file");
    std::string half = read_file(*folder_ / "before/results.h5");
    half.resize(half.size() / 2);
    write_file(*folder_ / "half.h5", half);
    const Finished stripped = run_program({"/usr/bin/python3", "-c",
                                           "import shutil, h5py; shutil.copy('before/results.h5', 'stripped.h5')\n"
                                           "with h5py.File('stripped.h5', 'a') as f: del f['samples/outcomes']"},
                                          {folder_->path(), {}, {}});
    ASSERT_EQ(stripped.code, 0) << stripped.err;
    std::filesystem::create_directories(*folder_ / "empty");
    for (const auto& [file, said] :
         std::vector<std::pair<std::string, std::string>>{{"text.h5", "is no HDF5 file"},
                                                          {"half.h5", "half.h5 is truncated or corrupt"},
                                                          {"empty", "there is no results.h5 in empty"}}) {
        for (const std::vector<std::string>& words :
             std::vector<std::vector<std::string>>{{"compare", "before", file},
                                                   {"check", file},
                                                   {"check", "before", "--baseline", file},
                                                   {"baseline", "set", file}}) {
            const Finished finished = call(words);
            EXPECT_EQ(finished.code, 2) << words.front() << " " << file;
            EXPECT_THAT(finished.err, HasSubstr(said));
        }
    }
    EXPECT_THAT(call({"compare", "before", "stripped.h5", "--all"}).out, HasSubstr("holds no outcomes per sample"));
    EXPECT_THAT(call({"baseline", "set", "stripped.h5"}).err, HasSubstr("holds no outcomes per sample"));
    EXPECT_EQ(call({"check", "stripped.h5", "--only-given", "--check", "metric=accuracy,shift=snow,min=0.5"}).code, 0)
        << "numbers of cells are in the tables";
    EXPECT_EQ(call({"check", "stripped.h5", "--baseline", "before"}).code, 3);
    EXPECT_THAT(call({"check", "partial", "--all"}).err, HasSubstr("partial is not complete"));
}

const std::vector<std::string> small = {"run",   "demo",     "--limit", "90",
                                        "--set", "block=30", "--set",   "metrics=[accuracy, nll]"};

std::vector<std::string> small_run(std::vector<std::string> more) {
    std::vector<std::string> words = small;
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

TEST(RunForCi, ChecksOfTheScenarioDecideItsEnd) {
    const TemporaryFolder folder;
    const ProgramOptions here{folder.path(), {}, {}};
    const Finished good =
        misfire(small_run({"--out", "good", "--set", "checks=[{metric: accuracy, shift: clean, min: 0.3}]"}), here);
    EXPECT_EQ(good.code, 0) << good.err;
    EXPECT_THAT(good.out, HasSubstr("3 checks hold"));
    EXPECT_EQ(
        misfire(small_run({"--out", "bad", "--set", "checks=[{metric: accuracy, shift: clean, min: 0.999}]"}), here)
            .code,
        1);
    EXPECT_THAT(run_program({"h5dump", "-d", "/checks", "bad/results.h5"}, here).out, HasSubstr("breached"));
    EXPECT_THAT(read_file(folder / "good/scenario.yaml"), HasSubstr("checks:"));
    const Finished mistake =
        misfire(small_run({"--out", "mistake", "--set", "checks=[{metric: accuracy, shift: frog, min: 0.3}]"}), here);
    EXPECT_EQ(mistake.code, 2);
    EXPECT_FALSE(std::filesystem::exists(folder / "mistake")) << "said before anything runs";
    const Finished regressed = misfire(
        small_run({"--out", "again", "--baseline", "good", "--set", "checks=[{metric: accuracy, max_regression: 0}]"}),
        here);
    EXPECT_EQ(regressed.code, 0) << regressed.out << "the same model against itself";
}

TEST(RunForCi, CellsWhoseInputsDidNotChangeAreTakenFromAnEarlierRun) {
    const TemporaryFolder folder;
    const ProgramOptions here{folder.path(), {}, {}};
    ASSERT_EQ(misfire(small_run({"--out", "old"}), here).code, 0);
    const Finished same = misfire(small_run({"--out", "same", "--reuse", "old"}), here);
    EXPECT_EQ(same.code, 0) << same.err;
    EXPECT_THAT(same.err, HasSubstr("234 tiles taken from old\n")) << "78 cells in 3 blocks";
    EXPECT_EQ(difference_of_results(folder / "old/results.h5", folder / "same/results.h5"), "");
    const std::string other =
        "models=[{name: fashion_resnet, path: zoo:fashion_resnet_noise}, zoo:fashion_resnet_int8]";
    const Finished changed = misfire(small_run({"--out", "changed", "--reuse", "old", "--set", other}), here);
    EXPECT_THAT(changed.err, HasSubstr("78 tiles taken from old; the model fashion_resnet is another"));
    const Finished fresh = misfire(small_run({"--out", "fresh", "--set", other}), here);
    EXPECT_EQ(difference_of_results(folder / "fresh/results.h5", folder / "changed/results.h5"), "");
    EXPECT_THAT(misfire(small_run({"--out", "seed", "--reuse", "old", "--seed", "8"}), here).err,
                HasSubstr("0 tiles taken from old; the seed was 7, is 8"));
    EXPECT_THAT(misfire(small_run({"--out", "none", "--reuse", "nowhere"}), here).err,
                HasSubstr("there is no run in it"));
}

TEST(RunForCi, ATimeBudgetEndsWithARandomPartThatCanBeResumed) {
    const TemporaryFolder folder;
    const ProgramOptions here{folder.path(), {}, {}};
    const Finished part = misfire(small_run({"--out", "part", "--time-budget", "0.001"}), here);
    EXPECT_EQ(part.code, 0) << part.err;
    EXPECT_THAT(part.out, HasSubstr("time budget reached: every cell has seen 30 of 90 samples"));
    EXPECT_THAT(part.err, HasSubstr("go on with: misfire resume part"));
    ASSERT_EQ(misfire({"resume", "part"}, here).code, 0);
    ASSERT_EQ(misfire(small_run({"--out", "whole"}), here).code, 0);
    EXPECT_EQ(difference_of_results(folder / "part/results.h5", folder / "whole/results.h5"), "");
    EXPECT_EQ(misfire(small_run({"--time-budget", "soon"}), here).code, 2);
    EXPECT_EQ(misfire(small_run({"--time-budget", "-5"}), here).code, 2);
}

}  // namespace
}  // namespace misfire::test
