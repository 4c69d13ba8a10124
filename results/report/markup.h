// Texts and numbers as HTML and SVG show them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/outcome.h"

namespace misfire::report {

// & < > " ' as entities; control characters other than line ends and tabs become U+FFFD.
std::string escaped(std::string_view text);

// The same for names: lines may break behind their _ . / + and -.
std::string escaped_name(std::string_view name);

// No more than `most` characters (of UTF-8), "..." in the middle where it is longer.
std::string shortened(std::string_view text, std::size_t most);

// Three decimals for fractions, four significant digits otherwise; an en dash for NaN.
std::string shown(double value, std::string_view unit);
std::string shown(const Estimate& estimate, std::string_view unit);  // "0.933 [0.910, 0.951]", or its status
std::string interval_shown(const Estimate& estimate, std::string_view unit);

// Coordinates of SVG: at most two decimals.
std::string coordinate(double value);

std::string grouped_number(std::int64_t number);  // "10,000"

// A table; cells are HTML already. Columns from `numbers_from` on are numbers: right-aligned.
class HtmlTable {
  public:
    HtmlTable(std::string caption, std::vector<std::string> head, std::size_t numbers_from = 1);
    void add(const std::vector<std::string>& cells);
    bool empty() const { return rows_ == 0; }
    std::string html() const;

  private:
    std::string body_;
    std::size_t numbers_from_;
    std::size_t rows_ = 0;
};

}  // namespace misfire::report
