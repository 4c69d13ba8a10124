// A disk with a softened rim.
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "perturbations/image/kernel_taps.h"
#include "perturbations/image/level_mix.h"
#include "perturbations/image/published_unit.h"
#include "perturbations/table_cache.h"

namespace misfire {

namespace {

PerturbationInfo describe() {
    PerturbationInfo info;
    info.name = "defocus_blur";
    info.summary = "out of focus: every point becomes a disk";
    info.category = "blur";
    info.groups = {"imagenet-c"};
    info.published_order = 3;
    info.monotone = false;
    info.why_not_monotone =
        "at 32 and 64 px the first levels are the small Gaussian alone and later ones a disk of whole pixels with less "
        "of it";
    info.parameters = {{.name = "radius",
                        .unit = "px",
                        .meaning = "of the disk, made of whole pixels; between levels the two blurs are mixed",
                        .scales_with_side = true,
                        .published = {{"32", {.3, .4, .5, 1, 1.5}},
                                      {"64", {.5, 1, 1.5, 2.5, 3}},
                                      {"224", {3, 4, 6, 8, 10}},
                                      {"299", {4, 5, 7, 10, 12}}}},
                       {.name = "alias_sigma",
                        .unit = "px",
                        .meaning = "Gaussian that softens the rim, 3 x 3 px (5 x 5 for a radius above 8)",
                        .published = {{"32", {.4, .5, .6, .2, .1}},
                                      {"64", {.6, .1, .1, .01, .1}},
                                      {"224", {.1, .5, .5, .5, .5}},
                                      {"299", {.1, .5, .5, .5, .5}}}}};
    info.options = {parameter_set_option(info.parameters)};
    info.reference = imagenet_c_reference;
    return info;
}

using Kernel = cv::Mat;  // square, odd side, double

// As published: the disk on a grid of 17 x 17 px (larger for a radius above 8), softened on that grid.
Kernel disk_kernel(double radius, double sigma) {
    const int grid = radius <= 8.0 ? 8 : static_cast<int>(std::floor(radius));
    const int soft = radius <= 8.0 ? 3 : 5;
    cv::Mat disk = cv::Mat::zeros(2 * grid + 1, 2 * grid + 1, CV_32F);
    for (int y = -grid; y <= grid; ++y) {
        for (int x = -grid; x <= grid; ++x)
            disk.at<float>(grid + y, grid + x) = x * x + y * y <= radius * radius ? 1.0F : 0.0F;
    }
    disk /= cv::sum(disk)[0];
    cv::GaussianBlur(disk, disk, cv::Size(soft, soft), sigma);
    disk.convertTo(disk, CV_64F);
    return disk;
}

Kernel point_kernel() { return Kernel::ones(1, 1, CV_64F); }

// (1 - weight) lower + weight upper, on the larger of the two grids.
Kernel mixed(const Kernel& lower, const Kernel& upper, double weight) {
    const int side = std::max(lower.rows, upper.rows);
    Kernel sum = Kernel::zeros(side, side, CV_64F);
    const auto add = [&](const Kernel& kernel, double share) {
        const int first = (side - kernel.rows) / 2;
        cv::Mat part = sum(cv::Rect(first, first, kernel.cols, kernel.rows));
        part += share * kernel;
    };
    add(lower, 1.0 - weight);
    add(upper, weight);
    return sum;
}

std::vector<KernelTap> taps_of(const Kernel& kernel) {
    const int centre = kernel.rows / 2;
    std::vector<KernelTap> taps;
    for (int y = 0; y < kernel.rows; ++y) {
        for (int x = 0; x < kernel.cols; ++x) {
            if (const double weight = kernel.at<double>(y, x); weight != 0.0)
                taps.push_back({x - centre, y - centre, weight});
        }
    }
    return taps;
}

struct KernelKey {
    ParameterValues lower;
    ParameterValues upper;
    LevelMix mix;
    friend bool operator==(const KernelKey& a, const KernelKey& b) {
        return a.lower == b.lower && a.upper == b.upper && a.mix.lower == b.mix.lower && a.mix.weight == b.mix.weight;
    }
};

std::vector<KernelTap> build_taps(const KernelKey& key) {
    Kernel kernel = key.mix.lower == 0 ? point_kernel() : disk_kernel(key.lower[0], key.lower[1]);
    if (key.mix.weight > 0.0) kernel = mixed(kernel, disk_kernel(key.upper[0], key.upper[1]), key.mix.weight);
    return taps_of(kernel);
}

class DefocusBlur final : public PublishedUnit {
  public:
    explicit DefocusBlur(const Options& given) : PublishedUnit(describe(), given) {}

    void apply(const Image& in, Image& out, double severity, const Random&, Scratch& scratch) const override {
        const LevelMix mix = level_mix(severity);
        const KernelKey key{parameters(in, mix.lower), parameters(in, mix.upper), mix};
        const auto taps = taps_.get(key, build_taps);
        shape_like(in, out);
        correlate_taps(in, *taps, out, scratch);
    }

  private:
    TableCache<KernelKey, std::vector<KernelTap>> taps_;
};

}  // namespace

namespace units {
PerturbationEntry defocus_blur() { return {describe, make_unit<DefocusBlur>}; }
}  // namespace units

}  // namespace misfire
