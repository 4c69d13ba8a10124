#include "models/test_images.h"

#include <cmath>

#include "core/random.h"

namespace misfire {

namespace {

// Value in [0, 255] of picture r at (y, x), both in [0, 1).
float value_at(std::int64_t r, int channel, float y, float x, float noise, const Random& random) {
    const auto row = static_cast<std::uint32_t>(r);
    switch (r % 4) {
        case 0: return noise * 255.0F;
        case 1:
            return 255.0F * (0.1F + 0.8F * (channel % 2 == 0 ? x : y) * (1.0F - 0.02F * static_cast<float>(r % 40)));
        case 2: return 127.5F + 120.0F * std::sin(6.0F + static_cast<float>(r + 3 * channel) + 20.0F * x + 9.0F * y);
        default: {
            const auto block =
                static_cast<std::uint64_t>(static_cast<int>(y * 4.0F) * 4 + static_cast<int>(x * 4.0F) + 16 * channel);
            return 255.0F * random.uniform(row, block);
        }
    }
}

}  // namespace

std::vector<float> test_images(std::int64_t rows, const TensorForm& form, int height, int width) {
    const Random random(KeyHash().add("misfire test images").value());
    const auto area = static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
    std::vector<float> noise(area);
    std::vector<float> images;
    images.reserve(static_cast<std::size_t>(rows * form.channels) * area);
    for (std::int64_t r = 0; r < rows; ++r) {
        for (int c = 0; c < form.channels; ++c) {
            const double mean = form.mean.empty() ? 0.0 : form.mean[static_cast<std::size_t>(c)];
            const double std = form.std.empty() ? 1.0 : form.std[static_cast<std::size_t>(c)];
            random.uniform(noise, static_cast<std::uint32_t>(r), static_cast<std::uint64_t>(c + 1) << 32);
            for (int y = 0; y < height; ++y) {
                for (int x = 0; x < width; ++x) {
                    const float value = value_at(r, c, static_cast<float>(y) / static_cast<float>(height),
                                                 static_cast<float>(x) / static_cast<float>(width),
                                                 noise[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                                                       static_cast<std::size_t>(x)],
                                                 random);
                    images.push_back(static_cast<float>((static_cast<double>(value) / form.scale - mean) / std));
                }
            }
        }
    }
    return images;
}

}  // namespace misfire
