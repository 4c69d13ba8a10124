// Shipped and downloaded data sets: zoo:<name>.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/dataset.h"
#include "scenarios/data/spec.h"

namespace misfire {

// <zoo folder>/data/<name>.yaml. Files lie beside the card.
struct DataCard {
    std::filesystem::path file;  // the card itself
    std::string name;
    std::string summary;
    std::string split;                          // "test", "fit"
    std::map<std::string, std::string> splits;  // split -> name of its card, this one included
    DataSpec::Form form = DataSpec::Form::npy;  // npy | images
    std::filesystem::path images;               // array, or folder
    std::filesystem::path labels;               // array; CSV for a folder; empty: class = folder
    std::vector<std::string> classes;
    std::string licence;
    std::string origin;
    std::size_t samples = 0;
    DataSpec table;                             // of a table or series: everything but what a scenario adds
    std::map<std::string, std::string> sha256;  // "images", "labels" -> hexadecimal digest; of a folder only the labels
};

// Throws DataError naming file and key.
DataCard read_data_card(const std::filesystem::path& file);

// Writes card.file for arrays that lie beside it, computing their digests. Throws DataError when it cannot be written.
void write_data_card(const DataCard& card);

// Throws DataError when a file of the card is missing or does not have the digest that the card says.
void check_data_files(const DataCard& card);

// Cards in zoo_folders(), ascending by name. A card that cannot be read is an error.
std::vector<DataCard> zoo_data_cards();

// Throws DataError when there is no such card (with the nearest name, or the command that downloads it), or when a file
// does not have the digest that the card says.
DataCard find_zoo_data(const std::string& name);

// The data set asked.zoo_name; with asked.labels_none its labels are ignored.
std::unique_ptr<Dataset> open_zoo_data(const DataSpec& asked);

}  // namespace misfire
