// Files that are whole or not there.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace misfire {

// Durable: on the disk before it gets its name.
enum class Durable { no, yes };

// Writes beside, then renames. Makes missing folders. Throws StoreError naming file and reason.
void write_whole_file(const std::filesystem::path& file, std::span<const std::uint8_t> bytes,
                      Durable durable = Durable::no);
void write_whole_file(const std::filesystem::path& file, const std::string& text, Durable durable = Durable::no);

}  // namespace misfire
