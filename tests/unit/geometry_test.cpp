// Against Pillow itself, and torchvision's arithmetic (transforms/functional.py, 0.14) in Python.
#include "scenarios/data/geometry.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "tests/unit/data_fixture.h"

namespace misfire::test {
namespace {

using GeometryTest = DataFolder;

constexpr const char* torchvision = R"(
def resize_shorter(im, size):
    w, h = im.size
    short, long = (w, h) if w <= h else (h, w)
    new_short, new_long = size, int(size * long / short)
    new = (new_short, new_long) if w <= h else (new_long, new_short)
    return im if new == (w, h) else im.resize(new, Image.BILINEAR)

def center_crop(im, crop):
    w, h = im.size
    if crop > w or crop > h:
        left, top = (crop - w) // 2 if crop > w else 0, (crop - h) // 2 if crop > h else 0
        right, bottom = (crop - w + 1) // 2 if crop > w else 0, (crop - h + 1) // 2 if crop > h else 0
        im = ImageOps.expand(im, (left, top, right, bottom), 0)
        w, h = im.size
        if (w, h) == (crop, crop): return im
    top, left = int(round((h - crop) / 2.0)), int(round((w - crop) / 2.0))
    return im.crop((left, top, left + crop, top + crop))

def picture(h, w, c):
    a = rng.integers(0, 256, (h, w, c) if c > 1 else (h, w), dtype=np.uint8)
    a[: h // 2] = np.where(a[: h // 2] > 127, 255, 0)   # reaches the clipping
    return a
)";

struct Size {
    int height, width, channels, out_height, out_width;
};

TEST_F(GeometryTest, ExactResizeEqualsPillow) {
    const std::vector<Size> sizes = {{375, 500, 3, 224, 224}, {28, 28, 1, 32, 32}, {32, 32, 3, 224, 224},
                                     {100, 37, 3, 99, 38},    {64, 64, 1, 64, 17}, {64, 64, 3, 17, 64},
                                     {1, 1, 3, 7, 5},         {500, 3, 3, 2, 9},   {900, 1100, 3, 32, 32},
                                     {13, 17, 1, 1, 1},       {24, 24, 3, 24, 24}, {333, 777, 1, 96, 331}};
    std::string script = torchvision;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        const Size& s = sizes[i];
        const std::string n = std::to_string(i);
        script += "a = picture(" + std::to_string(s.height) + ", " + std::to_string(s.width) + ", " +
                  std::to_string(s.channels) + ")\nnp.save('in" + n + ".npy', a)\nnp.save('out" + n +
                  ".npy', np.asarray(Image.fromarray(a).resize((" + std::to_string(s.out_width) + ", " +
                  std::to_string(s.out_height) + "), Image.BILINEAR)))\n";
    }
    python(script);
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        const std::string n = std::to_string(i);
        const Geometry geometry{Geometry::Kind::exact, sizes[i].out_height, sizes[i].out_width, 0, 0};
        EXPECT_EQ(apply_geometry(image("in" + n + ".npy"), geometry), image("out" + n + ".npy")) << "case " << i;
    }
}

TEST_F(GeometryTest, ShorterSideThenCropEqualsTorchvision) {
    struct Case {
        int height, width, channels, resize, crop;
    };
    const std::vector<Case> cases = {{375, 500, 3, 256, 224}, {500, 375, 3, 256, 224},  {256, 300, 3, 256, 224},
                                     {300, 256, 1, 256, 224}, {91, 33, 3, 64, 57},      {33, 92, 3, 65, 58},
                                     {40, 41, 3, 30, 48},     {40, 90, 3, 30, 48},      {90, 40, 1, 33, 48},
                                     {224, 224, 3, 224, 224}, {1201, 903, 3, 232, 224}, {50, 50, 3, 51, 50},
                                     {50, 53, 3, 50, 50},     {51, 50, 3, 50, 48},      {57, 50, 3, 50, 50}};
    std::string script = torchvision;
    for (std::size_t i = 0; i < cases.size(); ++i) {
        const Case& c = cases[i];
        const std::string n = std::to_string(i);
        script += "a = picture(" + std::to_string(c.height) + ", " + std::to_string(c.width) + ", " +
                  std::to_string(c.channels) + ")\nnp.save('in" + n + ".npy', a)\nnp.save('out" + n +
                  ".npy', np.asarray(center_crop(resize_shorter(Image.fromarray(a), " + std::to_string(c.resize) +
                  "), " + std::to_string(c.crop) + ")))\n";
    }
    python(script);
    for (std::size_t i = 0; i < cases.size(); ++i) {
        const std::string n = std::to_string(i);
        const Geometry geometry{Geometry::Kind::shorter_side_then_crop, 0, 0, cases[i].resize, cases[i].crop};
        EXPECT_EQ(apply_geometry(image("in" + n + ".npy"), geometry), image("out" + n + ".npy")) << "case " << i;
    }
}

