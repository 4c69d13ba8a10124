#include "harness/aggregate_table.h"

#include <algorithm>
#include <cmath>

#include "harness/terminal.h"
#include "results/curve_metrics/registry.h"

namespace misfire {

namespace {

std::string estimate_text(const Estimate& estimate, int digits) {
    if (estimate.status != Status::ok) return "-";
    const std::string value = fixed(estimate.value, digits);
    if (std::isnan(estimate.low)) return value;
    return value + " [" + fixed(estimate.low, digits) + ", " + fixed(estimate.high, digits) + "]";
}

}  // namespace

std::string aggregate_table(const std::vector<Aggregate>& aggregates) {
    std::vector<std::string> models, metrics;
    const auto add_once = [](std::vector<std::string>& names, const std::string& name) {
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    };
    for (const Aggregate& aggregate : aggregates) {
        add_once(models, aggregate.model);
        add_once(metrics, aggregate.metric);
    }
    if (aggregates.empty()) return "";
    std::vector<std::string> head = {"over the run"};
    head.insert(head.end(), models.begin(), models.end());
    TextTable table(head);
    std::vector<std::string> reasons;
    for (const std::string& metric : metrics) {
        std::vector<std::string> row(1 + models.size(), "-");
        const CurveMetric* known = find_curve_metric(metric);
        const bool percent = known != nullptr && known->info().unit == "%";
        row.front() = "  " + metric + (percent ? " (%)" : "");
        for (const Aggregate& aggregate : aggregates) {
            if (aggregate.metric != metric) continue;
            const auto model = std::find(models.begin(), models.end(), aggregate.model) - models.begin();
            row[static_cast<std::size_t>(model) + 1] = estimate_text(aggregate.estimate, percent ? 1 : 3);
            if (!aggregate.message.empty()) add_once(reasons, metric + " is undefined: " + aggregate.message);
        }
        table.add(row);
    }
    std::string out = table.text();
    for (const std::string& reason : reasons) out += "  " + reason + "\n";
    return out + "\n";
}

}  // namespace misfire
