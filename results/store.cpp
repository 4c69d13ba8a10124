#include "results/store.h"

#include <algorithm>

#include "results/cell_estimates.h"
#include "results/data_digest.h"
#include "results/evaluate.h"
#include "results/hdf5_names.h"
#include "results/hdf5_tables.h"
#include "results/hdf5_writer.h"
#include "results/monitoring/monitor_tables.h"
#include "results/store_ood.h"

namespace misfire {
namespace {

void write_samples(hdf5::Writer& file, const RunRecord& record) {
    file.strings("/samples/columns/id", record.sample_ids);
    if (!record.targets.empty()) file.array("/samples/columns/target", record.targets, {record.targets.size()});
    if (!record.class_names.empty()) file.strings("/samples/class_names", record.class_names);
    if (!record.attribute_names.empty()) file.strings("/samples/attributes", record.attribute_names);
    for (std::size_t a = 0; a < record.attribute_names.size(); ++a) {
        file.strings(hdf5::attribute_column(record.attribute_names[a]), record.attributes[a]);
    }
    file.group("/samples/outcomes");
}

// Targets are written beside the outcomes only where they are not those of the samples: a class map, the model's own
// clean answers, a shift that changes labels or shows other samples.
bool has_own_targets(const Outcomes& outcomes, const std::vector<std::int32_t>& targets) {
    for (std::size_t row = 0; row < outcomes.size(); ++row) {
        if (outcomes.counts(row) && outcomes.target[row] != (targets.empty() ? -1 : targets[row])) return true;
    }
    return false;
}

void write_class_columns(hdf5::Writer& file, const std::string& folder, const Outcomes& outcomes,
                         const RunRecord& record) {
    const std::size_t n = outcomes.size();
    std::vector<std::int8_t> correct(n);
    for (std::size_t row = 0; row < n; ++row) {
        const bool judged = outcomes.counts(row) && !outcomes.is_ood(row);
        correct[row] = static_cast<std::int8_t>(judged ? (outcomes.correct(row) ? 1 : 0) : -1);
    }
    file.array(folder + "/target_rank", outcomes.target_rank, {n});
    file.array(folder + "/confidence", outcomes.confidence, {n});
    file.array(folder + "/loss", outcomes.loss, {n});
    file.array(folder + "/brier", outcomes.brier, {n});
    file.array(folder + "/correct", correct, {n});
    if (has_own_targets(outcomes, record.targets)) file.array(folder + "/target", outcomes.target, {n});
}

void write_outcomes(hdf5::Writer& file, const std::string& folder, const Outcomes& outcomes, const RunRecord& record,
                    bool regression) {
    const std::size_t n = outcomes.size();
    file.array(folder + "/prediction", outcomes.prediction, {n});
    if (!regression) write_class_columns(file, folder, outcomes, record);
    std::vector<std::string> columns = record.keep;
    if (regression) columns.insert(columns.end(), {value_column, actual_column, quantiles_column});
    for (const std::string& name : columns) {
        const auto kept = outcomes.kept.find(name);
        if (kept == outcomes.kept.end() || n == 0) continue;
        const std::size_t width = kept->second.size() / n;
        const std::vector<hsize_t> shape = width == 1 ? std::vector<hsize_t>{n} : std::vector<hsize_t>{n, width};
        file.array(folder + "/" + hdf5::link_name(name), kept->second, shape);
    }
    write_ood_columns(file, folder, outcomes);
    if (const std::vector<std::uint32_t> shown = shown_rows(outcomes); !shown.empty())
        file.array(folder + "/row", std::vector<std::int32_t>(shown.begin(), shown.end()), {n});
}

}  // namespace

void write_results(const std::filesystem::path& path, const RunRecord& record, const RunResults& results,
                   const Journal& journal) {
    const hdf5::LibraryLock lock;
    hdf5::Writer file(path);
    hdf5::write_tables(file, record, data_sha256(record), results);
    write_monitor_tables(file, results);
    hdf5::write_curves(file, record, results);
    write_samples(file, record);
    for (const CellResult& cell : results.cells) {
        if (cell.status != Status::ok) continue;
        const auto model = std::find_if(record.models.begin(), record.models.end(),
                                        [&](const ModelInfo& m) { return m.name == cell.model; });
        const bool regression = model != record.models.end() && model->output == OutputKind::regression;
        write_outcomes(file, hdf5::outcomes_folder(cell.model, cell.shift, cell.label),
                       cell_outcomes(journal, record, cell.cell), record, regression);
    }
    write_ood(file, record, results, journal);
    write_risk_coverage(file, record, results, journal);
    hdf5::write_environment(file, record, results);
    hdf5::write_checks(file, results.checks);
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
