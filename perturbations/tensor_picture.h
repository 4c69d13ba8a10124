// Wrong tensor forms as pictures: what a model sees when pixels become its numbers in a form it was not trained for.
#pragma once

#include "core/image.h"

namespace misfire {

// Mean and standard deviation that most ImageNet models take, of pixels in [0, 1]; 1 or 3 channels.
TensorForm imagenet_form(int channels);

// Writes to `out` the picture that a model of form `right` would have to be shown to get the numbers that `in` gives in
// form `wrong`, rounded and cut to 8 bits.
void show_in_form(const Image& in, const TensorForm& right, const TensorForm& wrong, Image& out);

}  // namespace misfire
