// Cubic B-splines through equidistant samples, continued by whole-sample reflection (d c b | a b c d | c b a): what
// scipy.ndimage interpolates with at order 3. M. Unser, Splines: a perfect fit for signal and image processing, 1999.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace misfire {

// Weights of the coefficients floor(x) - 1 .. floor(x) + 2; `fraction` is x - floor(x).
inline std::array<double, 4> cubic_spline_weights(double fraction) {
    const double rest = 1.0 - fraction;
    std::array<double, 4> w{};
    w[0] = rest * rest * rest / 6.0;
    w[1] = (fraction * fraction * (fraction - 2.0) * 3.0 + 4.0) / 6.0;
    w[2] = (rest * rest * (rest - 2.0) * 3.0 + 4.0) / 6.0;
    w[3] = 1.0 - w[0] - w[1] - w[2];
    return w;
}

// Index of the sample that stands at `index` of an axis of `size` >= 2 samples, up to one reflection away.
inline int reflect_whole(int index, int size) {
    if (index < 0) return -index;
    return index >= size ? 2 * (size - 1) - index : index;
}

// Replaces samples by the coefficients of the spline that passes through them, along both axes. `plane` holds height
// rows of `pitch` floats, of which the first width * lanes are width samples of `lanes` independent values each.
// Requires both sides >= 2.
void cubic_spline_coefficients(float* plane, std::size_t height, std::size_t width, std::size_t lanes,
                               std::size_t pitch);

}  // namespace misfire
