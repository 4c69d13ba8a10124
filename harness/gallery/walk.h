// The way of a pick from clean to broken in small steps: as a film, and as a strip for the page's slider.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/gallery/asked_again.h"
#include "harness/gallery/selections.h"
#include "harness/pictures/contact_sheet.h"

namespace misfire {

struct WalkStep {
    double severity = 0.0;
    std::string label;   // "2.4", "2020-03"
    std::string answer;  // "✗ dog 0.71"; between the run's levels without `again`: that of the level before, said so
    bool wrong = false;
    Image image;
};

// `steps` severities evenly from the reference to the last level (those of the run among them), or the levels of the
// run where the shift has none in between.
std::vector<WalkStep> make_walk(const PastRun& run, const AnswerPath& path, const Pick& pick, std::size_t steps,
                                const AskedAgain* again);

// An animated WebP: there and, after a moment, back.
std::vector<std::uint8_t> walk_film(const AnswerPath& path, const Pick& pick, const std::vector<WalkStep>& walk,
                                    const SheetTheme& theme);

// All steps below each other in one picture.
Image walk_strip(const std::vector<WalkStep>& walk);

}  // namespace misfire
