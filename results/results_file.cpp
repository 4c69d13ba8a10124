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
    record.sample_ids = file.has("/samples/ids") ? file.texts("/samples/ids", "id")  // of a baseline
                                                 : file.strings("/samples/columns/id");
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

// The outcomes of a baseline, all of them: below a megabyte in the file.
struct ResultsFile::PackedOutcomes {
    std::size_t width = 0;  // bytes of bits per cell
    std::vector<std::int8_t> correct;
    std::vector<std::int8_t> counted;
    std::map<std::string, std::vector<std::int32_t>> integers;  // [cell, sampled row]
    std::map<std::string, std::vector<float>> reals;            // [cell, sampled row, width]
};

struct ResultsFile::Open {
    explicit Open(const std::filesystem::path& path) : file(std::make_unique<Reader>(path)) {}
    ~Open() {
        const hdf5::LibraryLock lock;
        file.reset();
    }
    Open(const Open&) = delete;
    Open& operator=(const Open&) = delete;
    std::unique_ptr<Reader> file;
    std::map<std::string, std::string> folders;     // of cells that ran
    std::map<std::string, std::size_t> packed_row;  // of a baseline: place of a cell
    PackedOutcomes packed;
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
    is_baseline_ = open_->file->has("/baseline");
    if (is_baseline_) {
        read_packed();
        return;
    }
    for (const CellResult& cell : summary_.results.cells) {
        const std::string folder = hdf5::outcomes_folder(cell.model, cell.shift, cell.label);
        if (cell.status == Status::ok && open_->file->has(folder + "/prediction")) open_->folders[cell.cell] = folder;
    }
}

ResultsFile::ResultsFile(ResultsFile&&) noexcept = default;
ResultsFile::~ResultsFile() = default;

void ResultsFile::read_packed() {
    const Reader& file = *open_->file;
    const std::size_t samples = record_.sample_ids.size();
    for (const std::int32_t row : file.integers32("/baseline/rows")) {
        if (row < 0 || static_cast<std::size_t>(row) >= samples) file.corrupt("/baseline/rows names no sample");
        sampled_rows_.push_back(static_cast<std::uint32_t>(row));
    }
    const std::vector<std::string> cells = file.strings("/baseline/cell");
    for (std::size_t c = 0; c < cells.size(); ++c) open_->packed_row[cells[c]] = c;
    PackedOutcomes& packed = open_->packed;
    packed.width = (samples + 7) / 8;
    packed.correct = file.bytes("/baseline/correct");
    packed.counted = file.bytes("/baseline/counted");
    if (packed.correct.size() != cells.size() * packed.width || packed.counted.size() != packed.correct.size())
        file.corrupt("/baseline/correct does not fit the samples");
    static const std::set<std::string> known = {"cell", "correct", "counted", "rows"};
    static const std::set<std::string> integer = {"prediction", "target", "target_rank"};
    const std::size_t entries = cells.size() * sampled_rows_.size();
    for (const std::string& name : file.children("/baseline")) {
        if (known.contains(name)) continue;
        const std::string path = "/baseline/" + name;
        const std::size_t size = integer.contains(name) ? (packed.integers[name] = file.integers32(path)).size()
                                                        : (packed.reals[name] = file.floats(path)).size();
        if (entries == 0 || size == 0 || size % entries != 0) file.corrupt(path + " does not fit its rows");
    }
}

Outcomes ResultsFile::packed_outcomes(std::size_t cell) const {
    const PackedOutcomes& packed = open_->packed;
    const std::size_t samples = record_.sample_ids.size();
    const auto bit = [&](const std::vector<std::int8_t>& bits, std::size_t row) {
        return (static_cast<std::uint8_t>(bits[cell * packed.width + row / 8]) >> (row % 8) & 1U) != 0;
    };
    constexpr float nan = std::numeric_limits<float>::quiet_NaN();
    Outcomes outcomes;
    outcomes.target = record_.targets.empty() ? std::vector<std::int32_t>(samples, 0) : record_.targets;
    outcomes.prediction.assign(samples, some_other_class);
    outcomes.target_rank.assign(samples, 0);
    outcomes.confidence.assign(samples, nan);
    outcomes.loss.assign(samples, nan);
    outcomes.brier.assign(samples, nan);
    for (std::size_t row = 0; row < samples; ++row) {
        if (!bit(packed.counted, row))
            outcomes.prediction[row] = not_run;
        else if (bit(packed.correct, row))
            outcomes.prediction[row] = outcomes.target[row] = std::max(outcomes.target[row], 0);
    }
    const auto spread = [&](const auto& values, auto& column) {
        const std::size_t width = values.size() / (open_->packed_row.size() * sampled_rows_.size());
        for (std::size_t k = 0; k < sampled_rows_.size() * width; ++k)
            column[sampled_rows_[k / width] * width + k % width] = values[cell * sampled_rows_.size() * width + k];
    };
    for (const auto& [name, values] : packed.integers)
        spread(values, name == "prediction" ? outcomes.prediction
                       : name == "target"   ? outcomes.target
                                            : outcomes.target_rank);
    for (const auto& [name, values] : packed.reals) {
        std::vector<float>* column = name == "confidence" ? &outcomes.confidence
                                     : name == "loss"     ? &outcomes.loss
                                     : name == "brier"    ? &outcomes.brier
                                                          : &outcomes.kept[name];
        column->resize(samples * (values.size() / (open_->packed_row.size() * sampled_rows_.size())), nan);
        spread(values, *column);
    }
    return outcomes;
}

bool ResultsFile::has_outcomes(const std::string& cell) const {
    return open_->folders.contains(cell) || open_->packed_row.contains(cell);
}

std::string ResultsFile::folder_of(const std::string& cell) const {
    const auto found = open_->folders.find(cell);
    if (found != open_->folders.end()) return found->second;
    throw StoreError(path_.string() + " holds no outcomes per sample of the cell " + cell +
                     ". Give the results.h5 as the run wrote it; where the journal is still there, `misfire resume` "
                     "writes it anew.");
}

Outcomes ResultsFile::outcomes(const std::string& cell) const {
    if (const auto packed = open_->packed_row.find(cell); packed != open_->packed_row.end())
        return packed_outcomes(packed->second);
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
    if (const auto packed = open_->packed_row.find(cell); packed != open_->packed_row.end()) {
        const Outcomes outcomes = packed_outcomes(packed->second);
        std::vector<std::int8_t> correct(outcomes.size());
        for (std::size_t row = 0; row < correct.size(); ++row)
            correct[row] = static_cast<std::int8_t>(outcomes.counts(row) ? (outcomes.correct(row) ? 1 : 0) : -1);
        return correct;
    }
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
