// What the batch monitors share: checks of their matrices, columns, and one verdict out of the tests of all features.
#pragma once

#include <string>
#include <vector>

#include "core/monitor.h"
#include "results/monitors/parameters.h"
#include "results/monitors/settings.h"

namespace misfire::monitors {

// Throws DataError unless there are at least `least` rows of finite numbers in as many columns as `columns` (0: any,
// but one). `what` names the sample.
void check_rows(const MonitorRows& rows, const std::string& monitor, const std::string& what, std::size_t least,
                std::size_t columns = 0);

// Rows of the reference, copied column by column; at(c) is a column, sorted when asked for.
class Columns {
  public:
    Columns() = default;
    Columns(const MonitorRows& rows, bool sorted);
    std::size_t count() const { return columns_.size(); }
    std::size_t rows() const { return columns_.empty() ? 0 : columns_.front().size(); }
    const std::vector<double>& at(std::size_t c) const { return columns_[c]; }

  private:
    std::vector<std::vector<double>> columns_;
};

// Throws UsageError: test() came before fit().
[[noreturn]] void refuse_unfitted(const std::string& monitor);

// alpha and correction, of monitors that make a test per feature.
std::vector<MonitorParameter> test_parameters();

// Verdict of one p-value per feature. bonferroni: the smallest p against alpha / features; none: against alpha; fdr:
// Benjamini and Hochberg's smallest adjusted p against alpha.
BatchResult verdict_of_tests(std::vector<FeatureTest> features, const MonitorSettings& settings);

// Verdict of one distance per feature: the largest against the parameter `threshold`.
BatchResult verdict_of_distances(std::vector<FeatureTest> features, const MonitorSettings& settings);

}  // namespace misfire::monitors
