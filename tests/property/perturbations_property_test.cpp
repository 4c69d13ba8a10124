// What every unit promises, checked for all of them at once from the registry.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <opencv2/imgcodecs.hpp>
#include <thread>

#include "core/error.h"
#include "perturbations/perturb.h"
#include "perturbations/registry.h"
#include "perturbations/severity.h"
#include "scenarios/data/geometry.h"

namespace misfire {
namespace {

// The photographs of `frost`, for which noise will do here.
std::string texture_folder() {
    static const std::string folder = [] {
        const auto made =
            std::filesystem::path(testing::TempDir()) / ("misfire_property_textures_" + std::to_string(getpid()));
        std::filesystem::create_directories(made);
        for (int i = 1; i <= 5; ++i) {
            cv::Mat texture(90 + 10 * i, 120, CV_8UC3);
            cv::RNG draws(static_cast<std::uint64_t>(i));
            draws.fill(texture, cv::RNG::UNIFORM, 100, 256);
            cv::imwrite((made / ("frost" + std::to_string(i) + ".png")).string(), texture);
        }
        return made.string();
    }();
    return folder;
}

Options required_options(const std::string& name) {
    Options options;
    for (const Option& option : find_perturbation(name)->info().options) {
        if (option.required) options[option.name] = texture_folder();
    }
    return options;
}

class EveryUnit : public testing::TestWithParam<std::string> {
  protected:
    void SetUp() override { unit = make_perturbation(GetParam(), required_options(GetParam())); }

    Image run(const Image& in, double severity, std::uint64_t key = 1) { return show(in, severity, key, scratch); }

    // What a model gets to see. Units that resize in a wrong way need something to resize: here to half the side.
    Image show(const Image& in, double severity, std::uint64_t key, Scratch& own) {
        Image out;
        perturb(*unit, in, out, severity, Random(key), own);
        if (!unit->info().changes_geometry) return out;
        Geometry half;
        half.kind = Geometry::Kind::shorter_side_then_crop;
        half.resize = std::min(in.height, in.width) / 2;
        half.crop = half.resize * 7 / 8;
        return apply_geometry(out, severity == 0.0 ? half : unit->geometry(half, severity, Random(key)));
    }

    std::unique_ptr<Perturbation> unit;
    Scratch scratch;
};

// Smooth noise whose grid is `cells` wide: one octave of a cloud.
double octave(const std::vector<float>& grid, double fx, double fy, int cells) {
    const double gx = fx * cells, gy = fy * cells;
    const auto x = static_cast<std::size_t>(gx), y = static_cast<std::size_t>(gy);
    const double wx = gx - std::floor(gx), wy = gy - std::floor(gy);
    const auto at = [&](std::size_t i, std::size_t j) {
        return static_cast<double>(grid[(j * 67 + i + static_cast<std::size_t>(cells) * 131) % grid.size()]);
    };
    return (at(x, y) * (1 - wx) + at(x + 1, y) * wx) * (1 - wy) +
           (at(x, y + 1) * (1 - wx) + at(x + 1, y + 1) * wx) * wy - 0.5;
}

// A photograph-like picture: octaves of noise that halve as they get finer, an edge, a tint; different for each seed.
Image scene(int height, int width, int channels, std::uint64_t seed = 3) {
    Image image(height, width, channels);
    std::vector<float> grid(8192);
    Random(seed).uniform(grid, 0);
    std::size_t i = 0;
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const double fx = static_cast<double>(x) / width, fy = static_cast<double>(y) / height;
            double light = 0.45 + (fx + 0.3 * fy > 0.3 + 0.6 * static_cast<double>(grid[2]) ? 0.12 : -0.12);
            for (int cells = 3; cells <= 48; cells *= 2) light += 1.2 / cells * octave(grid, fx, fy, cells);
            for (int c = 0; c < channels; ++c) {
                const double tint = 0.25 * octave(grid, fy, fx, 3 + c);
                image.pixels[i++] = static_cast<std::uint8_t>(255.0 * std::clamp(light + tint, 0.0, 1.0));
            }
        }
    }
    return image;
}

