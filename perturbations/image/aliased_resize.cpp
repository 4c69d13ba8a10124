// Bilinear over the four nearest pixels however much the picture shrinks: fine detail turns into false patterns.
#include "perturbations/image/wrong_geometry.h"

namespace misfire {

namespace {

PerturbationInfo describe() {
    return wrong_geometry_info("aliased_resize",
                               "resized bilinearly without antialiasing, as OpenCV and tensor pipelines do by default",
                               "our own levels; Parmar, Zhang and Zhu, On Aliased Resizing and Surprising Subtleties "
                               "in GAN Evaluation, CVPR 2022 compare such filters");
}

Geometry wrong(const Geometry& right) {
    Geometry geometry = right;
    geometry.filter = Geometry::Filter::plain_bilinear;
    return geometry;
}

std::unique_ptr<Perturbation> make(const Options& given) {
    return std::make_unique<WrongGeometry>(describe(), given, wrong);
}

}  // namespace

namespace units {
PerturbationEntry aliased_resize() { return {describe, make}; }
}  // namespace units

}  // namespace misfire
