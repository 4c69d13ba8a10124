// misfire corrupt: its pixels are those of a run, its files those that others read, and a kill changes nothing.
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>

#include <nlohmann/json.hpp>

#include "cli/image_sets.h"
#include "cli/program.h"
#include "harness/setup.h"
#include "scenarios/data/decode.h"
#include "scenarios/data/geometry.h"
#include "scenarios/scenario.h"

namespace misfire::test {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
namespace fs = std::filesystem;

class Corrupt : public testing::Test {
  protected:
    void SetUp() override { ASSERT_EQ(make_photos(folder_.path()), ""); }

    Finished run(const std::vector<std::string>& arguments) const {
        return misfire(arguments, {folder_.path(), {}, {}});
    }
    void expect_fine(const std::vector<std::string>& arguments) const {
        const Finished finished = run(arguments);
        EXPECT_EQ(finished.code, 0) << finished.err;
    }
    std::string py(const std::string& script) const { return python(folder_.path(), script); }

    // Outcomes of a scenario: cell -> value of a metric that feels every pixel, clean cell aside.
    std::map<std::string, double> outcomes(const std::string& name, const std::string& yaml) const {
        write_file(folder_ / (name + ".yaml"), yaml);
        const Finished finished = run({"run", name + ".yaml", "--json", "--out", name});
        EXPECT_EQ(finished.code, 0) << finished.err;
        std::map<std::string, double> values;
        if (finished.code != 0) return values;
        const json results = json::parse(finished.out);
        for (const json& point : results["points"]) {
            if (point["metric"] == "nll") values[point["cell"]] = point["value"];
        }
        return values;
    }

