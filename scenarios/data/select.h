// Which samples a run looks at, in which order, and the hash that pins them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/dataset.h"
#include "core/image.h"

namespace misfire {

// Order of sample ids: runs of digits compare as numbers ("2" before "10", "cat/9.png" before "cat/10.png"), all else
// as bytes.
bool id_less(std::string_view a, std::string_view b);

// All samples, ascending by id.
std::vector<std::size_t> canonical_order(const Dataset& data);

// `limit` samples (0: all), in canonical order. Stratified by label: each gets its share by largest remainder, then
// those whose keyed hash is smallest are taken. A function of seed, ids and labels, not of the order of the data set; a
// larger limit keeps, but for rounding, the samples of a smaller one.
std::vector<std::size_t> select_samples(const Dataset& data, std::size_t limit, std::uint64_t seed);

// SHA-256 (hexadecimal) over ids, targets, attributes and class names, in canonical order. Pixels are not looked at.
std::string manifest_sha256(const Dataset& data);

// 64-bit digest of shape and pixels, for noticing that a file changed; not for security.
std::uint64_t pixels_digest(const Image& image);

}  // namespace misfire
