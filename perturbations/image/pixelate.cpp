// Shrink by averaging boxes and enlarge by repeating: Pillow's resize with BOX both ways, in its fixed point.
#include <algorithm>
#include <vector>

#include "perturbations/image/published_unit.h"

namespace misfire {

namespace {

PerturbationInfo describe() {
    PerturbationInfo info;
    info.name = "pixelate";
    info.summary = "low resolution shown large: blocks";
    info.category = "digital";
    info.groups = {"imagenet-c"};
    info.published_order = 13;
    info.monotone = false;
    info.why_not_monotone =
        "sides are cut to whole pixels and boxes fall differently on the picture; a smaller side is not always the "
        "worse one";
    info.parameters = {{.name = "scale",
                        .unit = "fraction of the side",
                        .meaning = "the shrunken sides are this times the original ones, cut to whole pixels",
                        .identity = 1.0,
                        .published = {{"32", {.95, .9, .85, .75, .65}},
                                      {"64", {.9, .8, .7, .6, .5}},
                                      {"224", {.6, .5, .4, .3, .25}},
                                      {"299", {.5, .4, .3, .25, .2}}}}};
    info.options = {parameter_set_option(info.parameters)};
    info.reference = imagenet_c_reference;
    return info;
}

// Boxes of Pillow's resample: output i averages inputs [first, first + count).
struct Box {
    std::size_t first;
    std::size_t count;
};

void boxes(int in, int out, std::vector<Box>& list) {
    list.clear();
    const double scale = static_cast<double>(in) / out;
    const double support = 0.5 * std::max(scale, 1.0);
    for (int i = 0; i < out; ++i) {
        const double centre = (i + 0.5) * scale;
        int first = std::max(0, static_cast<int>(centre - support + 0.5));
        int last = std::min(in, static_cast<int>(centre + support + 0.5));
        // Weight 1 where -1/2 < (position of the pixel's centre) <= 1/2 of the box.
        while (first < last - 1 && (first - centre + 0.5) / std::max(scale, 1.0) <= -0.5) ++first;
        while (last - 1 > first && (last - 1 - centre + 0.5) / std::max(scale, 1.0) > 0.5) --last;
        list.push_back({static_cast<std::size_t>(first), static_cast<std::size_t>(last - first)});
    }
}

// Pillow's arithmetic: weights of 22 fractional bits, each rounded, and a rounded sum.
constexpr int fraction_bits = 22;

std::uint32_t weight_of(std::size_t count) {
    return static_cast<std::uint32_t>(0.5 + 1.0 / static_cast<double>(count) * (1U << fraction_bits));
}

std::uint8_t rounded(std::uint32_t sum, std::uint32_t weight) {
    return static_cast<std::uint8_t>(
        std::min<std::uint32_t>((sum * weight + (1U << (fraction_bits - 1))) >> fraction_bits, 255));
}

template <std::size_t channels>
void shrink_row(const std::uint8_t* in, const std::vector<Box>& columns, std::uint8_t* out) {
    for (const Box& box : columns) {
        const std::uint32_t weight = weight_of(box.count);
        for (std::size_t c = 0; c < channels; ++c) {
            std::uint32_t sum = 0;
            for (std::size_t k = 0; k < box.count; ++k) sum += in[(box.first + k) * channels + c];
            *out++ = rounded(sum, weight);
        }
    }
}

void shrink_rows(const std::uint8_t* in, std::size_t stride, const Box& box, std::uint8_t* out) {
    const std::uint32_t weight = weight_of(box.count);
    for (std::size_t i = 0; i < stride; ++i) {
        std::uint32_t sum = 0;
        for (std::size_t k = 0; k < box.count; ++k) sum += in[(box.first + k) * stride + i];
        out[i] = rounded(sum, weight);
    }
}

template <std::size_t channels>
void repeat_row(const std::uint8_t* in, const std::vector<Box>& columns, std::uint8_t* out) {
    for (const Box& box : columns) {
        for (std::size_t c = 0; c < channels; ++c) *out++ = in[box.first * channels + c];
    }
}

template <std::size_t channels>
void pixelate_image(const Image& in, int small_height, int small_width, Image& out, Scratch& scratch) {
    std::vector<Box> rows, columns;
    boxes(in.width, small_width, columns);
    boxes(in.height, small_height, rows);
    const auto in_stride = static_cast<std::size_t>(in.width) * channels;
    const auto stride = static_cast<std::size_t>(small_width) * channels;
    auto& narrow = scratch.bytes[0];
    narrow.resize(static_cast<std::size_t>(in.height) * stride);
    for (std::size_t y = 0; y < static_cast<std::size_t>(in.height); ++y) {
        shrink_row<channels>(in.pixels.data() + y * in_stride, columns, narrow.data() + y * stride);
    }
    auto& small = scratch.bytes[1];
    small.resize(rows.size() * stride);
    for (std::size_t y = 0; y < rows.size(); ++y)
        shrink_rows(narrow.data(), stride, rows[y], small.data() + y * stride);

    boxes(small_width, in.width, columns);
    boxes(small_height, in.height, rows);
    for (std::size_t y = 0; y < rows.size(); ++y) {
        std::uint8_t* line = out.pixels.data() + y * in_stride;
        if (y > 0 && rows[y].first == rows[y - 1].first) {
            std::copy_n(line - in_stride, in_stride, line);
        } else {
            repeat_row<channels>(small.data() + rows[y].first * stride, columns, line);
        }
    }
}

class Pixelate final : public PublishedUnit {
  public:
    explicit Pixelate(const Options& given) : PublishedUnit(describe(), given) {}

    void apply(const Image& in, Image& out, double severity, const Random&, Scratch& scratch) const override {
        const double scale = parameters(in, severity)[0];
        const int height = std::max(1, static_cast<int>(in.height * scale));
        const int width = std::max(1, static_cast<int>(in.width * scale));
        shape_like(in, out);
        if (in.channels == 3) {
            pixelate_image<3>(in, height, width, out, scratch);
        } else {
            pixelate_image<1>(in, height, width, out, scratch);
        }
    }
};

}  // namespace

namespace units {
PerturbationEntry pixelate() { return {describe, make_unit<Pixelate>}; }
}  // namespace units

}  // namespace misfire
