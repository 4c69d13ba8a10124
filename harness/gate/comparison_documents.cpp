#include "harness/gate/comparison_documents.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "harness/terminal.h"

namespace misfire {
namespace {

using Json = nlohmann::ordered_json;

Json number_json(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

bool is_shown(const ComparisonDocument& document, const ComparedRow& row) {
    return document.all || row.word == Word::regressed || row.word == Word::improved || row.word == Word::changed;
}

std::size_t count(const ComparisonDocument& document, Word word) {
    return static_cast<std::size_t>(std::count_if(document.rows.begin(), document.rows.end(),
                                                  [&](const ComparedRow& row) { return row.word == word; }));
}

std::string summary_of(const ComparisonDocument& document) {
    std::string text;
    for (const Word word : {Word::regressed, Word::improved, Word::changed, Word::unchanged, Word::inconclusive}) {
        const std::size_t rows = count(document, word);
        if (rows == 0 && word == Word::changed) continue;
        text += (text.empty() ? "" : ", ") + grouped(rows) + " " + name_of(word);
    }
    return text;
}

std::string what_of(const ComparedRow& row) {
    return row.name() + " " + row.metric + (row.group.empty() ? "" : " (" + row.group + ")");
}

std::string interval_text(const ComparedRow& row) {
    if (!row.message.empty()) return "-";
    const Bounds& interval = row.difference.interval;
    if (std::isnan(interval.low)) return signed_text(row.difference.value);
    return signed_text(row.difference.value) + " [" + signed_text(interval.low) + ", " + signed_text(interval.high) +
           "]";
}

std::vector<std::string> head() {
    return {"compared", "first", "second", "difference [95 %]", "p (Holm)", "n", "verdict"};
}

std::vector<std::string> cells_of(const ComparedRow& row) {
    return {what_of(row),       number_text(row.first), number_text(row.second),
            interval_text(row), p_text(row.p_adjusted), grouped(static_cast<std::size_t>(row.n)),
            name_of(row.word)};
}

// What the words mean, with the numbers that they hang on.
std::string explanation(const ComparisonDocument& document) {
    std::string margins;
    const bool given = !document.rows.empty() &&
                       std::all_of(document.rows.begin(), document.rows.end(),
                                   [&](const ComparedRow& row) { return row.margin == document.rows.front().margin; });
    if (given)
        margins = "plus or minus " + number_text(document.rows.front().margin);
    else
        margins =
            "plus or minus 0.01 for fractions, 1 for percentages, 0.25 levels for breaking points, 2 % of the "
            "first value for others";
    return "regressed, improved: the paired difference is significant at 5 % after Holm's adjustment over all " +
           grouped(document.rows.size()) + " rows; unchanged: its 95 % interval lies within " + margins +
           "; inconclusive: neither";
}

std::string join(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

const char* colour_of(Word word) {
    return word == Word::regressed ? "\x1b[31m" : word == Word::improved ? "\x1b[32m" : "\x1b[33m";
}

}  // namespace

std::string number_text(double value) {
    if (std::isnan(value)) return "-";
    if (std::isinf(value)) return value > 0.0 ? "inf" : "-inf";
    char text[32];
    std::snprintf(text, sizeof text, std::abs(value) < 100.0 ? "%.4f" : "%.6g", value);
    return std::string(text) == "-0.0000" ? "0.0000" : text;
}

std::string signed_text(double value) {
    const std::string text = number_text(value);
    return value > 0.0 && text != "0.0000" ? "+" + text : text;
}

std::string p_text(double p) {
    if (std::isnan(p)) return "-";
    if (p < 0.0001) return "< 0.0001";
    char text[32];
    std::snprintf(text, sizeof text, "%.4f", p);
    return text;
}

std::string html_escaped(const std::string& text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\'': out += "&#39;"; break;
            default: out += c;
        }
    }
    return out;
}

std::string markdown_cell(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == '\n' || c == '\r')
            out += ' ';
        else if (c == '<')
            out += "&lt;";
        else
            out += std::string(std::string("|\\`*_[]@#").find(c) == std::string::npos ? "" : "\\") + c;
    }
    return out;
}

std::string comparison_text(const ComparisonDocument& document, bool colour) {
    std::string out = "first     " + document.first + "\n";
    for (const std::string& run : document.runs) out += "second    " + run + "\n";
    for (const std::string& note : document.notes) out += "NOTE      " + note + "\n";
    out += "metrics   " + join(document.metrics);
    if (!document.not_compared.empty()) out += " (--metric all adds " + join(document.not_compared) + ")";
    out += "\n\n";
    for (const std::string& run : document.runs) {
        TextTable table(head());
        std::vector<const ComparedRow*> shown;
        for (const ComparedRow& row : document.rows) {
            if (row.run != run || !is_shown(document, row)) continue;
            table.add(cells_of(row));
            shown.push_back(&row);
        }
        if (document.runs.size() > 1) out += run + "\n";
        std::string text = shown.empty() ? "no row changed significantly\n" : table.text();
        if (colour) {
            for (const Word word : {Word::regressed, Word::improved, Word::changed}) {
                const std::string name = name_of(word);
                for (std::size_t at = 0; (at = text.find(name + "\n", at)) != std::string::npos; at += name.size() + 9)
                    text.replace(at, name.size(), colour_of(word) + name + "\x1b[0m");
            }
        }
        out += text + "\n";
        for (const ComparedRow* row : shown) {
            if (!row->message.empty()) out += "  " + what_of(*row) + ": " + row->message + "\n";
        }
    }
    out += summary_of(document) + " of " + grouped(document.rows.size()) + " rows";
    if (!document.all) out += " (--all shows every row)";
    return out + "\n" + explanation(document) + "\n";
}

