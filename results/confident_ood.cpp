#include "results/confident_ood.h"

#include <algorithm>
#include <map>

namespace misfire {
namespace {

std::string ood_id(const RunRecord& record, const std::string& shift, const Outcomes& outcomes, std::uint32_t row) {
    const auto shown = outcomes.kept.find(ood_row_column);
    if (shown == outcomes.kept.end() || !(shown->second[row] >= 0.0F)) return "";
    for (const ShiftInfo& info : record.shifts) {
        const auto place = static_cast<std::size_t>(shown->second[row]);
        if (info.name == shift && place < info.ood_ids.size()) return info.ood_ids[place];
    }
    return "";
}

}  // namespace

std::vector<ConfidentOod> most_confident_ood(const RunRecord& record, const Cell& cell, const Outcomes& outcomes) {
    if (!outcomes.kept.contains(ood_column)) return {};
    std::map<std::int32_t, std::vector<std::uint32_t>> by_class;
    for (std::uint32_t row = 0; row < outcomes.size(); ++row) {
        if (outcomes.prediction[row] >= 0 && outcomes.is_ood(row)) by_class[outcomes.prediction[row]].push_back(row);
    }
    const std::vector<std::string>& classes = record.models[cell.model].class_names;
    std::vector<ConfidentOod> found;
    for (auto& [prediction, rows] : by_class) {
        std::stable_sort(rows.begin(), rows.end(), [&](std::uint32_t a, std::uint32_t b) {
            return outcomes.confidence[a] > outcomes.confidence[b];
        });
        rows.resize(std::min(rows.size(), confident_per_class));
        const auto index = static_cast<std::size_t>(prediction);
        for (std::size_t rank = 0; rank < rows.size(); ++rank) {
            found.push_back({.cell = cell.name,
                             .model = record.models[cell.model].name,
                             .shift = cell.shift,
                             .label = cell.label,
                             .prediction = prediction,
                             .class_name = index < classes.size() ? classes[index] : "",
                             .rank = static_cast<std::int32_t>(rank + 1),
                             .row = static_cast<std::int32_t>(rows[rank]),
                             .id = record.sample_ids[rows[rank]],
                             .ood_id = ood_id(record, cell.shift, outcomes, rows[rank]),
                             .confidence = outcomes.confidence[rows[rank]]});
        }
    }
    return found;
}

}  // namespace misfire
