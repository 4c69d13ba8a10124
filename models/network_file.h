// Reading a TorchScript file, and telling what a file is that cannot be read.
#pragma once

#include <filesystem>
#include <string>

#include "models/torch_headers.h"

namespace misfire {

// Loads onto the device in evaluation mode; quantised weights are packed for the engine whose turn it is.
// Throws ModelError that says what the file seems to be and what to do.
torch::jit::Module load_module(const std::filesystem::path& path, const torch::Device& device);

}  // namespace misfire
