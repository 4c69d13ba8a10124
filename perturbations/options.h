// Options of a unit as given in a scenario (`perturb: {jpeg_compression: {set: imagenet-c}}`).
#pragma once

#include <string>

#include "core/perturbation.h"

namespace misfire {

// `given` completed with the defaults of info.options. Throws UsageError when an option is unknown or not among the
// choices.
Options complete_options(const PerturbationInfo& info, const Options& given);

// The option every unit with published parameters has: which set to use whatever the size of the image.
Option parameter_set_option();

}  // namespace misfire
