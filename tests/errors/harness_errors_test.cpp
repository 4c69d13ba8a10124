// What a new user runs into: every mistake ends with its exit code and a message that names value, limit and remedy.
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>

#include "cli/program.h"
#include "tests/shared_files.h"

namespace misfire::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class Mistakes : public testing::Test {
  protected:
    Finished run(const std::vector<std::string>& arguments) const {
        return misfire(arguments, {folder_.path(), {}, {}});
    }

    void expect_error(const std::vector<std::string>& arguments, const std::vector<std::string>& parts,
                      int code = 2) const {
        const Finished finished = run(arguments);
        EXPECT_EQ(finished.code, code) << finished.err;
        for (const std::string& part : parts) EXPECT_THAT(finished.err, HasSubstr(part));
        EXPECT_THAT(finished.err, Not(HasSubstr("internal error")));
        EXPECT_THAT(finished.err, Not(HasSubstr("terminate called")));
    }

    // A scenario over this model and the shipped data.
    void expect_model_error(const std::string& model, const std::vector<std::string>& parts) const {
        write_file(
            folder_ / "s.yaml",
            "models: " + model + "\ndata: zoo:fashion_test\nlimit: 20\nshifts: {perturb: brightness, severities: 1}\n");
        expect_error({"run", "s.yaml"}, parts);
        EXPECT_FALSE(std::filesystem::exists(folder_ / "runs")) << "nothing is begun that cannot work";
    }

    TemporaryFolder folder_;
};

TEST_F(Mistakes, UnknownVerb) { expect_error({"rum", "demo"}, {"no verb `rum`", "`run`"}); }
TEST_F(Mistakes, UnknownOption) { expect_error({"run", "demo", "--seeds", "3"}, {"no option", "`--seed`"}); }
TEST_F(Mistakes, MissingArgument) { expect_error({"run"}, {"<scenario>", "misfire run <scenario>"}); }
TEST_F(Mistakes, TooManyArguments) { expect_error({"run", "demo", "other"}, {"fewer arguments"}); }
TEST_F(Mistakes, OptionValue) { expect_error({"run", "demo", "--threads", "many"}, {"threads", "many"}); }
TEST_F(Mistakes, ThreadsOutOfRange) {
    expect_error({"run", "demo", "--threads", "0"}, {"--threads 0 is outside 1 to 1024"});
}
TEST_F(Mistakes, ScenarioNotThere) {
    expect_error({"run", "mine.yaml"}, {"no scenario file mine.yaml", "misfire list scenarios"});
}
TEST_F(Mistakes, ShippedScenarioMisspelt) { expect_error({"run", "dmeo"}, {"`dmeo`", "`demo`"}); }
TEST_F(Mistakes, BadFilter) { expect_error({"run", "demo", "--filter", "(("}, {"not a regular expression"}); }
TEST_F(Mistakes, SetWithoutValue) { expect_error({"run", "demo", "--set", "seed"}, {"has no value", "--set seed=3"}); }
TEST_F(Mistakes, SetOfUnknownKey) {
    expect_error({"run", "demo", "--set", "sede=3"}, {"unknown key `sede`", "`seed`"});
}

TEST_F(Mistakes, ModelFileNotThere) { expect_model_error("nets/none.pt", {"none.pt"}); }
TEST_F(Mistakes, ZooModelMisspelt) { expect_model_error("zoo:fashion_resent", {"`fashion_resent`", "fashion_resnet"}); }

TEST_F(Mistakes, RandomBytesAsModel) {
    std::string bytes;
    for (int i = 0; i < 5000; ++i) bytes += static_cast<char>((i * 7919) % 251);
    write_file(folder_ / "noise.pt", bytes);
    expect_model_error("{path: noise.pt, output: logits}", {"noise.pt"});
    expect_error({"describe", "noise.pt"}, {"noise.pt"});
}

