// Options of a unit as given in a scenario (`perturb: {jpeg_compression: {set: imagenet-c}}`).
#pragma once

#include <span>
#include <string>

#include "core/perturbation.h"

namespace misfire {

// `given` completed with the defaults of info.options. Throws UsageError when an option is unknown or not among the
// choices.
Options complete_options(const PerturbationInfo& info, const Options& given);

// The option every unit with published parameters has: which of its sets to use whatever the size of the image.
Option parameter_set_option(std::span<const Parameter> parameters);

}  // namespace misfire