// The arithmetic above is not ours to get wrong: where torchvision itself is installed, it is asked.
TEST_F(GeometryTest, TorchvisionItselfAgrees) {
    if (std::system("/usr/bin/python3 -c 'import torchvision' 2>/dev/null") != 0)
        GTEST_SKIP() << "python3-torchvision is not installed";
    python(std::string(torchvision) + R"(
from torchvision import transforms
for i, (h, w, r, c) in enumerate(((375, 500, 256, 224), (501, 333, 256, 225), (40, 91, 30, 48))):
    a = picture(h, w, 3)
    np.save(f'in{i}.npy', a)
    np.save(f'out{i}.npy', np.asarray(transforms.Compose([transforms.Resize(r), transforms.CenterCrop(c)])(Image.fromarray(a))))
)");
    const int sizes[3][2] = {{256, 224}, {256, 225}, {30, 48}};
    for (int i = 0; i < 3; ++i) {
        const Geometry geometry{Geometry::Kind::shorter_side_then_crop, 0, 0, sizes[i][0], sizes[i][1]};
        EXPECT_EQ(apply_geometry(image("in" + std::to_string(i) + ".npy"), geometry),
                  image("out" + std::to_string(i) + ".npy"))
            << "case " << i;
    }
}

TEST_F(GeometryTest, NoneLeavesTheImageAlone) {
    Image picture(3, 5, 3);
    for (std::size_t i = 0; i < picture.pixels.size(); ++i) picture.pixels[i] = static_cast<std::uint8_t>(7 * i);
    EXPECT_EQ(apply_geometry(picture, {}), picture);
}

TEST_F(GeometryTest, ANeedleIsRefusedByName) {
    const Image needle(1, 1'000'000, 1);
    const std::string message = message_of<DataError>([&] {
        apply_geometry(needle, {Geometry::Kind::shorter_side_then_crop, 0, 0, 256, 224});
    });
    EXPECT_NE(message.find("1000000 x 1 pixels is too narrow"), std::string::npos) << message;
}

// A checkerboard of single pixels: averaging gives grey, picking and thin interpolation alias.
TEST(Geometry, wrong_filters_alias_where_the_right_one_averages) {
    Image board(32, 64, 1);
    for (int i = 0; i < 32 * 64; ++i) board.pixels[static_cast<std::size_t>(i)] = (i / 64 + i % 64) % 2 == 0 ? 255 : 0;
    Geometry geometry;
    geometry.kind = Geometry::Kind::shorter_side_then_crop;
    geometry.resize = 8;
    geometry.crop = 8;
    const auto spread = [&](Geometry::Filter filter) {
        geometry.filter = filter;
        const Image out = apply_geometry(board, geometry);
        EXPECT_EQ(out.height, 8);
        EXPECT_EQ(out.width, 8);
        const auto [low, high] = std::minmax_element(out.pixels.begin(), out.pixels.end());
        return std::pair{static_cast<int>(*low), static_cast<int>(*high)};
    };
    const auto right = spread(Geometry::Filter::antialiased_bilinear);
    EXPECT_NEAR(right.first, 127, 3);
    EXPECT_NEAR(right.second, 127, 3);
    const auto nearest = spread(Geometry::Filter::nearest);
    EXPECT_EQ(nearest.first, nearest.second) << "every fourth pixel of a checkerboard has one colour";
    EXPECT_TRUE(nearest.first == 0 || nearest.first == 255);
}

}  // namespace
}  // namespace misfire::test
