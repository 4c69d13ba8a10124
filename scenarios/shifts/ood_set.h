// Where out-of-distribution images come from: other data, held-out classes of the same data, or a generator.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/dataset.h"
#include "core/generated_set.h"
#include "core/shift.h"
#include "scenarios/data/spec.h"

namespace misfire {

struct OodSet {
    enum class Kind { data, held_out, generated };
    Kind kind = Kind::data;
    std::string name;                   // slug
    DataSpec data;                      // Kind::data; of Kind::held_out the scenario's own, filled in when it is opened
    std::vector<std::string> only;      // Kind::data: these classes, empty: all
    std::vector<std::string> without;   // Kind::data: but these
    std::vector<std::string> held_out;  // Kind::held_out: classes of the scenario's data
    std::string generator;              // Kind::generated: name of a generated set
};

// An image of a set that was found, not made.
struct OodImage {
    std::string id;
    std::uint64_t digest = 0;  // see pixels_digest(); 0 where it cannot be read
};

// The samples of one run that turn out-of-distribution, in the order in which they do, and what each shows. A function
// of seed and ids, not of order.
class OodSource {
  public:
    virtual ~OodSource() = default;
    // Part of ShiftInfo::version: what must not change between a run and its resume.
    virtual std::string version() const = 0;
    // Ids that ood_row() counts; empty: made to order.
    virtual std::vector<std::string> ids() const { return {}; }
    // Of a set that was found: the images that the run may show.
    virtual std::vector<OodImage> images() const { return {}; }
    // Which image of the set the sample at a place in the order shows; -1: made for it.
    virtual std::int64_t ood_row(std::size_t place) const = 0;
    // The image for a sample, in the shape of `clean`, which is the sample's own after geometry. Throws DataError when
    // it cannot be read.
    virtual Image image(std::size_t place, const Sample& clean, double severity, const ShiftContext& context) const = 0;
};

// `data`: the in-distribution samples, of which `order` lists those of the run in the order in which they turn; it must
// outlive the source. Throws DataError: no such data, an empty set; UsageError: no such generator.
std::unique_ptr<OodSource> open_ood_set(const OodSet& set, const Dataset& data, const std::vector<std::size_t>& order,
                                        std::uint64_t seed);

}  // namespace misfire
