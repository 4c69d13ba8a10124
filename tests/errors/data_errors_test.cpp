// What a person reads when the data is wrong.
#include <gmock/gmock.h>

#include "scenarios/data/class_map.h"
#include "scenarios/data/decode.h"
#include "scenarios/data/image_array.h"
#include "scenarios/data/spec.h"
#include "scenarios/data/zoo_data.h"
#include "scenarios/shifts/files_shift.h"
#include "tests/shared_files.h"
#include "tests/unit/data_fixture.h"

namespace misfire::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class DataErrors : public DataFolder {
  protected:
    std::string opening(const DataSpec& spec) const {
        return message_of<DataError>([&] { open_data(spec); });
    }
    std::string decoding(const std::string& file) const {
        return message_of<DataError>([&] { decode_image(path(file)); });
    }
    DataSpec folder(const std::string& name) const {
        DataSpec spec;
        spec.form = DataSpec::Form::images;
        spec.images = path(name);
        return spec;
    }
    DataSpec table(const std::string& content) const {
        DataSpec spec = folder("d");
        fs::create_directories(path("d"));
        spec.labels_csv = write("labels.csv", content);
        return spec;
    }
    DataSpec array(const std::string& images, const std::string& labels) const {
        DataSpec spec;
        spec.form = DataSpec::Form::npy;
        spec.npy = path(images);
        if (!labels.empty()) spec.npy_labels = path(labels);
        return spec;
    }
    std::string shifting(FilesSpec::Form form, const std::string& root, const DataSpec& clean) const {
        FilesSpec spec;
        spec.root = path(root);
        spec.form = form;
        return message_of<DataError>([&] { open_files_shifts(spec, *open_data(clean)); });
    }
};

