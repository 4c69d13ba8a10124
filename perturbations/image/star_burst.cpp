#include "perturbations/image/star_burst.h"

#include <algorithm>
#include <numbers>

#include "perturbations/image/elementary_functions.h"
#include "perturbations/vector_clones.h"

namespace misfire {

namespace {

template <bool squared_falloff>
[[gnu::always_inline]] inline void shine(const StarBurst& burst, int y, float* light, std::size_t width) {
    constexpr auto pi = std::numbers::pi_v<float>;
    const float* lengths = burst.lengths;
    const auto dy = static_cast<float>(y - burst.centre_y);
    const auto centre_x = static_cast<float>(burst.centre_x);
    const float rays_per_radian = static_cast<float>(burst.rays) / (2.0F * pi);
    const float exponent = burst.exponent, ripple = burst.ripple;
    for (std::size_t x = 0; x < width; ++x) {
        const float dx = static_cast<float>(static_cast<int>(x)) - centre_x;
        const float place = std::max((angle_of(dx, dy) + pi) * rays_per_radian, 0.0F);
        const auto ray = static_cast<std::int32_t>(place);
        const float f = place - static_cast<float>(ray);
        const float length = lengths[ray] + f * (lengths[ray + 1] - lengths[ray]);
        float falloff = length * length / (dx * dx + dy * dy + 1e-4F);
        if (!squared_falloff) falloff = power(std::max(falloff, 1e-20F), exponent);
        const float flank = f - 0.5F;
        const float value = (1.0F - ripple * (flank * flank)) * falloff;
        light[x] = value < 0.0F ? 0.0F : (value > 1.0F ? 1.0F : value);
    }
}

MISFIRE_VECTOR_CLONES void shine_squared(const StarBurst& burst, int y, float* light, std::size_t width) {
    shine<true>(burst, y, light, width);
}

MISFIRE_VECTOR_CLONES void shine_any(const StarBurst& burst, int y, float* light, std::size_t width) {
    shine<false>(burst, y, light, width);
}

}  // namespace

void draw_ray_lengths(std::int32_t rays, double radius, double shortest, const Random& random, std::uint32_t stream,
                      std::uint64_t first, std::vector<float>& lengths) {
    const auto count = static_cast<std::size_t>(rays);
    lengths.resize(count + 2);
    random.normal(std::span(lengths.data(), count), stream, first);
    for (std::size_t i = 0; i < count; ++i)
        lengths[i] = static_cast<float>(std::max(shortest, radius + 0.25 * radius * static_cast<double>(lengths[i])));
    lengths[count] = lengths[0];
    lengths[count + 1] = lengths[1];
}

void burst_row(const StarBurst& burst, int y, float* light, std::size_t width) {
    if (burst.exponent == 1.0F) {
        shine_squared(burst, y, light, width);
    } else {
        shine_any(burst, y, light, width);
    }
}

}  // namespace misfire
