// One frame of a walk from clean to broken: the picture, what is answered, how far along it is.
#pragma once

#include <string>

#include "core/image.h"
#include "harness/pictures/contact_sheet.h"

namespace misfire {

struct WalkFrame {
    std::string title;         // "fog 2.4"
    std::string answer;        // "✗ dog 0.71"
    bool broken = false;       // drawn in the accent colour
    double at = 0.0;           // place on the way, 0 to 1
    double break_from = -1.0;  // the part of the way in which the answer breaks; below 0: nowhere
    double break_to = -1.0;
};

// Of the same size for pictures of the same size, whatever the texts are.
Image draw_walk_frame(const Image& picture, const WalkFrame& frame, const SheetTheme& theme);

}  // namespace misfire
