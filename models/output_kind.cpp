#include "models/output_kind.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>

#include "core/error.h"

namespace misfire {

OutputLook look_at_output(std::span<const float> values, std::int64_t rows, std::int64_t columns, bool quantised) {
    const double tolerance = quantised ? 0.02 : 0.001;
    OutputLook look;
    look.columns = columns;
    look.sums_to_one = look.exp_sums_to_one = look.within_unit = true;
    look.low = std::numeric_limits<double>::infinity();
    look.high = -look.low;
    for (std::int64_t r = 0; r < rows; ++r) {
        const auto row = values.subspan(static_cast<std::size_t>(r * columns), static_cast<std::size_t>(columns));
        if (!std::all_of(row.begin(), row.end(), [](float v) { return std::isfinite(v); })) continue;
        ++look.rows;
        const auto [low, high] = std::minmax_element(row.begin(), row.end());
        look.low = std::min<double>(look.low, *low);
        look.high = std::max<double>(look.high, *high);
        double sum = 0.0;
        double exp_sum = 0.0;
        for (const double v : row) {
            sum += v;
            exp_sum += std::exp(v - static_cast<double>(*high));
        }
        look.sums_to_one = look.sums_to_one && *low >= 0.0F && std::abs(sum - 1.0) <= tolerance;
        look.exp_sums_to_one =
            look.exp_sums_to_one && std::abs(static_cast<double>(*high) + std::log(exp_sum)) <= tolerance;
        look.within_unit = look.within_unit && *low >= 0.0F && *high <= 1.0F;
    }
    if (look.rows == 0) look = {.rows = 0, .columns = columns};
    return look;
}

std::string description(const OutputLook& look) {
    if (look.rows == 0) return "no row of the answers to the test inputs is finite";
    std::ostringstream text;
    text.precision(4);
    text << "values from " << look.low << " to " << look.high;
    if (look.columns == 1) {
        text << ", one per row";
    } else if (look.sums_to_one) {
        text << ", every row is non-negative and sums to 1";
    } else if (look.exp_sums_to_one) {
        text << ", the exponentials of every row sum to 1";
    } else {
        text << ", rows do not sum to 1";
    }
    return text.str();
}

OutputKind decide_output_kind(const OutputLook& look, std::optional<OutputKind> declared, const std::string& who) {
    const auto refuse = [&](const std::string& reason) {
        throw ModelError(who +
                         (declared ? std::string(" is declared to give ") + name_of(*declared) + ", but "
                                   : " declares no output kind, and ") +
                         description(look) + ". " + reason);
    };
    const auto seen_as = [&](OutputKind kind) {
        return std::string("Say `output: ") + name_of(kind) + "`, or choose another output_key.";
    };
    if (declared == OutputKind::regression) return *declared;
    if (look.rows == 0) {
        if (declared) return *declared;
        refuse("Say what it gives: `output: logits`, probabilities, log-probabilities or regression.");
    }
    if (look.columns == 1) {
        if (declared) refuse(seen_as(OutputKind::regression));
        return OutputKind::regression;
    }
    if (look.sums_to_one) {
        if (declared && *declared != OutputKind::probabilities) refuse(seen_as(OutputKind::probabilities));
        return OutputKind::probabilities;
    }
    if (look.exp_sums_to_one) {
        if (declared && *declared != OutputKind::log_probabilities) refuse(seen_as(OutputKind::log_probabilities));
        return OutputKind::log_probabilities;
    }
    if (declared && *declared != OutputKind::logits) refuse(seen_as(OutputKind::logits));
    if (!declared && look.within_unit) {
        refuse(
            "These may be independent probabilities (sigmoids) or scores: say `output: logits` to treat them as scores "
            "of exclusive classes.");
    }
    return OutputKind::logits;
}

}  // namespace misfire
