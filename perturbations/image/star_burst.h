// A burst of rays of random length around a centre.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/random.h"

namespace misfire {

constexpr std::int32_t fewest_rays = 50;
constexpr std::int32_t most_rays = 199;

struct StarBurst {
    double centre_y;  // px
    double centre_x;
    std::int32_t rays;  // fewest_rays..most_rays
    float exponent;     // how fast the light falls off beyond the end of a ray
    float ripple;       // 1: a ray is dimmer at its flanks; 0: as bright as along its middle
    std::array<float, most_rays + 2> lengths = {};  // px, `rays` of them and then the first two again
};

// Gives the burst rays of radius (1 + N(0, 1) / 4) and at least `shortest` px, from the draws first, first + 1, ... of
// `stream`.
void draw_ray_lengths(double radius, double shortest, const Random& random, std::uint32_t stream, std::uint64_t first,
                      StarBurst& burst);

// Light of the burst at the `width` pixels of row y, 0..1: with f the place between two rays and L their interpolated
// length, (1 - ripple (f - 1/2)^2) (L^2 / (distance^2 + 1e-4))^exponent.
// `light` holds working space behind them.
void burst_row(const StarBurst& burst, int y, std::vector<float>& light, std::size_t width);

}  // namespace misfire
