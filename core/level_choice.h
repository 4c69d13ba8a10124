// Which levels of a shift a check is about.
#pragma once

#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "core/error.h"

namespace misfire {

// "*" every level; otherwise alternatives separated by commas, each `<=x`, `<x`, `>=x`, `>x`, a range `a-b` of numbers,
// a number, or the label of a level (2020-03). A label wins over a reading as range.
class LevelChoice {
  public:
    // Throws ScenarioError when nothing is said.
    explicit LevelChoice(const std::string& text) {
        for (std::size_t begin = 0; begin <= text.size();) {
            const std::size_t comma = std::min(text.find(',', begin), text.size());
            std::string part = text.substr(begin, comma - begin);
            while (!part.empty() && part.front() == ' ') part.erase(part.begin());
            while (!part.empty() && part.back() == ' ') part.pop_back();
            if (part.empty()) throw ScenarioError("a level is missing in `" + text + "`: write <=2, 1-3 or 1,2,3.");
            add(part);
            begin = comma + 1;
        }
    }

    bool takes(double level, const std::string& label) const {
        for (const Part& part : parts_) {
            const bool inside = (part.low_open ? level > part.low : level >= part.low) &&
                                (part.high_open ? level < part.high : level <= part.high);
            if (part.label == label || (part.is_range && inside)) return true;
        }
        return false;
    }

  private:
    struct Part {
        std::string label;
        bool is_range = false;
        double low = -HUGE_VAL;
        double high = HUGE_VAL;
        bool low_open = false;
        bool high_open = false;
    };

    static std::optional<double> number(const std::string& text) {
        double value = 0.0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
        return value;
    }

    void add(const std::string& text) {
        Part part;
        part.label = text;
        part.is_range = true;
        const bool less = text.front() == '<';
        const bool more = text.front() == '>';
        if (text == "*") {
        } else if (less || more) {
            const bool open = text.size() < 2 || text[1] != '=';
            const std::optional<double> bound = number(text.substr(open ? 1 : 2));
            if (!bound) throw ScenarioError("`" + text + "` is no bound of levels: write <=2, <2, >=2 or >2.");
            (less ? part.high : part.low) = *bound;
            (less ? part.high_open : part.low_open) = open;
        } else if (const std::optional<double> only = number(text)) {
            part.low = part.high = *only;
        } else {
            const std::size_t dash = text.find('-', 1);
            const auto low = dash == std::string::npos ? std::nullopt : number(text.substr(0, dash));
            const auto high = dash == std::string::npos ? std::nullopt : number(text.substr(dash + 1));
            part.is_range = low && high;
            if (part.is_range) {
                part.low = *low;
                part.high = *high;
            }
        }
        parts_.push_back(part);
    }

    std::vector<Part> parts_;
};

}  // namespace misfire
