#include "scenarios/data/csv_stream.h"

#include "core/error.h"

namespace misfire {

bool CsvStream::read_line(std::string& line) {
    if (!std::getline(in_, line)) {
        if (in_.bad()) throw DataError(name_ + " cannot be read beyond line " + std::to_string(line_) + ".");
        return false;
    }
    ++line_;
    if (line_ == 1 && line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
    if (line.ends_with('\r')) line.pop_back();
    return true;
}

bool CsvStream::next(CsvRecord& record) {
    do {
        if (!read_line(text_)) return false;
    } while (text_.empty());
    record.line = line_;
    record.cells.clear();
    for (std::size_t at = 0;;) {
        std::string cell;
        if (at < text_.size() && text_[at] == '"') {
            ++at;
            while (true) {
                const std::size_t quote = text_.find('"', at);
                if (quote == std::string::npos) {
                    cell += text_.substr(at) + "\n";
                    at = 0;
                    if (!read_line(text_))
                        throw DataError(name_ + ":" + std::to_string(record.line) +
                                        ": a quoted cell is never closed. Add the missing \".");
                    continue;
                }
                cell += text_.substr(at, quote - at);
                at = quote + 1;
                if (at == text_.size() || text_[at] != '"') break;
                cell += '"';
                ++at;
            }
            if (at < text_.size() && text_[at] != ',')
                throw DataError(name_ + ":" + std::to_string(line_) +
                                ": text follows a closed quote. Double a quote that belongs to the text: \"\".");
        } else {
            const std::size_t comma = std::min(text_.find(',', at), text_.size());
            cell = text_.substr(at, comma - at);
            at = comma;
        }
        record.cells.push_back(std::move(cell));
        if (at == text_.size()) return true;
        ++at;
    }
}

}  // namespace misfire
