// Inner loops of separable symmetric filters, for float and double.
#pragma once

#include <algorithm>
#include <cstddef>

#include "perturbations/image/gaussian_filter.h"

namespace misfire {

// Index of the sample that stands at position i of a line of `size` samples continued beyond its ends.
inline std::size_t inside(std::ptrdiff_t i, std::ptrdiff_t size, Border border) {
    if (border == Border::nearest) return static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(i, 0, size - 1));
    const std::ptrdiff_t period = 2 * size;
    i = ((i % period) + period) % period;
    return static_cast<std::size_t>(i < size ? i : period - 1 - i);
}

// A register's worth of values; narrower processors use several.
template <typename T>
struct WideOf;
template <>
struct WideOf<float> {
    using type = float __attribute__((vector_size(64)));
};
template <>
struct WideOf<double> {
    using type = double __attribute__((vector_size(64)));
};

// out[i] = k[0] centre[i] + sum from the farthest pair to the nearest of k[r] (before_r[i] + after_r[i]); the rows of
// pair r start at before[r] and after[r].
template <typename T>
[[gnu::always_inline]] inline void correlate_rows(const T* const* before, const T* const* after, const T* kernel,
                                                  std::size_t radius, T* out, std::size_t count) {
    using Wide = typename WideOf<T>::type;
    constexpr std::size_t wide = sizeof(Wide) / sizeof(T), block = 4 * wide;
    // One register at a time: whole arrays of them would be kept in memory.
    const auto load = [](const T* from) __attribute__((always_inline)) {
        Wide values;
        __builtin_memcpy(&values, from, sizeof values);
        return values;
    };
    for (std::size_t done = 0; done < count && count >= block; done += block) {
        const std::size_t i = done + block <= count ? done : count - block;  // the last overlaps the one before
        Wide sum[4];
        for (std::size_t v = 0; v < 4; ++v) sum[v] = load(before[0] + i + v * wide) * kernel[0];
        for (std::size_t r = radius; r > 0; --r) {
            const T* left = before[r] + i;
            const T* right = after[r] + i;
            for (std::size_t v = 0; v < 4; ++v) sum[v] += (load(left + v * wide) + load(right + v * wide)) * kernel[r];
        }
        for (std::size_t v = 0; v < 4; ++v) __builtin_memcpy(out + i + v * wide, &sum[v], sizeof(Wide));
    }
    if (count >= block) return;
    for (std::size_t i = 0; i < count; ++i) {
        T sum = before[0][i] * kernel[0];
        for (std::size_t r = radius; r > 0; --r) sum += (before[r][i] + after[r][i]) * kernel[r];
        out[i] = sum;
    }
}

}  // namespace misfire
