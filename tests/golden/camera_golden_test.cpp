// Camera perturbations against NumPy, SciPy and Pillow with the same draws.
#include <gtest/gtest.h>

#include <array>

#include "tests/golden/python_reference.h"

namespace misfire {
namespace {

using test::ReferenceCase;

struct Place {
    int height, width, channels;
    int level;
};
constexpr Place colour_places[] = {{32, 32, 3, 1}, {224, 224, 3, 3}, {61, 97, 3, 2}, {97, 61, 3, 4}, {40, 56, 3, 5}};
constexpr Place grey_places[] = {{33, 50, 1, 2}, {224, 224, 1, 5}};

// arguments(random, image, level index) tells the reference about the unit's numbers and draws.
template <typename Arguments>
std::vector<ReferenceCase> cases_of(std::span<const Place> places, const Options& options, Arguments arguments) {
    std::vector<ReferenceCase> cases;
    std::uint64_t key = 70;
    for (const Place& place : places) {
        ReferenceCase one;
        one.input = test::textured(place.height, place.width, place.channels, key);
        one.severity = place.level;
        one.key = ++key;
        one.options = options;
        one.arguments = arguments(Random(key), one.input, static_cast<std::size_t>(place.level - 1));
        cases.push_back(std::move(one));
    }
    return cases;
}

template <typename Arguments>
void compare(const std::string& unit, const Options& options, bool grey_too, double share, Arguments arguments) {
    auto cases = cases_of(colour_places, options, arguments);
    if (grey_too) {
        for (auto& one : cases_of(grey_places, options, arguments)) cases.push_back(std::move(one));
    }
    test::expect_like_reference(unit, cases, share);
}

TEST(Camera, exposure_is_a_factor_of_light) {
    constexpr std::array<double, 5> ev = {.5, 1, 2, 3, 4};
    for (const double sign : {1.0, -1.0}) {
        compare("exposure", {{"direction", sign > 0 ? "over" : "under"}}, true, 1.0,
                [&](const Random&, const Image&, std::size_t level) {
                    return "\"ev\": " + std::to_string(sign * ev[level]);
                });
    }
    compare("exposure", {}, false, 1.0, [&](const Random& random, const Image&, std::size_t level) {
        return "\"ev\": " + std::to_string(random.uniform(0) < 0.5F ? ev[level] : -ev[level]);
    });
}

// The reference integrates Planck's law; the unit has an approximation of its locus, and both that of the observer.
TEST(Camera, white_balance_follows_black_bodies) {
    constexpr std::array<double, 5> mired = {20, 50, 90, 140, 200};
    for (const bool warm : {true, false}) {
        compare("white_balance", {{"direction", warm ? "warm" : "cold"}}, false, 0.99,
                [&](const Random&, const Image&, std::size_t level) {
                    return "\"mired_shift\": " + std::to_string(mired[level]) +
                           ", \"warm\": " + (warm ? "true" : "false");
                });
    }
}

TEST(Camera, iso_noise_is_that_of_a_demosaiced_sensor) {
    constexpr std::array<double, 5> shot = {.002, .007, .02, .045, .1};
    compare("iso_noise", {}, true, 0.999, [&](const Random& random, const Image& image, std::size_t level) {
        std::vector<float> normal(image.size() / static_cast<std::size_t>(image.channels));
        random.normal(normal, 0);
        return "\"shot_noise\": " + std::to_string(shot[level]) + ", \"normal\": \"" + test::file_of(normal) + "\"";
    });
}

TEST(Camera, low_resolution_averages_areas_and_interpolates) {
    constexpr std::array<double, 5> scale = {.6, .4, .25, .16, .1};
    compare("low_resolution", {}, true, 0.999, [&](const Random&, const Image&, std::size_t level) {
        return "\"scale\": " + std::to_string(scale[level]);
    });
}

TEST(Camera, jpeg_twice_is_that_of_pillow) {
    constexpr std::array<int, 5> first = {75, 55, 35, 20, 12}, second = {70, 45, 25, 14, 8};
    compare("jpeg_twice", {}, true, 0.999, [&](const Random& random, const Image&, std::size_t level) {
        std::int32_t shift[2];
        random.integers(shift, 1, 8, 0);
        return "\"quality_first\": " + std::to_string(first[level]) +
               ", \"quality_second\": " + std::to_string(second[level]) +
               ", \"shift\": " + test::list_of<std::int32_t>(shift);
    });
}

TEST(Camera, greyscale_is_that_of_pillow) {
    constexpr std::array<double, 5> share = {.2, .4, .6, .8, 1};
    compare("greyscale", {}, false, 1.0, [&](const Random&, const Image&, std::size_t level) {
        return "\"share_of_grey\": " + std::to_string(share[level]);
    });
}

}  // namespace
}  // namespace misfire
