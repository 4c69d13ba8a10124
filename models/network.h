// A TorchScript program without any opinion on what it is fed or what it answers: tensors in, tensors out. Everything
// of LibTorch is behind this header, which needs none of its own.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace misfire {

enum class Element { float32, uint8, int64 };

// Row-major, dense, on the CPU; not copied: the data must live until the call returns.
struct NetworkInput {
    const void* data = nullptr;
    Element element = Element::float32;
    std::vector<std::int64_t> shape;
};

// A tensor somewhere inside an answer: "" when the answer is the tensor itself, "1" for a place in a tuple or list,
// "logits" for a key of a dict or a field of a named tuple, joined by '.' when nested.
struct AnswerPart {
    std::string key;
    std::string element;  // LibTorch's name: "Float", "QUInt8", "Long", ...
    std::vector<std::int64_t> shape;
};

struct Answer {
    std::string container;  // "tensor", "tuple", "list", "dict"
    std::vector<AnswerPart> parts;
    std::string key;                    // of the part below
    std::vector<std::int64_t> shape;    // of the part below
    std::vector<float> values;          // row-major
    std::int64_t features = 0;          // width of the penultimate features, 0 when none were asked for or found
    std::vector<float> feature_values;  // [rows, features]
    std::string features_from;          // the operator whose input they are: "aten::linear"
};

// The layer whose input the penultimate features are.
struct LastLayer {
    Answer answer;              // with features
    std::int64_t classes = 0;   // 0: `why_not` says why its weights cannot be had
    std::vector<float> weight;  // [classes, features]
    std::vector<float> bias;    // [classes]; empty where the operator has none
    std::string why_not;
};

// Of an answer of `shape`: d(loss)/d(answer), as many numbers as the answer has.
using LossSlope = std::function<std::vector<float>(const Answer& answer)>;

struct AnswerGradient {
    Answer answer;
    std::vector<float> values;  // d(loss)/d(input), row-major like the input
};

struct NetworkOpening {
    std::string device = "cpu";
    std::string optimize = "none";  // none | freeze | inference
    std::string engine;             // quantised engine; "": LibTorch's default
};

class Network {
  public:
    // Loads .pt or .ptl. Runs whatever code the file contains when it is run: a model file is a program.
    // Throws ModelError: missing file, not TorchScript (state_dict, other formats, random bytes), truncated, custom
    // operators, unknown device, optimisation or engine.
    Network(const std::filesystem::path& path, const NetworkOpening& opening);
    ~Network();
    Network(const Network&) = delete;
    Network& operator=(const Network&) = delete;

    std::int64_t parameters() const;  // numbers in parameters, packed weights and, for frozen files, constants
    bool quantised() const;
    const std::string& engine() const;  // the one in force for a quantised program, "" for others
    const std::string& device() const;
    std::int64_t first_weight_width() const;  // columns of the first matrix among the weights, 0 if there is none

    // Thread-safe and bit-equal from every thread. `key` names the part of the answer to return; "" takes the tensor,
    // or the only two-dimensional float tensor with as many rows as the input. Integer answers come back as float.
    // Throws ModelError with LibTorch's own words, shortened, or listing the parts when the choice is ambiguous.
    Answer run(const NetworkInput& input, const std::string& key, bool with_features) const;

    // As run() with features, and what the operator that took them in multiplies them with and adds. Whether the answer
    // is what comes out of it is not looked at.
    LastLayer last_layer(const NetworkInput& input, const std::string& key) const;

    // One pass forward, `slope` asked, one pass back; the program's parameters get no gradients, so calls do not
    // disturb each other. Throws ModelError where there is no gradient.
    AnswerGradient input_gradient(const NetworkInput& input, const std::string& key, const LossSlope& slope) const;

  private:
    struct Body;
    std::unique_ptr<Body> body_;
};

// The slope of a weighted sum of the answers with fixed irregular weights: non-zero gradients where answers depend on
// the input, though a plain sum of probabilities is constant.
std::vector<float> irregular_slope(const Answer& answer);

// Quantised engines of this LibTorch, its default first, in lower case ("onednn", "qnnpack", "fbgemm", "x86").
std::vector<std::string> quantised_engines();

// Devices that can be used here: "cpu", "cuda:0", ...
std::vector<std::string> available_devices();

// The same for people: "onednn (default), qnnpack" and "cpu, cuda:0".
std::string quantised_engines_text();
std::string devices_text();

std::string libtorch_version();

}  // namespace misfire
