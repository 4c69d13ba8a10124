// Aspect ratio: two conventions, each wrong for models of the other.
#include "perturbations/image/wrong_geometry.h"

namespace misfire {

namespace {

PerturbationInfo describe() {
    return wrong_geometry_info("squashed_resize",
                               "the other way to a square: squashed where the model expects a central crop, cropped "
                               "where it expects squashing",
                               "our own levels");
}

Geometry wrong(const Geometry& right) {
    Geometry geometry = right;
    if (right.kind == Geometry::Kind::shorter_side_then_crop) {
        geometry = {};
        geometry.kind = Geometry::Kind::exact;
        geometry.height = right.crop;
        geometry.width = right.crop;
    } else if (right.height == right.width) {
        geometry = {};
        geometry.kind = Geometry::Kind::shorter_side_then_crop;
        geometry.resize = right.height;
        geometry.crop = right.height;
    }
    geometry.filter = right.filter;
    return geometry;
}

std::unique_ptr<Perturbation> make(const Options& given) {
    return std::make_unique<WrongGeometry>(describe(), given, wrong);
}

}  // namespace

namespace units {
PerturbationEntry squashed_resize() { return {describe, make}; }
}  // namespace units

}  // namespace misfire
