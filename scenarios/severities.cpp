#include "scenarios/severities.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

#include "core/error.h"

namespace misfire {

namespace {

constexpr std::size_t most_levels = 1000;

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

double parse_number(std::string_view text, const std::string& whole) {
    text = trimmed(text);
    double value = 0.0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
        throw UsageError("`" + std::string(text) + "` in `" + whole +
                         "` is not a number. Write levels as 0-5, 0-5+0.5 or 0,1,2.5.");
    }
    return value;
}

void append_part(std::string_view part, const std::string& whole, std::vector<double>& out) {
    part = trimmed(part);
    const std::size_t dash = part.find('-', 1);
    if (dash == std::string_view::npos) {
        out.push_back(parse_number(part, whole));
        return;
    }
    const std::size_t plus = part.find('+', dash);
    const double first = parse_number(part.substr(0, dash), whole);
    const double last =
        parse_number(part.substr(dash + 1, plus == std::string_view::npos ? plus : plus - dash - 1), whole);
    const double step = plus == std::string_view::npos ? 1.0 : parse_number(part.substr(plus + 1), whole);
    if (last < first) throw UsageError("The range `" + std::string(part) + "` falls: write the smaller value first.");
    if (step <= 0.0) throw UsageError("The step of `" + std::string(part) + "` must be above 0.");
    const double steps = std::floor((last - first) / step + 1e-9);
    if (steps >= static_cast<double>(most_levels)) {
        throw UsageError("`" + std::string(part) + "` has more than " + std::to_string(most_levels) +
                         " levels: take a larger step.");
    }
    // Values by multiplication and rounding to 1e-9, so that 0-1+0.1 gives 0.3 and not 0.30000000000000004.
    for (int i = 0; i <= static_cast<int>(steps); ++i) out.push_back(std::round((first + i * step) * 1e9) / 1e9);
}

}  // namespace

std::vector<double> parse_sweep(const std::string& text) {
    std::vector<double> values;
    std::size_t begin = 0;
    while (begin <= text.size()) {
        const std::size_t comma = std::min(text.find(',', begin), text.size());
        append_part(std::string_view(text).substr(begin, comma - begin), text, values);
        begin = comma + 1;
    }
    for (const double value : values) {
        if (value < 0.0)
            throw UsageError("Level " + level_label(value) + " in `" + text + "` is below 0, where the clean data is.");
    }
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    if (values.size() > most_levels) {
        throw UsageError("`" + text + "` has " + std::to_string(values.size()) + " levels, the most is " +
                         std::to_string(most_levels) + ".");
    }
    return values;
}

std::string level_label(double value) {
    std::array<char, 32> buffer{};
    const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
    static_cast<void>(error);  // 32 characters hold every double
    return {buffer.data(), end};
}

}  // namespace misfire