std::string comparison_markdown(const ComparisonDocument& document) {
    std::string out = "### misfire compare: " + summary_of(document) + "\n\n";
    for (const std::string& note : document.notes) out += "> **Note:** " + markdown_cell(note) + "\n";
    if (!document.notes.empty()) out += "\n";
    out += "First: " + markdown_cell(document.first) + "\n\n";
    for (const std::string& run : document.runs) {
        out += "Second: " + markdown_cell(run) + "\n\n";
        std::string rows;
        for (const ComparedRow& row : document.rows) {
            if (row.run != run || !is_shown(document, row)) continue;
            rows += "|";
            for (const std::string& cell : cells_of(row)) rows += " " + markdown_cell(cell) + " |";
            rows += "\n";
        }
        if (rows.empty()) {
            out += "No row changed significantly.\n\n";
            continue;
        }
        std::string rule = "|";
        out += "|";
        for (const std::string& name : head()) {
            out += " " + name + " |";
            rule += name == "compared" || name == "verdict" ? " --- |" : " ---: |";
        }
        out += "\n" + rule + "\n" + rows + "\n";
    }
    return out + "<sub>" + explanation(document) + "</sub>\n";
}

std::string comparison_json(const ComparisonDocument& document) {
    Json out = {{"first", document.first},       {"runs", document.runs}, {"metrics", document.metrics},
                {"notes", document.notes},       {"rows", Json::array()}, {"summary", Json::object()},
                {"family", document.rows.size()}};
    for (const Word word : {Word::regressed, Word::improved, Word::changed, Word::unchanged, Word::inconclusive})
        out["summary"][name_of(word)] = count(document, word);
    for (const ComparedRow& row : document.rows) {
        if (!is_shown(document, row)) continue;
        Json object = {{"run", row.run},
                       {"model", row.model},
                       {"shift", row.shift},
                       {"label", row.label},
                       {"metric", row.metric},
                       {"group", row.group},
                       {"first", number_json(row.first)},
                       {"second", number_json(row.second)},
                       {"difference", number_json(row.message.empty() ? row.difference.value : NAN)},
                       {"low", number_json(row.difference.interval.low)},
                       {"high", number_json(row.difference.interval.high)},
                       {"p", number_json(row.difference.p)},
                       {"p_holm", number_json(row.p_adjusted)},
                       {"method", row.difference.method},
                       {"n", row.n},
                       {"margin", row.margin},
                       {"word", name_of(row.word)},
                       {"message", row.message}};
        if (row.pairs) {
            object["gained"] = row.pairs->gained;
            object["lost"] = row.pairs->lost;
        }
        out["rows"].push_back(std::move(object));
    }
    return out.dump(2) + "\n";
}

std::string comparison_html(const ComparisonDocument& document) {
    std::string out =
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
        "content=\"width=device-width, initial-scale=1\">\n<title>misfire compare</title>\n<style>\n"
        ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:75rem;"
        "padding:0 1rem}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}"
        "th,td{text-align:right;padding:.3rem .6rem;border-bottom:1px solid #8884}"
        "th:first-child,td:first-child,th:last-child,td:last-child{text-align:left}"
        ".wide{overflow-x:auto}.regressed{color:#b3261e;font-weight:600}.improved{color:#0b6e4f;font-weight:600}"
        "@media(prefers-color-scheme:dark){.regressed{color:#ff8a80}.improved{color:#6fd6ae}}"
        ".note{border-left:.3rem solid #d98b00;padding:.2rem .8rem}\n</style>\n</head>\n<body>\n<h1>misfire compare: " +
        summary_of(document) + "</h1>\n";
    for (const std::string& note : document.notes) out += "<p class=\"note\">" + html_escaped(note) + "</p>\n";
    out += "<p>First: " + html_escaped(document.first) + "</p>\n";
    for (const std::string& run : document.runs) {
        out += "<h2>" + html_escaped(run) + "</h2>\n<div class=\"wide\"><table>\n<thead><tr>";
        for (const std::string& name : head()) out += "<th scope=\"col\">" + name + "</th>";
        out += "</tr></thead>\n<tbody>\n";
        bool any = false;
        for (const ComparedRow& row : document.rows) {
            if (row.run != run || !is_shown(document, row)) continue;
            any = true;
            out += "<tr>";
            const std::vector<std::string> cells = cells_of(row);
            for (std::size_t c = 0; c < cells.size(); ++c) {
                out += c + 1 == cells.size() ? std::string("<td class=\"") + name_of(row.word) + "\">" : "<td>";
                out += html_escaped(cells[c]) + "</td>";
            }
            out += "</tr>\n";
        }
        if (!any) out += "<tr><td colspan=\"7\">no row changed significantly</td></tr>\n";
        out += "</tbody></table></div>\n";
    }
    return out + "<p>" + html_escaped(explanation(document)) + "</p>\n</body>\n</html>\n";
}

}  // namespace misfire
