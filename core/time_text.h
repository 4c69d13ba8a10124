// Times as people write them.
#pragma once

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>

namespace misfire {

// UTC seconds since 1970-01-01 of `text` in a strptime format; nothing where it is of another form, or no day of the
// calendar (2019-02-30, which strptime takes).
inline std::optional<std::int64_t> parse_time(const std::string& text, const std::string& format = "%Y-%m-%d") {
    std::tm parts{};
    parts.tm_mday = 1;  // a format may go without the day
    const char* end = strptime(text.c_str(), format.c_str(), &parts);
    if (end == nullptr || *end != '\0') return std::nullopt;
    const std::tm written = parts;
    const std::time_t seconds = timegm(&parts);
    if (parts.tm_mday != written.tm_mday || parts.tm_mon != written.tm_mon) return std::nullopt;
    return seconds;
}

// The same of the usual forms: 2020-03-01, with a time 10:30 or 10:30:00 after a space or T, with Z behind.
inline std::optional<std::int64_t> parse_iso_time(const std::string& text) {
    for (const char* format : {"%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S",
                               "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M"}) {
        if (const std::optional<std::int64_t> time = parse_time(text, format)) return time;
    }
    return std::nullopt;
}

// Days since 1970-01-01 of a date written 2020-03-16.
inline std::optional<std::int64_t> parse_day(const std::string& text) {
    const std::optional<std::int64_t> seconds = parse_time(text);
    if (!seconds) return std::nullopt;
    return *seconds / 86400;
}

}  // namespace misfire
