#include "results/hdf5_tables.h"

#include <algorithm>
#include <functional>
#include <limits>

#include "results/hdf5_names.h"
#include "results/store.h"

namespace misfire::hdf5 {
namespace {

template <typename T, typename Rows, typename Get>
Column column(std::string name, const Rows& rows, Get get) {
    std::vector<T> values;
    values.reserve(rows.size());
    for (const auto& row : rows) values.push_back(static_cast<T>(std::invoke(get, row)));
    return {std::move(name), std::move(values)};
}

using hdf5::link_name;

// Where outputs are restricted to the classes of the data, predictions count those.
std::vector<ModelInfo> scored_models(const RunRecord& record) {
    std::vector<ModelInfo> models = record.models;
    for (ModelInfo& model : models) {
        const auto scored = static_cast<std::size_t>(model.classes);
        if (model.class_names.size() != scored && record.class_names.size() == scored)
            model.class_names = record.class_names;
    }
    return models;
}

void write_models(Writer& file, const std::vector<ModelInfo>& models) {
    using M = ModelInfo;
    file.table(
        "/models",
        {column<std::string>("model", models, &M::name), column<std::string>("path", models, &M::path),
         column<std::string>("sha256", models, &M::sha256), column<std::string>("parent", models, &M::parent),
         column<std::int64_t>("parameters", models, &M::parameters), column<std::string>("task", models, &M::task),
         column<std::string>("output", models, [](const M& m) { return name_of(m.output); }),
         column<std::int64_t>("classes", models, &M::classes), column<std::int64_t>("features", models, &M::features),
         column<std::int8_t>("differentiable", models, &M::differentiable),
         column<std::int8_t>("quantised", models, &M::quantised), column<std::string>("engine", models, &M::engine),
         column<std::string>("optimize", models, &M::optimize), column<std::string>("device", models, &M::device)});
    file.group("/class_names");
    file.group("/quantiles");
    for (const M& model : models) {
        if (model.class_names.size() == static_cast<std::size_t>(model.classes) && !model.class_names.empty())
            file.strings("/class_names/" + link_name(model.name), model.class_names);
        if (!model.quantiles.empty())
            file.array("/quantiles/" + link_name(model.name), model.quantiles, {model.quantiles.size()});
    }
}

const char* pairs_name(PairsWith pairs) {
    return pairs == PairsWith::reference ? "reference" : pairs == PairsWith::previous ? "previous" : "none";
}

struct ShiftLevel {
    std::string shift;
    Level level;
    double effect;
};

void write_shifts(Writer& file, const std::vector<ShiftInfo>& shifts) {
    using S = ShiftInfo;
    const auto reference = [](const S& s) {
        return s.reference_is_clean || s.levels.empty() ? std::string() : s.levels[s.reference_level].label;
    };
    file.table(
        "/shifts",
        {column<std::string>("shift", shifts, &S::name), column<std::string>("kind", shifts, &S::kind),
         column<std::string>("summary", shifts, &S::summary), column<std::string>("unit", shifts, &S::unit),
         column<std::int8_t>("reference_is_clean", shifts, &S::reference_is_clean),
         column<std::string>("reference", shifts, reference), column<std::int8_t>("sequential", shifts, &S::sequential),
         column<std::string>("pairs_with", shifts, [](const S& s) { return pairs_name(s.pairs_with); }),
         column<std::int64_t>("pairs_stride", shifts, &S::pairs_stride),
         column<std::int8_t>("labels_changed", shifts, &S::labels_changed),
         column<std::string>("version", shifts, &S::version),
         column<std::string>("parameter_set", shifts, &S::parameter_set),
         column<std::string>("effect_meaning", shifts, &S::effect_meaning),
         column<std::string>("moves", shifts, &S::moves)});
    std::vector<ShiftLevel> levels;
    for (const S& shift : shifts) {
        for (std::size_t l = 0; l < shift.levels.size(); ++l) {
            const double effect =
                l < shift.effects.size() ? shift.effects[l] : std::numeric_limits<double>::quiet_NaN();
            levels.push_back({shift.name, shift.levels[l], effect});
        }
    }
    using L = ShiftLevel;
    file.table("/levels", {column<std::string>("shift", levels, &L::shift),
                           column<double>("level", levels, [](const L& l) { return l.level.value; }),
                           column<std::string>("label", levels, [](const L& l) { return l.level.label; }),
                           column<double>("effect", levels, &L::effect)});
}

void write_cells(Writer& file, const std::vector<CellResult>& cells) {
    using C = CellResult;
    file.table("/cells",
               {column<std::string>("cell", cells, &C::cell), column<std::string>("model", cells, &C::model),
                column<std::string>("dataset", cells, &C::dataset), column<std::string>("shift", cells, &C::shift),
                column<double>("level", cells, &C::level), column<std::string>("label", cells, &C::label),
                column<std::int8_t>("reference", cells, &C::reference),
                column<std::string>("status", cells, [](const C& c) { return name_of(c.status); }),
                column<std::string>("message", cells, &C::message), column<std::int64_t>("n", cells, &C::n)});
}

void write_points(Writer& file, const std::vector<Point>& points) {
    using P = Point;
    file.table("/points",
               {column<std::string>("cell", points, &P::cell), column<std::string>("model", points, &P::model),
                column<std::string>("shift", points, &P::shift), column<double>("level", points, &P::level),
                column<std::string>("label", points, &P::label), column<std::string>("metric", points, &P::metric),
                column<std::string>("group", points, &P::group),
                column<double>("value", points, [](const P& p) { return p.estimate.value; }),
                column<double>("low", points, [](const P& p) { return p.estimate.low; }),
                column<double>("high", points, [](const P& p) { return p.estimate.high; }),
                column<std::int64_t>("n", points, [](const P& p) { return p.estimate.n; }),
                column<std::string>("status", points, [](const P& p) { return name_of(p.estimate.status); })});
}

void write_breaking_points(Writer& file, const std::vector<BreakingPoint>& points) {
    using B = BreakingPoint;
    file.table("/breaking_points",
               {column<std::string>("model", points, &B::model), column<std::string>("shift", points, &B::shift),
                column<std::string>("metric", points, &B::metric), column<double>("threshold", points, &B::threshold),
                column<double>("severity", points, &B::severity), column<double>("low", points, &B::low),
                column<double>("high", points, &B::high), column<std::int8_t>("censored", points, &B::censored),
                column<std::int64_t>("evaluations", points, &B::evaluations)});
}

void write_group_breaking_points(Writer& file, const std::vector<GroupBreakingPoint>& points) {
    using G = GroupBreakingPoint;
    file.table("/group_breaking_points",
               {column<std::string>("model", points, [](const G& g) { return g.point.model; }),
                column<std::string>("shift", points, [](const G& g) { return g.point.shift; }),
                column<std::string>("metric", points, [](const G& g) { return g.point.metric; }),
                column<std::string>("group", points, &G::group),
                column<double>("threshold", points, [](const G& g) { return g.point.threshold; }),
                column<double>("severity", points, [](const G& g) { return g.point.severity; }),
                column<double>("low", points, [](const G& g) { return g.point.low; }),
                column<double>("high", points, [](const G& g) { return g.point.high; }),
                column<std::int8_t>("censored", points, [](const G& g) { return g.point.censored; }),
                column<std::int64_t>("evaluations", points, [](const G& g) { return g.point.evaluations; })});
}

void write_aggregates(Writer& file, const std::vector<Aggregate>& aggregates) {
    using A = Aggregate;
    file.table(
        "/aggregates",
        {column<std::string>("model", aggregates, &A::model), column<std::string>("metric", aggregates, &A::metric),
         column<double>("value", aggregates, [](const A& a) { return a.estimate.value; }),
         column<double>("low", aggregates, [](const A& a) { return a.estimate.low; }),
         column<double>("high", aggregates, [](const A& a) { return a.estimate.high; }),
         column<std::int64_t>("n", aggregates, [](const A& a) { return a.estimate.n; }),
         column<std::string>("status", aggregates, [](const A& a) { return name_of(a.estimate.status); }),
         column<std::string>("message", aggregates, &A::message)});
}

void write_check_table(Writer& file, const std::string& table, const std::vector<CheckResult>& checks) {
    using C = CheckResult;
    file.table(table,
               {column<std::string>("check", checks, &C::check),
                column<std::string>("name", checks, &C::name),
                column<std::string>("model", checks, &C::model),
                column<std::string>("shift", checks, &C::shift),
                column<std::string>("label", checks, &C::label),
                column<std::string>("metric", checks, &C::metric),
                column<std::string>("group", checks, &C::group),
                column<std::string>("limit_kind", checks, &C::limit_kind),
                column<double>("limit", checks, &C::limit),
                column<double>("value", checks, &C::value),
                column<double>("low", checks, &C::low),
                column<double>("high", checks, &C::high),
                column<double>("now", checks, &C::now),
                column<double>("baseline", checks, &C::baseline),
                column<std::int64_t>("n", checks, &C::n),
                column<std::string>("on_breach", checks, [](const C& c) { return name_of(c.on_breach); }),
                column<std::string>("on_inconclusive", checks, [](const C& c) { return name_of(c.on_inconclusive); }),
                column<std::string>("outcome", checks, [](const C& c) { return name_of(c.outcome); }),
                column<std::int64_t>("samples_needed", checks, &C::samples_needed),
                column<std::string>("message", checks, &C::message)});
}

void write_scores(Writer& file, const std::vector<ScoreState>& scores) {
    using S = ScoreState;
    file.table("/scores",
               {column<std::string>("model", scores, &S::model), column<std::string>("name", scores, &S::name),
                column<std::string>("score", scores, &S::score), column<std::string>("version", scores, &S::version),
                column<std::string>("options", scores, &S::options),
                column<std::string>("status", scores, [](const S& s) { return name_of(s.status); }),
                column<std::string>("message", scores, &S::message)});
}

void write_shift(Writer& file, const std::string& level, const std::vector<ShiftInfo>& shifts,
                 const std::string& name) {
    for (const ShiftInfo& shift : shifts) {
        if (shift.name != name) continue;
        file.attribute(level, "version", shift.version);
        file.attribute(level, "parameter_set", shift.parameter_set);
    }
}

void write_curve(Writer& file, const RunRecord& record, const Curve& curve, bool first_of_shift) {
    const std::string folder = "/curves/" + link_name(curve.shift);
    if (first_of_shift) {
        file.strings(folder + "/model", curve.models);
        file.array(folder + "/level", curve.levels, {curve.levels.size()});
        file.attribute(folder + "/level", "units", curve.level_unit);
        write_shift(file, folder + "/level", record.shifts, curve.shift);
    }
    const std::string values = folder + "/" + link_name(curve.metric);
    file.array(values, curve.values, {curve.models.size(), curve.levels.size()});
    file.array(values + ".area", curve.area, {curve.models.size()});
    file.array(values + ".drop", curve.drop, {curve.models.size()});
    file.scale(values, 0, folder + "/model", "model");
    file.scale(values, 1, folder + "/level", "level");
    file.scale(values + ".area", 0, folder + "/model", "model");
    file.scale(values + ".drop", 0, folder + "/model", "model");
    file.attribute(values, "units", curve.value_unit);
    file.attribute(values + ".drop", "units", curve.value_unit);
}

}  // namespace

void write_tables(Writer& file, const RunRecord& record, const std::string& data_sha256, const RunResults& results) {
    file.attribute("/", "schema", std::string("misfire"));
    file.attribute("/", "schema_version", std::int64_t{results_schema_version});
    file.attribute("/", "scenario", record.scenario);
    file.attribute("/", "seed", record.seed);
    file.attribute("/", "dataset", record.dataset);
    file.attribute("/", "data_sha256", data_sha256);
    file.attribute("/", "reference_model", record.reference_model);
    write_models(file, scored_models(record));
    write_shifts(file, record.shifts);
    write_cells(file, results.cells);
    write_points(file, results.points);
    write_breaking_points(file, results.breaking_points);
    write_group_breaking_points(file, results.group_breaking_points);
    write_aggregates(file, results.aggregates);
    if (!record.scores.empty()) write_scores(file, record.scores);
    using B = BadInput;
    file.table("/bad_inputs", {column<std::string>("id", results.bad_inputs, &B::id),
                               column<std::string>("cell", results.bad_inputs, &B::cell),
                               column<std::string>("message", results.bad_inputs, &B::message)});
}

void write_curves(Writer& file, const RunRecord& record, const RunResults& results) {
    file.group("/curves");
    std::string shift;
    for (const Curve& curve : results.curves) {
        write_curve(file, record, curve, curve.shift != shift);
        shift = curve.shift;
    }
}

// Time differs between equal runs, so what was said of it stands under /environment.
void write_checks(Writer& file, const std::vector<CheckResult>& checks) {
    if (checks.empty()) return;
    std::vector<CheckResult> of_results, of_time;
    for (const CheckResult& check : checks) (check.metric == cost_metric ? of_time : of_results).push_back(check);
    write_check_table(file, "/checks", of_results);
    if (!of_time.empty()) write_check_table(file, "/environment/checks", of_time);
}

void write_environment(Writer& file, const RunRecord& record, const RunResults& results) {
    file.group("/environment");
    file.attribute("/environment", "run_id", record.run_id);
    for (const auto& [name, value] : record.environment) {
        if (name != "run_id") file.attribute("/environment", name, value);
    }
    file.table("/environment/timing", {column<std::string>("cell", results.cells, &CellResult::cell),
                                       column<double>("seconds", results.cells, &CellResult::seconds)});
}

}  // namespace misfire::hdf5
