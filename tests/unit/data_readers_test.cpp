#include <gmock/gmock.h>

#include "scenarios/data/select.h"
#include "scenarios/data/spec.h"
#include "tests/shared_files.h"
#include "tests/unit/data_fixture.h"

namespace misfire::test {
namespace {

class Readers : public DataFolder {
  protected:
    // A picture of one value at each place.
    void images(const std::string& names) const {
        python("import os\nfor v, n in enumerate('" + names +
               "'.split()):\n    os.makedirs(os.path.dirname(n) or '.', exist_ok=True)\n    Image.new('L', (4, 4), "
               "v).save(n)\n");
    }
    DataSpec folder(const std::string& name) const {
        DataSpec spec;
        spec.form = DataSpec::Form::images;
        spec.images = path(name);
        return spec;
    }
};

std::vector<std::string> ids(const Dataset& data) {
    std::vector<std::string> list;
    for (std::size_t i = 0; i < data.size(); ++i) list.push_back(data.key(i).id);
    return list;
}

std::vector<std::int64_t> targets(const Dataset& data) {
    std::vector<std::int64_t> list;
    for (std::size_t i = 0; i < data.size(); ++i) list.push_back(data.key(i).target.value_or(-1));
    return list;
}

TEST_F(Readers, FolderIsTheClass) {
    images("d/dog/1.png d/cat/10.png d/cat/9.png d/cat/deep/er/1.bmp d/.hidden/x.png d/dog/.y.png d/__MACOSX/z.png");
    write("d/dog/notes.txt", "no image");
    fs::create_directories(path("d/zebra"));
    const auto data = open_data(folder("d"));
    EXPECT_THAT(data->info().classes, testing::ElementsAre("cat", "dog", "zebra"));
    EXPECT_THAT(ids(*data), testing::ElementsAre("cat/9.png", "cat/10.png", "cat/deep/er/1.bmp", "dog/1.png"));
    EXPECT_THAT(targets(*data), testing::ElementsAre(0, 0, 0, 1));
    EXPECT_TRUE(data->info().labelled);
    EXPECT_EQ(data->info().name, "d");
    EXPECT_EQ(data->at(1).image.pixels[0], 1);
    EXPECT_EQ(data->at(1).key.id, "cat/10.png");
}

TEST_F(Readers, LinkedFoldersAreFollowed) {
    images("elsewhere/1.png");
    fs::create_directories(path("d"));
    fs::create_directory_symlink(path("elsewhere"), path("d/cat"));
    EXPECT_THAT(ids(*open_data(folder("d"))), testing::ElementsAre("cat/1.png"));
}

TEST_F(Readers, ClassFileSetsTheOrder) {
    images("d/cat/1.png d/dog/1.png");
    DataSpec spec = folder("d");
    spec.classes = write("classes.txt", "dog\r\nbird\r\ncat\r\n");
    const auto data = open_data(spec);
    EXPECT_THAT(data->info().classes, testing::ElementsAre("dog", "bird", "cat"));
    EXPECT_THAT(targets(*data), testing::ElementsAre(2, 0));
}

TEST_F(Readers, UnlabelledFilesMayLieAnywhere) {
    images("d/1.png d/2.png d/more/3.png");
    DataSpec spec = folder("d");
    spec.labels_none = true;
    const auto data = open_data(spec);
    EXPECT_FALSE(data->info().labelled);
    EXPECT_TRUE(data->info().classes.empty());
    EXPECT_THAT(ids(*data), testing::ElementsAre("1.png", "2.png", "more/3.png"));
    EXPECT_THAT(targets(*data), testing::Each(-1));
}

TEST_F(Readers, ClassIsAnAttributeOfEveryForm) {
    images("d/cat/1.png d/dog/1.png");
    DataSpec spec = folder("d");
    spec.groups = {"class"};
    const auto data = open_data(spec);
    EXPECT_THAT(data->info().attributes, testing::ElementsAre("class"));
    EXPECT_THAT(data->key(1).attributes, testing::ElementsAre("dog"));
    EXPECT_THAT(data->at(0).key.attributes, testing::ElementsAre("cat"));
}

TEST_F(Readers, TableGivesLabelsAndAttributes) {
    images("d/a.png d/sub/b.png");
    DataSpec spec = folder("d");
    spec.labels_csv = write(
        "labels.csv",
        "\xEF\xBB\xBF"
        "image,camera,what\r\n\"a.png\",\"Canon, \"\"old\"\"\",dog\r\nsub/b.png,,cat\r\n\r\n./gone.png,x,dog\r\n");
    spec.file_column = "image";
    spec.label_column = "what";
    spec.groups = {"camera", "class"};
    const auto data = open_data(spec);
    EXPECT_THAT(ids(*data), testing::ElementsAre("a.png", "sub/b.png", "gone.png"));
    EXPECT_THAT(data->info().classes, testing::ElementsAre("cat", "dog"));
    EXPECT_THAT(targets(*data), testing::ElementsAre(1, 0, 1));
    EXPECT_THAT(data->info().attributes, testing::ElementsAre("camera", "class"));
    EXPECT_THAT(data->key(0).attributes, testing::ElementsAre("Canon, \"old\"", "dog"));
    EXPECT_THAT(data->key(1).attributes, testing::ElementsAre("", "cat"));
    EXPECT_EQ(data->at(1).image.pixels[0], 1);
    EXPECT_THROW(data->at(2), DataError);
}

TEST_F(Readers, IntegerLabelsAreIndices) {
    images("d/a.png d/b.png d/c.png");
    DataSpec spec = folder("d");
    spec.labels_csv = write("d/labels.csv", "file,label\na.png,7\nb.png,0\nc.png,\n");
    const auto data = open_data(spec);
    EXPECT_TRUE(data->info().classes.empty());
    EXPECT_THAT(targets(*data), testing::ElementsAre(7, 0, -1));
    spec.groups = {"class"};
    EXPECT_THAT(open_data(spec)->key(0).attributes, testing::ElementsAre("7"));
}

TEST_F(Readers, ArraysWithLabelsInEitherForm) {
    python(
        "np.save('x.npy', np.arange(3 * 4 * 4, dtype=np.uint8).reshape(3, 4, 4))\nnp.save('y.npy', np.array([2, 0, 1], "
        "'int32'))\n");
    DataSpec spec;
    spec.form = DataSpec::Form::npy;
    spec.npy = path("x.npy");
    spec.npy_labels = path("y.npy");
    const auto numbers = open_data(spec);
    EXPECT_THAT(ids(*numbers), testing::ElementsAre("0", "1", "2"));
    EXPECT_THAT(targets(*numbers), testing::ElementsAre(2, 0, 1));
    EXPECT_EQ(numbers->at(2).image.pixels[0], 32);
    spec.npy_labels = write("y.txt", "cat\ndog\ncat\n");
    const auto names = open_data(spec);
    EXPECT_THAT(names->info().classes, testing::ElementsAre("cat", "dog"));
    EXPECT_THAT(targets(*names), testing::ElementsAre(0, 1, 0));
    spec.classes = write("classes.txt", "bird\ndog\ncat\n");
    EXPECT_THAT(targets(*open_data(spec)), testing::ElementsAre(2, 1, 2));
    spec.labels_none = true;
    EXPECT_FALSE(open_data(spec)->info().labelled);
}

TEST_F(Readers, SharedPhotographsOpen) {
    MISFIRE_NEEDS("real/imagenet_sample/labels.csv");
    DataSpec spec;
    spec.form = DataSpec::Form::images;
    spec.images = shared("real/imagenet_sample");
    spec.labels_csv = shared("real/imagenet_sample/labels.csv");
    spec.groups = {"wnid"};
    const auto data = open_data(spec);
    ASSERT_EQ(data->size(), 200U);
    EXPECT_EQ(data->key(0).id, "images/n01443537_goldfish.JPEG");
    EXPECT_EQ(data->key(0).target, 1);
    EXPECT_THAT(data->key(0).attributes, testing::ElementsAre("n01443537"));
    for (std::size_t i = 0; i < data->size(); i += 25) EXPECT_GE(data->at(i).image.height, 50);
}

TEST_F(Readers, SharedCifarFoldersOpen) {
    MISFIRE_NEEDS("real/cifar10_test");
    DataSpec spec;
    spec.form = DataSpec::Form::images;
    spec.images = shared("real/cifar10_test");
    const auto data = open_data(spec);
    EXPECT_EQ(data->size(), 2000U);
    EXPECT_EQ(data->info().classes.size(), 10U);
    EXPECT_EQ(data->info().classes.front(), "airplane");
    const std::vector<std::size_t> chosen = select_samples(*data, 100, 7);
    std::vector<int> per_class(10);
    for (const std::size_t i : chosen) ++per_class[static_cast<std::size_t>(*data->key(i).target)];
    EXPECT_THAT(per_class, testing::Each(10));
}

}  // namespace
}  // namespace misfire::test
