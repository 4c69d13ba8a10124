// Comma-separated rows one by one, as they come: files that are larger than memory, and pipes that never end.
#pragma once

#include <istream>
#include <string>

#include "scenarios/data/csv.h"

namespace misfire {

class CsvStream {
  public:
    // `name` is for messages. The stream must outlive this.
    CsvStream(std::istream& in, std::string name) : in_(in), name_(std::move(name)) {}

    // The next record that is no empty line; false at the end. Never reads beyond the record's last line. Throws
    // DataError: unclosed quote, text behind a closed one, a stream that cannot be read on.
    bool next(CsvRecord& record);

    const std::string& name() const { return name_; }

  private:
    bool read_line(std::string& line);

    std::istream& in_;
    std::string name_;
    std::string text_;
    std::size_t line_ = 0;  // of the last line that was read, from 1
};

}  // namespace misfire
