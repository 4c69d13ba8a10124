// A table as CSV with all digits, and as LaTeX (booktabs) with those that a reader wants.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace misfire {

class PaperTable {
  public:
    struct Cell {
        std::string csv;
        std::string latex;
    };
    static Cell text(const std::string& text);
    static Cell number(double value, const std::string& unit);  // NaN: an empty cell
    static Cell count(std::size_t value);

    // The first `texts` columns are left-aligned, the others right.
    PaperTable(std::vector<std::string> head, std::size_t texts);
    void add(std::vector<Cell> row) { rows_.push_back(std::move(row)); }
    void rule() { rows_.emplace_back(); }  // between groups of rows; LaTeX only
    bool empty() const { return rows_.empty(); }

    std::string csv() const;
    std::string latex() const;  // a tabular to \input; needs \usepackage{booktabs}

  private:
    std::vector<std::string> head_;
    std::size_t texts_;
    std::vector<std::vector<Cell>> rows_;
};

}  // namespace misfire
