// Red and blue change places: OpenCV reads BGR, nearly every model takes RGB.
#include "perturbations/image/deployment_share.h"
#include "perturbations/image/wrong_form.h"

namespace misfire {

namespace {

PerturbationInfo describe() {
    PerturbationInfo info;
    info.name = "bgr_order";
    info.summary = "channels in BGR order for a model that takes RGB";
    info.category = "deployment";
    info.stage = Stage::tensor;
    info.colour_only = true;
    info.monotone = false;
    info.why_not_monotone = on_or_off;
    info.parameters = {hit_share()};
    info.reference = "our own levels";
    return info;
}

class BgrOrder final : public WrongForm {
  public:
    explicit BgrOrder(const Options& given) : WrongForm(describe(), given) {}

    TensorForm tensor_form(const TensorForm& right, double severity, const Random& random) const override {
        TensorForm form = right;
        if (right.channels == 3 && is_hit(parameter(severity), random)) form.order = {2, 1, 0};
        return form;
    }
};

}  // namespace

namespace units {
PerturbationEntry bgr_order() { return {describe, make_unit<BgrOrder>}; }
}  // namespace units

}  // namespace misfire
