// Small data sets on disk, made by NumPy and Pillow, that vanish with the test.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "core/error.h"
#include "core/image.h"
#include "scenarios/data/npy.h"

namespace misfire::test {

namespace fs = std::filesystem;

class DataFolder : public ::testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = (fs::temp_directory_path() / "misfire-data-XXXXXX").string();
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
    }
    void TearDown() override { fs::remove_all(folder_); }

    fs::path path(const std::string& relative) const { return folder_ / relative; }

    fs::path write(const std::string& relative, std::string_view content) const {
        fs::create_directories(path(relative).parent_path());
        std::ofstream(path(relative), std::ios::binary) << content;
        return path(relative);
    }

    std::string read(const std::string& relative) const {
        std::ifstream in(path(relative), std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }

    // Runs a script in the folder, with NumPy as np and Pillow's modules at hand.
    void python(const std::string& script) const {
        write("script.py",
              "import numpy as np\nfrom PIL import Image, ImageOps, ImageSequence\nrng = np.random.default_rng(1)\n" +
                  script);
        const std::string command = "cd '" + folder_.string() + "' && /usr/bin/python3 script.py";
        ASSERT_EQ(std::system(command.c_str()), 0) << script;
        fs::remove(path("script.py"));
    }

    // An array that Python saved as [height, width] or [height, width, channels].
    Image image(const std::string& npy) const {
        const NpyArray array(path(npy));
        const auto& shape = array.shape();
        Image out(static_cast<int>(shape.at(0)), static_cast<int>(shape.at(1)),
                  shape.size() == 3 ? static_cast<int>(shape[2]) : 1);
        EXPECT_EQ(out.pixels.size(), array.bytes().size());
        out.pixels.assign(array.bytes().begin(), array.bytes().end());
        return out;
    }

    fs::path folder_;
};

// What the thrown error says; "" when nothing is thrown.
template <typename ErrorType, typename Call>
std::string message_of(Call call) {
    try {
        call();
    } catch (const ErrorType& error) {
        return error.what();
    }
    return "";
}

}  // namespace misfire::test
