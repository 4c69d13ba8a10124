// misfire_bench: what perturbing one image costs on one thread. Rows `perturb/<name>/<side>`; 1080 is 1920 x 1080.
// `parallel/<name>/224/real_time/threads:<n>` perturbs on n threads at once: items a second say how that scales.
// `calibration/224` is a filter of OpenCV on the same image: ratios to it carry from one machine to another.
// against_python.py makes a table of it all.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <opencv2/imgproc.hpp>
#include <string>

#include "perturbations/perturb.h"
#include "perturbations/registry.h"

namespace misfire {
namespace {

constexpr double severity = 3.0;

// Colourful octaves of waves with some fine grain: neither flat nor noise.
Image picture(int height, int width) {
    Image image(height, width, 3);
    std::vector<float> grain(image.size());
    Random(1).normal(grain, 0);
    for (std::size_t i = 0; i < image.size(); ++i) {
        const double x = static_cast<double>(i / 3 % static_cast<std::size_t>(width)) / width;
        const double y = static_cast<double>(i / 3 / static_cast<std::size_t>(width)) / height;
        double light = 110.0 + 40.0 * std::sin(3.0 * x + static_cast<double>(i % 3)) + 30.0 * std::cos(5.0 * y);
        for (int octave = 2; octave <= 32; octave *= 2)
            light += 60.0 / octave * std::sin(octave * (7.0 * x + 4.0 * y) + octave);
        image.pixels[i] =
            static_cast<std::uint8_t>(std::fmin(255.0, std::fmax(0.0, light + 6.0 * static_cast<double>(grain[i]))));
    }
    return image;
}

Image picture_of(int side) { return side == 1080 ? picture(1080, 1920) : picture(side, side); }

// The same for every unit, and dear to make.
const Image& shared_picture(int side) {
    static std::map<int, Image> pictures;
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    const auto found = pictures.find(side);
    return found != pictures.end() ? found->second : pictures.emplace(side, picture_of(side)).first->second;
}

void perturb_samples(benchmark::State& state, const Perturbation& unit, int side, std::uint64_t sample) {
    const Image& in = shared_picture(side);
    Image out;
    Scratch scratch;
    // Tables and textures are built and memory is taken before the clock runs.
    for (std::uint64_t warm = 0; warm < 12; ++warm) perturb(unit, in, out, severity, Random(warm), scratch);
    for (auto _ : state) {
        perturb(unit, in, out, severity, Random(++sample), scratch);
        benchmark::DoNotOptimize(out.pixels.data());
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(in.size()));
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}

void perturb_one(benchmark::State& state, const std::string& name, int side) {
    perturb_samples(state, *make_perturbation(name), side, 0);
}

// All threads share the unit, as the workers of a run do.
void perturb_in_parallel(benchmark::State& state, const std::shared_ptr<const Perturbation>& unit) {
    perturb_samples(state, *unit, 224, static_cast<std::uint64_t>(state.thread_index()) << 32);
}

void calibrate(benchmark::State& state) {
    Image in = shared_picture(224);
    const cv::Mat from(in.height, in.width, CV_8UC3, in.pixels.data());
    cv::Mat to;
    for (auto _ : state) {
        cv::GaussianBlur(from, to, cv::Size(), 2.0);
        benchmark::DoNotOptimize(to.data);
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(in.size()));
}

bool needs_options(const PerturbationInfo& info) {
    for (const Option& option : info.options) {
        if (option.required) return true;
    }
    return false;
}

void register_all() {
    benchmark::RegisterBenchmark("calibration/224", calibrate)->Unit(benchmark::kMillisecond);
    for (const PerturbationEntry& entry : perturbations()) {
        const PerturbationInfo info = entry.info();
        if (needs_options(info)) continue;  // frost differs from frost_synthetic in its pictures only
        for (const int side : {32, 64, 224, 1080}) {
            const std::string row = "perturb/" + info.name + "/" + std::to_string(side);
            benchmark::RegisterBenchmark(row.c_str(), perturb_one, info.name, side)->Unit(benchmark::kMillisecond);
        }
        const std::shared_ptr<const Perturbation> unit = make_perturbation(info.name);
        benchmark::RegisterBenchmark(("parallel/" + info.name + "/224").c_str(), perturb_in_parallel, unit)
            ->Unit(benchmark::kMillisecond)
            ->Threads(1)
            ->Threads(2)
            ->UseRealTime();
    }
}

}  // namespace
}  // namespace misfire

int main(int argc, char** argv) {
    cv::setNumThreads(1);
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
    misfire::register_all();
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}
