// Perturbation sequences as a shift: the frames of a short film of each sample.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "core/shift.h"

namespace misfire {

struct SequenceSpec {
    std::string name;      // of the shift, a slug
    std::string sequence;  // name of a sequence
    int difficulty = 1;    // 1 to 3: stride of the pairs, or strength of the noise
    int frames = 0;        // the first ones; 0: as many as the published sequence has at the size of the images
};

// Levels are frame numbers from 0. `sizes`: height and width of the images after the geometry of each model; where they
// differ the sequence has as many frames as at the size with the fewest. Throws ScenarioError when more frames are
// asked for than there are. The draws of a sample depend on seed, sequence, version and sample id.
std::unique_ptr<Shift> make_sequence_shift(const SequenceSpec& spec, const std::set<std::pair<int, int>>& sizes,
                                           std::uint64_t seed);

}  // namespace misfire
