#include "results/results_file.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "core/error.h"
#include "results/curve_metrics/registry.h"
#include "results/hdf5_names.h"
#include "results/hdf5_reader.h"

namespace misfire {
namespace {

using hdf5::Reader;

template <typename Values>
void require_rows(const Reader& file, const std::string& path, const Values& values, std::size_t samples) {
    if (values.size() != samples) {
        file.corrupt(path + " has " + std::to_string(values.size()) + " rows, and the run has " +
                     std::to_string(samples) + " samples");
    }
}

void read_samples(const Reader& file, RunRecord& record) {
    record.sample_ids = file.strings("/samples/columns/id");
    const std::size_t samples = record.sample_ids.size();
    if (file.has("/samples/columns/target")) {
        record.targets = file.integers32("/samples/columns/target");
        require_rows(file, "/samples/columns/target", record.targets, samples);
    }
    if (file.has("/samples/class_names")) record.class_names = file.strings("/samples/class_names");
    if (!file.has("/samples/attributes")) return;
    record.attribute_names = file.strings("/samples/attributes");
    for (const std::string& name : record.attribute_names) {
        const std::string column = hdf5::attribute_column(name);
        record.attributes.push_back(file.strings(column));
        require_rows(file, column, record.attributes.back(), samples);
    }
}

RunRecord record_of(const RunSummary& summary) {
    RunRecord record;
    record.scenario = summary.scenario;
    record.seed = summary.seed;
    record.dataset = summary.dataset;
    record.models = summary.models;
    record.shifts = summary.shifts;
    record.reference_model = summary.reference_model;
    record.environment = summary.environment;
    if (const auto id = record.environment.find("run_id"); id != record.environment.end()) record.run_id = id->second;
    std::set<std::string> seen;
    for (const Point& point : summary.results.points) {
        if (seen.insert(point.metric).second) record.metrics.push_back(point.metric);
    }
    for (const Aggregate& aggregate : summary.results.aggregates) {
        if (seen.insert(aggregate.metric).second) record.curve_metrics.push_back(aggregate.metric);
    }
    for (const CellResult& cell : summary.results.cells) {
        if (cell.status == Status::skipped) record.skipped_cells[cell.cell] = cell.message;
    }
    return record;
}

// The first of a file's optional columns that is there fixes the width.
void read_kept(const Reader& file, const std::string& folder, std::size_t samples, Outcomes& outcomes) {
    static const std::set<std::string> own = {"prediction", "target", "target_rank", "confidence",
                                              "loss",       "brier",  "correct",     "row"};
    for (const std::string& name : file.children(folder)) {
        if (own.contains(name)) continue;
        std::vector<float> values = file.floats(folder + "/" + name);
        if (samples == 0 || values.size() % samples != 0)
            file.corrupt(folder + "/" + name + " does not fit the samples of the run");
        outcomes.kept[name] = std::move(values);
    }
    if (!file.has(folder + "/row")) return;
    const std::vector<std::int32_t> shown = file.integers32(folder + "/row");
    require_rows(file, folder + "/row", shown, samples);
    for (const std::int32_t row : shown) {
        if (row < 0 || static_cast<std::size_t>(row) >= samples) file.corrupt(folder + "/row names no sample");
        outcomes.kept[shows_column].push_back(static_cast<float>(row));
    }
}

}  // namespace

struct ResultsFile::Open {
    explicit Open(const std::filesystem::path& path) : file(std::make_unique<Reader>(path)) {}
    ~Open() {
        const hdf5::LibraryLock lock;
        file.reset();
    }
    Open(const Open&) = delete;
    Open& operator=(const Open&) = delete;
    std::unique_ptr<Reader> file;
    std::map<std::string, std::string> folders;  // of cells that ran
};

ResultsFile::ResultsFile(const std::filesystem::path& path)
    : path_(results_path(path)), summary_(read_summary(path_)), record_(record_of(summary_)) {
    std::unique_ptr<Open> open;
    {
        const hdf5::LibraryLock lock;
        open.reset(new Open(path_));
    }
    open_ = std::move(open);
    const hdf5::LibraryLock lock;
    read_samples(*open_->file, record_);
    for (const CellResult& cell : summary_.results.cells) {
        const std::string folder = hdf5::outcomes_folder(cell.model, cell.shift, cell.label);
        if (cell.status == Status::ok && open_->file->has(folder + "/prediction")) open_->folders[cell.cell] = folder;
    }
}

ResultsFile::ResultsFile(ResultsFile&&) noexcept = default;
ResultsFile::~ResultsFile() = default;

bool ResultsFile::has_outcomes(const std::string& cell) const { return open_->folders.contains(cell); }

std::string ResultsFile::folder_of(const std::string& cell) const {
    const auto found = open_->folders.find(cell);
    if (found != open_->folders.end()) return found->second;
    throw StoreError(path_.string() + " holds no outcomes per sample of the cell " + cell +
                     ". Give the results.h5 as the run wrote it; where the journal is still there, `misfire resume` "
                     "writes it anew.");
}

Outcomes ResultsFile::outcomes(const std::string& cell) const {
    const std::string folder = folder_of(cell);
    const hdf5::LibraryLock lock;
    const Reader& file = *open_->file;
    const std::size_t samples = record_.sample_ids.size();
    Outcomes outcomes;
    outcomes.prediction = file.integers32(folder + "/prediction");
    require_rows(file, folder + "/prediction", outcomes.prediction, samples);
    outcomes.target = file.has(folder + "/target") ? file.integers32(folder + "/target")
                      : record_.targets.empty()    ? std::vector<std::int32_t>(samples, -1)
                                                   : record_.targets;
    require_rows(file, folder + "/target", outcomes.target, samples);
    const bool classes = file.has(folder + "/target_rank");
    outcomes.target_rank = classes ? file.integers32(folder + "/target_rank") : std::vector<std::int32_t>(samples, 0);
    require_rows(file, folder + "/target_rank", outcomes.target_rank, samples);
    for (const auto& [name, column] : {std::pair{"confidence", &outcomes.confidence}, std::pair{"loss", &outcomes.loss},
                                       std::pair{"brier", &outcomes.brier}}) {
        *column = classes ? file.floats(folder + "/" + name)
                          : std::vector<float>(samples, std::numeric_limits<float>::quiet_NaN());
        require_rows(file, folder + "/" + name, *column, samples);
    }
    read_kept(file, folder, samples, outcomes);
    return outcomes;
}

std::vector<std::int8_t> ResultsFile::correct(const std::string& cell) const {
    const std::string folder = folder_of(cell);
    const hdf5::LibraryLock lock;
    std::vector<std::int8_t> values = open_->file->bytes(folder + "/correct");
    require_rows(*open_->file, folder + "/correct", values, record_.sample_ids.size());
    return values;
}

std::filesystem::path results_path(const std::filesystem::path& run) {
    if (!std::filesystem::is_directory(run)) return run;
    if (!std::filesystem::exists(run / "results.h5")) {
        throw StoreError("there is no results.h5 in " + run.string() +
                         ". Give the directory of a run, or a results.h5; `misfire resume` writes it for a run whose "
                         "journal is there.");
    }
    return run / "results.h5";
}

}  // namespace misfire
