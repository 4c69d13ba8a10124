// A table as a data set of rows.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "core/dataset.h"
#include "core/table.h"

namespace misfire {

// What the model sees of row `row` of the table, and the target: a class (key.target) or a number (value). Missing
// numbers are filled as `data.missing` says. Throws DataError where it says that they are refused, or where the target
// is missing.
Sample table_sample(const TableData& data, SampleKey key, std::uint32_t row);

// Samples of a table, as read. `groups`: columns that become attributes.
class TableDataset : public Dataset {
  public:
    TableDataset(TableData data, DatasetInfo info, const std::vector<std::string>& groups);

    const DatasetInfo& info() const override { return info_; }
    std::size_t size() const override { return keys_.size(); }
    const SampleKey& key(std::size_t i) const override { return keys_[i]; }
    Sample at(std::size_t i) const override { return table_sample(data_, keys_[i], data_.samples[i]); }
    const TableData* table() const override { return &data_; }

  private:
    TableData data_;
    DatasetInfo info_;
    std::vector<SampleKey> keys_;
};

// Some samples of a table, and a table that has no others: what a limited run knows. Changes that show other rows draw
// from these. `kept`: places in `all`, ascending.
class SelectedTable : public Dataset {
  public:
    SelectedTable(std::unique_ptr<Dataset> all, std::vector<std::size_t> kept);

    const DatasetInfo& info() const override { return all_->info(); }
    std::size_t size() const override { return kept_.size(); }
    const SampleKey& key(std::size_t i) const override { return all_->key(kept_[i]); }
    Sample at(std::size_t i) const override { return all_->at(kept_[i]); }
    const TableData* table() const override { return &data_; }

  private:
    std::unique_ptr<Dataset> all_;
    std::vector<std::size_t> kept_;
    TableData data_;
};

}  // namespace misfire
