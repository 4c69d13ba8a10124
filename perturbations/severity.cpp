#include "perturbations/severity.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/nearest_name.h"

namespace misfire {

namespace {

constexpr ParameterSet published_sets[] = {
    {"cifar-c", "32", 32}, {"tiny-imagenet-c", "64", 64}, {"imagenet-c", "224", 224}, {"inception", "299", 299}};
constexpr ParameterSet any_size = {"any", "any", 224};

double to_scale(Parameter::Scale scale, double value) {
    return scale == Parameter::Scale::reciprocal ? 1.0 / value : value;
}

std::string full_name(const ParameterSet& set) {
    return std::string(set.name) + " (" + std::to_string(set.side) + " px)";
}

int find_set(std::span<const ParameterSet> sets, std::string_view name) {
    std::vector<std::string> names = {"auto"};
    for (std::size_t i = 0; i < sets.size(); ++i) {
        if (sets[i].name == name) return static_cast<int>(i);
        names.emplace_back(sets[i].name);
    }
    throw UsageError("There is no parameter set `" + std::string(name) + "`." + did_you_mean(name, names));
}

// Between the arms severities belong to the nearer level, so that no mixture of the two is ever run.
double keep_to_one_arm(double severity, int second_arm_from) {
    if (second_arm_from == 0 || severity <= second_arm_from - 1 || severity >= second_arm_from) return severity;
    return severity < second_arm_from - 0.5 ? second_arm_from - 1 : second_arm_from;
}

}  // namespace

std::span<const ParameterSet> parameter_sets() { return published_sets; }

std::vector<ParameterSet> parameter_sets(std::span<const Parameter> parameters) {
    std::vector<ParameterSet> sets;
    for (const ParameterSet& set : published_sets) {
        if (!parameters.empty() && parameters.front().published.contains(std::string(set.key))) sets.push_back(set);
    }
    return sets;
}

ParameterSchedule::ParameterSchedule(const PerturbationInfo& info, std::string_view set)
    : parameters_(info.parameters),
      sets_(parameter_sets(info.parameters)),
      any_size_(sets_.empty()),
      forced_(set == "auto" ? -1 : find_set(sets_, set)),
      second_arm_from_(info.second_arm_from) {
    if (parameters_.size() > max_parameters) throw InternalError("`" + info.name + "` declares too many parameters.");
    if (any_size_) sets_.push_back(any_size);
    pixel_set_ = sets_.size() - 1;
    for (std::size_t s = 0; s < sets_.size(); ++s) {
        if (sets_[s].side == 224) pixel_set_ = s;
    }
    read_table(info.name);
}

void ParameterSchedule::read_table(const std::string& unit) {
    table_.resize(sets_.size());
    for (std::size_t s = 0; s < sets_.size(); ++s) {
        for (std::size_t p = 0; p < parameters_.size(); ++p) {
            const auto published = parameters_[p].published.find(std::string(sets_[s].key));
            if (published == parameters_[p].published.end() || published->second.size() != 5) {
                throw InternalError("Parameter `" + parameters_[p].name + "` of `" + unit +
                                    "` lacks five values for side " + std::string(sets_[s].key) + ".");
            }
            for (std::size_t level = 0; level < 5; ++level) {
                table_[s][p][level] = to_scale(parameters_[p].scale, published->second[level]);
            }
        }
    }
}

ParameterSchedule::Place ParameterSchedule::place(int height, int width) const {
    if (forced_ >= 0) {
        const auto set = static_cast<std::size_t>(forced_);
        return {set, set, 0.0, 1.0};
    }
    const int side = std::min(height, width);
    const std::size_t largest = sets_.size() - 1;
    if (any_size_ || side > sets_[largest].side) {
        return {largest, largest, 0.0, static_cast<double>(side) / sets_[pixel_set_].side};
    }
    if (side <= sets_[0].side) return {0, 0, 0.0, 1.0};
    std::size_t upper = 1;
    while (sets_[upper].side < side) ++upper;
    if (sets_[upper].side == side) return {upper, upper, 0.0, 1.0};
    const double low = std::log(static_cast<double>(sets_[upper - 1].side));
    const double high = std::log(static_cast<double>(sets_[upper].side));
    return {upper - 1, upper, (std::log(static_cast<double>(side)) - low) / (high - low), 1.0};
}

double ParameterSchedule::on_scale(std::size_t parameter, const Place& where, int level) const {
    const auto column = static_cast<std::size_t>(level - 1);
    if (where.pixel_factor != 1.0 && parameters_[parameter].scales_with_side) {
        return table_[pixel_set_][parameter][column] * where.pixel_factor;
    }
    const double low = table_[where.lower][parameter][column];
    if (where.lower == where.upper) return low;
    return low + where.weight * (table_[where.upper][parameter][column] - low);
}

double ParameterSchedule::value(std::size_t parameter, const Place& where, double severity) const {
    const Parameter& declared = parameters_[parameter];
    const int below = std::min(static_cast<int>(severity), 4);
    const double fraction = severity - below;
    double result = 0.0;
    if (below == 0) {
        const double first = on_scale(parameter, where, 1);
        const double start = declared.identity ? to_scale(declared.scale, *declared.identity) : first;
        result = fraction == 1.0 ? first : start + fraction * (first - start);
    } else if (fraction == 0.0) {
        result = on_scale(parameter, where, below);
    } else {
        const double low = on_scale(parameter, where, below);
        const double high = on_scale(parameter, where, below + 1);
        result = fraction == 1.0 ? high : low + fraction * (high - low);
    }
    if (declared.scale == Parameter::Scale::reciprocal) result = 1.0 / result;
    return declared.whole ? std::round(result) : result;
}

ParameterValues ParameterSchedule::at(int height, int width, double severity) const {
    const Place where = place(height, width);
    const double kept = keep_to_one_arm(severity, second_arm_from_);
    ParameterValues values{};
    for (std::size_t p = 0; p < parameters_.size(); ++p) values[p] = value(p, where, kept);
    return values;
}

std::string ParameterSchedule::describe(int height, int width) const {
    if (any_size_) return "";
    const Place where = place(height, width);
    const int side = std::min(height, width);
    if (forced_ >= 0) return full_name(sets_[where.lower]) + ", forced";
    if (where.pixel_factor != 1.0) {
        return full_name(sets_.back()) + ", pixel units of " + full_name(sets_[pixel_set_]) + " times " +
               std::to_string(side) + "/" + std::to_string(sets_[pixel_set_].side);
    }
    if (where.lower == where.upper) return full_name(sets_[where.lower]);
    return "between " + full_name(sets_[where.lower]) + " and " + full_name(sets_[where.upper]) + " at " +
           std::to_string(side) + " px";
}

}  // namespace misfire
