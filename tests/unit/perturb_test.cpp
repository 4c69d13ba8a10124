#include "perturbations/perturb.h"

#include <gtest/gtest.h>

#include <set>

#include "perturbations/registry.h"

namespace misfire {
namespace {

Image ramp(int height, int width, int channels) {
    Image image(height, width, channels);
    for (std::size_t i = 0; i < image.size(); ++i) image.pixels[i] = static_cast<std::uint8_t>(i * 7 % 256);
    return image;
}

TEST(PerturbationKey, differs_in_every_part) {
    const PerturbationInfo noise = find_perturbation("gaussian_noise")->info();
    PerturbationInfo next_version = noise;
    next_version.version += 1;
    const PerturbationInfo blur = find_perturbation("gaussian_blur")->info();
    const std::set<std::uint64_t> keys = {
        perturbation_key(1, noise, 0, "a"),      perturbation_key(2, noise, 0, "a"),
        perturbation_key(1, blur, 0, "a"),       perturbation_key(1, noise, 1, "a"),
        perturbation_key(1, noise, 0, "b"),      perturbation_key(1, next_version, 0, "a"),
        perturbation_key(1, noise, 0, "a", 1.0), perturbation_key(1, noise, 0, "a", 2.0)};
    EXPECT_EQ(keys.size(), 8U);
    EXPECT_EQ(perturbation_key(1, noise, 0, "a"), perturbation_key(1, noise, 0, "a"));
}

TEST(Perturb, the_plain_generator_gives_the_draws_of_core_random) {
    // perturb() swaps in the vectorised generator; a derived one is used as it is. Both must give the same pixels.
    class Derived final : public Random {
      public:
        using Random::Random;
    };
    const auto unit = make_perturbation("gaussian_noise");
    const Image in = ramp(37, 61, 3);
    Image fast, plain;
    Scratch scratch;
    perturb(*unit, in, fast, 2.5, Random(99), scratch);
    perturb(*unit, in, plain, 2.5, Derived(99), scratch);
    EXPECT_EQ(fast, plain);
}

TEST(Perturb, noise_keeps_its_field_and_scales_it_with_severity) {
    const auto unit = make_perturbation("gaussian_noise", {{"set", "imagenet-c"}});
    Image grey(32, 32, 1);
    std::fill(grey.pixels.begin(), grey.pixels.end(), std::uint8_t{128});
    Image mild, strong;
    Scratch scratch;
    perturb(*unit, grey, mild, 1.0, Random(5), scratch);
    perturb(*unit, grey, strong, 2.0, Random(5), scratch);
    for (std::size_t i = 0; i < grey.size(); ++i) {
        const double expected = 128.0 + (mild.pixels[i] - 128.0) * .12 / .08;
        if (strong.pixels[i] == 0 || strong.pixels[i] == 255) continue;
        EXPECT_NEAR(strong.pixels[i], expected, 2.6);
    }
}

TEST(Perturb, forcing_a_set_changes_the_strength) {
    const Image in = ramp(64, 64, 3);
    Image as_cifar, as_imagenet;
    Scratch scratch;
    perturb(*make_perturbation("brightness", {{"set", "cifar-c"}}), in, as_cifar, 1, Random(1), scratch);
    perturb(*make_perturbation("brightness", {{"set", "imagenet-c"}}), in, as_imagenet, 1, Random(1), scratch);
    EXPECT_NE(as_cifar, as_imagenet);
}

}  // namespace
}  // namespace misfire
