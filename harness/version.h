#pragma once

#include <string>

namespace misfire {

std::string version();        // "0.1.0"
std::string source_sha256();  // of the sources this program was built from: tells two builds of one version apart

}  // namespace misfire
