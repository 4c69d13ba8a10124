#include "perturbations/image/motion_taps.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/vector_clones.h"

namespace misfire {

namespace {

MISFIRE_VECTOR_CLONES void widen(const std::uint8_t* in, float* out, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) out[i] = in[i];
}

struct Source {
    std::ptrdiff_t offset;  // of the tap in the padded image
    float weight;
    double exact_weight;
};

constexpr std::size_t block = 64;  // values summed side by side

[[gnu::always_inline]] inline std::uint8_t to_8_bits(float value) {
    return static_cast<std::uint8_t>(static_cast<std::uint32_t>(static_cast<int>(257.0F * value + 0.5F)) / 257U);
}

// Single precision decides except next to the edge of a level, where the sum is made again in double as ImageMagick
// does. Even areas lie half a step of 1/257 away from the edge and are never in doubt.
[[gnu::always_inline]] inline bool in_doubt(float value) {
    const float level = value + 0.5F / 257.0F;
    const float beyond = level - static_cast<float>(static_cast<int>(level));
    return beyond < 2e-4F || beyond > 1.0F - 2e-4F;
}

std::uint8_t decide(const float* in, const std::vector<Source>& sources) {
    double sum = 0.0;
    for (const Source& source : sources) sum += source.exact_weight * static_cast<double>(in[source.offset]);
    return static_cast<std::uint8_t>(static_cast<int>(257.0 * sum + 0.5) / 257);
}

[[gnu::always_inline]] inline void sum_block(const float* in, const Source* sources, std::size_t taps,
                                             float (&out)[block]) {
    constexpr std::size_t lanes = 16;
    using Wide = float __attribute__((vector_size(lanes * sizeof(float))));
    constexpr std::size_t registers = block / lanes;
    Wide sum[registers] = {};
    for (std::size_t t = 0; t < taps; ++t) {
        const float* from = in + sources[t].offset;
        for (std::size_t v = 0; v < registers; ++v) {
            Wide values;
            __builtin_memcpy(&values, from + v * lanes, sizeof values);
            sum[v] += sources[t].weight * values;
        }
    }
    for (std::size_t v = 0; v < registers; ++v) __builtin_memcpy(out + v * lanes, &sum[v], sizeof(Wide));
}

// Returns for each block of 64 values whether any is in doubt.
MISFIRE_VECTOR_CLONES void sum_taps(const float* in, const Source* sources, std::size_t taps, std::uint8_t* out,
                                    std::size_t blocks, bool* doubtful) {
    for (std::size_t b = 0; b < blocks; ++b, in += block, out += block) {
        float sum[block];
        sum_block(in, sources, taps, sum);
        int doubts = 0;
        for (std::size_t k = 0; k < block; ++k) {
            out[k] = to_8_bits(sum[k]);
            doubts += in_doubt(sum[k]) ? 1 : 0;
        }
        doubtful[b] = doubts > 0;
    }
}

void sum_row(const float* in, const std::vector<Source>& sources, std::uint8_t* out, std::size_t count,
             std::vector<char>& doubtful) {
    const std::size_t blocks = count / block;
    doubtful.resize(blocks);
    sum_taps(in, sources.data(), sources.size(), out, blocks, reinterpret_cast<bool*>(doubtful.data()));
    for (std::size_t b = 0; b < blocks; ++b) {
        if (!doubtful[b]) continue;
        for (std::size_t i = b * block; i < (b + 1) * block; ++i) out[i] = decide(in + i, sources);
    }
    // The rest of the row: a last block that overlaps the one before, or single values in a row shorter than a block.
    std::size_t i = blocks * block;
    if (i < count && blocks > 0) {
        i = count - block;
        bool doubt = false;
        sum_taps(in + i, sources.data(), sources.size(), out + i, 1, &doubt);
        if (!doubt) return;
    }
    for (; i < count; ++i) out[i] = decide(in + i, sources);
}

}  // namespace

std::vector<MotionTap> motion_taps(double radius, double sigma, double angle_degrees) {
    const double width = 2.0 * radius + 1.0;
    const auto count = static_cast<int>(std::ceil(width));
    std::vector<double> weights;
    double sum = 0.0;
    for (int i = 0; i < count; ++i) {
        const double share = std::min(1.0, width - i);
        weights.push_back(share * std::exp(-(static_cast<double>(i) * i) / (2.0 * sigma * sigma)));
        sum += weights.back();
    }
    // In ImageMagick's order of operations: at round angles offsets lie half way between two pixels.
    const double angle = std::numbers::pi * angle_degrees / 180.0;
    const double x = width * std::cos(angle);
    const double y = width * std::sin(angle);
    const double length = std::hypot(x, y);
    std::vector<MotionTap> taps;
    for (int i = 0; i < count; ++i) {
        const double weight = weights[static_cast<std::size_t>(i)] / sum;
        if (weight < 1e-12) break;  // too little to move a value
        taps.push_back({static_cast<int>(std::ceil(i * x / length - 0.5)),
                        static_cast<int>(std::ceil(i * y / length - 0.5)), weight});
    }
    return taps;
}

void apply_motion(const std::uint8_t* in, int height, int width, int channels, const std::vector<MotionTap>& taps,
                  std::uint8_t* out, std::vector<float>& work) {
    int left = 0, right = 0, above = 0, below = 0;
    for (const MotionTap& tap : taps) {
        left = std::max(left, -tap.dx);
        right = std::max(right, tap.dx);
        above = std::max(above, -tap.dy);
        below = std::max(below, tap.dy);
    }
    const auto step = static_cast<std::size_t>(channels);
    const std::size_t stride = static_cast<std::size_t>(width) * step;
    const std::size_t padded = static_cast<std::size_t>(left + width + right) * step;
    work.resize(static_cast<std::size_t>(above + height + below) * padded);
    for (int y = -above; y < height + below; ++y) {
        const std::uint8_t* from = in + static_cast<std::size_t>(std::clamp(y, 0, height - 1)) * stride;
        float* line = work.data() + static_cast<std::size_t>(y + above) * padded;
        const std::size_t start = static_cast<std::size_t>(left) * step;
        widen(from, line + start, stride);
        for (std::size_t i = 0; i < start; ++i) line[i] = line[start + i % step];
        for (std::size_t i = start + stride; i < padded; ++i) line[i] = line[i - step];
    }
    std::vector<Source> sources;
    for (const MotionTap& tap : taps) {
        const auto row = static_cast<std::ptrdiff_t>(above + tap.dy) * static_cast<std::ptrdiff_t>(padded);
        sources.push_back(
            {row + static_cast<std::ptrdiff_t>(left + tap.dx) * channels, static_cast<float>(tap.weight), tap.weight});
    }
    std::vector<char> doubtful;
    for (std::size_t y = 0; y < static_cast<std::size_t>(height); ++y) {
        sum_row(work.data() + y * padded, sources, out + y * stride, stride, doubtful);
    }
}

}  // namespace misfire
