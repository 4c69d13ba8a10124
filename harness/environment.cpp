#include "harness/environment.h"

#include <sched.h>

#include <algorithm>
#include <fstream>
#include <opencv2/core/version.hpp>

#include "harness/version.h"
#include "models/torchscript.h"
#include "results/store.h"

namespace misfire {

std::string processor_name() {
    std::ifstream info("/proc/cpuinfo");
    for (std::string line; std::getline(info, line);) {
        if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
    }
    return "unknown";
}

std::string instruction_set() {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f")) return "avx512";
    if (__builtin_cpu_supports("avx2")) return "avx2";
    if (__builtin_cpu_supports("sse4.2")) return "sse4";
    return "x86-64";
#elif defined(__aarch64__)
    return "neon";
#else
    return "generic";
#endif
}

int processor_count() {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
    return 1;
}

std::map<std::string, std::string> library_versions() {
    return {{"misfire_version", version()}, {"source_sha256", source_sha256()}, {"libtorch", libtorch_version()},
            {"opencv", CV_VERSION},         {"hdf5", hdf5_version()},           {"cpu", processor_name()},
            {"isa", instruction_set()}};
}

std::string differences(const std::map<std::string, std::string>& before,
                        const std::map<std::string, std::string>& now) {
    std::string text;
    for (const auto& [key, value] : before) {
        const auto found = now.find(key);
        const std::string current = found == now.end() ? "missing" : found->second;
        if (current != value) text += (text.empty() ? "" : "; ") + key + " was " + value + ", is " + current;
    }
    for (const auto& [key, value] : now) {
        if (before.count(key) == 0) text += (text.empty() ? "" : "; ") + key + " is new";
    }
    return text;
}

}  // namespace misfire
