// Draws for the values of an image, so many at a time that they stay in the nearest cache.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace misfire {

// Calls use(first, room) for elements first .. first + room.size() of 0 .. count, in order; `buffer` is the room.
template <typename Use>
void for_draws(std::size_t count, std::vector<float>& buffer, Use use) {
    constexpr std::size_t chunk = 4096;
    buffer.resize(std::max(buffer.size(), chunk));
    for (std::size_t first = 0; first < count; first += chunk)
        use(first, std::span(buffer).first(std::min(chunk, count - first)));
}

}  // namespace misfire
