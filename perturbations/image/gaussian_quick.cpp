#include "perturbations/image/gaussian_quick.h"

#include <algorithm>
#include <cstdint>

#include "core/vector_clones.h"
#include "perturbations/image/correlate_rows.h"

namespace misfire {

namespace {

MISFIRE_VECTOR_CLONES void widen(const std::uint8_t* in, float* out, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<float>(static_cast<int>(in[i]));
}

MISFIRE_VECTOR_CLONES void correlate(const float* const* before, const float* const* after, const float* kernel,
                                     std::size_t radius, float* out, std::size_t count) {
    correlate_rows(before, after, kernel, radius, out, count);
}

[[gnu::always_inline]] inline bool in_doubt(float value, float doubt) {
    const float beyond = value - static_cast<float>(static_cast<int>(value));
    // A sum of nothing but black is exact.
    return (value != 0.0F) & ((beyond < doubt) | (beyond > 1.0F - doubt));
}

// Truncates; returns how many values are next to the edge of a level.
MISFIRE_VECTOR_CLONES int cut(const float* in, std::uint8_t* out, std::size_t count, float doubt) {
    int doubts = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const int level = static_cast<int>(in[i]);
        out[i] = static_cast<std::uint8_t>(level > 255 ? 255 : level);
        doubts += in_doubt(in[i], doubt) ? 1 : 0;
    }
    return doubts;
}

// Repeats the first and the last pixel of a row `radius` times.
void continue_ends(float* line, std::size_t stride, std::size_t step, std::size_t radius) {
    float* left = line - radius * step;
    float* right = line + stride;
    for (std::size_t i = 0; i < radius; ++i) {
        for (std::size_t c = 0; c < step; ++c) {
            left[i * step + c] = line[c];
            right[i * step + c] = line[stride - step + c];
        }
    }
}

}  // namespace

std::size_t quick_gaussian(const Image& in, const std::vector<double>& kernel, float doubt, Image& out,
                           std::vector<std::int32_t>& doubtful, Scratch& scratch) {
    const std::size_t radius = kernel.size() - 1;
    const auto step = static_cast<std::size_t>(in.channels);
    const std::size_t stride = static_cast<std::size_t>(in.width) * step, margin = radius * step;
    auto& wide = scratch.floats[0];
    wide.resize(in.size());
    widen(in.pixels.data(), wide.data(), in.size());
    // One row at a time: down the columns into `line`, which has room for the continued ends, and along it.
    scratch.floats[1].resize(kernel.size() + 2 * stride + 2 * margin);
    float* weights = scratch.floats[1].data();
    float* line = weights + kernel.size() + margin;
    float* blurred = line + stride + margin;
    for (std::size_t r = 0; r <= radius; ++r) weights[r] = static_cast<float>(kernel[r]);
    std::vector<const float*> before(radius + 1), after(radius + 1);
    doubtful.clear();
    std::size_t blocks = 0;
    for (int y = 0; y < in.height; ++y) {
        for (int r = 0; r <= static_cast<int>(radius); ++r) {
            const auto place = static_cast<std::size_t>(r);
            before[place] = wide.data() + inside(y - r, in.height, Border::nearest) * stride;
            after[place] = wide.data() + inside(y + r, in.height, Border::nearest) * stride;
        }
        correlate(before.data(), after.data(), weights, radius, line, stride);
        continue_ends(line, stride, step, radius);
        for (std::size_t r = 0; r <= radius; ++r) {
            before[r] = line - r * step;
            after[r] = line + r * step;
        }
        correlate(before.data(), after.data(), weights, radius, blurred, stride);
        const std::size_t row = static_cast<std::size_t>(y) * stride;
        for (std::size_t first = 0; first < stride; first += doubt_block) {
            const std::size_t end = std::min(first + doubt_block, stride);
            if (cut(blurred + first, out.pixels.data() + row + first, end - first, doubt) == 0) continue;
            ++blocks;
            if (blocks * doubt_block * 6 > in.size()) continue;  // all of the image will be made anew
            for (std::size_t i = first; i < end; ++i) {
                if (in_doubt(blurred[i], doubt)) doubtful.push_back(static_cast<std::int32_t>(row + i));
            }
        }
    }
    return blocks;
}

}  // namespace misfire
