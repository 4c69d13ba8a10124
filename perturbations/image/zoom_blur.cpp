// Mean of the picture and of copies of it zoomed further and further in.
#include <algorithm>
#include <cmath>
#include <vector>

#include "core/vector_clones.h"
#include "perturbations/image/clipped_zoom.h"
#include "perturbations/image/level_mix.h"
#include "perturbations/image/published_unit.h"

namespace misfire {

namespace {

PerturbationInfo describe() {
    PerturbationInfo info;
    info.name = "zoom_blur";
    info.summary = "a camera that moves quickly towards the scene: mean of zoomed copies";
    info.category = "blur";
    info.groups = {"imagenet-c"};
    info.published_order = 6;
    info.monotone = false;
    info.why_not_monotone =
        "copies are cropped and trimmed to whole pixels, which shifts them by halves of a pixel from one severity to "
        "the next, "
        "and at 224 px level 3 has fewer of them than level 2";
    const std::vector<double> stop_32 = {1.06, 1.11, 1.16, 1.21, 1.26};
    const std::vector<double> step_32 = {.01, .01, .01, .01, .01};
    const std::vector<double> stop_224 = {1.11, 1.16, 1.21, 1.26, 1.31};
    const std::vector<double> step_224 = {.01, .01, .02, .02, .03};
    info.parameters = {{.name = "stop",
                        .unit = "1",
                        .meaning = "the zoom factors are 1, 1 + step, 1 + 2 step, ... below this; between levels their "
                                   "number moves in a straight line and the last copy weighs the fraction",
                        .published = {{"32", stop_32}, {"64", stop_32}, {"224", stop_224}, {"299", stop_224}}},
                       {.name = "step",
                        .unit = "1",
                        .meaning = "distance of the zoom factors",
                        .published = {{"32", step_32}, {"64", step_32}, {"224", step_224}, {"299", step_224}}}};
    info.options = {parameter_set_option(info.parameters)};
    info.reference = imagenet_c_reference;
    return info;
}

// How many factors numpy.arange(1, stop, step) has, with its rounding: one more or less is a different corruption.
int number_of_factors(double stop, double step) { return static_cast<int>(std::ceil((stop - 1.0) / step)); }

using Floats8 = float __attribute__((vector_size(32)));
using Integers8 = std::int32_t __attribute__((vector_size(32)));
constexpr std::size_t lanes = 8;

// Where each group of eight neighbouring outputs reads: enlarging means that they lie within eight neighbouring inputs.
struct Group {
    std::int32_t base;
    std::int32_t index[lanes];
    float weight[lanes];
};

std::vector<Group> groups_of(const ZoomAxis& axis) {
    std::vector<Group> groups;
    for (std::size_t first = 0; first < axis.left.size(); first += lanes) {
        Group group{};
        group.base = axis.left[first];
        for (std::size_t l = 0; l < lanes; ++l) {
            const std::size_t i = std::min(first + l, axis.left.size() - 1);
            group.index[l] = axis.left[i] - group.base;
            group.weight[l] = axis.weight[i];
        }
        groups.push_back(group);
    }
    return groups;
}

// One row enlarged. `in` is readable for two groups beyond its end, `out` writable for one.
MISFIRE_VECTOR_CLONES void enlarge_row(const float* in, const Group* groups, std::size_t count, float* out) {
    for (std::size_t g = 0; g < count; ++g) {
        Floats8 near, next, weight;
        Integers8 index;
        __builtin_memcpy(&near, in + groups[g].base, sizeof near);
        __builtin_memcpy(&next, in + groups[g].base + 1, sizeof next);
        __builtin_memcpy(&index, groups[g].index, sizeof index);
        __builtin_memcpy(&weight, groups[g].weight, sizeof weight);
        const Floats8 left = __builtin_shuffle(near, index);
        const Floats8 right = __builtin_shuffle(next, index);
        const Floats8 value = left + (right - left) * weight;
        __builtin_memcpy(out + lanes * g, &value, sizeof value);
    }
}

MISFIRE_VECTOR_CLONES void add_between(const float* upper, const float* lower, float place, float weight, float* sum,
                                       std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) sum[i] += weight * (upper[i] + (lower[i] - upper[i]) * place);
}

MISFIRE_VECTOR_CLONES void add(const float* x, float* sum, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) sum[i] += x[i];
}

// One channel as a plane of floats in the unit range whose rows have room for reading in groups.
MISFIRE_VECTOR_CLONES void take_channel(const std::uint8_t* in, std::size_t step, float* out, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<float>(in[i * step]) / 255.0F;
}

struct Plane {
    std::size_t height;
    std::size_t width;
    std::size_t pitch;
};

