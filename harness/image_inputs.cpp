#include "harness/image_inputs.h"

#include <cmath>
#include <cstdint>
#include <cstdlib>

namespace misfire {

ImageInputs image_inputs(const Image& image) {
    const auto channels = static_cast<std::size_t>(image.channels);
    const std::size_t stride = static_cast<std::size_t>(image.width) * channels;
    std::uint64_t sum = 0, squares = 0, steps = 0;
    for (std::size_t at = 0; at < image.pixels.size(); ++at) {
        const std::uint64_t value = image.pixels[at];
        sum += value;
        squares += value * value;
        if (at % stride >= channels)
            steps += static_cast<std::uint64_t>(
                std::abs(static_cast<int>(image.pixels[at]) - static_cast<int>(image.pixels[at - channels])));
    }
    const auto n = static_cast<double>(image.pixels.size());
    const double mean = static_cast<double>(sum) / n;
    const double variance = static_cast<double>(squares) / n - mean * mean;
    const double pairs = n - static_cast<double>(static_cast<std::size_t>(image.height) * channels);
    return {static_cast<float>(mean), static_cast<float>(std::sqrt(variance > 0.0 ? variance : 0.0)),
            static_cast<float>(pairs > 0.0 ? static_cast<double>(steps) / pairs : 0.0)};
}

}  // namespace misfire
