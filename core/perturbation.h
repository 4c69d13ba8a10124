// The seam of everything that makes a sample harder.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/image.h"
#include "core/random.h"

namespace misfire {

// Where in the life of an image a perturbation acts: `source` before the model's geometry (camera, wrong resize),
// `pixels` after it (as published), `tensor` where 8-bit pixels become the model's numbers (wrong normalisation).
enum class Stage { source, pixels, tensor };

inline const char* name_of(Stage stage) {
    switch (stage) {
        case Stage::source: return "source";
        case Stage::pixels: return "pixels";
        case Stage::tensor: return "tensor";
    }
    return "";
}

// One number of a perturbation and its values at severities 1..5: published ones by set ("32", "64", "224", "299",
// those of them that exist, the same for every parameter of a unit), or our own for every size ("any").
struct Parameter {
    // Where the parameter moves in a straight line between two levels or two sets: itself, or its reciprocal (photon
    // counts).
    enum class Scale { linear, reciprocal };
    std::string name;
    std::string unit;  // "px", "fraction", "1" ...
    std::string meaning;
    // Pixel units: above the largest published set multiplied by shorter side / 224 (/ that set where there is none of
    // 224); under "any", which then speaks of 224 px, at every size.
    bool scales_with_side = false;
    bool whole = false;  // rounded to the nearest integer after interpolation
    Scale scale = Scale::linear;
    // Value that does no damage, from which severities below 1 start; absent: held at the value of severity 1.
    std::optional<double> identity = std::nullopt;
    std::map<std::string, std::vector<double>> published = {};
};

struct Option {
    std::string name;
    std::string meaning;
    std::string default_value;
    std::vector<std::string> choices;  // empty: free text
    bool required = false;  // the unit cannot be made without it, so groups leave the unit out where it is not given
    bool is_path = false;   // of a file or folder: relative ones are taken from the scenario's folder
};

using Options = std::map<std::string, std::string>;

struct PerturbationInfo {
    std::string name;     // slug
    int version = 1;      // part of the random key and of the journal's hashes: raise it when output changes
    std::string summary;  // one line
    std::string domain = "image";
    Stage stage = Stage::pixels;
    bool changes_geometry = false;  // stage source: geometry() is what goes wrong, and apply() leaves the picture alone
    std::string category;           // noise | blur | weather | digital | camera | deployment | geometry ...
    std::vector<std::string> groups;  // imagenet-c, ...: names usable in `perturb:` besides the category
    std::string stands_in_for =
        "";                        // unit that this one replaces in its category where that one lacks a required option
    int published_order = -1;      // place in the published list; groups are expanded in this order, then by name
    bool colour_only = false;      // leaves grey images as they are
    bool monotone = true;          // damage never falls with severity
    std::string why_not_monotone;  // required when it is not
    double max_severity = 5.0;
    // First level of a second arm (saturate: less, then more colour), 0 if there is one arm only. Half way between the
    // arms the parameters jump from the last level of the first to the first level of the second instead of passing
    // through the identity.
    int second_arm_from = 0;
    std::vector<Parameter> parameters;
    std::vector<Option> options;
    std::string reference;  // paper and source of the exact algorithm
};

// Buffers that a thread reuses between calls; a perturbation may resize and overwrite them freely.
struct Scratch {
    std::vector<float> floats[4];
    std::vector<double> doubles[4];
    std::vector<std::uint8_t> bytes[4];
    std::vector<std::uint16_t> words;
    std::vector<std::int32_t> integers;
};

class Perturbation {
  public:
    virtual ~Perturbation() = default;
    virtual const PerturbationInfo& info() const = 0;
    // Which published set of parameters, or interpolation between sets, an image of this size gets; "" for a unit
    // without sets.
    virtual std::string parameter_set(int height, int width) const {
        static_cast<void>(height);
        static_cast<void>(width);
        return "";
    }
    // Writes the perturbed `in` to `out` (resized to the same shape by the callee). Pure in (in, severity, random);
    // thread-safe. Requires 0 < severity <= info().max_severity and an image of at least 16 x 16: the caller
    // (perturb()) checks both and copies at severity 0.
    virtual void apply(const Image& in, Image& out, double severity, const Random& random, Scratch& scratch) const = 0;
    // Stage source: the geometry that a wrong preprocessing uses instead of `right`.
    virtual Geometry geometry(const Geometry& right, double severity, const Random& random) const {
        static_cast<void>(severity);
        static_cast<void>(random);
        return right;
    }
    // Stage tensor: the form that a wrong preprocessing uses instead of `right`, which has as many channels. apply()
    // then writes what such a model sees, as far as 8 bits hold it.
    virtual TensorForm tensor_form(const TensorForm& right, double severity, const Random& random) const {
        static_cast<void>(severity);
        static_cast<void>(random);
        return right;
    }
};

struct PerturbationEntry {
    PerturbationInfo (*info)();
    // Throws UsageError when an option is unknown or out of range.
    std::unique_ptr<Perturbation> (*make)(const Options& options);
};

}  // namespace misfire
