// Random with block fills that use the widest registers of the processor; bit for bit the draws of core/random.h.
#pragma once

#include "core/random.h"

namespace misfire {

class VectorRandom final : public Random {
  public:
    using Random::Random;
    using Random::uniform;
    void uniform(std::span<float> out, std::uint32_t stream, std::uint64_t first = 0) const override;
    void normal(std::span<float> out, std::uint32_t stream, std::uint64_t first = 0) const override;
    void integers(std::span<std::int32_t> out, std::int32_t low, std::int32_t high, std::uint32_t stream,
                  std::uint64_t first = 0) const override;
};

}  // namespace misfire
