// Mean and standard deviation of another convention.
#include "perturbations/image/wrong_form.h"

namespace misfire {

namespace {

PerturbationInfo describe() {
    PerturbationInfo info;
    info.name = "wrong_normalization";
    info.summary = "mean and standard deviation of another convention than the model's";
    info.category = "deployment";
    info.stage = Stage::tensor;
    info.parameters = {
        way_to_the_wrong_form("in a straight line from the right mean and standard deviation to the wrong ones")};
    info.options = {{.name = "instead",
                     .meaning = "half: mean and std 0.5. none: 0 and 1. imagenet: .485 .456 .406 and .229 .224 .225",
                     .default_value = "half",
                     .choices = {"half", "none", "imagenet"}}};
    info.reference = "our own levels";
    return info;
}

class WrongNormalization final : public WrongForm {
  public:
    explicit WrongNormalization(const Options& given) : WrongForm(describe(), given) {}

    TensorForm tensor_form(const TensorForm& right, double severity, const Random&) const override {
        const TensorForm wrong = wrong_form(right.channels);
        const double way = parameter(severity);
        TensorForm form = right;
        form.mean.resize(static_cast<std::size_t>(right.channels));
        form.std.resize(static_cast<std::size_t>(right.channels));
        bool same = true;
        for (std::size_t c = 0; c < form.mean.size(); ++c) {
            const double mean = at(right.mean, c, 0.0), std = at(right.std, c, 1.0);
            same = same && mean == wrong.mean[c] && std == wrong.std[c];
            form.mean[c] = mean + way * (wrong.mean[c] - mean);
            form.std[c] = std + way * (wrong.std[c] - std);
        }
        return same ? right : form;
    }

  private:
    TensorForm wrong_form(int channels) const {
        if (options().at("instead") == "imagenet") return imagenet_form(channels);
        const bool half = options().at("instead") == "half";
        TensorForm form;
        form.mean.assign(static_cast<std::size_t>(channels), half ? 0.5 : 0.0);
        form.std.assign(static_cast<std::size_t>(channels), half ? 0.5 : 1.0);
        return form;
    }
};

}  // namespace

namespace units {
PerturbationEntry wrong_normalization() { return {describe, make_unit<WrongNormalization>}; }
}  // namespace units

}  // namespace misfire