TEST_F(Mistakes, StateDictInsteadOfTorchScript) {
    MISFIRE_NEEDS("real/models/mnist_vit.ptl");
    // A state_dict is a zip of a pickle without code: the shipped file with its code taken out is refused the same way.
    const Finished made = run_program({"/usr/bin/python3", "-c",
                                       "import zipfile, pickle, sys, io\n"
                                       "z = zipfile.ZipFile(sys.argv[1], 'w')\n"
                                       "z.writestr('archive/data.pkl', pickle.dumps({'weight': 1}, protocol=2))\n"
                                       "z.writestr('archive/version', '3\\n')\n",
                                       (folder_ / "weights.pt").string()});
    ASSERT_EQ(made.code, 0) << made.err;
    expect_model_error("{path: weights.pt, output: logits}", {"state_dict", "torch.jit"});
}

TEST_F(Mistakes, ModelThatNeedsCustomOperators) {
    MISFIRE_NEEDS("real/models/detection_d2go_unloadable.pt");
    expect_model_error("{path: " + shared("real/models/detection_d2go_unloadable.pt").string() + ", output: logits}",
                       {"operator"});
}

TEST_F(Mistakes, ModelWithoutCardOrInput) {
    MISFIRE_NEEDS("real/models/cifar10_resnet20.pt");
    expect_model_error(shared("real/models/cifar10_resnet20.pt").string(), {"geometry", "tensor"});
}

TEST_F(Mistakes, Sha256ThatDiffers) {
    expect_model_error("{path: zoo:fashion_resnet, expect_sha256: '" + std::string(64, 'a') + "'}",
                       {"sha256", std::string(64, 'a')});
}

TEST_F(Mistakes, ClassCountThatDoesNotMatch) {
    for (int c = 0; c < 12; ++c) {
        std::filesystem::create_directories(folder_ / ("d/class" + std::to_string(c)));
        const Finished made =
            run_program({"/usr/bin/python3", "-c",
                         "import sys; from PIL import Image; Image.new('L', (28, 28), 90).save(sys.argv[1])",
                         (folder_ / ("d/class" + std::to_string(c) + "/a.png")).string()});
        ASSERT_EQ(made.code, 0) << made.err;
    }
    write_file(
        folder_ / "s.yaml",
        "models: zoo:fashion_resnet\ndata: {images: d, match: index}\nshifts: {perturb: brightness, severities: 1}\n");
    expect_error({"run", "s.yaml"}, {"12 classes", "answers 10", "class_map"});
    write_file(folder_ / "s.yaml",
               "models: zoo:fashion_resnet\ndata: {images: d}\nshifts: {perturb: brightness, severities: 1}\n");
    expect_error({"run", "s.yaml"}, {"class `class0`", "none of the 10 classes", "match: index"});
}

class Folder28 : public Mistakes {
  protected:
    // n grey 28 x 28 images without labels, and a scenario over them.
    void make_images(int n) const {
        const Finished made = run_program(
            {"/usr/bin/python3", "-c",
             "import sys, os\nfrom PIL import Image\nos.makedirs(sys.argv[1])\n"
             "for i in range(int(sys.argv[2])): Image.new('L', (28, 28), i % 256).save(f'{sys.argv[1]}/{i:03}.png')",
             (folder_ / "d").string(), std::to_string(n)});
        ASSERT_EQ(made.code, 0) << made.err;
        write_file(folder_ / "s.yaml",
                   "models: zoo:fashion_resnet\ndata: {images: d, labels: none}\nshifts: {perturb: brightness, "
                   "severities: 1}\nmetrics: [accuracy]\n");
    }
};

TEST_F(Folder28, OneUnreadableImageInTwoHundredDoesNotCount) {
    make_images(200);
    write_file(folder_ / "d/007.png", "this is no picture");
    const Finished finished = run({"run", "s.yaml"});
    EXPECT_EQ(finished.code, 0) << finished.err;
    EXPECT_THAT(finished.err, HasSubstr("007.png"));
    EXPECT_THAT(finished.out, HasSubstr("1 inputs could not be read and do not count"));
    EXPECT_THAT(misfire({"describe", "runs/s", "--json"}, {folder_.path(), {}, {}}).out,
                AllOf(HasSubstr("\"n\": 199"), HasSubstr("007.png")));
}

TEST_F(Folder28, MoreThanOnePercentUnreadableIsInconclusive) {
    make_images(100);
    write_file(folder_ / "d/007.png", "this is no picture");
    write_file(folder_ / "d/008.png", "");
    const Finished finished = run({"run", "s.yaml"});
    EXPECT_EQ(finished.code, 3) << finished.err;
    EXPECT_THAT(finished.out, HasSubstr("inconclusive: 2 of 100 inputs (2.0 %) could not be read, the limit is 1 %"));
}

