// The seam behind which LibTorch (or another engine) lives.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/error.h"
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
    std::string no_classifier;  // why Model::classifier() is null, "" where it is not
    bool differentiable = false;
    std::string no_gradient;  // why not, "" where it is
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

// A fully connected last layer: what the model answers is weight * features + bias, or the softmax of that.
struct Classifier {
    std::int64_t classes = 0;
    std::int64_t features = 0;
    std::vector<float> weight;  // [classes, features] row-major
    std::vector<float> bias;    // [classes], zeros where the layer has none
};

// d(loss)/d(answer) for the answers given, [rows, columns] row-major like Outputs::values.
using AnswerSlope = std::function<std::vector<float>(const Outputs& outputs)>;

// Answers, and d(loss)/d(input) row-major like the input.
struct InputGradient {
    Outputs outputs;
    std::vector<float> values;
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
    // Null where the model has no such layer or hides it: info().no_classifier says why. Lives as long as the model.
    virtual const Classifier* classifier() const { return nullptr; }
    // The gradient of any loss of the answers by the input, one pass forward and one back; `slope` is asked in between.
    // Input as for predict(). Thread-safe. Throws ModelError where there is no gradient: info().no_gradient says why.
    virtual InputGradient input_gradient(std::span<const float> input, std::int64_t rows, int height, int width,
                                         const AnswerSlope& slope) const {
        static_cast<void>(input);
        static_cast<void>(rows);
        static_cast<void>(height);
        static_cast<void>(width);
        static_cast<void>(slope);
        throw ModelError("model " + info().name + " has no gradient: its engine gives none");
    }
};

}  // namespace misfire
