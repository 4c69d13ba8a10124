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

// What can be made again: cache/ in MISFIRE_DATA, or misfire/ in XDG_CACHE_HOME, or ~/.cache/misfire.
inline std::filesystem::path user_cache_folder() {
    const auto named = [](const char* variable) {
        const char* folder = std::getenv(variable);
        return std::filesystem::path(folder == nullptr ? "" : folder);
    };
    if (!named("MISFIRE_DATA").empty()) return named("MISFIRE_DATA") / "cache";
    if (!named("XDG_CACHE_HOME").empty()) return named("XDG_CACHE_HOME") / "misfire";
    if (!named("HOME").empty()) return named("HOME") / ".cache" / "misfire";
    return std::filesystem::path(".misfire") / "cache";
}

// Folders that are searched for zoo:<name>, in order; each may hold models/ and data/.
inline std::vector<std::filesystem::path> zoo_folders() { return {share_folder() / "zoo", user_data_folder() / "zoo"}; }

}  // namespace misfire
