// Programs that are run for their answer.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace misfire {

struct ChildResult {
    bool found = true;  // false: there is no such program on the PATH
    int exit_code = 0;  // 128 + signal where a signal ended it
    std::string out;
    std::string err;
};

// Runs a program with these arguments (no shell), without input, and collects what it prints. `tick` is called about
// five times a second meanwhile.
ChildResult run_program(const std::vector<std::string>& arguments, const std::function<void()>& tick);

}  // namespace misfire
