// Finding out what a model file is by running it: what `misfire describe model.pt` prints.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "models/torchscript.h"

namespace misfire {

struct AcceptedInput {
    std::string shape;   // of one row: "3 x 32 x 32"
    std::string answer;  // "tensor: Float [1, 10]", "tuple of 0: Float [1, 60]; 1: Long [1]"
};

struct BatchTrial {
    std::int64_t rows = 0;
    bool works = false;
    std::string failure;  // LibTorch's words, when it does not
    double largest_difference =
        0.0;  // from the answers to the same rows in batches of 2 (of 1 for the batch of 2 itself, when 2 fails)
    bool bit_equal = false;
};

struct ProbeReport {
    std::string path;
    std::string sha256;
    std::int64_t bytes = 0;
    std::string libtorch;
    std::string device;
    std::string optimize;
    std::string card;  // path, "" when there is none
    std::string parent;
    std::string origin;
    std::string licence;
    std::string clean_score;
    std::int64_t parameters = 0;
    bool quantised = false;
    std::string engine;  // "" for float models
    std::string input;   // "images", "rows of numbers (float)", "sequences of bytes ...", "" when none was found
    std::vector<AcceptedInput> accepted;
    std::string measured_on;   // row shape that everything below was measured on
    std::string tried;         // what was tried, when nothing was accepted
    std::string output;        // kind: "logits", ..., "" when undecided
    std::string output_why;    // what was seen, or why it was refused
    std::string output_key;    // part of the answer that was taken
    std::int64_t classes = 0;  // columns of the output
    std::vector<std::string> class_names;
    std::vector<BatchTrial> batches;
    int fixed_batch = 0;      // 1: predict() feeds row by row
    bool repeatable = false;  // the same input gives the same bits, first call against tenth
    bool finite = false;
    bool differentiable = false;
    std::string differentiable_why;  // why not
    std::int64_t features = 0;
    std::string features_from;             // "input of the last aten::linear"
    std::string last_layer;                // whether its weights are known, or why not
    double milliseconds_per_sample = 0.0;  // one thread, batches of 64 (or what it takes); depends on the machine
    int timed_batch = 0;
    std::vector<std::string> warnings;
};

// Needs no card. Tries the input size of card or options first, then the usual ones with 1 and 3 channels, then rows of
// numbers and sequences of bytes or token numbers. Throws ModelError only when the file cannot be loaded or is not the
// expected one; what cannot be found out is said in the report.
ProbeReport probe_model(const std::filesystem::path& path, const LoadOptions& options);

// Name and value of every line that `describe` prints.
std::vector<std::pair<std::string, std::string>> lines(const ProbeReport& report);

nlohmann::json to_json(const ProbeReport& report);

}  // namespace misfire
