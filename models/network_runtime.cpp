#include "models/network_runtime.h"

#include <torch/version.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>

#include "core/error.h"
#include "core/nearest_name.h"

namespace misfire {

namespace {

std::shared_mutex& call_gate() {
    static std::shared_mutex gate;
    return gate;
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

struct EngineState {
    std::mutex mutex;
    std::condition_variable free;
    std::string current;
    int users = 0;
};

EngineState& engine_state() {
    static EngineState state;
    return state;
}

// LibTorch allocates and frees every activation. By default glibc gives blocks of this size back to the kernel each
// time, and the page faults of getting them again cost as much as the arithmetic: ResNet-20 on CIFAR-10 took 1.9 times
// as long. So freed memory is kept, up to a bound.
void keep_freed_memory() {
#if defined(__GLIBC__)
    mallopt(M_MMAP_THRESHOLD, 512 << 20);
    mallopt(M_TRIM_THRESHOLD, 512 << 20);
#endif
}

// The oneDNN inside LibTorch 1.13 corrupts the heap when a quantised program meets inputs of changing size on a
// processor with AMX tiles (seen with a MobileNetV2: "malloc(): unaligned tcache chunk detected"). One generation below
// there is no such fault, and int8 answers are those of processors without AMX. A value that the user set stays.
void keep_away_from_amx() { setenv("ONEDNN_MAX_CPU_ISA", "AVX512_CORE_VNNI", 0); }

}  // namespace

LibTorchCall::LibTorchCall() {
    thread_local bool prepared = false;
    if (!prepared) {
        const std::unique_lock alone(call_gate());
        static std::once_flag process_set;
        std::call_once(process_set, [] {
            keep_freed_memory();
            keep_away_from_amx();
        });
        default_engine();  // read before anything changes it
        at::set_num_threads(1);
        at::internal::lazy_init_num_threads();
        prepared = true;
    }
    inside_ = std::shared_lock(call_gate());
}

EngineTurn::EngineTurn(const std::string& engine) : held_(!engine.empty()) {
    if (!held_) return;
    const at::QEngine wanted = engine_named(engine);
    EngineState& state = engine_state();
    std::unique_lock lock(state.mutex);
    state.free.wait(lock, [&] { return state.users == 0 || state.current == engine; });
    if (state.current != engine) {
        at::globalContext().setQEngine(wanted);
        state.current = engine;
    }
    ++state.users;
}

EngineTurn::~EngineTurn() {
    if (!held_) return;
    EngineState& state = engine_state();
    const std::lock_guard lock(state.mutex);
    if (--state.users == 0) state.free.notify_all();
}

std::string default_engine() {
    static const std::string name = lower(c10::toString(at::globalContext().qEngine()));
    return name;
}

std::vector<std::string> quantised_engines() {
    std::vector<std::string> names{default_engine()};
    for (const at::QEngine engine : at::globalContext().supportedQEngines()) {
        const std::string name = lower(c10::toString(engine));
        if (engine != at::kNoQEngine && name != names.front()) names.push_back(name);
    }
    return names;
}

at::QEngine engine_named(const std::string& name) {
    for (const at::QEngine engine : at::globalContext().supportedQEngines()) {
        if (engine != at::kNoQEngine && lower(c10::toString(engine)) == name) return engine;
    }
    throw ModelError("there is no quantised engine `" + name + "` in this LibTorch " + libtorch_version() +
                     ". It has: " + joined(quantised_engines()) + ".");
}

std::vector<std::string> available_devices() {
    std::vector<std::string> names{"cpu"};
    for (int type = 1; type < static_cast<int>(c10::COMPILE_TIME_MAX_DEVICE_TYPES); ++type) {
        const auto device_type = static_cast<c10::DeviceType>(type);
        // "meta" and the like hold shapes only, and the fake back ends of LibTorch's own tests cannot run anything.
        if (device_type == c10::DeviceType::Meta || !c10::impl::hasDeviceGuardImpl(device_type)) continue;
        const auto count = c10::impl::getDeviceGuardImpl(device_type)->deviceCount();
        for (int index = 0; index < static_cast<int>(count); ++index) {
            names.push_back(c10::DeviceTypeName(device_type, true) + ":" + std::to_string(index));
        }
    }
    return names;
}

std::string quantised_engines_text() {
    std::vector<std::string> names = quantised_engines();
    names.front() += " (default)";
    return joined(names);
}

std::string devices_text() { return joined(available_devices()); }

torch::Device device_named(const std::string& name) {
    const std::vector<std::string> available = available_devices();
    for (const std::string& known : available) {
        if (name == known || name + ":0" == known) return torch::Device(name);
    }
    throw ModelError("there is no device `" + name + "` here. This LibTorch " + libtorch_version() + " can use: " +
                     joined(available) + ". For others, build against a LibTorch that has them (Torch_ROOT).");
}

std::string libtorch_version() {
    return std::to_string(TORCH_VERSION_MAJOR) + "." + std::to_string(TORCH_VERSION_MINOR) + "." +
           std::to_string(TORCH_VERSION_PATCH);
}

std::string engine_words(const std::exception& error) {
    const auto* own = dynamic_cast<const c10::Error*>(&error);
    std::string text = own != nullptr ? own->what_without_backtrace() : error.what();
    // A traceback of the TorchScript program comes before the reason, which starts with "RuntimeError: ".
    for (const std::string marker : {"RuntimeError: ", "torch.jit.Error: ", "AssertionError: "}) {
        if (const auto place = text.rfind(marker); place != std::string::npos)
            text = text.substr(place + marker.size());
    }
    text.erase(0, text.find_first_not_of(" \n\t"));
    if (const auto end = text.find('\n'); end != std::string::npos) text.erase(end);
    if (text.size() > 300) text = text.substr(0, 297) + "...";
    return text;
}

}  // namespace misfire