TEST_F(DataErrors, BrokenImages) {
    python(R"(
im = Image.fromarray(rng.integers(0, 256, (64, 64, 3), dtype=np.uint8))
for e in ('jpg', 'png', 'bmp', 'tif', 'webp', 'ppm'):
    im.save('whole.' + e); d = open('whole.' + e, 'rb').read()
    for part in (1, 2, 3): open(f'cut{part}.{e}', 'wb').write(d[:len(d) * part // 4])
im.save('p.jpg', progressive=True); d = open('p.jpg', 'rb').read()
open('cut1.progressive.jpg', 'wb').write(d[:len(d) // 2])
d = bytearray(open('whole.png', 'rb').read()); d[len(d) // 2] ^= 255; open('flipped.png', 'wb').write(d)
d = bytearray(open('whole.jpg', 'rb').read()); d[len(d) // 2:len(d) // 2 + 2] = b'\xff\xd9'
open('flipped.jpg', 'wb').write(d)
)");
    write("empty.jpg", "");
    write("text.png", "this is no picture");
    fs::create_directories(path("folder.png"));
    for (const char* extension : {".jpg", ".png", ".bmp", ".tif", ".webp", ".ppm"}) {
        EXPECT_EQ(decoding(std::string("whole") + extension), "");
        for (const char* name : {"cut1", "cut2", "cut3"}) {
            testing::internal::CaptureStderr();
            EXPECT_THAT(decoding(std::string(name) + extension),
                        AllOf(HasSubstr(std::string(name) + extension), HasSubstr("is cut short")))
                << name << extension;
            EXPECT_EQ(testing::internal::GetCapturedStderr(), "") << name << extension;
        }
    }
    EXPECT_THAT(decoding("cut1.progressive.jpg"), HasSubstr("is cut short"));
    EXPECT_THAT(decoding("flipped.png"), AllOf(HasSubstr("flipped.png"), HasSubstr("checksum")));
    EXPECT_THAT(decoding("flipped.jpg"), HasSubstr("is broken"));
    EXPECT_THAT(decoding("empty.jpg"), HasSubstr("is empty (0 bytes)"));
    EXPECT_THAT(decoding("text.png"), HasSubstr("begins as none of JPEG, PNG, BMP, TIFF, WebP, PNM"));
    EXPECT_THAT(decoding("gone.png"), HasSubstr("gone.png is missing"));
    EXPECT_THAT(decoding("folder.png"), HasSubstr("is a folder"));
}

TEST_F(DataErrors, GiganticImages) {
    python(R"(
import struct, zlib
def chunk(t, d): return struct.pack('>I', len(d)) + t + d + struct.pack('>I', zlib.crc32(t + d))
open('bomb.png', 'wb').write(b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', 60000, 60000, 8, 0, 0, 0, 0)) + chunk(b'IDAT', zlib.compress(b'')) + chunk(b'IEND', b''))
Image.new('L', (16, 16)).save('small.jpg')
d = bytearray(open('small.jpg', 'rb').read()); i = d.index(b'\xff\xc0'); d[i + 5:i + 9] = struct.pack('>HH', 60000, 60000)
open('bomb.jpg', 'wb').write(d)
open('float.tif', 'wb').write(b''); Image.fromarray(np.zeros((4, 4), np.float32)).save('float.tif')
)");
    for (const char* name : {"bomb.png", "bomb.jpg"}) {
        EXPECT_THAT(decoding(name), AllOf(HasSubstr(name), HasSubstr("60000 x 60000 pixels"), HasSubstr("178956970")))
            << name;
    }
    EXPECT_THAT(decoding("float.tif"), HasSubstr("neither 8 nor 16 bits"));
}

TEST_F(DataErrors, Folders) {
    EXPECT_THAT(opening(folder("gone")), HasSubstr("gone does not exist"));
    write("file", "x");
    EXPECT_THAT(opening(folder("file")), HasSubstr("is not a folder"));
    write("d/cat/readme.txt", "x");
    EXPECT_THAT(opening(folder("d")), HasSubstr("holds no images"));
    write("d/cat/1.png", "x");
    write("d/loose.png", "x");
    EXPECT_THAT(opening(folder("d")), AllOf(HasSubstr("loose.png lies in no class folder"), HasSubstr("labels: none")));
    fs::remove(path("d/loose.png"));
    DataSpec spec = folder("d");
    spec.groups = {"camera"};
    EXPECT_THAT(opening(spec), AllOf(HasSubstr("no attribute `camera`"), HasSubstr("`class`")));
    spec = folder("d");
    spec.classes = write("classes.txt", "dog\nbird\n");
    EXPECT_THAT(opening(spec), AllOf(HasSubstr("d/cat is none of the 2 classes"), HasSubstr("classes.txt")));
    spec.classes = write("classes.txt", "dog\n\nbird\n");
    EXPECT_THAT(opening(spec), HasSubstr("classes.txt:2"));
    spec.classes = write("classes.txt", "dog\ndog\n");
    EXPECT_THAT(opening(spec), HasSubstr("`dog` is listed twice"));
    for (const char* name : {"n/0/1.png", "n/1/1.png", "n/2/1.png", "n/10/1.png"}) write(name, "x");
    EXPECT_THAT(opening(folder("n")), AllOf(HasSubstr("(0, 1, 10, ...)"), HasSubstr("classes: names.txt")));
    fs::create_directory_symlink(path("d"), path("d/cat/again"));
    EXPECT_NE(opening(folder("d")), "");
}

TEST_F(DataErrors, Tables) {
    EXPECT_THAT(opening(table("file,lable\na.png,1\n")),
                AllOf(HasSubstr("no column `label`"), HasSubstr("Did you mean `lable`?")));
    EXPECT_THAT(opening(table("file,label\na.png,1\na.png,2\n")),
                AllOf(HasSubstr("labels.csv:3"), HasSubstr("line 2")));
    EXPECT_THAT(opening(table("file,label\na.png,1,2\n")),
                AllOf(HasSubstr("labels.csv:2"), HasSubstr("3 cells"), HasSubstr("2 columns")));
    EXPECT_THAT(opening(table("file,label\n\"a.png,1\n")), AllOf(HasSubstr("labels.csv:2"), HasSubstr("never closed")));
    EXPECT_THAT(opening(table("file,label\n\"a\"b,1\n")), HasSubstr("text follows a closed quote"));
    EXPECT_THAT(opening(table("file,label\n,1\n")), HasSubstr("the file name is empty"));
    EXPECT_THAT(opening(table("")), HasSubstr("is empty"));
    EXPECT_THAT(opening(table("file,label\n")), HasSubstr("names no samples"));
    EXPECT_THAT(opening(table("file,label,label\n")), HasSubstr("names the column `label` twice"));
    DataSpec spec = table("file,label,camera\na.png,1,x\n");
    spec.groups = {"camra"};
    EXPECT_THAT(opening(spec), HasSubstr("Did you mean `camera`?"));
    spec = table("file,label\na.png,hores\n");
    spec.classes = write("classes.txt", "cat\nhorse\n");
    EXPECT_THAT(opening(spec), AllOf(HasSubstr("the label `hores`"), HasSubstr("Did you mean `horse`?")));
    spec = table("file,label\na.png,9\n");
    spec.classes = write("classes.txt", "cat\nhorse\n");
    EXPECT_THAT(opening(spec), HasSubstr("the label `9` is none of the 2 classes"));
    spec.labels_csv = path("gone.csv");
    EXPECT_THAT(opening(spec), HasSubstr("gone.csv cannot be read"));
}

TEST_F(DataErrors, Arrays) {
    python(R"(
np.save('float.npy', np.zeros((2, 4, 4), np.float32)); np.save('chw.npy', np.zeros((2, 3, 8, 8), np.uint8))
np.save('flat.npy', np.zeros((2, 16), np.uint8)); np.save('ok.npy', np.zeros((2, 4, 4), np.uint8)); np.save('none.npy', np.zeros((0, 4, 4), np.uint8))
np.save('fortran.npy', np.asfortranarray(np.zeros((2, 4, 4), np.uint8))); np.save('big.npy', np.zeros(2, '>i4'))
np.save('three.npy', np.zeros(3, int)); np.save('negative.npy', np.array([0, -1])); np.save('onehot.npy', np.zeros((2, 10), int))
np.save('objects.npy', np.array([{}, 1], object), allow_pickle=True); np.savez('z.npz', a=np.zeros(2))
d = open('ok.npy', 'rb').read(); open('cut.npy', 'wb').write(d[:-5]); open('head.npy', 'wb').write(d[:20])
)");
    write("empty.npy", "");
    const auto images = [this](const std::string& name) { return opening(array(name, "three.npy")); };
    EXPECT_THAT(images("gone.npy"), HasSubstr("gone.npy cannot be opened"));
    EXPECT_THAT(images("float.npy"), AllOf(HasSubstr("is float32 [2, 4, 4]"), HasSubstr("astype('uint8')")));
    EXPECT_THAT(images("chw.npy"), HasSubstr("transpose(0, 2, 3, 1)"));
    EXPECT_THAT(images("flat.npy"), HasSubstr("images must be [n, height, width]"));
    EXPECT_THAT(images("none.npy"), HasSubstr("holds no images"));
    EXPECT_THAT(images("fortran.npy"), HasSubstr("ascontiguousarray"));
    EXPECT_THAT(images("cut.npy"), AllOf(HasSubstr("is cut short"), HasSubstr("needs 32 bytes, 27 are there")));
    EXPECT_THAT(images("head.npy"), HasSubstr("is damaged"));
    EXPECT_THAT(images("empty.npy"), HasSubstr("is empty (0 bytes)"));
    EXPECT_THAT(images("z.npz"), HasSubstr("is not a .npy file"));
    EXPECT_THAT(images("objects.npy"), HasSubstr("elements of type |O"));
    EXPECT_THAT(images("ok.npy"), AllOf(HasSubstr("3 labels"), HasSubstr("2 images")));
    EXPECT_THAT(opening(array("ok.npy", "")), HasSubstr("labels: none"));
    EXPECT_THAT(opening(array("ok.npy", "negative.npy")), HasSubstr("the label -1"));
    EXPECT_THAT(opening(array("ok.npy", "onehot.npy")), HasSubstr("argmax(axis=1)"));
    EXPECT_THAT(opening(array("ok.npy", "big.npy")), HasSubstr("astype('<i4')"));
}

TEST_F(DataErrors, ZooData) {
    ::setenv("MISFIRE_SHARE", path("share").c_str(), 1);
    ::setenv("MISFIRE_DATA", path("user").c_str(), 1);
    fs::create_directories(path("share/zoo/data"));
    for (const char* file : {"fashion_test.yaml", "fashion_test.npy", "fashion_test.labels.npy"}) {
        fs::copy_file(in_source(std::string("models/zoo/data/") + file), path(std::string("share/zoo/data/") + file));
    }
    DataSpec spec;
    spec.zoo_name = "fashion_tset";
    EXPECT_THAT(opening(spec), HasSubstr("Did you mean `fashion_test`?"));
    spec.zoo_name = "cifar10_test";
    EXPECT_THAT(opening(spec), HasSubstr("misfire zoo get cifar10"));
    spec.zoo_name = "fashion_test";
    EXPECT_EQ(opening(spec), "");
    spec.classes = write("classes.txt", "a\n");
    EXPECT_THAT(opening(spec), HasSubstr("has its own class names"));
    spec.classes.clear();
    std::ofstream(path("share/zoo/data/fashion_test.npy"), std::ios::app) << "x";
    EXPECT_THAT(opening(spec), AllOf(HasSubstr("fashion_test.npy is not the file that its card"), HasSubstr("sha256")));
    write("share/zoo/data/fashion_test.yaml", "name: [");
    EXPECT_THAT(opening(spec), HasSubstr("no data card that can be read"));
}

TEST_F(DataErrors, ClassMaps) {
    DatasetInfo data;
    data.classes = {"a", "b"};
    const std::vector<std::string> outputs = {"tench", "goldfish", "shark"};
    const auto mapping = [&](const std::string& content) {
        return message_of<DataError>([&] { read_class_map(write("map.csv", content), data, 2, outputs, 3); });
    };
    EXPECT_THAT(mapping("a,0\n"), HasSubstr("says nothing of the class `b`"));
    EXPECT_THAT(mapping("a,0\nb,3\n"), AllOf(HasSubstr("map.csv:2"), HasSubstr("0 to 2")));
    EXPECT_THAT(mapping("a,0\nb,goldfich\n"), HasSubstr("Did you mean `goldfish`?"));
    EXPECT_THAT(mapping("a,0\na,1\n"), HasSubstr("mapped twice"));
    EXPECT_THAT(mapping("a,1\nb,goldfish\n"), HasSubstr("both mapped to output 1"));
    EXPECT_THAT(mapping("a,1,2\n"), AllOf(HasSubstr("map.csv:1"), HasSubstr("3 cells")));
}

TEST_F(DataErrors, ShiftedFiles) {
    python(R"(
import os
os.makedirs('c')
np.save('clean.npy', np.zeros((4, 8, 8, 3), np.uint8)); np.save('y.npy', np.array([0, 1, 2, 0])); np.save('five.npy', np.zeros((5, 8, 8, 3), np.uint8)); np.save('y5.npy', np.zeros(5, int))
np.save('c/fog.npy', np.zeros((20, 8, 8, 3), np.uint8)); np.save('c/labels.npy', np.tile([0, 1, 1, 0], 5))
for n in ('clean/cat/1.png', 'clean/dog/2.png', 'clean/dog/3.png', 'ic/fog/1/cat/1.png', 'ic/fog/1/cat/2.png', 'far/fog/1/cow/9.png', 'clash/x/fog/1/cat/1.png', 'clash/y/fog/1/cat/1.png'):
    os.makedirs(os.path.dirname(n), exist_ok=True); Image.new('RGB', (4, 4)).save(n)
)");
    const DataSpec clean = array("clean.npy", "y.npy");
    const auto cifar = FilesSpec::Form::cifar_c;
    const auto tree = FilesSpec::Form::imagenet_c;
    EXPECT_THAT(shifting(cifar, "gone", clean), HasSubstr("gone does not exist"));
    EXPECT_THAT(shifting(cifar, "clean", clean), HasSubstr("holds no corruption"));
    EXPECT_THAT(shifting(cifar, "c", clean),
                AllOf(HasSubstr("sample 2 is 2 in the clean data and 1 in row 2"), HasSubstr("same order")));
    python("np.save('c/labels.npy', np.tile([0, 1, 2, 0], 5))\n");
    EXPECT_EQ(shifting(cifar, "c", clean), "");
    EXPECT_THAT(shifting(cifar, "c", array("five.npy", "y5.npy")),
                AllOf(HasSubstr("4 images per severity"), HasSubstr("row 4")));
    EXPECT_THAT(shifting(cifar, "c", folder("clean")), AllOf(HasSubstr("by row number"), HasSubstr("cat/1.png")));
    python("np.save('c/labels.npy', np.arange(7))\n");
    EXPECT_THAT(shifting(cifar, "c", clean), HasSubstr("has 7 labels; 4 or 20"));
    fs::remove(path("c/labels.npy"));
    EXPECT_THAT(shifting(cifar, "c", clean), HasSubstr("labels.npy is missing"));
    FilesSpec spec;
    spec.root = path("c");
    const auto opened = open_data(clean);
    spec.names = {"frog"};
    EXPECT_THAT(message_of<DataError>([&] { open_files_shifts(spec, *opened); }), HasSubstr("Did you mean `fog`?"));
    spec.names.clear();
    python("np.save('c/labels.npy', np.tile([0, 1, 2, 0], 5))\n");
    spec.severities = {1, 6};
    EXPECT_THAT(message_of<DataError>([&] { open_files_shifts(spec, *opened); }),
                AllOf(HasSubstr("no severity 6"), HasSubstr("1, 2, 3, 4, 5")));
    python("np.save('c/fog.npy', np.zeros((21, 8, 8, 3), np.uint8))\n");
    EXPECT_THAT(shifting(cifar, "c", clean), HasSubstr("21 images, which do not divide into 5"));
    EXPECT_THAT(shifting(tree, "ic", folder("clean")),
                AllOf(HasSubstr("dog/2.png is `dog`"), HasSubstr("fog/1/cat/2.png")));
    EXPECT_THAT(shifting(tree, "far", folder("clean")), HasSubstr("No clean sample has its image"));
    EXPECT_THAT(shifting(tree, "clean", folder("clean")), HasSubstr("holds no corruption"));
    EXPECT_THAT(shifting(tree, "clash", folder("clean")), HasSubstr("fog is there twice"));
}

}  // namespace
}  // namespace misfire::test
