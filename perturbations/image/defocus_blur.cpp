// A disk with a softened rim: sums over a disk by differences of running sums, one per row of the disk, then the small Gaussian.
#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>
#include <vector>

#include "perturbations/image/level_mix.h"
#include "perturbations/image/published_unit.h"
#include "perturbations/table_cache.h"
#include "perturbations/vector_clones.h"

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
    info.why_not_monotone = "at 32 and 64 px the first levels are the small Gaussian alone and later ones a disk of whole pixels with less of it";
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
    info.options = {parameter_set_option()};
    info.reference = imagenet_c_reference;
    return info;
}

// The published kernel (softened on its own grid, with reflection at the grid's border) as a disk, a small Gaussian over it, and
// what that misses next to the grid's border.
struct DiskKernel {
    std::vector<int> half_widths;       // of the rows -reach..reach
    int reach = 0;                      // px from the centre to the farthest row of the disk
    int soft = 1;                       // reach of the Gaussian
    std::array<float, 3> gaussian{};    // centre, next, next but one
    float scale = 0.0F;                 // sum of the published kernel / pixels of the disk / 255
    struct Tap {
        int dx, dy;
        float weight;
    };
    std::vector<Tap> corrections;
    int margin() const { return reach + soft; }
};

cv::Mat published_kernel(const DiskKernel& kernel, int grid, double sigma) {
    cv::Mat disk = cv::Mat::zeros(2 * grid + 1, 2 * grid + 1, CV_32F);
    double pixels = 0.0;
    for (int dy = -kernel.reach; dy <= kernel.reach; ++dy) {
        const int half = kernel.half_widths[static_cast<std::size_t>(dy + kernel.reach)];
        for (int dx = -half; dx <= half; ++dx) disk.at<float>(grid + dy, grid + dx) = 1.0F;
        pixels += 2 * half + 1;
    }
    disk /= pixels;
    const int size = 2 * kernel.soft + 1;
    cv::GaussianBlur(disk, disk, cv::Size(size, size), sigma);
    return disk;
}

// What the disk followed by the Gaussian makes of a single point, on a grid wide enough for all of it.
cv::Mat composed_kernel(const DiskKernel& kernel, int grid, double pixels) {
    cv::Mat result = cv::Mat::zeros(2 * grid + 1, 2 * grid + 1, CV_64F);
    for (int dy = -kernel.reach; dy <= kernel.reach; ++dy) {
        const int half = kernel.half_widths[static_cast<std::size_t>(dy + kernel.reach)];
        for (int dx = -half; dx <= half; ++dx) {
            for (int gy = -kernel.soft; gy <= kernel.soft; ++gy) {
                for (int gx = -kernel.soft; gx <= kernel.soft; ++gx) {
                    result.at<double>(grid + dy + gy, grid + dx + gx) +=
                        static_cast<double>(kernel.gaussian[static_cast<std::size_t>(std::abs(gy))]) *
                        static_cast<double>(kernel.gaussian[static_cast<std::size_t>(std::abs(gx))]) / pixels;
                }
            }
        }
    }
    return result;
}

DiskKernel build_kernel(const std::pair<double, double>& parameters) {
    const auto [radius, sigma] = parameters;
    DiskKernel kernel;
    kernel.reach = static_cast<int>(std::floor(radius));
    kernel.soft = radius <= 8.0 ? 1 : 2;
    const int grid = radius <= 8.0 ? 8 : kernel.reach;
    double pixels = 0.0;
    for (int dy = -kernel.reach; dy <= kernel.reach; ++dy) {
        kernel.half_widths.push_back(static_cast<int>(std::floor(std::sqrt(radius * radius - static_cast<double>(dy * dy)))));
        pixels += 2 * kernel.half_widths.back() + 1;
    }
    const cv::Mat gaussian = cv::getGaussianKernel(2 * kernel.soft + 1, sigma, CV_64F);
    for (int i = 0; i <= kernel.soft; ++i) {
        kernel.gaussian[static_cast<std::size_t>(i)] = static_cast<float>(gaussian.at<double>(kernel.soft + i));
    }
    const cv::Mat published = published_kernel(kernel, grid, sigma);
    kernel.scale = static_cast<float>(1.0 / pixels / 255.0);
    const int wide = kernel.margin();
    const cv::Mat composed = composed_kernel(kernel, wide, pixels);
    const double sum_ratio = cv::sum(published)[0];
    for (int dy = -wide; dy <= wide; ++dy) {
        for (int dx = -wide; dx <= wide; ++dx) {
            const bool on_grid = std::max(std::abs(dx), std::abs(dy)) <= grid;
            const double wanted = on_grid ? static_cast<double>(published.at<float>(grid + dy, grid + dx)) / sum_ratio : 0.0;
            const double missing = wanted - composed.at<double>(wide + dy, wide + dx);
            if (std::abs(missing) > 2e-7 / 4.0) kernel.corrections.push_back({dx, dy, static_cast<float>(missing / 255.0)});
        }
    }
    kernel.scale *= static_cast<float>(sum_ratio);
    for (auto& tap : kernel.corrections) tap.weight *= static_cast<float>(sum_ratio);
    return kernel;
}

int reflect_101(int i, int size) {
    while (i < 0 || i >= size) i = i < 0 ? -i : 2 * (size - 1) - i;
    return i;
}

// A channel with `margin` reflected pixels on each side.
struct Padded {
    std::size_t height, width;
    std::vector<float>& values;
};

}  // namespace

}  // namespace misfire
