// Shrink by averaging boxes and enlarge by repeating: Pillow's resize with BOX both ways, in its fixed point.
#include <algorithm>
#include <vector>

#include "core/vector_clones.h"
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

[[gnu::always_inline]] inline std::uint8_t rounded(std::uint32_t sum, std::uint32_t weight) {
    const std::uint32_t mean = (sum * weight + (1U << (fraction_bits - 1))) >> fraction_bits;
    return static_cast<std::uint8_t>(mean > 255 ? 255 : mean);
}

// Boxes along a row, of at most `most` pixels each; where one has fewer, the masks of the others are 0.
constexpr std::size_t most = 4;

struct Columns {
    std::vector<std::uint32_t> first;  // value
    std::vector<std::uint32_t> weight;
    std::vector<std::uint32_t> mask[most];
};

template <std::size_t channels>
Columns columns_of(const std::vector<Box>& list) {
    Columns columns;
    for (const Box& box : list) {
        columns.first.push_back(static_cast<std::uint32_t>(box.first * channels));
        columns.weight.push_back(weight_of(box.count));
        for (std::size_t k = 0; k < most; ++k) columns.mask[k].push_back(k < box.count ? 255 : 0);
    }
    return columns;
}

// `in` is readable for `most` pixels from the first of every box.
template <std::size_t channels>
void shrink_row(const std::uint8_t* in, const Columns& columns, std::uint8_t* out) {
    const std::size_t count = columns.first.size();
    const std::uint32_t* first = columns.first.data();
    const std::uint32_t* weight = columns.weight.data();
    const std::uint32_t* second = columns.mask[1].data();
    const std::uint32_t* third = columns.mask[2].data();
    const std::uint32_t* fourth = columns.mask[3].data();
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint8_t* from = in + first[i];
        for (std::size_t c = 0; c < channels; ++c) {
            const std::uint32_t sum = from[c] + (from[channels + c] & second[i]) + (from[2 * channels + c] & third[i]) +
                                      (from[3 * channels + c] & fourth[i]);
            out[channels * i + c] = rounded(sum, weight[i]);
        }
    }
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

// Means of neighbouring rows.
MISFIRE_VECTOR_CLONES void shrink_rows(const std::uint8_t* in, std::size_t stride, std::size_t rows,
                                       std::uint32_t weight, std::uint8_t* out) {
    constexpr std::size_t block = 64;
    for (std::size_t first = 0; first < stride; first += block) {
        const std::size_t count = stride - first < block ? stride - first : block;
        std::uint32_t sum[block] = {};
        for (std::size_t k = 0; k < rows; ++k) {
            for (std::size_t i = 0; i < count; ++i) sum[i] += in[k * stride + first + i];
        }
        for (std::size_t i = 0; i < count; ++i) out[first + i] = rounded(sum[i], weight);
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
    const auto height = static_cast<std::size_t>(in.height);
    const bool small_boxes = std::all_of(columns.begin(), columns.end(), [](const Box& b) { return b.count <= most; });
    const Columns masked = columns_of<channels>(columns);
    for (std::size_t y = 0; y < height; ++y) {
        const std::uint8_t* from = in.pixels.data() + y * in_stride;
        std::uint8_t* to = narrow.data() + y * stride;
        if (small_boxes && y + 1 < height) {  // the last row has nothing readable behind it
            shrink_row<channels>(from, masked, to);
        } else {
            shrink_row<channels>(from, columns, to);
        }
    }
    auto& small = scratch.bytes[1];
    small.resize(rows.size() * stride);
    for (std::size_t y = 0; y < rows.size(); ++y) {
        shrink_rows(narrow.data() + rows[y].first * stride, stride, rows[y].count, weight_of(rows[y].count),
                    small.data() + y * stride);
    }

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
