// The seam of out-of-distribution images that are made, not found.
#pragma once

#include <optional>
#include <string>

#include "core/image.h"
#include "core/perturbation.h"
#include "core/random.h"

namespace misfire {

struct GeneratedSetInfo {
    // near: made of the model's own images, whose content it destroys. far: made of nothing.
    enum class Distance { near, far };
    // Which in-distribution images it is made of.
    enum class Needs { nothing, image, two_classes };

    std::string name;  // slug
    int version = 1;   // part of the random key and of the journal's hashes: raise it when output changes
    std::string summary;
    Distance distance = Distance::far;
    Needs needs = Needs::nothing;
    std::string severity_meaning;  // what grows with severity in (0, 5], and what 5 is
    std::string reference;         // source, or that it is our own
};

inline const char* name_of(GeneratedSetInfo::Distance distance) {
    return distance == GeneratedSetInfo::Distance::near ? "near" : "far";
}

inline constexpr double largest_generated_severity = 5.0;

// What an image is made of and for.
struct GeneratedSetInput {
    const Image& image;            // in-distribution, of the size and channels that are wanted; at least 8 x 8
    const Image* other = nullptr;  // for Needs::two_classes: of another class and the same shape
};

class GeneratedSet {
  public:
    virtual ~GeneratedSet() = default;
    virtual const GeneratedSetInfo& info() const = 0;
    // Writes an image of the shape of input.image. Pure in (input, severity, random), and in (shape, severity, random)
    // with Needs::nothing; thread-safe. Requires 0 < severity <= 5. The draws are the same at every severity.
    virtual void make(const GeneratedSetInput& input, double severity, const Random& random, Image& out,
                      Scratch& scratch) const = 0;
};

}  // namespace misfire
