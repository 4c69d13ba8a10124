#include "results/monitoring/monitored_stream.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/error.h"

namespace misfire {

namespace {

constexpr double nan_double = std::numeric_limits<double>::quiet_NaN();

bool correct(const StreamEntry& entry) { return entry.outcomes->correct(entry.row); }

float kept(const StreamEntry& entry, const char* column, std::size_t place = 0) {
    const auto found = entry.outcomes->kept.find(column);
    if (found == entry.outcomes->kept.end() || found->second.empty()) return std::numeric_limits<float>::quiet_NaN();
    const std::size_t width = found->second.size() / entry.outcomes->size();
    return place < width ? found->second[entry.row * width + place] : std::numeric_limits<float>::quiet_NaN();
}

// Linear interpolation between order statistics; `sorted` is not empty.
double quantile(const std::vector<double>& sorted, double share) {
    const double place = share * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

// First place in `rows` at or after the time at which the shift changes the world.
std::size_t place_of_change(const RunRecord& record, const ShiftInfo& shift, const std::vector<std::uint32_t>& rows) {
    if (shift.changes_at.empty() || record.times.empty()) return rows.size() / 2;
    const auto found = std::find_if(rows.begin(), rows.end(),
                                    [&](std::uint32_t row) { return record.times[row] >= shift.changes_at.front(); });
    return static_cast<std::size_t>(found - rows.begin());
}

// Softmax, or what the model gives already.
void append_probabilities(const StreamEntry& entry, const ModelInfo& model, std::vector<double>& out) {
    const auto classes = static_cast<std::size_t>(model.classes);
    const std::size_t begin = out.size();
    double top = -std::numeric_limits<double>::infinity(), sum = 0.0;
    for (std::size_t c = 0; c < classes; ++c) {
        out.push_back(static_cast<double>(kept(entry, "logits", c)));
        top = std::max(top, out.back());
    }
    if (model.output == OutputKind::probabilities) return;
    for (std::size_t c = begin; c < out.size(); ++c) {
        out[c] = std::exp(out[c] - (model.output == OutputKind::logits ? top : 0.0));
        sum += out[c];
    }
    if (model.output == OutputKind::logits) {
        for (std::size_t c = begin; c < out.size(); ++c) out[c] /= sum;
    }
}

std::size_t input_place(const std::string& on, const RunRecord& record) {
    const std::string name = on.substr(on.find(':') + 1);
    const auto found = std::find(record.monitored_inputs.begin(), record.monitored_inputs.end(), name);
    if (found == record.monitored_inputs.end()) throw InternalError("no monitored input " + name);
    return static_cast<std::size_t>(found - record.monitored_inputs.begin());
}

double scalar(const StreamEntry& entry, const std::string& on, bool regression, std::size_t column) {
    if (on == "error") return error_of(entry, regression);
    if (on == "confidence") return static_cast<double>(entry.outcomes->confidence[entry.row]);
    if (on == "output")
        return regression ? static_cast<double>(kept(entry, value_column))
                          : static_cast<double>(entry.outcomes->prediction[entry.row]);
    return static_cast<double>(kept(entry, inputs_column, column));
}

}  // namespace

std::vector<std::uint32_t> stream_order(const RunRecord& record) {
    std::vector<std::uint32_t> rows;
    for (const auto& block : record.blocks) rows.insert(rows.end(), block.begin(), block.end());
    if (!record.times.empty()) {
        std::sort(rows.begin(), rows.end());
        std::stable_sort(rows.begin(), rows.end(),
                         [&](std::uint32_t a, std::uint32_t b) { return record.times[a] < record.times[b]; });
    }
    return rows;
}

double error_of(const StreamEntry& entry, bool regression) {
    if (!regression) return correct(entry) ? 0.0 : 1.0;
    return std::abs(static_cast<double>(kept(entry, value_column)) - static_cast<double>(kept(entry, actual_column)));
}

MonitoredStream stream_at_level(const RunRecord& record, const ShiftInfo& shift, const Outcomes& clean,
                                const Outcomes& level, bool regression) {
    std::vector<std::uint32_t> rows = stream_order(record);
    std::erase_if(rows, [&](std::uint32_t row) { return !clean.counts(row) || !level.counts(row); });
    const std::size_t change = place_of_change(record, shift, rows);
    const std::size_t begin = change / 2;
    MonitoredStream out;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const StreamEntry usual{&clean, rows[i]};
        if (i < begin) {
            out.reference.push_back(usual);
            continue;
        }
        out.stream.push_back(i < change ? usual : StreamEntry{&level, rows[i]});
        out.usual_error.push_back(error_of(usual, regression));
        if (!record.times.empty()) out.seconds.push_back(record.times[rows[i]]);
    }
    out.change = change - begin;
    return out;
}

MonitoredStream stream_through_time(const RunRecord& record, const ShiftInfo& shift, const Outcomes& reference,
                                    const std::vector<const Outcomes*>& levels, bool regression) {
    MonitoredStream out;
    std::int64_t last = std::numeric_limits<std::int64_t>::min();
    double sum = 0.0;
    for (const std::uint32_t row : stream_order(record)) {
        if (reference.counts(row)) {
            out.reference.push_back({&reference, row});
            last = record.times.at(row);
            sum += error_of(out.reference.back(), regression);
            continue;
        }
        if (record.times.at(row) <= last || out.reference.empty()) continue;
        const auto here =
            std::find_if(levels.begin(), levels.end(), [row](const Outcomes* level) { return level->counts(row); });
        if (here == levels.end()) continue;
        out.stream.push_back({*here, row});
        out.seconds.push_back(record.times[row]);
    }
    out.usual_error.assign(out.stream.size(),
                           sum / static_cast<double>(std::max<std::size_t>(out.reference.size(), 1)));
    if (!shift.changes_at.empty()) {
        const auto place = std::lower_bound(out.seconds.begin(), out.seconds.end(), shift.changes_at.front());
        out.change = static_cast<std::size_t>(place - out.seconds.begin());
    }
    return out;
}

StreamReading::StreamReading(const std::vector<StreamEntry>& reference, const std::string& on, const RunRecord& record,
                             bool regression)
    : on_(on), regression_(regression), as_it_is_(!regression && (on == "error" || on == "confidence")) {
    if (on.starts_with("input:")) column_ = input_place(on, record);
    std::vector<double> values;
    for (const StreamEntry& entry : reference) {
        const double value = raw(entry);
        if (std::isfinite(value)) values.push_back(value);
    }
    if (values.size() < 2)
        throw DataError("the reference holds " + std::to_string(values.size()) + " finite numbers of `" + on +
                        "`, and at least 2 are needed. Give more samples, or a later change.");
    std::sort(values.begin(), values.end());
    if (on == "error")
        high_ = quantile(values, 0.9);
    else if (on == "confidence")
        low_ = quantile(values, 0.1);
    else {
        low_ = quantile(values, 0.05);
        high_ = quantile(values, 0.95);
    }
    if (as_it_is_) return;
    if (values.front() == values.back())
        throw DataError("`" + on + "` is constant over the reference (" + std::to_string(values.front()) +
                        "), so that nothing says how much it moves by itself. Watch something else.");
    const auto n = static_cast<double>(values.size());
    mean_ = std::accumulate(values.begin(), values.end(), 0.0) / n;
    double squares = 0.0;
    for (const double value : values) squares += (value - mean_) * (value - mean_);
    deviation_ = std::sqrt(squares / (n - 1.0));
}

double StreamReading::raw(const StreamEntry& entry) const { return scalar(entry, on_, regression_, column_); }

bool StreamReading::unusual(double raw) const { return raw > high_ || raw < low_; }

double StreamReading::value(const StreamEntry& entry, MonitorInput input) const {
    const double raw_value = raw(entry);
    if (!std::isfinite(raw_value)) return nan_double;
    const bool classes_error = !regression_ && on_ == "error";
    switch (input) {
        case MonitorInput::error: return classes_error ? raw_value : unusual(raw_value) ? 1.0 : 0.0;
        case MonitorInput::correct: return classes_error ? 1.0 - raw_value : unusual(raw_value) ? 0.0 : 1.0;
        case MonitorInput::share:
            if (on_ == "confidence") return 1.0 - raw_value;
            return classes_error ? raw_value : unusual(raw_value) ? 1.0 : 0.0;
        default: return as_it_is_ ? raw_value : (raw_value - mean_) / deviation_;
    }
}

StreamRows rows_of_stream(const std::vector<StreamEntry>& entries, const std::string& on, MonitorInput input,
                          const RunRecord& record, const ModelInfo& model) {
    const bool regression = model.output == OutputKind::regression;
    const std::size_t column = on.starts_with("input:") ? input_place(on, record) : 0;
    StreamRows out;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const std::size_t begin = out.values.size();
        if (input == MonitorInput::probabilities) {
            append_probabilities(entries[i], model, out.values);
        } else if (on == "input") {
            for (std::size_t c = 0; c < record.monitored_inputs.size(); ++c)
                out.values.push_back(static_cast<double>(kept(entries[i], inputs_column, c)));
        } else {
            out.values.push_back(scalar(entries[i], on, regression, column));
        }
        const bool finite = std::all_of(out.values.begin() + static_cast<std::ptrdiff_t>(begin), out.values.end(),
                                        [](double value) { return std::isfinite(value); });
        if (finite)
            out.taken.push_back(i);
        else
            out.values.resize(begin);
        if (finite) out.columns = out.values.size() - begin;
    }
    out.rows = out.taken.size();
    return out;
}

}  // namespace misfire
