#include "harness/terminal.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <set>
#include <sstream>
#include <utility>

#include "scenarios/severities.h"

namespace misfire {

namespace {

constexpr std::size_t most_bad_inputs_shown = 5;

// Number of columns a UTF-8 text takes on a terminal, for texts without wide characters.
std::size_t columns_of(const std::string& text) {
    std::size_t columns = 0;
    bool escape = false;
    for (const char c : text) {
        if (c == '\x1b') escape = true;
        if (!escape && (static_cast<unsigned char>(c) & 0xC0U) != 0x80U) ++columns;
        if (escape && c == 'm') escape = false;
    }
    return columns;
}

// Kept share 1 is plain; below, yellow; near nothing, red: readable on dark and light backgrounds.
std::string coloured(const std::string& text, double kept) {
    if (std::isnan(kept) || kept >= 0.9) return text;
    const char* code = kept >= 0.5 ? "33" : "31";
    return std::string("\x1b[") + code + "m" + text + "\x1b[0m";
}

std::string level_name(const Curve& curve, std::size_t level) {
    return level < curve.labels.size() ? curve.labels[level] : level_label(curve.levels[level]);
}

// Levels that have names (months, domains) instead of being numbers on an axis.
bool has_named_levels(const Curve& curve) {
    for (std::size_t i = 0; i < curve.levels.size(); ++i) {
        if (level_name(curve, i) != level_label(curve.levels[i])) return true;
    }
    return false;
}

// Name of the first level at which the curve has crossed; "" where there is none.
std::string name_of_crossing(const Curve& curve, double level) {
    for (std::size_t i = 0; i < curve.levels.size(); ++i) {
        if (curve.levels[i] >= level) return level_name(curve, i);
    }
    return "";
}

std::string breaking_text(const RunResults& results, const std::string& model, const Curve& curve) {
    const bool named = has_named_levels(curve);
    const auto text_of = [&](double level) { return named ? name_of_crossing(curve, level) : fixed(level, 2); };
    for (const BreakingPoint& point : results.breaking_points) {
        if (point.model != model || point.shift != curve.shift || point.metric != curve.metric) continue;
        if (point.censored) return "> " + (named ? text_of(point.severity) : level_label(point.severity));
        if (std::isnan(point.severity)) return "-";
        const std::string low = std::isnan(point.low) ? "" : text_of(point.low);
        const std::string high = std::isnan(point.high) ? "" : text_of(point.high);
        return text_of(point.severity) + " [" + low + ", " + high + "]";
    }
    return "-";
}

}  // namespace

bool is_terminal(int descriptor) { return isatty(descriptor) == 1; }

bool may_colour(int descriptor) {
    const char* no_color = std::getenv("NO_COLOR");
    const char* term = std::getenv("TERM");
    if (no_color != nullptr && *no_color != '\0') return false;
    return is_terminal(descriptor) && term != nullptr && std::string(term) != "dumb";
}

TextTable::TextTable(std::vector<std::string> head, bool all_left) : all_left_(all_left) {
    rows_.push_back(std::move(head));
}

void TextTable::add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }

std::string TextTable::text() const {
    std::vector<std::size_t> widths;
    for (const auto& row : rows_) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], columns_of(row[i]));
    }
    std::string out;
    for (const auto& row : rows_) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            const std::string pad(widths[i] - columns_of(row[i]), ' ');
            line += i == 0 ? "" : "  ";
            line += i == 0 || all_left_ ? row[i] + pad : pad + row[i];
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + "\n";
    }
    return out;
}

std::string fixed(double value, int digits) {
    if (std::isnan(value)) return "-";
    std::ostringstream out;
    out << std::fixed << std::setprecision(digits) << value;
    return out.str();
}

std::string human_seconds(double seconds) {
    if (seconds < 10.0) return fixed(seconds, 1) + " s";
    const auto whole = static_cast<long long>(std::llround(seconds));
    if (whole < 60) return std::to_string(whole) + " s";
    if (whole < 3600) return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
    return std::to_string(whole / 3600) + " h " + std::to_string(whole % 3600 / 60) + " min";
}

std::string human_bytes(double bytes) {
    if (bytes < 1e3) return fixed(bytes, 0) + " B";
    if (bytes < 1e6) return fixed(bytes / 1e3, 1) + " kB";
    if (bytes < 1e9) return fixed(bytes / 1e6, 1) + " MB";
    return fixed(bytes / 1e9, 2) + " GB";
}

std::string grouped(std::size_t number) {
    std::string digits = std::to_string(number);
    for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
    return digits;
}

std::string shell_quoted(const std::string& text) {
    if (!text.empty() &&
        text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/+-=:@,") ==
            std::string::npos)
        return text;
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
}

