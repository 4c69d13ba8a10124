// What the corruptions that only CIFAR-10-C-bar has share: one strength t in 0..10, from which each of them takes its
// amounts as t * most / 10.
#pragma once

#include <initializer_list>
#include <string>

#include "core/perturbation.h"

namespace misfire {

inline constexpr const char* cifar_c_bar_reference =
    "Mintun, Kirillov and Xie, On Interaction Between Augmentations and Corruptions in Natural Corruption Robustness, "
    "NeurIPS 2021; github.com/facebookresearch/augmentation-corruption at c7d90e3";

inline Parameter cifar_c_bar_strength(std::initializer_list<double> levels) {
    return {.name = "t",
            .unit = "1",
            .meaning = "strength 0..10 of the paper; every amount is this, times its largest value, over 10",
            .identity = 0.0,
            .published = {{"32", levels}}};
}

// For those whose formula changes the picture even at t = 0.
inline Parameter cifar_c_bar_error_share(const char* what_fades) {
    return {.name = "error_share",
            .unit = "fraction",
            .meaning = std::string("share of the change that is kept; below severity 1 it fades out ") + what_fades,
            .identity = 0.0,
            .published = {{"32", {1, 1, 1, 1, 1}}}};
}

}  // namespace misfire
