// What a scenario says of its data, and the door to every reader.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/dataset.h"

namespace misfire {

// Filled by the scenario parser; all paths absolute.
struct DataSpec {
    enum class Form { zoo, images, npy, table, series };
    Form form = Form::zoo;

    std::string zoo_name;  // zoo: name of a card, without "zoo:"

    std::filesystem::path images;  // images: folder
    std::filesystem::path
        labels_csv;  // images: table of files and labels; empty: the first folder below `images` is the class
    std::string file_column = "file";    // paths in it are relative to `images`, or else to the table's own folder
    std::string label_column = "label";  // class names or class indices; an empty cell is an unlabelled sample

    std::filesystem::path npy;         // npy: uint8 [n, height, width] or [n, height, width, 1 or 3]
    std::filesystem::path npy_labels;  // npy: integers [n] as .npy, or a text file of one label a line

    std::filesystem::path table;  // table, series: CSV with a header
    std::string time_column;      // series: ISO dates or times, or as time_format (strptime) says
    std::string time_format;
    std::string from;  // samples begin and end here, inclusive ISO dates; rows outside are history; "": no limit
    std::string to;
    std::string target_column;
    std::vector<std::string> features;                           // in the order the model takes them
    std::map<std::string, std::string> derived;                  // column -> "lag(Load,7)", "lagged(14)", ...
    std::map<std::string, std::vector<std::string>> categories;  // column -> names by code
    std::string missing = "refuse";                              // see MissingPolicy
    int window = 1;                                              // rows that one sample shows the model
    bool regression = false;                                     // task
    std::string unit;                                            // of the target of a regression

    bool labels_none = false;  // ignore whatever labels there are
    std::vector<std::string>
        groups;  // attributes to keep: columns of labels_csv, or `class` (the name of the sample's label)
    std::filesystem::path classes;    // class names by index, one a line
    std::filesystem::path class_map;  // CSV: class of the data -> output of the model (see class_map.h)
    bool restrict_to_map = false;     // score only the outputs that class_map names
    std::string benchmark;            // "imagenet": these are ImageNet's validation images; "" where nothing is said
    bool match_by_index = false;      // class i of the data is output i of the model, whatever the names
};

// Opens the data set without decoding any image. Throws DataError naming the file, what is wrong with it and the
// remedy: missing folder or file, no image, ids that occur twice, unknown column or group, labels that do not fit the
// classes, wrong array type. Ids: relative path with '/' below `images` (as written in the table where there is one);
// for arrays the row number, from "0", without leading zeros.
std::unique_ptr<Dataset> open_data(const DataSpec& spec);

}  // namespace misfire
