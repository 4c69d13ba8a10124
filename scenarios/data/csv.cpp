#include "scenarios/data/csv.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <set>
#include <sstream>

#include "core/error.h"
#include "core/nearest_name.h"

namespace misfire {

namespace fs = std::filesystem;

namespace {

// Reads one record at a time out of the text.
class RecordReader {
  public:
    RecordReader(const std::string& text, const std::string& file) : text_(text), file_(file) {}

    bool at_end() const { return at_ >= text_.size(); }
    std::size_t line() const { return line_; }

    std::vector<std::string> next() {
        std::vector<std::string> cells;
        do cells.push_back(cell());
        while (take(','));
        take('\r');
        if (take('\n')) ++line_;
        return cells;
    }

  private:
    bool take(char wanted) {
        if (at_ >= text_.size() || text_[at_] != wanted) return false;
        ++at_;
        return true;
    }

    std::string cell() {
        if (take('"')) return quoted();
        const std::size_t start = at_;
        while (at_ < text_.size() && text_[at_] != ',' && text_[at_] != '\n' && text_[at_] != '\r') ++at_;
        return text_.substr(start, at_ - start);
    }

    std::string quoted() {
        const std::size_t opened = line_;
        std::string value;
        while (at_ < text_.size()) {
            if (take('"')) {
                if (!take('"')) return after_quote(std::move(value));
                value += '"';
                continue;
            }
            if (text_[at_] == '\n') ++line_;
            value += text_[at_++];
        }
        throw DataError(file_ + ":" + std::to_string(opened) + ": a quoted cell is never closed. Add the missing \".");
    }

    std::string after_quote(std::string value) const {
        if (at_ < text_.size() && text_[at_] != ',' && text_[at_] != '\n' && text_[at_] != '\r') {
            throw DataError(file_ + ":" + std::to_string(line_) +
                            ": text follows a closed quote. Double a quote that belongs to the text: \"\".");
        }
        return value;
    }

    const std::string& text_;
    const std::string& file_;
    std::size_t at_ = 0;
    std::size_t line_ = 1;
};

}  // namespace

std::string read_text(const fs::path& file) {
    std::error_code ignored;
    if (fs::is_directory(file, ignored)) throw DataError(file.string() + " is a folder, not a file.");
    std::ifstream in(file, std::ios::binary);
    if (!in)
        throw DataError("The file " + file.string() + " cannot be read: " + std::strerror(errno) + ". Check the path.");
    std::ostringstream out;
    out << in.rdbuf();
    std::string text = out.str();
    if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
    return text;
}

std::vector<std::string> read_lines(const fs::path& file) {
    std::vector<std::string> lines;
    std::istringstream in(read_text(file));
    for (std::string line; std::getline(in, line);) {
        if (line.ends_with('\r')) line.pop_back();
        lines.push_back(line);
    }
    while (!lines.empty() && lines.back().empty()) lines.pop_back();
    return lines;
}

bool CsvTable::has_column(const std::string& name) const {
    return std::find(columns.begin(), columns.end(), name) != columns.end();
}

std::size_t CsvTable::column(const std::string& name) const {
    const auto found = std::find(columns.begin(), columns.end(), name);
    if (found == columns.end()) throw DataError(file + " has no column `" + name + "`." + did_you_mean(name, columns));
    return static_cast<std::size_t>(found - columns.begin());
}

std::vector<CsvRecord> read_csv_records(const fs::path& file) {
    std::vector<CsvRecord> records;
    const std::string text = read_text(file);
    const std::string name = file.string();
    RecordReader reader(text, name);
    while (!reader.at_end()) {
        const std::size_t line = reader.line();
        std::vector<std::string> cells = reader.next();
        if (cells.size() == 1 && cells[0].empty()) continue;
        records.push_back({std::move(cells), line});
    }
    return records;
}

CsvTable read_csv(const fs::path& file) {
    CsvTable table;
    table.file = file.string();
    std::vector<CsvRecord> records = read_csv_records(file);
    if (records.empty())
        throw DataError(table.file + " is empty. Its first row must name the columns, such as file,label.");
    table.columns = std::move(records.front().cells);
    std::set<std::string> seen;
    for (const std::string& name : table.columns) {
        if (!seen.insert(name).second)
            throw DataError(table.file + " names the column `" + name + "` twice. Rename one of them.");
    }
    for (std::size_t i = 1; i < records.size(); ++i) {
        CsvRecord& record = records[i];
        if (record.cells.size() != table.columns.size()) {
            throw DataError(table.file + ":" + std::to_string(record.line) + ": " +
                            std::to_string(record.cells.size()) + " cells where the first row names " +
                            std::to_string(table.columns.size()) + " columns. Quote cells that hold a comma.");
        }
        table.rows.push_back(std::move(record.cells));
        table.lines.push_back(record.line);
    }
    return table;
}

}  // namespace misfire
