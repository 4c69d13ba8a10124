// Out-of-distribution data as a shift: a share of the samples turns into images that are none of the model's classes.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/shift.h"
#include "scenarios/shifts/ood_set.h"
#include "scenarios/shifts/perturb_shift.h"

namespace misfire {

// One set along one axis; what the levels do not move stays at one value.
struct OodSpec {
    enum class Axis { fraction, blend, severity, id_severity };
    std::string name;  // of the shift, a slug
    OodSet set;
    Axis axis = Axis::fraction;
    std::vector<double> levels;  // of the axis, ascending; 0 left out
    double fraction = 0.5;       // share of the samples that turn, (0, 1]
    double blend = 1.0;          // of the foreign image in what is shown, (0, 1]; the rest is the sample's own
    double severity = 5.0;       // of a generated set, (0, 5]
    std::optional<PerturbSpec> id_perturb;  // what happens to the samples that do not turn
    double id_severity = 0.0;               // of that; unless it is the axis
};

const char* name_of(OodSpec::Axis axis);  // "fraction", "blend", "severity", "id severity": units of levels

// Level 0 shows no foreign image (of the axis `id severity`: the others as they are) and is the reference: the clean
// data, or with id_perturb a level of its own. Which samples turn follows from seed and ids, and is the same for every
// set: they stand in an order of their own, and at fraction f the first f of them (rounded up) have turned, so that a
// sample once turned stays so. As far as the set suffices no two show the same image of it. `data` must outlive the
// shift; `selection` are the samples of the run (empty: all). Throws DataError, UsageError and ScenarioError: see
// open_ood_set() and make_perturb_shift().
std::unique_ptr<Shift> make_ood_shift(const OodSpec& spec, const Dataset& data,
                                      const std::vector<std::size_t>& selection, std::uint64_t seed);

// The images of a found set that a shift may show; empty for every other shift.
std::vector<OodImage> found_images(const Shift& shift);

}  // namespace misfire