    TemporaryFolder folder_;
};

TEST_F(Corrupt, PixelsAreThoseThatARunShowsItsModels) {
    for (const std::string levels : {"false", "true"}) {
        const std::string out = "out_" + levels;
        std::vector<std::string> arguments = {"corrupt",
                                              "photos",
                                              out,
                                              "--perturb",
                                              "gaussian_noise,snow",
                                              "--perturb",
                                              "fog+jpeg_compression",
                                              "--severities",
                                              "1,2.5,4",
                                              "--seed",
                                              "7",
                                              "--size",
                                              "40"};
        if (levels == "true") arguments.emplace_back("--independent-levels");
        expect_fine(arguments);
        const Scenario scenario = parse_scenario(
            "models: zoo:fashion_resnet\nseed: 7\ndata: {images: photos, labels: none}\nshifts: {perturb: "
            "[gaussian_noise, snow, fog+jpeg_compression], severities: '1,2.5,4', independent_levels: " +
                levels + "}\n",
            "s.yaml", folder_.path(), {}, {"accuracy"});
        Geometry geometry;
        geometry.kind = Geometry::Kind::exact;
        geometry.height = geometry.width = 40;
        const auto data = open_data(scenario.data);
        const GeometryView clean(*data, geometry);
        ASSERT_EQ(data->size(), 12U);
        for (const auto& shift : open_shifts(scenario, *data, {})) {
            for (std::size_t level = 1; level <= 3; ++level) {
                const auto view = shift->at(clean, level, {geometry, data.get()});
                for (std::size_t i = 0; i < view->size(); ++i) {
                    const fs::path file =
                        folder_ / out / shift->info().name / shift->info().levels[level].label / view->key(i).id;
                    EXPECT_EQ(decode_image(file), view->at(i).image) << file;
                }
            }
        }
    }
}

TEST_F(Corrupt, TheManifestNamesEveryFile) {
    expect_fine({"corrupt", "photos", "out", "--perturb", "fog", "--severities", "0-2", "--seed", "3"});
    EXPECT_EQ(py(R"(
rows = list(csv.DictReader(open('out/manifest.csv')))
assert len(rows) == 36, len(rows)
assert list(rows[0]) == ['file', 'row', 'source_id', 'perturbation', 'severity', 'parameter_set', 'drawn', 'seed', 'status', 'message']
there = {os.path.relpath(os.path.join(d, f), 'out') for d, _, fs in os.walk('out') for f in fs if f.endswith('.png')}
assert there == {row['file'] for row in rows}, there
for row in rows:
    assert row['status'] == 'ok' and row['seed'] == '3' and row['row'] == ''
    assert row['file'] == f"{row['perturbation']}/{row['severity']}/{row['source_id']}"
    assert row['parameter_set'] == ('cifar-c (32 px)' if row['perturbation'] == 'fog' else '')
    if row['perturbation'] == 'clean':
        assert (np.asarray(Image.open('out/' + row['file'])) == np.asarray(Image.open('photos/' + row['source_id']))).all()
)"),
              "");
    EXPECT_THAT(read_file(folder_ / "out/corrupt.yaml"),
                AllOf(HasSubstr("seed: 3"), HasSubstr("perturb: fog"), HasSubstr("misfire corrupt photos out")));
}

TEST_F(Corrupt, TheKeysOfItsSettingsMakeAScenario) {
    expect_fine({"corrupt", "photos", "out", "--perturb", "fog", "--severities", "1", "--size", "32"});
    EXPECT_EQ(py(R"(
text = open('out/corrupt.yaml').read()
open('s.yaml', 'w').write('models: zoo:cifar10_resnet20\n' + text[text.index('seed:'):])
)"),
              "");
    expect_fine({"validate", "s.yaml"});
}

TEST_F(Corrupt, JpegsAreThoseOfPillow) {
    expect_fine({"corrupt", "photos", "png", "--perturb", "contrast", "--severities", "2", "--size", "224"});
    expect_fine({"corrupt", "photos", "jpeg", "--perturb", "contrast", "--severities", "2", "--size", "224", "--format",
                 "jpeg", "--quality", "90"});
    expect_fine({"corrupt", "photos", "in-c", "--perturb", "contrast", "--severities", "2", "--size", "224", "--format",
                 "imagenet-c"});
    EXPECT_EQ(py(R"(
import io
def saved(path, **how):
    file = io.BytesIO()
    Image.open(path).save(file, 'JPEG', **how)
    return file.getvalue()
for name in ['bird/0', 'cat/3', 'ship/2']:
    png = f'png/contrast/2/{name}.png'
    assert open(f'in-c/contrast/2/{name}.JPEG', 'rb').read() == saved(png, quality=85, optimize=True), name
    assert open(f'jpeg/contrast/2/{name}.jpg', 'rb').read() == saved(png, quality=90, subsampling=0, optimize=True), name
)"),
              "");
}

TEST_F(Corrupt, ImageNetCIsItsTreeAt224Pixels) {
    ASSERT_EQ(py("os.makedirs('big/cat'); Image.open('photos/cat/0.png').resize((300, 260)).save('big/cat/a.jpeg')\n"
                 "Image.open('photos/cat/1.png').resize((224, 224)).save('big/cat/b.png')"),
              "");
    const Finished finished =
        run({"corrupt", "big", "out", "--perturb", "fog", "--format", "imagenet-c", "--severities", "0,3"});
    EXPECT_EQ(finished.code, 0) << finished.err;
    EXPECT_THAT(finished.err, HasSubstr("not 224 x 224 px already are resized to 256 px and cropped"));
    EXPECT_THAT(finished.out, HasSubstr("out/<name>/<severity>/<class>/<file>.JPEG"));
    EXPECT_EQ(py(R"(
for name in ['a', 'b']:
    for cell in ['clean/0', 'fog/3']:
        image = Image.open(f'out/{cell}/cat/{name}.JPEG')
        assert image.size == (224, 224) and image.format == 'JPEG', image
        assert [c[1:3] for c in image.layer] == [(2, 2), (1, 1), (1, 1)], image.layer  # 4:2:0
def off(a, b): return np.abs(np.asarray(a, float) - np.asarray(b, float)).mean()
a = Image.open('big/cat/a.jpeg').resize((295, 256), Image.BILINEAR).crop((36, 16, 260, 240))
assert off(Image.open('out/clean/0/cat/a.JPEG'), a) < 3
assert off(Image.open('out/clean/0/cat/b.JPEG'), Image.open('big/cat/b.png')) < 3, 'taken as it is'
)"),
              "");
    write_file(folder_ / "s.yaml",
               "models: zoo:cifar10_resnet20\ndata: {images: big, match: index}\nshifts: {files: {root: out, form: "
               "imagenet-c}}\nmetrics: [accuracy]\n");
    expect_fine({"run", "s.yaml"});
}

TEST_F(Corrupt, CifarCIsWhatItsLoadersExpect) {
    expect_fine({"corrupt", "photos", "png", "--perturb", "fog,contrast"});
    expect_fine({"corrupt", "photos", "out", "--perturb", "fog,contrast", "--format", "cifar-c"});
    EXPECT_EQ(py(R"(
ids = open('out/ids.txt').read().split('\n')[:-1]
labels = np.load('out/labels.npy')
assert labels.dtype == np.int64 and (labels == np.tile(np.repeat([0, 1, 2], 4), 5)).all()
assert ids[:2] == ['bird/0.png', 'bird/1.png'] and len(ids) == 12
for name in ['fog', 'contrast']:
    images = np.load(f'out/{name}.npy')
    assert images.shape == (60, 32, 32, 3) and images.dtype == np.uint8
    for severity in range(1, 6):  # as robustbench slices them
        of_severity = images[(severity - 1) * 12:severity * 12]
        for image, id in zip(of_severity, ids):
            assert (image == np.asarray(Image.open(f'png/{name}/{severity}/{id}'))).all(), id
    x = np.transpose(images[:12], (0, 3, 1, 2)).astype(np.float32) / 255
    assert x.shape == (12, 3, 32, 32)
)"),
              "");
}

TEST_F(Corrupt, NpyIsOneArrayPerSeverityAndGreyStaysGrey) {
    expect_fine(
        {"corrupt", "zoo:fashion_test", "out", "--perturb", "contrast", "--severities", "0,2", "--format", "npy"});
    expect_fine(
        {"corrupt", "photos/cat/1.png", "one", "--perturb", "contrast", "--severities", "2", "--format", "npy"});
    EXPECT_EQ(
        py(R"(
clean, two = np.load('out/clean/0.npy'), np.load('out/contrast/2.npy')
assert clean.shape == two.shape == (1000, 28, 28) and two.dtype == np.uint8
assert (clean == np.load(')" +
           std::string(MISFIRE_SOURCE_DIR) + R"(/models/zoo/data/fashion_test.npy')).all() and (clean != two).any()
assert np.load('out/labels.npy').shape == (1000,)
assert np.load('one/contrast/2.npy').shape == (1, 32, 32, 3)
assert open('one/ids.txt').read() == '1.png\n' and not os.path.exists('one/labels.npy')
)"),
        "");
}

const char* const model_part = "models: zoo:cifar10_resnet20\nmetrics: [nll]\nseed: 7\n";

TEST_F(Corrupt, ARunOnItsLosslessTreeGivesTheOutcomesOfTheShiftItself) {
    expect_fine({"corrupt", "photos", "out", "--perturb", "fog,gaussian_noise", "--severities", "0-5", "--seed", "7"});
    const std::string data = std::string(model_part) + "data: {images: photos, match: index}\n";
    const auto files = outcomes("files", data + "shifts: {files: {root: out, form: imagenet-c}}\n");
    const auto perturb = outcomes("perturb", data + "shifts: {perturb: [fog, gaussian_noise], severities: 1-5}\n");
    EXPECT_EQ(files.size(), 11U);
    EXPECT_EQ(files, perturb);
}

TEST_F(Corrupt, ARunOnItsCifarCArraysGivesTheOutcomesOfTheShiftItself) {
    expect_fine({"corrupt", "set.npy", "out", "--labels", "set_labels.npy", "--perturb", "fog,gaussian_noise",
                 "--severities", "0-5", "--seed", "7", "--format", "cifar-c"});
    const std::string data =
        std::string(model_part) + "data: {npy: out/clean/0.npy, labels: out/clean/labels.npy, match: index}\n";
    const auto files = outcomes("files", data + "shifts: {files: {root: out, form: cifar-c}}\n");
    const auto perturb = outcomes("perturb", data + "shifts: {perturb: [fog, gaussian_noise], severities: 1-5}\n");
    EXPECT_EQ(files.size(), 11U);
    EXPECT_EQ(files, perturb);
}

TEST_F(Corrupt, ClassesOfArraysBecomeFoldersInTheirOrder) {
    expect_fine({"corrupt", "zoo:fashion_test", "out", "--perturb", "contrast", "--severities", "1", "--format",
                 "imagenet-c", "--size", "28"});
    EXPECT_EQ(py(R"(
folders = sorted(os.listdir('out/contrast/1'))
assert [f.split('_')[0] for f in folders] == [str(i) for i in range(10)], folders
assert all(len(os.listdir('out/contrast/1/' + f)) == 100 for f in folders)
)"),
              "");
}

// ---- going on ----

// Several times as long as what lies between two commits of the record, on any processor: the slowest perturbation.
const std::vector<std::string> long_command = {
    "corrupt", "zoo:fashion_test", "out", "--perturb", "circular_motion_blur", "--size", "96"};

std::vector<std::string> command_with(const std::vector<std::string>& more) {
    std::vector<std::string> command = long_command;
    command.insert(command.end(), more.begin(), more.end());
    return command;
}

// Waits until the record says that something is done, then kills. False when it had ended by itself.
bool killed_on_its_way(const std::vector<std::string>& command, const fs::path& folder, int signal) {
    const int child = start_misfire(command, folder);
    int status = 0;
    while (waitpid(child, &status, WNOHANG) == 0) {
        const json record = json::parse(read_file(folder / "out/.corrupt.json"), nullptr, false);
        if (record.is_discarded() || record["done"] == 0) continue;
        if (record["done"] == record["samples"]) break;
        kill(child, signal);
        waitpid(child, &status, 0);
        return true;
    }
    waitpid(child, &status, 0);
    return false;
}

class KilledCorrupt : public testing::TestWithParam<const char*> {
  protected:
    void SetUp() override {
        for (const char* name : {"whole", "cut"}) fs::create_directory(folder_ / name);
    }
    TemporaryFolder folder_;
};

TEST_P(KilledCorrupt, GoesOnToTheSameBytes) {
    const std::vector<std::string> command = command_with({"--format", GetParam(), "--threads", "2"});
    const Finished whole =
        misfire(command_with({"--format", GetParam(), "--threads", "1"}), {folder_ / "whole", {}, {}});
    ASSERT_EQ(whole.code, 0) << whole.err;
    ASSERT_TRUE(killed_on_its_way(command, folder_ / "cut", SIGKILL)) << "it was over before it could be killed";
    const Finished resumed = misfire(command, {folder_ / "cut", {}, {}});
    EXPECT_EQ(resumed.code, 0) << resumed.err;
    EXPECT_THAT(resumed.err, HasSubstr("going on after"));
    EXPECT_EQ(difference_of_folders(folder_ / "whole/out", folder_ / "cut/out"), "");
    const Finished again = misfire(command, {folder_ / "cut", {}, {}});
    EXPECT_EQ(again.code, 0);
    EXPECT_THAT(again.out, HasSubstr("nothing to do"));
    const Finished other = misfire(command_with({"--format", GetParam(), "--seed", "1"}), {folder_ / "cut", {}, {}});
    EXPECT_EQ(other.code, 2);
    EXPECT_THAT(other.err, AllOf(HasSubstr("seed was 0, is 1"), HasSubstr("--force")));
}

INSTANTIATE_TEST_SUITE_P(Formats, KilledCorrupt, testing::Values("png", "cifar-c"));

TEST(InterruptedCorrupt, NamesTheCommandThatGoesOn) {
    const TemporaryFolder folder;
    const std::string command =
        std::string(MISFIRE_BINARY) +
        " corrupt zoo:fashion_test out --perturb glass_blur,elastic_transform --size 224 & pid=$!\n"
        "while kill -0 $pid && ! grep -qs '\"done\": [1-9]' out/.corrupt.json; do :; done\nkill -INT $pid\nwait $pid";
    const Finished finished = run_program({"/bin/sh", "-c", command}, {folder.path(), {}, {}});
    EXPECT_EQ(finished.code, 130) << finished.err;
    EXPECT_THAT(finished.err, HasSubstr("the same command goes on: misfire corrupt zoo:fashion_test out --perturb "
                                        "glass_blur,elastic_transform --size 224"));
}

TEST_F(Corrupt, ForceStartsOverAndTouchesNothingElse) {
    expect_fine({"corrupt", "photos", "out", "--perturb", "fog", "--severities", "1"});
    write_file(folder_ / "out/notes.txt", "mine");
    const Finished refused = run({"corrupt", "photos", "out", "--perturb", "snow", "--severities", "1"});
    EXPECT_EQ(refused.code, 2);
    EXPECT_THAT(refused.err, AllOf(HasSubstr("perturbation fog was fog:1"), HasSubstr("perturbation snow is new")));
    expect_fine({"corrupt", "photos", "out", "--perturb", "snow", "--severities", "1", "--force"});
    EXPECT_FALSE(fs::exists(folder_ / "out/fog"));
    EXPECT_TRUE(fs::exists(folder_ / "out/snow/1/cat/0.png"));
    EXPECT_EQ(read_file(folder_ / "out/notes.txt"), "mine");
}

// ---- what goes wrong on the way ----

TEST_F(Corrupt, UnreadableImagesAreRowsAndTheExitCodeSaysSo) {
    write_file(folder_ / "photos/cat/2.png", "this is no picture");
    for (const char* format : {"png", "cifar-c"}) {
        const Finished finished = run({"corrupt", "photos", format, "--perturb", "fog", "--format", format, "--json"});
        EXPECT_EQ(finished.code, 3) << finished.err;
        EXPECT_THAT(finished.err, HasSubstr("bad input cat/2.png"));
        const json summary = json::parse(finished.out);
        EXPECT_EQ(summary["images"], 55);
        EXPECT_EQ(summary["missing"], 5);
        EXPECT_EQ(summary["exit_code"], 3);
        const Finished again = run({"corrupt", "photos", format, "--perturb", "fog", "--format", format});
        EXPECT_EQ(again.code, 3);
        EXPECT_THAT(again.out, AllOf(HasSubstr("nothing to do"), HasSubstr("1 of 12 image is missing")));
    }
    EXPECT_EQ(py(R"(
for folder in ['png', 'cifar-c']:
    bad = [row for row in csv.DictReader(open(folder + '/manifest.csv')) if row['status'] == 'error']
    assert len(bad) == 5 and all(row['source_id'] == 'cat/2.png' and 'cat/2.png' in row['message'] for row in bad)
assert not os.path.exists('png/fog/1/cat/2.png')
assert (np.load('cifar-c/fog.npy')[6] == 0).all() and (np.load('cifar-c/fog.npy')[7] != 0).any()
)"),
              "");
}

TEST_F(Corrupt, ImagesTooSmallForAPerturbationAreRows) {
    ASSERT_EQ(py("Image.new('RGB', (9, 9)).save('photos/cat/2.png')"), "");
    const Finished finished = run({"corrupt", "photos", "out", "--perturb", "fog", "--severities", "1"});
    EXPECT_EQ(finished.code, 3);
    EXPECT_THAT(finished.err, HasSubstr("at least 16 px"));
}

TEST_F(Corrupt, MemoryDoesNotGrowWithTheNumberOfImages) {
    // 81 MB in, 406 MB out.
    ASSERT_EQ(py("np.lib.format.open_memmap('large.npy', 'w+', np.uint8, (1300, 250, 250, 1))[:, 100:150] = 99"), "");
    const auto peak = [&](const std::string& count) {
        const std::string measure =
            "import resource, subprocess, sys\nsubprocess.run(sys.argv[1:], check=True, stdout=sys.stderr)\n"
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)";
        const Finished timed =
            run_program({"/usr/bin/python3", "-c", measure, MISFIRE_BINARY, "corrupt", count + ".npy", count,
                         "--perturb", "contrast", "--format", "npy", "--threads", "2"},
                        {folder_.path(), {}, {}});
        EXPECT_EQ(timed.code, 0) << timed.err;
        return std::stod(timed.out) / 1024.0;  // MiB
    };
    ASSERT_EQ(py("np.save('small.npy', np.load('large.npy', mmap_mode='r')[:100])"), "");
    EXPECT_LT(peak("large"), peak("small") + 150.0) << "the input is mapped and may be resident, the output is not";
}

}  // namespace
}  // namespace misfire::test
