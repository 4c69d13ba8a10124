#include "harness/explain_run.h"

#include <algorithm>
#include <numeric>

#include "core/error.h"
#include "core/nearest_name.h"
#include "harness/known_metrics.h"
#include "harness/setup.h"
#include "results/evaluate.h"
#include "results/journal.h"
#include "scenarios/data/geometry.h"
#include "scenarios/data/views.h"

namespace misfire {

namespace fs = std::filesystem;

namespace {

const PlannedCell& find_cell(const Setup& setup, const std::string& name) {
    std::vector<std::string> names;
    for (const PlannedCell& cell : setup.cells) {
        if (cell.name == name) return cell;
        names.push_back(cell.name);
    }
    const std::string nearest = nearest_name(name, names);
    throw UsageError("The run has no cell `" + name + "`." +
                     (nearest.empty() ? " Its first is `" + names.front() + "`." : " Did you mean `" + nearest + "`?"));
}

// Rows of wrong answers, most confident first, equal ones in the order of their ids.
std::vector<std::size_t> mistakes(const Outcomes& outcomes) {
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < outcomes.size(); ++row) {
        if (outcomes.prediction[row] >= 0 && outcomes.target[row] >= 0 && !outcomes.correct(row)) rows.push_back(row);
    }
    std::stable_sort(rows.begin(), rows.end(),
                     [&](std::size_t a, std::size_t b) { return outcomes.confidence[a] > outcomes.confidence[b]; });
    return rows;
}

// The sample as the cell shows it. Views of single samples are those of the run: pixels follow from image, level and
// id.
Image shown(const Setup& setup, const PlannedCell& cell, std::size_t row) {
    const Geometry& geometry = setup.models[cell.model]->info().geometry;
    std::vector<MemoryView::Entry> source, framed;
    source.push_back(read_entry(*setup.data, setup.selection[row]));
    if (!source.front().bad.empty()) throw DataError(source.front().bad);
    framed = source;
    framed.front().sample.image = apply_geometry(source.front().sample.image, geometry);
    const MemoryView before(setup.data->info(), std::move(source)), clean(setup.data->info(), std::move(framed));
    if (cell.is_clean()) return clean.image(0);
    const ShiftContext context{geometry, &before, setup.data.get()};
    return picture_of(setup.shifts[cell.shift]->at(clean, cell.level, context)->at(0));
}

}  // namespace

Subjects failures_of_run(const fs::path& folder, const std::string& cell_name, std::size_t worst) {
    const fs::path file = folder / "run.sqlite";
    if (!fs::exists(file))
        throw UsageError("There is no run in " + folder.string() +
                         " (no run.sqlite). Give the folder that `misfire run` named.");
    const Journal journal = Journal::open(file, Journal::Access::read_only);
    const std::optional<std::string> scenario = journal.meta("scenario");
    if (!scenario) throw StoreError(file.string() + " holds no scenario: it was not completely begun.");
    Setup setup = set_up(parse_scenario(*scenario, file.string(), folder, {}, known_metrics()),
                         journal.meta("filter").value_or(""));
    if (setup.data->table() != nullptr)
        throw UsageError("What is explained are pictures, and the data of this run is a table.");
    const PlannedCell& cell = find_cell(setup, cell_name);
    const Outcomes outcomes = cell_outcomes(journal, setup.record, cell.name);
    const std::vector<std::size_t> wrong = mistakes(outcomes);
    if (wrong.empty()) throw UsageError("The cell " + cell.name + " holds no mistake, or is not done yet.");
    Subjects subjects;
    subjects.title = "Mistakes of " + cell.name;
    const ModelInfo& model = setup.models[cell.model]->info();
    const std::vector<std::string>& classes = setup.data->info().classes;
    const bool by_index = model.class_names.empty() && static_cast<std::int64_t>(classes.size()) == model.classes;
    subjects.class_names = by_index ? classes : model.class_names;
    for (std::size_t i = 0; i < std::min(worst, wrong.size()); ++i) {
        const std::size_t row = wrong[i];
        subjects.items.push_back({setup.record.sample_ids[row], subjects.class_name(outcomes.target[row]),
                                  outcomes.target[row], shown(setup, cell, row)});
    }
    subjects.model = std::move(setup.models[cell.model]);
    return subjects;
}

}  // namespace misfire
