#include "scenarios/data/table_dataset.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/error.h"
#include "core/nearest_name.h"
#include "scenarios/data/table_file.h"

namespace misfire {

namespace {

double filled(const TableData& data, std::size_t column, std::size_t row) {
    const std::vector<double>& values = data.table.columns[column].values;
    if (!std::isnan(values[row])) return values[row];
    switch (data.missing) {
        case MissingPolicy::refuse:
            throw DataError("column `" + data.table.columns[column].name + "` of row " + std::to_string(row) +
                            " is missing, and the data declares no policy for that. Say one: `missing: mean`.");
        case MissingPolicy::nan: return std::numeric_limits<double>::quiet_NaN();
        case MissingPolicy::zero: return 0.0;
        case MissingPolicy::mean:
        case MissingPolicy::median: return data.fill[column];
        case MissingPolicy::last: break;
    }
    for (std::size_t r = row; r-- > 0;) {
        if (!std::isnan(values[r])) return values[r];
    }
    return data.fill[column];
}

// The text of a cell, for attributes.
std::string cell_text(const TableColumn& column, std::size_t row) {
    const double value = column.values[row];
    if (std::isnan(value)) return "";
    if (column.categorical()) return column.categories[static_cast<std::size_t>(value)];
    std::string text = std::to_string(value);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
    return text;
}

}  // namespace

Sample table_sample(const TableData& data, SampleKey key, std::uint32_t row) {
    Sample sample;
    sample.key = std::move(key);
    sample.row.reserve(data.window * data.features.size());
    for (std::size_t r = row + 1 - data.window; r <= row; ++r) {
        for (const std::size_t column : data.features)
            sample.row.push_back(static_cast<float>(filled(data, column, r)));
    }
    const double target = data.table.columns[data.target].values[row];
    if (std::isnan(target)) throw DataError("the target of row " + std::to_string(row) + " is missing");
    if (data.classification)
        sample.key.target = static_cast<std::int64_t>(target);
    else
        sample.value = target;
    return sample;
}

TableDataset::TableDataset(TableData data, DatasetInfo info, const std::vector<std::string>& groups)
    : data_(std::move(data)), info_(std::move(info)) {
    std::vector<std::size_t> columns;
    for (const std::string& group : groups) {
        const auto found = data_.table.find(group);
        if (!found)
            throw DataError("The table has no column `" + group + "` to group by." +
                            did_you_mean(group, data_.table.names()));
        const std::vector<double>& values = data_.table.columns[*found].values;
        if (std::all_of(data_.samples.begin(), data_.samples.end(),
                        [&](std::uint32_t row) { return std::isnan(values[row]); }))
            throw DataError(
                "The column `" + group +
                "` has no value in any sample, so there is no group to measure. Take it out of `groups`, or "
                "fill it in.");
        columns.push_back(*found);
        info_.attributes.push_back(group);
    }
    for (const std::uint32_t row : data_.samples) {
        SampleKey key;
        key.id = data_.table.seconds.empty() ? std::to_string(row) : time_text(data_.table.seconds[row]);
        if (data_.classification) key.target = static_cast<std::int64_t>(data_.table.columns[data_.target].values[row]);
        for (const std::size_t column : columns) key.attributes.push_back(cell_text(data_.table.columns[column], row));
        keys_.push_back(std::move(key));
    }
}

SelectedTable::SelectedTable(std::unique_ptr<Dataset> all, std::vector<std::size_t> kept)
    : all_(std::move(all)), kept_(std::move(kept)), data_(*all_->table()) {
    const std::vector<std::uint32_t> rows = std::move(data_.samples);
    data_.samples.clear();
    for (const std::size_t place : kept_) data_.samples.push_back(rows.at(place));
}

std::unique_ptr<Dataset> open_table(const DataSpec& spec) {
    TableData data = read_table(spec);
    DatasetInfo info;
    info.labelled = true;
    info.regression = !data.classification;
    info.unit = spec.unit;
    if (data.classification) info.classes = data.table.columns[data.target].categories;
    return std::make_unique<TableDataset>(std::move(data), std::move(info), spec.groups);
}

}  // namespace misfire
