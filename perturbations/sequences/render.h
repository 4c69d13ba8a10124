// The door through which everybody makes a frame of a sequence.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/sequence.h"

namespace misfire {

// Writes a frame to `out` (any previous content and shape; not the same object as `in`). Pure in (sequence, in,
// request, random) and thread-safe with one Scratch per thread. Throws UsageError when frame or difficulty are out of
// range, DataError when the image is smaller than 16 px on a side, has neither one nor three channels, or when OpenCV
// refuses it.
void render_frame(const Sequence& sequence, const Image& in, Image& out, const FrameRequest& request,
                  const Random& random, Scratch& scratch);

// Key of the draws of one sample in one sequence: the same for all frames and difficulties.
std::uint64_t sequence_key(std::uint64_t run_seed, const SequenceInfo& info, std::string_view sample_id);

}  // namespace misfire