namespace {

constexpr std::size_t most_levels_shown = 12;
constexpr std::size_t levels_of_many = 8;

// All of a few levels; of many the first, the last and some evenly between.
std::vector<double> shown_levels(const std::set<double>& all) {
    const std::vector<double> levels(all.begin(), all.end());
    if (levels.size() <= most_levels_shown) return levels;
    std::vector<double> shown;
    for (std::size_t i = 0; i < levels_of_many; ++i)
        shown.push_back(levels[i * (levels.size() - 1) / (levels_of_many - 1)]);
    return shown;
}

// One model's rows of the shifts whose levels are in one unit.
std::string model_table(const RunResults& results, std::size_t model, const std::vector<const Curve*>& curves,
                        bool colour) {
    std::set<double> all_levels;
    for (const Curve* curve : curves) all_levels.insert(curve->levels.begin(), curve->levels.end());
    const std::vector<double> levels = shown_levels(all_levels);
    std::vector<std::string> head = {curves.front()->models[model]};
    for (const double level : levels) {
        const auto with = std::find_if(curves.begin(), curves.end(), [level](const Curve* curve) {
            return std::find(curve->levels.begin(), curve->levels.end(), level) != curve->levels.end();
        });
        const auto place = std::find((*with)->levels.begin(), (*with)->levels.end(), level);
        head.push_back(level_name(**with, static_cast<std::size_t>(place - (*with)->levels.begin())));
    }
    std::vector<std::vector<std::string>> rows;
    bool summarised = false;  // pairs of frames have neither area nor breaking point: then there are no such columns
    for (const Curve* curve : curves) {
        const double* values = curve->values.data() + model * curve->levels.size();
        std::vector<std::string> row = {"  " + curve->shift};
        for (const double level : levels) {
            const auto place = std::find(curve->levels.begin(), curve->levels.end(), level);
            if (place == curve->levels.end()) {
                row.emplace_back();
                continue;
            }
            const double value = values[place - curve->levels.begin()];
            row.push_back(colour ? coloured(fixed(value, 3), value / values[0]) : fixed(value, 3));
        }
        row.push_back(fixed(curve->area[model], 3));
        row.push_back(breaking_text(results, curve->models[model], *curve));
        summarised = summarised || row.end()[-2] != "-" || row.back() != "-";
        rows.push_back(std::move(row));
    }
    if (summarised) head.insert(head.end(), {"area", "breaks at"});
    TextTable table(head);
    for (std::vector<std::string>& row : rows) {
        if (!summarised) row.resize(row.size() - 2);
        table.add(std::move(row));
    }
    return table.text() + "\n";
}

}  // namespace

std::string curve_tables(const RunResults& results, const std::string& metric, bool colour) {
    std::vector<std::pair<std::string, std::vector<const Curve*>>> by_unit;
    for (const Curve& curve : results.curves) {
        if (curve.metric != metric) continue;
        const auto known = std::find_if(by_unit.begin(), by_unit.end(),
                                        [&](const auto& entry) { return entry.first == curve.level_unit; });
        if (known == by_unit.end())
            by_unit.push_back({curve.level_unit, {&curve}});
        else
            known->second.push_back(&curve);
    }
    std::string out;
    const std::size_t models = by_unit.empty() ? 0 : by_unit.front().second.front()->models.size();
    for (std::size_t m = 0; m < models; ++m) {
        for (const auto& [unit, curves] : by_unit) out += model_table(results, m, curves, colour);
    }
    return out;
}

void ProgressBar::begin(std::size_t total, std::size_t done_before, std::string unit) {
    unit_ = std::move(unit);
    total_ = total;
    done_ = before_ = done_before;
    start_ = drawn_ = std::chrono::steady_clock::now();
    bar_ = is_terminal(2);
    tenths_said_ = total_ == 0 ? 10 : static_cast<int>(done_ * 10 / total_);
}

void ProgressBar::message(const std::string& line) const {
    if (bar_) std::cerr << "\r\x1b[K";
    std::cerr << "misfire: " << line << "\n";
}

void ProgressBar::advance(std::size_t steps, const std::string& name) {
    done_ += steps;
    const auto now = std::chrono::steady_clock::now();
    const double seconds = std::chrono::duration<double>(now - start_).count();
    const double share = static_cast<double>(done_) / static_cast<double>(total_);
    const auto fresh = static_cast<double>(done_ - before_);
    const std::string left = "ETA " + human_seconds(seconds / fresh * static_cast<double>(total_ - done_));
    if (!bar_) {
        if (seconds < 1.0 || static_cast<int>(share * 10) <= tenths_said_) return;  // short work goes without
        tenths_said_ = static_cast<int>(share * 10);
        std::cerr << tenths_said_ * 10 << " %, " << grouped(done_) << " of " << grouped(total_) << " " << unit_ << ", "
                  << left << "\n";
        return;
    }
    if (done_ < total_ && std::chrono::duration<double>(now - drawn_).count() < 0.1) return;
    drawn_ = now;
    constexpr int width = 30;
    const int filled = static_cast<int>(share * width);
    std::string bar;
    for (int i = 0; i < width; ++i) bar += i < filled ? "█" : "░";
    std::cerr << "\r\x1b[K" << bar << " " << std::setw(3) << static_cast<int>(share * 100) << " %  " << left << "  "
              << name.substr(0, 40) << std::flush;
}

void ProgressBar::end() const {
    if (bar_) std::cerr << "\r\x1b[K" << std::flush;
}

void BadInputMessages::say(const ProgressBar& bar, const std::string& id, const std::string& reason) {
    if (++said_ > most_bad_inputs_shown) return;
    bar.message("bad input " + id + ": " + reason);
    if (said_ == most_bad_inputs_shown) bar.message("further bad inputs are only counted; all are in " + where_);
}

void ProgressLine::begin(std::size_t tiles, std::size_t tiles_done_before) {
    bar_.begin(tiles, tiles_done_before, "tiles");
}

void ProgressLine::tile(const PlannedCell& cell, std::size_t, const TileRecord& record) {
    if (record.status == Status::error && failed_++ == 0) bar_.message(cell.name + " failed: " + record.message);
    bar_.advance(1, cell.name);
}

void ProgressLine::bad_input(const std::string& id, const std::string& message) { bad_inputs_.say(bar_, id, message); }

}  // namespace misfire
