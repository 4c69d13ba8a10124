// How many samples a gate needs: trials over real answers of two models, and over made-up ones whose truth is known.
//
// usage: misfire_gate_power <results.h5> <model> <other model> [trials]
//
// The first part takes the answers of a run of two models over the same samples (the ResNets of CIFAR-10, say). In each
// trial, a subset of the samples is drawn; of every sample one of the two models, by a coin, answers as the baseline
// and the other as the candidate, in all cells. So both are equally good, with the disagreement and the correlation
// between cells of real models: whatever is red is red without a reason. The second part lowers the candidate: of a
// share of the samples every shifted answer is made wrong, which keeps the correlation between cells at its worst. The
// third part makes candidates of one model whose answers differ at a given share (the discordance) by luck alone.
//
// Prints Markdown. The decision is the product's: difference_interval() of the pooled `accuracy.area`, tail 1 % (the
// gate with one statement), and 1 % over 31 statements (every area and cell as well).
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "core/random.h"
#include "results/checks/evaluate_checks.h"
#include "results/compare/difference.h"
#include "results/compare/sample_weights.h"
#include "results/curves.h"
#include "results/results_file.h"

namespace {

using namespace misfire;

// [cell][sample]; the first cell is the clean one, then the levels of each curve.
struct Answers {
    std::vector<std::vector<double>> cells;
    std::size_t samples = 0;
};

struct Layout {
    std::vector<std::vector<double>> levels;       // of each curve, with the clean level
    std::vector<std::vector<std::size_t>> places;  // cells of each curve; 0 is the clean one
};

double chance(std::uint64_t trial, std::uint64_t stream, std::uint64_t index) {
    return static_cast<double>(KeyHash().add(trial).add(stream).add(index).value() >> 11) * 0x1.0p-53;
}

Answers read_answers(const ResultsFile& file, std::size_t model, Layout& layout) {
    const std::vector<Cell> cells = cells_of(file.record());
    Answers answers;
    answers.samples = file.record().sample_ids.size();
    const auto take = [&](const Cell& cell) {
        std::vector<double> column;
        for (const std::int8_t right : file.correct(cell.name)) column.push_back(right == 1 ? 1.0 : 0.0);
        answers.cells.push_back(std::move(column));
        return answers.cells.size() - 1;
    };
    layout = {};
    for (std::size_t s = 0; s < file.record().shifts.size(); ++s) {
        layout.levels.emplace_back();
        layout.places.emplace_back();
        for (const std::size_t c : curve_cells(file.record(), cells, model, s)) {
            const bool clean = cells[c].shift == clean_shift;
            layout.levels.back().push_back(cells[c].level);
            layout.places.back().push_back(clean && !answers.cells.empty() ? 0 : take(cells[c]));
        }
    }
    return answers;
}

// Mean over the curves of the retained area, from the mean of each cell; `clean`: accuracy that 1 stands for, that of
// the baseline on both sides.
double pooled_area(const Layout& layout, const std::vector<double>& means, double clean) {
    double sum = 0.0;
    for (std::size_t s = 0; s < layout.levels.size(); ++s) {
        std::vector<double> values;
        for (const std::size_t place : layout.places[s]) values.push_back(means[place]);
        sum += area({layout.levels[s], values, {}, {}, clean, Direction::higher_is_better});
    }
    return sum / static_cast<double>(layout.levels.size());
}

std::vector<double> cell_means(const Answers& answers, const std::vector<std::uint8_t>* weights) {
    std::vector<double> means;
    for (const std::vector<double>& cell : answers.cells) {
        double sum = 0.0, count = 0.0;
        for (std::size_t i = 0; i < cell.size(); ++i) {
            const double weight = weights == nullptr ? 1.0 : static_cast<double>((*weights)[i]);
            sum += weight * cell[i];
            count += weight;
        }
        means.push_back(sum / count);
    }
    return means;
}

// Area of both sides with bootstrap draws, as CurvePair takes them.
PairedNumber paired_area(const Layout& layout, const Answers& first, const Answers& second, std::uint64_t key,
                         int draws) {
    PairedNumber number;
    number.n = static_cast<std::int64_t>(first.samples);
    const std::vector<double> means = cell_means(first, nullptr);
    number.first = pooled_area(layout, means, means.front());
    number.second = pooled_area(layout, cell_means(second, nullptr), means.front());
    const Resampling resampling(key, first.samples);
    std::vector<std::int32_t> whole(first.samples);
    std::vector<std::uint8_t> weights(first.samples);
    for (int r = 0; r < draws; ++r) {
        resampling.weights(static_cast<std::uint32_t>(r), whole);
        for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = static_cast<std::uint8_t>(whole[i]);
        const std::vector<double> drawn = cell_means(first, &weights);
        number.first_draws.push_back(pooled_area(layout, drawn, drawn.front()));
        number.second_draws.push_back(pooled_area(layout, cell_means(second, &weights), drawn.front()));
    }
    return number;
}

struct Tally {
    int trials = 0;
    int alone = 0;  // red with one statement
    int among = 0;  // ... with 31
    double discordance = 0.0;
    double drop = 0.0;
};

constexpr int draws_per_trial = 300;  // enough for a standard error; the product takes 1000
constexpr double statements = 31.0;

void count(Tally& tally, const Layout& layout, const Answers& first, const Answers& second, std::uint64_t key) {
    const PairedNumber number = paired_area(layout, first, second, key, draws_per_trial);
    ++tally.trials;
    tally.alone += difference_interval(number, gate_level).high < 0.0 ? 1 : 0;
    tally.among += difference_interval(number, gate_level / statements).high < 0.0 ? 1 : 0;
    tally.drop += number.first - number.second;
    double differ = 0.0, all = 0.0;
    for (std::size_t c = 0; c < first.cells.size(); ++c) {
        for (std::size_t i = 0; i < first.samples; ++i) {
            differ += first.cells[c][i] != second.cells[c][i] ? 1.0 : 0.0;
            all += 1.0;
        }
    }
    tally.discordance += differ / all;
}

double area_of_model(const Layout& layout, const Answers& answers) {
    const std::vector<double> means = cell_means(answers, nullptr);
    return pooled_area(layout, means, means.front());
}

// A subset of the samples in which both models answer under each name equally often, and of which `hurt` are lost.
Tally real_trials(const Layout& layout, const Answers& a, const Answers& b, std::size_t samples, double drop,
                  int trials) {
    Tally tally;
    const double lost = drop / area_of_model(layout, a);
    for (int t = 0; t < trials; ++t) {
        const auto trial = static_cast<std::uint64_t>(t + 1);
        std::vector<std::pair<double, std::size_t>> order;
        for (std::size_t i = 0; i < a.samples; ++i) order.emplace_back(chance(trial, 1, i), i);
        std::nth_element(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(samples - 1), order.end());
        Answers first, second;
        first.samples = second.samples = samples;
        first.cells.assign(a.cells.size(), std::vector<double>(samples));
        second.cells = first.cells;
        for (std::size_t k = 0; k < samples; ++k) {
            const std::size_t i = order[k].second;
            const bool swapped = chance(trial, 2, i) < 0.5;
            const bool hurt = chance(trial, 3, i) < lost;
            for (std::size_t c = 0; c < a.cells.size(); ++c) {
                first.cells[c][k] = (swapped ? b : a).cells[c][i];
                second.cells[c][k] = hurt && c > 0 ? 0.0 : (swapped ? a : b).cells[c][i];
            }
        }
        count(tally, layout, first, second, trial);
    }
    return tally;
}

// One real model and itself with answers of which `discordance` differ by luck: flips that go both ways equally often.
Tally made_trials(const Layout& layout, const Answers& a, std::size_t samples, double drop, double discordance,
                  int trials) {
    Tally tally;
    const double lost = drop / area_of_model(layout, a);
    for (int t = 0; t < trials; ++t) {
        const auto trial = static_cast<std::uint64_t>(t + 1000);
        Answers first, second;
        first.samples = second.samples = samples;
        first.cells.assign(a.cells.size(), std::vector<double>(samples));
        second.cells = first.cells;
        for (std::size_t k = 0; k < samples; ++k) {
            const auto i = static_cast<std::size_t>(chance(trial, 1, k) * static_cast<double>(a.samples));
            // Half of the luck is of the sample, in all cells at once, half of the cell.
            const bool own = chance(trial, 2, k) < 0.5 * discordance;
            const bool hurt = chance(trial, 3, k) < lost;
            const bool turn = chance(trial, 4, k) < 0.5;
            for (std::size_t c = 0; c < a.cells.size(); ++c) {
                const double answer = a.cells[c][i];
                const bool flip = own || chance(trial, 5 + c, k) < 0.5 * discordance;
                const bool of_second = own ? turn : chance(trial, 500 + c, k) < 0.5;
                first.cells[c][k] = flip && !of_second ? 1.0 - answer : answer;
                second.cells[c][k] = hurt && c > 0 ? 0.0 : flip && of_second ? 1.0 - answer : answer;
            }
        }
        count(tally, layout, first, second, trial);
    }
    return tally;
}

void print(const char* what, std::size_t samples, double drop, const Tally& tally) {
    const Bounds alone = wilson_interval(tally.alone, tally.trials);
    const double trials = static_cast<double>(tally.trials);
    std::printf("| %s | %zu | %.1f | %.1f | %.1f %% | %.1f %% | %.1f to %.1f %% |\n", what, samples, 100.0 * drop,
                100.0 * tally.discordance / trials, 100.0 * tally.alone / trials, 100.0 * tally.among / trials,
                100.0 * alone.low, 100.0 * alone.high);
    std::fflush(stdout);
}

}  // namespace

