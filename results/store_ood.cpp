#include "results/store_ood.h"

#include <algorithm>
#include <functional>
#include <limits>

#include "results/confident_ood.h"
#include "results/evaluate.h"
#include "results/hdf5_names.h"
#include "results/metrics/score_metric.h"
#include "results/metrics/selective_risk.h"

namespace misfire {
namespace {

using hdf5::link_name;

constexpr std::size_t coverage_points = 100;

template <typename T, typename Get>
hdf5::Column column(std::string name, const std::vector<ConfidentOod>& rows, Get get) {
    std::vector<T> values;
    for (const ConfidentOod& row : rows) values.push_back(static_cast<T>(std::invoke(get, row)));
    return {std::move(name), std::move(values)};
}

bool has_outcomes(const RunResults& results, const std::string& cell) {
    return std::any_of(results.cells.begin(), results.cells.end(),
                       [&](const CellResult& result) { return result.cell == cell && result.status == Status::ok; });
}

void write_most_confident(hdf5::Writer& file, const std::vector<ConfidentOod>& rows) {
    using C = ConfidentOod;
    file.table("/ood/most_confident",
               {column<std::string>("cell", rows, &C::cell), column<std::string>("model", rows, &C::model),
                column<std::string>("shift", rows, &C::shift), column<std::string>("label", rows, &C::label),
                column<std::int64_t>("prediction", rows, &C::prediction),
                column<std::string>("class", rows, &C::class_name), column<std::int64_t>("rank", rows, &C::rank),
                column<std::int64_t>("row", rows, &C::row), column<std::string>("id", rows, &C::id),
                column<std::string>("ood_id", rows, &C::ood_id), column<double>("confidence", rows, &C::confidence)});
}

// [level, coverage] of one model; NaN where a cell has no curve.
std::vector<double> curves_of(const RunRecord& record, const RunResults& results, const Journal& journal,
                              const std::vector<Cell>& cells, const std::vector<std::size_t>& levels,
                              const std::string& score) {
    std::vector<double> values;
    for (const std::size_t c : levels) {
        std::vector<double> curve;
        if (has_outcomes(results, cells[c].name))
            curve = risk_coverage_curve(cell_outcomes(journal, record, cells[c].name), score, coverage_points);
        curve.resize(coverage_points, std::numeric_limits<double>::quiet_NaN());
        values.insert(values.end(), curve.begin(), curve.end());
    }
    return values;
}

void write_risk_coverage(hdf5::Writer& file, const RunRecord& record, const RunResults& results, const Journal& journal,
                         std::size_t shift, const std::vector<std::string>& scores) {
    const std::string folder = "/risk_coverage/" + link_name(record.shifts[shift].name);
    const std::vector<Cell> cells = cells_of(record);
    std::vector<std::string> models;
    std::vector<double> levels, coverages;
    for (const ModelInfo& model : record.models) models.push_back(model.name);
    for (const std::size_t c : curve_cells(record, cells, 0, shift)) levels.push_back(cells[c].level);
    for (std::size_t i = 1; i <= coverage_points; ++i)
        coverages.push_back(static_cast<double>(i) / static_cast<double>(coverage_points));
    file.strings(folder + "/model", models);
    file.array(folder + "/level", levels, {levels.size()});
    file.array(folder + "/coverage", coverages, {coverages.size()});
    file.attribute(folder + "/level", "units", record.shifts[shift].unit);
    for (const std::string& score : scores) {
        std::vector<double> values;
        for (std::size_t m = 0; m < record.models.size(); ++m) {
            const std::vector<double> own =
                curves_of(record, results, journal, cells, curve_cells(record, cells, m, shift), score);
            values.insert(values.end(), own.begin(), own.end());
        }
        const std::string name = folder + "/" + link_name(score);
        file.array(name, values, {models.size(), levels.size(), coverages.size()});
        file.scale(name, 0, folder + "/model", "model");
        file.scale(name, 1, folder + "/level", "level");
        file.scale(name, 2, folder + "/coverage", "coverage");
    }
}

}  // namespace

void write_ood_columns(hdf5::Writer& file, const std::string& folder, const Outcomes& outcomes) {
    if (!outcomes.kept.contains(ood_column)) return;
    const std::vector<float>& shown = outcomes.kept.at(ood_row_column);
    std::vector<std::int8_t> ood(outcomes.size());
    std::vector<std::int32_t> ood_row(outcomes.size(), -1);
    for (std::size_t row = 0; row < outcomes.size(); ++row) {
        ood[row] = static_cast<std::int8_t>(outcomes.counts(row) ? (outcomes.is_ood(row) ? 1 : 0) : -1);
        if (ood[row] == 1) ood_row[row] = static_cast<std::int32_t>(shown[row]);
    }
    file.array(folder + "/ood", ood, {outcomes.size()});
    file.array(folder + "/ood_row", ood_row, {outcomes.size()});
}

void write_ood(hdf5::Writer& file, const RunRecord& record, const RunResults& results, const Journal& journal) {
    const auto is_ood = [](const ShiftInfo& shift) { return shift.kind == "ood"; };
    if (std::none_of(record.shifts.begin(), record.shifts.end(), is_ood)) return;
    for (const ShiftInfo& shift : record.shifts) {
        if (!shift.ood_ids.empty()) file.strings("/ood/" + link_name(shift.name) + "/id", shift.ood_ids);
    }
    std::vector<ConfidentOod> confident;
    for (const Cell& cell : cells_of(record)) {
        const auto shift = std::find_if(record.shifts.begin(), record.shifts.end(),
                                        [&](const ShiftInfo& info) { return info.name == cell.shift; });
        if (shift == record.shifts.end() || !is_ood(*shift) || !has_outcomes(results, cell.name)) continue;
        for (ConfidentOod& one : most_confident_ood(record, cell, cell_outcomes(journal, record, cell.name)))
            confident.push_back(std::move(one));
    }
    write_most_confident(file, confident);
}

void write_risk_coverage(hdf5::Writer& file, const RunRecord& record, const RunResults& results,
                         const Journal& journal) {
    std::vector<std::string> scores;
    for (const std::string& metric : record.metrics) {
        if (metric.starts_with(std::string("aurc") + score_separator)) scores.push_back(score_of(metric));
    }
    if (scores.empty()) return;
    for (std::size_t shift = 0; shift < record.shifts.size(); ++shift)
        write_risk_coverage(file, record, results, journal, shift, scores);
}

}  // namespace misfire
