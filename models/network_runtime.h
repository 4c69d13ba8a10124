// How this process uses LibTorch: one thread per call, no profiling executor, quantised engines taking turns.
#pragma once

#include <condition_variable>
#include <exception>
#include <mutex>
#include <shared_mutex>
#include <string>

#include "models/network.h"
#include "models/torch_headers.h"

namespace misfire {

// Held during every call into LibTorch. A thread's first call fixes its intra-op threads at 1 (the setting is per
// thread) while no other thread is inside: LibTorch then replaces the pool that QNNPACK works with.
class LibTorchCall {
  public:
    LibTorchCall();

  private:
    std::shared_lock<std::shared_mutex> inside_;
    // The executor would otherwise profile the first calls and run later ones through another, specialised program.
    torch::jit::GraphOptimizerEnabledGuard as_written_{false};
};

// The quantised engine is one global of LibTorch, and operators look at it when they run. Calls of one engine run side
// by side, calls of different engines wait for each other, so that models of both can live in one process. "" (float
// models) waits for nobody.
class EngineTurn {
  public:
    explicit EngineTurn(const std::string& engine);
    ~EngineTurn();
    EngineTurn(const EngineTurn&) = delete;
    EngineTurn& operator=(const EngineTurn&) = delete;

  private:
    bool held_;
};

std::string default_engine();

// Throws ModelError listing the engines there are.
at::QEngine engine_named(const std::string& name);

// Throws ModelError listing the devices there are.
torch::Device device_named(const std::string& name);

// LibTorch's message without backtrace and TorchScript traceback, one line, at most 300 characters.
std::string engine_words(const std::exception& error);

}  // namespace misfire
