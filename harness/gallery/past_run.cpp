#include "harness/gallery/past_run.h"

#include <algorithm>
#include <iterator>
#include <unordered_map>

#include "core/error.h"
#include "harness/known_metrics.h"
#include "harness/setup.h"
#include "models/card.h"
#include "models/zoo.h"

namespace misfire {

namespace fs = std::filesystem;

namespace {

constexpr const char* moved =
    " If it has moved since the run, say where it is: --set data.images=FOLDER (or .npy, .table).";

Scenario scenario_of(const ResultsFile& results, const std::vector<std::string>& overrides) {
    return parse_scenario(results.summary().scenario, results.path().string(), results.path().parent_path(), overrides,
                          known_metrics());
}

std::unique_ptr<Dataset> open_again(const DataSpec& spec) {
    try {
        return open_data(spec);
    } catch (const DataError& error) {
        throw DataError(std::string(error.what()) + moved);
    }
}

Geometry geometry_of(const ModelSpec& model, const Scenario& scenario) {
    if (model.input.geometry) return *model.input.geometry;
    if (scenario.input.geometry) return *scenario.input.geometry;
    const std::optional<Card> card = read_card(resolve_model(model.file));
    return card && card->geometry ? *card->geometry : Geometry{};
}

}  // namespace

PastRun::PastRun(const fs::path& run, const std::vector<std::string>& overrides)
    : results_(run), scenario_(scenario_of(results_, overrides)), data_(open_again(scenario_.data)) {
    for (const ModelInfo& model : results_.record().models) models_.push_back(model.name);
    find_samples();
    if (!is_table()) open_pictures();
}

void PastRun::find_samples() {
    std::unordered_map<std::string, std::size_t> places;
    for (std::size_t i = 0; i < data_->size(); ++i) places.emplace(data_->key(i).id, i);
    places_.assign(sample_count(), gone);
    for (std::size_t i = sample_count(); i-- > 0;) {
        const auto found = places.find(sample_ids()[i]);
        if (found != places.end()) {
            places_[i] = found->second;
            continue;
        }
        ++gone_count_;
        first_gone_ = i;
    }
    if (sample_count() > 0 && gone_count_ == sample_count()) {
        throw DataError("None of the " + std::to_string(sample_count()) + " samples of the run (the first: " +
                        first_gone() + ") is in " + data_->info().name + " any more." + moved);
    }
}

void PastRun::open_pictures() {
    for (const std::string& name : models_) {
        const auto spec = std::find_if(scenario_.models.begin(), scenario_.models.end(),
                                       [&](const ModelSpec& model) { return model.name == name; });
        geometries_.push_back(spec == scenario_.models.end() ? Geometry{} : geometry_of(*spec, scenario_));
    }
    const auto there = std::find_if(places_.begin(), places_.end(), [](std::size_t place) { return place != gone; });
    const std::size_t first = there == places_.end() ? 0 : *there;
    // The run's own samples: out-of-distribution images are chosen apart from them.
    std::vector<std::size_t> selection;
    std::copy_if(places_.begin(), places_.end(), std::back_inserter(selection),
                 [](std::size_t place) { return place != gone; });
    shifts_ = open_shifts(scenario_, *data_, image_sizes(geometries_, *data_, first), selection);
}

const Shift* PastRun::shift(const std::string& name) const {
    const auto found =
        std::find_if(shifts_.begin(), shifts_.end(), [&](const auto& shift) { return shift->info().name == name; });
    return found == shifts_.end() ? nullptr : found->get();
}

std::unique_ptr<Shift> PastRun::shift_at(const std::string& name, const std::vector<double>& severities) const {
    for (const ShiftSpec& spec : scenario_.shifts) {
        const auto* perturb = std::get_if<PerturbSpec>(&spec);
        if (perturb == nullptr || perturb->name != name) continue;
        PerturbSpec finer = *perturb;
        finer.severities = severities;
        return make_perturb_shift(finer, scenario_.seed);
    }
    return nullptr;
}

const std::vector<std::string>& PastRun::class_names() const {
    const std::vector<std::string>& recorded = results_.record().class_names;
    return recorded.empty() ? data_->info().classes : recorded;
}

std::string PastRun::answer_name(std::size_t model, std::int32_t prediction) const {
    if (prediction == not_finite) return "no finite answer";
    if (prediction < 0) return "no answer";
    const auto index = static_cast<std::size_t>(prediction);
    const std::vector<std::string>& own = results_.record().models[model].class_names;
    if (index < own.size()) return own[index];
    const std::vector<std::string>& classes = class_names();
    const bool same = static_cast<std::int64_t>(classes.size()) == results_.record().models[model].classes;
    return same && index < classes.size() ? classes[index] : "class " + std::to_string(prediction);
}

std::string PastRun::target_name(std::size_t sample) const {
    const std::vector<std::int32_t>& targets = results_.record().targets;
    if (targets.empty() || targets[sample] < 0) return "";
    const auto index = static_cast<std::size_t>(targets[sample]);
    const std::vector<std::string>& classes = class_names();
    return index < classes.size() ? classes[index] : "class " + std::to_string(index);
}

}  // namespace misfire
