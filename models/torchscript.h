// TorchScript files as models of images, rows and windows of numbers.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "core/model.h"
#include "models/network.h"

namespace misfire {

// What is given here goes before what the card says, and that before what a probe of the file finds.
struct LoadOptions {
    std::string name;  // slug in records; "": the file's stem
    std::string device = "cpu";
    std::string optimize = "none";  // none | freeze | inference: the last two change logits in the sixth digit
    std::string engine;  // quantised engine (onednn | qnnpack | ...); "": the card's, otherwise LibTorch's default
    std::string expect_sha256;  // refuse any other file
    std::optional<OutputKind> output;
    std::optional<Geometry> geometry;
    std::optional<TensorForm> tensor;
    std::optional<std::string> output_key;  // of the output inside a tuple, list or dict
    // Rows of numbers instead of images: how many features, how many rows a sample shows, and two to eight real samples
    // [.., window, features] to try the model on.
    int row_features = 0;
    int row_window = 1;
    std::vector<float> row_samples;
    int classes_hint = 0;  // refuse a classifier with another number of outputs; 0: any
};

// Loads a .pt or .ptl file and tries it on a few synthetic images: output kind, number of classes, whether batches work
// and do not mix their rows (if they do, or fail, fixed_batch is 1 and predict() feeds row by row), features, gradient.
// Running a model file runs the code in it.
// Throws ModelError with what was seen and what to do: see network.h and card.h; neither card nor geometry and tensor
// form; another sha256; contradictory or doubtful output kind; another number of classes; input of this size refused.
std::unique_ptr<Model> load_model(const std::filesystem::path& path, const LoadOptions& options);

}  // namespace misfire
