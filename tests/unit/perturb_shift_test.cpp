#include "scenarios/shifts/perturb_shift.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>

#include "core/error.h"
#include "perturbations/image/jpeg_roundtrip.h"
#include "perturbations/registry.h"
#include "scenarios/data/geometry.h"

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

PerturbSpec spec_of(const std::string& name, const UnitChain& chain, const std::vector<double>& severities,
                    bool independent_levels) {
    PerturbSpec spec;
    spec.name = name;
    for (const auto& [unit, options] : chain) spec.chain.push_back(plain_step(unit, options));
    spec.severities = severities;
    spec.independent_levels = independent_levels;
    return spec;
}

TEST(PerturbShift, LevelZeroIsTheCleanReferenceAndTheFirstLevel) {
    const auto shift = make_perturb_shift(spec_of("gaussian_noise", {{"gaussian_noise", {}}}, {1, 2.5}, false), 1);
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
        const auto shift = make_perturb_shift(spec_of(name, {{name, defaults_of(name)}}, {3}, false), 5);
        const auto view = shift->at(clean, 1, {});
        std::vector<Image> forward;
        for (std::size_t i = 0; i < view->size(); ++i) forward.push_back(view->at(i).image);
        for (std::size_t i = view->size(); i-- > 0;) EXPECT_EQ(view->at(i).image, forward[i]) << name;
    }
}

TEST(PerturbShift, SeedAndSampleIdChangeTheDraws) {
    const Textures clean;
    const auto one = make_perturb_shift(spec_of("gaussian_noise", {{"gaussian_noise", {}}}, {5}, false), 1);
    const auto two = make_perturb_shift(spec_of("gaussian_noise", {{"gaussian_noise", {}}}, {5}, false), 2);
    EXPECT_NE(one->at(clean, 1, {})->at(0).image, two->at(clean, 1, {})->at(0).image);
}

