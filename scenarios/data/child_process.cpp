#include "scenarios/data/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "core/error.h"

namespace misfire {

namespace {

constexpr int tick_milliseconds = 200;

class Pipe {
  public:
    Pipe() {
        if (::pipe2(ends_.data(), O_CLOEXEC) != 0)
            throw InternalError(std::string("No pipe could be made: ") + std::strerror(errno));
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    ~Pipe() {
        close_writer();
        ::close(ends_[0]);
    }
    int reader() const { return ends_[0]; }
    int writer() const { return ends_[1]; }
    void close_writer() {
        if (ends_[1] >= 0) ::close(ends_[1]);
        ends_[1] = -1;
    }

  private:
    std::array<int, 2> ends_{-1, -1};
};

void collect(Pipe& out, Pipe& err, ChildResult& result, const std::function<void()>& tick) {
    std::array<pollfd, 2> waits = {pollfd{out.reader(), POLLIN, 0}, pollfd{err.reader(), POLLIN, 0}};
    const std::array<std::string*, 2> texts = {&result.out, &result.err};
    while (waits[0].fd >= 0 || waits[1].fd >= 0) {
        if (::poll(waits.data(), waits.size(), tick_milliseconds) < 0 && errno != EINTR) break;
        tick();
        for (std::size_t i = 0; i < waits.size(); ++i) {
            if (waits[i].fd < 0 || (waits[i].revents & (POLLIN | POLLHUP | POLLERR)) == 0) continue;
            std::array<char, 4096> buffer{};
            const ssize_t count = ::read(waits[i].fd, buffer.data(), buffer.size());
            if (count > 0)
                texts[i]->append(buffer.data(), static_cast<std::size_t>(count));
            else if (count == 0 || errno != EINTR)
                waits[i].fd = -1;
        }
    }
}

}  // namespace

ChildResult run_program(const std::vector<std::string>& arguments, const std::function<void()>& tick) {
    std::vector<std::string> owned = arguments;
    std::vector<char*> argv;
    for (std::string& argument : owned) argv.push_back(argument.data());
    argv.push_back(nullptr);
    Pipe out;
    Pipe err;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out.writer(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, err.writer(), STDERR_FILENO);
    pid_t child = 0;
    const int error = ::posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ChildResult result;
    if (error != 0) {
        result.found = false;
        result.err = std::strerror(error);
        return result;
    }
    out.close_writer();
    err.close_writer();
    collect(out, err, result, tick);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return result;
}

}  // namespace misfire
