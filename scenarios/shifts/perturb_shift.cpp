#include "scenarios/shifts/perturb_shift.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>

#include "core/error.h"
#include "perturbations/image/jpeg_roundtrip.h"
#include "perturbations/perturb.h"
#include "perturbations/registry.h"
#include "scenarios/data/geometry.h"
#include "scenarios/severities.h"

namespace misfire {

namespace {

// A unit at its place: the position is part of the key of its draws.
struct Link {
    std::unique_ptr<Perturbation> unit;
    std::uint32_t position = 0;
};

struct Choice {
    std::vector<Link> links;
    std::string name;
};

using Step = std::vector<Choice>;  // one of them is taken

constexpr int published_jpeg_quality = 85;  // of ImageNet-C and its smaller sisters; CIFAR-10-C is stored raw
constexpr int largest_raw_side = 32;

// The chain that a sample goes through at a level.
struct Path {
    std::vector<const Link*> links;
    double severity = 0.0;
};

class Chain {
  public:
    Chain(const PerturbSpec& spec, std::uint64_t seed) : spec_(spec), seed_(seed) {
        std::uint32_t position = 0;
        for (const PerturbStep& step : spec.chain) position = add_step(step, position);
        if (const std::string draw = name_of(spec.severity_draw); !draw.empty()) version_ += ",severity=" + draw;
        if (spec.strict) version_ += ",strict";
    }

    const std::string& summary() const { return summary_; }
    const std::string& version() const { return version_; }
    bool strict() const { return spec_.strict; }

    bool any_unit(auto wanted) const {
        bool found = false;
        for_each_unit([&](const Perturbation& unit) { found = found || wanted(unit); });
        return found;
    }

    void for_each_unit(auto use) const {
        for (const Step& step : steps_) {
            for (const Choice& choice : step) {
                for (const Link& link : choice.links) use(*link.unit);
            }
        }
    }

    // Which choices and what severity a sample gets.
    Path path_of(const std::string& sample_id, double level) const {
        Path path;
        path.severity = severity_of(sample_id, level);
        for (std::size_t s = 0; s < steps_.size(); ++s) {
            for (const Link& link : steps_[s][choice_of(s, sample_id, level)].links) path.links.push_back(&link);
        }
        return path;
    }

    std::string drawn(const std::string& sample_id, double level) const {
        std::string text;
        for (std::size_t s = 0; s < steps_.size(); ++s) {
            if (steps_[s].size() == 1) continue;
            text += (text.empty() ? "" : ", then ") + steps_[s][choice_of(s, sample_id, level)].name;
        }
        if (spec_.severity_draw.kind != SeverityDraw::Kind::level)
            text += (text.empty() ? "severity " : " at severity ") + level_label(severity_of(sample_id, level));
        return text;
    }

    Random random(const Link& link, const std::string& sample_id, double level) const {
        const PerturbationInfo& unit = link.unit->info();
        return Random(spec_.independent_levels ? perturbation_key(seed_, unit, link.position, sample_id, level)
                                               : perturbation_key(seed_, unit, link.position, sample_id));
    }

  private:
    std::uint32_t add_step(const PerturbStep& step, std::uint32_t position) {
        for (const std::string& name : step.names) names_ += name + "|";
        names_ += "+";
        Step made;
        std::uint32_t longest = 0;
        Stage latest = latest_;
        if (step.choices.size() > 1) version_ += version_.empty() ? "any_of(" : "+any_of(";
        for (std::size_t c = 0; c < step.choices.size(); ++c) {
            Stage reached = latest_;
            if (c > 0) summary_ += ", or ";
            if (c > 0) version_ += "|";
            made.push_back(
                {make_links(step.choices[c], position, reached, c == 0 && step.choices.size() == 1), step.names.at(c)});
            longest = std::max(longest, static_cast<std::uint32_t>(step.choices[c].size()));
            latest = std::max(latest, reached);
        }
        if (step.choices.size() > 1) version_ += ")";
        latest_ = latest;
        steps_.push_back(std::move(made));
        return position + longest;
    }

