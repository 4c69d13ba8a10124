// The seam behind which LibTorch (or another engine) lives.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/image.h"

namespace misfire {

enum class OutputKind { logits, probabilities, log_probabilities, regression };

inline const char* name_of(OutputKind kind) {
    switch (kind) {
        case OutputKind::logits: return "logits";
        case OutputKind::probabilities: return "probabilities";
        case OutputKind::log_probabilities: return "log-probabilities";
        case OutputKind::regression: return "regression";
    }
    return "";
}

// What a model takes: pictures, rows of numbers [features], or windows of rows [window, features].
enum class InputKind { image, row, window };

struct ModelInfo {
    std::string name;  // slug, unique in a run
    std::string path;
    std::string sha256;           // of the file
    std::string parent;           // name of the model it was derived from, "" if none
    std::int64_t parameters = 0;  // numbers in parameters and packed weights; 0 where the file does not tell
    std::string task = "classification";
    OutputKind output = OutputKind::logits;
    std::vector<std::string> class_names;  // empty where unknown
    std::int64_t classes = 0;              // width of the output
    InputKind input = InputKind::image;
    std::vector<std::string> columns;  // of rows: names of the features in order, empty where unknown
    std::vector<double> quantiles;     // of a regression that answers several: their levels, ascending
    Geometry geometry;                 // images only, like `tensor`
    TensorForm tensor;
    int input_height = 0;       // 0: not fixed by the geometry; rows in a window
    int input_width = 0;        // features of a row
    std::int64_t features = 0;  // dimension of the penultimate features, 0 where there are none
    bool differentiable = false;
    bool quantised = false;
    std::string engine;             // quantised engine in force ("onednn", "qnnpack"), "" for float models
    std::string optimize = "none";  // none | freeze | inference
    std::string device = "cpu";
    int fixed_batch = 0;  // 1 for a model that takes only batches of one; 0: any
};

// values: [rows, classes] row-major, as the model gave them. features: [rows, info.features], only when asked for.
struct Outputs {
    std::int64_t rows = 0;
    std::int64_t columns = 0;
    std::vector<float> values;
    std::vector<float> features;
};

class Model {
  public:
    virtual ~Model() = default;
    virtual const ModelInfo& info() const = 0;
    // input: [rows, channels, height, width] row-major float32, for rows and windows [rows, height = window, width =
    // features]. Thread-safe. Throws ModelError with the engine's own
    // words, shortened.
    virtual Outputs predict(std::span<const float> input, std::int64_t rows, int height, int width,
                            bool with_features = false) const = 0;
};

}  // namespace misfire
