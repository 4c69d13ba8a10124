// Files that are compiled into the program: the page's own parts, and D3. cmake/EmbedFiles.cmake writes the source.
#pragma once

#include <string_view>

namespace misfire::report {

// Contents of a file by its name without folder; it must be one of those that results/CMakeLists.txt lists.
std::string_view embedded_file(std::string_view name);

}  // namespace misfire::report
