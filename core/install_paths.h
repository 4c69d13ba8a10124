// Where shipped and downloaded files live. The program is relocatable: everything shipped is found from the executable.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace misfire {

// <prefix>/share/misfire for <prefix>/bin/misfire; MISFIRE_SHARE overrides. Holds zoo/models, zoo/data and scenarios.
inline std::filesystem::path share_folder() {
    if (const char* folder = std::getenv("MISFIRE_SHARE"); folder != nullptr && *folder != '\0') return folder;
    std::error_code ignored;
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", ignored);
    return program.parent_path().parent_path() / "share" / "misfire";
}

// What `misfire zoo get` writes: MISFIRE_DATA, or misfire/ in XDG_DATA_HOME, or ~/.local/share/misfire.
inline std::filesystem::path user_data_folder() {
    if (const char* folder = std::getenv("MISFIRE_DATA"); folder != nullptr && *folder != '\0') return folder;
    if (const char* folder = std::getenv("XDG_DATA_HOME"); folder != nullptr && *folder != '\0') {
        return std::filesystem::path(folder) / "misfire";
    }
    if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0') {
        return std::filesystem::path(home) / ".local" / "share" / "misfire";
    }
    return std::filesystem::path(".misfire");
}

// Folders that are searched for zoo:<name>, in order; each may hold models/ and data/.
inline std::vector<std::filesystem::path> zoo_folders() { return {share_folder() / "zoo", user_data_folder() / "zoo"}; }

}  // namespace misfire
