// The effective scenario as text.
#include <yaml-cpp/yaml.h>

#include "scenarios/emit_yaml.h"
#include "scenarios/scenario.h"
#include "scenarios/scenario_checks.h"
#include "scenarios/scenario_ood.h"
#include "scenarios/scenario_scores.h"
#include "scenarios/sequence_yaml.h"
#include "scenarios/severities.h"

namespace misfire {

void emit_numbers(YAML::Emitter& out, const char* key, const std::vector<double>& values) {
    out << YAML::Key << key << YAML::Value << YAML::Flow << YAML::BeginSeq;
    for (const double value : values) out << level_label(value);
    out << YAML::EndSeq;
}

void emit_texts(YAML::Emitter& out, const char* key, const std::vector<std::string>& values) {
    out << YAML::Key << key << YAML::Value << YAML::Flow << values;
}

void emit_text(YAML::Emitter& out, const char* key, const std::string& value) {
    if (!value.empty()) out << YAML::Key << key << YAML::Value << value;
}

namespace {

void emit_geometry(YAML::Emitter& out, const Geometry& geometry) {
    out << YAML::Key << "geometry" << YAML::Value;
    switch (geometry.kind) {
        case Geometry::Kind::none: out << "none"; return;
        case Geometry::Kind::exact:
            out << YAML::Flow << YAML::BeginMap << YAML::Key << "size" << YAML::Value << YAML::Flow << YAML::BeginSeq
                << geometry.height << geometry.width << YAML::EndSeq << YAML::EndMap;
            return;
        case Geometry::Kind::shorter_side_then_crop:
            out << YAML::Flow << YAML::BeginMap << YAML::Key << "resize" << YAML::Value << geometry.resize << YAML::Key
                << "crop" << YAML::Value << geometry.crop << YAML::EndMap;
            return;
    }
}

void emit_input(YAML::Emitter& out, const InputSpec& input) {
    if (!input.geometry && !input.tensor) return;
    out << YAML::Key << "input" << YAML::Value << YAML::BeginMap;
    if (input.geometry) emit_geometry(out, *input.geometry);
    if (input.tensor) {
        out << YAML::Key << "tensor" << YAML::Value << YAML::BeginMap << YAML::Key << "channels" << YAML::Value
            << input.tensor->channels << YAML::Key << "scale" << YAML::Value << level_label(input.tensor->scale);
        if (!input.tensor->mean.empty()) emit_numbers(out, "mean", input.tensor->mean);
        if (!input.tensor->std.empty()) emit_numbers(out, "std", input.tensor->std);
        out << YAML::EndMap;
    }
    out << YAML::EndMap;
}

void emit_model(YAML::Emitter& out, const ModelSpec& model) {
    out << YAML::BeginMap;
    emit_text(out, "name", model.name);
    emit_text(out, "path", model.file);
    if (model.output) emit_text(out, "output", name_of(*model.output));
    if (model.output_key) emit_text(out, "output_key", *model.output_key);
    emit_text(out, "engine", model.engine);
    emit_text(out, "optimize", model.optimize);
    emit_text(out, "expect_sha256", model.expect_sha256);
    emit_input(out, model.input);
    out << YAML::EndMap;
}

void emit_table_data(YAML::Emitter& out, const DataSpec& data) {
    emit_text(out, data.form == DataSpec::Form::series ? "series" : "table", data.table.string());
    emit_text(out, "time", data.time_column);
    emit_text(out, "time_format", data.time_format);
    emit_text(out, "from", data.from);
    emit_text(out, "to", data.to);
    emit_text(out, "target", data.target_column);
    if (!data.features.empty()) emit_texts(out, "features", data.features);
    if (!data.derived.empty()) out << YAML::Key << "derived" << YAML::Value << YAML::Flow << data.derived;
    if (!data.categories.empty()) out << YAML::Key << "categories" << YAML::Value << YAML::Flow << data.categories;
    if (!data.groups.empty()) emit_texts(out, "groups", data.groups);
    emit_text(out, "missing", data.missing);
    out << YAML::Key << "window" << YAML::Value << data.window;
    emit_text(out, "task", data.regression ? "regression" : "classification");
    emit_text(out, "unit", data.unit);
}

}  // namespace

void emit_data(YAML::Emitter& out, const DataSpec& data) {
    if (data.form == DataSpec::Form::table || data.form == DataSpec::Form::series) return emit_table_data(out, data);
    emit_text(out, "from", data.from);
    emit_text(out, "to", data.to);
    if (data.missing != "refuse") emit_text(out, "missing", data.missing);
    emit_text(out, "zoo", data.zoo_name);
    emit_text(out, "images", data.images.string());
    emit_text(out, "npy", data.npy.string());
    emit_text(out, "labels",
              data.labels_none          ? "none"
              : data.labels_csv.empty() ? data.npy_labels.string()
                                        : data.labels_csv.string());
    if (!data.labels_csv.empty()) {
        emit_text(out, "file", data.file_column);
        emit_text(out, "label", data.label_column);
    }
    if (!data.groups.empty()) emit_texts(out, "groups", data.groups);
    emit_text(out, "class_map", data.class_map.string());
    if (data.restrict_to_map) out << YAML::Key << "restrict" << YAML::Value << true;
    emit_text(out, "classes", data.classes.string());
    emit_text(out, "benchmark", data.benchmark);
    out << YAML::Key << "match" << YAML::Value << (data.match_by_index ? "index" : "name");
}

namespace {

void emit_step(YAML::Emitter& out, const PerturbStep& step) {
    if (step.choices.size() == 1) {
        out << step.names.front();
        return;
    }
    out << YAML::Flow << YAML::BeginMap;
    emit_texts(out, "any_of", step.names);
    out << YAML::EndMap;
}

void emit_severity_draw(YAML::Emitter& out, const SeverityDraw& draw) {
    if (draw.kind == SeverityDraw::Kind::level) return;
    out << YAML::Key << "severity_draw" << YAML::Value;
    if (draw.kind == SeverityDraw::Kind::up_to) {
        out << "up_to";
        return;
    }
    out << YAML::Flow << YAML::BeginMap << YAML::Key
        << (draw.kind == SeverityDraw::Kind::uniform ? "uniform" : "normal") << YAML::Value << level_label(draw.width)
        << YAML::EndMap;
}

}  // namespace

void emit_perturb(YAML::Emitter& out, const PerturbSpec& shift) {
    out << YAML::BeginMap << YAML::Key << "perturb" << YAML::Value;
    Options options;
    std::string plain;
    bool any_choice = false;
    for (const PerturbStep& step : shift.chain) {
        plain += (plain.empty() ? "" : "+") + step.names.front();
        any_choice = any_choice || step.choices.size() > 1;
        for (const UnitChain& choice : step.choices) {
            for (const auto& [name, own] : choice) options.insert(own.begin(), own.end());
        }
    }
    if (any_choice) {
        out << YAML::BeginMap << YAML::Key << "chain" << YAML::Value << YAML::Flow << YAML::BeginSeq;
        for (const PerturbStep& step : shift.chain) emit_step(out, step);
        out << YAML::EndSeq << YAML::EndMap;
    } else {
        out << plain;
    }
    emit_text(out, "name", shift.name);
    emit_numbers(out, "severities", shift.severities);
    emit_severity_draw(out, shift.severity_draw);
    if (!options.empty()) {
        out << YAML::Key << "options" << YAML::Value << YAML::Flow << YAML::BeginMap;
        for (const auto& [key, value] : options) out << YAML::Key << key << YAML::Value << value;
        out << YAML::EndMap;
    }
    out << YAML::Key << "independent_levels" << YAML::Value << shift.independent_levels << YAML::Key << "strict"
        << YAML::Value << shift.strict << YAML::EndMap;
}

namespace {

void emit_shift(YAML::Emitter& out, const PerturbSpec& shift) { emit_perturb(out, shift); }

void emit_shift(YAML::Emitter& out, const OodSpec& shift) { emit_ood(out, shift); }

void emit_shift(YAML::Emitter& out, const FilesSpec& shift) {
    out << YAML::BeginMap << YAML::Key << "files" << YAML::Value << YAML::BeginMap;
    emit_text(out, "root", shift.root.string());
    emit_text(out, "form",
              shift.form == FilesSpec::Form::cifar_c      ? "cifar-c"
              : shift.form == FilesSpec::Form::imagenet_c ? "imagenet-c"
                                                          : "folders");
    if (!shift.names.empty()) emit_texts(out, "names", shift.names);
    if (!shift.severities.empty()) emit_numbers(out, "severities", shift.severities);
    out << YAML::EndMap << YAML::EndMap;
}

void emit_shift(YAML::Emitter& out, const SequenceSpec& shift) { emit_sequence(out, shift); }

void emit_shift(YAML::Emitter& out, const TablePerturbSpec& shift) {
    out << YAML::BeginMap;
    emit_text(out, "perturb", shift.family);
    emit_text(out, "name", shift.name);
    emit_numbers(out, "severities", shift.severities);
    Options said = shift.options;
    std::erase_if(said, [](const auto& option) { return option.second.empty(); });  // the reader takes no empty text
    if (!said.empty()) out << YAML::Key << "options" << YAML::Value << YAML::Flow << said;
    emit_text(out, "lags", shift.frozen_lags ? "frozen" : "recomputed");
    out << YAML::EndMap;
}

void emit_shift(YAML::Emitter& out, const BehaviourSpec& shift) {
    out << YAML::BeginMap;
    emit_text(out, "name", shift.name);
    out << YAML::Key << "behaviour" << YAML::Value << YAML::BeginMap;
    emit_text(out, "profile", shift.profile);
    emit_text(out, "series", shift.series);
    emit_numbers(out, "severities", shift.severities);
    emit_text(out, "from", shift.from);
    emit_text(out, "end", shift.end);
    emit_text(out, "ratios", shift.by_weekday ? "by_weekday" : "all_days");
    emit_text(out, "lags", shift.frozen_lags ? "frozen" : "recomputed");
    if (!shift.columns.empty()) emit_texts(out, "columns", shift.columns);
    out << YAML::EndMap << YAML::EndMap;
}

void emit_shift(YAML::Emitter& out, const CalendarSpec& shift) {
    out << YAML::BeginMap;
    emit_text(out, "name", shift.name);
    out << YAML::Key << "calendar" << YAML::Value << YAML::BeginMap;
    emit_text(out, "by",
              shift.by == CalendarSpec::By::month     ? "month"
              : shift.by == CalendarSpec::By::quarter ? "quarter"
                                                      : "week");
    emit_text(out, "from", shift.from);
    emit_text(out, "to", shift.to);
    emit_text(out, "reference", shift.reference);
    emit_text(out, "change", shift.change);
    out << YAML::EndMap << YAML::EndMap;
}

void emit_monitors(YAML::Emitter& out, const Scenario& scenario) {
    if (scenario.monitors.empty()) return;
    out << YAML::Key << "monitors" << YAML::Value << YAML::BeginSeq;
    for (const MonitorSpec& monitor : scenario.monitors) {
        out << YAML::Flow << YAML::BeginMap;
        emit_text(out, "monitor", monitor.monitor);
        emit_text(out, "on", monitor.on);
        if (monitor.window != 0) out << YAML::Key << "window" << YAML::Value << monitor.window;
        out << YAML::EndMap;
    }
    out << YAML::EndSeq;
    if (scenario.monitor_trials != 0) out << YAML::Key << "monitor_trials" << YAML::Value << scenario.monitor_trials;
}

}  // namespace

std::string to_yaml(const Scenario& scenario, bool with_block_and_batch) {
    YAML::Emitter out;
    out << YAML::BeginMap;
    emit_text(out, "name", scenario.name);
    out << YAML::Key << "seed" << YAML::Value << scenario.seed;
    out << YAML::Key << "models" << YAML::Value << YAML::BeginSeq;
    for (const ModelSpec& model : scenario.models) emit_model(out, model);
    out << YAML::EndSeq;
    out << YAML::Key << "data" << YAML::Value << YAML::BeginMap;
    emit_data(out, scenario.data);
    out << YAML::EndMap;
    out << YAML::Key << "limit" << YAML::Value << scenario.limit;
    emit_input(out, scenario.input);
    out << YAML::Key << "shifts" << YAML::Value << YAML::BeginSeq;
    for (const ShiftSpec& shift : scenario.shifts) {
        std::visit([&out](const auto& spec) { emit_shift(out, spec); }, shift);
    }
    out << YAML::EndSeq;
    emit_texts(out, "metrics", scenario.metrics);
    emit_scores(out, scenario);
    emit_text(out, "reference_model", scenario.reference_model);
    emit_monitors(out, scenario);
    if (!scenario.checks.empty()) {
        out << YAML::Key << "checks" << YAML::Value;
        emit_checks(out, scenario.checks);
    }
    emit_texts(out, "keep", scenario.keep);
    emit_text(out, "device", scenario.device);
    if (with_block_and_batch) {
        out << YAML::Key << "block" << YAML::Value << scenario.block;
        out << YAML::Key << "batch" << YAML::Value << scenario.batch;
    }
    out << YAML::EndMap;
    return std::string(out.c_str()) + "\n";
}

}  // namespace misfire
