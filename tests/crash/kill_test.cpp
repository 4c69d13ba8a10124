// kill -9 at random moments, interrupts, threads, blocks, order: results.h5 is always that of an undisturbed run,
// /environment aside.
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>
#include <thread>

#include "cli/program.h"

namespace misfire::test {
namespace {

const char* const scenario =
    "models: [zoo:fashion_resnet, zoo:fashion_resnet_int8]\n"
    "data: {zoo: fashion_test, groups: [class]}\n"
    "limit: 300\nblock: 64\nkeep: [logits]\n"
    "shifts: {perturb: [gaussian_noise, contrast], severities: 1-5}\n"
    "metrics: [accuracy, worst_group_accuracy, nll, ece, flip_rate]\n";

class Disturbed : public testing::Test {
  protected:
    void SetUp() override {
        write_file(folder_ / "s.yaml", scenario);
        const auto start = std::chrono::steady_clock::now();
        const Finished whole = misfire({"run", "s.yaml", "--out", "whole"}, {folder_.path(), {}, {}});
        ASSERT_EQ(whole.code, 0) << whole.err;
        duration_ = std::chrono::steady_clock::now() - start;
    }

    // Starts or resumes "cut", and kills it after a share of the time a whole run takes. True: it had ended by itself.
    bool run_and_kill(double share, int signal) const {
        const bool begun = std::filesystem::exists(folder_ / "cut/run.sqlite");
        const int child = start_misfire(begun ? std::vector<std::string>{"resume", "cut"}
                                              : std::vector<std::string>{"run", "s.yaml", "--out", "cut"},
                                        folder_.path());
        const auto deadline = std::chrono::steady_clock::now() + duration_ * share;
        int status = 0;
        while (std::chrono::steady_clock::now() < deadline) {
            if (waitpid(child, &status, WNOHANG) == child) return true;
            std::this_thread::yield();
        }
        kill(child, signal);
        waitpid(child, &status, 0);
        return false;
    }

    // A kill before the journal holds its first record leaves a folder that resume refuses: begun anew, as its message
    // says.
    void clear_unbegun() const {
        const Finished probe = misfire({"resume", "cut"}, {folder_.path(), {}, {}});
        if (probe.code == 2 && probe.err.find("in a new folder") != std::string::npos)
            std::filesystem::remove_all(folder_ / "cut");
    }

    void expect_whole() const {
        clear_unbegun();
        if (!std::filesystem::exists(folder_ / "cut/run.sqlite")) {
            EXPECT_EQ(misfire({"run", "s.yaml", "--out", "cut"}, {folder_.path(), {}, {}}).code, 0);
        }
        const Finished last = misfire({"resume", "cut"}, {folder_.path(), {}, {}});
        EXPECT_EQ(last.code, 0) << last.err;
        EXPECT_EQ(difference_of_results(folder_ / "whole/results.h5", folder_ / "cut/results.h5"), "");
    }

    void survive(int kills, int seed) {
        std::mt19937 random(static_cast<unsigned>(seed));
        std::uniform_real_distribution<double> share(0.05, 0.9);
        int killed = 0;
        while (killed < kills) {
            std::filesystem::remove_all(folder_ / "cut");
            // Up to three kills of the same run before it may finish.
            for (int i = 0; i < 3 && killed < kills; ++i) {
                if (run_and_kill(share(random), SIGKILL)) break;
                ++killed;
            }
            expect_whole();
        }
    }

