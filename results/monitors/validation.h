// What the estimators of accuracy share: checks of probabilities and labels, predictions and their confidence.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "core/monitor.h"
#include "results/monitors/batch.h"

namespace misfire::monitors {

struct Prediction {
    std::size_t label = 0;    // first of the largest probabilities
    double confidence = 0.0;  // that probability
};

inline Prediction prediction_of(std::span<const double> probabilities) {
    const auto best = std::max_element(probabilities.begin(), probabilities.end());
    return {static_cast<std::size_t>(best - probabilities.begin()), *best};
}

// Throws DataError: no rows, fewer than two classes, numbers that are no probabilities. classes: 0 for any number.
inline void check_probabilities(const MonitorRows& rows, const std::string& monitor, const std::string& what,
                                std::size_t classes = 0) {
    check_rows(rows, monitor, what, 1, classes);
    if (rows.columns < 2)
        throw DataError("The " + what + " of monitor " + monitor +
                        " has one column. Give the probability of each class.");
    for (std::size_t r = 0; r < rows.rows; ++r) {
        double sum = 0.0;
        bool fit = true;
        for (const double p : rows.row(r)) {
            sum += p;
            fit = fit && p >= 0.0 && p <= 1.0 + 1e-6;
        }
        if (!fit || std::abs(sum - 1.0) > 1e-3)
            throw DataError("Row " + std::to_string(r) + " (from 0) of the " + what + " of monitor " + monitor +
                            " is no set of probabilities: it sums to " + std::to_string(sum) +
                            ". Give softmax outputs, not logits.");
    }
}

// The same for validation data, which are labelled.
inline void check_validation(const MonitorRows& rows, std::span<const std::int32_t> labels,
                             const std::string& monitor) {
    check_probabilities(rows, monitor, "validation data");
    if (labels.size() != rows.rows)
        throw DataError("The validation data of monitor " + monitor + " have " + std::to_string(rows.rows) +
                        " rows and " + std::to_string(labels.size()) + " labels. Give one label per row.");
    for (const std::int32_t label : labels) {
        if (label < 0 || static_cast<std::size_t>(label) >= rows.columns)
            throw DataError("The validation data of monitor " + monitor + " have the label " + std::to_string(label) +
                            " and " + std::to_string(rows.columns) + " classes. Leave out rows without a label.");
    }
}

inline double mean_confidence(const MonitorRows& rows) {
    double sum = 0.0;
    for (std::size_t r = 0; r < rows.rows; ++r) sum += prediction_of(rows.row(r)).confidence;
    return sum / static_cast<double>(rows.rows);
}

inline double accuracy(const MonitorRows& rows, std::span<const std::int32_t> labels) {
    double right = 0.0;
    for (std::size_t r = 0; r < rows.rows; ++r)
        right += prediction_of(rows.row(r)).label == static_cast<std::size_t>(labels[r]) ? 1.0 : 0.0;
    return right / static_cast<double>(rows.rows);
}

}  // namespace misfire::monitors
