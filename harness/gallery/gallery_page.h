// The page of a gallery: selections with a severity slider for each pick. Its pictures lie beside it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "harness/pictures/contact_sheet.h"

namespace misfire {

struct PageStep {
    std::string label;
    std::string answer;
    bool wrong = false;
};

struct PageWalk {
    std::string title;  // "cat · 12.png, fog, resnet20"
    std::string why;
    std::string strip;  // file of the steps below each other; "" for a single picture
    int width = 0;      // of one step, pixels
    int height = 0;
    std::vector<PageStep> steps;
    std::size_t shown = 0;  // step that stands there first
    std::string picture;    // file of the single picture, lossless
    std::string film;       // file, "" where there is none
};

struct PageSelection {
    std::string name;
    std::string title;
    std::string meaning;
    std::string empty;                // why there is nothing
    std::vector<std::string> sheets;  // files
    std::vector<PageWalk> walks;
    std::string image = {};  // file shown as it is, "" for none
};

struct GalleryPage {
    std::string title;
    std::string footer;
    bool incomplete = false;
    std::vector<PageSelection> selections;
};

// HTML that asks for nothing but the files named in it, relative to its own folder.
std::string gallery_html(const GalleryPage& page, const SheetTheme& theme);

}  // namespace misfire
