// Largest inner products with a bank of vectors, found by matrix products and then computed again in double precision.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace misfire {

class NeighbourBank {
  public:
    NeighbourBank() = default;
    // vectors: [rows, depth] row-major. offsets: what is added to the inner product with each row; empty: nothing.
    NeighbourBank(std::vector<float> vectors, std::size_t depth, std::vector<double> offsets);

    std::size_t size() const { return depth_ == 0 ? 0 : vectors_.size() / depth_; }

    // For each query [depth] the k largest values of <query, row> + offset, descending, [queries, k]. Exact but for the
    // rounding of double: candidates are taken from products in single precision with a margin for their error. So a
    // query's answer does not depend on the others. Requires 1 <= k <= size(). Thread-safe.
    std::vector<double> largest(std::span<const float> queries, std::size_t k) const;

  private:
    std::vector<float> vectors_;
    std::vector<double> offsets_;
    std::vector<float> rounded_offsets_;
    std::size_t depth_ = 0;
    double longest_ = 0.0;         // norm of a row
    double largest_offset_ = 0.0;  // magnitude
};

}  // namespace misfire
