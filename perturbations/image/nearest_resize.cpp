// The cheapest resize: pixels are picked, not averaged.
#include "perturbations/image/wrong_geometry.h"

namespace misfire {

namespace {

PerturbationInfo describe() {
    return wrong_geometry_info("nearest_resize",
                               "resized by nearest neighbour where the model expects antialiased bilinear",
                               "our own levels; Parmar, Zhang and Zhu, On Aliased Resizing and Surprising Subtleties "
                               "in GAN Evaluation, CVPR 2022 compare such filters");
}

Geometry wrong(const Geometry& right) {
    Geometry geometry = right;
    geometry.filter = Geometry::Filter::nearest;
    return geometry;
}

std::unique_ptr<Perturbation> make(const Options& given) {
    return std::make_unique<WrongGeometry>(describe(), given, wrong);
}

}  // namespace

namespace units {
PerturbationEntry nearest_resize() { return {describe, make}; }
}  // namespace units

}  // namespace misfire
