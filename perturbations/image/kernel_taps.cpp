#include "perturbations/image/kernel_taps.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "perturbations/vector_clones.h"

namespace misfire {

namespace {

constexpr std::size_t block = 64;  // values summed side by side

struct Source {
    std::ptrdiff_t offset;  // of the tap in the padded image
    float weight;
    double exact_weight;
};

// A run of equal weights in a row of the kernel: the difference of two running sums.
struct Span {
    std::ptrdiff_t begin;  // offsets into the running sums
    std::ptrdiff_t end;
};

struct Plan {
    std::vector<Source> all;  // the kernel as it is
    std::vector<Span> spans;  // its inside ...
    float span_weight = 0.0F;
    std::vector<Source> edges;  // ... and what is left of it
    float doubt = 0.0F;         // levels; the quick sum is far nearer than this to the exact one
};

[[gnu::always_inline]] inline bool in_doubt(float value, float doubt) {
    const float beyond = value - static_cast<float>(static_cast<int>(value));
    return value < 255.5F && (beyond < doubt || beyond > 1.0F - doubt);
}

// Truncates `block` quick sums and counts those next to the edge of a level.
MISFIRE_VECTOR_CLONES int sum_block(const float* in, const std::int32_t* running, const Span* spans,
                                    std::size_t span_count, float span_weight, const Source* edges,
                                    std::size_t edge_count, float doubt, float* sums, std::uint8_t* out) {
    constexpr std::size_t lanes = 16;
    using Integers = std::int32_t __attribute__((vector_size(lanes * sizeof(std::int32_t))));
    using Floats = float __attribute__((vector_size(lanes * sizeof(float))));
    Integers inside[block / lanes] = {}, first[block / lanes], last[block / lanes];
    for (std::size_t s = 0; s < span_count; ++s) {
        __builtin_memcpy(first, running + spans[s].begin, sizeof first);
        __builtin_memcpy(last, running + spans[s].end, sizeof last);
        for (std::size_t v = 0; v < block / lanes; ++v) inside[v] += last[v] - first[v];
    }
    Floats sum[block / lanes], values[block / lanes];
    for (std::size_t v = 0; v < block / lanes; ++v) sum[v] = __builtin_convertvector(inside[v], Floats) * span_weight;
    for (std::size_t t = 0; t < edge_count; ++t) {
        __builtin_memcpy(values, in + edges[t].offset, sizeof values);
        for (std::size_t v = 0; v < block / lanes; ++v) sum[v] += edges[t].weight * values[v];
    }
    __builtin_memcpy(sums, sum, sizeof sum);
    int doubts = 0;
    for (std::size_t k = 0; k < block; ++k) {
        const float clipped = sums[k] < 0.0F ? 0.0F : (sums[k] > 255.0F ? 255.0F : sums[k]);
        out[k] = static_cast<std::uint8_t>(static_cast<int>(clipped));
        doubts += in_doubt(sums[k], doubt) ? 1 : 0;
    }
    return doubts;
}

MISFIRE_VECTOR_CLONES void sum_exactly(const float* in, const Source* sources, std::size_t taps, std::uint8_t* out,
                                       std::size_t count) {
    double sum[block] = {};
    for (std::size_t t = 0; t < taps; ++t) {
        const float* from = in + sources[t].offset;
        const double weight = sources[t].exact_weight;
        for (std::size_t k = 0; k < count; ++k) sum[k] += weight * static_cast<double>(from[k]);
    }
    for (std::size_t k = 0; k < count; ++k) {
        out[k] = static_cast<std::uint8_t>(static_cast<int>(std::min(std::max(sum[k], 0.0), 255.0)));
    }
}

std::size_t reflect_101(int i, int size) {
    while (i < 0 || i >= size) i = i < 0 ? -i : 2 * (size - 1) - i;
    return static_cast<std::size_t>(i);
}

// `in` with `margin` reflected pixels on every side, and the running sums of each of its rows, channel by channel:
// running[i] = sum of the values of this channel before place i of the row.
struct Padded {
    std::size_t pitch = 0;          // values in a row of `values`
    std::size_t running_pitch = 0;  // and of `running`, one pixel longer
};

Padded pad(const Image& in, int margin, std::vector<float>& values, std::vector<std::int32_t>& running) {
    const auto step = static_cast<std::size_t>(in.channels);
    const auto width = static_cast<std::size_t>(in.width);
    const auto border = static_cast<std::size_t>(margin);
    Padded padded;
    padded.pitch = (width + 2 * border) * step;
    padded.running_pitch = padded.pitch + step;
    const std::size_t rows = static_cast<std::size_t>(in.height) + 2 * border;
    values.resize(rows * padded.pitch + block);
    running.resize(rows * padded.running_pitch + block);
    for (int y = -margin; y < in.height + margin; ++y) {
        const std::uint8_t* from = in.pixels.data() + reflect_101(y, in.height) * width * step;
        float* line = values.data() + static_cast<std::size_t>(y + margin) * padded.pitch;
        for (std::size_t i = 0; i < width * step; ++i) line[border * step + i] = from[i];
        for (int k = 1; k <= margin; ++k) {
            const std::size_t left = reflect_101(-k, in.width), right = reflect_101(in.width - 1 + k, in.width);
            const auto distance = static_cast<std::size_t>(k);
            for (std::size_t c = 0; c < step; ++c) {
                line[(border - distance) * step + c] = from[left * step + c];
                line[(border + width - 1 + distance) * step + c] = from[right * step + c];
            }
        }
        std::int32_t* sums = running.data() + static_cast<std::size_t>(y + margin) * padded.running_pitch;
        for (std::size_t i = 0; i < step; ++i) sums[i] = 0;
        for (std::size_t i = 0; i < padded.pitch; ++i) sums[step + i] = sums[i] + static_cast<std::int32_t>(line[i]);
    }
    return padded;
}

// Splits the kernel into runs that weigh what its centre weighs, and the rest. Requires the taps row by row, each row
// from the left.
Plan plan_of(const std::vector<KernelTap>& taps, int margin, int channels, const Padded& padded) {
    Plan plan;
    double centre = 0.0;
    for (const KernelTap& tap : taps) {
        if (tap.dx == 0 && tap.dy == 0) centre = tap.weight;
    }
    const auto column = [&](int dx) { return static_cast<std::ptrdiff_t>(margin + dx) * channels; };
    for (std::size_t t = 0; t < taps.size();) {
        const int dy = taps[t].dy;
        const auto row = static_cast<std::ptrdiff_t>(margin + dy);
        std::size_t end = t;
        const auto like_centre = [&](const KernelTap& tap) { return std::abs(tap.weight - centre) <= 1e-6 * centre; };
        while (end < taps.size() && taps[end].dy == dy && like_centre(taps[end]) &&
               taps[end].dx == taps[t].dx + static_cast<int>(end - t)) {
            ++end;
        }
        constexpr std::size_t worth_a_span = 4;
        const bool span = end - t >= worth_a_span;
        if (!span) end = t + 1;
        if (span) {
            const std::ptrdiff_t sums = row * static_cast<std::ptrdiff_t>(padded.running_pitch);
            plan.spans.push_back({sums + column(taps[t].dx), sums + column(taps[end - 1].dx + 1)});
        }
        for (std::size_t k = t; k < end; ++k) {
            const Source source{row * static_cast<std::ptrdiff_t>(padded.pitch) + column(taps[k].dx),
                                static_cast<float>(taps[k].weight), taps[k].weight};
            plan.all.push_back(source);
            if (!span) plan.edges.push_back(source);
        }
        t = end;
    }
    plan.span_weight = static_cast<float>(centre);
    // The rounding errors of the additions wander like their square root; weights taken as equal differ by 1e-6 of
    // themselves.
    plan.doubt = 2e-4F + 2e-5F * std::sqrt(static_cast<float>(plan.edges.size()));
    return plan;
}

}  // namespace

void correlate_taps(const Image& in, const std::vector<KernelTap>& taps, Image& out, Scratch& scratch) {
    int margin = 0;
    for (const KernelTap& tap : taps) margin = std::max({margin, std::abs(tap.dx), std::abs(tap.dy)});
    const Padded padded = pad(in, margin, scratch.floats[0], scratch.integers);
    const Plan plan = plan_of(taps, margin, in.channels, padded);
    const auto count = static_cast<std::size_t>(in.width) * static_cast<std::size_t>(in.channels);
    for (std::size_t y = 0; y < static_cast<std::size_t>(in.height); ++y) {
        const float* from = scratch.floats[0].data() + y * padded.pitch;
        const std::int32_t* running = scratch.integers.data() + y * padded.running_pitch;
        std::uint8_t* to = out.pixels.data() + y * count;
        for (std::size_t done = 0; done < count; done += block) {
            // The last block of a row overlaps the one before it; only rows shorter than a block go without the quick
            // sum.
            const std::size_t i = count < block ? 0 : std::min(done, count - block);
            const std::size_t size = std::min(block, count);
            float sums[block];
            const int doubts =
                size < block ? static_cast<int>(block)
                             : sum_block(from + i, running + i, plan.spans.data(), plan.spans.size(), plan.span_weight,
                                         plan.edges.data(), plan.edges.size(), plan.doubt, sums, to + i);
            constexpr int few = 4;
            if (doubts > few) {
                sum_exactly(from + i, plan.all.data(), plan.all.size(), to + i, size);
            } else if (doubts > 0) {
                for (std::size_t k = 0; k < block; ++k) {
                    if (in_doubt(sums[k], plan.doubt))
                        sum_exactly(from + i + k, plan.all.data(), plan.all.size(), to + i + k, 1);
                }
            }
        }
    }
}

}  // namespace misfire
