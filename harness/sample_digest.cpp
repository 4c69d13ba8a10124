#include "harness/sample_digest.h"

#include <bit>

#include "core/random.h"
#include "scenarios/data/select.h"

namespace misfire {

std::uint64_t content_digest(const Sample& sample) {
    if (sample.row.empty()) return pixels_digest(sample.image);
    KeyHash digest;
    for (const float value : sample.row) digest.add(static_cast<std::uint64_t>(std::bit_cast<std::uint32_t>(value)));
    return digest.add(std::bit_cast<std::uint64_t>(sample.value)).value();
}

}  // namespace misfire
