#include "cli/program.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace misfire::test {

namespace fs = std::filesystem;

namespace {

// Replaces the child by the command; never returns.
[[noreturn]] void become(const std::vector<std::string>& command, const ProgramOptions& options) {
    if (!options.folder.empty() && chdir(options.folder.c_str()) != 0) _exit(126);
    for (const auto& [name, value] : options.environment) setenv(name.c_str(), value.c_str(), 1);
    if (options.in_child) options.in_child();
    std::vector<char*> words;
    for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    execvp(words[0], words.data());
    _exit(127);
}

}  // namespace

Finished run_program(const std::vector<std::string>& command, const ProgramOptions& options) {
    const TemporaryFolder captured;
    const fs::path out = captured / "out";
    const fs::path err = captured / "err";
    // Files opened before the child gives up privileges or gets a file size limit of its own.
    const int out_file = open(out.c_str(), O_CREAT | O_WRONLY, 0644);
    const int err_file = open(err.c_str(), O_CREAT | O_WRONLY, 0644);
    const pid_t child = fork();
    if (child == 0) {
        const int null_file = open("/dev/null", O_RDONLY);
        dup2(null_file, 0);
        dup2(out_file, 1);
        dup2(err_file, 2);
        become(command, options);
    }
    close(out_file);
    close(err_file);
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child) throw std::runtime_error("cannot start " + command.front());
    return {WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status), read_file(out), read_file(err)};
}

Finished misfire(std::vector<std::string> arguments, const ProgramOptions& options) {
    arguments.insert(arguments.begin(), MISFIRE_BINARY);
    return run_program(arguments, options);
}

int start_misfire(const std::vector<std::string>& arguments, const fs::path& folder) {
    std::vector<std::string> command = arguments;
    command.insert(command.begin(), MISFIRE_BINARY);
    const pid_t child = fork();
    if (child == 0) {
        const int null_file = open("/dev/null", O_RDWR);
        for (const int descriptor : {0, 1, 2}) dup2(null_file, descriptor);
        ProgramOptions options;
        options.folder = folder;
        become(command, options);
    }
    return child;
}

TemporaryFolder::TemporaryFolder() {
    std::string name = (fs::temp_directory_path() / "misfire-test-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
    path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

void write_file(const fs::path& path, const std::string& text) {
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
}

std::string read_file(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

std::string difference_of_results(const fs::path& a, const fs::path& b) {
    const Finished diff = run_program({"h5diff", "--nan", "--exclude-path", "/environment", a.string(), b.string()});
    const Finished listed =
        run_program({"h5diff", "--nan", "--report", "--exclude-path", "/environment", a.string(), b.string()});
    return diff.code == 0 ? "" : "h5diff ends with " + std::to_string(diff.code) + ":\n" + listed.out + listed.err;
}

}  // namespace misfire::test
