#include "models/network.h"

#include <torch/csrc/autograd/autograd.h>

#include <cmath>
#include <optional>

#include "core/error.h"
#include "models/network_census.h"
#include "models/network_file.h"
#include "models/network_runtime.h"

namespace misfire {

namespace {

using torch::jit::IValue;

at::ScalarType scalar_type(Element element) {
    switch (element) {
        case Element::float32: return at::kFloat;
        case Element::uint8: return at::kByte;
        case Element::int64: return at::kLong;
    }
    return at::kFloat;
}

at::Tensor as_tensor(const NetworkInput& input, const torch::Device& device) {
    // LibTorch has no const tensors; programs that write into their input are caught by nobody, but that input is a
    // scratch batch.
    const at::Tensor view = torch::from_blob(const_cast<void*>(input.data), input.shape, scalar_type(input.element));
    return device.is_cpu() ? view : view.to(device);
}

std::vector<float> float_values(const at::Tensor& tensor) {
    const at::Tensor plain = tensor.is_quantized() ? tensor.dequantize() : tensor;
    const at::Tensor dense =
        (plain.is_mkldnn() ? plain.to_dense() : plain).detach().to(at::kCPU, at::kFloat).contiguous();
    const float* first = dense.data_ptr<float>();
    return {first, first + dense.numel()};
}

bool floating(const at::Tensor& tensor) { return tensor.is_floating_point() || tensor.is_quantized(); }

struct Part {
    std::string key;
    at::Tensor tensor;
};

void collect(const IValue& value, const std::string& key, std::vector<Part>& parts) {
    const auto below = [&](const std::string& name) { return key.empty() ? name : key + "." + name; };
    if (value.isTensor()) {
        if (value.toTensor().defined()) parts.push_back({key, value.toTensor()});
    } else if (value.isTuple()) {
        const auto& tuple = value.toTupleRef();
        const auto& schema = tuple.type()->schema();
        for (std::size_t i = 0; i < tuple.elements().size(); ++i) {
            collect(tuple.elements()[i], below(schema ? schema->arguments()[i].name() : std::to_string(i)), parts);
        }
    } else if (value.isList()) {
        const auto list = value.toListRef();
        for (std::size_t i = 0; i < list.size(); ++i) collect(list[i], below(std::to_string(i)), parts);
    } else if (value.isGenericDict()) {
        for (const auto& entry : value.toGenericDict()) {
            collect(entry.value(),
                    below(entry.key().isString() ? entry.key().toStringRef() : std::to_string(entry.key().toInt())),
                    parts);
        }
    }
}

std::string container_of(const IValue& value) {
    if (value.isTensor()) return "tensor";
    if (value.isTuple()) return "tuple";
    if (value.isList()) return "list";
    if (value.isGenericDict()) return "dict";
    return value.tagKind();
}

std::string shape_text(at::IntArrayRef shape) {
    std::string text;
    for (const std::int64_t side : shape) text += (text.empty() ? "" : ", ") + std::to_string(side);
    return "[" + text + "]";
}

std::string inventory(const std::vector<Part>& parts) {
    std::string text;
    for (const Part& part : parts) {
        text += (text.empty() ? "" : "; ") + part.key + ": " + c10::toString(part.tensor.scalar_type()) + " " +
                shape_text(part.tensor.sizes());
    }
    return text.empty() ? "no tensor" : text;
}

const Part& choose(const std::vector<Part>& parts, const std::string& container, const std::string& key,
                   std::int64_t rows) {
    if (!key.empty()) {
        for (const Part& part : parts) {
            if (part.key == key) return part;
        }
        throw ModelError("the answer is a " + container + " without `" + key + "`. It holds: " + inventory(parts) +
                         ". Set output_key to one of these.");
    }
    if (parts.size() == 1) return parts.front();
    const Part* found = nullptr;
    for (const Part& part : parts) {
        const at::Tensor& tensor = part.tensor;
        if (tensor.dim() != 2 || tensor.size(0) != rows || !floating(tensor)) continue;
        if (found != nullptr) {
            throw ModelError("the answer is a " + container +
                             " with several tensors that could be the output: " + inventory(parts) +
                             ". Set output_key to the right one, in the card or beside the model's path.");
        }
        found = &part;
    }
    if (found == nullptr) {
        throw ModelError("the answer is a " + container + " without a two-dimensional float tensor of " +
                         std::to_string(rows) + " rows. It holds: " + inventory(parts) +
                         ". If one of these is the output, set output_key to it.");
    }
    return *found;
}

// Watches the operators of one call. The penultimate features are the input of the last fully connected layer.
struct LinearCall : at::ObserverContext {
    at::Tensor input;
    at::Tensor weight;  // [features, classes], undefined where the operator hides it
    at::Tensor bias;    // undefined without one
};

struct FeatureWatch {
    std::int64_t rows = 0;
    LinearCall last;
    std::string from;
};

thread_local FeatureWatch* watch = nullptr;

// LibTorch 1.13 hands over the whole stack of the interpreter; the operator's own arguments are the last ones on it.
at::Tensor argument(const at::RecordFunction& call, std::size_t place) {
    const auto inputs = call.inputs();
    const std::size_t first = inputs.size() - call.num_inputs();
    if (place >= call.num_inputs() || !inputs[first + place].isTensor()) return {};
    return inputs[first + place].toTensor();
}

std::unique_ptr<at::ObserverContext> before_operator(const at::RecordFunction& call) {
    const std::string_view name = call.name();
    const bool is_linear = name == "aten::linear" || name == "aten::mm" || name == "aten::matmul" ||
                           name.starts_with("quantized::linear") ||
                           name.find("mkldnn_linear") != std::string_view::npos;
    const bool adds = name == "aten::addmm";  // bias, input, weight
    if (watch == nullptr || !(is_linear || adds)) return nullptr;
    const at::Tensor tensor = argument(call, adds ? 1 : 0);
    if (!tensor.defined() || tensor.dim() != 2 || tensor.size(0) != watch->rows || !floating(tensor)) return nullptr;
    auto context = std::make_unique<LinearCall>();
    context->input = tensor;
    const at::Tensor weight = argument(call, adds ? 2 : 1);
    if (weight.defined() && weight.dim() == 2 && weight.is_floating_point())
        context->weight = name == "aten::linear" ? weight.t() : weight;
    if (adds || name == "aten::linear") context->bias = argument(call, adds ? 0 : 2);
    return context;
}

void after_operator(const at::RecordFunction& call, at::ObserverContext* context) {
    if (watch == nullptr || context == nullptr) return;
    // Enclosing operators end last: aten::linear overwrites the aten::addmm inside it with the same tensor.
    const auto* linear = static_cast<LinearCall*>(context);
    watch->last.input = linear->input;
    watch->last.weight = linear->weight;
    watch->last.bias = linear->bias;
    watch->from = call.name();
}

class Watching {
  public:
    explicit Watching(FeatureWatch& target) {
        watch = &target;
        handle_ = at::addThreadLocalCallback(at::RecordFunctionCallback(&before_operator, &after_operator)
                                                 .needsInputs(true)
                                                 .scopes({at::RecordScope::FUNCTION}));
    }
    ~Watching() {
        at::removeCallback(handle_);
        watch = nullptr;
    }
    Watching(const Watching&) = delete;
    Watching& operator=(const Watching&) = delete;

