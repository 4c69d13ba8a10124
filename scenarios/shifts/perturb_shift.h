// Perturbations as a shift: the clean data at rising severities.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/perturbation.h"
#include "core/shift.h"

namespace misfire {

// Perturbations and their options, in order of application.
using UnitChain = std::vector<std::pair<std::string, Options>>;

// One place of a chain: a unit, or one of several chains drawn for each sample. Requires at least one choice.
struct PerturbStep {
    std::vector<UnitChain> choices;
    std::vector<std::string> names;  // of the choices, for records
};

// Where a sample's severity comes from at a level.
struct SeverityDraw {
    // level: the level itself. up_to: uniform in [0, level]. uniform: level +- width. normal: level with standard
    // deviation `width`. The last two are cut to [0, the smallest maximum of the units].
    enum class Kind { level, up_to, uniform, normal };
    Kind kind = Kind::level;
    double width = 0.0;  // severities
};

// One entry of `perturb:`: a perturbation, a chain or a random choice, swept over severities.
struct PerturbSpec {
    std::string name;                 // shift name, "fog" or "fog+jpeg_compression" unless given
    std::vector<PerturbStep> chain;   // in order of application; every unit of a chain sees the same severity
    std::vector<double> severities;   // ascending, 0 left out (it is the clean reference)
    bool independent_levels = false;  // draws anew at each level, as the published sets did
    SeverityDraw severity_draw;
    bool strict = false;  // JPEG of quality 85 afterwards where the published set has it: images above 32 px
};

inline PerturbStep plain_step(const std::string& name, const Options& options) { return {{{{name, options}}}, {name}}; }

// Text of a draw for names and records: "", "up_to", "uniform0.5", "normal1".
std::string name_of(const SeverityDraw& draw);

// Levels are the clean reference (0) and the severities. The draws of a sample (choices, severity, noise) depend on
// seed, perturbation, version, position and sample id; with independent_levels also on the level. Units of stage source
// act before the geometry of the context, those of stage tensor on Sample::tensor_form. Throws UsageError when a unit
// cannot be made or stands after one that acts later in the life of an image.
std::unique_ptr<Shift> make_perturb_shift(const PerturbSpec& spec, std::uint64_t seed);

}  // namespace misfire
