#include "harness/setup.h"

#include <algorithm>
#include <map>
#include <regex>
#include <set>
#include <utility>

#include "core/error.h"
#include "core/random.h"
#include "harness/ood.h"
#include "harness/score_setup.h"
#include "models/card.h"
#include "models/torchscript.h"
#include "models/zoo.h"
#include "perturbations/tensor_picture.h"
#include "results/curve_metrics/registry.h"
#include "results/metrics/registry.h"
#include "results/monitoring/monitor_use.h"
#include "scenarios/data/class_map.h"
#include "scenarios/data/select.h"
#include "scenarios/data/table_dataset.h"
#include "scenarios/data/views.h"
#include "scenarios/shifts/perturb_shift.h"

namespace misfire {

namespace {

// The first samples of a table, to try models on.
std::vector<float> first_rows(const Dataset& data) {
    std::vector<float> rows;
    for (std::size_t i = 0; i < std::min<std::size_t>(4, data.size()); ++i) {
        const std::vector<float> row = data.at(i).row;
        rows.insert(rows.end(), row.begin(), row.end());
    }
    return rows;
}

// A model of a table must have been made for these columns.
void check_columns(const ModelInfo& model, const TableData& table) {
    std::vector<std::string> names;
    for (const std::size_t column : table.features) names.push_back(table.table.columns[column].name);
    if (model.columns.empty() || model.columns == names) return;
    for (std::size_t i = 0; i < std::max(names.size(), model.columns.size()); ++i) {
        const std::string given = i < names.size() ? names[i] : "nothing",
                          wanted = i < model.columns.size() ? model.columns[i] : "nothing";
        if (given == wanted) continue;
        throw DataError("Feature " + std::to_string(i + 1) + " of the data is `" + given + "`, and the card of " +
                        model.name + " says `" + wanted +
                        "`. Give `features` in the order of the card's `columns`, or "
                        "leave them out.");
    }
}

std::unique_ptr<Model> open_table_model(LoadOptions options, const ModelSpec& spec, const Dataset& data) {
    const TableData& table = *data.table();
    options.row_features = static_cast<int>(table.features.size());
    options.row_window = static_cast<int>(table.window);
    options.row_samples = first_rows(data);
    if (!table.classification && !options.output) options.output = OutputKind::regression;
    std::unique_ptr<Model> model = load_model(resolve_model(spec.file), options);
    check_columns(model->info(), table);
    const bool regression = model->info().output == OutputKind::regression;
    if (regression == table.classification) {
        throw ModelError("The model " + spec.name + " answers " +
                         (regression ? "a number (regression), and the target of the data is a class."
                                     : "classes, and the target of the data is a number.") +
                         " Say `task:` in `data`, or `output:` of the model.");
    }
    return model;
}

std::unique_ptr<Model> open_model(const ModelSpec& spec, const Scenario& scenario, const Dataset& data) {
    LoadOptions options;
    options.name = spec.name;
    options.device = scenario.device;
    options.optimize = spec.optimize;
    options.engine = spec.engine;
    options.expect_sha256 = spec.expect_sha256;
    options.output = spec.output;
    options.output_key = spec.output_key;
    if (data.table() != nullptr) return open_table_model(std::move(options), spec, data);
    options.geometry = spec.input.geometry ? spec.input.geometry : scenario.input.geometry;
    options.tensor = spec.input.tensor ? spec.input.tensor : scenario.input.tensor;
    std::unique_ptr<Model> model = load_model(resolve_model(spec.file), options);
    if (model->info().input != InputKind::image) {
        throw ModelError("The model " + spec.name + " takes rows of " + std::to_string(model->info().input_width) +
                         " numbers (its card names columns), and the data is images. Give `data: {table: ..}` or "
                         "`{series: ..}`, or a model of images.");
    }
    if (model->info().output == OutputKind::regression) {
        throw ModelError(
            "The model " + spec.name +
            " gives one number per sample (regression), but images are scored as classes here. Give a classifier.");
    }
    return model;
}

}  // namespace

std::vector<std::int64_t> class_columns(const DatasetInfo& data, const DataSpec& spec, const ModelInfo& model,
                                        std::int64_t highest_label) {
    const auto known = static_cast<std::int64_t>(data.classes.size());
    const std::int64_t count = std::max(known, highest_label + 1);
    if (!spec.class_map.empty()) return read_class_map(spec.class_map, data, count, model.class_names, model.classes);
    std::vector<std::int64_t> columns(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < columns.size(); ++i) columns[i] = static_cast<std::int64_t>(i);
    if (!spec.match_by_index && known > 0 && !model.class_names.empty()) {
        for (std::size_t i = 0; i < data.classes.size(); ++i) {
            const auto found = std::find(model.class_names.begin(), model.class_names.end(), data.classes[i]);
            if (found == model.class_names.end()) {
                throw DataError("The class `" + data.classes[i] + "` of the data is none of the " +
                                std::to_string(model.class_names.size()) + " classes of " + model.name + " (`" +
                                model.class_names.front() +
                                "`, ...). Give `class_map: map.csv` in "
                                "`data`, or `match: index` if class number i of the data is output i of the model.");
            }
            columns[i] = found - model.class_names.begin();
        }
        return columns;
    }
    if (count > model.classes) {
        throw DataError("The data has " + std::to_string(count) + " classes and " + model.name + " answers " +
                        std::to_string(model.classes) +
                        ". Give the data that the model was made for, or `class_map: map.csv` in `data`.");
    }
    if (known > 0 && known < model.classes && !spec.match_by_index) {
        throw DataError("The data has " + std::to_string(known) + " classes and " + model.name + " answers " +
                        std::to_string(model.classes) +
                        ", and the model's class names are not known. Give `class_map: map.csv` in `data`, or `match: "
                        "index` if class "
                        "number i of the data is output i of the model.");
    }
    return columns;
}

namespace {

TargetMap map_targets(const Setup& setup, const ModelInfo& model) {
    TargetMap map;
    map.classes = model.classes;
    if (!setup.data->info().labelled || setup.data->info().regression) return map;
    std::int64_t highest = -1;
    for (const std::size_t i : setup.selection) highest = std::max(highest, setup.data->key(i).target.value_or(-1));
    const std::vector<std::int64_t> columns = class_columns(setup.data->info(), setup.scenario.data, model, highest);
    const bool restrict_outputs = setup.scenario.data.restrict_to_map;
    if (setup.data->table() != nullptr) map.class_columns = columns;
    if (restrict_outputs) {
        map.restricted_columns = columns;
        map.classes = static_cast<std::int64_t>(columns.size());
    }
    for (const std::size_t i : setup.selection) {
        const SampleKey& key = setup.data->key(i);
        if (!key.target || *key.target < 0) {
            throw DataError("The sample " + key.id +
                            " has no label while others have. Label it, take it out, or say `labels: none`.");
        }
        map.targets.push_back(
            static_cast<std::int32_t>(restrict_outputs ? *key.target : columns[static_cast<std::size_t>(*key.target)]));
    }
    hold_out_outputs(setup.scenario, model, map);
    return map;
}

std::set<std::pair<int, int>> image_sizes(const Setup& setup) {
    std::vector<Geometry> geometries;
    for (const auto& model : setup.models) geometries.push_back(model->info().geometry);
    return image_sizes(geometries, *setup.data, setup.selection.front());
}

std::unique_ptr<Shift> open_sequence(const SequenceSpec& spec, const Scenario& scenario,
                                     const std::set<std::pair<int, int>>& sizes) {
    try {
        return make_sequence_shift(spec, sizes, scenario.seed);
    } catch (const ScenarioError& error) {
        throw ScenarioError(scenario.file + ": " + error.what());
    }
}

}  // namespace

Image picture_of(const Sample& sample) {
    if (!sample.tensor_form) return sample.image;
    const TensorForm right = imagenet_form(sample.image.channels);
    Image seen;
    show_in_form(sample.image, right, sample.tensor_form(right), seen);
    return seen;
}

void require_effect(const std::vector<std::unique_ptr<Shift>>& shifts, const Geometry& geometry) {
    ModelInfo model;
    model.name = "these images";
    model.geometry = geometry;
    model.tensor = imagenet_form(3);
    for (const auto& shift : shifts) shift->require_effect(model);
}

std::set<std::pair<int, int>> image_sizes(const std::vector<Geometry>& geometries, const Dataset& data,
                                          std::size_t first) {
    std::set<std::pair<int, int>> sizes;
    if (data.table() != nullptr) return sizes;
    for (const Geometry& geometry : geometries) {
        if (geometry.kind == Geometry::Kind::exact) sizes.emplace(geometry.height, geometry.width);
        if (geometry.kind == Geometry::Kind::shorter_side_then_crop) sizes.emplace(geometry.crop, geometry.crop);
        if (geometry.kind != Geometry::Kind::none) continue;
        const MemoryView::Entry entry = read_entry(data, first);
        if (entry.bad.empty()) sizes.emplace(entry.sample.image.height, entry.sample.image.width);
    }
    return sizes;
}

std::vector<std::unique_ptr<Shift>> open_shifts(const Scenario& scenario, const Dataset& data,
                                                const std::set<std::pair<int, int>>& sizes,
                                                const std::vector<std::size_t>& selection) {
    std::vector<std::unique_ptr<Shift>> shifts;
    for (const ShiftSpec& spec : scenario.shifts) {
        if (const auto* perturb = std::get_if<PerturbSpec>(&spec)) {
            shifts.push_back(make_perturb_shift(*perturb, scenario.seed));
        } else if (const auto* sequence = std::get_if<SequenceSpec>(&spec)) {
            shifts.push_back(open_sequence(*sequence, scenario, sizes));
        } else if (const auto* family = std::get_if<TablePerturbSpec>(&spec)) {
            shifts.push_back(make_table_shift(*family, scenario.seed));
        } else if (const auto* behaviour = std::get_if<BehaviourSpec>(&spec)) {
            shifts.push_back(make_behaviour_shift(*behaviour));
        } else if (const auto* calendar = std::get_if<CalendarSpec>(&spec)) {
            shifts.push_back(make_calendar_shift(*calendar, data));
        } else if (const auto* ood = std::get_if<OodSpec>(&spec)) {
            OodSpec own = *ood;
            if (own.set.kind == OodSet::Kind::held_out) own.set.data = scenario.data;
            shifts.push_back(make_ood_shift(own, data, selection, scenario.seed));
        } else {
            for (auto& shift : open_files_shifts(std::get<FilesSpec>(spec), data)) shifts.push_back(std::move(shift));
        }
    }
    std::set<std::string> names = {"clean"};
    for (const auto& shift : shifts) {
        if (!names.insert(shift->info().name).second) {
            throw ScenarioError(scenario.file + ": two shifts are named `" + shift->info().name +
                                "`: give one of them a `name`.");
        }
    }
    return shifts;
}

namespace {

class CellFilter {
  public:
    explicit CellFilter(std::string text) : text_(std::move(text)), negative_(text_.starts_with("-")) {
        try {
            pattern_ = std::regex(negative_ ? text_.substr(1) : text_);
        } catch (const std::regex_error& error) {
            throw UsageError("`--filter " + text_ + "` is not a regular expression: " + error.what() +
                             ". A plain part of a name, such as fog/3, works.");
        }
    }
    bool takes(const std::string& cell) const {
        return text_.empty() || std::regex_search(cell, pattern_) != negative_;
    }

