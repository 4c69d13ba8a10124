// Units with our own draws against the statistics of the published generators over 64 images
// (golden/golden_moments.csv).
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

#include "perturbations/perturb.h"
#include "perturbations/registry.h"
#include "tests/golden/golden_files.h"
#include "tests/shared_files.h"

namespace misfire {
namespace {

constexpr std::array<const char*, 7> columns = {"mean", "std", "mad", "psnr", "diff_r", "diff_g", "diff_b"};
using Moments = std::array<double, 7>;

Moments moments(const Image& clean, const Image& out) {
    double sum = 0, squares = 0, absolute = 0, error = 0, signed_difference[3] = {};
    for (std::size_t i = 0; i < out.size(); ++i) {
        const double value = out.pixels[i], difference = value - clean.pixels[i];
        sum += value;
        squares += value * value;
        absolute += std::abs(difference);
        error += difference * difference;
        signed_difference[i % 3] += difference;
    }
    const auto n = static_cast<double>(out.size());
    const double mean = sum / n;
    const double psnr = error == 0.0 ? 99.0 : std::min(99.0, 10.0 * std::log10(255.0 * 255.0 / (error / n)));
    return {mean,
            std::sqrt(squares / n - mean * mean),
            absolute / n,
            psnr,
            3 * signed_difference[0] / n,
            3 * signed_difference[1] / n,
            3 * signed_difference[2] / n};
}

struct Published {
    Moments mean{};    // over the seeds
    Moments spread{};  // standard deviation of the three seeds' means
};

// One corruption at one size, by severity.
std::map<int, Published> published(int side, const std::string& unit) {
    std::ifstream file(test::shared("golden/golden_moments.csv"));
    std::map<int, Published> rows;
    std::map<int, double> seeds;
    for (std::string line; std::getline(file, line);) {
        std::vector<std::string> cells;
        std::istringstream stream(line);
        for (std::string cell; std::getline(stream, cell, ',');) cells.push_back(cell);
        if (cells[0] != std::to_string(side) || cells[1] != unit) continue;
        Published& row = rows[std::stoi(cells[2])];
        const bool spread = cells[3] == "spread";
        if (!spread) seeds[std::stoi(cells[2])] += 1.0;
        for (std::size_t c = 0; c < columns.size(); ++c)
            (spread ? row.spread : row.mean)[c] += std::stod(cells[5 + 2 * c]);
    }
    for (auto& [severity, row] : rows) {
        for (double& value : row.mean) value /= seeds.at(severity);
    }
    return rows;
}

// The 64 inputs, prepared as the generators did (Pillow: shorter side to 256, centre 224), by the interpreter that has
// Pillow.
std::vector<Image> inputs(int side) {
    const std::string list = test::shared("golden/moments_files_" + std::to_string(side) + ".txt").string();
    // Named by process: ctest runs the cases of this file side by side.
    const std::string raw = testing::TempDir() + "misfire_moments_" + std::to_string(getpid()) + ".rgb";
    const std::string script =
        "import sys\n"
        "from PIL import Image\n"
        "root, names, side, out = sys.argv[1:]\n"
        "side = int(side)\n"
        "with open(out, 'wb') as f:\n"
        "    for name in open(names).read().split():\n"
        "        image = Image.open(root + '/' + name).convert('RGB')\n"
        "        if side == 224:\n"
        "            w, h = image.size\n"
        "            s = (256, int(256 * h / w)) if w < h else (int(256 * w / h), 256)\n"
        "            image = image.resize(s, Image.BILINEAR)\n"
        "            left, top = int(round((s[0] - 224) / 2)), int(round((s[1] - 224) / 2))\n"
        "            image = image.crop((left, top, left + 224, top + 224))\n"
        "        f.write(image.tobytes())\n";
    const std::string program = testing::TempDir() + "misfire_moments_" + std::to_string(getpid()) + ".py";
    std::ofstream(program) << script;
    const std::string command = "/usr/bin/python3 '" + program + "' '" + test::shared("real").string() + "' '" + list +
                                "' " + std::to_string(side) + " '" + raw + "'";
    if (std::system(command.c_str()) != 0) throw std::runtime_error("cannot prepare the inputs: " + command);
    std::vector<Image> images;
    std::ifstream file(raw, std::ios::binary);
    for (Image image(side, side, 3);
         file.read(reinterpret_cast<char*>(image.pixels.data()), static_cast<std::streamsize>(image.size()));) {
        images.push_back(image);
    }
    return images;
}

struct Case {
    std::string unit;
    int side;
    std::uint64_t seeds;
};

class MomentsGolden : public testing::TestWithParam<Case> {
  protected:
    static const std::vector<Image>& images(int side) {
        static std::map<int, std::vector<Image>> all;
        if (all[side].empty()) all[side] = inputs(side);
        return all[side];
    }
};

// Mean over some seeds and the standard deviation of their means.
Published measure(const Perturbation& unit, const std::vector<Image>& images, int severity, std::uint64_t seeds) {
    Published result;
    Moments squares{};
    Scratch scratch;
    Image out;
    const auto n = static_cast<double>(seeds);
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        Moments mean{};
        for (std::size_t i = 0; i < images.size(); ++i) {
            const std::uint64_t key = perturbation_key(seed, unit.info(), 0, std::to_string(i), severity);
            perturb(unit, images[i], out, severity, Random(key), scratch);
            const Moments one = moments(images[i], out);
            for (std::size_t c = 0; c < columns.size(); ++c) mean[c] += one[c] / static_cast<double>(images.size());
        }
        for (std::size_t c = 0; c < columns.size(); ++c) {
            result.mean[c] += mean[c] / n;
            squares[c] += mean[c] * mean[c] / n;
        }
    }
    if (seeds == 1) return result;
    for (std::size_t c = 0; c < columns.size(); ++c) {
        result.spread[c] = std::sqrt(std::max(0.0, squares[c] - result.mean[c] * result.mean[c]) * n / (n - 1.0));
    }
    return result;
}

// golden/README.md: within four times the spread of the seeds, pooled over the severities because three seeds estimate
// it poorly. Where one severity spreads more than the others (five seeds of ours tell), its own spread counts.
TEST_P(MomentsGolden, agree_with_the_published_generator) {
    MISFIRE_NEEDS("golden/golden_moments.csv");
    MISFIRE_NEEDS("real/cifar10_test");
    const auto& [name, side, seeds] = GetParam();
    const auto unit = make_perturbation(name);
    const auto expected = published(side, name);
    ASSERT_EQ(expected.size(), 5U);
    ASSERT_EQ(images(side).size(), 64U);
    Moments pooled{};
    for (const auto& [severity, row] : expected) {
        for (std::size_t c = 0; c < columns.size(); ++c) pooled[c] += row.spread[c] * row.spread[c] / 5.0;
    }
    for (const auto& [severity, row] : expected) {
        const Published ours = measure(*unit, images(side), severity, seeds);
        for (std::size_t c = 0; c < columns.size(); ++c) {
            const double limit = 4.0 * std::max(std::sqrt(pooled[c]), ours.spread[c]) + 2e-4;
            EXPECT_NEAR(ours.mean[c], row.mean[c], limit) << columns[c] << " at severity " << severity;
        }
    }
}

std::vector<Case> cases() {
    std::vector<Case> list;
    for (const char* unit : {"elastic_transform", "fog", "gaussian_noise", "glass_blur", "impulse_noise", "motion_blur",
                             "shot_noise", "snow", "spatter", "speckle_noise"}) {
        for (const int side : {32, 224}) list.push_back({unit, side, 5});
    }
    // Without draws the statistics must agree to the printed digits; these are measured on other images than the pixel
    // tests.
    for (const char* unit : {"brightness", "contrast", "defocus_blur", "gaussian_blur", "jpeg_compression", "pixelate",
                             "saturate", "zoom_blur"}) {
        for (const int side : {32, 224}) list.push_back({unit, side, 1});
    }
    return list;
}

INSTANTIATE_TEST_SUITE_P(imagenet_c, MomentsGolden, testing::ValuesIn(cases()),
                         [](const auto& test) { return test.param.unit + "_" + std::to_string(test.param.side); });

}  // namespace
}  // namespace misfire