  private:
    at::CallbackHandle handle_;
};

torch::jit::Module optimized(torch::jit::Module module, const std::string& optimize) {
    if (optimize == "none") return module;
    if (optimize == "freeze") return module.hasattr("training") ? torch::jit::freeze(module) : module;
    if (optimize == "inference") return torch::jit::optimize_for_inference(module);
    throw ModelError("optimize is `" + optimize + "`, but must be one of none, freeze, inference");
}

}  // namespace

struct Network::Body {
    torch::Device device{torch::kCPU};
    std::string device_name;
    std::string engine;
    torch::jit::Module module;
    Census census;
};

Network::Network(const std::filesystem::path& path, const NetworkOpening& opening) : body_(std::make_unique<Body>()) {
    const LibTorchCall call;
    // Counting and freezing look through calls, which LibTorch only resolves with its optimiser on.
    const torch::jit::GraphOptimizerEnabledGuard inlining(true);
    const std::string engine = opening.engine.empty() ? default_engine() : opening.engine;
    const EngineTurn turn(engine);
    body_->device = device_named(opening.device);
    body_->device_name = opening.device;
    body_->module = load_module(path, body_->device);
    if (!body_->module.find_method("forward"))
        throw ModelError(path.string() + " has no forward(): save a module whose forward takes the input");
    try {
        body_->census = take_census(body_->module);
        body_->module = optimized(body_->module, opening.optimize);
    } catch (const ModelError&) {
        throw;
    } catch (const std::exception& error) {
        throw ModelError(path.string() + " cannot be prepared with optimize: " + opening.optimize + ": " +
                         engine_words(error) + ". Use optimize: none.");
    }
    if (body_->census.quantised) body_->engine = engine;
}

Network::~Network() = default;

std::int64_t Network::parameters() const { return body_->census.parameters; }
bool Network::quantised() const { return body_->census.quantised; }
const std::string& Network::engine() const { return body_->engine; }
const std::string& Network::device() const { return body_->device_name; }
std::int64_t Network::first_weight_width() const { return body_->census.first_weight_width; }

namespace {

// The chosen part of an answer as plain numbers.
Answer plain_answer(const IValue& value, const std::string& key, std::int64_t rows, at::Tensor* chosen_tensor) {
    std::vector<Part> parts;
    collect(value, "", parts);
    Answer answer;
    answer.container = container_of(value);
    for (const Part& part : parts) {
        answer.parts.push_back({part.key, c10::toString(part.tensor.scalar_type()), part.tensor.sizes().vec()});
    }
    const Part& chosen = choose(parts, answer.container, key, rows);
    answer.key = chosen.key;
    answer.shape = chosen.tensor.sizes().vec();
    answer.values = float_values(chosen.tensor);
    if (chosen_tensor != nullptr) *chosen_tensor = chosen.tensor;
    return answer;
}

std::int64_t rows_of(const NetworkInput& input) { return input.shape.empty() ? 0 : input.shape.front(); }

Answer watched_answer(torch::jit::Module module, const at::Tensor& input, const std::string& key, FeatureWatch* found) {
    IValue value;
    {
        std::optional<Watching> watching;
        if (found != nullptr) watching.emplace(*found);
        value = module.forward({input});
    }
    Answer answer = plain_answer(value, key, input.dim() == 0 ? 0 : input.size(0), nullptr);
    if (found != nullptr && found->last.input.defined()) {
        answer.features = found->last.input.size(1);
        answer.feature_values = float_values(found->last.input);
        answer.features_from = found->from;
    }
    return answer;
}

// The failure of a call in words that name what was put in.
[[noreturn]] void rethrow(const std::exception& error, const NetworkInput& input) {
    throw ModelError("it fails on input " + shape_text(input.shape) + ": " + engine_words(error));
}

}  // namespace

Answer Network::run(const NetworkInput& input, const std::string& key, bool with_features) const {
    const LibTorchCall call;
    const EngineTurn turn(body_->engine);
    const c10::InferenceMode inference;
    try {
        FeatureWatch found;
        found.rows = rows_of(input);
        // forward() is not const though running changes nothing; copies of a module share its weights.
        return watched_answer(body_->module, as_tensor(input, body_->device), key, with_features ? &found : nullptr);
    } catch (const ModelError&) {
        throw;
    } catch (const std::exception& error) {
        rethrow(error, input);
    }
}

LastLayer Network::last_layer(const NetworkInput& input, const std::string& key) const {
    const LibTorchCall call;
    const EngineTurn turn(body_->engine);
    const c10::InferenceMode inference;
    try {
        FeatureWatch found;
        found.rows = rows_of(input);
        LastLayer layer;
        layer.answer = watched_answer(body_->module, as_tensor(input, body_->device), key, &found);
        if (!found.last.input.defined()) {
            layer.why_not = "no fully connected last layer was found";
        } else if (!found.last.weight.defined()) {
            layer.why_not = "it runs as " + found.from + ", whose weights are packed";
        } else {
            layer.classes = found.last.weight.size(1);
            layer.weight = float_values(found.last.weight.t());
            if (found.last.bias.defined()) layer.bias = float_values(found.last.bias);
        }
        return layer;
    } catch (const ModelError&) {
        throw;
    } catch (const std::exception& error) {
        rethrow(error, input);
    }
}

AnswerGradient Network::input_gradient(const NetworkInput& input, const std::string& key,
                                       const LossSlope& slope) const {
    const LibTorchCall call;
    const EngineTurn turn(body_->engine);
    try {
        const at::Tensor leaf = as_tensor(input, body_->device).clone().requires_grad_(true);
        torch::jit::Module module = body_->module;
        const IValue value = module.forward({leaf});
        at::Tensor output;
        AnswerGradient result;
        result.answer = plain_answer(value, key, rows_of(input), &output);
        if (!output.requires_grad()) throw ModelError("its answer has no gradient");
        std::vector<float> weights = slope(result.answer);
        if (weights.size() != result.answer.values.size())
            throw InternalError("the slope of a loss has " + std::to_string(weights.size()) + " numbers for " +
                                std::to_string(result.answer.values.size()) + " of the answer");
        const at::Tensor with = torch::from_blob(weights.data(), output.sizes(), at::kFloat).to(output.device());
        const at::Tensor gradient =
            torch::autograd::grad({output}, {leaf}, {with}, c10::nullopt, false, /*allow_unused=*/true).front();
        if (!gradient.defined()) throw ModelError("its answer does not depend on the input");
        result.values = float_values(gradient);
        return result;
    } catch (const Error&) {
        throw;
    } catch (const std::exception& error) {
        throw ModelError("it has no gradient: " + engine_words(error));
    }
}

std::vector<float> irregular_slope(const Answer& answer) {
    std::vector<float> weights(answer.values.size());
    for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = std::sin(static_cast<float>(i + 1));
    return weights;
}

}  // namespace misfire
