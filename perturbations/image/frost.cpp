// Ice on the pane: a weighted sum of the picture and a piece of one of five textures. The published photographs cannot
// be shipped: `frost` takes them from a folder, `frost_synthetic` grows its own.
#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <utility>
#include <vector>

#include "core/error.h"
#include "core/vector_clones.h"
#include "perturbations/image/ice_texture.h"
#include "perturbations/image/published_unit.h"
#include "perturbations/table_cache.h"

namespace misfire {

namespace {

PerturbationInfo describe_common() {
    PerturbationInfo info;
    info.category = "weather";
    info.monotone = false;
    info.why_not_monotone =
        "the published weights give less picture and more ice, but not always a larger difference (level 4 against 3 "
        "at 224 px)";
    const auto texture_scale = [](double scale) { return std::vector<double>(5, scale); };
    info.parameters = {{.name = "image_weight",
                        .unit = "1",
                        .meaning = "factor of the picture",
                        .identity = 1.0,
                        .published = {{"32", {1, 1, .9, .85, .75}},
                                      {"64", {1, .9, .8, .75, .7}},
                                      {"224", {1, .8, .7, .65, .6}},
                                      {"299", {1, .8, .7, .65, .6}}}},
                       {.name = "frost_weight",
                        .unit = "1",
                        .meaning = "factor of the texture",
                        .identity = 0.0,
                        .published = {{"32", {.2, .3, .4, .4, .45}},
                                      {"64", {.3, .4, .45, .5, .55}},
                                      {"224", {.4, .6, .7, .7, .75}},
                                      {"299", {.4, .6, .7, .7, .75}}}},
                       {.name = "texture_scale",
                        .unit = "1",
                        .meaning = "by which the texture is resized, at least so far that it covers the picture",
                        .scales_with_side = true,
                        .published = {{"32", texture_scale(.2)},
                                      {"64", texture_scale(.3)},
                                      {"224", texture_scale(1)},
                                      {"299", texture_scale(1)}}}};
    info.options = {parameter_set_option(info.parameters)};
    return info;
}

PerturbationInfo describe_frost() {
    PerturbationInfo info = describe_common();
    info.name = "frost";
    info.summary = "ice on the pane, with the five published photographs from a folder of yours";
    info.groups = {"imagenet-c"};
    info.published_order = 8;
    info.options.push_back({.name = "textures",
                            .meaning = "folder with frost1 .. frost5 (png, jpg or jpeg) of hendrycks/robustness",
                            .default_value = "",
                            .choices = {},
                            .required = true,
                            .is_path = true});
    info.reference = imagenet_c_reference;
    return info;
}

PerturbationInfo describe_synthetic() {
    PerturbationInfo info = describe_common();
    info.name = "frost_synthetic";
    info.summary =
        "ice on the pane, with grown crystals instead of the published photographs: not comparable with ImageNet-C";
    info.published_order = 8;
    info.stands_in_for = "frost";
    info.reference = std::string(imagenet_c_reference) + " (weights and cropping; the textures are our own)";
    return info;
}

constexpr std::uint32_t texture_stream = 0;
constexpr std::uint32_t row_stream = 1;
constexpr std::uint32_t column_stream = 2;

constexpr int number_of_textures = 5;                      // the sixth published photograph is never drawn
using Textures = std::array<cv::Mat, number_of_textures>;  // 8-bit RGB

cv::Mat read_texture(const std::filesystem::path& folder, int number) {
    const std::string stem = "frost" + std::to_string(number);
    for (const char* extension : {".png", ".jpg", ".jpeg"}) {
        const std::filesystem::path file = folder / (stem + extension);
        if (!std::filesystem::exists(file)) continue;
        cv::Mat texture = cv::imread(file.string(), cv::IMREAD_COLOR);
        if (texture.empty())
            throw UsageError("The frost texture " + file.string() + " is not a readable image. Replace it.");
        cv::cvtColor(texture, texture, cv::COLOR_BGR2RGB);
        return texture;
    }
    throw UsageError(
        "The folder " + folder.string() + " given as `textures` of `frost` has no " + stem +
        " (.png, .jpg or .jpeg). Put frost1 to frost5 of hendrycks/robustness there, or use `frost_synthetic`.");
}

Textures read_textures(const std::string& folder) {
    Textures textures;
    for (int i = 0; i < number_of_textures; ++i) textures[static_cast<std::size_t>(i)] = read_texture(folder, i + 1);
    return textures;
}

const Textures& grown_textures() {
    static const Textures textures = [] {
        Textures grown;
        for (int i = 0; i < number_of_textures; ++i) grown[static_cast<std::size_t>(i)] = ice_texture(i);
        return grown;
    }();
    return textures;
}

MISFIRE_VECTOR_CLONES void blend(const std::uint8_t* in, const std::uint8_t* ice, double in_weight, double ice_weight,
                                 std::uint8_t* out, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        const double sum = in_weight * in[i] + ice_weight * ice[i];
        out[i] = static_cast<std::uint8_t>(static_cast<int>(sum > 255.0 ? 255.0 : sum));
    }
}

class Frost final : public PublishedUnit {
  public:
    Frost(PerturbationInfo info, const Options& given, const Textures& textures)
        : PublishedUnit(std::move(info), given), textures_(textures) {}

