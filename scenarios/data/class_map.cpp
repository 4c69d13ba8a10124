#include "scenarios/data/class_map.h"

#include <algorithm>
#include <map>

#include "core/error.h"
#include "core/nearest_name.h"
#include "scenarios/data/csv.h"
#include "scenarios/data/labels.h"

namespace misfire {

namespace {

struct MapRow {
    std::string from;
    std::string to;
    std::string where;
};

std::vector<MapRow> read_rows(const std::filesystem::path& file) {
    std::vector<MapRow> rows;
    for (CsvRecord& record : read_csv_records(file)) {
        const std::string where = file.string() + ":" + std::to_string(record.line);
        if (record.cells.size() != 2) {
            throw DataError(where + ": " + std::to_string(record.cells.size()) +
                            " cells. A class map has two a row: the class of the data and the output of the model.");
        }
        if (rows.empty() && record.cells[0] == "class" && record.cells[1] == "output") continue;
        rows.push_back({std::move(record.cells[0]), std::move(record.cells[1]), where});
    }
    return rows;
}

// Index of a class given by name or number; -1 when `names` (or the count) does not have it.
std::int64_t position(const std::string& text, const std::vector<std::string>& names, std::int64_t count) {
    const auto found = std::find(names.begin(), names.end(), text);
    if (found != names.end()) return found - names.begin();
    const auto index = as_index(text);
    return index && *index < count ? *index : -1;
}

}  // namespace

std::vector<std::int64_t> read_class_map(const std::filesystem::path& file, const DatasetInfo& data, std::int64_t count,
                                         const std::vector<std::string>& model_classes, std::int64_t outputs) {
    std::vector<std::int64_t> columns(static_cast<std::size_t>(count), -1);
    std::map<std::int64_t, std::string> taken;
    for (const MapRow& row : read_rows(file)) {
        const std::int64_t output = position(row.to, model_classes, outputs);
        if (output < 0) {
            throw DataError(row.where + ": `" + row.to + "` is no output of the model, which has 0 to " +
                            std::to_string(outputs - 1) + "." +
                            (model_classes.empty() || as_index(row.to) ? "" : did_you_mean(row.to, model_classes)));
        }
        const std::int64_t from = position(row.from, data.classes, count);
        if (from < 0) continue;
        std::int64_t& column = columns[static_cast<std::size_t>(from)];
        if (column >= 0)
            throw DataError(row.where + ": the class `" + row.from + "` is mapped twice. Take one of the rows out.");
        if (const auto [other, fresh] = taken.emplace(output, row.from); !fresh) {
            throw DataError(row.where + ": the classes `" + other->second + "` and `" + row.from +
                            "` are both mapped to output " + std::to_string(output) +
                            ". Each class needs an output of its own.");
        }
        column = output;
    }
    const auto missing = std::find(columns.begin(), columns.end(), -1);
    if (missing != columns.end()) {
        const auto i = static_cast<std::size_t>(missing - columns.begin());
        throw DataError(file.string() + " says nothing of the class `" +
                        (i < data.classes.size() ? data.classes[i] : std::to_string(i)) +
                        "` of the data. Add a row for it.");
    }
    return columns;
}

}  // namespace misfire
