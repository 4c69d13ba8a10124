#include "tests/golden/python_reference.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "perturbations/perturb.h"
#include "perturbations/registry.h"
#include "tests/shared_files.h"

namespace misfire::test {

namespace {

class Folder {
  public:
    Folder() : path_(std::filesystem::path(testing::TempDir()) / ("misfire_reference_" + std::to_string(getpid()))) {
        std::filesystem::create_directories(path_);
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    std::string file(const std::string& name) const { return (path_ / name).string(); }

  private:
    std::filesystem::path path_;
};

const Folder& folder() {
    static const Folder made;
    return made;
}

template <typename T>
void write(const std::string& file, std::span<const T> values) {
    std::ofstream(file, std::ios::binary)
        .write(reinterpret_cast<const char*>(values.data()), static_cast<std::streamsize>(values.size_bytes()));
}

Image read(const std::string& file, const Image& shape) {
    Image image(shape.height, shape.width, shape.channels);
    std::ifstream(file, std::ios::binary)
        .read(reinterpret_cast<char*>(image.pixels.data()), static_cast<std::streamsize>(image.size()));
    return image;
}

std::string in_name(std::size_t i) { return folder().file("in" + std::to_string(i)); }
std::string out_name(std::size_t i) { return folder().file("out" + std::to_string(i)); }

std::string json_of(const std::string& unit, const std::vector<ReferenceCase>& cases) {
    std::ostringstream json;
    for (std::size_t i = 0; i < cases.size(); ++i) {
        const Image& image = cases[i].input;
        json << (i == 0 ? "[" : ",\n") << R"({"unit": ")" << unit << R"(", "in": ")" << in_name(i) << R"(", "out": ")"
             << out_name(i) << R"(", "shape": [)" << image.height << ", " << image.width << ", " << image.channels
             << "]" << (cases[i].arguments.empty() ? "" : ", ") << cases[i].arguments << "}";
    }
    return json.str() + "]\n";
}

}  // namespace

Image textured(int height, int width, int channels, std::uint64_t seed) {
    Image image(height, width, channels);
    std::vector<float> grain(image.size());
    Random(seed).normal(grain, 0);
    std::size_t i = 0;
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const double fx = static_cast<double>(x) / width, fy = static_cast<double>(y) / height;
            const double light = 120.0 + 60.0 * std::sin(9.0 * fx + 4.0 * fy + static_cast<double>(seed)) +
                                 (fx * fx + fy * fy > 0.5 ? 40.0 : -40.0);
            for (int c = 0; c < channels; ++c, ++i) {
                const double level =
                    light + 25.0 * std::cos(5.0 * fy - 3.0 * fx + c) + 12.0 * static_cast<double>(grain[i]);
                image.pixels[i] = static_cast<std::uint8_t>(std::fmin(255.0, std::fmax(0.0, level)));
            }
        }
    }
    return image;
}

template <typename T>
std::string list_of(std::span<const T> values) {
    std::ostringstream text;
    text.precision(17);
    for (const T value : values) text << (text.tellp() == 0 ? "[" : ", ") << value;
    return text.str() + "]";
}
template std::string list_of(std::span<const float>);
template std::string list_of(std::span<const std::int32_t>);

std::string file_of(std::span<const float> values) {
    static int made = 0;
    const std::string name = folder().file("values" + std::to_string(made++));
    write(name, values);
    return name;
}

void expect_like_reference(const std::string& unit, const std::vector<ReferenceCase>& cases, double share) {
    for (std::size_t i = 0; i < cases.size(); ++i) write<std::uint8_t>(in_name(i), cases[i].input.pixels);
    const std::string list = folder().file("cases.json");
    std::ofstream(list) << json_of(unit, cases);
    const std::string command =
        "/usr/bin/python3 '" + in_source("tests/python/perturbation_reference.py").string() + "' '" + list + "'";
    ASSERT_EQ(std::system(command.c_str()), 0) << command;
    Scratch scratch;
    for (std::size_t i = 0; i < cases.size(); ++i) {
        const Image& in = cases[i].input;
        Image out;
        perturb(*make_perturbation(unit, cases[i].options), in, out, cases[i].severity, Random(cases[i].key), scratch);
        const Image expected = read(out_name(i), in);
        std::size_t alike = 0;
        int largest = 0;
        for (std::size_t p = 0; p < in.size(); ++p) {
            const int difference = std::abs(static_cast<int>(out.pixels[p]) - static_cast<int>(expected.pixels[p]));
            alike += difference <= 1 ? 1 : 0;
            largest = std::max(largest, difference);
        }
        EXPECT_GE(static_cast<double>(alike), share * static_cast<double>(in.size()))
            << unit << " at severity " << cases[i].severity << " on " << in.height << " x " << in.width << " x "
            << in.channels << ": off by up to " << largest;
    }
}

}  // namespace misfire::test
