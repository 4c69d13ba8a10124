// A disk with a softened rim.
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>
#include <vector>

#include "perturbations/image/level_mix.h"
#include "perturbations/image/published_unit.h"
#include "perturbations/image/soft_disk.h"
#include "perturbations/table_cache.h"

namespace misfire {

namespace {

PerturbationInfo describe() {
    PerturbationInfo info;
    info.name = "defocus_blur";
    info.summary = "out of focus: every point becomes a disk";
    info.version = 2;
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

// The published grid of the disk: 17 x 17 px, larger for a radius above 8.
int grid_of(double radius) { return radius <= 8.0 ? 8 : static_cast<int>(std::floor(radius)); }
int softening_of(double radius) { return radius <= 8.0 ? 3 : 5; }  // px across

// As published: the disk on its grid, softened there, which reflects what would leave it. Above the largest published
// radius there is no output to match: the grid takes in all of the rim, and single precision does.
constexpr double largest_published_radius = 12.0;

Kernel disk_kernel(double radius, double sigma) {
    const int soft = softening_of(radius);
    const int grid = grid_of(radius) + (radius > largest_published_radius ? soft / 2 + 1 : 0);
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

// What disk_kernel is away from the rim of its grid, times `share`.
SoftDisk soft_disk(double radius, double sigma, double share) {
    SoftDisk disk;
    const int reach = static_cast<int>(std::floor(radius));
    int ones = 0;
    for (int x = -reach; x <= reach; ++x) {
        int half = reach;
        while (x * x + half * half > radius * radius) --half;
        disk.half_height.push_back(half);
        ones += 2 * half + 1;
    }
    const cv::Mat kernel = cv::getGaussianKernel(softening_of(radius), sigma, CV_64F);
    for (int i = kernel.rows / 2; i < kernel.rows && kernel.at<double>(i) > 1e-9; ++i)
        disk.soft.push_back(kernel.at<double>(i));
    disk.weight = share * static_cast<double>(1.0F / static_cast<float>(ones));
    return disk;
}

Kernel point_kernel() { return Kernel::ones(1, 1, CV_64F); }

SoftDisk point(double share) { return {{0}, {1.0}, share}; }

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
            // Less than any rounding error of the sum; a narrow Gaussian leaves many such.
            if (const double weight = kernel.at<double>(y, x); weight > 1e-20)
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

SoftDisks build_disks(const KernelKey& key) {
    Kernel kernel = key.mix.lower == 0 ? point_kernel() : disk_kernel(key.lower[0], key.lower[1]);
    const double share = 1.0 - key.mix.weight;
    std::vector<SoftDisk> disks = {key.mix.lower == 0 ? point(share) : soft_disk(key.lower[0], key.lower[1], share)};
    if (key.mix.weight > 0.0) {
        kernel = mixed(kernel, disk_kernel(key.upper[0], key.upper[1]), key.mix.weight);
        disks.push_back(soft_disk(key.upper[0], key.upper[1], key.mix.weight));
    }
    const bool published = std::max(key.lower[0], key.upper[0]) <= largest_published_radius;
    return soft_disks(taps_of(kernel), std::move(disks), published);
}

class DefocusBlur final : public PublishedUnit {
  public:
    explicit DefocusBlur(const Options& given) : PublishedUnit(describe(), given) {}

    void apply(const Image& in, Image& out, double severity, const Random&, Scratch& scratch) const override {
        const LevelMix mix = level_mix(severity);
        const KernelKey key{parameters(in, mix.lower), parameters(in, mix.upper), mix};
        const auto disks = disks_.get(key, build_disks);
        shape_like(in, out);
        correlate_soft_disks(in, *disks, out, scratch);
    }

  private:
    TableCache<KernelKey, SoftDisks> disks_;
};

}  // namespace

namespace units {
PerturbationEntry defocus_blur() { return {describe, make_unit<DefocusBlur>}; }
}  // namespace units

}  // namespace misfire
