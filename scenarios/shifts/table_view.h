// Rows of a changed table in the places of clean samples.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/dataset.h"
#include "scenarios/data/table_dataset.h"

namespace misfire {

class TableView : public Dataset {
  public:
    // `clean`: samples of `whole`, any of them in any order. `changed`: what became of the table behind `whole`, with
    // as many samples.
    TableView(const Dataset& clean, const Dataset& whole, TableData changed)
        : clean_(clean), whole_(whole), changed_(std::move(changed)) {
        std::unordered_map<std::string, std::uint32_t> places;
        for (std::size_t i = 0; i < whole.size(); ++i) places.emplace(whole.key(i).id, static_cast<std::uint32_t>(i));
        for (std::size_t i = 0; i < clean.size(); ++i) places_.push_back(places.at(clean.key(i).id));
        const std::vector<std::uint32_t>& rows = whole.table()->samples;
        for (std::size_t i = 0; i < rows.size(); ++i) sample_of_row_.emplace(rows[i], static_cast<std::int64_t>(i));
    }

    const DatasetInfo& info() const override { return clean_.info(); }
    std::size_t size() const override { return clean_.size(); }
    const SampleKey& key(std::size_t i) const override { return clean_.key(i); }
    Sample at(std::size_t i) const override {
        const std::uint32_t row = changed_.samples[places_[i]];
        Sample sample = table_sample(changed_, clean_.key(i), row);
        if (row != whole_.table()->samples[places_[i]]) sample.shows = sample_of_row_.at(row);
        return sample;
    }
    const TableData* table() const override { return &changed_; }

  private:
    const Dataset& clean_;
    const Dataset& whole_;
    TableData changed_;
    std::vector<std::uint32_t> places_;  // among the samples of the table
    std::unordered_map<std::uint32_t, std::int64_t> sample_of_row_;
};

}  // namespace misfire
