// The card of a model: a YAML file beside it with the same stem (net.pt, net.yaml) that says how to feed it and where
// it is from.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/image.h"
#include "core/model.h"

namespace misfire {

// What the YAML gives; everything is optional there. Keys:
//   task: classification | regression
//   classes: [cat, dog] or their number
//   geometry: {size: 32} | {size: [height, width]} | {resize: 256, crop: 224} | none
//   tensor: {channels: 3, scale: 255, mean: [r, g, b], std: [r, g, b]}
//   output: logits | probabilities | log-probabilities | regression
//   output_key: place or key of the output inside a tuple, list or dict
//   fixed_batch: 1 for a model that takes nothing else
//   engine: quantised engine the scores were measured with
//   clean_score: {metric: accuracy, value: 0.93, on: which data}
//   columns: [names] of the features of a table in order; categories: {column: [names by code]}
//   missing: nan | mean | median | zero | last, what stands for a missing number; quantiles: [0.1, 0.5, 0.9]
//   parent, licence, origin, recipe, sha256, summary: text
struct Card {
    std::string path;  // of the YAML file
    std::optional<std::string> task;
    std::vector<std::string> class_names;  // empty when only their number is given
    std::int64_t classes = 0;              // 0: not given
    std::optional<Geometry> geometry;
    std::optional<TensorForm> tensor;
    std::optional<OutputKind> output;
    std::string output_key;
    int fixed_batch = 0;
    std::string engine;
    std::vector<std::string> columns;
    std::map<std::string, std::vector<std::string>> categories;
    std::string missing;  // "" when not given
    std::vector<double> quantiles;
    std::string licence;
    std::string origin;
    std::string recipe;
    std::string parent;
    std::string sha256;
    std::string clean_score;  // as text: "accuracy 0.9317 on Fashion-MNIST, 10,000 test images"; "" when not given
    std::optional<double> clean_value;  // the number in it
    std::string summary;
};

// The card of this model file, or nothing when there is none. Throws ModelError with file and line for YAML that cannot
// be parsed, unknown keys (naming the nearest valid one) and values out of range.
std::optional<Card> read_card(const std::filesystem::path& model_path);

// Where read_card() looks: net.pt -> net.yaml.
std::filesystem::path card_path(const std::filesystem::path& model_path);

}  // namespace misfire
