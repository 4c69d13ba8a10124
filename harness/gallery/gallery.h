// A gallery of a past run: contact sheets, posters, films, single pictures, a page and a table of what they show.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/gallery/past_run.h"
#include "harness/gallery/selections.h"
#include "harness/pictures/contact_sheet.h"

namespace misfire {

struct GalleryOptions {
    std::filesystem::path out;
    SelectionOptions selection;
    std::vector<std::string> models;  // names, empty: all
    std::vector<std::string> shifts;
    std::vector<std::string> levels;  // labels of the columns of sheets, empty: all of them, or some of many
    SheetTheme theme;
    std::optional<SheetPaper> paper;  // of posters; none without
    bool fixed_paper = false;         // the paper may not be turned round
    std::string paper_name;           // "a2"
    std::size_t films = 1;            // of each selection
    std::size_t sliders = 100;        // likewise; the picks beyond stand on the page as single pictures
    bool refine = false;              // ask the models again
    bool source_size = false;         // single pictures at the source's resolution besides, which no model saw
};

struct GalleryEnd {
    std::size_t picks = 0;
    std::vector<std::string> empty;       // "survivors: no shift broke any sample"
    std::vector<std::string> unreadable;  // "cat/1.png: cannot be read"
    std::vector<std::filesystem::path> sheets;
};

// Writes index.html, picks.csv, sheets/, posters/, films/, strips/ and pictures/ into options.out. The same run, data
// and options give the same files. Throws UsageError for a run of tables, DataError when a picture of a pick cannot be
// made and no other is left.
GalleryEnd make_gallery(const PastRun& run, const GalleryOptions& options);

}  // namespace misfire