Image constant(int height, int width, int channels, int value) {
    Image image(height, width, channels);
    std::fill(image.pixels.begin(), image.pixels.end(), static_cast<std::uint8_t>(value));
    return image;
}

double mean_difference(const Image& a, const Image& b) {
    double sum = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += std::abs(static_cast<int>(a.pixels[i]) - static_cast<int>(b.pixels[i]));
    return sum / static_cast<double>(a.size());
}

struct Shape {
    int height, width, channels;
};
constexpr Shape shapes[] = {{16, 16, 3}, {17, 31, 1},   {31, 17, 3},  {32, 32, 3},
                            {64, 96, 3}, {224, 224, 3}, {16, 224, 1}, {427, 640, 3}};

TEST_P(EveryUnit, severity_0_is_the_identity) {
    for (const Shape& s : shapes) {
        const Image in = scene(s.height, s.width, s.channels);
        Image out;
        perturb(*unit, in, out, 0.0, Random(1), scratch);
        EXPECT_EQ(out, in);
    }
}

TEST_P(EveryUnit, keeps_the_shape_and_changes_the_picture) {
    for (const Shape& s : shapes) {
        const Image in = scene(s.height, s.width, s.channels);
        const Image clean = run(in, 0.0);
        for (const double severity : {0.4, 1.0, 2.5, 3.5, 5.0}) {
            const Image out = run(in, severity);
            ASSERT_TRUE(out.same_shape(clean)) << s.height << "x" << s.width << " severity " << severity;
            EXPECT_EQ(out.size(), clean.size());
        }
        if (unit->info().colour_only && s.channels == 1) {
            EXPECT_EQ(run(in, 5.0), in);
            continue;
        }
        EXPECT_NE(run(in, 5.0), clean) << s.height << "x" << s.width;
    }
}

