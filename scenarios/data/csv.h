// Comma-separated tables as spreadsheets and pandas write them (RFC 4180).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace misfire {

struct CsvTable {
    std::string file;  // for messages
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> rows;  // as many cells as there are columns
    std::vector<std::size_t> lines;              // line of the file on which each row begins, from 1

    // Position of a column. Throws DataError with the nearest name.
    std::size_t column(const std::string& name) const;
    bool has_column(const std::string& name) const;
};

// First row: column names. Quoted cells may hold commas, doubled quotes and line feeds; a byte order mark, CRLF and
// empty lines are taken. Throws DataError naming the line: cell count, unclosed quote, column named twice, missing
// file.
CsvTable read_csv(const std::filesystem::path& file);

struct CsvRecord {
    std::vector<std::string> cells;
    std::size_t line = 0;  // from 1
};

// The same text without the meaning of a first row, and with any number of cells in a row.
std::vector<CsvRecord> read_csv_records(const std::filesystem::path& file);

// Whole file as text, without a leading byte order mark. Throws DataError when it cannot be read.
std::string read_text(const std::filesystem::path& file);

// Lines of a text file without line ends and without empty lines at the end.
std::vector<std::string> read_lines(const std::filesystem::path& file);

}  // namespace misfire
