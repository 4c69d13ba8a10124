// TorchScript files made for a test, and pictures to feed them.
#pragma once

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "core/model.h"
#include "models/torchscript.h"

namespace misfire::test {

// Saves a module with this forward(), in TorchScript's language, at `path`. Parameters are filled with sin(1), sin(2),
// ...
void write_torchscript(const std::filesystem::path& path, const std::string& source,
                       const std::vector<std::pair<std::string, std::vector<std::int64_t>>>& parameters = {});

// What torch.save(net.state_dict()) leaves, as far as a reader can tell: the same archive without a program.
void write_state_dict(const std::filesystem::path& path);

// An empty folder of its own for the running test.
std::filesystem::path fresh_folder();

inline void write_text(const std::filesystem::path& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
}

// A classifier of [n, 1, 4, 4] into three classes: penultimate features of width 5, then a fully connected layer.
inline void write_classifier(const std::filesystem::path& path, const std::string& last_line = "return y") {
    write_torchscript(path,
                      "def forward(self, x):\n"
                      "    h = torch.relu(torch.linear(x.flatten(1), self.first))\n"
                      "    y = torch.linear(h, self.second, self.bias)\n"
                      "    " +
                          last_line + "\n",
                      {{"first", {5, 16}}, {"second", {3, 5}}, {"bias", {3}}});
}

inline LoadOptions options_for(int channels, int side) {
    LoadOptions options;
    options.geometry = Geometry{Geometry::Kind::exact, side, side, 0, 0};
    TensorForm form;
    form.channels = channels;
    options.tensor = form;
    return options;
}

// Pixel k of a made-up data set is (k * 7919 + k / 97) % 256, brought into tensor form with ImageNet's statistics when
// normalised.
inline std::vector<float> made_up_images(std::int64_t rows, int channels, int side, bool normalised) {
    constexpr double mean[] = {.485, .456, .406};
    constexpr double std[] = {.229, .224, .225};
    std::vector<float> images;
    for (std::int64_t k = 0; k < rows * channels * side * side; ++k) {
        const double pixel = static_cast<double>((k * 7919 + k / 97) % 256) / 255.0;
        const auto channel = static_cast<std::size_t>(k / (side * side) % channels);
        images.push_back(static_cast<float>(normalised ? (pixel - mean[channel]) / std[channel] : pixel));
    }
    return images;
}

}  // namespace misfire::test
