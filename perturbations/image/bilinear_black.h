// Bilinear interpolation in a picture that is black all around, as the distortions of C-bar do it.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>

namespace misfire {

// The two pixels of an axis around a position and their weights; outside the axis the weight is 0 and the pixel some
// one inside.
struct BilinearTap {
    std::size_t first = 0, second = 0;
    double first_weight = 0.0, second_weight = 0.0;
};

// `position` in pixels, centres at whole numbers; finite.
inline BilinearTap bilinear_tap(double position, int size) {
    const double low = std::floor(position);
    BilinearTap tap;
    if (low >= 0.0 && low < size) {
        tap.first = static_cast<std::size_t>(low);
        tap.first_weight = 1.0 - position + low;
    }
    if (low >= -1.0 && low < size - 1) {
        tap.second = static_cast<std::size_t>(low + 1.0);
        tap.second_weight = 1.0 - (low + 1.0) + position;
    }
    return tap;
}

// One pixel, cut to 8 bits. `picture` has `stride` values a row.
template <std::size_t channels>
void sample_black(const std::uint8_t* picture, std::size_t stride, const BilinearTap& row, const BilinearTap& column,
                  std::uint8_t* out) {
    const std::uint8_t* upper = picture + row.first * stride;
    const std::uint8_t* lower = picture + row.second * stride;
    const std::size_t left = column.first * channels, right = column.second * channels;
    for (std::size_t c = 0; c < channels; ++c) {
        const double above = upper[left + c] * column.first_weight + upper[right + c] * column.second_weight;
        const double below = lower[left + c] * column.first_weight + lower[right + c] * column.second_weight;
        const double value = above * row.first_weight + below * row.second_weight;
        out[c] = static_cast<std::uint8_t>(static_cast<int>(value > 255.0 ? 255.0 : value));
    }
}

}  // namespace misfire
