// A table of results.h5 and the rows it stands for, described once for writing and reading.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/outcome.h"
#include "results/hdf5_reader.h"
#include "results/hdf5_writer.h"

namespace misfire::hdf5 {

// The status of that name; another one is a corrupt file.
inline Status status_named(const Reader& file, const std::string& name) {
    for (const Status status : {Status::ok, Status::error, Status::skipped, Status::undefined}) {
        if (name == name_of(status)) return status;
    }
    file.corrupt("`" + name + "` is no status");
}

template <typename Row>
class RowTable {
  public:
    explicit RowTable(std::string path) : path_(std::move(path)) {}

    RowTable& text(const std::string& name, std::string Row::*member) {
        return add<std::string>(
            name, [member](const Row& row) { return row.*member; },
            [member](Row& row, const std::string& value, const Reader&) { row.*member = value; });
    }
    RowTable& real(const std::string& name, double Row::*member) {
        return add<double>(
            name, [member](const Row& row) { return row.*member; },
            [member](Row& row, double value, const Reader&) { row.*member = value; });
    }
    RowTable& integer(const std::string& name, std::int64_t Row::*member) {
        return add<std::int64_t>(
            name, [member](const Row& row) { return row.*member; },
            [member](Row& row, std::int64_t value, const Reader&) { row.*member = value; });
    }
    RowTable& flag(const std::string& name, bool Row::*member) {
        return add<std::int8_t>(
            name, [member](const Row& row) { return static_cast<std::int8_t>(row.*member); },
            [member](Row& row, std::int64_t value, const Reader&) { row.*member = value != 0; });
    }
    // A word of an enumeration; `parse` calls reader.corrupt() for one that is none.
    template <typename Enum, typename Name, typename Parse>
    RowTable& word(const std::string& name, Enum Row::*member, Name word_of, Parse parse) {
        return add<std::string>(
            name, [member, word_of](const Row& row) { return std::string(word_of(row.*member)); },
            [member, parse](Row& row, const std::string& value, const Reader& file) {
                row.*member = parse(file, value);
            });
    }

    void write(Writer& file, const std::vector<Row>& rows) const {
        std::vector<Column> columns;
        for (const auto& column : columns_) columns.push_back(column.make(rows));
        file.table(path_, columns);
    }
    // Throws StoreError as the reader does.
    std::vector<Row> read(const Reader& file) const {
        std::vector<Row> rows;
        for (const auto& column : columns_) column.fill(file, rows);
        return rows;
    }

  private:
    struct Field {
        std::function<Column(const std::vector<Row>&)> make;
        std::function<void(const Reader&, std::vector<Row>&)> fill;
    };

    template <typename Value, typename Get, typename Set>
    RowTable& add(const std::string& name, Get get, Set set) {
        columns_.push_back({[name, get](const std::vector<Row>& rows) {
                                std::vector<Value> values;
                                values.reserve(rows.size());
                                for (const Row& row : rows) values.push_back(get(row));
                                return Column{name, std::move(values)};
                            },
                            [name, set, path = path_](const Reader& file, std::vector<Row>& rows) {
                                const auto values = values_of<Value>(file, path, name);
                                rows.resize(values.size());
                                for (std::size_t i = 0; i < rows.size(); ++i) set(rows[i], values[i], file);
                            }});
        return *this;
    }

    template <typename Value>
    static auto values_of(const Reader& file, const std::string& path, const std::string& name) {
        if constexpr (std::is_same_v<Value, std::string>)
            return file.texts(path, name);
        else if constexpr (std::is_same_v<Value, double>)
            return file.reals(path, name);
        else
            return file.integers(path, name);
    }

    std::string path_;
    std::vector<Field> columns_;
};

}  // namespace misfire::hdf5
