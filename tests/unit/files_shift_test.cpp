#include "scenarios/shifts/files_shift.h"

#include <gmock/gmock.h>

#include "scenarios/data/geometry.h"
#include "scenarios/data/spec.h"
#include "scenarios/data/views.h"
#include "tests/unit/data_fixture.h"

namespace misfire::test {
namespace {

class FilesShiftTest : public DataFolder {
  protected:
    std::unique_ptr<Dataset> clean_array() const {
        DataSpec spec;
        spec.form = DataSpec::Form::npy;
        spec.npy = path("clean.npy");
        spec.npy_labels = path("clean_labels.npy");
        return open_data(spec);
    }
    std::unique_ptr<Dataset> clean_folder(const std::string& name) const {
        DataSpec spec;
        spec.form = DataSpec::Form::images;
        spec.images = path(name);
        return open_data(spec);
    }
    FilesSpec files(FilesSpec::Form form, const std::string& root) const {
        FilesSpec spec;
        spec.root = path(root);
        spec.form = form;
        return spec;
    }
};

const ShiftContext as_it_is{};

std::vector<std::string> labels(const Shift& shift) {
    std::vector<std::string> list;
    for (const Level& level : shift.info().levels) list.push_back(level.label);
    return list;
}

// fog of severity s at row r has the value 10 s + r.
constexpr const char* cifar_c = R"(
import os
os.makedirs('c', exist_ok=True)
n = 4
np.save('clean.npy', np.zeros((n, 8, 8, 3), np.uint8) + np.arange(n, dtype=np.uint8)[:, None, None, None])
np.save('clean_labels.npy', np.arange(n) % 3)
for name in ('fog', 'snow'):
    np.save(f'c/{name}.npy', np.concatenate([np.zeros((n, 8, 8, 3), np.uint8) + np.uint8(10 * s) + np.arange(n, dtype=np.uint8)[:, None, None, None] for s in range(1, 6)]))
np.save('c/labels.npy', np.tile(np.arange(n) % 3, 5))
)";

TEST_F(FilesShiftTest, CifarCArraysPairByRow) {
    python(cifar_c);
    const auto clean = clean_array();
    const auto shifts = open_files_shifts(files(FilesSpec::Form::cifar_c, "c"), *clean);
    ASSERT_EQ(shifts.size(), 2U);
    const Shift& fog = *shifts[0];
    EXPECT_EQ(fog.info().name, "fog");
    EXPECT_EQ(fog.info().kind, "files");
    EXPECT_THAT(labels(fog), testing::ElementsAre("0", "1", "2", "3", "4", "5"));
    const SubsetView block(*clean, {3, 1});
    EXPECT_EQ(fog.at(block, 0, as_it_is)->at(0).image.pixels[0], 3);
    const auto third = fog.at(block, 3, as_it_is);
    ASSERT_EQ(third->size(), 2U);
    EXPECT_EQ(third->at(0).image.pixels[0], 33);
    EXPECT_EQ(third->at(1).image.pixels[0], 31);
    EXPECT_EQ(third->at(1).key.id, "1");
    EXPECT_EQ(third->at(1).key.target, 1);
}

TEST_F(FilesShiftTest, NamesAndSeveritiesAreChosen) {
    python(cifar_c);
    const auto clean = clean_array();
    FilesSpec spec = files(FilesSpec::Form::cifar_c, "c");
    spec.names = {"snow"};
    spec.severities = {5, 2};
    const auto shifts = open_files_shifts(spec, *clean);
    ASSERT_EQ(shifts.size(), 1U);
    EXPECT_THAT(labels(*shifts[0]), testing::ElementsAre("0", "2", "5"));
    EXPECT_EQ(shifts[0]->at(*clean, 2, as_it_is)->at(0).image.pixels[0], 50);
}

TEST_F(FilesShiftTest, LabelsOfOneSeverityAreEnough) {
    python(std::string(cifar_c) + "np.save('c/labels.npy', np.arange(n) % 3)\n");
    EXPECT_EQ(open_files_shifts(files(FilesSpec::Form::cifar_c, "c"), *clean_array()).size(), 2U);
}

TEST_F(FilesShiftTest, ChangedArraysChangeTheVersion) {
    python(cifar_c);
    const auto clean = clean_array();
    const auto version = [&] {
        return open_files_shifts(files(FilesSpec::Form::cifar_c, "c"), *clean)[0]->info().version;
    };
    const std::string before = version();
    EXPECT_EQ(version(), before);
    python("a = np.load('c/fog.npy')\na[7] = 99\nnp.save('c/fog.npy', a)\n");
    EXPECT_NE(version(), before);
}

// A clean picture of 40 x 60, stored ones of the final size 24 x 24 or not, as the name says.
constexpr const char* imagenet_c = R"(
import os
def save(n, im):
    os.makedirs(os.path.dirname(n), exist_ok=True)
    im.save(n)
def noise(w, h): return Image.fromarray(rng.integers(0, 256, (h, w, 3), dtype=np.uint8))
for n in ('cat/1.png', 'cat/2.png', 'dog/1.png'): save('clean/' + n, noise(60, 40))
for s in (1, 3, 10):
    for n in ('cat/1.png', 'dog/1.png'): save(f'ic/weather/fog/{s}/{n}', noise(24, 24))
    save(f'ic/blur/{s}/cat/1.jpg', noise(60, 40))
)";

