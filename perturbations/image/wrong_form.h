// Units that turn pixels into numbers in a form the model was not trained for.
#pragma once

#include <utility>

#include "perturbations/image/published_unit.h"
#include "perturbations/tensor_picture.h"

namespace misfire {

// apply() writes the picture that a model of imagenet_form() would have to be shown to get the same numbers, cut to 8
// bits.
class WrongForm : public PublishedUnit {
  public:
    using PublishedUnit::PublishedUnit;

    void apply(const Image& in, Image& out, double severity, const Random& random, Scratch&) const override {
        const TensorForm right = imagenet_form(in.channels);
        show_in_form(in, right, tensor_form(right, severity, random), out);
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
