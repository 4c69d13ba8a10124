// Rows and columns shifted along a sine wave each: seen through rippled water.
#include <algorithm>
#include <cmath>
#include <vector>

#include "perturbations/image/bilinear_black.h"
#include "perturbations/image/cifar_c_bar.h"
#include "perturbations/image/published_unit.h"

namespace misfire {

namespace {

PerturbationInfo describe() {
    PerturbationInfo info;
    info.name = "ripple";
    info.summary =
        "sine-shaped displacement of rows and columns, as through rippled water; black where it leaves the "
        "picture";
    info.category = "c-bar";
    info.groups = {"cifar-c-bar"};
    info.published_order = 112;
    info.parameters = {cifar_c_bar_strength({5.5, 6, 6.5, 7.5, 8})};
    info.options = {parameter_set_option(info.parameters)};
    info.reference = cifar_c_bar_reference;
    return info;
}

constexpr std::uint32_t wavelength_stream = 0;  // of rows, of columns
constexpr std::uint32_t phase_stream = 1;       // likewise

constexpr double two_pi = 6.28318530717958647692;
constexpr double largest_amplitude = 0.025;  // of the shorter side

struct Wave {
    double amplitude, length, phase;  // px, px, radians
};

std::vector<BilinearTap> shifted(int size, const Wave& wave) {
    std::vector<BilinearTap> taps;
    taps.reserve(static_cast<std::size_t>(size));
    for (int i = 0; i < size; ++i)
        taps.push_back(bilinear_tap(i + wave.amplitude * std::sin(two_pi * i / wave.length + wave.phase), size));
    return taps;
}

template <std::size_t channels>
void displace(const Image& in, const std::vector<BilinearTap>& rows, const std::vector<BilinearTap>& columns,
              Image& out) {
    std::uint8_t* pixel = out.pixels.data();
    for (const BilinearTap& row : rows) {
        for (const BilinearTap& column : columns) {
            sample_black<channels>(in.pixels.data(), columns.size() * channels, row, column, pixel);
            pixel += channels;
        }
    }
}

class Ripple final : public PublishedUnit {
  public:
    explicit Ripple(const Options& given) : PublishedUnit(describe(), given) {}

    void apply(const Image& in, Image& out, double severity, const Random& random, Scratch&) const override {
        const int side = std::min(in.height, in.width);
        Wave waves[2];
        for (std::uint64_t axis = 0; axis < 2; ++axis) {
            waves[axis] = {parameters(in, severity)[0] * largest_amplitude / 10.0 * side,
                           (0.1 + 0.2 * static_cast<double>(random.uniform(wavelength_stream, axis))) * side,
                           two_pi * static_cast<double>(random.uniform(phase_stream, axis))};
        }
        const auto rows = shifted(in.height, waves[0]), columns = shifted(in.width, waves[1]);
        shape_like(in, out);
        if (in.channels == 3) {
            displace<3>(in, rows, columns, out);
        } else {
            displace<1>(in, rows, columns, out);
        }
    }
};

}  // namespace

namespace units {
PerturbationEntry ripple() { return {describe, make_unit<Ripple>}; }
}  // namespace units

}  // namespace misfire
