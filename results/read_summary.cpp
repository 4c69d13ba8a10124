// The reading half of results/store.h.
#include <map>
#include <new>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "core/error.h"
#include "results/hdf5_names.h"
#include "results/hdf5_reader.h"
#include "results/hdf5_rows.h"
#include "results/monitoring/monitor_tables.h"
#include "results/store.h"

namespace misfire {
namespace {

using hdf5::Reader;
using hdf5::status_named;

OutputKind output_named(const Reader& file, const std::string& name) {
    for (const OutputKind kind :
         {OutputKind::logits, OutputKind::probabilities, OutputKind::log_probabilities, OutputKind::regression}) {
        if (name == name_of(kind)) return kind;
    }
    file.corrupt("`" + name + "` is no kind of output");
}

// Columns of a table, moved one by one into the rows.
template <typename Row>
class Rows {
  public:
    Rows(const Reader& file, std::string table) : file_(file), table_(std::move(table)) {}
    template <typename Set>
    Rows& text(const std::string& column, Set set) {
        return fill(file_.texts(table_, column), set);
    }
    template <typename Set>
    Rows& real(const std::string& column, Set set) {
        return fill(file_.reals(table_, column), set);
    }
    template <typename Set>
    Rows& integer(const std::string& column, Set set) {
        return fill(file_.integers(table_, column), set);
    }
    std::vector<Row> take() { return std::move(rows_); }

