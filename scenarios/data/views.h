// Data sets made of other data sets.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "core/dataset.h"
#include "core/error.h"

namespace misfire {

// Chosen samples of a data set, in the order of the indices. Refers to `source`, which must outlive it.
class SubsetView : public Dataset {
  public:
    SubsetView(const Dataset& source, std::vector<std::size_t> indices)
        : source_(source), indices_(std::move(indices)) {}

    const DatasetInfo& info() const override { return source_.info(); }
    std::size_t size() const override { return indices_.size(); }
    const SampleKey& key(std::size_t i) const override { return source_.key(indices_[i]); }
    Sample at(std::size_t i) const override { return source_.at(indices_[i]); }

  private:
    const Dataset& source_;
    std::vector<std::size_t> indices_;
};

// Samples held in memory: one block of a run. A sample that could not be read stands in as its key and the reason.
class MemoryView : public Dataset {
  public:
    struct Entry {
        Sample sample;
        std::string bad;  // reason, "" for a good sample
    };

    MemoryView(DatasetInfo info, std::vector<Entry> entries) : info_(std::move(info)), entries_(std::move(entries)) {}

    const DatasetInfo& info() const override { return info_; }
    std::size_t size() const override { return entries_.size(); }
    const SampleKey& key(std::size_t i) const override { return entries_[i].sample.key; }
    bool is_bad(std::size_t i) const { return !entries_[i].bad.empty(); }
    const std::string& bad_reason(std::size_t i) const { return entries_[i].bad; }
    // The image without a copy. Empty for a bad sample.
    const Image& image(std::size_t i) const { return entries_[i].sample.image; }

    Sample at(std::size_t i) const override {
        if (is_bad(i)) throw DataError(entries_[i].bad);
        return entries_[i].sample;
    }

  private:
    DatasetInfo info_;
    std::vector<Entry> entries_;
};

// Reads sample i of `source`, keeping the reason where that fails.
inline MemoryView::Entry read_entry(const Dataset& source, std::size_t i) {
    try {
        return {source.at(i), ""};
    } catch (const DataError& error) {
        return {{source.key(i), {}}, error.what()};
    }
}

}  // namespace misfire
