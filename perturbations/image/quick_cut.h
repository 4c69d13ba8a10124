// The final truncation, decided in single precision except where it hangs on a rounding error.
#pragma once

#include <cstddef>
#include <cstdint>

namespace misfire {

// out[i] = exact(i), a byte; quick(i) is what exact(i) truncates, in levels and before clipping, nearer than `doubt` to
// it. Where truncating that might give another byte, the whole block of values is computed exactly.
template <typename Quick, typename Exact>
[[gnu::always_inline]] inline void cut_quickly(std::uint8_t* out, std::size_t count, float doubt, Quick quick,
                                               Exact exact) {
    constexpr std::size_t block = 64;
    for (std::size_t first = 0; first < count; first += block) {
        const std::size_t end = first + block < count ? first + block : count;
        int doubts = 0;
        for (std::size_t i = first; i < end; ++i) {
            // Values beyond black and white are clipped to where no doubt is.
            const float value = quick(i);
            const float from_black = value < 0.25F ? 0.25F : value;
            const float clipped = from_black > 255.25F ? 255.25F : from_black;
            const int level = static_cast<int>(clipped);
            const float beyond = clipped - static_cast<float>(level);
            out[i] = static_cast<std::uint8_t>(level);
            doubts += beyond < doubt ? 1 : 0;
            doubts += beyond > 1.0F - doubt ? 1 : 0;
        }
        if (doubts == 0) continue;
        for (std::size_t i = first; i < end; ++i) out[i] = exact(i);
    }
}

}  // namespace misfire
