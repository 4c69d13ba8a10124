// misfire corrupt and misfire preview: every mistake ends with its exit code and a message that helps.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>

#include "cli/image_sets.h"
#include "cli/program.h"

namespace misfire::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
namespace fs = std::filesystem;

class ImageMistakes : public testing::Test {
  protected:
    void SetUp() override { ASSERT_EQ(make_photos(folder_.path()), ""); }

    Finished run(const std::vector<std::string>& arguments) const {
        return misfire(arguments, {folder_.path(), {}, {}});
    }

    void expect_error(const std::vector<std::string>& arguments, const std::vector<std::string>& parts) const {
        const Finished finished = run(arguments);
        EXPECT_EQ(finished.code, 2) << finished.err;
        EXPECT_EQ(finished.out, "");
        for (const std::string& part : parts) EXPECT_THAT(finished.err, HasSubstr(part));
        EXPECT_THAT(finished.err, Not(HasSubstr("internal error")));
        EXPECT_THAT(finished.err, Not(HasSubstr("terminate called")));
    }

    // misfire corrupt photos out --perturb fog --severities 1 ... and nothing is begun.
    void expect_corrupt_error(const std::vector<std::string>& more, const std::vector<std::string>& parts) const {
        std::vector<std::string> arguments = {"corrupt", "photos", "out", "--perturb", "fog"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        expect_error(arguments, parts);
        EXPECT_FALSE(fs::exists(folder_ / "out")) << "nothing is begun that cannot work";
    }

    TemporaryFolder folder_;
};

class CorruptMistakes : public ImageMistakes {};

TEST_F(CorruptMistakes, MissingArguments) {
    expect_error({"corrupt"}, {"<in>", "misfire corrupt <in> <out>"});
    expect_error({"corrupt", "photos"}, {"<out>"});
    expect_error({"corrupt", "photos", "out"}, {"--perturb", "misfire list perturbations"});
    expect_error({"corrupt", "photos", "out", "more", "--perturb", "fog"}, {"fewer arguments"});
}

TEST_F(CorruptMistakes, PerturbationsAndTheirOptions) {
    expect_error({"corrupt", "photos", "out", "--perturb", "fgo"}, {"--perturb: ", "`fgo`", "Did you mean `fog`?"});
    expect_error({"corrupt", "photos", "out", "--perturb", "fog,,snow"}, {"`--perturb fog,,snow` has an empty name"});
    expect_error({"corrupt", "photos", "out", "--perturb", "weather,snow"},
                 {"--perturb: ", "`snow` already, by itself or in a group"});
    expect_error({"corrupt", "photos", "out", "--perturb", "{any: [}"}, {"is not valid YAML"});
    expect_corrupt_error({"--option", "set"}, {"`--option set` has no value", "--option key=value"});
    expect_corrupt_error({"--option", "sets=cifar-c"}, {"--option: ", "`sets`", "`set`"});
    expect_corrupt_error({"--option", "set=cifar"}, {"cifar"});
}

TEST_F(CorruptMistakes, NumbersOutOfRange) {
    expect_corrupt_error({"--severities", "1-x"}, {"--severities: ", "x"});
    expect_corrupt_error({"--severities", "7"}, {"--severities: severity 7 is beyond the maximum of fog, which is 5"});
    expect_corrupt_error({"--severities", "0"}, {"--severities: there is no level above 0"});
    expect_corrupt_error({"--seed", "-1"}, {"--seed: ", "-1"});
    expect_corrupt_error({"--seed", "often"}, {"--seed: ", "`often`"});
    expect_corrupt_error({"--size", "0"}, {"--size 0 is outside 1 to 16384 px"});
    expect_corrupt_error({"--threads", "0"}, {"--threads 0 is outside 1 to 1024"});
    expect_corrupt_error({"--format", "jpeg", "--quality", "101"}, {"--quality 101 is outside 1 to 100"});
}

TEST_F(CorruptMistakes, OptionsThatDoNotGoTogether) {
    expect_corrupt_error({"--size", "32", "--crop", "32"}, {"either --size or --resize with --crop"});
    expect_corrupt_error({"--resize", "32"}, {"--resize goes with --crop"});
    expect_corrupt_error({"--crop", "32"}, {"--crop goes with --resize"});
    expect_corrupt_error({"--quality", "90"}, {"--quality goes with --format jpeg"});
    expect_corrupt_error({"--quality", "90", "--format", "imagenet-c"}, {"ImageNet-C have quality 85"});
    expect_corrupt_error({"--format", "imagenetc"}, {"no format `imagenetc`", "`imagenet-c`"});
    expect_corrupt_error({"--format", "cifar-c", "--severities", "1-3"}, {"severities 1 to 5", "--format npy"});
    expect_error({"corrupt", "zoo:fashion_test", "out", "--perturb", "fog", "--labels", "l.npy"},
                 {"a zoo data set has its own labels"});
    expect_error({"corrupt", "photos/cat/0.png", "out", "--perturb", "fog", "--labels", "l.npy"},
                 {"one image takes no labels"});
    expect_error({"corrupt", "set.npy", "out", "--perturb", "fog", "--format", "cifar-c"},
                 {"--labels labels.npy", "--labels none"});
}

TEST_F(CorruptMistakes, ImagesThatAreNotThere) {
    expect_error({"corrupt", "fotos", "out", "--perturb", "fog"}, {"no folder, image or array fotos"});
    expect_error({"corrupt", "zoo:fashion_tset", "out", "--perturb", "fog"}, {"fashion_test"});
    write_file(folder_ / "list.txt", "a\n");
    expect_error({"corrupt", "list.txt", "out", "--perturb", "fog"}, {"neither an image", "nor an array"});
    fs::create_directory(folder_ / "empty");
    expect_error({"corrupt", "empty", "out", "--perturb", "fog"}, {"holds no images"});
    fs::remove_all(folder_ / "photos");
    write_file(folder_ / "photos/a.png", "nothing");
    expect_corrupt_error({}, {"None of the 1 images can be read", "a.png"});
}

TEST_F(CorruptMistakes, ImagesThatDoNotFitTheFormat) {
    expect_corrupt_error({"--format", "npy", "--labels", "none.csv"}, {"none.csv"});
    ASSERT_EQ(python(folder_.path(), "Image.open('photos/cat/1.png').save('photos/cat/1.jpg')"), "");
    expect_corrupt_error({}, {"cat/1.jpg", "cat/1.png", "would both be written to cat/1.png"});
    fs::remove(folder_ / "photos/cat/1.jpg");
    ASSERT_EQ(python(folder_.path(), "Image.new('RGB', (32, 32)).save('photos/flat.png')"), "");
    expect_corrupt_error({"--format", "imagenet-c"}, {"flat.png", "in no class folder", "--format jpeg"});
    expect_corrupt_error({"--format", "cifar-c"}, {"flat.png", "no class folder"});
    fs::remove(folder_ / "photos/flat.png");
    write_file(folder_ / "photos/labels.csv", "file,label\n../photos/cat/1.png,cat\n../../x.png,cat\n");
    expect_corrupt_error({"--labels", "photos/labels.csv"}, {"leads out of the data folder"});
}

TEST_F(CorruptMistakes, ImagesOfOtherSizeThanTheirArray) {
    ASSERT_EQ(python(folder_.path(), "Image.new('RGB', (40, 32)).save('photos/ship/9.png')"), "");
    expect_error({"corrupt", "photos", "out", "--perturb", "fog", "--format", "npy"},
                 {"ship/9.png is 40 x 32 px", "the first one is 32 x 32 px", "--size"});
}

TEST_F(CorruptMistakes, FoldersOfOthers) {
    expect_error({"corrupt", "photos", "photos/fog", "--perturb", "fog"}, {"lies in the folder of the images"});
    expect_error({"corrupt", "photos", "photos", "--perturb", "fog"}, {"lies in the folder of the images"});
    expect_error({"corrupt", "photos/", "photos/../photos/x", "--perturb", "fog"},
                 {"lies in the folder of the images"});
    write_file(folder_ / "other/thesis.txt", "x");
    expect_error({"corrupt", "photos", "other", "--perturb", "fog"}, {"not from `misfire corrupt`", "new or empty"});
    expect_error({"corrupt", "photos", "other", "--perturb", "fog", "--force"}, {"not from `misfire corrupt`"});
    EXPECT_EQ(read_file(folder_ / "other/thesis.txt"), "x");
    expect_error({"corrupt", "photos", "set.npy", "--perturb", "fog"}, {"set.npy"});
}

TEST_F(CorruptMistakes, AnotherCommandInTheSameFolder) {
    const std::vector<std::string> first = {"corrupt", "photos", "out", "--perturb", "fog", "--severities", "1"};
    ASSERT_EQ(run(first).code, 0);
    const auto with = [&](const std::vector<std::string>& more) {
        std::vector<std::string> arguments = first;
        arguments.insert(arguments.end(), more.begin(), more.end());
        return arguments;
    };
    expect_error(with({"--seed", "2"}), {"another command", "seed was 0, is 2", "--force"});
    expect_error(with({"--size", "40"}), {"geometry was none, is size 40 x 40"});
    expect_error(with({"--format", "jpeg"}), {"format was png, is jpeg of quality 95"});
    expect_error(with({"--independent-levels"}), {"draws of its own"});
    expect_error({"corrupt", "photos", "out", "--perturb", "fog", "--severities", "0,1"},
                 {"severity 0 was left out, is written"});
    ASSERT_EQ(python(folder_.path(), "Image.new('RGB', (32, 32)).save('photos/ship/9.png')"), "");
    expect_error(first, {"images (ids and labels) was "});
    write_file(folder_ / "out/.corrupt.json", "{\"version\": 1}");
    expect_error(first, {".corrupt.json is damaged", "new folder"});
    write_file(folder_ / "out/.corrupt.json", "{\"version\": 99}");
    expect_error(first, {"another version of misfire"});
}

TEST_F(CorruptMistakes, TwoAtOnce) {
    fs::create_directory(folder_ / "out");
    const int descriptor = open((folder_ / "out").c_str(), O_RDONLY | O_DIRECTORY);
    ASSERT_EQ(flock(descriptor, LOCK_EX), 0);
    expect_error({"corrupt", "photos", "out", "--perturb", "fog"}, {"Another misfire is writing to out"});
    close(descriptor);
}

TEST_F(CorruptMistakes, AFullDisk) {
    // As on a full disk, files cannot grow beyond this.
    const auto with_limit = [&](rlim_t bytes, const std::vector<std::string>& arguments) {
        return misfire(arguments, {folder_.path(), {}, [bytes] {
                                       const rlimit size{bytes, bytes};
                                       setrlimit(RLIMIT_FSIZE, &size);
                                   }});
    };
    for (const char* format : {"png", "cifar-c"}) {
        const std::vector<std::string> arguments = {"corrupt", "photos",   format, "--perturb",
                                                    "fog",     "--format", format};
        const Finished full = with_limit(1500, arguments);
        EXPECT_EQ(full.code, 2);
        EXPECT_THAT(full.err, AllOf(HasSubstr("Writing"), HasSubstr("File too large"), HasSubstr("free space")));
        const Finished mended = run(arguments);
        EXPECT_EQ(mended.code, 0) << mended.err;
        EXPECT_EQ(python(folder_.path(), "assert not [f for d, _, fs in os.walk('" + std::string(format) +
                                             "') for f in fs if f.endswith('.partial')]"),
                  "");
    }
}

TEST_F(CorruptMistakes, AnUnwritableFolder) {
    if (geteuid() != 0) {
        fs::create_directory(folder_ / "locked");
        fs::permissions(folder_ / "locked", fs::perms::owner_read | fs::perms::owner_exec);
        expect_error({"corrupt", "photos", "locked/out", "--perturb", "fog"}, {"locked/out cannot be made"});
        expect_error({"corrupt", "photos", "locked", "--perturb", "fog"}, {"locked cannot be written"});
        expect_error({"preview", "photos", "-o", "locked/a.png"}, {"locked/a.png failed"});
        return;
    }
    // root may write everywhere: the child gives its privileges up.
    fs::permissions(folder_.path(), fs::perms::owner_all | fs::perms::others_read | fs::perms::others_exec);
    fs::create_directory(folder_ / "locked");
    const auto unprivileged = [&](const std::vector<std::string>& arguments) {
        return misfire(arguments, {folder_.path(), {}, [] {
                                       if (setgid(65534) != 0 || setuid(65534) != 0) _exit(125);
                                   }});
    };
    const Finished made = unprivileged({"corrupt", "photos", "out", "--perturb", "fog"});
    if (made.code == 127 || made.code == 126)
        GTEST_SKIP() << "this build cannot be executed by another user: its folder is private";
    EXPECT_EQ(made.code, 2);
    EXPECT_THAT(made.err, HasSubstr("out cannot be made: Permission denied"));
    const Finished written = unprivileged({"corrupt", "photos", "locked", "--perturb", "fog"});
    EXPECT_EQ(written.code, 2);
    EXPECT_THAT(written.err, HasSubstr("locked cannot be written: Permission denied"));
    const Finished sheet = unprivileged({"preview", "photos", "--perturb", "fog", "-o", "locked/a.png"});
    EXPECT_EQ(sheet.code, 2);
    EXPECT_THAT(sheet.err, HasSubstr("Writing locked/a.png failed: Permission denied"));
}

class PreviewMistakes : public ImageMistakes {};

TEST_F(PreviewMistakes, Arguments) {
    expect_error({"preview"}, {"<what>", "misfire preview <scenario, folder"});
    expect_error({"preview", "photos", "-o", "sheet.gif"}, {"sheet.gif", ".png, .jpg or .pdf"});
    expect_error({"preview", "photos", "--samples", "0"}, {"--samples 0 is outside 1 to 100"});
    expect_error({"preview", "photos", "--cell", "8"}, {"--cell 8 is outside 16 to 4096"});
    expect_error({"preview", "photos", "--perturb", "fgo"}, {"--perturb: ", "`fog`"});
    expect_error({"preview", "photos", "--set", "seed=3"}, {"--set goes with a scenario"});
    EXPECT_FALSE(fs::exists(folder_ / "photos-preview.png"));
}

TEST_F(PreviewMistakes, Scenarios) {
    expect_error({"preview", "dmeo"}, {"`dmeo`", "`demo`"});
    expect_error({"preview", "mine.yaml"}, {"no scenario file mine.yaml"});
    expect_error({"preview", "demo", "--perturb", "fog"}, {"--perturb goes with images", "--set"});
    expect_error({"preview", "demo", "--size", "32"}, {"--size goes with images"});
    expect_error({"preview", "demo", "--set", "sede=3"}, {"`sede`", "`seed`"});
}

TEST_F(PreviewMistakes, ImagesThatCannotBeShown) {
    expect_error({"preview", "zoo:fashion_tset"}, {"fashion_test"});
    expect_error({"preview", "cat.jpg"}, {"no folder, image or array cat.jpg"});
    write_file(folder_ / "broken.png", "no picture");
    expect_error({"preview", "broken.png"}, {"No image could be read", "broken.png"});
    expect_error({"preview", "photos", "--perturb", "contrast", "--samples", "12", "--cell", "3000"},
                 {"The sheet would be ", "32767", "PDF"});
}

}  // namespace
}  // namespace misfire::test
