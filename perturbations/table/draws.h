// Draws of a whole column at once. Element i of a stream belongs to row or place i, so a row has the same draw at every
// severity.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/random.h"

namespace misfire {

inline std::vector<float> uniforms(const Random& random, std::size_t count, std::uint32_t stream) {
    std::vector<float> draws(count);
    random.uniform(draws, stream);
    return draws;
}

inline std::vector<float> normals(const Random& random, std::size_t count, std::uint32_t stream) {
    std::vector<float> draws(count);
    random.normal(draws, stream);
    return draws;
}

// One of `count` things; independent of libm. Requires count > 0.
inline std::size_t pick(const Random& random, std::size_t count, std::uint32_t stream) {
    std::int32_t drawn = 0;
    random.integers(std::span<std::int32_t>(&drawn, 1), 0, static_cast<std::int32_t>(count), stream);
    return static_cast<std::size_t>(drawn);
}

}  // namespace misfire
