// Poisson(x * c) / c per value, drawn by inverting the distribution function: one uniform per value, shared between
// severities.
#include "perturbations/image/shot_noise.h"

#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include "perturbations/image/draw_chunks.h"
#include "perturbations/image/published_unit.h"

namespace misfire {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

PerturbationInfo describe() {
    PerturbationInfo info;
    info.name = "shot_noise";
    info.summary = "Poisson noise of a sensor that counts few photons";
    info.category = "noise";
    info.groups = {"imagenet-c"};
    info.published_order = 1;
    info.parameters = {
        {.name = "photons",
         .unit = "1",
         .meaning =
             "mean count of a white value; between levels its reciprocal (the noise's power) moves in a straight line",
         .scale = Parameter::Scale::reciprocal,
         .identity = infinity,
         .published = {{"32", {500, 250, 100, 75, 50}},
                       {"64", {250, 100, 50, 30, 15}},
                       {"224", {60, 25, 12, 5, 3}},
                       {"299", {50, 20, 10, 5, 3}}}}};
    info.options = {parameter_set_option(info.parameters)};
    info.reference = imagenet_c_reference;
    return info;
}

// Above this many photons the noise is below a tenth of a level, and tables would grow without end: values pass
// unchanged.
constexpr double most_photons = 1e5;

// Appends P(count <= k) for k = first.. until the count is white; the last entry is above every draw.
void append_distribution(double mean, double photons, PoissonTables& tables) {
    const double spread = std::sqrt(mean);
    const auto first = static_cast<long>(std::fmax(0.0, std::floor(mean - 7.0 * spread - 3.0)));
    const auto last = static_cast<long>(std::fmin(std::ceil(photons), std::ceil(mean + 8.0 * spread + 12.0)));
    double probability = mean == 0.0 ? 1.0
                                     : std::exp(static_cast<double>(first) * std::log(mean) - mean -
                                                std::lgamma(static_cast<double>(first) + 1.0));
    double cumulative = 0.0;
    for (long k = first; k <= last; ++k) {
        cumulative += probability;
        probability *= mean / static_cast<double>(k + 1);
        tables.cumulative.push_back(k == last ? 2.0F : static_cast<float>(cumulative));
        tables.byte.push_back(cut_to_byte(static_cast<double>(k) / photons));
    }
    tables.cumulative.push_back(2.0F);  // the loop looks one ahead
    tables.byte.push_back(tables.byte.back());
}

PoissonTables build_tables(double photons) {
    PoissonTables tables;
    for (std::size_t v = 0; v < 256; ++v) {
        PoissonTables::Row& row = tables.rows[v];
        row.begin = tables.cumulative.size();
        append_distribution(static_cast<double>(v) / 255.0 * photons, photons, tables);
        std::uint16_t k = 0;
        for (std::size_t bucket = 0; bucket < 256; ++bucket) {
            while (tables.cumulative[row.begin + k] <= static_cast<float>(bucket) / 256.0F) ++k;
            row.start[bucket] = k;
        }
    }
    return tables;
}

void draw_counts(const std::uint8_t* in, std::span<const float> uniform, const PoissonTables& tables,
                 std::uint8_t* out) {
    // Into locals: a byte written might be a part of anything that a reference leads to.
    const float* cumulative = tables.cumulative.data();
    const std::uint8_t* byte = tables.byte.data();
    for (std::size_t i = 0; i < uniform.size(); ++i) {
        const PoissonTables::Row& row = tables.rows[in[i]];
        const float u = uniform[i];
        std::size_t k = row.begin + row.start[static_cast<std::size_t>(u * 256.0F)];
        k += u >= cumulative[k] ? 1 : 0;  // without a branch: mostly one step is enough
        while (u >= cumulative[k]) ++k;
        out[i] = byte[k];
    }
}

class ShotNoise final : public PublishedUnit {
  public:
    explicit ShotNoise(const Options& given) : PublishedUnit(describe(), given) {}

    void apply(const Image& in, Image& out, double severity, const Random& random, Scratch& scratch) const override {
        noise_.apply(in, parameters(in, severity)[0], random, 0, out, scratch);
    }

  private:
    PoissonNoise noise_;
};

}  // namespace

void PoissonNoise::apply(const Image& in, double photons, const Random& random, std::uint32_t stream, Image& out,
                         Scratch& scratch) const {
    shape_like(in, out);
    if (photons > most_photons) {
        out.pixels = in.pixels;
        return;
    }
    const auto tables = tables_.get(photons, build_tables);
    for_draws(in.size(), scratch.floats[0], [&](std::size_t first, std::span<float> uniform) {
        random.uniform(uniform, stream, first);
        draw_counts(in.pixels.data() + first, uniform, *tables, out.pixels.data() + first);
    });
}

namespace units {
PerturbationEntry shot_noise() { return {describe, make_unit<ShotNoise>}; }
}  // namespace units

}  // namespace misfire
