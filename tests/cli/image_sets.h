// Small sets of images for tests of verbs that need no model, made by Pillow and NumPy.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "cli/program.h"

namespace misfire::test {

// Runs a script in `folder` with numpy as np, Pillow's Image, os, sys, csv, json at hand; "" or what it complains of.
inline std::string python(const std::filesystem::path& folder, const std::string& script) {
    const Finished done = run_program(
        {"/usr/bin/python3", "-c", "import csv, json, os, sys\nimport numpy as np\nfrom PIL import Image\n" + script},
        {folder, {}, {}});
    return done.code == 0 ? done.out : "exit code " + std::to_string(done.code) + ": " + done.out + done.err;
}

// photos/<class>/<i>.png: three classes of four smooth 32 x 32 pictures; set.npy and set_labels.npy hold the same.
inline std::string make_photos(const std::filesystem::path& folder, int side = 32) {
    return python(folder, "side = " + std::to_string(side) + R"(
rng = np.random.default_rng(3)
images, labels = [], []
for c, name in enumerate(['bird', 'cat', 'ship']):
    os.makedirs(f'photos/{name}')
    for i in range(4):
        small = Image.fromarray(rng.integers(0, 256, (4, 4, 3), dtype=np.uint8))
        image = small.resize((side, side), Image.BICUBIC)
        image.save(f'photos/{name}/{i}.png')
        images.append(np.asarray(image))
        labels.append(c)
np.save('set.npy', np.stack(images))
np.save('set_labels.npy', np.array(labels))
)");
}

// What differs between two folders: "" when both hold the same files of the same bytes.
inline std::string difference_of_folders(const std::filesystem::path& a, const std::filesystem::path& b) {
    const Finished diff = run_program({"diff", "-r", "--brief", a.string(), b.string()});
    return diff.code == 0 ? "" : diff.out + diff.err;
}

}  // namespace misfire::test
