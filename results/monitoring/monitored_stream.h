// The stream of samples that a deployed model would have seen, with a change at a known place, and the numbers that
// monitors read off it.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "core/monitor.h"
#include "core/outcome.h"
#include "results/run_record.h"

namespace misfire {

// One sample as it came to the model: a row of some cell's outcomes.
struct StreamEntry {
    const Outcomes* outcomes = nullptr;
    std::uint32_t row = 0;
};

struct MonitoredStream {
    std::vector<StreamEntry> reference;  // when all was well: monitors are fitted on it
    std::vector<StreamEntry> stream;     // what follows, in order
    // Of each entry of `stream`, what the model errs by where nothing changed: 0 or 1 for classes, the absolute error
    // of a regression.
    std::vector<double> usual_error;
    std::optional<std::size_t> change;  // first entry of `stream` in the changed world; nothing: not known
    std::vector<std::int64_t> seconds;  // time of each entry of `stream`; empty: the data has no time
};

// Rows of a run in the order of time; without times in the seeded order of its blocks.
std::vector<std::uint32_t> stream_order(const RunRecord& record);

// A level of a shift that starts from clean data. Up to the change the clean outcomes are seen, then those of the
// level. The change lies where the shift says (`changes_at`), otherwise half way. The first half of what comes before
// is the reference. Rows that do not count are left out.
MonitoredStream stream_at_level(const RunRecord& record, const ShiftInfo& shift, const Outcomes& clean,
                                const Outcomes& level, bool regression);

// A walk through time: the reference period, then the rows of all levels that are later, in order of time.
MonitoredStream stream_through_time(const RunRecord& record, const ShiftInfo& shift, const Outcomes& reference,
                                    const std::vector<const Outcomes*>& levels, bool regression);

// What a model errs by on a sample: 0 or 1 for classes, the absolute error of a regression, NaN where it did not
// answer with a number.
double error_of(const StreamEntry& entry, bool regression);

// Numbers read off a stream for a use `on` something, put into the form that a monitor wants. Made from the reference,
// so that it is known before the stream begins:
// - classes: errors and confidences are handed on as they are, in [0, 1];
// - numbers (errors and answers of a regression, inputs) as multiples of the reference's standard deviation from its
//   mean, so that thresholds of monitors mean the same for megawatts and rides;
// - monitors of right and wrong, and of numbers in [0, 1], get 1 for what is unusual in the reference: an error above
//   its quantile 0.9, a confidence below its quantile 0.1, any other number outside its quantiles 0.05 and 0.95.
// Throws DataError: a reference of fewer than 2 finite numbers, or one that is constant.
class StreamReading {
  public:
    StreamReading(const std::vector<StreamEntry>& reference, const std::string& on, const RunRecord& record,
                  bool regression);
    // As it lies in the outcomes; NaN where there is none.
    double raw(const StreamEntry& entry) const;
    // For a streaming monitor of that input.
    double value(const StreamEntry& entry, MonitorInput input) const;

  private:
    bool unusual(double raw) const;

    std::string on_;
    bool regression_;
    bool as_it_is_;  // errors and confidences of classes
    std::size_t column_ = 0;
    std::size_t width_ = 1;
    double mean_ = 0.0, deviation_ = 1.0;
    double low_ = -std::numeric_limits<double>::infinity(), high_ = std::numeric_limits<double>::infinity();
};

// Rows for batch monitors and estimates, row-major. `probabilities` of a classifier for bbsd and estimates; otherwise
// predicted classes, answers, errors, confidences or inputs as they are. Entries with a number that is not finite are
// left out; `taken` says which remain.
struct StreamRows {
    std::vector<double> values;
    std::size_t rows = 0;
    std::size_t columns = 0;
    std::vector<std::size_t> taken;  // places in the entries given
};
StreamRows rows_of_stream(const std::vector<StreamEntry>& entries, const std::string& on, MonitorInput input,
                          const RunRecord& record, const ModelInfo& model);

}  // namespace misfire
