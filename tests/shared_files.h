// Reference outputs and real models live beside the checkout (../shared). A test that needs them starts with
//     MISFIRE_NEEDS("golden/deterministic.csv");
// which ends the test as skipped, with the missing path in the output, where they are not there.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <iostream>
#include <string>

namespace misfire::test {

inline std::filesystem::path shared(const std::string& relative) {
    return std::filesystem::path(MISFIRE_SHARED_DIR) / relative;
}

inline std::filesystem::path in_source(const std::string& relative) {
    return std::filesystem::path(MISFIRE_SOURCE_DIR) / relative;
}

}  // namespace misfire::test

#define MISFIRE_NEEDS(relative)                                                                            \
    do {                                                                                                   \
        if (!std::filesystem::exists(misfire::test::shared(relative))) {                                   \
            GTEST_SKIP() << "needs " << misfire::test::shared(relative).string() << ", which is not here"; \
        }                                                                                                  \
    } while (false)