TEST(PerturbShift, LevelsShareTheirDrawsUnlessToldOtherwise) {
    // With shared draws the noise of severity 2 points the same way as that of severity 4 in nearly every pixel.
    const Textures clean;
    const auto agreement = [&](bool independent) {
        const auto shift =
            make_perturb_shift(spec_of("gaussian_noise", {{"gaussian_noise", {}}}, {2, 4}, independent), 1);
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
    const auto twice =
        make_perturb_shift(spec_of("twice", {{"gaussian_noise", {}}, {"gaussian_noise", {}}}, {1}, false), 1);
    const auto once = make_perturb_shift(spec_of("once", {{"gaussian_noise", {}}}, {1}, false), 1);
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
    const auto shift = make_perturb_shift(
        spec_of("x", {{"jpeg_compression", {{"set", "cifar-c"}}}, {"brightness", {}}}, {1}, false), 1);
    EXPECT_NE(shift->info().version.find("jpeg_compression:"), std::string::npos);
    EXPECT_NE(shift->info().version.find("set=cifar-c"), std::string::npos);
    EXPECT_NE(shift->info().version.find("brightness:"), std::string::npos);
}

PerturbSpec any_of(const std::vector<std::string>& names) {
    PerturbSpec spec;
    spec.name = "any";
    spec.severities = {1, 5};
    spec.chain.emplace_back();
    for (const std::string& name : names) {
        spec.chain.back().choices.push_back({{name, defaults_of(name)}});
        spec.chain.back().names.push_back(name);
    }
    return spec;
}

TEST(PerturbShift, AnyOfGivesEachSampleOneOfTheChoicesAndKeepsItOverLevels) {
    const Textures clean;
    const auto any = make_perturb_shift(any_of({"brightness", "contrast", "jpeg_compression"}), 3);
    std::map<std::string, int> counts;
    for (std::size_t i = 0; i < clean.size(); ++i) {
        const std::string name = any->drawn(1, clean.key(i).id);
        EXPECT_EQ(any->drawn(2, clean.key(i).id), name);
        const auto alone = make_perturb_shift(spec_of(name, {{name, defaults_of(name)}}, {1, 5}, false), 3);
        EXPECT_EQ(any->at(clean, 2, {})->at(i).image, alone->at(clean, 2, {})->at(i).image) << name;
        ++counts[name];
    }
    for (int i = 0; i < 3000; ++i) ++counts[any->drawn(1, "sample" + std::to_string(i))];
    for (const auto& [name, count] : counts) EXPECT_NEAR(count, 1004, 110) << name << " (four standard errors)";
}

TEST(PerturbShift, DrawnSeveritiesFollowTheirDistributionAndAreReplayable) {
    const Textures clean;
    PerturbSpec spec = spec_of("x", {{"brightness", defaults_of("brightness")}}, {4}, false);
    const auto mean_of = [&](SeverityDraw draw) {
        spec.severity_draw = draw;
        const auto shift = make_perturb_shift(spec, 9);
        double sum = 0.0;
        for (int i = 0; i < 4000; ++i) sum += std::stod(shift->drawn(1, std::to_string(i)).substr(9));
        // The picture is that of a plain shift at the drawn severity.
        const double drawn = std::stod(shift->drawn(1, clean.key(2).id).substr(9));
        const auto plain =
            make_perturb_shift(spec_of("x", {{"brightness", defaults_of("brightness")}}, {drawn}, false), 9);
        EXPECT_EQ(shift->at(clean, 1, {})->at(2).image, plain->at(clean, 1, {})->at(2).image);
        return sum / 4000;
    };
    EXPECT_NEAR(mean_of({SeverityDraw::Kind::up_to, 0.0}), 2.0, 0.08);
    EXPECT_NEAR(mean_of({SeverityDraw::Kind::uniform, 1.0}), 4.0, 0.04);
    EXPECT_NEAR(mean_of({SeverityDraw::Kind::normal, 0.3}), 4.0, 0.03);
}

// 40 x 30 pictures of a fine grid that a model of {resize: 20, crop: 16} looks at.
class Grids : public Textures {
  public:
    Sample at(std::size_t i) const override {
        Sample sample{key(i), Image(30, 40, 3)};
        for (std::size_t p = 0; p < sample.image.size(); ++p)
            sample.image.pixels[p] = static_cast<std::uint8_t>((p / 3 + p / 120 + i) % 3 == 0 ? 250 : 10);
        return sample;
    }
};

Geometry cropped() {
    Geometry geometry;
    geometry.kind = Geometry::Kind::shorter_side_then_crop;
    geometry.resize = 20;
    geometry.crop = 16;
    return geometry;
}

TEST(PerturbShift, SourceUnitsActBeforeTheGeometryAndTensorUnitsAfterThePixels) {
    const Grids source;
    const GeometryView clean(source, cropped());
    const ShiftContext context{cropped(), &source};
    const auto shift = make_perturb_shift(
        spec_of("x", {{"nearest_resize", {}}, {"contrast", defaults_of("contrast")}, {"bgr_order", {}}}, {5}, false),
        1);
    const Sample sample = shift->at(clean, 1, context)->at(0);
    Geometry wrong = cropped();
    wrong.filter = Geometry::Filter::nearest;
    const GeometryView nearest(source, wrong);
    const auto contrast = make_perturb_shift(spec_of("x", {{"contrast", defaults_of("contrast")}}, {5}, false), 1);
    EXPECT_EQ(sample.image, contrast->at(nearest, 1, {})->at(0).image);
    EXPECT_NE(sample.image, contrast->at(clean, 1, {})->at(0).image);
    ASSERT_TRUE(sample.tensor_form);
    EXPECT_EQ(sample.tensor_form(TensorForm{}).order, (std::vector<int>{2, 1, 0}));
    EXPECT_FALSE(shift->at(clean, 0, context)->at(0).tensor_form) << "level 0 is the clean data";
}

TEST(PerturbShift, AShareOfTheSamplesIsHitByAMistakeOfDeployment) {
    const auto shift = make_perturb_shift(spec_of("x", {{"bgr_order", {}}}, {1, 3, 5}, false), 4);
    const Textures clean;
    for (std::size_t level = 1; level <= 3; ++level) {
        const auto view = shift->at(clean, level, {});
        int hit = 0;
        for (std::size_t i = 0; i < clean.size(); ++i)
            hit += view->at(i).tensor_form(TensorForm{}).order.empty() ? 0 : 1;
        EXPECT_NEAR(hit, 12 * (0.4 * static_cast<double>(level) - 0.2), 5) << level;
        EXPECT_TRUE(level < 3 || hit == 12) << hit;
    }
}

TEST(PerturbShift, OrderAgainstTheLifeOfAnImageIsRefused) {
    EXPECT_THROW(make_perturb_shift(spec_of("x", {{"contrast", {}}, {"nearest_resize", {}}}, {1}, false), 1),
                 UsageError);
    EXPECT_THROW(make_perturb_shift(spec_of("x", {{"bgr_order", {}}, {"contrast", {}}}, {1}, false), 1), UsageError);
}

TEST(PerturbShift, RefusesWhatCannotChangeAnything) {
    ModelInfo model;
    model.name = "net";
    const auto nearest = make_perturb_shift(spec_of("x", {{"nearest_resize", {}}}, {1}, false), 1);
    EXPECT_THROW(nearest->require_effect(model), ScenarioError);
    model.geometry = cropped();
    EXPECT_NO_THROW(nearest->require_effect(model));
    const auto half = make_perturb_shift(spec_of("x", {{"wrong_normalization", {{"instead", "none"}}}}, {1}, false), 1);
    EXPECT_THROW(half->require_effect(model), ScenarioError) << "the model takes no mean or std anyway";
    model.tensor.mean = {.5, .5, .5};
    EXPECT_NO_THROW(half->require_effect(model));
    model.tensor.channels = 1;
    EXPECT_THROW(make_perturb_shift(spec_of("x", {{"bgr_order", {}}}, {1}, false), 1)->require_effect(model),
                 ScenarioError);
}

TEST(PerturbShift, StrictIsFollowedByTheJpegOfThePublishedFilesAbove32Pixels) {
    const Textures small;
    PerturbSpec spec = spec_of("x", {{"contrast", defaults_of("contrast")}}, {2}, false);
    const Image raw = make_perturb_shift(spec, 1)->at(small, 1, {})->at(0).image;
    spec.strict = true;
    EXPECT_EQ(make_perturb_shift(spec, 1)->at(small, 1, {})->at(0).image, raw);
    Geometry enlarged;
    enlarged.kind = Geometry::Kind::exact;
    enlarged.height = enlarged.width = 64;
    const GeometryView large(small, enlarged);
    const Image saved = make_perturb_shift(spec, 1)->at(large, 1, {})->at(0).image;
    spec.strict = false;
    const Image plain = make_perturb_shift(spec, 1)->at(large, 1, {})->at(0).image;
    Image expected;
    std::vector<std::uint8_t> buffer;
    jpeg_roundtrip(plain, 85, expected, buffer);
    EXPECT_NE(saved, plain);
    EXPECT_EQ(saved, expected);
}

}  // namespace
}  // namespace misfire
