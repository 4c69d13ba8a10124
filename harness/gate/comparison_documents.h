// A comparison as people and programs read it.
#pragma once

#include <string>
#include <vector>

#include "results/compare/comparison.h"

namespace misfire {

struct ComparisonDocument {
    std::string first;                      // path of the run that the others are compared with
    std::vector<std::string> runs;          // the others
    std::vector<std::string> metrics;       // compared
    std::vector<std::string> not_compared;  // metrics that the runs have besides
    std::vector<std::string> notes;
    std::vector<ComparedRow> rows;  // judged
    bool all = false;               // rows that say unchanged or inconclusive, too
};

std::string comparison_text(const ComparisonDocument& document, bool colour);
std::string comparison_markdown(const ComparisonDocument& document);
std::string comparison_json(const ComparisonDocument& document);
std::string comparison_html(const ComparisonDocument& document);  // one file without scripts or links

// "0.9130", "-0.0080", "1234": four digits that matter. "-" for NaN.
std::string number_text(double value);
std::string signed_text(double value);
std::string p_text(double p);  // "< 0.0001"
std::string html_escaped(const std::string& text);
std::string markdown_cell(const std::string& text);

}  // namespace misfire
