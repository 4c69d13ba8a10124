#include "models/network_census.h"

#include <ATen/native/quantized/PackedParams.h>
#include <torch/csrc/jit/passes/inliner.h>

#include <set>
#include <string_view>

namespace misfire {

namespace {

using torch::jit::IValue;

// The C++ object behind a custom class of TorchScript.
c10::intrusive_ptr<c10::intrusive_ptr_target> holder_of(const IValue& value) {
    return value.toObjectRef().getSlot(0).toCapsule();
}

// What is packed inside quantised layers: numbers of weight and bias.
std::int64_t packed_numbers(const IValue& value) {
    const auto numbers = [](const auto& weight_and_bias) {
        const auto& [weight, bias] = weight_and_bias;
        return weight.numel() + (bias.has_value() && bias->defined() ? bias->numel() : 0);
    };
    if (!value.isCustomClass()) return 0;
    const auto holder = holder_of(value);
    if (auto* linear = dynamic_cast<LinearPackedParamsBase*>(holder.get())) return numbers(linear->unpack());
    if (auto* flat = dynamic_cast<ConvPackedParamsBase<2>*>(holder.get())) return numbers(flat->unpack());
    if (auto* deep = dynamic_cast<ConvPackedParamsBase<3>*>(holder.get())) return numbers(deep->unpack());
    return 0;
}

void count_attributes(const torch::jit::Module& module, Census& census) {
    const auto count = [&](const at::Tensor& tensor) {
        census.parameters += tensor.numel();
        if (census.first_weight_width == 0 && tensor.dim() == 2) census.first_weight_width = tensor.size(1);
    };
    for (const at::Tensor& parameter : module.parameters()) count(parameter);
    std::set<const void*> seen;
    for (const torch::jit::Module& inner : module.modules()) {
        for (const auto& attribute : inner.named_attributes(false)) {
            if (!attribute.value.isCustomClass() || !seen.insert(holder_of(attribute.value).get()).second) continue;
            const std::int64_t numbers = packed_numbers(attribute.value);
            census.parameters += numbers;
            census.quantised = census.quantised || numbers > 0;
        }
    }
    if (census.parameters > 0) return;
    // Files saved for inference keep their weights as plain tensors.
    for (const at::Tensor& buffer : module.buffers()) {
        if (buffer.is_floating_point()) count(buffer);
    }
}

// Frozen files keep everything in the graph.
void count_constants(const torch::jit::Block* block, bool weights_too, Census& census) {
    for (const torch::jit::Node* node : block->nodes()) {
        census.quantised = census.quantised || std::string_view(node->kind().ns().toUnqualString()) == "quantized";
        for (const torch::jit::Block* inner : node->blocks()) count_constants(inner, weights_too, census);
        if (!weights_too || node->kind() != c10::prim::Constant || !node->hasAttribute(c10::attr::value)) continue;
        if (node->kindOf(c10::attr::value) == torch::jit::AttributeKind::t) {
            const at::Tensor& tensor = node->t(c10::attr::value);
            if (!tensor.is_floating_point() || tensor.dim() == 0) continue;
            census.parameters += tensor.numel();
            if (census.first_weight_width == 0 && tensor.dim() == 2) census.first_weight_width = tensor.size(1);
        } else if (node->kindOf(c10::attr::value) == torch::jit::AttributeKind::ival) {
            census.parameters += packed_numbers(node->ival(c10::attr::value));
        }
    }
}

}  // namespace

Census take_census(const torch::jit::Module& module) {
    Census census;
    count_attributes(module, census);
    const auto graph = module.get_method("forward").graph()->copy();
    torch::jit::Inline(*graph);
    count_constants(graph->block(), census.parameters == 0, census);
    return census;
}

}  // namespace misfire