    std::vector<Link> make_links(const UnitChain& chain, std::uint32_t position, Stage& reached, bool plain) {
        std::vector<Link> links;
        for (std::size_t i = 0; i < chain.size(); ++i) {
            const auto& [name, options] = chain[i];
            links.push_back({make_perturbation(name, options), position + static_cast<std::uint32_t>(i)});
            const PerturbationInfo& own = links.back().unit->info();
            if (own.stage < reached) {
                throw UsageError("`" + own.name + "` acts " + where(own.stage) + " and cannot follow one that acts " +
                                 where(reached) + ": write it first.");
            }
            reached = own.stage;
            largest_severity_ = std::min(largest_severity_, own.max_severity);
            const bool first = i == 0 && !plain;
            summary_ += (summary_.empty() || first ? "" : ", then ") + own.summary;
            version_ += (version_.empty() || first ? "" : "+") + own.name + ":" + std::to_string(own.version);
            for (const auto& [key, value] : options) version_ += "," + key + "=" + value;
        }
        return links;
    }

    static const char* where(Stage stage) {
        switch (stage) {
            case Stage::source: return "before the geometry";
            case Stage::pixels: return "on the pixels after the geometry";
            case Stage::tensor: return "on the model's numbers";
        }
        return "";
    }

    // Draws of the chain itself; `what` keeps them apart from each other.
    Random draws(std::string_view what, const std::string& sample_id, double level) const {
        KeyHash hash;
        hash.add("misfire chain").add(what).add(seed_).add(names_).add(sample_id);
        if (spec_.independent_levels) hash.add(std::bit_cast<std::uint64_t>(level));
        return Random(hash.value());
    }

    std::size_t choice_of(std::size_t step, const std::string& sample_id, double level) const {
        if (steps_[step].size() == 1) return 0;
        std::int32_t choice = 0;
        draws("choice", sample_id, level)
            .integers(std::span(&choice, 1), 0, static_cast<std::int32_t>(steps_[step].size()), 0, step);
        return static_cast<std::size_t>(choice);
    }

    double severity_of(const std::string& sample_id, double level) const {
        const SeverityDraw& draw = spec_.severity_draw;
        if (draw.kind == SeverityDraw::Kind::level) return level;
        const Random random = draws("severity", sample_id, level);
        float value = 0.0F;
        if (draw.kind == SeverityDraw::Kind::normal)
            random.normal(std::span(&value, 1), 0);
        else
            value = random.uniform(0);
        double severity = 0.0;
        switch (draw.kind) {
            case SeverityDraw::Kind::level: break;
            case SeverityDraw::Kind::up_to: severity = level * static_cast<double>(value); break;
            case SeverityDraw::Kind::uniform:
                severity = level + draw.width * (2.0 * static_cast<double>(value) - 1.0);
                break;
            case SeverityDraw::Kind::normal: severity = level + draw.width * static_cast<double>(value); break;
        }
        return std::clamp(severity, 0.0, largest_severity_);
    }

    PerturbSpec spec_;
    std::uint64_t seed_;
    std::vector<Step> steps_;
    std::string names_;  // of all choices of all steps: what the draws of the chain itself are keyed by
    std::string summary_;
    std::string version_;
    Stage latest_ = Stage::source;
    double largest_severity_ = std::numeric_limits<double>::infinity();
};

// The samples of `clean` after every perturbation of the chain at one level.
class PerturbedView : public Dataset {
  public:
    PerturbedView(const Dataset& clean, const Chain& chain, double level, const ShiftContext& context)
        : clean_(clean), chain_(chain), level_(level), context_(context) {}

    const DatasetInfo& info() const override { return clean_.info(); }
    std::size_t size() const override { return clean_.size(); }
    const SampleKey& key(std::size_t i) const override { return clean_.key(i); }