TEST_F(Folder28, ImagesOfDifferentSizesMakeACellOfStatusError) {
    make_images(20);
    const Finished made = run_program(
        {"/usr/bin/python3", "-c", "import sys; from PIL import Image; Image.new('L', (40, 28), 90).save(sys.argv[1])",
         (folder_ / "d/003.png").string()});
    ASSERT_EQ(made.code, 0);
    write_file(folder_ / "s.yaml",
               "models: {path: zoo:fashion_resnet, input: {geometry: none}}\ndata: {images: d, labels: none}\nshifts: "
               "{perturb: brightness, severities: 1}\n");
    const Finished finished = run({"run", "s.yaml"});
    EXPECT_EQ(finished.code, 3) << finished.err;
    EXPECT_THAT(finished.out, HasSubstr("2 of 2 cells failed"));
    EXPECT_THAT(finished.err, AllOf(HasSubstr("different sizes"), HasSubstr("geometry")));
}

TEST_F(Folder28, DataThatChangedBetweenRunAndResumeIsNoticed) {
    make_images(40);
    write_file(folder_ / "s.yaml",
               "models: zoo:fashion_resnet\ndata: {images: d, labels: none}\nblock: 10\nshifts: {perturb: brightness, "
               "severities: 1}\nmetrics: [accuracy]\n");
    EXPECT_EQ(run({"run", "s.yaml"}).code, 0);
    // As if the run had stopped before its last tiles.
    const Finished cut = run_program({"/usr/bin/python3", "-c",
                                      "import sqlite3, sys\nc = sqlite3.connect(sys.argv[1])\nc.execute(\"delete from "
                                      "tiles where cell like '%brightness%'\")\nc.commit()",
                                      (folder_ / "runs/s/run.sqlite").string()});
    ASSERT_EQ(cut.code, 0) << cut.err;
    const Finished made = run_program(
        {"/usr/bin/python3", "-c", "import sys; from PIL import Image; Image.new('L', (28, 28), 255).save(sys.argv[1])",
         (folder_ / "d/003.png").string()});
    ASSERT_EQ(made.code, 0);
    expect_error({"resume", "runs/s"}, {"pixels of the data are not those", "start a new run"});
}

TEST_F(Mistakes, ResumeOfNothing) { expect_error({"resume", "runs/none"}, {"no run in runs/none"}); }

class AfterARun : public Mistakes {
  protected:
    void SetUp() override {
        std::filesystem::copy_file(zoo("fashion_resnet.pt"), folder_ / "net.pt");
        std::filesystem::copy_file(zoo("fashion_resnet.yaml"), folder_ / "net.yaml");
        write_file(folder_ / "s.yaml",
                   "models: net.pt\ndata: zoo:fashion_test\nlimit: 20\nshifts: {perturb: brightness, severities: "
                   "1}\nmetrics: [accuracy]\n");
        const Finished finished = run({"run", "s.yaml"});
        ASSERT_EQ(finished.code, 0) << finished.err;
    }
    static std::filesystem::path zoo(const std::string& name) { return in_source("models/zoo/models/" + name); }
};

TEST_F(AfterARun, AChangedModelIsNamed) {
    std::filesystem::copy_file(zoo("fashion_resnet_noise.pt"), folder_ / "net.pt",
                               std::filesystem::copy_options::overwrite_existing);
    std::filesystem::copy_file(zoo("fashion_resnet_noise.yaml"), folder_ / "net.yaml",
                               std::filesystem::copy_options::overwrite_existing);
    expect_error({"resume", "runs/s"}, {"model net (sha256) was ", "start a new run"});
}

