// A run's points, looked up by their place in metric x group x shift x model. Inner header of results/report/.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/outcome.h"
#include "results/store.h"

namespace misfire::report {

struct MetricFacts {
    std::string name;
    std::string summary;  // "" for a metric that this program does not know
    std::string unit;
    Direction direction = Direction::neither;
};

struct ShiftFacts {
    std::string name;
    std::string unit;  // of the levels
    std::vector<double> levels;
    std::vector<std::string> labels;       // [level]
    std::optional<std::size_t> reference;  // place in levels, where it is one of them
    bool labels_are_levels = true;         // "3" for 3; false for months and domains
};

// Indices of metrics(), groups(), shifts(), models().
struct SeriesKey {
    std::size_t metric = 0;
    std::size_t group = 0;
    std::size_t shift = 0;
    std::size_t model = 0;
};

struct Series {
    SeriesKey key;
    std::vector<Estimate> at;  // [level of the shift]; status undefined where there is no point
};

class RunView {
  public:
    explicit RunView(const RunSummary& summary);

    const std::vector<std::string>& models() const { return models_; }
    const std::vector<ShiftFacts>& shifts() const { return shifts_; }
    const std::vector<MetricFacts>& metrics() const { return metrics_; }
    const std::vector<std::string>& groups() const { return groups_; }  // the first is "": all samples
    const std::vector<Series>& all() const { return series_; }
    const Series* find(const SeriesKey& key) const;  // null where the run has no such points

    // What the series is compared with: its value at the reference level, or the clean cell's where that is no level of
    // the shift; NaN without either.
    double reference(const Series& series) const;

    const RunSummary& summary() const { return summary_; }

  private:
    void name_parts();
    void place_levels();
    void fill();
    std::size_t place(const SeriesKey& key) const;

    const RunSummary& summary_;
    std::vector<std::string> models_;
    std::vector<ShiftFacts> shifts_;
    std::vector<MetricFacts> metrics_;
    std::vector<std::string> groups_;
    std::vector<Series> series_;
    std::vector<std::uint32_t> series_at_;  // [place(key)], index + 1 into series_; 0: none
};

// How much worse a value is than its reference, positive when worse; the distance where neither is better.
double damage(Direction direction, double reference, double value);

// The metric's own word for its direction, or what its curves' drops show.
MetricFacts facts_of(const std::string& metric, const std::vector<Curve>& curves);

}  // namespace misfire::report
