#include "scenarios/shifts/ood_shift.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <utility>

#include "core/error.h"
#include "core/random.h"
#include "perturbations/ood/registry.h"
#include "scenarios/data/select.h"
#include "scenarios/severities.h"

namespace misfire {

namespace {

// Samples in the order in which they turn.
std::vector<std::size_t> turning_order(const Dataset& data, const std::vector<std::size_t>& selection,
                                       std::uint64_t seed) {
    std::vector<std::pair<std::uint64_t, std::size_t>> order;
    for (const std::size_t i : selection.empty() ? canonical_order(data) : selection)
        order.emplace_back(KeyHash().add("ood place").add(seed).add(data.key(i).id).value(), i);
    std::sort(order.begin(), order.end());
    std::vector<std::size_t> samples;
    for (const auto& [key, i] : order) samples.push_back(i);
    return samples;
}

// One level of a shift.
struct OodLevel {
    std::size_t turned = 0;  // so many of the order
    double blend = 1.0;
    double severity = 0.0;
    std::size_t id_level = 0;  // of the perturbation of the others
};

// own * (1 - share) + foreign * share, rounded.
void blend_into(Image& own, const Image& foreign, double share) {
    for (std::size_t i = 0; i < own.size(); ++i) {
        const double mixed = (1.0 - share) * own.pixels[i] + share * foreign.pixels[i];
        own.pixels[i] = static_cast<std::uint8_t>(mixed + 0.5);
    }
}

class OodShift : public Shift {
  public:
    OodShift(const OodSpec& spec, const Dataset& data, const std::vector<std::size_t>& selection, std::uint64_t seed)
        : order_(turning_order(data, selection, seed)), source_(open_ood_set(spec.set, data, order_, seed)) {
        for (std::size_t place = 0; place < order_.size(); ++place) places_.emplace(data.key(order_[place]).id, place);
        if (spec.id_perturb) others_ = make_perturb_shift(*spec.id_perturb, seed);
        describe(spec);
        for (const Level& level : info_.levels) levels_.push_back(level_of(spec, level.value));
    }

    const ShiftInfo& info() const override { return info_; }
    std::vector<OodImage> images() const { return source_->images(); }
    std::string parameter_set(int height, int width) const override {
        return others_ ? others_->parameter_set(height, width) : "";
    }
    void require_effect(const ModelInfo& model) const override {
        if (others_) others_->require_effect(model);
    }
    std::string drawn(std::size_t level, const std::string& id) const override {
        const std::size_t place = places_.at(id);
        if (place >= levels_[level].turned) return others_ ? others_->drawn(levels_[level].id_level, id) : "";
        const std::int64_t row = source_->ood_row(place);
        return "out of distribution" + (row < 0 ? "" : ": " + info_.ood_ids[static_cast<std::size_t>(row)]);
    }
    std::unique_ptr<Dataset> at(const Dataset& clean, std::size_t level, const ShiftContext& context) const override;

  private:
    friend class OodView;

    void describe(const OodSpec& spec) {
        info_.name = spec.name;
        info_.kind = "ood";
        info_.summary = "images of `" + spec.set.name + "` among the samples";
        info_.unit = name_of(spec.axis);
        info_.reference_is_clean = !others_;
        info_.levels.push_back({0.0, "0"});
        for (const double value : spec.levels) info_.levels.push_back({value, level_label(value)});
        info_.labels_changed = true;
        info_.ood_ids = source_->ids();
        info_.version = "ood 1 " + source_->version() + ", axis " + info_.unit + ", fraction " +
                        level_label(spec.fraction) + ", blend " + level_label(spec.blend) + ", severity " +
                        level_label(spec.severity);
        if (others_) info_.version += ", others " + others_->info().version + " at " + level_label(spec.id_severity);
    }

    OodLevel level_of(const OodSpec& spec, double value) const {
        using Axis = OodSpec::Axis;
        const double fraction = spec.axis == Axis::fraction ? value : spec.fraction;
        OodLevel level;
        level.blend = spec.axis == Axis::blend ? value : spec.blend;
        level.severity = spec.axis == Axis::severity ? value : spec.severity;
        const bool none = level.blend == 0.0 || level.severity == 0.0;
        // Rounded up, but not because of the last digit of a product.
        const double turned = std::ceil(fraction * static_cast<double>(order_.size()) - 1e-9);
        level.turned = none ? 0 : static_cast<std::size_t>(std::max(0.0, turned));
        if (others_) level.id_level = level_index(spec.axis == Axis::id_severity ? value : spec.id_severity);
        return level;
    }

    std::size_t level_index(double severity) const {
        const std::vector<Level>& levels = others_->info().levels;
        const auto found =
            std::find_if(levels.begin(), levels.end(), [&](const Level& level) { return level.value == severity; });
        if (found == levels.end()) throw InternalError("ood: no level " + level_label(severity) + " of id_perturb");
        return static_cast<std::size_t>(found - levels.begin());
    }

    ShiftInfo info_;
    std::vector<std::size_t> order_;
    std::unique_ptr<OodSource> source_;
    std::unordered_map<std::string, std::size_t> places_;  // id -> place in the order
    std::unique_ptr<Shift> others_;                        // null: they stay as they are
    std::vector<OodLevel> levels_;
};

class OodView : public Dataset {
  public:
    OodView(const OodShift& shift, const Dataset& clean, const OodLevel& level, const ShiftContext& context)
        : shift_(shift), clean_(clean), level_(level), context_(context) {
        if (shift.others_) others_ = shift.others_->at(clean, level.id_level, context);
    }
    const DatasetInfo& info() const override { return clean_.info(); }
    std::size_t size() const override { return clean_.size(); }
    const SampleKey& key(std::size_t i) const override { return clean_.key(i); }
    Sample at(std::size_t i) const override {
        const std::size_t place = shift_.places_.at(clean_.key(i).id);
        if (place >= level_.turned) return others_ ? others_->at(i) : clean_.at(i);
        Sample sample = clean_.at(i);
        blend_into(sample.image, shift_.source_->image(place, sample, level_.severity, context_), level_.blend);
        sample.key.target.reset();
        sample.ood = true;
        sample.ood_row = shift_.source_->ood_row(place);
        return sample;
    }

  private:
    const OodShift& shift_;
    const Dataset& clean_;
    OodLevel level_;
    ShiftContext context_;
    std::unique_ptr<Dataset> others_;
};

std::unique_ptr<Dataset> OodShift::at(const Dataset& clean, std::size_t level, const ShiftContext& context) const {
    return std::make_unique<OodView>(*this, clean, levels_.at(level), context);
}

}  // namespace

const char* name_of(OodSpec::Axis axis) {
    switch (axis) {
        case OodSpec::Axis::fraction: return "fraction";
        case OodSpec::Axis::blend: return "blend";
        case OodSpec::Axis::severity: return "severity";
        case OodSpec::Axis::id_severity: return "id severity";
    }
    return "";
}

std::unique_ptr<Shift> make_ood_shift(const OodSpec& spec, const Dataset& data,
                                      const std::vector<std::size_t>& selection, std::uint64_t seed) {
    return std::make_unique<OodShift>(spec, data, selection, seed);
}

std::vector<OodImage> found_images(const Shift& shift) {
    const auto* ood = dynamic_cast<const OodShift*>(&shift);
    return ood == nullptr ? std::vector<OodImage>() : ood->images();
}

}  // namespace misfire
