#include "results/run_record.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/error.h"

namespace misfire {

NLOHMANN_JSON_SERIALIZE_ENUM(OutputKind, {{OutputKind::logits, "logits"},
                                          {OutputKind::probabilities, "probabilities"},
                                          {OutputKind::log_probabilities, "log-probabilities"},
                                          {OutputKind::regression, "regression"}})
NLOHMANN_JSON_SERIALIZE_ENUM(Geometry::Kind, {{Geometry::Kind::none, "none"},
                                              {Geometry::Kind::exact, "exact"},
                                              {Geometry::Kind::shorter_side_then_crop, "shorter_side_then_crop"}})
NLOHMANN_JSON_SERIALIZE_ENUM(PairsWith, {{PairsWith::reference, "reference"},
                                         {PairsWith::previous, "previous"},
                                         {PairsWith::none, "none"}})
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Geometry, kind, height, width, resize, crop)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(TensorForm, channels, scale, mean, std)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ModelInfo, name, path, sha256, parent, parameters, task, output, class_names,
                                   classes, geometry, tensor, input_height, input_width, features, differentiable,
                                   quantised, engine, optimize, device, fixed_batch, quantiles)
NLOHMANN_JSON_SERIALIZE_ENUM(Status, {{Status::ok, "ok"},
                                      {Status::error, "error"},
                                      {Status::skipped, "skipped"},
                                      {Status::undefined, "undefined"}})
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ScoreState, model, name, score, version, options, status, message)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Level, value, label)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ShiftInfo, name, kind, summary, unit, levels, reference_is_clean, reference_level,
                                   sequential, pairs_with, pairs_stride, labels_changed, parameter_set, version,
                                   effect_meaning, effects, changes_at, moves, ood_ids)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(MonitorUse, monitor, on, window)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(RunRecord, run_id, scenario, seed, dataset, class_names, models, shifts, sample_ids,
                                   targets, attribute_names, attributes, blocks, metrics, curve_metrics,
                                   reference_model, benchmark, keep, scores, skipped_cells, environment, times,
                                   monitors, monitored_inputs, monitor_trials)

namespace {

// Severity 0 of a shift whose reference is the clean data is the clean data.
bool is_shared_reference(const ShiftInfo& shift, const Level& level) {
    return shift.reference_is_clean && level.value == 0.0;
}

// JSON has no NaN: a level without an effect, such as the clean one, was written as null.
void restore_nan(nlohmann::json& record) {
    for (nlohmann::json& shift : record.at("shifts")) {
        for (nlohmann::json& effect : shift.at("effects")) {
            if (effect.is_null()) effect = std::numeric_limits<double>::quiet_NaN();
        }
    }
}

void check(const RunRecord& record) {
    const std::size_t samples = record.sample_ids.size();
    bool whole = record.targets.empty() || record.targets.size() == samples;
    whole = whole && (record.times.empty() || record.times.size() == samples);
    whole = whole && record.attributes.size() == record.attribute_names.size();
    for (const auto& values : record.attributes) whole = whole && values.size() == samples;
    std::vector<bool> seen(samples, false);
    std::size_t rows = 0;
    for (const auto& block : record.blocks) {
        for (const std::uint32_t row : block) {
            whole = whole && row < samples && !seen[row];
            if (!whole) break;
            seen[row] = true;
            ++rows;
        }
    }
    if (!whole || rows != samples) {
        throw StoreError("the run's record is not whole: its columns or blocks do not fit its " +
                         std::to_string(samples) + " samples. The journal is damaged; run the scenario again.");
    }
}

}  // namespace

std::string cell_name(std::string_view model, std::string_view shift, std::string_view label) {
    std::string name(model);
    name.append("/").append(shift).append("/").append(label);
    return name;
}

std::vector<Cell> cells_of(const RunRecord& record) {
    const bool shared =
        record.shifts.empty() || std::any_of(record.shifts.begin(), record.shifts.end(),
                                             [](const auto& shift) { return shift.reference_is_clean; });
    std::vector<Cell> cells;
    for (std::size_t m = 0; m < record.models.size(); ++m) {
        const std::string& model = record.models[m].name;
        if (shared) cells.push_back({cell_name(model, clean_shift, "0"), m, std::string(clean_shift), 0.0, "0", true});
        for (const ShiftInfo& shift : record.shifts) {
            for (std::size_t l = 0; l < shift.levels.size(); ++l) {
                const Level& level = shift.levels[l];
                if (is_shared_reference(shift, level)) continue;
                const bool reference = !shift.reference_is_clean && l == shift.reference_level;
                cells.push_back(
                    {cell_name(model, shift.name, level.label), m, shift.name, level.value, level.label, reference});
            }
        }
    }
    return cells;
}

std::vector<std::size_t> curve_cells(const RunRecord& record, const std::vector<Cell>& cells, std::size_t model,
                                     std::size_t shift) {
    const ShiftInfo& info = record.shifts.at(shift);
    std::vector<std::size_t> found;
    for (std::size_t c = 0; c < cells.size(); ++c) {
        if (cells[c].model != model) continue;
        if (cells[c].shift == info.name || (info.reference_is_clean && cells[c].shift == clean_shift))
            found.push_back(c);
    }
    std::stable_sort(found.begin(), found.end(),
                     [&](std::size_t a, std::size_t b) { return cells[a].level < cells[b].level; });
    return found;
}

std::vector<Effect> effects_of(const std::vector<ShiftInfo>& shifts) {
    std::vector<Effect> effects;
    for (const ShiftInfo& shift : shifts) {
        if (shift.effect_meaning.empty()) continue;
        for (std::size_t l = 0; l < std::min(shift.levels.size(), shift.effects.size()); ++l) {
            if (!std::isnan(shift.effects[l]))
                effects.push_back({shift.name, shift.levels[l].value, shift.levels[l].label, shift.effects[l],
                                   shift.effect_meaning, shift.moves});
        }
    }
    return effects;
}

std::string to_json(const RunRecord& record) {
    try {
        return nlohmann::json(record).dump();
    } catch (const nlohmann::json::type_error& error) {
        throw DataError(std::string("a file name, label or scenario text is not UTF-8 (") + error.what() +
                        "). Rename the file, or convert the text to UTF-8.");
    }
}

RunRecord run_record_from_json(std::string_view text) {
    RunRecord record;
    try {
        nlohmann::json json = nlohmann::json::parse(text);
        restore_nan(json);
        record = json.get<RunRecord>();
    } catch (const nlohmann::json::exception& error) {
        throw StoreError(std::string("the run's record is not whole (") + error.what() +
                         "). The journal is damaged or of another misfire; run the scenario again.");
    }
    check(record);
    return record;
}

}  // namespace misfire
