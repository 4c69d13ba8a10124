// Noise of a sensor at high ISO: shot and read noise of a colour filter mosaic, seen after demosaicing and white
// balance, which spread it over neighbouring pixels and make blotches of colour.
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "core/vector_clones.h"
#include "perturbations/image/published_unit.h"
#include "perturbations/image/srgb.h"
#include "perturbations/table_cache.h"

namespace misfire {

namespace {

PerturbationInfo describe() {
    PerturbationInfo info;
    info.name = "iso_noise";
    info.summary = "sensor noise of high ISO: grain that grows with the light, and blotches of colour";
    info.stage = Stage::source;
    info.category = "camera";
    info.parameters = {{.name = "shot_noise",
                        .unit = "1",
                        .meaning = "variance of the raw value that is white (1), by counting photons: one over the "
                                   "electrons at white. The variance of read noise follows from it: exp(2.18 ln(this) "
                                   "+ 1.20). Per pixel of the decoded picture, whatever its size",
                        .identity = 0.0,
                        .published = {{"any", {.002, .007, .02, .045, .1}}}}};
    info.reference =
        "Brooks et al., Unprocessing Images for Learned Raw Denoising, CVPR 2019 (noise model, whose range ends at "
        "0.012, and mean gains of white balance; no colour correction); Foi et al., Practical Poissonian-Gaussian "
        "noise modeling and fitting for single-image raw-data, IEEE Trans. Image Processing 17(10), 2008; RGGB mosaic, "
        "bilinear demosaicing; transfer curve of sRGB, IEC 61966-2-1:1999";
    return info;
}

constexpr std::uint32_t noise_stream = 0;  // one normal per pixel

constexpr double red_gain = 2.15;  // mean of U(1.9, 2.4)
constexpr double blue_gain = 1.7;  // mean of U(1.5, 1.9)

// Standard deviation in linear light after white balance, by channel and level; [3] is a sensor without colour filters.
using Deviations = std::array<std::array<float, 256>, 4>;

Deviations build_deviations(double shot) {
    constexpr double gains[4] = {red_gain, 1.0, blue_gain, 1.0};
    const double read = std::exp(2.18 * std::log(shot) + 1.20);
    Deviations deviations{};
    for (std::size_t c = 0; c < 4; ++c) {
        for (std::size_t v = 0; v < 256; ++v) {
            const double raw = static_cast<double>(srgb_tables().linear[v]) / gains[c];
            deviations[c][v] = static_cast<float>(gains[c] * std::sqrt(shot * raw + read));
        }
    }
    return deviations;
}

// The mosaic's noise in a frame one pixel wide that reflects it (without repeating the rim, which would break the
// mosaic): rows of `pitch` floats.
struct Mosaic {
    float* first = nullptr;  // pixel (0, 0)
    std::size_t pitch = 0;
};

// `normal` holds a standard normal per pixel, `framed` room for the frame.
Mosaic scale_noise(const Image& in, const Deviations& deviations, const std::vector<float>& normal,
                   std::vector<float>& framed) {
    const auto height = static_cast<std::size_t>(in.height), width = static_cast<std::size_t>(in.width);
    const Mosaic mosaic{framed.data() + width + 3, width + 2};
    for (std::size_t y = 0; y < height; ++y) {
        float* row = mosaic.first + y * mosaic.pitch;
        const std::uint8_t* pixel = in.pixels.data() + 3 * y * width;
        for (std::size_t x = 0; x < width; ++x) {
            const std::size_t colour = (y & 1) + (x & 1);  // RG over GB
            row[x] = normal[y * width + x] * deviations[colour][pixel[3 * x + colour]];
        }
        row[-1] = row[1];
        row[width] = row[width - 2];
    }
    float* above = mosaic.first - 1 - mosaic.pitch;
    std::copy_n(above + 2 * mosaic.pitch, mosaic.pitch, above);
    std::copy_n(above + (height - 1) * mosaic.pitch, mosaic.pitch, above + (height + 1) * mosaic.pitch);
    return mosaic;
}

// Bilinear demosaicing of one row; `even_row` is one with red.
MISFIRE_VECTOR_CLONES void demosaic_row(const float* here, std::size_t pitch, bool even_row, float* red, float* green,
                                        float* blue, std::size_t width) {
    const float *above = here - pitch, *below = here + pitch;
    float* own = even_row ? red : blue;  // the colour that this row has beside green
    float* other = even_row ? blue : red;
    for (std::size_t x = 0; x < width; ++x) {
        const bool on_green = ((x & 1) == 1) == even_row;
        const float sideways = 0.5F * (here[x - 1] + here[x + 1]);
        const float upright = 0.5F * (above[x] + below[x]);
        const float corners = 0.25F * (above[x - 1] + above[x + 1] + below[x - 1] + below[x + 1]);
        green[x] = on_green ? here[x] : 0.5F * (sideways + upright);
        own[x] = on_green ? sideways : here[x];
        other[x] = on_green ? upright : corners;
    }
}

class IsoNoise final : public PublishedUnit {
  public:
    explicit IsoNoise(const Options& given) : PublishedUnit(describe(), given) {}

    void apply(const Image& in, Image& out, double severity, const Random& random, Scratch& scratch) const override {
        const auto deviations = deviations_.get(parameters(in, severity)[0], build_deviations);
        const auto height = static_cast<std::size_t>(in.height), width = static_cast<std::size_t>(in.width);
        auto& normal = scratch.floats[0];
        normal.resize(height * width);
        random.normal(normal, noise_stream);
        shape_like(in, out);
        const SrgbTables& srgb = srgb_tables();
        if (in.channels == 1) {
            for (std::size_t i = 0; i < in.size(); ++i) {
                const std::uint8_t v = in.pixels[i];
                out.pixels[i] = encode_srgb(srgb, srgb.linear[v] + normal[i] * (*deviations)[3][v]);
            }
            return;
        }
        auto& framed = scratch.floats[1];
        framed.resize((height + 2) * (width + 2));
        const Mosaic mosaic = scale_noise(in, *deviations, normal, framed);
        auto& row = scratch.floats[2];
        row.resize(3 * width);
        float* colours[3] = {row.data(), row.data() + width, row.data() + 2 * width};
        for (std::size_t y = 0; y < height; ++y) {
            demosaic_row(mosaic.first + y * mosaic.pitch, mosaic.pitch, y % 2 == 0, colours[0], colours[1], colours[2],
                         width);
            add_row(in.pixels.data() + 3 * y * width, colours, out.pixels.data() + 3 * y * width, width);
        }
    }

  private:
    static void add_row(const std::uint8_t* in, float* const* noise, std::uint8_t* out, std::size_t width) {
        const SrgbTables& srgb = srgb_tables();
        for (std::size_t x = 0; x < width; ++x) {
            for (std::size_t c = 0; c < 3; ++c)
                out[3 * x + c] = encode_srgb(srgb, srgb.linear[in[3 * x + c]] + noise[c][x]);
        }
    }

    TableCache<double, Deviations> deviations_;
};

}  // namespace

namespace units {
PerturbationEntry iso_noise() { return {describe, make_unit<IsoNoise>}; }
}  // namespace units

}  // namespace misfire
