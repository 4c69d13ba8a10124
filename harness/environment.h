// The machine and libraries a run was made with: recorded in /environment, compared on resume.
#pragma once

#include <map>
#include <string>

namespace misfire {

std::string processor_name();   // "AMD EPYC 9R14"
std::string instruction_set();  // best of those that kernels are chosen by: avx512, avx2, sse4 ...
int processor_count();

// libtorch, opencv, hdf5, cpu, isa, misfire_version, source_sha256
std::map<std::string, std::string> library_versions();

// What differs between two records, for a message: "seed was 7, is 8; shift fog is new". "" when nothing does.
std::string differences(const std::map<std::string, std::string>& before,
                        const std::map<std::string, std::string>& now);

}  // namespace misfire
