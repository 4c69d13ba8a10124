// The reading half of results/store.h.
#include <algorithm>
#include <map>
#include <new>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "core/error.h"
#include "results/hdf5_reader.h"
#include "results/store.h"

namespace misfire {
namespace {

using hdf5::Reader;

Status status_named(const Reader& file, const std::string& name) {
    for (const Status status : {Status::ok, Status::error, Status::skipped, Status::undefined}) {
        if (name == name_of(status)) return status;
    }
    file.corrupt("`" + name + "` is no status");
}

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
    return Rows<ModelInfo>(file, "/models")
        .text("model", [](ModelInfo& m, const std::string& v) { m.name = v; })
        .text("path", [](ModelInfo& m, const std::string& v) { m.path = v; })
        .text("sha256", [](ModelInfo& m, const std::string& v) { m.sha256 = v; })
        .text("parent", [](ModelInfo& m, const std::string& v) { m.parent = v; })
        .integer("parameters", [](ModelInfo& m, std::int64_t v) { m.parameters = v; })
        .text("task", [](ModelInfo& m, const std::string& v) { m.task = v; })
        .text("output", [&](ModelInfo& m, const std::string& v) { m.output = output_named(file, v); })
        .integer("classes", [](ModelInfo& m, std::int64_t v) { m.classes = v; })
        .integer("features", [](ModelInfo& m, std::int64_t v) { m.features = v; })
        .integer("differentiable", [](ModelInfo& m, std::int64_t v) { m.differentiable = v != 0; })
        .integer("quantised", [](ModelInfo& m, std::int64_t v) { m.quantised = v != 0; })
        .take();
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
bool has_table(const Reader& file, const std::string& name) {
    const std::vector<std::string> objects = file.children("/");
    return std::find(objects.begin(), objects.end(), name) != objects.end();
}

std::vector<GroupBreakingPoint> read_group_breaking_points(const Reader& file) {
    if (!has_table(file, "group_breaking_points")) return {};
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

std::vector<Effect> read_effects(const Reader& file) {
    if (!has_table(file, "effects")) return {};
    return Rows<Effect>(file, "/effects")
        .text("shift", [](Effect& e, const std::string& v) { e.shift = v; })
        .real("level", [](Effect& e, double v) { e.level = v; })
        .text("label", [](Effect& e, const std::string& v) { e.label = v; })
        .real("effect", [](Effect& e, double v) { e.effect = v; })
        .text("meaning", [](Effect& e, const std::string& v) { e.meaning = v; })
        .text("moves", [](Effect& e, const std::string& v) { e.moves = v; })
        .take();
}

std::vector<Aggregate> read_aggregates(const Reader& file) {
    if (!has_table(file, "aggregates")) return {};
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
    summary.models = read_models(file);
    summary.results.complete = *complete != 0;
    summary.results.cells = read_cells(file);
    summary.results.points = read_points(file);
    summary.results.curves = read_curves(file);
    label_levels(summary.results.curves, summary.results.cells);
    summary.results.breaking_points = read_breaking_points(file);
    summary.results.group_breaking_points = read_group_breaking_points(file);
    summary.results.effects = read_effects(file);
    summary.results.aggregates = read_aggregates(file);
    summary.results.bad_inputs = read_bad_inputs(file);
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
