// From (image size, severity) to the numbers a published algorithm runs with.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/perturbation.h"

namespace misfire {

// Published sets of parameters, ascending by the side of the images they were published for.
struct ParameterSet {
    std::string_view name;  // value of the option `set`
    std::string_view key;   // key of Parameter::published
    int side;               // px
};
std::span<const ParameterSet> parameter_sets();

// Those of them that these parameters were published for; empty for a unit of our own ("any") or without parameters.
std::vector<ParameterSet> parameter_sets(std::span<const Parameter> parameters);

constexpr std::size_t max_parameters = 8;
using ParameterValues = std::array<double, max_parameters>;  // in the order of PerturbationInfo::parameters

// Thread-safe after construction.
class ParameterSchedule {
  public:
    // `set` is "auto" or the name of a set that the unit has. Requires every parameter of `info` to have five values in
    // the same sets, or in "any" alone.
    ParameterSchedule(const PerturbationInfo& info, std::string_view set);

    // Values for an image of height x width px at `severity` in [0, 5].
    //
    // Size, by the shorter side: up to the smallest published set that set; between two sets linear in log(side); above
    // the largest the parameters in pixel units are those of 224 (of the largest, where there is no set of 224) times
    // side / 224, and the others stay as published for the largest. A forced set is used as it is. Parameters for "any"
    // size do not depend on it, but for pixel units, which scale with side / 224.
    //
    // Severity: published values at 1..5, in between a straight line (of the reciprocal where the parameter says so),
    // below 1 from the parameter's identity. Two arms do not meet: half way between them the values jump.
    ParameterValues at(int height, int width, double severity) const;

    // Which set or interpolation at() uses for images of this size, for the record: "imagenet-c (224 px)",
    // "between tiny-imagenet-c (64 px) and imagenet-c (224 px) at 128 px". "" without sets.
    std::string describe(int height, int width) const;

  private:
    struct Place {  // weight of set `upper` against set `lower`, and the factor of pixel-unit parameters
        std::size_t lower = 0;
        std::size_t upper = 0;
        double weight = 0.0;
        double pixel_factor = 1.0;  // not 1: pixel units start from the set `pixel_set_`
    };
    Place place(int height, int width) const;
    double on_scale(std::size_t parameter, const Place& where, int level) const;
    double value(std::size_t parameter, const Place& where, double severity) const;
    void read_table(const std::string& unit);

    std::vector<Parameter> parameters_;
    std::vector<ParameterSet> sets_;  // that the unit has
    bool any_size_ = false;
    std::vector<std::array<std::array<double, 5>, max_parameters>> table_;  // [set][parameter][level - 1], on the scale
    std::size_t pixel_set_ = 0;
    int forced_ = -1;
    int second_arm_from_ = 0;
};

}  // namespace misfire
