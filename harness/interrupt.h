// Ctrl-C: the first asks to stop at the next safe point, the second leaves at once.
#pragma once

#include <atomic>
#include <csignal>

namespace misfire {

// Catches SIGINT and SIGTERM while it lives; one at a time. The first signal sets requested() and prints `message` (a
// string literal) to stderr; another ends the program with exit code 130.
class InterruptGuard {
  public:
    explicit InterruptGuard(const char* message);
    ~InterruptGuard();
    InterruptGuard(const InterruptGuard&) = delete;
    InterruptGuard& operator=(const InterruptGuard&) = delete;

    const std::atomic<bool>& requested() const;

  private:
    struct sigaction old_interrupt_ {};
    struct sigaction old_terminate_ {};
};

}  // namespace misfire
