// Units with draws against the published generators, fed with the draws those used.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <opencv2/imgcodecs.hpp>
#include <stdexcept>

#include "perturbations/perturb.h"
#include "perturbations/registry.h"
#include "tests/golden/golden_files.h"
#include "tests/shared_files.h"

namespace misfire {
namespace {

// Answers each stream with recorded values.
class ReplayRandom final : public Random {
  public:
    ReplayRandom() : Random(0) {}
    std::map<std::uint32_t, std::vector<float>> normals;
    std::map<std::uint32_t, std::vector<float>> uniforms;
    std::map<std::uint32_t, std::vector<std::int32_t>> integer_draws;

    void uniform(std::span<float> out, std::uint32_t stream, std::uint64_t first) const override {
        replay(uniforms, out, stream, first);
    }
    void normal(std::span<float> out, std::uint32_t stream, std::uint64_t first) const override {
        replay(normals, out, stream, first);
    }
    void integers(std::span<std::int32_t> out, std::int32_t, std::int32_t, std::uint32_t stream,
                  std::uint64_t first) const override {
        replay(integer_draws, out, stream, first);
    }

  private:
    template <typename T>
    static void replay(const std::map<std::uint32_t, std::vector<T>>& recorded, std::span<T> out, std::uint32_t stream,
                       std::uint64_t first) {
        const auto& values = recorded.at(stream);
        if (first + out.size() > values.size()) throw std::out_of_range("more draws asked for than were recorded");
        std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(first), out.size(), out.begin());
    }
};

struct Recording {
    std::string file;
    std::string group;  // <corruption>/<severity>/<image>
    int severity;
    Image input;
    Image output;
};

std::vector<Recording> recordings(const std::string& unit, int side) {
    const std::string file = test::shared("golden/goldens_" + std::to_string(side) + ".h5").string();
    std::vector<Recording> list;
    for (int severity = 1; severity <= 5; ++severity) {
        for (const char* image : {"bright", "dark", "textured", "colourful", "grey"}) {
            const std::string group = unit + "/" + std::to_string(severity) + "/" + image;
            if (!test::has_dataset(file, group + "/output")) continue;
            list.push_back({file, group, severity, test::read_image_dataset(file, std::string("inputs/") + image),
                            test::read_image_dataset(file, group + "/output")});
        }
    }
    return list;
}

class ReplayedGolden : public testing::TestWithParam<int> {};

// Runs `unit` on every recording with the draws that `prepare` puts into the replay; at most `most` of the values of an
// image may differ, and those by 1.
template <typename Prepare>
void compare(const std::string& name, int side, double most, Prepare prepare, const Options& options = {}) {
    const auto unit = make_perturbation(name, options);
    const auto recorded = recordings(name, side);
    ASSERT_FALSE(recorded.empty());
    Scratch scratch;
    Image out;
    for (const Recording& golden : recorded) {
        ReplayRandom random;
        prepare(golden, random);
        perturb(*unit, golden.input, out, golden.severity, random, scratch);
        const auto difference = test::difference(out, golden.output);
        EXPECT_LE(difference.share, most) << golden.group << ": by up to " << difference.largest;
        EXPECT_LE(difference.largest, 1) << golden.group << ": " << difference.values << " values";
    }
}

TEST_P(ReplayedGolden, gaussian_noise) {
    MISFIRE_NEEDS("golden/goldens_224.h5");
    compare("gaussian_noise", GetParam(), 0.0, [](const Recording& golden, ReplayRandom& random) {
        random.normals[0] = test::read_dataset<float>(golden.file, golden.group + "/normal");
    });
}

TEST_P(ReplayedGolden, speckle_noise) {
    MISFIRE_NEEDS("golden/goldens_224.h5");
    compare("speckle_noise", GetParam(), 0.0, [](const Recording& golden, ReplayRandom& random) {
        random.normals[0] = test::read_dataset<float>(golden.file, golden.group + "/normal");
    });
}

// P(count <= k) of a Poisson variable, summed from the small end.
double poisson_cdf(double mean, int k) {
    if (mean == 0.0) return k < 0 ? 0.0 : 1.0;
    double sum = 0.0;
    for (int i = 0; i <= k; ++i) sum += std::exp(i * std::log(mean) - mean - std::lgamma(i + 1.0));
    return sum;
}

// The recorded counts become the uniforms in the middle of their step of the distribution function.
TEST_P(ReplayedGolden, shot_noise) {
    MISFIRE_NEEDS("golden/goldens_224.h5");
    compare("shot_noise", GetParam(), 0.0, [](const Recording& golden, ReplayRandom& random) {
        const auto counts = test::read_dataset<std::int32_t>(golden.file, golden.group + "/counts");
        const double photons = test::read_attribute(golden.file, golden.group, "photons");
        for (std::size_t i = 0; i < counts.size(); ++i) {
            const double mean = golden.input.pixels[i] / 255.0 * photons;
            const double middle = 0.5 * (poisson_cdf(mean, counts[i] - 1) + poisson_cdf(mean, counts[i]));
            random.uniforms[0].push_back(std::min(static_cast<float>(middle), 0x1.fffffep-1F));
        }
    });
}

TEST_P(ReplayedGolden, impulse_noise) {
    MISFIRE_NEEDS("golden/goldens_224.h5");
    compare("impulse_noise", GetParam(), 0.0, [](const Recording& golden, ReplayRandom& random) {
        for (const auto hit : test::read_dataset<std::uint8_t>(golden.file, golden.group + "/mask")) {
            random.uniforms[0].push_back(hit == 0 ? 0.5F : (hit == 1 ? 0.0F : 0.999F));
        }
    });
}

TEST_P(ReplayedGolden, glass_blur) {
    MISFIRE_NEEDS("golden/goldens_224.h5");
    compare("glass_blur", GetParam(), 0.0, [](const Recording& golden, ReplayRandom& random) {
        const auto offsets = test::read_dataset<std::int32_t>(golden.file, golden.group + "/offsets");
        const auto reach = static_cast<int>(test::read_attribute(golden.file, golden.group, "max_delta"));
        const auto passes = static_cast<std::size_t>(test::read_attribute(golden.file, golden.group, "iterations"));
        const std::size_t each = offsets.size() / 2 / passes;
        for (std::size_t i = 0; i < offsets.size() / 2; ++i) {
            const std::int32_t draw = (offsets[2 * i] + reach) * 2 * reach + offsets[2 * i + 1] + reach;
            random.integer_draws[static_cast<std::uint32_t>(1 + i / each)].push_back(draw);
        }
    });
}

TEST_P(ReplayedGolden, motion_blur) {
    MISFIRE_NEEDS("golden/goldens_224.h5");
    compare("motion_blur", GetParam(), 0.0, [](const Recording& golden, ReplayRandom& random) {
        const double angle = test::read_attribute(golden.file, golden.group, "angle_degrees");
        random.uniforms[0] = {static_cast<float>((angle + 45.0) / 90.0)};
    });
}

// Single precision and the order of the grey weights: see golden/README.md on 32 x 32 snow.
TEST_P(ReplayedGolden, snow) {
    MISFIRE_NEEDS("golden/goldens_224.h5");
    compare("snow", GetParam(), 1e-2, [](const Recording& golden, ReplayRandom& random) {
        random.normals[0] = test::read_dataset<float>(golden.file, golden.group + "/normal");
        const double angle = test::read_attribute(golden.file, golden.group, "angle_degrees");
        random.uniforms[1] = {static_cast<float>((angle + 135.0) / 90.0)};
    });
}

TEST_P(ReplayedGolden, fog) {
    MISFIRE_NEEDS("golden/goldens_224.h5");
    compare("fog", GetParam(), 0.0, [](const Recording& golden, ReplayRandom& random) {
        random.uniforms[0] = test::read_dataset<float>(golden.file, golden.group + "/uniform");
    });
}

TEST_P(ReplayedGolden, elastic_transform) {
    MISFIRE_NEEDS("golden/goldens_224.h5");
    compare("elastic_transform", GetParam(), 1e-4, [](const Recording& golden, ReplayRandom& random) {
        random.uniforms[0] = test::read_dataset<float>(golden.file, golden.group + "/jitter_uniform");
        for (const auto& [stream, name] : {std::pair(1U, "/dx_uniform"), std::pair(2U, "/dy_uniform")}) {
            random.uniforms[stream] = test::read_dataset<float>(golden.file, golden.group + name);
            for (float& u : random.uniforms[stream]) u = (u + 1.0F) / 2.0F;
        }
    });
}

TEST_P(ReplayedGolden, spatter) {
    MISFIRE_NEEDS("golden/goldens_224.h5");
    compare("spatter", GetParam(), 1e-4, [](const Recording& golden, ReplayRandom& random) {
        random.normals[0] = test::read_dataset<float>(golden.file, golden.group + "/normal");
    });
}

// The textures of golden/README.md, "Synthetic frost texture number i".
void write_textures(const std::filesystem::path& folder) {
    constexpr int sizes[5][2] = {{600, 900}, {315, 560}, {315, 560}, {350, 527}, {495, 660}};
    std::filesystem::create_directories(folder);
    for (int i = 0; i < 5; ++i) {
        cv::Mat bgr(sizes[i][0], sizes[i][1], CV_8UC3);
        for (int y = 0; y < bgr.rows; ++y) {
            for (int x = 0; x < bgr.cols; ++x) {
                bgr.at<cv::Vec3b>(y, x) = {static_cast<std::uint8_t>(x * x / 64 + 3 * y),
                                           static_cast<std::uint8_t>(5 * x + y * y / 32),
                                           static_cast<std::uint8_t>(x ^ y)};
            }
        }
        cv::imwrite((folder / ("frost" + std::to_string(i + 1) + ".png")).string(), bgr);
    }
}

TEST_P(ReplayedGolden, frost) {
    MISFIRE_NEEDS("golden/goldens_224.h5");
    const std::filesystem::path folder =
        std::filesystem::path(testing::TempDir()) / ("frost_textures_" + std::to_string(GetParam()));
    write_textures(folder);
    compare("frost", GetParam(), 0.0,
            [](const Recording& golden, ReplayRandom& random) {
                const auto draw = [&](const char* name) {
                    return static_cast<std::int32_t>(test::read_attribute(golden.file, golden.group, name));
                };
                random.integer_draws = {
                    {0, {draw("texture_index")}}, {1, {draw("x_start_row")}}, {2, {draw("y_start_column")}}};
            },
            {{"textures", folder.string()}});
}

INSTANTIATE_TEST_SUITE_P(side, ReplayedGolden, testing::Values(32, 224), testing::PrintToStringParamName());

}  // namespace
}  // namespace misfire
