// Perturbed images without a model: the work of `misfire corrupt`.
#pragma once

#include <filesystem>
#include <string>

#include "harness/corrupt/output_set.h"
#include "harness/image_arguments.h"
#include "scenarios/scenario.h"

namespace misfire {

struct CorruptOptions {
    std::filesystem::path out;
    CorruptFormat format = CorruptFormat::png;
    int quality = 95;              // of jpeg
    bool clean = false;            // severity 0, too
    bool keep_final_size = false;  // an image that has the size which the geometry ends in is taken as it is
    int threads = 1;
    bool force = false;  // start over in a folder of another command
    bool json = false;
    std::string command;  // as typed; recorded
};

// Perturbs every image of `input` by every shift and severity of `scenario` (one without models) into options.out, or
// goes on where a killed command stopped. An image that cannot be read is a row of manifest.csv. Returns the exit code;
// throws StoreError when the folder holds something else or cannot be written.
int corrupt_images(const ImageInput& input, const Scenario& scenario, const CorruptOptions& options);

}  // namespace misfire
