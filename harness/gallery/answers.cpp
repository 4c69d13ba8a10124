#include "harness/gallery/answers.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/nearest_name.h"

namespace misfire {

namespace {

void require_names(const std::vector<std::string>& wanted, const std::vector<std::string>& known, const char* what) {
    for (const std::string& name : wanted) {
        if (std::find(known.begin(), known.end(), name) != known.end()) continue;
        throw UsageError("The run has no " + std::string(what) + " `" + name + "`." + did_you_mean(name, known));
    }
}

std::vector<std::string> shifts_of(const RunResults& results) {
    std::vector<std::string> names;
    for (const CellResult& cell : results.cells) {
        if (cell.shift != clean_shift && std::find(names.begin(), names.end(), cell.shift) == names.end())
            names.push_back(cell.shift);
    }
    return names;
}

std::vector<Answer> read_cell(const ResultsFile& file, const CellResult& cell) {
    const Outcomes outcomes = file.outcomes(cell.cell);
    const std::vector<std::int8_t> correct = file.correct(cell.cell);
    const auto foreign = outcomes.kept.find("ood");
    // Without labels the clean answer is the truth.
    const bool own_truth = file.record().targets.empty() && cell.shift == clean_shift;
    std::vector<Answer> answers(outcomes.size());
    for (std::size_t i = 0; i < answers.size(); ++i) {
        Answer& answer = answers[i];
        answer.prediction = outcomes.prediction[i];
        answer.confidence = std::isnan(outcomes.confidence[i]) ? 0.0F : outcomes.confidence[i];
        answer.correct = own_truth && answer.counts() ? static_cast<std::int8_t>(answer.prediction >= 0) : correct[i];
        answer.rank = outcomes.target_rank[i];
        answer.foreign = foreign != outcomes.kept.end() && foreign->second[i] != 0.0F;
    }
    return answers;
}

// The cells of a curve: the shift's own, and the clean one where it has no reference of its own.
std::vector<const CellResult*> cells_of_path(const RunResults& results, const std::string& model,
                                             const std::string& shift) {
    std::vector<const CellResult*> cells;
    bool own_reference = false;
    for (const CellResult& cell : results.cells) {
        if (cell.model != model || cell.shift != shift) continue;
        cells.push_back(&cell);
        own_reference = own_reference || cell.reference;
    }
    for (const CellResult& cell : results.cells) {
        if (!own_reference && cell.model == model && cell.shift == clean_shift) cells.push_back(&cell);
    }
    std::stable_sort(cells.begin(), cells.end(), [](const auto* a, const auto* b) { return a->level < b->level; });
    return cells;
}

}  // namespace

std::vector<AnswerPath> read_answers(const PastRun& run, const std::vector<std::string>& only_models,
                                     const std::vector<std::string>& only_shifts) {
    const RunResults& results = run.results().summary().results;
    const std::vector<std::string> shifts = shifts_of(results);
    require_names(only_models, run.models(), "model");
    require_names(only_shifts, shifts, "shift");
    const auto taken = [](const std::vector<std::string>& only, const std::string& name) {
        return only.empty() || std::find(only.begin(), only.end(), name) != only.end();
    };
    std::vector<AnswerPath> paths;
    for (std::size_t m = 0; m < run.models().size(); ++m) {
        for (const std::string& shift : shifts) {
            if (!taken(only_models, run.models()[m]) || !taken(only_shifts, shift)) continue;
            AnswerPath path;
            path.model = m;
            path.shift = shift;
            bool reference = false;
            for (const Curve& curve : results.curves) {
                if (curve.shift == shift) path.unit = curve.level_unit;
            }
            for (const CellResult* cell : cells_of_path(results, run.models()[m], shift)) {
                if (!run.results().has_outcomes(cell->cell)) continue;
                if (cell->reference) path.reference = path.levels.size();
                reference = reference || cell->reference;
                path.levels.push_back(cell->level);
                path.labels.push_back(cell->label);
                path.cells.push_back(cell->cell);
                path.at.push_back(read_cell(run.results(), *cell));
            }
            if (reference && path.levels.size() > 1) paths.push_back(std::move(path));
        }
    }
    return paths;
}

std::size_t first_flip(const AnswerPath& path, std::size_t sample) {
    if (path.at[path.reference][sample].correct != 1) return path.levels.size();
    for (std::size_t level = path.reference + 1; level < path.levels.size(); ++level) {
        if (path.at[level][sample].correct == 0) return level;
    }
    return path.levels.size();
}

}  // namespace misfire
