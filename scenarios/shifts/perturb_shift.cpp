#include "scenarios/shifts/perturb_shift.h"

#include <utility>

#include "perturbations/perturb.h"
#include "perturbations/registry.h"
#include "scenarios/severities.h"

namespace misfire {

namespace {

using Chain = std::vector<std::unique_ptr<Perturbation>>;

struct Draws {
    std::uint64_t seed;
    bool independent_levels;
};

// The samples of `clean` after every perturbation of the chain at one severity.
class PerturbedView : public Dataset {
  public:
    PerturbedView(const Dataset& clean, const Chain& chain, double severity, Draws draws)
        : clean_(clean), chain_(chain), severity_(severity), draws_(draws) {}

    const DatasetInfo& info() const override { return clean_.info(); }
    std::size_t size() const override { return clean_.size(); }
    const SampleKey& key(std::size_t i) const override { return clean_.key(i); }

    Sample at(std::size_t i) const override {
        thread_local Scratch scratch;
        thread_local Image out;
        Sample sample = clean_.at(i);
        for (std::uint32_t position = 0; position < chain_.size(); ++position) {
            const PerturbationInfo& unit = chain_[position]->info();
            const std::uint64_t key = draws_.independent_levels
                                          ? perturbation_key(draws_.seed, unit, position, sample.key.id, severity_)
                                          : perturbation_key(draws_.seed, unit, position, sample.key.id);
            perturb(*chain_[position], sample.image, out, severity_, Random(key), scratch);
            std::swap(sample.image, out);
        }
        return sample;
    }

  private:
    const Dataset& clean_;
    const Chain& chain_;
    double severity_;
    Draws draws_;
};

class PerturbShift : public Shift {
  public:
    PerturbShift(ShiftInfo info, Chain chain, Draws draws)
        : info_(std::move(info)), chain_(std::move(chain)), draws_(draws) {}

    const ShiftInfo& info() const override { return info_; }

    std::string parameter_set(int height, int width) const override {
        std::string sets;
        for (const auto& unit : chain_) sets += (sets.empty() ? "" : ", then ") + unit->parameter_set(height, width);
        return sets;
    }

    std::unique_ptr<Dataset> at(const Dataset& clean, std::size_t level, const ShiftContext&) const override {
        return std::make_unique<PerturbedView>(clean, chain_, info_.levels.at(level).value, draws_);
    }

  private:
    ShiftInfo info_;
    Chain chain_;
    Draws draws_;
};

}  // namespace

std::unique_ptr<Shift> make_perturb_shift(std::string name, const std::vector<std::pair<std::string, Options>>& chain,
                                          const std::vector<double>& severities, bool independent_levels,
                                          std::uint64_t seed) {
    ShiftInfo info;
    info.name = std::move(name);
    info.kind = "perturb";
    info.unit = "severity";
    info.levels.push_back({0.0, "0"});
    for (const double severity : severities) info.levels.push_back({severity, level_label(severity)});
    Chain units;
    for (const auto& [unit, options] : chain) {
        units.push_back(make_perturbation(unit, options));
        const PerturbationInfo& own = units.back()->info();
        info.summary += (info.summary.empty() ? "" : ", then ") + own.summary;
        info.version += (info.version.empty() ? "" : "+") + own.name + ":" + std::to_string(own.version);
        for (const auto& [key, value] : options) info.version += "," + key + "=" + value;
    }
    return std::make_unique<PerturbShift>(std::move(info), std::move(units), Draws{seed, independent_levels});
}

}  // namespace misfire
