// Poisson counts by inverting the distribution function.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/perturbation.h"
#include "perturbations/table_cache.h"

namespace misfire {

// For each of the 256 inputs the distribution function of its count, from the first count worth drawing to the first
// that is white anyway, and for each 256th of the unit interval the place where the search begins.
struct PoissonTables {
    struct Row {
        std::size_t begin = 0;                   // of this row in `cumulative`
        std::array<std::uint16_t, 256> start{};  // by the upper eight bits of the draw
    };
    std::array<Row, 256> rows;
    std::vector<float> cumulative;   // P(count <= k), ending with values no draw reaches
    std::vector<std::uint8_t> byte;  // of the count at the same place in `cumulative`
};

// Poisson(x * photons) / photons per value, one uniform draw of `stream` each. Uses floats 0 of the scratch.
// Thread-safe.
class PoissonNoise {
  public:
    void apply(const Image& in, double photons, const Random& random, std::uint32_t stream, Image& out,
               Scratch& scratch) const;

  private:
    TableCache<double, PoissonTables> tables_;
};

}  // namespace misfire
