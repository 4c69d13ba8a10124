#include "perturbations/sequences/schedule.h"

#include <algorithm>
#include <cmath>

namespace misfire {

namespace {

constexpr int small_side = 32;
constexpr int large_side = 224;

// Weight of the set of 224 px.
double weight_of_large(int side) {
    if (side <= small_side) return 0.0;
    if (side >= large_side) return 1.0;
    return std::log(static_cast<double>(side) / small_side) / std::log(static_cast<double>(large_side) / small_side);
}

double between(double small, double large, double weight) {
    return weight == 1.0 ? large : small + weight * (large - small);
}

double published(const SequenceParameter& parameter, const char* set, int difficulty) {
    const std::vector<double>& values = parameter.published.at(set);
    return values[values.size() == 1 ? 0 : static_cast<std::size_t>(difficulty - 1)];
}

}  // namespace

SequenceValues sequence_values(const SequenceInfo& info, int side, int difficulty) {
    const double weight = weight_of_large(side);
    SequenceValues values{};
    for (std::size_t p = 0; p < info.parameters.size(); ++p) {
        const SequenceParameter& parameter = info.parameters[p];
        const double small = published(parameter, "32", difficulty);
        const double large = published(parameter, "224", difficulty);
        const bool reciprocal = parameter.scale == Parameter::Scale::reciprocal && weight > 0.0 && weight < 1.0;
        values[p] = reciprocal ? 1.0 / between(1.0 / small, 1.0 / large, weight) : between(small, large, weight);
        if (parameter.scales_with_side && side > large_side) values[p] *= static_cast<double>(side) / large_side;
    }
    return values;
}

int published_frames(const SequenceInfo& info, int side) {
    return static_cast<int>(std::lround(between(info.frames.at("32"), info.frames.at("224"), weight_of_large(side))));
}

std::string sequence_set(int side) {
    const std::string size = std::to_string(side);
    if (side <= small_side) return "cifar-p (32 px)";
    if (side == large_side) return "imagenet-p (224 px)";
    if (side > large_side) return "imagenet-p (224 px), pixel units times " + size + "/224";
    return "between cifar-p (32 px) and imagenet-p (224 px) at " + size + " px";
}

}  // namespace misfire
