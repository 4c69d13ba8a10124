#include "results/store.h"

#include <algorithm>
#include <functional>

#include "results/evaluate.h"
#include "results/hdf5_writer.h"
#include "results/link_name.h"
#include "results/store_ood.h"

namespace misfire {
namespace {

template <typename T, typename Rows, typename Get>
hdf5::Column column(std::string name, const Rows& rows, Get get) {
    std::vector<T> values;
    values.reserve(rows.size());
    for (const auto& row : rows) values.push_back(static_cast<T>(std::invoke(get, row)));
    return {std::move(name), std::move(values)};
}

void write_models(hdf5::Writer& file, const std::vector<ModelInfo>& models) {
    using M = ModelInfo;
    file.table(
        "/models",
        {column<std::string>("model", models, &M::name), column<std::string>("path", models, &M::path),
         column<std::string>("sha256", models, &M::sha256), column<std::string>("parent", models, &M::parent),
         column<std::int64_t>("parameters", models, &M::parameters), column<std::string>("task", models, &M::task),
         column<std::string>("output", models, [](const M& m) { return name_of(m.output); }),
         column<std::int64_t>("classes", models, &M::classes), column<std::int64_t>("features", models, &M::features),
         column<std::int8_t>("differentiable", models, &M::differentiable),
         column<std::int8_t>("quantised", models, &M::quantised)});
}

void write_cells(hdf5::Writer& file, const std::vector<CellResult>& cells) {
    using C = CellResult;
    file.table("/cells",
               {column<std::string>("cell", cells, &C::cell), column<std::string>("model", cells, &C::model),
                column<std::string>("dataset", cells, &C::dataset), column<std::string>("shift", cells, &C::shift),
                column<double>("level", cells, &C::level), column<std::string>("label", cells, &C::label),
                column<std::int8_t>("reference", cells, &C::reference),
                column<std::string>("status", cells, [](const C& c) { return name_of(c.status); }),
                column<std::string>("message", cells, &C::message), column<std::int64_t>("n", cells, &C::n)});
}

void write_points(hdf5::Writer& file, const std::vector<Point>& points) {
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

void write_breaking_points(hdf5::Writer& file, const std::vector<BreakingPoint>& points) {
    using B = BreakingPoint;
    file.table("/breaking_points",
               {column<std::string>("model", points, &B::model), column<std::string>("shift", points, &B::shift),
                column<std::string>("metric", points, &B::metric), column<double>("threshold", points, &B::threshold),
                column<double>("severity", points, &B::severity), column<double>("low", points, &B::low),
                column<double>("high", points, &B::high), column<std::int8_t>("censored", points, &B::censored),
                column<std::int64_t>("evaluations", points, &B::evaluations)});
}

void write_aggregates(hdf5::Writer& file, const std::vector<Aggregate>& aggregates) {
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

void write_shift(hdf5::Writer& file, const std::string& level, const std::vector<ShiftInfo>& shifts,
                 const std::string& name) {
    for (const ShiftInfo& shift : shifts) {
        if (shift.name != name) continue;
        file.attribute(level, "version", shift.version);
        file.attribute(level, "parameter_set", shift.parameter_set);
    }
}

void write_curve(hdf5::Writer& file, const RunRecord& record, const Curve& curve, bool first_of_shift) {
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

void write_curves(hdf5::Writer& file, const RunRecord& record, const RunResults& results) {
    file.group("/curves");
    std::string shift;
    for (const Curve& curve : results.curves) {
        write_curve(file, record, curve, curve.shift != shift);
        shift = curve.shift;
    }
}

void write_samples(hdf5::Writer& file, const RunRecord& record) {
    file.strings("/samples/columns/id", record.sample_ids);
    if (!record.targets.empty()) file.array("/samples/columns/target", record.targets, {record.targets.size()});
    for (std::size_t a = 0; a < record.attribute_names.size(); ++a) {
        std::string name = link_name(record.attribute_names[a]);
        if (name == "id" || name == "target") name = "attribute_" + name;
        file.strings("/samples/columns/" + name, record.attributes[a]);
    }
    file.group("/samples/outcomes");
}

void write_outcomes(hdf5::Writer& file, const std::string& folder, const Outcomes& outcomes,
                    const std::vector<std::string>& keep) {
    const std::size_t n = outcomes.size();
    std::vector<std::int8_t> correct(n);
    for (std::size_t row = 0; row < n; ++row) {
        const bool judged = outcomes.counts(row) && !outcomes.is_ood(row);
        correct[row] = static_cast<std::int8_t>(judged ? (outcomes.correct(row) ? 1 : 0) : -1);
    }
    file.array(folder + "/prediction", outcomes.prediction, {n});
    file.array(folder + "/target_rank", outcomes.target_rank, {n});
    file.array(folder + "/confidence", outcomes.confidence, {n});
    file.array(folder + "/loss", outcomes.loss, {n});
    file.array(folder + "/brier", outcomes.brier, {n});
    file.array(folder + "/correct", correct, {n});
    write_ood_columns(file, folder, outcomes);
    for (const std::string& name : keep) {
        const auto kept = outcomes.kept.find(name);
        if (kept == outcomes.kept.end() || n == 0) continue;
        file.array(folder + "/" + link_name(name), kept->second, {n, kept->second.size() / n});
    }
}

void write_environment(hdf5::Writer& file, const RunRecord& record, const RunResults& results) {
    file.group("/environment");
    file.attribute("/environment", "run_id", record.run_id);
    for (const auto& [name, value] : record.environment) {
        if (name != "run_id") file.attribute("/environment", name, value);
    }
    file.table("/environment/timing", {column<std::string>("cell", results.cells, &CellResult::cell),
                                       column<double>("seconds", results.cells, &CellResult::seconds)});
}

}  // namespace

void write_results(const std::filesystem::path& path, const RunRecord& record, const RunResults& results,
                   const Journal& journal) {
    const hdf5::LibraryLock lock;
    hdf5::Writer file(path);
    file.attribute("/", "schema", std::string("misfire"));
    file.attribute("/", "schema_version", std::int64_t{results_schema_version});
    file.attribute("/", "scenario", record.scenario);
    file.attribute("/", "seed", record.seed);
    write_models(file, record.models);
    write_cells(file, results.cells);
    write_points(file, results.points);
    write_curves(file, record, results);
    write_breaking_points(file, results.breaking_points);
    write_aggregates(file, results.aggregates);
    using B = BadInput;
    file.table("/bad_inputs", {column<std::string>("id", results.bad_inputs, &B::id),
                               column<std::string>("cell", results.bad_inputs, &B::cell),
                               column<std::string>("message", results.bad_inputs, &B::message)});
    write_samples(file, record);
    for (const CellResult& cell : results.cells) {
        if (cell.status != Status::ok) continue;
        const std::string folder =
            "/samples/outcomes/" + link_name(cell.model) + "/" + link_name(cell.shift) + "/" + link_name(cell.label);
        write_outcomes(file, folder, cell_outcomes(journal, record, cell.cell), record.keep);
    }
    write_ood(file, record, results, journal);
    write_risk_coverage(file, record, results, journal);
    write_environment(file, record, results);
    file.flush();
    file.attribute("/", "complete", std::int64_t{results.complete ? 1 : 0});
    file.finish();
}

std::string hdf5_version() {
    const hdf5::LibraryLock lock;
    unsigned major = 0, minor = 0, release = 0;
    H5get_libversion(&major, &minor, &release);
    return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(release);
}

}  // namespace misfire
