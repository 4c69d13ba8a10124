#include "results/report/markup.h"

#include <cmath>
#include <cstdio>

namespace misfire::report {

namespace {

std::string printed(const char* format, double value) {
    char text[64];
    std::snprintf(text, sizeof text, format, value);
    return text;
}

int digits_after_point(double value) {
    const int magnitude = value == 0.0 ? 0 : static_cast<int>(std::floor(std::log10(std::abs(value))));
    return std::max(0, std::min(6, 3 - magnitude));
}

}  // namespace

std::string escaped(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 8);
    for (const char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\'': out += "&#39;"; break;
            default:
                if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t')
                    out += "\xEF\xBF\xBD";
                else
                    out += c;
        }
    }
    return out;
}

std::string escaped_name(std::string_view name) {
    std::string out;
    for (std::size_t from = 0; from < name.size();) {
        const std::size_t at = name.find_first_of("_./+-", from);
        const std::size_t end = at == std::string_view::npos ? name.size() : at + 1;
        out += escaped(name.substr(from, end - from));
        if (end < name.size()) out += "<wbr>";
        from = end;
    }
    return out;
}

std::string shortened(std::string_view text, std::size_t most) {
    std::vector<std::size_t> starts;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) starts.push_back(i);
    }
    if (starts.size() <= most) return std::string(text);
    const std::size_t head = most * 2 / 3;
    const std::size_t tail = most - head - 1;
    return std::string(text.substr(0, starts[head])) + "\u2026" +
           std::string(text.substr(starts[starts.size() - tail]));
}

std::string shown(double value, std::string_view unit) {
    if (std::isnan(value)) return "\u2013";
    if (std::isinf(value)) return value > 0 ? "\u221e" : "-\u221e";
    if (unit == "fraction") return printed("%.3f", value);
    if (std::abs(value) >= 1e7 || (value != 0.0 && std::abs(value) < 1e-4)) return printed("%.3e", value);
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", digits_after_point(value), value);
    return text;
}

std::string interval_shown(const Estimate& estimate, std::string_view unit) {
    if (std::isnan(estimate.low) || std::isnan(estimate.high)) return "";
    return "[" + shown(estimate.low, unit) + ", " + shown(estimate.high, unit) + "]";
}

std::string shown(const Estimate& estimate, std::string_view unit) {
    if (estimate.status != Status::ok) return name_of(estimate.status);
    const std::string interval = interval_shown(estimate, unit);
    return shown(estimate.value, unit) + (interval.empty() ? "" : " " + interval);
}

std::string coordinate(double value) {
    std::string text = printed("%.2f", value);
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
    return text == "-0" ? "0" : text;
}

std::string grouped_number(std::int64_t number) {
    std::string text = std::to_string(number);
    for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > (number < 0 ? 1 : 0); at -= 3)
        text.insert(static_cast<std::size_t>(at), ",");
    return text;
}

HtmlTable::HtmlTable(std::string caption, std::vector<std::string> head, std::size_t numbers_from)
    : numbers_from_(numbers_from) {
    body_ = "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"" + escaped(caption) +
            "\"><table><caption>" + escaped(caption) + "</caption><thead><tr>";
    for (std::size_t c = 0; c < head.size(); ++c) {
        body_ += std::string("<th scope=\"col\"") + (c >= numbers_from_ ? " class=\"number\"" : "") + ">" +
                 escaped(head[c]) + "</th>";
    }
    body_ += "</tr></thead><tbody>\n";
}

void HtmlTable::add(const std::vector<std::string>& cells) {
    body_ += "<tr>";
    for (std::size_t c = 0; c < cells.size(); ++c) {
        const char* tag = c == 0 ? "th scope=\"row\"" : "td";
        body_ += std::string("<") + tag + (c >= numbers_from_ ? " class=\"number\"" : "") + ">" + cells[c] +
                 (c == 0 ? "</th>" : "</td>");
    }
    body_ += "</tr>\n";
    ++rows_;
}

std::string HtmlTable::html() const { return body_ + "</tbody></table></div>\n"; }

}  // namespace misfire::report
