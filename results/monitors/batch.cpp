#include "results/monitors/batch.h"

#include <algorithm>

#include "core/error.h"

namespace misfire::monitors {

void check_rows(const MonitorRows& rows, const std::string& monitor, const std::string& what, std::size_t least,
                std::size_t columns) {
    if (rows.values.size() != rows.rows * rows.columns)
        throw InternalError("The " + what + " of monitor " + monitor + " is no matrix of its rows and columns.");
    if (rows.rows < least)
        throw DataError("The " + what + " of monitor " + monitor + " has " + std::to_string(rows.rows) +
                        " rows, and it takes " + std::to_string(least) + ". Give more rows.");
    if (rows.columns == 0) throw DataError("The " + what + " of monitor " + monitor + " has no columns.");
    if (columns != 0 && rows.columns != columns)
        throw DataError("The " + what + " of monitor " + monitor + " has " + std::to_string(rows.columns) +
                        " columns where the reference has " + std::to_string(columns) + ". Give the same features.");
    for (std::size_t i = 0; i < rows.values.size(); ++i) {
        if (!std::isfinite(rows.values[i]))
            throw DataError("The " + what + " of monitor " + monitor + " holds " + std::to_string(rows.values[i]) +
                            " in row " + std::to_string(i / rows.columns) + ", column " +
                            std::to_string(i % rows.columns) + " (from 0). Leave out rows with missing values.");
    }
}

Columns::Columns(const MonitorRows& rows, bool sorted) : columns_(rows.columns, std::vector<double>(rows.rows)) {
    for (std::size_t r = 0; r < rows.rows; ++r) {
        for (std::size_t c = 0; c < rows.columns; ++c) columns_[c][r] = rows.values[r * rows.columns + c];
    }
    if (!sorted) return;
    for (auto& column : columns_) std::sort(column.begin(), column.end());
}

void refuse_unfitted(const std::string& monitor) {
    throw UsageError("Monitor " + monitor + " has no reference yet. Call fit() before test() or estimate().");
}

std::vector<MonitorParameter> test_parameters() {
    return {between("alpha", "false alarms among unchanged samples that are accepted", "0.05", 0, 1),
            word("correction", "for testing many features: bonferroni, fdr (Benjamini and Hochberg), none",
                 "bonferroni", {"bonferroni", "fdr", "none"})};
}

BatchResult verdict_of_tests(std::vector<FeatureTest> features, const MonitorSettings& settings) {
    BatchResult result;
    const auto count = static_cast<double>(features.size());
    std::vector<double> p_values;
    result.statistic = -std::numeric_limits<double>::infinity();
    for (const FeatureTest& feature : features) {
        result.statistic = std::max(result.statistic, feature.statistic);
        p_values.push_back(feature.p_value);
    }
    std::sort(p_values.begin(), p_values.end());
    result.p_value = p_values.front();
    result.threshold = settings.number("alpha");
    if (settings.word("correction") == "bonferroni") {
        result.threshold /= count;
    } else if (settings.word("correction") == "fdr") {
        for (std::size_t k = 0; k < p_values.size(); ++k) {
            const double adjusted = p_values[k] * count / static_cast<double>(k + 1);
            result.p_value = k == 0 ? adjusted : std::min(result.p_value, adjusted);
        }
    }
    result.alarm = result.p_value <= result.threshold;
    result.features = std::move(features);
    return result;
}

BatchResult verdict_of_distances(std::vector<FeatureTest> features, const MonitorSettings& settings) {
    BatchResult result;
    result.statistic = -std::numeric_limits<double>::infinity();
    for (const FeatureTest& feature : features) result.statistic = std::max(result.statistic, feature.statistic);
    result.threshold = settings.number("threshold");
    result.alarm = result.statistic >= result.threshold;
    result.features = std::move(features);
    return result;
}

}  // namespace misfire::monitors
