// Units that resize pictures in a way the model was not trained for.
#pragma once

#include <utility>

#include "perturbations/image/deployment_share.h"
#include "perturbations/image/published_unit.h"

namespace misfire {

inline PerturbationInfo wrong_geometry_info(std::string name, std::string summary, std::string reference) {
    PerturbationInfo info;
    info.name = std::move(name);
    info.summary = std::move(summary);
    info.category = "deployment";
    info.stage = Stage::source;
    info.changes_geometry = true;
    info.monotone = false;
    info.why_not_monotone = on_or_off;
    info.parameters = {hit_share()};
    info.reference = std::move(reference);
    return info;
}

// Leaves the picture alone and gives `wrong(right)` to the samples that are hit.
class WrongGeometry : public PublishedUnit {
  public:
    WrongGeometry(PerturbationInfo info, const Options& given, Geometry (*wrong)(const Geometry& right))
        : PublishedUnit(std::move(info), given), wrong_(wrong) {}

    void apply(const Image& in, Image& out, double, const Random&, Scratch&) const override { out = in; }

    Geometry geometry(const Geometry& right, double severity, const Random& random) const override {
        if (right.kind == Geometry::Kind::none) return right;
        return is_hit(schedule().at(1, 1, severity)[0], random) ? wrong_(right) : right;
    }

  private:
    Geometry (*wrong_)(const Geometry& right);
};

}  // namespace misfire
