// Gaussian, then each pixel copied from a random neighbour, in place and in order, then Gaussian again.
#include <algorithm>
#include <cstring>
#include <vector>

#include "perturbations/image/gaussian_bytes.h"
#include "perturbations/image/level_mix.h"
#include "perturbations/image/published_unit.h"

namespace misfire {

namespace {

PerturbationInfo describe() {
    PerturbationInfo info;
    info.name = "glass_blur";
    info.summary = "frosted glass: pixels copied from near neighbours, softened before and after";
    info.category = "blur";
    info.groups = {"imagenet-c"};
    info.published_order = 4;
    info.monotone = false;
    info.why_not_monotone =
        "the published sets trade reach for repetitions (224 px: reach 2 once at level 2, reach 2 three times at 3); "
        "at 32 px "
        "level 4 blurs less than level 3";
    info.parameters = {
        {.name = "sigma",
         .unit = "px",
         .meaning = "standard deviation of both Gaussians",
         .scales_with_side = true,
         .identity = 0.0,
         .published = {{"32", {.05, .25, .4, .25, .4}},
                       {"64", {.1, .5, .6, .7, .9}},
                       {"224", {.7, .9, 1, 1.1, 1.5}},
                       {"299", {.8, 1, 1.1, 1.2, 1.6}}}},
        {.name = "reach",
         .unit = "px",
         .meaning =
             "offsets are drawn from -reach..reach-1; between levels each pixel follows the rules of one of the two",
         .scales_with_side = true,
         .whole = true,
         .published =
             {{"32", {1, 1, 1, 1, 1}}, {"64", {1, 1, 1, 2, 2}}, {"224", {1, 2, 2, 3, 4}}, {"299", {1, 3, 2, 4, 5}}}},
        {.name = "iterations",
         .unit = "1",
         .meaning = "passes over the image",
         .whole = true,
         .published = {
             {"32", {1, 1, 1, 2, 2}}, {"64", {1, 1, 2, 1, 2}}, {"224", {2, 1, 3, 2, 2}}, {"299", {3, 1, 4, 2, 2}}}}};
    info.options = {parameter_set_option(info.parameters)};
    info.reference = imagenet_c_reference;
    return info;
}

struct Rule {
    int reach = 0;
    int iterations = 0;  // 0: leaves every pixel alone
};

// Stream 0 says which rule a pixel follows; the others belong to the passes.
constexpr std::uint32_t rule_stream = 0;
constexpr std::uint32_t pass_stream = 1;

// One pass of one rule over the pixels chosen by it. A draw k in [0, (2 reach)^2) holds both offsets: dx = k / (2
// reach) - reach, dy = k mod (2 reach) - reach. In place and in order, from the bottom right: copies travel. `T` holds
// a whole pixel.
template <typename T, typename Chosen>
void pass(T* pixels, int height, int width, int reach, const std::int32_t* draws, Chosen chosen) {
    std::vector<std::ptrdiff_t> offsets;
    for (int k = 0; k < 4 * reach * reach; ++k) {
        const int dx = k / (2 * reach) - reach;
        const int dy = k % (2 * reach) - reach;
        offsets.push_back(static_cast<std::ptrdiff_t>(dy) * width + dx);
    }
    for (int y = height - reach; y > reach; --y) {
        for (int x = width - reach; x > reach; --x) {
            const std::ptrdiff_t place = static_cast<std::ptrdiff_t>(y) * width + x;
            const std::ptrdiff_t from = place + offsets[static_cast<std::size_t>(*draws++)];
            if (chosen(place)) pixels[place] = pixels[from];
        }
    }
}

class GlassBlur final : public PublishedUnit {
  public:
    explicit GlassBlur(const Options& given) : PublishedUnit(describe(), given) {}

