// Units that turn pixels into numbers in a form the model was not trained for.
#pragma once

#include <algorithm>
#include <array>
#include <utility>

#include "perturbations/image/published_unit.h"

namespace misfire {

// Mean and standard deviation that most ImageNet models take, of pixels in [0, 1].
inline TensorForm imagenet_form(int channels) {
    TensorForm form;
    form.channels = channels;
    form.mean = {0.485, 0.456, 0.406};
    form.std = {0.229, 0.224, 0.225};
    form.mean.resize(static_cast<std::size_t>(channels));
    form.std.resize(static_cast<std::size_t>(channels));
    return form;
}

// apply() writes the picture that a model of imagenet_form() would have to be shown to get the same numbers, cut to 8
// bits.
class WrongForm : public PublishedUnit {
  public:
    using PublishedUnit::PublishedUnit;

    void apply(const Image& in, Image& out, double severity, const Random& random, Scratch&) const override {
        const TensorForm right = imagenet_form(in.channels);
        const TensorForm wrong = tensor_form(right, severity, random);
        shape_like(in, out);
        const auto channels = static_cast<std::size_t>(in.channels);
        for (std::size_t c = 0; c < channels; ++c) {
            std::array<std::uint8_t, 256> seen{};
            for (std::size_t value = 0; value < seen.size(); ++value) {
                const double number =
                    (static_cast<double>(value) / wrong.scale - at(wrong.mean, c, 0.0)) / at(wrong.std, c, 1.0);
                const double pixel = (number * right.std[c] + right.mean[c]) * right.scale;
                seen[value] = static_cast<std::uint8_t>(std::clamp(pixel + 0.5, 0.0, 255.0));
            }
            const std::size_t from = wrong.order.empty() ? c : static_cast<std::size_t>(wrong.order[c]);
            for (std::size_t i = 0; i < in.size(); i += channels) out.pixels[i + c] = seen[in.pixels[i + from]];
        }
    }

  protected:
    static double at(const std::vector<double>& values, std::size_t c, double otherwise) {
        return values.empty() ? otherwise : values[c];
    }
    double parameter(double severity) const { return schedule().at(1, 1, severity)[0]; }
};

// How far a unit goes from the right form to the wrong one.
inline Parameter way_to_the_wrong_form(std::string meaning) {
    return {.name = "way",
            .unit = "fraction",
            .meaning = std::move(meaning),
            .identity = 0.0,
            .published = {{"any", {.2, .4, .6, .8, 1}}}};
}

}  // namespace misfire