int main(int count_of_words, char** words) {
    if (count_of_words < 4) {
        std::fprintf(stderr, "usage: misfire_gate_power <results.h5> <model> <other model> [trials]\n");
        return 2;
    }
    const ResultsFile file(words[1]);
    const int trials = count_of_words > 4 ? std::atoi(words[4]) : 200;
    std::size_t models[2] = {0, 0};
    for (std::size_t m = 0; m < file.record().models.size(); ++m) {
        for (const int side : {0, 1}) {
            if (file.record().models[m].name == words[2 + side]) models[side] = m;
        }
    }
    Layout layout;
    const Answers a = read_answers(file, models[0], layout);
    const Answers b = read_answers(file, models[1], layout);
    std::printf("%zu samples, %zu cells, area %.3f and %.3f, %d trials\n\n", a.samples, a.cells.size(),
                area_of_model(layout, a), area_of_model(layout, b), trials);
    std::printf(
        "| answers | samples | true drop | discordance, %% | red, 1 statement | red, 31 | 95 %% interval |\n"
        "|---|---:|---:|---:|---:|---:|---:|\n");
    for (const double drop : {0.0, 0.02})
        print("two models", 1000, drop, real_trials(layout, a, b, 1000, drop, trials));
    for (const std::size_t samples : {std::size_t{250}, std::size_t{500}, std::size_t{1000}, std::size_t{2000}}) {
        for (const double discordance : {0.02, 0.05, 0.15}) {
            for (const double drop : {0.0, 0.01, 0.02, 0.05})
                print("one model", samples, drop, made_trials(layout, a, samples, drop, discordance, trials));
        }
    }
    return 0;
}
