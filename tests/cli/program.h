// Runs the misfire program as a user would and looks at what it says.
#pragma once

#include <sys/resource.h>

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace misfire::test {

struct Finished {
    int code = -1;  // exit code, or 128 + signal
    std::string out;
    std::string err;
};

struct ProgramOptions {
    std::filesystem::path
        folder;  // working directory; empty: a fresh temporary one is not made, the current one is used
    std::map<std::string, std::string> environment;  // added to ours
    std::function<void()> in_child;                  // called between fork and exec: rlimits, user id
};

// Runs `program` to its end.
Finished run_program(const std::vector<std::string>& command, const ProgramOptions& options = {});

// The same with the misfire of this build in front.
Finished misfire(std::vector<std::string> arguments, const ProgramOptions& options = {});

// Starts misfire with output discarded; the caller kills and reaps it.
int start_misfire(const std::vector<std::string>& arguments, const std::filesystem::path& folder);

// A folder of this test that is removed with all it holds.
class TemporaryFolder {
  public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

  private:
    std::filesystem::path path_;
};

void write_file(const std::filesystem::path& path, const std::string& text);
std::string read_file(const std::filesystem::path& path);

// "" when both results.h5 hold the same, /environment aside; otherwise what h5diff says.
std::string difference_of_results(const std::filesystem::path& a, const std::filesystem::path& b);

}  // namespace misfire::test