TEST_F(FilesShiftTest, ImagenetCTreesPairByPath) {
    python(imagenet_c);
    const auto clean = clean_folder("clean");
    const auto shifts = open_files_shifts(files(FilesSpec::Form::imagenet_c, "ic"), *clean);
    ASSERT_EQ(shifts.size(), 2U);
    EXPECT_EQ(shifts[0]->info().name, "blur");
    EXPECT_EQ(shifts[1]->info().name, "fog");
    EXPECT_THAT(labels(*shifts[1]), testing::ElementsAre("0", "1", "3", "10"));
    const auto fog = shifts[1]->at(*clean, 2, as_it_is);
    EXPECT_EQ(fog->at(0).image.width, 24);
    EXPECT_EQ(fog->at(2).key.id, "dog/1.png");
    const std::string missing = message_of<DataError>([&] { fog->at(1); });
    EXPECT_NE(missing.find("fog/3/cat/2.png is missing"), std::string::npos) << missing;
    EXPECT_EQ(shifts[0]->at(*clean, 1, as_it_is)->at(0).image.width, 60) << "another image extension is found too";
}

// RobustBench issue 59: released images are 224 x 224; resizing and cropping them again inflates errors.
TEST_F(FilesShiftTest, FinalSizeIsNotResizedAgain) {
    python(imagenet_c);
    const auto clean = clean_folder("clean");
    ShiftContext context;
    context.geometry = {Geometry::Kind::shorter_side_then_crop, 0, 0, 32, 24};
    const GeometryView seen(*clean, context.geometry);
    const auto shifts = open_files_shifts(files(FilesSpec::Form::imagenet_c, "ic"), *clean);
    const Image stored = shifts[1]->at(*clean, 1, as_it_is)->at(0).image;
    EXPECT_EQ(shifts[1]->at(seen, 1, context)->at(0).image, stored);
    const Image large = shifts[0]->at(*clean, 1, as_it_is)->at(0).image;
    EXPECT_EQ(shifts[0]->at(seen, 1, context)->at(0).image, apply_geometry(large, context.geometry));
    EXPECT_EQ(shifts[1]->at(seen, 0, context)->at(0).image, seen.at(0).image);
}

TEST_F(FilesShiftTest, DomainsAreLevelsOfOneShift) {
    python(R"(
import os
for d, v in (('photo', 1), ('clip art', 2), ('sketch', 3)):
    for n in ('cat/1.png', 'dog/1.png'):
        os.makedirs(os.path.dirname(f'office/{d}/{n}'), exist_ok=True)
        Image.new('RGB', (5, 5), (v, v, v)).save(f'office/{d}/{n}')
)");
    const auto clean = clean_folder("office/photo");
    FilesSpec spec = files(FilesSpec::Form::folders, "office");
    const auto all = open_files_shifts(spec, *clean);
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0]->info().name, "office");
    EXPECT_THAT(labels(*all[0]), testing::ElementsAre("0", "clip_art", "photo", "sketch"));
    EXPECT_EQ(all[0]->at(*clean, 1, as_it_is)->at(1).image.pixels[0], 2);
    spec.names = {"sketch", "clip art"};
    EXPECT_THAT(labels(*open_files_shifts(spec, *clean)[0]), testing::ElementsAre("0", "sketch", "clip_art"));
}

}  // namespace
}  // namespace misfire::test
