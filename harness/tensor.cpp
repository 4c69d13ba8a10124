#include "harness/tensor.h"

namespace misfire {

TensorFiller::TensorFiller(const TensorForm& form)
    : channels_(form.channels), value_of_(static_cast<std::size_t>(form.channels)) {
    for (std::size_t c = 0; c < value_of_.size(); ++c) {
        source_of_.push_back(form.order.empty() ? c : static_cast<std::size_t>(form.order[c]));
        const double mean = form.mean.empty() ? 0.0 : form.mean[c];
        const double std = form.std.empty() ? 1.0 : form.std[c];
        for (std::size_t value = 0; value < 256; ++value) {
            // In single precision and in this order, as torchvision's ToTensor and Normalize do it.
            const float scaled = static_cast<float>(value) / static_cast<float>(form.scale);
            value_of_[c][value] = (scaled - static_cast<float>(mean)) / static_cast<float>(std);
        }
    }
}

void TensorFiller::fill(const Image& image, float* out) const {
    const std::size_t plane = static_cast<std::size_t>(image.height) * static_cast<std::size_t>(image.width);
    const std::uint8_t* in = image.pixels.data();
    const auto stride = static_cast<std::size_t>(image.channels);
    if (channels_ == 1 && image.channels == 3) {
        for (std::size_t i = 0; i < plane; ++i, in += 3) {
            const unsigned luma = (19595U * in[0] + 38470U * in[1] + 7471U * in[2] + 32768U) >> 16;
            out[i] = value_of_[0][luma];
        }
        return;
    }
    for (std::size_t c = 0; c < value_of_.size(); ++c) {
        const std::array<float, 256>& table = value_of_[c];
        const std::uint8_t* channel = in + (image.channels == 1 ? 0 : source_of_[c]);
        float* plane_out = out + c * plane;
        for (std::size_t i = 0; i < plane; ++i) plane_out[i] = table[channel[i * stride]];
    }
}

}  // namespace misfire
