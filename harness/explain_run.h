// What `misfire explain` looks at: images of files, or the mistakes of a cell of a run.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/image.h"
#include "core/model.h"

namespace misfire {

struct Subjects {
    struct Item {
        std::string name;         // file, or sample id
        std::string truth;        // name of its class, "" where unknown
        std::int64_t label = -1;  // the same as a number
        Image image;              // in the model's geometry
    };
    std::string title;
    std::unique_ptr<Model> model;
    std::vector<std::string>
        class_names;  // by column of the answer, from the model's card or the run's data; may be empty
    std::vector<Item> items;

    // "cat", or "class 3" where names are not known.
    std::string class_name(std::int64_t label) const {
        const auto index = static_cast<std::size_t>(label);
        return index < class_names.size() ? class_names[index] : "class " + std::to_string(label);
    }
};

// The most confident mistakes of a cell, made again as the run showed them: at most `worst`. Needs model and data where
// the run found them. Throws UsageError for a folder without a run, a cell that it does not have (naming the nearest)
// or that is not done, tables, and cells without a mistake; StoreError when model or data are no longer those of the
// run.
Subjects failures_of_run(const std::filesystem::path& folder, const std::string& cell, std::size_t worst);

}  // namespace misfire
