// What a user of the camera perturbations sees.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "perturbations/perturb.h"
#include "perturbations/registry.h"

namespace misfire {
namespace {

Image flat(int height, int width, std::array<int, 3> colour) {
    Image image(height, width, 3);
    for (std::size_t i = 0; i < image.size(); ++i) image.pixels[i] = static_cast<std::uint8_t>(colour[i % 3]);
    return image;
}

Image ramp(int height, int width, int channels) {
    Image image(height, width, channels);
    for (std::size_t i = 0; i < image.size(); ++i) image.pixels[i] = static_cast<std::uint8_t>(i * 7 % 256);
    return image;
}

Image perturbed(const std::string& unit, const Image& in, double severity, std::uint64_t key = 1,
                const Options& options = {}) {
    Image out;
    Scratch scratch;
    perturb(*make_perturbation(unit, options), in, out, severity, Random(key), scratch);
    return out;
}

double light(int level) {
    const double x = level / 255.0;
    return x <= 0.04045 ? x / 12.92 : std::pow((x + 0.055) / 1.055, 2.4);
}

TEST(Camera, all_of_them_act_before_the_geometry) {
    for (const char* name : {"exposure", "greyscale", "iso_noise", "jpeg_twice", "low_resolution", "white_balance"}) {
        EXPECT_EQ(find_perturbation(name)->info().stage, Stage::source) << name;
        EXPECT_EQ(find_perturbation(name)->info().category, "camera") << name;
    }
}

TEST(Camera, one_stop_doubles_or_halves_the_light_of_a_mid_grey) {
    const Image grey = flat(16, 16, {118, 118, 118});  // 18 % of white
    const int over = perturbed("exposure", grey, 2.0, 1, {{"direction", "over"}}).pixels[0];
    const int under = perturbed("exposure", grey, 2.0, 1, {{"direction", "under"}}).pixels[0];
    EXPECT_NEAR(light(over) / light(118), 2.0, 0.03);
    EXPECT_NEAR(light(under) / light(118), 0.5, 0.01);
}

TEST(Camera, overexposure_loses_lights_and_underexposure_does_not_lose_shadows_at_once) {
    const Image bright = flat(16, 16, {200, 180, 170});
    const Image white = perturbed("exposure", bright, 3.0, 1, {{"direction", "over"}});
    EXPECT_TRUE(std::all_of(white.pixels.begin(), white.pixels.end(), [](std::uint8_t v) { return v == 255; }));
    EXPECT_GT(perturbed("exposure", bright, 5.0, 1, {{"direction", "under"}}).pixels[0], 20);
}

TEST(Camera, either_direction_comes_up_about_as_often) {
    int brighter = 0, redder = 0;
    const Image grey = flat(16, 16, {100, 100, 100});
    for (std::uint64_t key = 0; key < 200; ++key) {
        brighter += perturbed("exposure", grey, 1.0, key).pixels[0] > 100 ? 1 : 0;
        redder += perturbed("white_balance", grey, 1.0, key).pixels[0] > 100 ? 1 : 0;
    }
    for (const int count : {brighter, redder}) {
        EXPECT_GT(count, 70);
        EXPECT_LT(count, 130);
    }
}

TEST(Camera, white_balance_tints_greys_and_keeps_their_luminance) {
    const Image grey = flat(16, 16, {110, 110, 110});
    for (const double severity : {1.0, 3.0, 5.0}) {
        const Image warm = perturbed("white_balance", grey, severity, 1, {{"direction", "warm"}});
        const Image cold = perturbed("white_balance", grey, severity, 1, {{"direction", "cold"}});
        EXPECT_GT(warm.pixels[0], warm.pixels[1]);
        EXPECT_GT(warm.pixels[1], warm.pixels[2]);
        EXPECT_LT(cold.pixels[0], cold.pixels[1]);
        EXPECT_LT(cold.pixels[1], cold.pixels[2]);
        for (const Image& cast : {warm, cold}) {
            const double luminance =
                0.2126 * light(cast.pixels[0]) + 0.7152 * light(cast.pixels[1]) + 0.0722 * light(cast.pixels[2]);
            EXPECT_NEAR(luminance / light(110), 1.0, 0.02) << "severity " << severity;
        }
    }
}

TEST(Camera, colour_perturbations_leave_grey_pictures_alone) {
    const Image grey = ramp(24, 31, 1);
    for (const double severity : {0.5, 3.0, 5.0}) {
        EXPECT_EQ(perturbed("white_balance", grey, severity), grey);
        EXPECT_EQ(perturbed("greyscale", grey, severity), grey);
    }
}

TEST(Camera, the_last_level_of_greyscale_is_grey) {
    const Image out = perturbed("greyscale", ramp(33, 47, 3), 5.0);
    for (std::size_t i = 0; i < out.size(); i += 3) {
        ASSERT_EQ(out.pixels[i], out.pixels[i + 1]);
        ASSERT_EQ(out.pixels[i], out.pixels[i + 2]);
    }
}

TEST(Camera, flat_pictures_survive_low_resolution_and_double_compression) {
    const Image constant = flat(50, 77, {13, 200, 128});
    for (const double severity : {0.7, 2.0, 5.0}) {
        EXPECT_EQ(perturbed("low_resolution", constant, severity), constant);
        const Image out = perturbed("jpeg_twice", flat(50, 77, {128, 128, 128}), severity);
        for (const std::uint8_t v : out.pixels) EXPECT_NEAR(v, 128, 3);
    }
}

// Deviation of each channel of a flat picture, and how alike neighbours are.
TEST(Camera, iso_noise_grows_with_light_is_stronger_in_red_and_blue_and_has_blotches) {
    const auto spread = [](const Image& noisy, const Image& clean, std::size_t channel, std::size_t apart) {
        double product = 0.0;
        std::size_t count = 0;
        for (std::size_t i = channel; i + 3 * apart < noisy.size(); i += 3, ++count) {
            product += (light(noisy.pixels[i]) - light(clean.pixels[i])) *
                       (light(noisy.pixels[i + 3 * apart]) - light(clean.pixels[i + 3 * apart]));
        }
        return product / static_cast<double>(count);
    };
    const Image dark = flat(128, 128, {70, 70, 70}), bright = flat(128, 128, {150, 150, 150});
    const Image noisy_dark = perturbed("iso_noise", dark, 2.0), noisy_bright = perturbed("iso_noise", bright, 2.0);
    EXPECT_GT(spread(noisy_bright, bright, 1, 0), 2.0 * spread(noisy_dark, dark, 1, 0));
    EXPECT_GT(spread(noisy_bright, bright, 0, 0), spread(noisy_bright, bright, 1, 0));
    EXPECT_GT(spread(noisy_bright, bright, 0, 1), 0.3 * spread(noisy_bright, bright, 0, 0));
    EXPECT_NEAR(spread(noisy_bright, bright, 0, 4) / spread(noisy_bright, bright, 0, 0), 0.0, 0.1);
}

}  // namespace
}  // namespace misfire