TEST_F(AfterARun, CorruptTruncatedForeignAndNewerResultsAreRefused) {
    const std::filesystem::path file = folder_ / "runs/s/results.h5";
    const std::string whole = read_file(file);
    write_file(folder_ / "cut.h5", whole.substr(0, whole.size() / 2));
    expect_error({"describe", "cut.h5"}, {"cut.h5"});
    write_file(folder_ / "text.h5", "not HDF5 at all");
    expect_error({"describe", "text.h5"}, {"text.h5"});
    expect_error({"describe", "none.h5"}, {"none.h5"});
    const auto edited = [&](const std::string& name, const std::string& edit) {
        std::filesystem::copy_file(file, folder_ / name);
        const Finished made =
            run_program({"/usr/bin/python3", "-c", "import h5py, sys\nf = h5py.File(sys.argv[1], 'r+')\n" + edit,
                         (folder_ / name).string()});
        ASSERT_EQ(made.code, 0) << made.err;
    };
    edited("newer.h5", "f.attrs['schema_version'] = 99");
    expect_error({"describe", "newer.h5"}, {"newer.h5", "99"});
    edited("foreign.h5", "del f.attrs['schema']");
    expect_error({"describe", "foreign.h5"}, {"foreign.h5"});
    std::string flipped = whole;
    for (std::size_t i = flipped.size() / 3; i < flipped.size(); i += 97)
        flipped[i] = static_cast<char>(flipped[i] ^ 0x5A);
    write_file(folder_ / "flipped.h5", flipped);
    expect_error({"describe", "flipped.h5"}, {"flipped.h5"});
}

TEST_F(AfterARun, ACorruptOrNewerJournalIsRefused) {
    const std::filesystem::path file = folder_ / "runs/s/run.sqlite";
    std::string bytes = read_file(file);
    for (std::size_t i = 0; i < 4000; ++i) bytes[i] = static_cast<char>(i * 31);
    std::filesystem::copy(folder_ / "runs/s", folder_ / "runs/broken");
    std::ofstream(folder_ / "runs/broken/run.sqlite", std::ios::binary) << bytes;
    expect_error({"resume", "runs/broken"}, {"run.sqlite"});
}

TEST_F(Mistakes, AnUnwritableOutputFolder) {
    if (geteuid() != 0) {
        std::filesystem::create_directory(folder_ / "locked");
        std::filesystem::permissions(folder_ / "locked",
                                     std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
        expect_error({"run", "demo", "--limit", "20", "--out", "locked/run"}, {"locked/run", "--out"});
        return;
    }
    // root may write everywhere: the child gives its privileges up.
    std::filesystem::permissions(folder_.path(), std::filesystem::perms::owner_all |
                                                     std::filesystem::perms::others_read |
                                                     std::filesystem::perms::others_exec);
    ProgramOptions options{folder_.path(), {}, [] {
                               if (setgid(65534) != 0 || setuid(65534) != 0) _exit(125);
                           }};
    const Finished finished = misfire({"run", "demo", "--limit", "20", "--out", "run"}, options);
    if (finished.code == 127 || finished.code == 126)
        GTEST_SKIP() << "this build cannot be executed by another user: its folder is private";
    EXPECT_EQ(finished.code, 2) << finished.err;
    EXPECT_THAT(finished.err, AllOf(HasSubstr("run"), HasSubstr("--out")));
}

TEST_F(Mistakes, AFullDiskLosesNothingThatWasCommitted) {
    write_file(folder_ / "s.yaml",
               "models: zoo:fashion_resnet\ndata: zoo:fashion_test\nblock: 100\nkeep: [logits]\nshifts: {perturb: "
               "[brightness, contrast], severities: 1-3}\nmetrics: [accuracy]\n");
    const Finished whole = run({"run", "s.yaml", "--out", "whole"});
    ASSERT_EQ(whole.code, 0) << whole.err;
    // As on a full disk, a write fails half way through the journal.
    const rlim_t limit = std::filesystem::file_size(folder_ / "whole/run.sqlite") / 2;
    ProgramOptions options{folder_.path(), {}, [limit] {
                               const rlimit size{limit, limit};
                               setrlimit(RLIMIT_FSIZE, &size);
                           }};
    const Finished full = misfire({"run", "s.yaml", "--out", "cut"}, options);
    EXPECT_EQ(full.code, 2);
    EXPECT_THAT(full.err, AllOf(HasSubstr("run.sqlite"), HasSubstr("space")));
    const Finished resumed = run({"resume", "cut"});
    EXPECT_EQ(resumed.code, 0) << resumed.err;
    EXPECT_EQ(difference_of_results(folder_ / "whole/results.h5", folder_ / "cut/results.h5"), "");
}

}  // namespace
}  // namespace misfire::test
