// What scores cost, as ratios within one process: inference of a model with all scores of logits and features against
// inference alone, over alternating micro-batches of the same images; and neighbours in a bank of 50,000 x 64.
//
//     misfire_scores_bench [model=zoo:cifar10_resnet20] [images=10000] [threads=2] [fit=1000] [rounds=3]
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <iostream>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/random.h"
#include "core/score_settings.h"
#include "models/scores/model_scores.h"
#include "models/scores/neighbours.h"
#include "models/scores/registry.h"
#include "models/torchscript.h"
#include "models/zoo.h"

namespace misfire {
namespace {

double seconds_of(const auto& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

constexpr std::size_t batch = 64;

std::vector<float> made_up(std::size_t count, std::uint64_t key) {
    std::vector<float> values(count);
    Random(key).normal(values, 0);
    return values;
}

// Waves of random direction, length, phase and contrast under some noise: pictures that differ from each other.
std::vector<float> pictures(const ModelInfo& info, std::size_t count, std::uint64_t key) {
    const auto height = static_cast<std::size_t>(info.input_height), width = static_cast<std::size_t>(info.input_width);
    const std::size_t planes = count * static_cast<std::size_t>(info.tensor.channels);
    std::vector<float> values = made_up(planes * height * width, key), draws(5 * planes);
    Random(key).uniform(draws, 1);
    for (std::size_t p = 0; p < planes; ++p) {
        const float* d = draws.data() + 5 * p;
        for (std::size_t i = 0; i < height * width; ++i) {
            const float phase =
                6.3F * d[0] + 12.0F * (d[1] * static_cast<float>(i / width) / static_cast<float>(height) +
                                       d[2] * static_cast<float>(i % width) / static_cast<float>(width));
            float& value = values[p * height * width + i];
            value = 3.0F * d[3] - 1.5F + 2.0F * d[4] * std::sin(phase) + 0.2F * value;
        }
    }
    return values;
}

std::vector<ScoreSpec> specs(bool features) {
    std::vector<ScoreSpec> list;
    for (const ScoreEntry* entry : all_scores()) {
        if (entry->info.gradient || (entry->info.features && !features)) continue;
        list.push_back({entry->info.name, entry->info.name, score_settings(entry->info, {})});
    }
    return list;
}

void compare_with_inference(const Model& model, std::size_t images, std::size_t fit_size, int rounds) {
    const int height = model.info().input_height, width = model.info().input_width;
    ModelScores scores(model, specs(true));
    Outputs fit;
    std::vector<std::int32_t> labels(fit_size);
    for (std::size_t i = 0; i < fit_size; ++i)
        labels[i] = static_cast<std::int32_t>(i % static_cast<std::size_t>(model.info().classes));
    fit = model.predict(pictures(model.info(), fit_size, 1), static_cast<std::int64_t>(fit_size), height, width, true);
    scores.fit(fit, labels);
    const std::vector<float> input = pictures(model.info(), batch, 2);
    const std::size_t batches = (images + batch - 1) / batch;
    const auto infer = [&](bool scored) {
        const Outputs outputs = model.predict(input, static_cast<std::int64_t>(batch), height, width, scored);
        if (scored) static_cast<void>(scores.score(outputs, input, height, width));
    };
    for (int round = 0; round < rounds; ++round) {
        double plain = 0.0, with = 0.0;
        // In turns of a few batches each, so that a neighbour on the machine disturbs both alike.
        constexpr std::size_t turn = 8;
        for (std::size_t first = 0; first < batches; first += turn) {
            const std::size_t count = std::min(turn, batches - first);
            const auto all = [&](bool scored) {
                return seconds_of(
                    [&] { tbb::parallel_for(std::size_t{0}, count, [&](std::size_t) { infer(scored); }); });
            };
            plain += all(false);
            with += all(true);
        }
        std::cout << model.info().name << ", " << images << " images, fit set " << fit_size << ", "
                  << scores.states().size() << " scores: inference " << plain << " s, with scores " << with
                  << " s, ratio " << with / plain << "\n";
    }
}

void each_score(const Model& model, std::size_t fit_size) {
    const int height = model.info().input_height, width = model.info().input_width;
    const Outputs fit =
        model.predict(pictures(model.info(), fit_size, 1), static_cast<std::int64_t>(fit_size), height, width, true);
    std::vector<std::int32_t> labels(fit_size);
    for (std::size_t i = 0; i < fit_size; ++i)
        labels[i] = static_cast<std::int32_t>(i % static_cast<std::size_t>(model.info().classes));
    const std::vector<float> input = pictures(model.info(), batch, 2);
    const Outputs outputs = model.predict(input, static_cast<std::int64_t>(batch), height, width, true);
    for (const ScoreSpec& spec : specs(true)) {
        ModelScores scores(model, {spec});
        scores.fit(fit, labels);
        constexpr int repeats = 50;
        const double seconds = seconds_of([&] {
            for (int i = 0; i < repeats; ++i) static_cast<void>(scores.score(outputs, input, height, width));
        });
        std::cout << "  " << spec.name << ": " << 1e6 * seconds / (repeats * static_cast<double>(batch))
                  << " microseconds a sample\n";
    }
}

void find_neighbours(int rounds, int threads) {
    constexpr std::size_t rows = 50'000, depth = 64, queries = 4096, k = 50;
    std::vector<float> bank = made_up(rows * depth, 3);
    for (std::size_t r = 0; r < rows; ++r) {
        double squares = 0.0;
        for (std::size_t d = 0; d < depth; ++d)
            squares += static_cast<double>(bank[r * depth + d] * bank[r * depth + d]);
        for (std::size_t d = 0; d < depth; ++d) bank[r * depth + d] /= static_cast<float>(std::sqrt(squares));
    }
    const NeighbourBank finder(bank, depth, std::vector<double>(rows, -0.5));
    const std::vector<float> asked = made_up(queries * depth, 4);
    for (int round = 0; round < rounds; ++round) {
        const std::clock_t worked = std::clock();
        const double seconds = seconds_of([&] {
            tbb::parallel_for(std::size_t{0}, queries / batch, [&](std::size_t b) {
                static_cast<void>(finder.largest(std::span(asked).subspan(b * batch * depth, batch * depth), k));
            });
        });
        // On a machine that others use, too, the second number says what its processors would do if they did not.
        const double processor_seconds = static_cast<double>(std::clock() - worked) / CLOCKS_PER_SEC;
        std::cout << "neighbour " << k << " of " << rows << " x " << depth << ": "
                  << static_cast<double>(queries) / seconds << " queries a second, "
                  << static_cast<double>(queries * static_cast<std::size_t>(threads)) / processor_seconds
                  << " by processor time of " << threads << "\n";
    }
}

int main_of(const std::vector<std::string>& words) {
    const auto word = [&](std::size_t i, const char* otherwise) { return words.size() > i ? words[i] : otherwise; };
    const int threads = std::stoi(word(3, "2")), rounds = std::stoi(word(5, "3"));
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(threads));
    const std::unique_ptr<Model> model = load_model(resolve_model(word(1, "zoo:cifar10_resnet20")), {});
    const std::size_t fit_size = std::stoul(word(4, "1000"));
    compare_with_inference(*model, std::stoul(word(2, "10000")), fit_size, rounds);
    each_score(*model, fit_size);
    find_neighbours(rounds, threads);
    return 0;
}

}  // namespace
}  // namespace misfire

int main(int argc, char** argv) {
    try {
        return misfire::main_of({argv, argv + argc});
    } catch (const misfire::Error& error) {
        std::cerr << "misfire_scores_bench: " << error.what() << "\n";
        return 2;
    }
}
