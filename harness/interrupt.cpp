#include "harness/interrupt.h"

#include <unistd.h>

#include <cstring>

#include "harness/command_line.h"

namespace misfire {

namespace {

// What a signal handler may touch: no more than these.
std::atomic<bool> stop_requested{false};
std::atomic<const char*> stop_message{""};

extern "C" void on_interrupt(int) {
    if (stop_requested.exchange(true)) _exit(exit_interrupted);
    const char* message = stop_message.load();
    static_cast<void>(!write(2, message, std::strlen(message)));
}

}  // namespace

InterruptGuard::InterruptGuard(const char* message) {
    stop_requested = false;
    stop_message = message;
    struct sigaction action {};
    action.sa_handler = on_interrupt;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, &old_interrupt_);
    sigaction(SIGTERM, &action, &old_terminate_);
}

InterruptGuard::~InterruptGuard() {
    sigaction(SIGINT, &old_interrupt_, nullptr);
    sigaction(SIGTERM, &old_terminate_, nullptr);
}

const std::atomic<bool>& InterruptGuard::requested() const { return stop_requested; }

}  // namespace misfire
