#include "results/report/page_data.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace misfire::report {

namespace {

using nlohmann::json;

// Of estimates in the page, at some 30 bytes each: 6 MB.
constexpr std::size_t most_estimates = 200000;
constexpr std::size_t most_diagrams = 4000;

// Seven digits: more than a figure shows, and half the size.
json number(double value) {
    if (!std::isfinite(value)) return nullptr;
    if (value == 0.0) return 0;
    const double scale = std::pow(10.0, 6.0 - std::floor(std::log10(std::abs(value))));
    const double rounded = std::isfinite(scale) ? std::round(value * scale) / scale : value;
    return rounded;
}

json series_json(const Series& series) {
    json value = json::array(), low = json::array(), high = json::array(), n = json::array();
    for (const Estimate& estimate : series.at) {
        value.push_back(number(estimate.value));
        low.push_back(number(estimate.low));
        high.push_back(number(estimate.high));
        n.push_back(estimate.n);
    }
    return json::array({series.key.metric, series.key.group, series.key.shift, series.key.model, value, low, high, n});
}

json shifts_json(const RunView& view) {
    json shifts = json::array();
    for (const ShiftFacts& shift : view.shifts()) {
        shifts.push_back({{"name", shift.name},
                          {"unit", shift.unit},
                          {"levels", shift.levels},
                          {"labels", shift.labels},
                          {"reference", shift.reference ? json(*shift.reference) : json(nullptr)}});
    }
    return shifts;
}

json metrics_json(const RunView& view) {
    json metrics = json::array();
    for (const MetricFacts& metric : view.metrics()) {
        metrics.push_back({{"name", metric.name},
                           {"unit", metric.unit},
                           {"summary", metric.summary},
                           {"direction", metric.direction == Direction::higher_is_better  ? 1
                                         : metric.direction == Direction::lower_is_better ? -1
                                                                                          : 0}});
    }
    return metrics;
}

json reliability_json(const std::vector<CellReliability>& reliability) {
    json cells = json::array();
    for (const CellReliability& cell : reliability) {
        json bins = json::array();
        for (const ReliabilityBin& bin : cell.bins)
            bins.push_back(json::array({bin.count, bin.hits, number(bin.confidence_sum)}));
        cells.push_back(json::array({cell.model, cell.shift, cell.label, bins}));
    }
    return cells;
}

// "</script>" and "<!--" would end or hide the element.
std::string between_tags(std::string text) {
    for (std::size_t at = 0; (at = text.find('<', at)) != std::string::npos; at += 6) text.replace(at, 1, "\\u003c");
    return text;
}

}  // namespace

PageData page_data(const RunView& view, std::size_t leading, const std::vector<CellReliability>& reliability) {
    PageData page;
    std::size_t estimates = 0;
    for (const Series& series : view.all()) estimates += series.at.size();
    page.all_groups = estimates <= most_estimates;
    page.all_reliability = reliability.size() <= most_diagrams;
    json series = json::array();
    std::size_t written = 0;
    for (const Series& one : view.all()) {
        const bool needed = one.key.group == 0 || page.all_groups ||
                            (one.key.metric == leading && written + one.at.size() <= most_estimates);
        if (!needed) continue;
        written += one.at.size();
        series.push_back(series_json(one));
    }
    const json all = {{"models", view.models()},
                      {"shifts", shifts_json(view)},
                      {"metrics", metrics_json(view)},
                      {"groups", view.groups()},
                      {"leading", leading},
                      {"series", std::move(series)},
                      {"reliability", page.all_reliability ? reliability_json(reliability) : json::array()}};
    page.json = between_tags(all.dump(-1, ' ', false, json::error_handler_t::replace));
    return page;
}

}  // namespace misfire::report
