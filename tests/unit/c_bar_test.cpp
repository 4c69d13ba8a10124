// What the corruptions of ImageNet-C-bar do to a picture on average, and the mathematics they stand on.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "perturbations/image/elementary_functions.h"
#include "perturbations/image/spectral_noise.h"
#include "perturbations/perturb.h"
#include "perturbations/registry.h"

namespace misfire {
namespace {

TEST(ElementaryFunctions, agree_with_the_c_library) {
    for (int i = -20000; i <= 20000; ++i) {
        const double x = i * 0.0173;
        const auto single = static_cast<float>(x);
        EXPECT_NEAR(sine(x), std::sin(x), 1e-12) << x;
        EXPECT_NEAR(static_cast<double>(sine(single)), std::sin(static_cast<double>(single)), 3e-7) << x;
    }
    for (int i = -300; i <= 300; ++i) {
        for (const double radius : {1e-3, 1.0, 250.0}) {
            const double y = radius * std::sin(i * 0.01047), x = radius * std::cos(i * 0.01047);
            EXPECT_NEAR(angle_of(y, x), std::atan2(y, x), 1e-12) << x << " " << y;
            const auto fy = static_cast<float>(y), fx = static_cast<float>(x);
            EXPECT_NEAR(static_cast<double>(angle_of(fy, fx)), static_cast<double>(std::atan2(fy, fx)), 4e-7);
        }
    }
    EXPECT_EQ(angle_of(0.0, 0.0), 0.0);
    EXPECT_EQ(angle_of(0.0, -1.0), std::atan2(0.0, -1.0));
    for (const float exponent : {0.0F, 1e-4F, 0.13F, 1.0F, 1.3F}) {
        for (float x = 1e-10F; x < 1e10F; x *= 1.7F)
            EXPECT_NEAR(static_cast<double>(power(x, exponent) / std::pow(x, exponent)), 1.0, 1e-5) << x;
    }
}

// Mean power of a field at the frequencies about `d` periods per shorter side from the origin.
double power_at(const std::vector<float>& field, int height, int width, double d) {
    const double side = std::min(height, width);
    double sum = 0.0;
    int count = 0;
    for (int ky = 0; ky <= height / 2; ++ky) {
        for (int kx = 1; kx < width / 2; ++kx) {
            if (std::abs(side * std::hypot(static_cast<double>(ky) / height, static_cast<double>(kx) / width) - d) >
                0.5)
                continue;
            double real = 0.0, imaginary = 0.0;
            for (int i = 0; i < height * width; ++i) {
                const int y = i / width, x = i % width;
                const double turns = static_cast<double>(ky * y) / height + static_cast<double>(kx * x) / width;
                const double angle = 2.0 * std::numbers::pi * turns;
                real += static_cast<double>(field[static_cast<std::size_t>(i)]) * std::cos(angle);
                imaginary += static_cast<double>(field[static_cast<std::size_t>(i)]) * std::sin(angle);
            }
            sum += real * real + imaginary * imaginary;
            ++count;
        }
    }
    return sum / count;
}

// Average over a few draws of the ratio of the power at 24 periods per side to that at 6.
double power_ratio(int height, int width, Spectrum spectrum) {
    double low = 0.0, high = 0.0;
    Scratch scratch;
    std::vector<float> field;
    for (std::uint64_t key = 0; key < 6; ++key) {
        spectral_noise(height, width, spectrum, Random(key), 0, field, scratch);
        low += power_at(field, height, width, 6.0);
        high += power_at(field, height, width, 24.0);
    }
    return high / low;
}

TEST(SpectralNoise, blue_amplitude_rises_with_the_frequency) {
    EXPECT_NEAR(power_ratio(64, 64, Spectrum::blue), 16.0, 3.0);
    EXPECT_NEAR(power_ratio(60, 84, Spectrum::blue), 16.0, 3.0);
}

TEST(SpectralNoise, brownish_amplitude_falls_with_its_square) {
    const double expected = std::pow((6.0 * 6.0 + 1.0) / (24.0 * 24.0 + 1.0), 2);
    EXPECT_NEAR(power_ratio(64, 64, Spectrum::brownish) / expected, 1.0, 0.25);
    EXPECT_NEAR(power_ratio(60, 84, Spectrum::brownish) / expected, 1.0, 0.25);
}

TEST(SpectralNoise, has_unit_deviation_at_every_size) {
    Scratch scratch;
    std::vector<float> field;
    for (const auto& [height, width] :
         {std::pair(32, 32), std::pair(17, 31), std::pair(427, 640), std::pair(16, 224)}) {
        for (const Spectrum spectrum : {Spectrum::blue, Spectrum::brownish}) {
            spectral_noise(height, width, spectrum, Random(5), 0, field, scratch);
            double sum = 0.0, squares = 0.0;
            for (const float value : field) {
                sum += static_cast<double>(value);
                squares += static_cast<double>(value) * static_cast<double>(value);
            }
            const auto n = static_cast<double>(field.size());
            EXPECT_EQ(field.size(), static_cast<std::size_t>(height * width));
            EXPECT_NEAR(squares / n - sum / n * (sum / n), 1.0, 1e-4) << height << " x " << width;
        }
    }
}

Image constant(int height, int width, int value) {
    Image image(height, width, 3);
    std::fill(image.pixels.begin(), image.pixels.end(), static_cast<std::uint8_t>(value));
    return image;
}

// Mean of `share` of the output over 100 draws on white.
template <typename Share>
double mean_on_white(const std::string& name, int side, double severity, Share share) {
    const auto unit = make_perturbation(name);
    const Image white = constant(side, side, 255);
    Scratch scratch;
    Image out;
    double sum = 0.0;
    for (std::uint64_t key = 0; key < 100; ++key) {
        perturb(*unit, white, out, severity, Random(key), scratch);
        sum += share(out) / 100.0;
    }
    return sum;
}

double share_of(const Image& image, int value) {
    const auto count = std::count(image.pixels.begin(), image.pixels.end(), static_cast<std::uint8_t>(value));
    return static_cast<double>(count) / static_cast<double>(image.size());
}

TEST(CheckerboardCutout, cuts_t_tenths_of_the_black_half) {
    for (const int severity : {1, 3, 5}) {
        const double cut =
            mean_on_white("checkerboard_cutout", 224, severity, [](const Image& i) { return share_of(i, 128); });
        EXPECT_NEAR(cut, 0.5 * 0.1 * (severity + 1), 0.025) << severity;
    }
}

// Phases at random: the noise is all but normal, so what survives is known.
TEST(BlueNoiseSample, drops_what_a_normal_deviate_would_leave_below_the_threshold) {
    const double t[] = {0.8, 1.6, 2.4, 4.0, 5.6};
    for (int severity = 1; severity <= 5; ++severity) {
        const double below = 0.5 * std::erfc((2.5 - 0.3 * t[severity - 1]) / std::numbers::sqrt2);
        const double dropped =
            mean_on_white("blue_noise_sample", 224, severity, [](const Image& i) { return share_of(i, 0); });
        EXPECT_NEAR(dropped, below, 0.002) << severity;
    }
}

class CBar : public testing::TestWithParam<std::string> {};

// Where the published formula leaves damage at t = 0 (dots of light, pale rays, dropped pixels), ours fades it out.
TEST_P(CBar, leaves_at_most_the_level_of_the_cut_near_severity_0) {
    const auto unit = make_perturbation(GetParam());
    Scratch scratch;
    Image out;
    for (const auto& [height, width] : {std::pair(32, 32), std::pair(224, 224), std::pair(40, 90)}) {
        Image in = constant(height, width, 0);
        for (std::size_t i = 0; i < in.size(); ++i) in.pixels[i] = static_cast<std::uint8_t>(i * 37 % 211);
        for (std::uint64_t key = 0; key < 20; ++key) {
            perturb(*unit, in, out, 1e-5, Random(key), scratch);
            int largest = 0;
            for (std::size_t i = 0; i < in.size(); ++i)
                largest = std::max(largest, std::abs(in.pixels[i] - out.pixels[i]));
            EXPECT_LE(largest, 1) << height << " x " << width << " key " << key;
        }
    }
}

TEST_P(CBar, is_in_the_published_groups) {
    const PerturbationInfo info = make_perturbation(GetParam())->info();
    EXPECT_EQ(info.category, "c-bar");
    const bool cifar = info.parameters[0].published.contains("32");
    EXPECT_EQ(std::count(info.groups.begin(), info.groups.end(), "cifar-c-bar"), cifar ? 1 : 0);
}

TEST(CBarGroups, hold_the_ten_and_ten_of_the_paper) {
    EXPECT_EQ(expand_group("imagenet-c-bar"),
              (std::vector<std::string>{"blue_noise_sample", "brownish_noise", "caustic_refraction",
                                        "checkerboard_cutout", "cocentric_sine_waves", "inverse_sparkles",
                                        "perlin_noise", "plasma_noise", "single_frequency_greyscale", "sparkles"}));
    EXPECT_EQ(expand_group("cifar-c-bar"),
              (std::vector<std::string>{"blue_noise_sample", "brownish_noise", "checkerboard_cutout",
                                        "inverse_sparkles", "sparkles", "lines", "pinch_and_twirl", "ripple",
                                        "transverse_chromatic_abberation", "circular_motion_blur"}));
}

INSTANTIATE_TEST_SUITE_P(units, CBar, testing::ValuesIn(expand_group("imagenet-c-bar")),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace misfire
