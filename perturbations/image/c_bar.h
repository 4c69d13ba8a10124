// What the corruptions of ImageNet-C-bar share. Their only parameter t is the severity of the paper, 0..10; every
// strength is a share of its largest value: t * largest / 10. Positions and lengths are fractions of the image's side:
// where the paper's images are square, lengths follow the shorter side here, positions the real height and width.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "perturbations/image/published_unit.h"

namespace misfire {

inline constexpr const char* c_bar_reference =
    "Mintun, Kirillov and Xie, On Interaction Between Augmentations and Corruptions in Natural Corruption Robustness, "
    "NeurIPS 2021; github.com/facebookresearch/augmentation-corruption at c7d90e3";

// Metadata of a unit; `cifar` is empty where CIFAR-10-C-bar does not have the corruption.
inline PerturbationInfo c_bar_info(std::string name, int order, std::string meaning, std::vector<double> imagenet,
                                   std::vector<double> cifar = {}, double identity = 0.0) {
    PerturbationInfo info;
    info.name = std::move(name);
    info.category = "c-bar";
    info.groups = {"imagenet-c-bar"};
    info.published_order = 100 + order;
    info.parameters = {{.name = "t",
                        .unit = "1",
                        .meaning = std::move(meaning),
                        .identity = identity,
                        .published = {{"224", std::move(imagenet)}}}};
    if (!cifar.empty()) {
        info.groups.emplace_back("cifar-c-bar");
        info.parameters[0].published["32"] = std::move(cifar);
    }
    info.options = {parameter_set_option(info.parameters)};
    info.reference = c_bar_reference;
    return info;
}

inline double strength(double t, double largest) { return t * largest / 10.0; }

inline int shorter_side(const Image& image) { return std::min(image.height, image.width); }

}  // namespace misfire