    void apply(const Image& in, Image& out, double severity, const Random& random, Scratch&) const override {
        const ParameterValues values = parameters(in, severity);
        std::int32_t index = 0, top = 0, left = 0;
        random.integers(std::span(&index, 1), 0, number_of_textures, texture_stream);
        const cv::Mat& whole = textures_[static_cast<std::size_t>(index)];
        const double covering = std::max((in.height + 1.0) / whole.rows, (in.width + 1.0) / whole.cols);
        const auto texture = resized_.get({index, in.channels, std::max(values[2], covering)},
                                          [&](const Variant& v) { return variant(v); });
        random.integers(std::span(&top, 1), 0, std::max(1, texture->rows - in.height), row_stream);
        random.integers(std::span(&left, 1), 0, std::max(1, texture->cols - in.width), column_stream);
        shape_like(in, out);
        const std::size_t stride = static_cast<std::size_t>(in.width) * static_cast<std::size_t>(in.channels);
        for (int y = 0; y < in.height; ++y) {
            const std::size_t first = static_cast<std::size_t>(y) * stride;
            const std::uint8_t* ice = texture->ptr<std::uint8_t>(top + y) + left * in.channels;
            blend(in.pixels.data() + first, ice, values[0], values[1], out.pixels.data() + first, stride);
        }
    }

  private:
    struct Variant {
        int index;
        int channels;
        double scale;
        friend bool operator==(const Variant&, const Variant&) = default;
    };

    cv::Mat variant(const Variant& wanted) const {
        cv::Mat texture = textures_[static_cast<std::size_t>(wanted.index)];
        if (wanted.channels == 1) cv::cvtColor(texture, texture, cv::COLOR_RGB2GRAY);
        if (wanted.scale != 1.0) cv::resize(texture, texture, cv::Size(), wanted.scale, wanted.scale, cv::INTER_LINEAR);
        return texture;
    }

    Textures textures_;  // shares the pixels
    TableCache<Variant, cv::Mat> resized_;
};

std::unique_ptr<Perturbation> make_frost(const Options& given) {
    const Options complete = complete_options(describe_frost(), given);
    return std::make_unique<Frost>(describe_frost(), given, read_textures(complete.at("textures")));
}

std::unique_ptr<Perturbation> make_synthetic(const Options& given) {
    return std::make_unique<Frost>(describe_synthetic(), given, grown_textures());
}

}  // namespace

namespace units {
PerturbationEntry frost() { return {describe_frost, make_frost}; }
PerturbationEntry frost_synthetic() { return {describe_synthetic, make_synthetic}; }
}  // namespace units

}  // namespace misfire
