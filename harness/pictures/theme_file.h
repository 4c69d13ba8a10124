// Themes of sheets as YAML files: typography, spacing, palette.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/pictures/contact_sheet.h"

namespace misfire {

// Keys, all optional (what is not given is as in `plain`): font (family), title_size, label_size, caption_size,
// small_size, cell, gap, margin, widest_label (pixels at scale 1), paper, ink, faint, empty, accent ("#rrggbb").
// Throws UsageError naming file, key and what is allowed.
SheetTheme read_theme(const std::filesystem::path& file);

// A shipped theme by its name, or a file (.yaml). Throws UsageError with the nearest name.
SheetTheme find_theme(const std::string& name_or_file);

// Names of the shipped ones, ascending.
std::vector<std::string> theme_names();

}  // namespace misfire