// Whatever the scratch held before, whichever thread, whatever `out` was.
TEST_P(EveryUnit, is_a_pure_function_of_image_severity_and_key) {
    const Image in = scene(48, 61, 3);
    std::vector<Image> expected;
    for (const double severity : {1.0, 2.2, 3.0, 4.7}) expected.push_back(run(in, severity, 7));
    run(scene(224, 224, 3), 5.0, 8);
    run(scene(16, 40, 1), 1.0, 9);
    std::vector<std::thread> threads;
    std::vector<std::vector<Image>> results(3);
    for (std::size_t t = 0; t < results.size(); ++t) {
        threads.emplace_back([&, t] {
            Scratch own;
            Image out = constant(16 + static_cast<int>(t), 20, 1, 77);
            perturb(*unit, scene(33, 100, 3), out, 3.3, Random(t), own);
            perturb(*unit, in, out, 4.7, Random(7), own);
            results[t].resize(4);
            for (std::size_t k = 4; k-- > 0;) {  // in another order than before
                const double severity[] = {1.0, 2.2, 3.0, 4.7};
                results[t][k] = show(in, severity[k], 7, own);
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    for (const auto& result : results) EXPECT_EQ(result, expected);
    EXPECT_EQ(run(in, 2.2, 7), expected[1]);
}

TEST_P(EveryUnit, flat_images_survive) {
    for (const int channels : {1, 3}) {
        for (const int value : {0, 128, 255}) {
            for (const Shape& s : {Shape{16, 16, 0}, Shape{40, 33, 0}}) {
                const Image in = constant(s.height, s.width, channels, value);
                for (const double severity : {0.01, 1.0, 2.0, 3.0, 4.0, 5.0})
                    EXPECT_TRUE(run(in, severity).same_shape(run(in, 0.0)));
            }
        }
    }
}

TEST_P(EveryUnit, grey_and_colour_twins_agree_in_kind) {
    const Image in = scene(64, 64, 1);
    const Image out = run(in, 3.0);
    EXPECT_EQ(out.channels, 1);
}

TEST_P(EveryUnit, refuses_what_lies_beyond_its_range) {
    const Image in = scene(32, 32, 3);
    EXPECT_THROW(run(in, unit->info().max_severity + 0.001), UsageError);
    EXPECT_THROW(run(in, -0.001), UsageError);
    EXPECT_THROW(run(scene(15, 64, 3), 1.0), DataError);
    EXPECT_NO_THROW(run(in, unit->info().max_severity));
}

// Not one photograph must get less damaged with severity where the unit says so; on average over a few.
TEST_P(EveryUnit, damage_grows_with_severity_where_declared) {
    if (!unit->info().monotone) {
        EXPECT_FALSE(unit->info().why_not_monotone.empty());
        return;
    }
    for (const int side : {32, 64, 224}) {
        double previous = 0.0;
        for (const double severity : {0.25, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0}) {
            double squared = 0.0;
            for (std::uint64_t seed = 0; seed < 6; ++seed) {
                const Image in = scene(side, side, 3, seed);
                const Image out = run(in, severity, seed);
                for (std::size_t i = 0; i < in.size(); ++i)
                    squared += std::pow(static_cast<int>(in.pixels[i]) - static_cast<int>(out.pixels[i]), 2);
            }
            EXPECT_GE(squared, 0.995 * previous) << "side " << side << " severity " << severity;
            previous = squared;
        }
    }
}

TEST_P(EveryUnit, damage_fades_out_towards_severity_0) {
    for (const int side : {32, 224}) {
        const Image in = scene(side, side, 3);
        // One level comes from truncation; JPEG at quality 100 still halves the chroma.
        const Image clean = run(in, 0.0);
        EXPECT_LT(mean_difference(run(in, 1e-4), clean), 1.6) << "side " << side;
        EXPECT_LE(mean_difference(run(in, 1e-4), clean), mean_difference(run(in, 1.0), clean) + 1.0);
    }
}

TEST_P(EveryUnit, has_complete_metadata) {
    const PerturbationInfo& info = unit->info();
    EXPECT_EQ(info.name, GetParam());
    EXPECT_FALSE(info.summary.empty());
    EXPECT_FALSE(info.category.empty());
    EXPECT_FALSE(info.reference.empty());
    EXPECT_EQ(info.domain, "image");
    EXPECT_EQ(info.monotone, info.why_not_monotone.empty());
    EXPECT_GT(info.max_severity, 0.0);
    for (const Parameter& parameter : info.parameters) {
        EXPECT_FALSE(parameter.name.empty());
        EXPECT_FALSE(parameter.unit.empty()) << parameter.name;
        EXPECT_FALSE(parameter.meaning.empty()) << parameter.name;
        ASSERT_FALSE(parameter.published.empty()) << parameter.name;
        for (const auto& [set, values] : parameter.published) {
            EXPECT_TRUE(info.parameters.front().published.contains(set)) << parameter.name << " " << set;
            EXPECT_EQ(values.size(), 5U) << parameter.name << " " << set;
        }
        EXPECT_EQ(parameter.published.size(), info.parameters.front().published.size()) << parameter.name;
    }
    for (const Option& option : info.options) {
        EXPECT_FALSE(option.meaning.empty()) << option.name;
        for (const std::string& choice : option.choices) {
            Options options = required_options(info.name);
            options[option.name] = choice;
            EXPECT_NO_THROW(make_perturbation(info.name, options)) << option.name << "=" << choice;
        }
    }
}

std::vector<std::string> all_names() {
    std::vector<std::string> names;
    for (const PerturbationEntry& entry : perturbations()) names.push_back(entry.info().name);
    return names;
}

INSTANTIATE_TEST_SUITE_P(registry, EveryUnit, testing::ValuesIn(all_names()),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace misfire
