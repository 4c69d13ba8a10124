#include "perturbations/image/cubic_spline.h"

#include <algorithm>

#include "core/vector_clones.h"

namespace misfire {

namespace {

constexpr float pole = -0.26794919F;  // sqrt(3) - 2
constexpr float gain = 6.0F;          // (1 - pole) (1 - 1 / pole)
constexpr float last_factor = pole / (pole * pole - 1.0F);
constexpr std::size_t horizon = 13;  // samples after which the pole's powers vanish in single precision

// One axis of recursion: `size` steps of `step` floats, each of `count` neighbouring lines at once.
MISFIRE_VECTOR_CLONES void filter_axis(float* data, std::size_t size, std::size_t step, std::size_t count) {
    const std::size_t reach = std::min(horizon, size);
    float power = pole;
    for (std::size_t k = 1; k < reach; ++k, power *= pole) {
        for (std::size_t i = 0; i < count; ++i) data[i] += power * data[k * step + i];
    }
    for (std::size_t i = 0; i < count; ++i) data[i] *= gain;
    for (std::size_t k = 1; k < size; ++k) {
        float* here = data + k * step;
        for (std::size_t i = 0; i < count; ++i) here[i] = gain * here[i] + pole * here[i - step];
    }
    float* last = data + (size - 1) * step;
    for (std::size_t i = 0; i < count; ++i) last[i] = last_factor * (pole * last[i - step] + last[i]);
    for (std::size_t k = size - 1; k-- > 0;) {
        float* here = data + k * step;
        for (std::size_t i = 0; i < count; ++i) here[i] = pole * (here[i + step] - here[i]);
    }
}

}  // namespace

void cubic_spline_coefficients(float* plane, std::size_t height, std::size_t width, std::size_t lanes,
                               std::size_t pitch) {
    filter_axis(plane, height, pitch, width * lanes);
    for (std::size_t y = 0; y < height; ++y) filter_axis(plane + y * pitch, width, lanes, lanes);
}

}  // namespace misfire