  private:
    template <typename Values, typename Set>
    Rows& fill(Values values, Set set) {
        rows_.resize(values.size());
        for (std::size_t i = 0; i < rows_.size(); ++i) set(rows_[i], values[i]);
        return *this;
    }
    const Reader& file_;
    std::string table_;
    std::vector<Row> rows_;
};

std::vector<ModelInfo> read_models(const Reader& file) {
    Rows<ModelInfo> rows(file, "/models");
    rows.text("model", [](ModelInfo& m, const std::string& v) { m.name = v; })
        .text("path", [](ModelInfo& m, const std::string& v) { m.path = v; })
        .text("sha256", [](ModelInfo& m, const std::string& v) { m.sha256 = v; })
        .text("parent", [](ModelInfo& m, const std::string& v) { m.parent = v; })
        .integer("parameters", [](ModelInfo& m, std::int64_t v) { m.parameters = v; })
        .text("task", [](ModelInfo& m, const std::string& v) { m.task = v; })
        .text("output", [&](ModelInfo& m, const std::string& v) { m.output = output_named(file, v); })
        .integer("classes", [](ModelInfo& m, std::int64_t v) { m.classes = v; })
        .integer("features", [](ModelInfo& m, std::int64_t v) { m.features = v; })
        .integer("differentiable", [](ModelInfo& m, std::int64_t v) { m.differentiable = v != 0; })
        .integer("quantised", [](ModelInfo& m, std::int64_t v) { m.quantised = v != 0; });
    if (!file.has("/shifts")) return rows.take();  // files of versions before it have fewer columns
    std::vector<ModelInfo> models = rows.text("engine", [](ModelInfo& m, const std::string& v) { m.engine = v; })
                                        .text("optimize", [](ModelInfo& m, const std::string& v) { m.optimize = v; })
                                        .text("device", [](ModelInfo& m, const std::string& v) { m.device = v; })
                                        .take();
    for (ModelInfo& model : models) {
        if (const std::string names = "/class_names/" + hdf5::link_name(model.name); file.has(names))
            model.class_names = file.strings(names);
        if (const std::string quantiles = "/quantiles/" + hdf5::link_name(model.name); file.has(quantiles))
            model.quantiles = file.array(quantiles);
    }
    return models;
}

PairsWith pairs_named(const Reader& file, const std::string& name) {
    if (name == "reference") return PairsWith::reference;
    if (name == "previous") return PairsWith::previous;
    if (name == "none") return PairsWith::none;
    file.corrupt("`" + name + "` is nothing to pair with");
}

struct ShiftLevel {
    std::string shift;
    Level level;
    double effect = 0.0;
};

void add_levels(const Reader& file, std::vector<ShiftInfo>& shifts, const std::vector<std::string>& references) {
    const std::vector<ShiftLevel> levels =
        Rows<ShiftLevel>(file, "/levels")
            .text("shift", [](ShiftLevel& l, const std::string& v) { l.shift = v; })
            .real("level", [](ShiftLevel& l, double v) { l.level.value = v; })
            .text("label", [](ShiftLevel& l, const std::string& v) { l.level.label = v; })
            .real("effect", [](ShiftLevel& l, double v) { l.effect = v; })
            .take();
    for (std::size_t s = 0; s < shifts.size(); ++s) {
        for (const ShiftLevel& level : levels) {
            if (level.shift != shifts[s].name) continue;
            if (!shifts[s].reference_is_clean && level.level.label == references[s])
                shifts[s].reference_level = shifts[s].levels.size();
            shifts[s].levels.push_back(level.level);
            shifts[s].effects.push_back(level.effect);
        }
    }
}

std::vector<ShiftInfo> read_shifts(const Reader& file) {
    if (!file.has("/shifts")) return {};
    using S = ShiftInfo;
    std::vector<S> shifts =
        Rows<S>(file, "/shifts")
            .text("shift", [](S& s, const std::string& v) { s.name = v; })
            .text("kind", [](S& s, const std::string& v) { s.kind = v; })
            .text("summary", [](S& s, const std::string& v) { s.summary = v; })
            .text("unit", [](S& s, const std::string& v) { s.unit = v; })
            .integer("reference_is_clean", [](S& s, std::int64_t v) { s.reference_is_clean = v != 0; })
            .integer("sequential", [](S& s, std::int64_t v) { s.sequential = v != 0; })
            .text("pairs_with", [&](S& s, const std::string& v) { s.pairs_with = pairs_named(file, v); })
            .integer("pairs_stride", [](S& s, std::int64_t v) { s.pairs_stride = static_cast<std::size_t>(v); })
            .integer("labels_changed", [](S& s, std::int64_t v) { s.labels_changed = v != 0; })
            .text("version", [](S& s, const std::string& v) { s.version = v; })
            .text("parameter_set", [](S& s, const std::string& v) { s.parameter_set = v; })
            .text("effect_meaning", [](S& s, const std::string& v) { s.effect_meaning = v; })
            .text("moves", [](S& s, const std::string& v) { s.moves = v; })
            .take();
    add_levels(file, shifts, file.texts("/shifts", "reference"));
    return shifts;
}

std::vector<CellResult> read_cells(const Reader& file) {
    std::vector<CellResult> cells =
        Rows<CellResult>(file, "/cells")
            .text("cell", [](CellResult& c, const std::string& v) { c.cell = v; })
            .text("model", [](CellResult& c, const std::string& v) { c.model = v; })
            .text("dataset", [](CellResult& c, const std::string& v) { c.dataset = v; })
            .text("shift", [](CellResult& c, const std::string& v) { c.shift = v; })
            .real("level", [](CellResult& c, double v) { c.level = v; })
            .text("label", [](CellResult& c, const std::string& v) { c.label = v; })
            .integer("reference", [](CellResult& c, std::int64_t v) { c.reference = v != 0; })
            .text("status", [&](CellResult& c, const std::string& v) { c.status = status_named(file, v); })
            .text("message", [](CellResult& c, const std::string& v) { c.message = v; })
            .integer("n", [](CellResult& c, std::int64_t v) { c.n = v; })
            .take();
    const std::vector<double> seconds = file.reals("/environment/timing", "seconds");
    if (seconds.size() != cells.size()) file.corrupt("/environment/timing does not fit /cells");
    for (std::size_t i = 0; i < cells.size(); ++i) cells[i].seconds = seconds[i];
    return cells;
}

std::vector<Point> read_points(const Reader& file) {
    return Rows<Point>(file, "/points")
        .text("cell", [](Point& p, const std::string& v) { p.cell = v; })
        .text("model", [](Point& p, const std::string& v) { p.model = v; })
        .text("shift", [](Point& p, const std::string& v) { p.shift = v; })
        .real("level", [](Point& p, double v) { p.level = v; })
        .text("label", [](Point& p, const std::string& v) { p.label = v; })
        .text("metric", [](Point& p, const std::string& v) { p.metric = v; })
        .text("group", [](Point& p, const std::string& v) { p.group = v; })
        .real("value", [](Point& p, double v) { p.estimate.value = v; })
        .real("low", [](Point& p, double v) { p.estimate.low = v; })
        .real("high", [](Point& p, double v) { p.estimate.high = v; })
        .integer("n", [](Point& p, std::int64_t v) { p.estimate.n = v; })
        .text("status", [&](Point& p, const std::string& v) { p.estimate.status = status_named(file, v); })
        .take();
}

std::vector<BreakingPoint> read_breaking_points(const Reader& file) {
    return Rows<BreakingPoint>(file, "/breaking_points")
        .text("model", [](BreakingPoint& b, const std::string& v) { b.model = v; })
        .text("shift", [](BreakingPoint& b, const std::string& v) { b.shift = v; })
        .text("metric", [](BreakingPoint& b, const std::string& v) { b.metric = v; })
        .real("threshold", [](BreakingPoint& b, double v) { b.threshold = v; })
        .real("severity", [](BreakingPoint& b, double v) { b.severity = v; })
        .real("low", [](BreakingPoint& b, double v) { b.low = v; })
        .real("high", [](BreakingPoint& b, double v) { b.high = v; })
        .integer("censored", [](BreakingPoint& b, std::int64_t v) { b.censored = v != 0; })
        .integer("evaluations", [](BreakingPoint& b, std::int64_t v) { b.evaluations = v; })
        .take();
}

Curve read_curve(const Reader& file, const std::string& shift, const std::string& metric) {
    const std::string folder = "/curves/" + shift;
    const std::string values = folder + "/" + metric;
    Curve curve{.shift = shift,
                .metric = metric,
                .level_unit = file.text_attribute(folder + "/level", "units").value_or(""),
                .value_unit = file.text_attribute(values, "units").value_or(""),
                .models = file.strings(folder + "/model"),
                .levels = file.array(folder + "/level"),
                .labels = {},
                .values = file.array(values),
                .area = file.array(values + ".area"),
                .drop = file.array(values + ".drop")};
    const std::size_t models = curve.models.size();
    if (curve.values.size() != models * curve.levels.size() || curve.area.size() != models ||
        curve.drop.size() != models) {
        file.corrupt(values + " does not fit its models and levels");
    }
    return curve;
}

std::vector<Curve> read_curves(const Reader& file) {
    std::vector<Curve> curves;
    for (const std::string& shift : file.children("/curves")) {
        for (const std::string& name : file.children("/curves/" + shift)) {
            const bool is_scale = name == "model" || name == "level";
            if (!is_scale && !name.ends_with(".area") && !name.ends_with(".drop"))
                curves.push_back(read_curve(file, shift, name));
        }
    }
    return curves;
}

// A level without a cell of its own is the clean data, which all shifts share as level 0.
void label_levels(std::vector<Curve>& curves, const std::vector<CellResult>& cells) {
    std::map<std::pair<std::string, double>, std::string> labels;
    for (const CellResult& cell : cells) labels.emplace(std::pair(cell.shift, cell.level), cell.label);
    for (Curve& curve : curves) {
        for (const double level : curve.levels) {
            const auto found = labels.find({curve.shift, level});
            curve.labels.push_back(found == labels.end() ? std::string("0") : found->second);
        }
    }
}

// Files of earlier versions lack some tables.
std::vector<GroupBreakingPoint> read_group_breaking_points(const Reader& file) {
    if (!file.has("/group_breaking_points")) return {};
    using G = GroupBreakingPoint;
    return Rows<G>(file, "/group_breaking_points")
        .text("model", [](G& g, const std::string& v) { g.point.model = v; })
        .text("shift", [](G& g, const std::string& v) { g.point.shift = v; })
        .text("metric", [](G& g, const std::string& v) { g.point.metric = v; })
        .text("group", [](G& g, const std::string& v) { g.group = v; })
        .real("threshold", [](G& g, double v) { g.point.threshold = v; })
        .real("severity", [](G& g, double v) { g.point.severity = v; })
        .real("low", [](G& g, double v) { g.point.low = v; })
        .real("high", [](G& g, double v) { g.point.high = v; })
        .integer("censored", [](G& g, std::int64_t v) { g.point.censored = v != 0; })
        .integer("evaluations", [](G& g, std::int64_t v) { g.point.evaluations = v; })
        .take();
}

std::vector<Aggregate> read_aggregates(const Reader& file) {
    if (!file.has("/aggregates")) return {};
    return Rows<Aggregate>(file, "/aggregates")
        .text("model", [](Aggregate& a, const std::string& v) { a.model = v; })
        .text("metric", [](Aggregate& a, const std::string& v) { a.metric = v; })
        .real("value", [](Aggregate& a, double v) { a.estimate.value = v; })
        .real("low", [](Aggregate& a, double v) { a.estimate.low = v; })
        .real("high", [](Aggregate& a, double v) { a.estimate.high = v; })
        .integer("n", [](Aggregate& a, std::int64_t v) { a.estimate.n = v; })
        .text("status", [&](Aggregate& a, const std::string& v) { a.estimate.status = status_named(file, v); })
        .text("message", [](Aggregate& a, const std::string& v) { a.message = v; })
        .take();
}

CheckLevel check_level_named(const Reader& file, const std::string& name) {
    for (const CheckLevel level : {CheckLevel::error, CheckLevel::warn, CheckLevel::off}) {
        if (name == name_of(level)) return level;
    }
    file.corrupt("`" + name + "` is no level of a check");
}

CheckResult::Outcome outcome_named(const Reader& file, const std::string& name) {
    using Outcome = CheckResult::Outcome;
    for (const Outcome outcome :
         {Outcome::holds, Outcome::breached, Outcome::inconclusive, Outcome::undecidable, Outcome::skipped}) {
        if (name == name_of(outcome)) return outcome;
    }
    file.corrupt("`" + name + "` is no outcome of a check");
}

void read_checks(const Reader& file, const std::string& table, std::vector<CheckResult>& checks) {
    if (!file.has(table)) return;
    using C = CheckResult;
    const std::vector<C> read =
        Rows<C>(file, table)
            .text("check", [](C& c, const std::string& v) { c.check = v; })
            .text("name", [](C& c, const std::string& v) { c.name = v; })
            .text("model", [](C& c, const std::string& v) { c.model = v; })
            .text("shift", [](C& c, const std::string& v) { c.shift = v; })
            .text("label", [](C& c, const std::string& v) { c.label = v; })
            .text("metric", [](C& c, const std::string& v) { c.metric = v; })
            .text("group", [](C& c, const std::string& v) { c.group = v; })
            .text("limit_kind", [](C& c, const std::string& v) { c.limit_kind = v; })
            .real("limit", [](C& c, double v) { c.limit = v; })
            .real("value", [](C& c, double v) { c.value = v; })
            .real("low", [](C& c, double v) { c.low = v; })
            .real("high", [](C& c, double v) { c.high = v; })
            .real("now", [](C& c, double v) { c.now = v; })
            .real("baseline", [](C& c, double v) { c.baseline = v; })
            .integer("n", [](C& c, std::int64_t v) { c.n = v; })
            .text("on_breach", [&](C& c, const std::string& v) { c.on_breach = check_level_named(file, v); })
            .text("on_inconclusive",
                  [&](C& c, const std::string& v) { c.on_inconclusive = check_level_named(file, v); })
            .text("outcome", [&](C& c, const std::string& v) { c.outcome = outcome_named(file, v); })
            .integer("samples_needed", [](C& c, std::int64_t v) { c.samples_needed = v; })
            .text("message", [](C& c, const std::string& v) { c.message = v; })
            .take();
    checks.insert(checks.end(), read.begin(), read.end());
}

std::vector<BadInput> read_bad_inputs(const Reader& file) {
    return Rows<BadInput>(file, "/bad_inputs")
        .text("id", [](BadInput& b, const std::string& v) { b.id = v; })
        .text("cell", [](BadInput& b, const std::string& v) { b.cell = v; })
        .text("message", [](BadInput& b, const std::string& v) { b.message = v; })
        .take();
}

void check_schema(const Reader& file, const std::filesystem::path& path) {
    if (file.text_attribute("/", "schema") != "misfire") {
        throw StoreError(path.string() + " is an HDF5 file, but not of misfire. Give a results.h5 written by misfire.");
    }
    const auto version = file.integer_attribute("/", "schema_version");
    if (!version || *version < 1) file.corrupt("schema_version is missing");
    if (*version > results_schema_version) {
        throw StoreError(path.string() + " has schema " + std::to_string(*version) + "; this misfire reads up to " +
                         std::to_string(results_schema_version) + ". It was written by a newer misfire: use that one.");
    }
}

RunSummary read(const Reader& file, const std::filesystem::path& path) {
    check_schema(file, path);
    const auto complete = file.integer_attribute("/", "complete");
    const auto scenario = file.text_attribute("/", "scenario");
    const auto seed = file.unsigned_attribute("/", "seed");
    if (!complete || !scenario || !seed) file.corrupt("an attribute of / is missing");
    RunSummary summary;
    summary.scenario = *scenario;
    summary.seed = *seed;
    summary.environment = file.text_attributes("/environment");
    summary.dataset = file.text_attribute("/", "dataset").value_or("");
    summary.data_sha256 = file.text_attribute("/", "data_sha256").value_or("");
    summary.reference_model = file.text_attribute("/", "reference_model").value_or("");
    summary.models = read_models(file);
    summary.shifts = read_shifts(file);
    summary.results.complete = *complete != 0;
    summary.results.cells = read_cells(file);
    summary.results.points = read_points(file);
    summary.results.curves = read_curves(file);
    label_levels(summary.results.curves, summary.results.cells);
    summary.results.breaking_points = read_breaking_points(file);
    summary.results.group_breaking_points = read_group_breaking_points(file);
    summary.results.effects = effects_of(summary.shifts);
    summary.results.aggregates = read_aggregates(file);
    read_monitor_tables(file, summary.results);
    summary.results.bad_inputs = read_bad_inputs(file);
    read_checks(file, "/checks", summary.results.checks);
    read_checks(file, "/environment/checks", summary.results.checks);
    return summary;
}

}  // namespace

RunSummary read_summary(const std::filesystem::path& path) {
    const hdf5::LibraryLock lock;
    const Reader file(path);
    try {
        return read(file, path);
    } catch (const std::bad_alloc&) {
        file.corrupt("it claims more data than fits into memory");
    } catch (const std::length_error&) {
        file.corrupt("it claims more data than fits into memory");
    }
}

}  // namespace misfire
