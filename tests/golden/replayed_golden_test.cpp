// Units with draws against the published generators, fed with the draws those used.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <stdexcept>

#include "tests/golden/golden_files.h"
#include "perturbations/perturb.h"
#include "perturbations/registry.h"
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

TEST_P(ReplayedGolden, gaussian_noise) {
    MISFIRE_NEEDS("golden/goldens_224.h5");
    const auto unit = make_perturbation("gaussian_noise");
    const auto recorded = recordings("gaussian_noise", GetParam());
    ASSERT_FALSE(recorded.empty());
    Scratch scratch;
    Image out;
    for (const Recording& golden : recorded) {
        ReplayRandom random;
        random.normals[0] = test::read_dataset<float>(golden.file, golden.group + "/normal");
        perturb(*unit, golden.input, out, golden.severity, random, scratch);
        EXPECT_EQ(test::difference(out, golden.output).values, 0U) << golden.group;
    }
}

INSTANTIATE_TEST_SUITE_P(side, ReplayedGolden, testing::Values(32, 224), testing::PrintToStringParamName());

}  // namespace
}  // namespace misfire