    TemporaryFolder folder_;
    std::chrono::duration<double> duration_{};
};

TEST_F(Disturbed, KilledThreeTimes) { survive(3, 1); }

TEST_F(Disturbed, LONG_KilledFiftyTimes) { survive(50, 2); }

// The interval is about which samples one happens to have; another seed of the noise moves the value far less. So the
// intervals of repeated runs overlap around their common mean.
TEST(Repeated, LONG_IntervalsOfManySeedsHoldTheirMean) {
    const TemporaryFolder folder;
    constexpr int runs = 20;
    std::vector<std::array<double, 3>> estimates;
    double mean = 0.0;
    for (int seed = 0; seed < runs; ++seed) {
        const Finished finished =
            misfire({"run", "demo", "--seed", std::to_string(seed), "--filter", "fashion_resnet/gaussian_noise/3",
                     "--json", "--set", "metrics=accuracy", "--out", "r" + std::to_string(seed)},
                    {folder.path(), {}, {}});
        ASSERT_EQ(finished.code, 0) << finished.err;
        const nlohmann::json results = nlohmann::json::parse(finished.out);
        for (const nlohmann::json& point : results["points"]) {
            if (point["cell"] != "fashion_resnet/gaussian_noise/3" || point["group"] != "") continue;
            estimates.push_back({point["value"], point["low"], point["high"]});
            mean += estimates.back()[0] / runs;
        }
    }
    ASSERT_EQ(estimates.size(), static_cast<std::size_t>(runs));
    int held = 0;
    bool moved = false;
    for (const auto& [value, low, high] : estimates) {
        held += low <= mean && mean <= high ? 1 : 0;
        moved = moved || value != estimates.front()[0];
    }
    EXPECT_GE(held, runs - 1);
    EXPECT_TRUE(moved) << "the seed has no effect";
}

TEST_F(Disturbed, InterruptedItSaysHowToGoOn) {
    // The child sends itself the interrupt by a timer: no tile is begun after it.
    ProgramOptions options{folder_.path(), {}, [] { alarm(0); }};
    const std::string command = std::string("timeout --preserve-status -s INT ") +
                                std::to_string(duration_.count() * 0.5) + " " + MISFIRE_BINARY +
                                " run s.yaml --out cut";
    const Finished interrupted = run_program({"/bin/sh", "-c", command}, options);
    if (interrupted.code == 130) {
        EXPECT_THAT(interrupted.err, testing::HasSubstr("misfire resume cut"));
        EXPECT_TRUE(std::filesystem::exists(folder_ / "cut/results.h5")) << "what there is is projected";
    }
    expect_whole();
}

TEST_F(Disturbed, ThreadsBlocksAndBatchesChangeNothing) {
    const std::vector<std::vector<std::string>> variants = {{"--threads", "1"},
                                                            {"--threads", "2"},
                                                            {"--set", "block=128"},
                                                            {"--set", "block=512", "--threads", "2"},
                                                            {"--set", "batch=32"}};
    for (std::size_t i = 0; i < variants.size(); ++i) {
        std::vector<std::string> arguments = {"run", "s.yaml", "--out", "v" + std::to_string(i)};
        arguments.insert(arguments.end(), variants[i].begin(), variants[i].end());
        const Finished finished = misfire(arguments, {folder_.path(), {}, {}});
        ASSERT_EQ(finished.code, 0) << finished.err;
        EXPECT_EQ(
            difference_of_results(folder_ / "whole/results.h5", folder_ / ("v" + std::to_string(i)) / "results.h5"), "")
            << variants[i][1];
    }
}

TEST_F(Disturbed, TheOrderOfTheSamplesChangesNothing) {
    const Finished made = run_program(
        {"/usr/bin/python3", "-c",
         "import sys, os\nimport numpy as np\nfrom PIL import Image\n"
         "images, labels = np.load(sys.argv[1] + '.npy'), np.load(sys.argv[1] + '.labels.npy')\n"
         "os.makedirs(sys.argv[2])\nrows = ['file,label']\n"
         "for i in range(0, 1000, 5):\n"
         "    Image.fromarray(images[i]).save(f'{sys.argv[2]}/{i}.png')\n    rows.append(f'{i}.png,{labels[i]}')\n"
         "open(sys.argv[2] + '/labels.csv', 'w').write('\\n'.join(rows) + '\\n')\n",
         std::string(MISFIRE_SOURCE_DIR) + "/models/zoo/data/fashion_test", (folder_ / "d").string()});
    ASSERT_EQ(made.code, 0) << made.err;
    write_file(
        folder_ / "o.yaml",
        "models: zoo:fashion_resnet\ndata: {images: d, labels: d/labels.csv, match: index}\nblock: 64\nlimit: 150\n"
        "shifts: {perturb: gaussian_noise, severities: 3}\nmetrics: [accuracy, nll, ece]\n");
    ASSERT_EQ(misfire({"run", "o.yaml", "--out", "sorted"}, {folder_.path(), {}, {}}).code, 0);
    std::istringstream table(read_file(folder_ / "d/labels.csv"));
    std::vector<std::string> rows;
    std::string head;
    std::getline(table, head);
    for (std::string row; std::getline(table, row);) rows.push_back(row);
    std::shuffle(rows.begin(), rows.end(), std::mt19937(5));
    std::string shuffled = head + "\n";
    for (const std::string& row : rows) shuffled += row + "\n";
    std::ofstream(folder_ / "d/labels.csv") << shuffled;
    ASSERT_EQ(misfire({"run", "o.yaml", "--out", "shuffled"}, {folder_.path(), {}, {}}).code, 0);
    EXPECT_EQ(difference_of_results(folder_ / "sorted/results.h5", folder_ / "shuffled/results.h5"), "");
}

}  // namespace
}  // namespace misfire::test
