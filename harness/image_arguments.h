// What `misfire corrupt` and `misfire preview` are told on the command line: images, their geometry, perturbations.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "core/dataset.h"
#include "harness/command_line.h"
#include "scenarios/scenario.h"

namespace misfire {

// --perturb, --severities, --option, --independent-levels, --seed, --size, --resize, --crop.
boost::program_options::options_description image_options();

// Images without a scenario: a data set as scenarios have them, or one image file, whose name is its sample id.
struct ImageInput {
    DataSpec data;
    std::filesystem::path file;  // one image; empty: `data`
};

enum class WantLabels { no, yes };

// True for what find_image_input() takes: zoo:<name>, a folder that exists, or a name that ends like an image or array.
bool is_image_input(const std::string& text);

// `labels` is what `labels:` is in a scenario: a CSV table for a folder, integers or text for an array, "none"; "" are
// those that lie in the data, class folders only when wanted. Throws UsageError when nothing is there.
ImageInput find_image_input(const std::string& text, const std::string& labels, WantLabels want);

// Throws the errors of open_data().
std::unique_ptr<Dataset> open_image_input(const ImageInput& input);

// A scenario without models: data, seed, geometry and shifts of the arguments, read by the parser of scenarios. Default
// severities 1-5; 0, the clean images, is in no shift (see wants_clean). Throws UsageError naming the option, also when
// there is no --perturb and no default for it.
Scenario scenario_of_images(const Arguments& arguments, const ImageInput& input,
                            const std::string& default_perturb = "");

// True when --severities holds 0.
bool wants_clean(const Arguments& arguments);

// Geometry of the arguments; Kind::none without any. Throws UsageError.
Geometry geometry_from(const Arguments& arguments);

}  // namespace misfire
