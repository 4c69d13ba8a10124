// Units without draws against the published generators, file by file, bit for bit.
#include <gtest/gtest.h>

#include "tests/golden/golden_files.h"
#include "perturbations/perturb.h"
#include "perturbations/registry.h"
#include "tests/shared_files.h"

namespace misfire {
namespace {

struct Case {
    std::string unit;
    int side;
};

class DeterministicGolden : public testing::TestWithParam<Case> {};

TEST_P(DeterministicGolden, every_severity_and_input_is_equal_to_the_published_generator) {
    MISFIRE_NEEDS("golden/inputs");
    const auto& [name, side] = GetParam();
    const auto unit = make_perturbation(name);
    Scratch scratch;
    Image out;
    int compared = 0;
    const std::string folder = test::shared("golden").string();
    for (const auto& file : std::filesystem::directory_iterator(folder + "/inputs/" + std::to_string(side))) {
        const Image in = test::read_png(file.path().string());
        for (int severity = 1; severity <= 5; ++severity) {
            const std::string golden = folder + "/" + std::to_string(side) + "/" + name + "/" + std::to_string(severity) + "/" +
                                       file.path().filename().string();
            perturb(*unit, in, out, severity, Random(1), scratch);
            const auto difference = test::difference(out, test::read_png(golden));
            EXPECT_EQ(difference.values, 0U) << golden << ": " << difference.share << " of the values differ, by up to "
                                             << difference.largest;
            ++compared;
        }
    }
    EXPECT_EQ(compared, side == 224 ? 20 : 25);
}

std::vector<Case> cases() {
    std::vector<Case> list;
    for (const char* name : {"brightness", "contrast", "gaussian_blur", "jpeg_compression"}) {
        for (const int side : {32, 224}) list.push_back({name, side});
    }
    return list;
}

INSTANTIATE_TEST_SUITE_P(imagenet_c, DeterministicGolden, testing::ValuesIn(cases()), [](const auto& test) {
    return test.param.unit + "_" + std::to_string(test.param.side);
});

}  // namespace
}  // namespace misfire
