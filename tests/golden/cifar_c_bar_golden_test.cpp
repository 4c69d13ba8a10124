// The corruptions that only CIFAR-10-C-bar has, against SciPy with the same draws.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "perturbations/perturb.h"
#include "perturbations/registry.h"
#include "tests/golden/python_reference.h"

namespace misfire {
namespace {

using test::ReferenceCase;

struct Place {
    int height, width, channels;
    int level;
};
constexpr Place places[] = {{32, 32, 3, 1}, {32, 32, 3, 3}, {32, 32, 3, 5},
                            {32, 32, 1, 4}, {47, 90, 3, 5}, {224, 224, 3, 2}};

// `t` of the five levels; draws(random, image) tells the reference the rest.
template <typename Draws>
void compare(const std::string& unit, std::array<double, 5> t, double share, Draws draws) {
    std::vector<ReferenceCase> cases;
    std::uint64_t key = 40;
    for (const Place& place : places) {
        ReferenceCase one;
        one.input = test::textured(place.height, place.width, place.channels, key);
        one.severity = place.level;
        one.key = ++key;
        one.arguments =
            "\"t\": " + std::to_string(t[static_cast<std::size_t>(place.level - 1)]) + draws(Random(key), one.input);
        cases.push_back(std::move(one));
    }
    test::expect_like_reference(unit, cases, share);
}

TEST(CifarCBar, ripple_is_that_of_scipy) {
    compare("ripple", {5.5, 6, 6.5, 7.5, 8}, 0.999, [](const Random& random, const Image&) {
        float wavelength[2], phase[2];
        random.uniform(wavelength, 0);
        random.uniform(phase, 1);
        return ", \"wavelength\": " + test::list_of<float>(wavelength) + ", \"phase\": " + test::list_of<float>(phase);
    });
}

TEST(CifarCBar, pinch_and_twirl_is_that_of_scipy) {
    compare("pinch_and_twirl", {5.5, 6, 6.5, 8.5, 10}, 0.999, [](const Random& random, const Image& image) {
        const int side = std::min(image.height, image.width), cell = side / (side == 224 ? 5 : 3);
        std::vector<std::int32_t> way(static_cast<std::size_t>((image.height / cell) * (image.width / cell)));
        random.integers(way, 0, 2, 0);
        return ", \"way\": " + test::list_of<std::int32_t>(way);
    });
}

TEST(CifarCBar, transverse_chromatic_abberation_is_that_of_scipy) {
    compare("transverse_chromatic_abberation", {1, 2, 5, 9, 10}, 0.999, [](const Random& random, const Image&) {
        std::int32_t order = 0;
        random.integers({&order, 1}, 0, 6, 0);
        return ", \"order\": " + std::to_string(order);
    });
}

TEST(CifarCBar, circular_motion_blur_is_that_of_scipy) {
    compare("circular_motion_blur", {2.8, 3.6, 4.4, 5.2, 6}, 0.999,
            [](const Random&, const Image&) { return std::string(); });
}

// With scikit-image 0.19, which draws the lines of the original:
//   from skimage.draw import line_aa
//   image = numpy.full((20, 24), 250, numpy.uint8)
//   angle, spread = 2 * numpy.pi * 0.765982151, 0.1 + 0.9 * 0.0697069764        # draws of key 5, stream 0
//   for u, v, w in draws of key 5, stream 1:
//       turned = angle + 2 * numpy.pi * spread * (w - 0.5)
//       c, s = 20 * numpy.cos(turned), 20 * numpy.sin(turned)
//       r, k, value = line_aa(int(20 * u - c), int(24 * v - s), int(20 * u + c), int(24 * v + s))
//       r, k, value = those inside the image
//       image[r, k] = (1 - value) * image[r, k] + value * 128
constexpr std::string_view lines_by_scikit_image =
    "fafafafafafafafafafafafafafafafafafafafafafafafa"
    "fafafafafafafafafafafafafafafafafafafafafafafafa"
    "fafafafafafafafafafafafafafafafafafaf0e3d7cabeb1"
    "fafafafafafafafaf3e6dacdc1b4a89c8f838995a2ae9f80"
    "ddd0c4b8ab9f928686929fabb8c4d0dde9f6fafadd9ca5e6"
    "9ca8b4c1cddae6f3fafafafafafafafafafaefad86adbeb1"
    "fafafafafafafafaf3e6dacdc1b4a89c8f8281889faebbc7"
    "ddd0c4b8ab9f928686929fabb8c4d0d5a892d4fafafafafa"
    "929fafc1cddae6f3fafafafafafaca89b8f9fafafafafafa"
    "a999898696a6b6c6d5e5f5fae6a59cddfafafafafafafafa"
    "fafafaf2e2d2c2b2a39383868097bcccdcecfafafafafafa"
    "fafafafafafafafafadd9ca0cdccbcac9c8c8393a3a59e8c"
    "fafafafafafafaf9b889cafafafafafafafad2a8888d9b9e"
    "fafafafafafad492aef0fafafafaf4cfaa869ec3e8fafafa"
    "fafafafaf0ae92d4fafafaeec9a480a4c9eefafafafafafa"
    "fafafaca89b8f9fae8c39e86aacff4fafafafafafafafafa"
    "fae6a59cdde1bd988cb0d5fafafafafafafafafafafafafa"
    "c180b0b79292b7dbfafafafafafafafafafafafafafafafa"
    "8e8a98bde1fafafafafafafafafafafafafafafafafafafa"
    "c3e8fafafafafafafafafafafafafafafafafafafafafafa";

TEST(CifarCBar, lines_are_those_of_scikit_image) {
    float direction[2];
    Random(5).uniform(direction, 0);
    ASSERT_FLOAT_EQ(direction[0], 0.765982151F) << "other draws than those behind the expected picture";
    Image in(20, 24, 1), out;
    std::fill(in.pixels.begin(), in.pixels.end(), std::uint8_t{250});
    Scratch scratch;
    perturb(*make_perturbation("lines"), in, out, 5, Random(5), scratch);
    for (std::size_t i = 0; i < out.size(); ++i) {
        const auto expected = std::stoi(std::string(lines_by_scikit_image.substr(2 * i, 2)), nullptr, 16);
        EXPECT_EQ(out.pixels[i], expected) << "row " << i / 24 << " column " << i % 24;
    }
}

// White pictures get grey where a line runs and stay white elsewhere; more lines come with severity.
TEST(CifarCBar, lines_grow_in_number_and_stay_where_they_are) {
    Image white(64, 64, 1), fewer, more;
    std::fill(white.pixels.begin(), white.pixels.end(), std::uint8_t{255});
    const auto unit = make_perturbation("lines");
    Scratch scratch;
    perturb(*unit, white, fewer, 1, Random(3), scratch);
    perturb(*unit, white, more, 5, Random(3), scratch);
    std::size_t touched = 0, touched_more = 0;
    for (std::size_t i = 0; i < white.size(); ++i) {
        EXPECT_GE(fewer.pixels[i], 128);
        EXPECT_LE(more.pixels[i], fewer.pixels[i]) << i;
        touched += fewer.pixels[i] < 255 ? 1 : 0;
        touched_more += more.pixels[i] < 255 ? 1 : 0;
    }
    EXPECT_GT(touched, 64U);
    EXPECT_GT(touched_more, 2 * touched);
}

TEST(CifarCBar, the_group_has_its_five_in_the_published_order) {
    const auto group = expand_group("cifar-c-bar");
    const std::vector<std::string> own = {"lines", "pinch_and_twirl", "ripple", "transverse_chromatic_abberation",
                                          "circular_motion_blur"};
    ASSERT_GE(group.size(), own.size());
    EXPECT_TRUE(std::equal(own.rbegin(), own.rend(), group.rbegin()));
}

}  // namespace
}  // namespace misfire