    Sample at(std::size_t i) const override {
        thread_local Scratch scratch;
        thread_local Image out;
        if (level_ == 0.0) return clean_.at(i);
        const Path path = chain_.path_of(clean_.key(i).id, level_);
        auto link = path.links.begin();
        const auto at_stage = [&](Stage stage) {
            return link != path.links.end() && (*link)->unit->info().stage == stage;
        };
        const bool from_source = at_stage(Stage::source) && context_.source != nullptr;
        Sample sample = from_source ? context_.source->at(i) : clean_.at(i);
        Geometry geometry = context_.geometry;
        for (; at_stage(Stage::source); ++link) {
            const Random random = chain_.random(**link, sample.key.id, level_);
            perturb(*(*link)->unit, sample.image, out, path.severity, random, scratch);
            std::swap(sample.image, out);
            if (path.severity > 0.0) geometry = (*link)->unit->geometry(geometry, path.severity, random);
        }
        if (from_source && geometry.kind != Geometry::Kind::none) sample.image = apply_geometry(sample.image, geometry);
        for (; at_stage(Stage::pixels); ++link) {
            const Random random = chain_.random(**link, sample.key.id, level_);
            perturb(*(*link)->unit, sample.image, out, path.severity, random, scratch);
            std::swap(sample.image, out);
        }
        if (link != path.links.end() && path.severity > 0.0) {
            // Outlives the view, like the sample, but not the shift.
            sample.tensor_form = [&chain = chain_, level = level_, path, first = link - path.links.begin(),
                                  id = sample.key.id](TensorForm form) {
                for (auto l = path.links.begin() + first; l != path.links.end(); ++l)
                    form = (*l)->unit->tensor_form(form, path.severity, chain.random(**l, id, level));
                return form;
            };
        }
        if (chain_.strict() && std::min(sample.image.height, sample.image.width) > largest_raw_side) {
            jpeg_roundtrip(sample.image, published_jpeg_quality, out, scratch.bytes[0]);
            std::swap(sample.image, out);
        }
        return sample;
    }

  private:
    const Dataset& clean_;
    const Chain& chain_;
    double level_;
    ShiftContext context_;
};

class PerturbShift : public Shift {
  public:
    PerturbShift(const PerturbSpec& spec, std::uint64_t seed) : chain_(spec, seed) {
        info_.name = spec.name;
        info_.kind = "perturb";
        info_.unit = "severity";
        info_.levels.push_back({0.0, "0"});
        for (const double severity : spec.severities) info_.levels.push_back({severity, level_label(severity)});
        info_.summary = chain_.summary();
        info_.version = chain_.version();
    }

    const ShiftInfo& info() const override { return info_; }

    std::string parameter_set(int height, int width) const override {
        std::string sets;
        chain_.for_each_unit([&](const Perturbation& unit) {
            const std::string set = unit.parameter_set(height, width);
            if (!set.empty()) sets += (sets.empty() ? "" : ", then ") + set;
        });
        return sets;
    }

    void require_effect(const ModelInfo& model) const override {
        chain_.for_each_unit([&](const Perturbation& unit) {
            const PerturbationInfo& info = unit.info();
            const bool same_geometry =
                info.changes_geometry && unit.geometry(model.geometry, info.max_severity, Random(0)) == model.geometry;
            if (same_geometry) {
                throw ScenarioError("`" + info.name + "` cannot change how pictures are resized for " + model.name +
                                    ", whose input geometry leaves nothing to get wrong. Give the model an `input: "
                                    "{geometry: {resize: .., crop: ..}}`, or leave this shift out.");
            }
            if (info.stage == Stage::tensor &&
                unit.tensor_form(model.tensor, info.max_severity, Random(0)) == model.tensor) {
                throw ScenarioError("`" + info.name + "` changes nothing for " + model.name +
                                    ": its input has that form already. Choose another option of `" + info.name +
                                    "` (misfire describe " + info.name + "), or leave this shift out.");
            }
        });
    }

    std::string drawn(std::size_t level, const std::string& sample_id) const override {
        return chain_.drawn(sample_id, info_.levels.at(level).value);
    }

    std::unique_ptr<Dataset> at(const Dataset& clean, std::size_t level, const ShiftContext& context) const override {
        return std::make_unique<PerturbedView>(clean, chain_, info_.levels.at(level).value, context);
    }

  private:
    Chain chain_;
    ShiftInfo info_;
};

}  // namespace

std::string name_of(const SeverityDraw& draw) {
    switch (draw.kind) {
        case SeverityDraw::Kind::level: return "";
        case SeverityDraw::Kind::up_to: return "up_to";
        case SeverityDraw::Kind::uniform: return "uniform" + level_label(draw.width);
        case SeverityDraw::Kind::normal: return "normal" + level_label(draw.width);
    }
    return "";
}

std::unique_ptr<Shift> make_perturb_shift(const PerturbSpec& spec, std::uint64_t seed) {
    return std::make_unique<PerturbShift>(spec, seed);
}

}  // namespace misfire
