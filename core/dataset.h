// Samples and data sets.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/image.h"

namespace misfire {

// What is known of a sample without decoding it.
struct SampleKey {
    std::string id;                       // unique in the data set: relative path with '/', or row number
    std::optional<std::int64_t> target;   // class index in DatasetInfo::classes; absent without labels
    std::vector<std::string> attributes;  // one value per DatasetInfo::attributes, "" where unknown
};

struct Sample {
    SampleKey key;
    Image image;
    // What a wrong preprocessing makes of the form in which a model takes its input; empty: nothing.
    std::function<TensorForm(const TensorForm&)> tensor_form = nullptr;
};

struct DatasetInfo {
    std::string name;  // slug used in records
    bool labelled = false;
    std::vector<std::string> classes;     // names by class index; may be empty when only numbers are known
    std::vector<std::string> attributes;  // names of group columns
    std::string licence;                  // "" where unknown
    std::string origin;                   // "" where unknown
};

// Random access to samples. Views (subset, geometry, shifted) are data sets too. All members may be called from several
// threads.
class Dataset {
  public:
    virtual ~Dataset() = default;
    virtual const DatasetInfo& info() const = 0;
    virtual std::size_t size() const = 0;
    virtual const SampleKey& key(std::size_t i) const = 0;
    // Decodes sample i. Throws DataError naming the file when it cannot be read.
    virtual Sample at(std::size_t i) const = 0;
};

}  // namespace misfire
