#include "results/compare/comparability.h"

#include <algorithm>
#include <unordered_map>

#include "core/error.h"
#include "core/nearest_name.h"

namespace misfire {
namespace {

std::string against(const std::string& field, const std::string& first, const std::string& second) {
    const auto said = [](const std::string& text) { return text.empty() ? std::string("nothing") : text; };
    return field + ": " + said(first) + " against " + said(second);
}

// What of the samples differs, as exactly as the two files tell.
std::string difference_of_data(const RunRecord& first, const RunRecord& second) {
    const std::string field = "data (ids, labels, groups)";
    if (first.sample_ids.size() != second.sample_ids.size()) {
        return against(field, std::to_string(first.sample_ids.size()) + " samples of " + first.dataset,
                       std::to_string(second.sample_ids.size()) + " of " + second.dataset);
    }
    for (std::size_t i = 0; i < first.sample_ids.size(); ++i) {
        if (first.sample_ids[i] != second.sample_ids[i])
            return against(field + ", first sample that differs", first.sample_ids[i], second.sample_ids[i]);
    }
    if (first.targets.empty() != second.targets.empty())
        return against(field, first.targets.empty() ? "no labels" : "labels",
                       second.targets.empty() ? "no labels" : "labels");
    for (std::size_t i = 0; i < first.targets.size() && i < second.targets.size(); ++i) {
        if (first.targets[i] != second.targets[i])
            return against(field + ", label of " + first.sample_ids[i], std::to_string(first.targets[i]),
                           std::to_string(second.targets[i]));
    }
    return against(field, "classes or groups of " + first.dataset, "others of " + second.dataset);
}

void compare_shifts(const RunRecord& first, const RunRecord& second, Comparability& result) {
    for (const ShiftInfo& a : first.shifts) {
        const auto b =
            std::find_if(second.shifts.begin(), second.shifts.end(), [&](const auto& s) { return s.name == a.name; });
        if (b == second.shifts.end()) continue;
        const std::string shift = "shift " + a.name;
        if (a.version != b->version) result.refusals.push_back(against(shift + " (version)", a.version, b->version));
        if (a.parameter_set != b->parameter_set)
            result.refusals.push_back(against(shift + " (parameters)", a.parameter_set, b->parameter_set));
        if (a.reference_is_clean != b->reference_is_clean)
            result.refusals.push_back(against(shift + " (reference)", a.reference_is_clean ? "clean" : "a level",
                                              b->reference_is_clean ? "clean" : "a level"));
    }
}

}  // namespace

Comparability comparability(const ResultsFile& first, const ResultsFile& second) {
    Comparability result;
    const RunSummary& a = first.summary();
    const RunSummary& b = second.summary();
    if (a.data_sha256 != b.data_sha256) result.refusals.push_back(difference_of_data(first.record(), second.record()));
    if (a.seed != b.seed) result.refusals.push_back(against("seed", std::to_string(a.seed), std::to_string(b.seed)));
    compare_shifts(first.record(), second.record(), result);
    for (const char* field : {"cpu", "isa", "libtorch", "opencv", "qengine", "batch", "misfire_version"}) {
        const auto of = [&](const RunSummary& summary) {
            const auto found = summary.environment.find(field);
            return found == summary.environment.end() ? std::string() : found->second;
        };
        if (of(a) != of(b)) result.notes.push_back(against(field, of(a), of(b)));
    }
    for (const ResultsFile* file : {&first, &second}) {
        if (!file->summary().results.complete)
            result.notes.push_back(file->path().string() + " is of a run that is not complete");
    }
    return result;
}

std::vector<std::pair<std::uint32_t, std::uint32_t>> common_rows(const RunRecord& first, const RunRecord& second) {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> rows;
    if (first.sample_ids == second.sample_ids) {
        for (std::uint32_t row = 0; row < first.sample_ids.size(); ++row) rows.emplace_back(row, row);
        return rows;
    }
    std::unordered_map<std::string, std::uint32_t> places;
    for (std::uint32_t row = 0; row < second.sample_ids.size(); ++row) places.emplace(second.sample_ids[row], row);
    for (std::uint32_t row = 0; row < first.sample_ids.size(); ++row) {
        if (const auto found = places.find(first.sample_ids[row]); found != places.end())
            rows.emplace_back(row, found->second);
    }
    return rows;
}

std::vector<std::pair<std::size_t, std::size_t>> matching_models(const RunRecord& first, const RunRecord& second) {
    std::vector<std::pair<std::size_t, std::size_t>> pairs;
    std::vector<std::string> names;
    for (const ModelInfo& model : second.models) names.push_back(model.name);
    for (std::size_t m = 0; m < first.models.size(); ++m) {
        const auto found = std::find(names.begin(), names.end(), first.models[m].name);
        if (found != names.end()) pairs.emplace_back(m, static_cast<std::size_t>(found - names.begin()));
    }
    if (pairs.empty() && first.models.size() == 1 && second.models.size() == 1) pairs.emplace_back(0, 0);
    if (pairs.empty()) {
        const std::string wanted = first.models.empty() ? "" : first.models.front().name;
        throw UsageError("The two runs have no model of the same name: `" + wanted +
                         "` of the first is none of the second." + did_you_mean(wanted, names) +
                         " Models are matched by the name that the scenario gives them: {name: .., path: ..}.");
    }
    return pairs;
}

}  // namespace misfire
