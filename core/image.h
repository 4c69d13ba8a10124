// 8-bit images as every room passes them around.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace misfire {

// Height x width x channels, interleaved, rows without padding. One channel is grey, three are RGB in this order,
// 0..255, sRGB as decoded (no linearisation).
struct Image {
    int height = 0;
    int width = 0;
    int channels = 0;
    std::vector<std::uint8_t> pixels;

    Image() = default;
    Image(int h, int w, int c)
        : height(h),
          width(w),
          channels(c),
          pixels(static_cast<std::size_t>(h) * static_cast<std::size_t>(w) * static_cast<std::size_t>(c)) {}

    std::size_t size() const { return pixels.size(); }
    bool same_shape(const Image& other) const {
        return height == other.height && width == other.width && channels == other.channels;
    }
    friend bool operator==(const Image&, const Image&) = default;
};

// How a decoded image is brought to the model's input (torchvision's meaning; resize is Pillow's antialiased bilinear):
//   none            as it is
//   exact           resized to height x width, aspect not kept
//   shorter + crop  shorter side to `resize`, then the central crop x crop
struct Geometry {
    enum class Kind { none, exact, shorter_side_then_crop };
    Kind kind = Kind::none;
    int height = 0;  // exact
    int width = 0;   // exact
    int resize = 0;  // shorter_side_then_crop
    int crop = 0;    // shorter_side_then_crop
    // How it is resized: as said above, or in one of the two ways that deployments get it wrong.
    enum class Filter { antialiased_bilinear, plain_bilinear, nearest };
    Filter filter = Filter::antialiased_bilinear;
    friend bool operator==(const Geometry&, const Geometry&) = default;
};

// How 8-bit pixels become the float tensor [n, channels, height, width]: (value / scale - mean[c]) / std[c].
// Grey images are repeated for a model of three channels; colour ones are reduced to ITU-R 601 luma (as Pillow's "L")
// for one.
struct TensorForm {
    int channels = 3;
    double scale = 255.0;
    std::vector<double> mean;  // empty: zeros; otherwise one per channel
    std::vector<double> std;   // empty: ones
    // Channel of the image that channel i of the tensor gets; empty: i. Only wrong forms set it.
    std::vector<int> order = {};
    friend bool operator==(const TensorForm&, const TensorForm&) = default;
};

}  // namespace misfire
