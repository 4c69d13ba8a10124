#include "results/tables.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "results/hdf5_reader.h"

namespace misfire {

namespace {

constexpr std::array known = {"aggregates", "bad_inputs", "breaking_points", "cells",
                              "levels",     "models",     "points",          "shifts"};

std::string number_text(double value) {
    if (std::isnan(value)) return "";
    char text[32];
    std::snprintf(text, sizeof text, "%.6g", value);
    return text;
}

NamedTable read_table(const hdf5::Reader& file, const std::string& name) {
    const std::string path = "/" + name;
    NamedTable table{name, {}, {}};
    for (const hdf5::ColumnKind& column : file.columns(path)) {
        std::vector<std::string> cells;
        if (column.is_text) {
            cells = file.texts(path, column.name);
        } else {
            for (const double value : file.reals(path, column.name)) cells.push_back(number_text(value));
        }
        table.columns.push_back(column.name);
        table.rows.resize(std::max(table.rows.size(), cells.size()));
        for (std::size_t row = 0; row < cells.size(); ++row) table.rows[row].push_back(std::move(cells[row]));
    }
    return table;
}

}  // namespace

std::vector<NamedTable> read_other_tables(const std::filesystem::path& path) {
    const hdf5::LibraryLock lock;
    const hdf5::Reader file(path);
    std::vector<NamedTable> tables;
    for (const std::string& name : file.children("/")) {
        if (std::find(known.begin(), known.end(), name) != known.end() || file.columns("/" + name).empty()) continue;
        tables.push_back(read_table(file, name));
    }
    return tables;
}

}  // namespace misfire