    void apply(const Image& in, Image& out, double severity, const Random& random, Scratch& scratch) const override {
        const double sigma = parameters(in, severity)[0];
        Image shuffled;
        shuffled.pixels.swap(scratch.bytes[1]);  // borrows the memory
        shape_like(in, shuffled);
        // `sigma` itself as the largest published: exact at every size.
        gaussian_blur_bytes(in, sigma, sigma, shuffled, scratch);
        if (in.channels == 3) {
            shuffle_colour(in, severity, random, shuffled, scratch);
        } else {
            shuffle(shuffled.pixels.data(), in, severity, random, scratch);
        }
        shape_like(in, out);
        gaussian_blur_bytes(shuffled, sigma, sigma, out, scratch);
        shuffled.pixels.swap(scratch.bytes[1]);
    }

  private:
    // Four bytes a pixel, so that a copy is one load and one store.
    void shuffle_colour(const Image& in, double severity, const Random& random, Image& out, Scratch& scratch) const {
        const std::size_t count = in.size() / 3;
        scratch.bytes[0].resize(4 * count);
        auto* pixels = reinterpret_cast<std::uint32_t*>(scratch.bytes[0].data());
        for (std::size_t i = 0; i < count; ++i) {
            const std::uint8_t* p = out.pixels.data() + 3 * i;
            pixels[i] = static_cast<std::uint32_t>(p[0]) | static_cast<std::uint32_t>(p[1]) << 8 |
                        static_cast<std::uint32_t>(p[2]) << 16;
        }
        shuffle(pixels, in, severity, random, scratch);
        for (std::size_t i = 0; i < count; ++i) {
            for (int c = 0; c < 3; ++c)
                out.pixels[3 * i + static_cast<std::size_t>(c)] = static_cast<std::uint8_t>(pixels[i] >> (8 * c));
        }
    }

    Rule rule(const Image& image, int level) const {
        if (level == 0) return {};
        const ParameterValues values = parameters(image, level);
        return {static_cast<int>(values[1]), static_cast<int>(values[2])};
    }

    template <typename T>
    void shuffle(T* pixels, const Image& image, double severity, const Random& random, Scratch& scratch) const {
        const LevelMix mix = level_mix(severity);
        const Rule lower = rule(image, mix.lower);
        if (mix.weight == 0.0) {
            for (int i = 0; i < lower.iterations; ++i)
                run_pass(pixels, image, lower.reach, i, random, scratch, [](std::ptrdiff_t) { return true; });
            return;
        }
        const Rule upper = rule(image, mix.upper);
        auto& side = scratch.floats[2];
        side.resize(image.size() / static_cast<std::size_t>(image.channels));
        random.uniform(side, rule_stream);
        const auto limit = static_cast<float>(mix.weight);
        for (int i = 0; i < std::max(lower.iterations, upper.iterations); ++i) {
            if (i < lower.iterations) {
                run_pass(pixels, image, lower.reach, i, random, scratch,
                         [&](std::ptrdiff_t p) { return side[static_cast<std::size_t>(p)] >= limit; });
            }
            if (i < upper.iterations) {
                run_pass(pixels, image, upper.reach, i, random, scratch,
                         [&](std::ptrdiff_t p) { return side[static_cast<std::size_t>(p)] < limit; });
            }
        }
    }

    template <typename T, typename Chosen>
    static void run_pass(T* pixels, const Image& image, int reach, int iteration, const Random& random,
                         Scratch& scratch, Chosen chosen) {
        const int rows = image.height - 2 * reach;
        const int columns = image.width - 2 * reach;
        if (rows <= 0 || columns <= 0) return;
        auto& draws = scratch.integers;
        draws.resize(static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns));
        random.integers(draws, 0, 4 * reach * reach, pass_stream + static_cast<std::uint32_t>(iteration));
        pass(pixels, image.height, image.width, reach, draws.data(), chosen);
    }
};

}  // namespace

namespace units {
PerturbationEntry glass_blur() { return {describe, make_unit<GlassBlur>}; }
}  // namespace units

}  // namespace misfire
