// All light multiplied by a power of two, cut off at white.
#include <cmath>

#include "perturbations/image/published_unit.h"
#include "perturbations/image/srgb.h"

namespace misfire {

namespace {

PerturbationInfo describe() {
    PerturbationInfo info;
    info.name = "exposure";
    info.summary = "over- or underexposed photograph: light scaled by powers of two and cut off at white";
    info.stage = Stage::source;
    info.category = "camera";
    info.parameters = {{.name = "ev",
                        .unit = "EV",
                        .meaning = "exposure is wrong by this many stops; each one doubles or halves the light",
                        .identity = 0.0,
                        .published = {{"any", {.5, 1, 2, 3, 4}}}}};
    info.options = {{"direction",
                     "over: too much light; under: too little; either: drawn for each sample",
                     "either",
                     {"either", "over", "under"},
                     false}};
    info.reference = "transfer curve of sRGB, IEC 61966-2-1:1999; levels of our own";
    return info;
}

constexpr std::uint32_t direction_stream = 0;

class Exposure final : public PublishedUnit {
  public:
    explicit Exposure(const Options& given) : PublishedUnit(describe(), given) {}

    void apply(const Image& in, Image& out, double severity, const Random& random, Scratch&) const override {
        const std::string& direction = options().at("direction");
        const bool over = direction == "either" ? random.uniform(direction_stream) < 0.5F : direction == "over";
        const double stops = parameters(in, severity)[0];
        const LevelTable table = multiply_light(std::exp2(over ? stops : -stops));
        map_levels(in, {table, table, table}, out);
    }
};

}  // namespace

namespace units {
PerturbationEntry exposure() { return {describe, make_unit<Exposure>}; }
}  // namespace units

}  // namespace misfire
