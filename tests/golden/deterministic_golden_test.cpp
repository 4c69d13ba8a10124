// Units without draws against the published generators, file by file, bit for bit.
#include <gtest/gtest.h>

#include "perturbations/perturb.h"
#include "perturbations/registry.h"
#include "tests/golden/golden_files.h"
#include "tests/shared_files.h"

namespace misfire {
namespace {

struct Case {
    std::string unit;
    int side;
    double most;  // share of the values of an image that may differ, by 1
};

class DeterministicGolden : public testing::TestWithParam<Case> {};

TEST_P(DeterministicGolden, every_severity_and_input_equals_the_published_generator) {
    MISFIRE_NEEDS("golden/inputs");
    const auto& [name, side, most] = GetParam();
    const auto unit = make_perturbation(name);
    Scratch scratch;
    Image out;
    int compared = 0;
    const std::string folder = test::shared("golden").string();
    for (const auto& file : std::filesystem::directory_iterator(folder + "/inputs/" + std::to_string(side))) {
        const Image in = test::read_png(file.path().string());
        for (int severity = 1; severity <= 5; ++severity) {
            const std::string golden = folder + "/" + std::to_string(side) + "/" + name + "/" +
                                       std::to_string(severity) + "/" + file.path().filename().string();
            perturb(*unit, in, out, severity, Random(1), scratch);
            const auto difference = test::difference(out, test::read_png(golden));
            EXPECT_LE(difference.share, most) << golden << ": " << difference.values << " values differ";
            EXPECT_LE(difference.largest, 1) << golden;
            ++compared;
        }
    }
    EXPECT_EQ(compared, side == 224 ? 20 : 25);
}

// Bit for bit, but for zoom_blur: columns then rows in single precision against both at once in double; and
// defocus_blur: sums of integers against a Fourier transform in double.
std::vector<Case> cases() {
    std::vector<Case> list;
    for (const int side : {32, 224}) {
        for (const char* name :
             {"brightness", "contrast", "gaussian_blur", "jpeg_compression", "pixelate", "saturate"}) {
            list.push_back({name, side, 0.0});
        }
        list.push_back({"zoom_blur", side, 1e-4});
        list.push_back({"defocus_blur", side, 1e-3});
    }
    return list;
}

INSTANTIATE_TEST_SUITE_P(imagenet_c, DeterministicGolden, testing::ValuesIn(cases()),
                         [](const auto& test) { return test.param.unit + "_" + std::to_string(test.param.side); });

}  // namespace
}  // namespace misfire
