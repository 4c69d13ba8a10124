#include "perturbations/tensor_picture.h"

#include <algorithm>
#include <array>
#include <vector>

namespace misfire {

namespace {

double at(const std::vector<double>& values, std::size_t c, double otherwise) {
    return values.empty() ? otherwise : values[c];
}

}  // namespace

TensorForm imagenet_form(int channels) {
    TensorForm form;
    form.channels = channels;
    form.mean = {0.485, 0.456, 0.406};
    form.std = {0.229, 0.224, 0.225};
    form.mean.resize(static_cast<std::size_t>(channels));
    form.std.resize(static_cast<std::size_t>(channels));
    return form;
}

void show_in_form(const Image& in, const TensorForm& right, const TensorForm& wrong, Image& out) {
    out.height = in.height;
    out.width = in.width;
    out.channels = in.channels;
    out.pixels.resize(in.size());
    const auto channels = static_cast<std::size_t>(in.channels);
    for (std::size_t c = 0; c < channels; ++c) {
        std::array<std::uint8_t, 256> seen{};
        for (std::size_t value = 0; value < seen.size(); ++value) {
            const double number =
                (static_cast<double>(value) / wrong.scale - at(wrong.mean, c, 0.0)) / at(wrong.std, c, 1.0);
            const double pixel = (number * at(right.std, c, 1.0) + at(right.mean, c, 0.0)) * right.scale;
            seen[value] = static_cast<std::uint8_t>(std::clamp(pixel + 0.5, 0.0, 255.0));
        }
        const std::size_t from = wrong.order.empty() ? c : static_cast<std::size_t>(wrong.order[c]);
        for (std::size_t i = 0; i < in.size(); i += channels) out.pixels[i + c] = seen[in.pixels[i + from]];
    }
}

}  // namespace misfire
