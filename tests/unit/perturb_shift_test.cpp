#include "scenarios/shifts/perturb_shift.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "perturbations/registry.h"

namespace misfire {
namespace {

// Twelve textured grey or colour images of 24 x 20.
class Textures : public Dataset {
  public:
    Textures() {
        info_.name = "textures";
        for (std::size_t i = 0; i < 12; ++i)
            keys_.push_back({"image" + std::to_string(i), static_cast<std::int64_t>(i % 3), {}});
    }
    const DatasetInfo& info() const override { return info_; }
    std::size_t size() const override { return keys_.size(); }
    const SampleKey& key(std::size_t i) const override { return keys_[i]; }
    Sample at(std::size_t i) const override {
        Sample sample{keys_[i], Image(20, 24, i % 2 == 0 ? 3 : 1)};
        for (std::size_t p = 0; p < sample.image.size(); ++p)
            sample.image.pixels[p] = static_cast<std::uint8_t>((p * (i + 3) * 37) % 256);
        return sample;
    }

  private:
    DatasetInfo info_;
    std::vector<SampleKey> keys_;
};

// frost has no default: it wants the folder of its photographs.
bool needs_an_option(const PerturbationInfo& info) {
    return std::any_of(info.options.begin(), info.options.end(), [](const Option& option) { return option.required; });
}

Options defaults_of(const std::string& name) {
    Options options;
    for (const Option& option : find_perturbation(name)->info().options) options[option.name] = option.default_value;
    return options;
}

TEST(PerturbShift, LevelZeroIsTheCleanReferenceAndTheFirstLevel) {
    const auto shift = make_perturb_shift("gaussian_noise", {{"gaussian_noise", {}}}, {1, 2.5}, false, 1);
    ASSERT_EQ(shift->info().levels.size(), 3U);
    EXPECT_EQ(shift->info().levels[0].label, "0");
    EXPECT_EQ(shift->info().levels[2].label, "2.5");
    EXPECT_TRUE(shift->info().reference_is_clean);
    const Textures clean;
    EXPECT_EQ(shift->at(clean, 0, {})->at(3).image, clean.at(3).image);
}

TEST(PerturbShift, ASampleLooksTheSameInAnyOrderAndCompany) {
    const Textures clean;
    for (const PerturbationEntry& entry : perturbations()) {
        const std::string name = entry.info().name;
        if (needs_an_option(entry.info())) continue;
        const auto shift = make_perturb_shift(name, {{name, defaults_of(name)}}, {3}, false, 5);
        const auto view = shift->at(clean, 1, {});
        std::vector<Image> forward;
        for (std::size_t i = 0; i < view->size(); ++i) forward.push_back(view->at(i).image);
        for (std::size_t i = view->size(); i-- > 0;) EXPECT_EQ(view->at(i).image, forward[i]) << name;
    }
}

TEST(PerturbShift, SeedAndSampleIdChangeTheDraws) {
    const Textures clean;
    const auto one = make_perturb_shift("gaussian_noise", {{"gaussian_noise", {}}}, {5}, false, 1);
    const auto two = make_perturb_shift("gaussian_noise", {{"gaussian_noise", {}}}, {5}, false, 2);
    EXPECT_NE(one->at(clean, 1, {})->at(0).image, two->at(clean, 1, {})->at(0).image);
}

TEST(PerturbShift, LevelsShareTheirDrawsUnlessToldOtherwise) {
    // With shared draws the noise of severity 2 points the same way as that of severity 4 in nearly every pixel.
    const Textures clean;
    const auto agreement = [&](bool independent) {
        const auto shift = make_perturb_shift("gaussian_noise", {{"gaussian_noise", {}}}, {2, 4}, independent, 1);
        const Image before = clean.at(0).image;
        const Image low = shift->at(clean, 1, {})->at(0).image;
        const Image high = shift->at(clean, 2, {})->at(0).image;
        int same = 0;
        int all = 0;
        for (std::size_t p = 0; p < before.size(); ++p) {
            const int a = low.pixels[p] - before.pixels[p];
            const int b = high.pixels[p] - before.pixels[p];
            if (std::abs(a) < 2 || std::abs(b) < 2) continue;
            ++all;
            same += (a > 0) == (b > 0) ? 1 : 0;
        }
        return static_cast<double>(same) / all;
    };
    EXPECT_GT(agreement(false), 0.99);
    EXPECT_LT(agreement(true), 0.7);
}

TEST(PerturbShift, EachPositionOfAChainHasItsOwnDraws) {
    const Textures clean;
    const auto twice = make_perturb_shift("twice", {{"gaussian_noise", {}}, {"gaussian_noise", {}}}, {1}, false, 1);
    const auto once = make_perturb_shift("once", {{"gaussian_noise", {}}}, {1}, false, 1);
    const Image before = clean.at(0).image;
    const auto squares = [&](const Image& image) {
        double sum = 0.0;
        for (std::size_t p = 0; p < before.size(); ++p) {
            const bool inside = before.pixels[p] > 40 && before.pixels[p] < 215;  // away from the clipping
            sum += inside ? std::pow(image.pixels[p] - before.pixels[p], 2) : 0.0;
        }
        return sum;
    };
    // Independent draws add their variances (2); the same draw twice would add amplitudes (4).
    EXPECT_NEAR(squares(twice->at(clean, 1, {})->at(0).image) / squares(once->at(clean, 1, {})->at(0).image), 2.0, 0.5);
}

TEST(PerturbShift, VersionNamesUnitsAndOptions) {
    const auto shift =
        make_perturb_shift("x", {{"jpeg_compression", {{"set", "cifar-c"}}}, {"brightness", {}}}, {1}, false, 1);
    EXPECT_NE(shift->info().version.find("jpeg_compression:"), std::string::npos);
    EXPECT_NE(shift->info().version.find("set=cifar-c"), std::string::npos);
    EXPECT_NE(shift->info().version.find("brightness:"), std::string::npos);
}

}  // namespace
}  // namespace misfire