struct Zoom {
    ZoomAxis rows;
    std::vector<Group> columns;
    float weight;
};

// Adds one zoomed copy of the plane to `sum`; `wide` holds rows enlarged in their own direction.
void add_zoomed(const float* plane, const Plane& shape, const Zoom& zoom, float* wide, float* sum) {
    const auto first = static_cast<std::size_t>(zoom.rows.left.front());
    const auto last = std::min(static_cast<std::size_t>(zoom.rows.left.back()) + 1, shape.height - 1);
    for (std::size_t y = first; y <= last; ++y) {
        enlarge_row(plane + y * shape.pitch, zoom.columns.data(), zoom.columns.size(), wide + y * shape.pitch);
    }
    for (std::size_t y = 0; y < shape.height; ++y) {
        const auto upper = static_cast<std::size_t>(zoom.rows.left[y]);
        const std::size_t lower = std::min(upper + 1, shape.height - 1);
        add_between(wide + upper * shape.pitch, wide + lower * shape.pitch, zoom.rows.weight[y], zoom.weight,
                    sum + y * shape.pitch, shape.width);
    }
}

// mean = (x + sum of the zoomed copies) / (copies + 1), in single precision as published; all but the last copy
// weigh 1.
void mean_of_zooms(const float* plane, const Plane& shape, const std::vector<Zoom>& list, float* wide, float* mean) {
    std::fill_n(mean, shape.height * shape.pitch, 0.0F);
    for (const Zoom& zoom : list) add_zoomed(plane, shape, zoom, wide, mean);
    add(plane, mean, shape.height * shape.pitch);
    const float divisor = static_cast<float>(list.size()) + list.back().weight;
    for (std::size_t i = 0; i < shape.height * shape.pitch; ++i) mean[i] /= divisor;
}

MISFIRE_VECTOR_CLONES void put_channel(const float* in, std::uint8_t* out, std::size_t step, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        const float clipped = in[i] < 0.0F ? 0.0F : (in[i] > 1.0F ? 1.0F : in[i]);
        out[i * step] = static_cast<std::uint8_t>(static_cast<int>(clipped * 255.0F));
    }
}

class ZoomBlur final : public PublishedUnit {
  public:
    explicit ZoomBlur(const Options& given) : PublishedUnit(describe(), given) {}

    void apply(const Image& in, Image& out, double severity, const Random&, Scratch& scratch) const override {
        const std::vector<Zoom> list = zooms(in, severity);
        const auto step = static_cast<std::size_t>(in.channels);
        const auto width = static_cast<std::size_t>(in.width);
        const Plane shape{static_cast<std::size_t>(in.height), width, (width + 3 * lanes) / lanes * lanes};
        auto& plane = scratch.floats[0];
        auto& wide = scratch.floats[1];
        auto& mean = scratch.floats[2];
        for (auto* buffer : {&plane, &wide, &mean}) buffer->assign(shape.height * shape.pitch + 2 * lanes, 0.0F);
        shape_like(in, out);
        for (std::size_t c = 0; c < step; ++c) {
            for (std::size_t y = 0; y < shape.height; ++y) {
                take_channel(in.pixels.data() + y * width * step + c, step, plane.data() + y * shape.pitch, width);
            }
            mean_of_zooms(plane.data(), shape, list, wide.data(), mean.data());
            for (std::size_t y = 0; y < shape.height; ++y) {
                put_channel(mean.data() + y * shape.pitch, out.pixels.data() + y * width * step + c, step, width);
            }
        }
    }

  private:
    double factors_at(const Image& image, int level) const {
        if (level == 0) return 1.0;  // the picture itself
        const ParameterValues values = parameters(image, level);
        return number_of_factors(values[0], values[1]);
    }

    std::vector<Zoom> zooms(const Image& image, double severity) const {
        const LevelMix mix = level_mix(severity);
        const double lower = factors_at(image, mix.lower);
        const double count = mix.weight == 0.0 ? lower : lower + mix.weight * (factors_at(image, mix.upper) - lower);
        const double step = (1.0 + parameters(image, severity)[1]) - 1.0;  // as the additions of arange round it
        std::vector<Zoom> list;
        for (int k = 0; k < count; ++k) {
            const double factor = 1.0 + k * step;
            const auto weight = static_cast<float>(std::min(1.0, count - k));
            list.push_back({zoom_axis(image.height, factor), groups_of(zoom_axis(image.width, factor)), weight});
        }
        return list;
    }
};

}  // namespace

namespace units {
PerturbationEntry zoom_blur() { return {describe, make_unit<ZoomBlur>}; }
}  // namespace units

}  // namespace misfire
