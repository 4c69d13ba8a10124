// Pixels divided once too often, or not at all.
#include <cmath>

#include "perturbations/image/wrong_form.h"

namespace misfire {

namespace {

PerturbationInfo describe() {
    PerturbationInfo info;
    info.name = "wrong_scale";
    info.summary = "pixels divided by 255 twice, or not at all, before they are normalised";
    info.category = "deployment";
    info.stage = Stage::tensor;
    info.parameters = {way_to_the_wrong_form("of the missing or surplus division, geometrically: at 1 it is complete")};
    info.options = {
        {.name = "mistake",
         .meaning = "divided_twice: all but black. not_divided: numbers up to the model's scale times too large",
         .default_value = "divided_twice",
         .choices = {"divided_twice", "not_divided"}}};
    info.reference = "our own levels";
    return info;
}

class WrongScale final : public WrongForm {
  public:
    explicit WrongScale(const Options& given) : WrongForm(describe(), given) {}

    TensorForm tensor_form(const TensorForm& right, double severity, const Random&) const override {
        const double way = parameter(severity);
        // A model that takes 0..255 gets 0..1 by a division it does not want; nothing can be left undivided there.
        const double factor = right.scale == 1.0 ? 255.0 : right.scale;
        const bool twice = options().at("mistake") == "divided_twice";
        TensorForm form = right;
        if (twice)
            form.scale = right.scale * std::pow(factor, way);
        else if (right.scale != 1.0)
            form.scale = right.scale / std::pow(factor, way);
        return form;
    }
};

}  // namespace

namespace units {
PerturbationEntry wrong_scale() { return {describe, make_unit<WrongScale>}; }
}  // namespace units

}  // namespace misfire
