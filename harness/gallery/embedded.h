// Files that are compiled into the program: style and script of a gallery's page. cmake/EmbedFiles.cmake writes the
// source.
#pragma once

#include <string_view>

namespace misfire {

// Contents of a file by its name without folder; it must be one of those that harness/CMakeLists.txt lists.
std::string_view embedded_file(std::string_view name);

}  // namespace misfire
