#include "results/curve_metrics/imagenet_c.h"

#include <algorithm>
#include <optional>
#include <regex>
#include <utility>

namespace misfire {
namespace {

constexpr BenchmarkCorruption corruptions[] = {{"gaussian_noise", .886428},
                                               {"shot_noise", .894468},
                                               {"impulse_noise", .922640},
                                               {"defocus_blur", .819880},
                                               {"glass_blur", .826268},
                                               {"motion_blur", .785948},
                                               {"zoom_blur", .798360},
                                               {"snow", .866816},
                                               {"frost", .826572},
                                               {"fog", .819324},
                                               {"brightness", .564592},
                                               {"contrast", .853204},
                                               {"elastic_transform", .646056},
                                               {"pixelate", .717840},
                                               {"jpeg_compression", .606500}};
constexpr int severities = 5;
constexpr int side = 224;  // px
constexpr std::int64_t classes = 1000;

// A perturbation on its own with the parameters of ImageNet-C, or the released files of that name.
bool is_plain(const ShiftInfo& shift, const std::string& corruption) {
    if (shift.unit != "severity") return false;
    if (shift.kind == "files") return shift.name == corruption;
    if (shift.kind != "perturb" || !shift.version.starts_with(corruption + ":")) return false;
    static const std::regex next_of_chain("\\+[a-z0-9_]+:[0-9]");  // not the '+' of an option, such as a path
    return !std::regex_search(shift.version, next_of_chain) && shift.parameter_set.starts_with("imagenet-c (224 px)");
}

// Places of levels 1 to 5; nothing where one is missing.
std::optional<std::vector<std::size_t>> five_levels(const ShiftInfo& shift) {
    std::vector<std::size_t> levels;
    for (int severity = 1; severity <= severities; ++severity) {
        const auto found = std::find_if(shift.levels.begin(), shift.levels.end(),
                                        [&](const Level& level) { return level.value == severity; });
        if (found == shift.levels.end()) return std::nullopt;
        levels.push_back(static_cast<std::size_t>(found - shift.levels.begin()));
    }
    return levels;
}

std::optional<std::pair<std::size_t, std::vector<std::size_t>>> find_corruption(const CurveMetricInput& input,
                                                                                const std::string& name) {
    for (std::size_t s = 0; s < input.shifts.size(); ++s) {
        if (!is_plain(input.shifts[s], name)) continue;
        if (auto levels = five_levels(input.shifts[s])) return std::pair(s, std::move(*levels));
    }
    return std::nullopt;
}

std::pair<int, int> image_size(const ModelInfo& model) {
    switch (model.geometry.kind) {
        case Geometry::Kind::exact: return {model.geometry.height, model.geometry.width};
        case Geometry::Kind::shorter_side_then_crop: return {model.geometry.crop, model.geometry.crop};
        case Geometry::Kind::none: break;
    }
    return {model.input_height, model.input_width};
}

std::string no_model_because(const ModelInfo& model) {
    if (model.classes != classes) {
        return "mCE is of the 1000 classes of ImageNet, and " + std::to_string(model.classes) + " outputs of " +
               model.name + " are scored";
    }
    const auto [height, width] = image_size(model);
    if (height == side && width == side) return "";
    if (height == 0 && width == 0) {
        return "mCE is of images of 224 x 224 px, and the geometry of " + model.name +
               " does not fix their size: give `input: {geometry: {resize: 256, crop: 224}}`";
    }
    return "mCE is of images of 224 x 224 px, and " + model.name + " sees " + std::to_string(width) + " x " +
           std::to_string(height);
}

}  // namespace

std::span<const BenchmarkCorruption> imagenet_c_corruptions() { return corruptions; }

std::vector<ShiftErrors> alexnet_errors() {
    std::vector<ShiftErrors> errors;
    for (const BenchmarkCorruption& corruption : corruptions)
        errors.push_back({severities * corruption.alexnet_error, alexnet_clean_error, severities});
    return errors;
}

std::string no_imagenet_c_because(const CurveMetricInput& input, std::size_t model) {
    if (input.benchmark != "imagenet") {
        return "mCE is of ImageNet's validation images: where the data are these, say `benchmark: imagenet` in `data`";
    }
    if (std::string why = no_model_because(input.models[model]); !why.empty()) return why;
    std::string missing;
    bool no_frost = false;
    for (const BenchmarkCorruption& corruption : corruptions) {
        if (find_corruption(input, corruption.name)) continue;
        missing += (missing.empty() ? "" : ", ") + std::string(corruption.name);
        no_frost = no_frost || std::string(corruption.name) == "frost";
    }
    if (missing.empty()) return "";
    const bool synthetic = std::any_of(input.shifts.begin(), input.shifts.end(), [](const ShiftInfo& shift) {
        return shift.version.find("frost_synthetic:") != std::string::npos;
    });
    return "mCE needs the 15 corruptions of ImageNet-C on their own at severities 1 to 5; missing: " + missing +
           (!no_frost   ? ""
            : synthetic ? " (frost_synthetic does not stand in for the photographs of frost)"
                        : " (frost needs its photographs: misfire describe frost)");
}

ShiftLevels imagenet_c_shifts(const CurveMetricInput& input) {
    ShiftLevels shifts;
    for (const BenchmarkCorruption& corruption : corruptions) {
        if (auto found = find_corruption(input, corruption.name)) shifts.push_back(std::move(*found));
    }
    return shifts;
}

}  // namespace misfire
