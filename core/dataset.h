// Samples and data sets.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "core/image.h"
#include "core/table.h"

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
    // Of a table: the numbers a model takes, [window, features] row-major; empty for an image.
    std::vector<float> row = {};
    double value = std::numeric_limits<double>::quiet_NaN();  // target of a regression
    std::int64_t shows = -1;  // place in the whole data set of the sample shown here instead of this one; -1: itself
    // An out-of-distribution image stands here, to which no answer is right.
    bool ood = false;
    std::int64_t ood_row = -1;  // its place in the set it comes from; -1 where it was made for this place
};

struct DatasetInfo {
    std::string name;  // slug used in records
    bool labelled = false;
    std::vector<std::string> classes;     // names by class index; may be empty when only numbers are known
    std::vector<std::string> attributes;  // names of group columns
    std::string licence;                  // "" where unknown
    std::string origin;                   // "" where unknown
    bool regression = false;              // the target is Sample::value, not a class
    std::string unit;                     // of that target, "" where unknown
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
    // False for a place that a view leaves out (another month): it counts nowhere, and at() may not be asked for it.
    virtual bool has(std::size_t i) const {
        static_cast<void>(i);
        return true;
    }
    // The whole table behind a tabular data set, history included; null for images.
    virtual const TableData* table() const { return nullptr; }
};

}  // namespace misfire
