// One model on the command line: where it is and how images are brought to its input.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/model.h"
#include "harness/command_line.h"

namespace misfire {

// --size, --resize, --crop, --mean, --std, --output, --output-key, --device, --expect-sha256.
boost::program_options::options_description model_options();

// A path or zoo:<name>; options go before its card. Throws UsageError and ModelError.
std::unique_ptr<Model> model_from(const std::string& reference, const Arguments& arguments);

// --classes: numbers and, where the model's card names them, names, by comma; all of them without it. Throws UsageError
// that names the nearest class, and where there would be more than `most`.
std::vector<std::int64_t> classes_from(const Arguments& arguments, const ModelInfo& model, std::size_t most);

// One of them. Throws as above.
std::int64_t class_from(const std::string& text, const ModelInfo& model);

// "cat", or "class 3" where names are not known.
std::string class_name(const ModelInfo& model, std::int64_t label);

// An option within its limits. Throws UsageError naming both.
int whole_from(const Arguments& arguments, const std::string& name, int low, int high, int otherwise);
double number_from(const Arguments& arguments, const std::string& name, double low, double high, double otherwise);

}  // namespace misfire
