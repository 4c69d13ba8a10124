#include "models/network_file.h"

#include <array>
#include <fstream>

#include "core/error.h"
#include "models/network_runtime.h"

namespace misfire {

namespace {

// What a user who has weights but no program must do. A batch of two, so that the trace does not bake a batch of one
// in.
std::string tracing_recipe(const std::filesystem::path& path) {
    const std::string stem = path.stem().string();
    return "Save the program with its weights, in Python:\n"
           "    net = MyNetwork()                                  # the class the weights belong to\n"
           "    net.load_state_dict(torch.load(\"" +
           path.filename().string() +
           "\", map_location=\"cpu\"))\n"
           "    net.eval()\n"
           "    torch.jit.trace(net, torch.zeros(2, 3, 224, 224)).save(\"" +
           stem +
           "_torchscript.pt\")   # your own input shape\n"
           "or, where the network branches on its data: torch.jit.script(net).save(...).";
}

std::string first_bytes(const std::filesystem::path& path) {
    std::array<char, 8> bytes{};
    std::ifstream(path, std::ios::binary).read(bytes.data(), bytes.size());
    return {bytes.begin(), bytes.end()};
}

std::string hexadecimal(const std::string& bytes) {
    constexpr const char* digits = "0123456789abcdef";
    std::string text;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += (text.empty() ? "" : " ");
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

// Throws for everything that is plainly no zip archive, as which TorchScript is stored.
void check_container(const std::filesystem::path& path) {
    std::error_code error;
    if (!std::filesystem::exists(path, error))
        throw ModelError("there is no model file " + path.string() + ": check the path");
    if (!std::filesystem::is_regular_file(path, error)) {
        throw ModelError(path.string() + " is not a file: give the TorchScript file (.pt or .ptl) itself");
    }
    if (!std::ifstream(path, std::ios::binary))
        throw ModelError("cannot read " + path.string() + ": check its permissions");
    if (std::filesystem::file_size(path, error) == 0)
        throw ModelError(path.string() + " is empty: copy or download it again");
    const std::string start = first_bytes(path);
    if (start.starts_with("PK\x03\x04")) return;
    // Pickle, protocol 2 and later: torch.save before PyTorch 1.6.
    if (start[0] == '\x80' && start[1] >= 2 && start[1] <= 5) {
        throw ModelError(path.string() +
                         " is a Python pickle (torch.save of a state_dict or a module), not TorchScript: it holds no "
                         "program to run. " +
                         tracing_recipe(path));
    }
    throw ModelError(
        path.string() + " is not a TorchScript file: it starts with the bytes " + hexadecimal(start) +
        ", a TorchScript file is a zip archive (50 4b 03 04). Models of other frameworks must be converted with "
        "torch.jit.trace or torch.jit.script first.");
}

bool holds_a_program(caffe2::serialize::PyTorchStreamReader& archive) {
    for (const std::string& record : archive.getAllRecords()) {
        if (record.starts_with("code/") || record == "model.json") return true;
    }
    return false;
}

std::string missing_operator(const std::string& words) {
    for (const std::string marker :
         {"Unknown builtin op: ", "Unknown custom class type ", "Could not find an operator for "}) {
        const auto place = words.find(marker);
        if (place == std::string::npos) continue;
        std::string name = words.substr(place + marker.size());
        name.erase(std::min(name.find_first_of(" \n"), name.size()));
        while (!name.empty() && name.back() == '.') name.pop_back();
        return name;
    }
    return "";
}

[[noreturn]] void explain_failure(const std::filesystem::path& path, const std::exception& failure) {
    std::unique_ptr<caffe2::serialize::PyTorchStreamReader> archive;
    try {
        archive = std::make_unique<caffe2::serialize::PyTorchStreamReader>(path.string());
    } catch (const std::exception& error) {
        throw ModelError(path.string() + " is truncated or damaged (" + engine_words(error) +
                         "): copy or download it again");
    }
    if (!holds_a_program(*archive)) {
        if (archive->hasRecord("data.pkl")) {
            throw ModelError(path.string() +
                             " holds a state_dict or a pickled module (torch.save), not TorchScript: weights without a "
                             "program to run. " +
                             tracing_recipe(path));
        }
        throw ModelError(path.string() +
                         " is a zip archive without a TorchScript program in it: save the model with torch.jit.save");
    }
    const std::string words = failure.what();
    if (const std::string name = missing_operator(words); !name.empty()) {
        throw ModelError(
            path.string() + " needs the operator " + name + ", which LibTorch " + libtorch_version() +
            " does not have: it comes from an extension library (torchvision::... from torchvision's C++ operators), "
            "and "
            "misfire loads none. Export the model without it, for example by cutting off its post-processing.");
    }
    throw ModelError(path.string() + " cannot be loaded by LibTorch " + libtorch_version() + ": " +
                     engine_words(failure) +
                     ". If the file is whole, it may come from a newer PyTorch: save it again with this version.");
}

}  // namespace

torch::jit::Module load_module(const std::filesystem::path& path, const torch::Device& device) {
    check_container(path);
    try {
        torch::jit::Module module = torch::jit::load(path.string(), device);
        // Files saved for inference only have lost the attribute.
        if (module.hasattr("training")) module.eval();
        return module;
    } catch (const std::exception& failure) {
        explain_failure(path, failure);
    }
}

}  // namespace misfire
