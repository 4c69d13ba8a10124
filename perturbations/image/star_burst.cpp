#include "perturbations/image/star_burst.h"

#include <algorithm>
#include <numbers>
#include <span>

#include "core/vector_clones.h"
#include "perturbations/image/elementary_functions.h"

namespace misfire {

namespace {

// Where between the rays, 0..rays, a row of pixels lies.
MISFIRE_VECTOR_CLONES void place_row(float dy, float centre_x, float rays_per_radian, float* place, std::size_t width) {
    for (std::size_t x = 0; x < width; ++x) {
        const float dx = static_cast<float>(static_cast<int>(x)) - centre_x;
        const float turned = (angle_of(dx, dy) + std::numbers::pi_v<float>)*rays_per_radian;
        place[x] = turned < 0.0F ? 0.0F : turned;  // rounding
    }
}

// Turns places into lengths of the ray and places between two rays, 0..1. Look-ups do not vectorise.
void look_up_lengths(const float* lengths, float* place, float* length, std::size_t width) {
    for (std::size_t x = 0; x < width; ++x) {
        const auto ray = static_cast<std::int32_t>(place[x]);
        const float f = place[x] - static_cast<float>(ray);
        length[x] = lengths[ray] + f * (lengths[ray + 1] - lengths[ray]);
        place[x] = f;
    }
}

template <bool squared_falloff>
[[gnu::always_inline]] inline void shine(const StarBurst& burst, float dy, const float* place, const float* length,
                                         float* light, std::size_t width) {
    const auto centre_x = static_cast<float>(burst.centre_x);
    const float exponent = burst.exponent, ripple = burst.ripple;
    for (std::size_t x = 0; x < width; ++x) {
        const float dx = static_cast<float>(static_cast<int>(x)) - centre_x;
        float falloff = length[x] * length[x] / (dx * dx + dy * dy + 1e-4F);
        if (!squared_falloff) falloff = power(falloff < 1e-20F ? 1e-20F : falloff, exponent);
        const float flank = place[x] - 0.5F;
        const float value = (1.0F - ripple * (flank * flank)) * falloff;
        const float positive = value < 0.0F ? 0.0F : value;
        light[x] = positive > 1.0F ? 1.0F : positive;
    }
}

MISFIRE_VECTOR_CLONES void shine_squared(const StarBurst& burst, float dy, const float* place, const float* length,
                                         float* light, std::size_t width) {
    shine<true>(burst, dy, place, length, light, width);
}

MISFIRE_VECTOR_CLONES void shine_any(const StarBurst& burst, float dy, const float* place, const float* length,
                                     float* light, std::size_t width) {
    shine<false>(burst, dy, place, length, light, width);
}

}  // namespace

void draw_ray_lengths(double radius, double shortest, const Random& random, std::uint32_t stream, std::uint64_t first,
                      StarBurst& burst) {
    const auto count = static_cast<std::size_t>(burst.rays);
    const std::span<float> lengths(burst.lengths.data(), count);
    random.normal(lengths, stream, first);
    for (float& length : lengths)
        length = static_cast<float>(std::max(shortest, radius + 0.25 * radius * static_cast<double>(length)));
    burst.lengths[count] = lengths[0];
    burst.lengths[count + 1] = lengths[1];
}

void burst_row(const StarBurst& burst, int y, std::vector<float>& light, std::size_t width) {
    light.resize(3 * width);
    float* place = light.data() + width;
    float* length = place + width;
    const auto dy = static_cast<float>(y - burst.centre_y);
    const float rays_per_radian = static_cast<float>(burst.rays) / (2.0F * std::numbers::pi_v<float>);
    place_row(dy, static_cast<float>(burst.centre_x), rays_per_radian, place, width);
    look_up_lengths(burst.lengths.data(), place, length, width);
    const auto falling_off = burst.exponent == 1.0F ? shine_squared : shine_any;
    falling_off(burst, dy, place, length, light.data(), width);
}

}  // namespace misfire