  private:
    std::string text_;
    bool negative_;
    std::regex pattern_;
};

// All cells of the record, split into those to run and those left out. The clean cell of a model comes along with any
// other of its cells, which are compared with it.
void plan_cells(Setup& setup, const std::string& filter_text) {
    const CellFilter filter(filter_text);
    const std::vector<Cell> all = cells_of(setup.record);
    std::set<std::size_t> models;
    for (const Cell& cell : all) {
        if (filter.takes(cell.name)) models.insert(cell.model);
    }
    for (const Cell& cell : all) {
        const bool is_clean = cell.shift == clean_shift;
        if (models.count(cell.model) == 0 || (!is_clean && !filter.takes(cell.name))) {
            setup.record.skipped_cells[cell.name] = "left out by --filter " + filter_text;
            continue;
        }
        PlannedCell planned;
        planned.name = cell.name;
        planned.model = cell.model;
        if (!is_clean) {
            const auto shift = std::find_if(setup.shifts.begin(), setup.shifts.end(),
                                            [&](const auto& s) { return s->info().name == cell.shift; });
            const std::vector<Level>& levels = (*shift)->info().levels;
            const auto level =
                std::find_if(levels.begin(), levels.end(), [&](const Level& l) { return l.label == cell.label; });
            planned.shift = static_cast<std::size_t>(shift - setup.shifts.begin());
            planned.level = static_cast<std::size_t>(level - levels.begin());
        }
        setup.cells.push_back(std::move(planned));
    }
}

std::vector<GeometryGroup> group_models(const Setup& setup) {
    std::vector<GeometryGroup> groups;
    for (std::size_t m = 0; m < setup.models.size(); ++m) {
        const bool selected = std::any_of(setup.cells.begin(), setup.cells.end(),
                                          [m](const PlannedCell& cell) { return cell.model == m; });
        if (!selected) continue;
        const Geometry& geometry = setup.models[m]->info().geometry;
        const auto same =
            std::find_if(groups.begin(), groups.end(), [&](const GeometryGroup& g) { return g.geometry == geometry; });
        if (same == groups.end())
            groups.push_back({geometry, {m}});
        else
            same->models.push_back(m);
    }
    return groups;
}

std::vector<std::vector<std::uint32_t>> make_blocks(const Setup& setup) {
    std::vector<std::pair<std::uint64_t, std::uint32_t>> order;
    for (std::uint32_t i = 0; i < setup.selection.size(); ++i) {
        const std::string& id = setup.data->key(setup.selection[i]).id;
        order.emplace_back(KeyHash().add("misfire block order").add(setup.scenario.seed).add(id).value(), i);
    }
    std::sort(order.begin(), order.end());
    std::vector<std::vector<std::uint32_t>> blocks;
    for (std::size_t i = 0; i < order.size(); ++i) {
        if (i % static_cast<std::size_t>(setup.scenario.block) == 0) blocks.emplace_back();
        blocks.back().push_back(order[i].second);
    }
    return blocks;
}

std::string parameter_sets(const std::set<std::pair<int, int>>& sizes, const Shift& shift) {
    std::set<std::string> sets;
    for (const auto& [height, width] : sizes) sets.insert(shift.parameter_set(height, width));
    std::string text;
    for (const std::string& set : sets) text += (text.empty() ? "" : "; ") + set;
    return text;
}

// What monitors watch, and the times of samples they may need.
void fill_monitors(Setup& setup) {
    RunRecord& record = setup.record;
    const TableData* table = setup.data->table();
    std::vector<std::string> features;
    if (table != nullptr) {
        for (const std::size_t column : table->features) features.push_back(table->table.columns[column].name);
        if (!table->table.seconds.empty()) {
            for (const std::size_t i : setup.selection) record.times.push_back(table->table.seconds[table->samples[i]]);
        }
    }
    record.monitored_inputs = input_names(table != nullptr, features);
    record.monitor_trials = setup.scenario.monitor_trials;
    const Watchable watchable{setup.data->info().regression, table != nullptr, record.monitored_inputs};
    for (const MonitorSpec& spec : setup.scenario.monitors) {
        MonitorUse use;
        try {
            use = complete_use({spec.monitor, spec.on, spec.window}, watchable);
        } catch (const UsageError& error) {
            throw ScenarioError(spec.where + ": " + error.what());
        }
        if (std::find(record.monitors.begin(), record.monitors.end(), use) != record.monitors.end())
            throw ScenarioError(spec.where + ": the monitor " + use.monitor + " on " + use.on +
                                " is there twice. Leave one out.");
        record.monitors.push_back(std::move(use));
    }
}

void fill_record(Setup& setup) {
    RunRecord& record = setup.record;
    record.scenario = to_yaml(setup.scenario, false);
    record.seed = setup.scenario.seed;
    record.dataset = setup.data->info().name;
    record.class_names = setup.data->info().classes;
    for (std::size_t m = 0; m < setup.models.size(); ++m) {
        record.models.push_back(setup.models[m]->info());
        record.models.back().classes = setup.targets[m].classes;  // metrics count the outputs that are scored
        const std::vector<std::string>& names = setup.models[m]->info().class_names;
        if (names.empty() || setup.targets[m].restricted_columns.empty()) continue;
        record.models.back().class_names.clear();
        for (const std::int64_t column : setup.targets[m].restricted_columns)
            record.models.back().class_names.push_back(names[static_cast<std::size_t>(column)]);
    }
    const std::set<std::pair<int, int>> sizes = image_sizes(setup);
    for (const auto& shift : setup.shifts) {
        record.shifts.push_back(shift->info());
        record.shifts.back().parameter_set = parameter_sets(sizes, *shift);
        for (std::size_t level = 0; level < shift->info().levels.size(); ++level)
            record.shifts.back().effects.push_back(shift->effect(*setup.data, level));
        if (const auto change = shift->changes_at(*setup.data)) record.shifts.back().changes_at = {*change};
    }
    record.attribute_names = setup.data->info().attributes;
    record.attributes.resize(record.attribute_names.size());
    for (const std::size_t i : setup.selection) {
        const SampleKey& key = setup.data->key(i);
        record.sample_ids.push_back(key.id);
        if (setup.data->info().labelled && !setup.data->info().regression)
            record.targets.push_back(static_cast<std::int32_t>(key.target.value_or(-1)));
        for (std::size_t a = 0; a < record.attributes.size(); ++a) record.attributes[a].push_back(key.attributes[a]);
    }
    record.blocks = make_blocks(setup);
    fill_monitors(setup);
    for (const std::string& name : setup.scenario.metrics)
        (find_curve_metric(name) == nullptr ? record.metrics : record.curve_metrics).push_back(name);
    record.reference_model = setup.scenario.reference_model;
    record.benchmark = setup.scenario.data.benchmark;
    record.keep = setup.scenario.keep;
    for (const ScoreSpec& spec : setup.scenario.scores) record.keep.push_back(score_column(spec.name));
    record.scores = score_states(setup);
}

// Columns that a scenario leaves out are those of the first model's card, and so is what stands for a missing number.
void take_columns_of_card(Scenario& scenario) {
    DataSpec& data = scenario.data;
    const bool zoo = data.form == DataSpec::Form::zoo;
    if (!zoo && data.form != DataSpec::Form::table && data.form != DataSpec::Form::series) return;
    const std::optional<Card> card = read_card(resolve_model(scenario.models.front().file));
    if (card && data.missing == "refuse" && !card->missing.empty()) data.missing = card->missing;
    if (zoo) return;  // columns and categories of a zoo set are on its own card
    if (card && data.features.empty()) data.features = card->columns;
    if (card) data.categories.insert(card->categories.begin(), card->categories.end());
    if (card && !data.regression && !data.categories.contains(data.target_column) && !card->class_names.empty())
        data.categories[data.target_column] = card->class_names;
    if (data.features.empty()) {
        throw ScenarioError(scenario.file +
                            ": data: no features are named. Give `features: [..]` (or a .txt file with one name a "
                            "line) in the order the model takes them, or `columns:` in the model's card.");
    }
}

// A limited run of a table knows no other samples: what shows other rows takes them from its own.
void limit_table(Setup& setup) {
    if (setup.data->table() == nullptr || setup.selection.size() == setup.data->size()) return;
    std::sort(setup.selection.begin(), setup.selection.end());
    setup.data = std::make_unique<SelectedTable>(std::move(setup.data), setup.selection);
    setup.selection = canonical_order(*setup.data);
}

// Metrics of numbers for regressions, of classes for classifiers.
void choose_metrics(Scenario& scenario, bool regression) {
    std::vector<std::string> fitting;
    for (const std::string& name : scenario.metrics) {
        if (find_curve_metric(name) != nullptr || metric_named(name).info().regression == regression) {
            fitting.push_back(name);
        } else if (!scenario.default_metrics) {
            throw ScenarioError(scenario.file + ": metrics: `" + name + "` is of " +
                                (regression ? "classes, and this data has a number as its target."
                                            : "numbers, and this data has classes as its target.") +
                                " `misfire list metrics` shows all.");
        }
    }
    if (scenario.default_metrics && !regression) {
        for (const std::string& name : default_ood_metrics(scenario)) fitting.push_back(name);
    }
    // The first is the one of the printed table: the size of the error says more than its sign.
    if (scenario.default_metrics && regression)
        std::stable_partition(fitting.begin(), fitting.end(), [](const std::string& name) { return name == "mae"; });
    scenario.metrics = std::move(fitting);
}

// Shifts of images want images, those of tables want tables. Each is tried at its highest level, so that an option that
// does not fit the data is told before anything runs.
void require_kind(const Shift& shift, const Setup& setup) {
    const bool table = setup.data->table() != nullptr;
    const ShiftInfo& info = shift.info();
    const bool of_tables = info.kind == "table" || info.kind == "behaviour" || info.kind == "calendar";
    if (table != of_tables) {
        throw ScenarioError(setup.scenario.file + ": the shift `" + info.name + "` changes " +
                            (of_tables ? "tables, and the data is images." : "images, and the data is a table.") +
                            " `misfire list perturbations` says what each is for.");
    }
    if (of_tables) static_cast<void>(shift.effect(*setup.data, info.levels.size() - 1));
}

// Why a change of tables does not fit the data at its highest severity; "" where it does.
std::string misfit(const TablePerturbSpec& spec, std::uint64_t seed, const Dataset& data) {
    try {
        static_cast<void>(make_table_shift(spec, seed)->effect(data, spec.severities.size()));
        return "";
    } catch (const UsageError& error) {
        return error.what();
    } catch (const ScenarioError& error) {
        return error.what();
    }
}

// A member of a group that does not fit the data is left out, and said; one that was named itself is an error, later.
void leave_out_misfits(Scenario& scenario, const Dataset& data, std::vector<std::string>& notes) {
    if (data.table() == nullptr) return;
    std::erase_if(scenario.shifts, [&](const ShiftSpec& spec) {
        const auto* family = std::get_if<TablePerturbSpec>(&spec);
        if (family == nullptr || family->group.empty()) return false;
        const std::string reason = misfit(*family, scenario.seed, data);
        if (!reason.empty())
            notes.push_back("`" + family->group + "` goes without `" + family->family + "`: " + reason);
        return !reason.empty();
    });
    if (scenario.shifts.empty())
        throw ScenarioError(scenario.file + ": shifts: nothing named here fits the data. " + notes.front());
}

}  // namespace

Setup set_up(Scenario scenario, const std::string& cell_filter) {
    Setup setup;
    setup.scenario = std::move(scenario);
    take_columns_of_card(setup.scenario);
    setup.data = open_known_data(setup.scenario);
    choose_metrics(setup.scenario, setup.data->info().regression);
    setup.selection = select_samples(*setup.data, setup.scenario.limit, setup.scenario.seed);
    if (setup.selection.empty()) throw DataError("The data set " + setup.data->info().name + " holds no samples.");
    limit_table(setup);
    leave_out_misfits(setup.scenario, *setup.data, setup.notes);
    for (const ModelSpec& spec : setup.scenario.models)
        setup.models.push_back(open_model(spec, setup.scenario, *setup.data));
    for (const auto& model : setup.models) setup.targets.push_back(map_targets(setup, model->info()));
    setup.shifts = open_shifts(setup.scenario, *setup.data, image_sizes(setup), setup.selection);
    for (const auto& shift : setup.shifts) {
        require_kind(*shift, setup);
        for (const auto& model : setup.models) shift->require_effect(model->info());
    }
    refuse_overlap(setup);
    if (setup.data->table() != nullptr) {
        // A table is changed as a whole: one block, so that it is changed once.
        setup.scenario.block = std::max<int>(setup.scenario.block, static_cast<int>(setup.selection.size()));
        for (std::size_t i = 0; i < setup.selection.size(); ++i) setup.position_of.emplace(setup.selection[i], i);
    }
    set_up_scores(setup);
    fill_record(setup);
    plan_cells(setup, cell_filter);
    setup.groups = group_models(setup);
    setup.manifest_sha256 = manifest_sha256(SubsetView(*setup.data, setup.selection));
    return setup;
}

}  // namespace misfire
