#include "harness/paper_table.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "results/report/markup.h"

namespace misfire {

namespace {

std::string csv_text(const std::string& text) {
    if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
    std::string out = "\"";
    for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + "\"";
}

std::string latex_text(const std::string& text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '\\': out += "\\textbackslash{}"; break;
            case '~': out += "\\textasciitilde{}"; break;
            case '^': out += "\\textasciicircum{}"; break;
            case '<': out += "\\textless{}"; break;
            case '>': out += "\\textgreater{}"; break;
            case '&':
            case '%':
            case '$':
            case '#':
            case '_':
            case '{':
            case '}':
                out += '\\';
                out += c;
                break;
            case '\n':
            case '\r': out += ' '; break;
            default: out += c;
        }
    }
    return out;
}

}  // namespace

PaperTable::Cell PaperTable::text(const std::string& text) { return {csv_text(text), latex_text(text)}; }

PaperTable::Cell PaperTable::number(double value, const std::string& unit) {
    if (!std::isfinite(value)) return {"", "--"};
    char text[40];
    std::snprintf(text, sizeof text, "%.17g", value);
    // The shortest digits that give the same number back.
    for (int digits = 6; digits < 17; ++digits) {
        char shorter[40];
        std::snprintf(shorter, sizeof shorter, "%.*g", digits, value);
        if (std::strtod(shorter, nullptr) == value) {
            std::snprintf(text, sizeof text, "%s", shorter);
            break;
        }
    }
    std::string latex = report::shown(value, unit);
    if (!latex.empty() && latex[0] == '-') latex = "$-$" + latex.substr(1);
    return {text, latex};
}

PaperTable::Cell PaperTable::count(std::size_t value) { return {std::to_string(value), std::to_string(value)}; }

PaperTable::PaperTable(std::vector<std::string> head, std::size_t texts) : head_(std::move(head)), texts_(texts) {}

std::string PaperTable::csv() const {
    std::string out;
    for (std::size_t c = 0; c < head_.size(); ++c) {
        std::string name = head_[c];
        for (char& letter : name) letter = letter == ' ' ? '_' : letter;
        out += (c == 0 ? "" : ",") + csv_text(name);
    }
    out += "\n";
    for (const std::vector<Cell>& row : rows_) {
        for (std::size_t c = 0; c < row.size(); ++c) out += (c == 0 ? "" : ",") + row[c].csv;
        if (!row.empty()) out += "\n";
    }
    return out;
}

std::string PaperTable::latex() const {
    std::string out = "\\begin{tabular}{";
    for (std::size_t c = 0; c < head_.size(); ++c) out += c < texts_ ? 'l' : 'r';
    out += "}\n\\toprule\n";
    for (std::size_t c = 0; c < head_.size(); ++c) out += (c == 0 ? "" : " & ") + latex_text(head_[c]);
    out += " \\\\\n\\midrule\n";
    for (std::size_t r = 0; r < rows_.size(); ++r) {
        if (rows_[r].empty()) {
            if (r + 1 < rows_.size() && r > 0) out += "\\midrule\n";
            continue;
        }
        for (std::size_t c = 0; c < rows_[r].size(); ++c) out += (c == 0 ? "" : " & ") + rows_[r][c].latex;
        out += " \\\\\n";
    }
    return out + "\\bottomrule\n\\end{tabular}\n";
}

}  // namespace misfire
