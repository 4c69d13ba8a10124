// Scores of a whole run: the same bits for any threads, batch, block, order, resume, and from the cache or anew. The
// scores are those of the registry.
#include <gtest/gtest.h>
#include <unistd.h>

#include <bit>
#include <cstdlib>
#include <filesystem>

#include "harness/fit_cache.h"
#include "harness/fit_scores.h"
#include "harness/known_metrics.h"
#include "harness/runner.h"
#include "models/scores/registry.h"
#include "results/evaluate.h"

namespace misfire {
namespace {

namespace fs = std::filesystem;

class Nobody : public RunObserver {
    void begin(std::size_t, std::size_t) override {}
    void tile(const PlannedCell&, std::size_t, const TileRecord&) override {}
    void bad_input(const std::string&, const std::string&) override {}
};

using Columns = std::map<std::string, std::vector<float>>;  // "cell score" -> a number per sample, by ascending id

RunnerOptions on(int threads) {
    RunnerOptions options;
    options.threads = threads;
    return options;
}

class RunScores : public testing::Test {
  protected:
    RunScores() : folder_(fs::path(testing::TempDir()) / ("misfire_run_scores_" + std::to_string(getpid()))) {
        fs::remove_all(folder_);
        fs::create_directories(folder_);
        setenv("MISFIRE_DATA", (folder_ / "data").c_str(), 1);
    }
    ~RunScores() override { fs::remove_all(folder_); }

    misfire::Setup set_up_with(const std::vector<std::string>& overrides) const {
        return set_up(parse_scenario("name: scores\nmodels: zoo:fashion_resnet\ndata: zoo:fashion_test\nlimit: 150\n"
                                     "fit: {zoo: fashion_fit, limit: 300}\nscores: all\n"
                                     "shifts: {perturb: gaussian_noise, severities: [0, 3]}\nmetrics: [accuracy]\n",
                                     "scores.yaml", folder_, overrides, known_metrics()),
                      "");
    }

    Columns run(const std::vector<std::string>& overrides, int threads, bool interrupted = false) {
        misfire::Setup setup = set_up_with(overrides);
        const fs::path file = folder_ / ("run" + std::to_string(runs_++) + ".sqlite");
        from_cache_ = fit_scores(setup, {.threads = threads}).from_cache;
        Journal journal = Journal::create(file, {});
        Nobody nobody;
        if (interrupted) {
            std::atomic<bool> stop = false;
            RunnerOptions options = on(threads);
            options.stop = &stop;
            options.after_block = [&] { stop = true; };
            EXPECT_EQ(run_tiles(setup, journal, options, nobody), RunEnd::interrupted);
            misfire::Setup again = set_up_with(overrides);
            fit_scores(again, {.threads = threads});
            EXPECT_EQ(run_tiles(again, journal, on(threads), nobody), RunEnd::complete);
        } else {
            EXPECT_EQ(run_tiles(setup, journal, on(threads), nobody), RunEnd::complete);
        }
        Columns columns;
        for (const PlannedCell& cell : setup.cells) {
            const Outcomes outcomes = cell_outcomes(journal, setup.record, cell.name);
            for (const ScoreSpec& spec : setup.scenario.scores)
                columns[cell.name + " " + spec.name] = outcomes.kept.at(score_column(spec.name));
        }
        return columns;
    }

    static void expect_same(const Columns& a, const Columns& b) {
        ASSERT_EQ(a.size(), b.size());
        for (const auto& [name, values] : a) {
            const std::vector<float>& others = b.at(name);
            ASSERT_EQ(values.size(), others.size());
            for (std::size_t i = 0; i < values.size(); ++i)
                ASSERT_EQ(std::bit_cast<std::uint32_t>(values[i]), std::bit_cast<std::uint32_t>(others[i]))
                    << name << ", sample " << i << ": " << values[i] << " and " << others[i];
        }
    }

    fs::path folder_;
    int runs_ = 0;
    bool from_cache_ = false;
};

TEST_F(RunScores, DoNotDependOnThreadsBatchBlockOrResume) {
    const Columns first = run({}, 1);
    EXPECT_FALSE(from_cache_);
    EXPECT_EQ(first.size(), 2 * all_scores().size());
    expect_same(first, run({}, 2));
    EXPECT_TRUE(from_cache_) << "the second run of the same fit set asks no model";
    expect_same(first, run({"block=40"}, 2));
    expect_same(first, run({"batch=16"}, 2));
    expect_same(first, run({"batch=100"}, 1));
    expect_same(first, run({"block=50"}, 2, true));
}

TEST_F(RunScores, AreTheSameFittedAnewAndFromTheCache) {
    const Columns first = run({}, 2);
    const Columns cached = run({}, 2);
    EXPECT_TRUE(from_cache_);
    fs::remove_all(fit_cache_folder());
    const Columns anew = run({"batch=32"}, 1);
    EXPECT_FALSE(from_cache_);
    expect_same(first, cached);
    expect_same(first, anew);
}

TEST_F(RunScores, ADamagedCacheIsNotBelieved) {
    const Columns first = run({}, 2);
    for (const fs::directory_entry& file : fs::directory_iterator(fit_cache_folder())) {
        std::FILE* stream = std::fopen(file.path().c_str(), "r+b");
        ASSERT_NE(stream, nullptr);
        std::fseek(stream, 100, SEEK_SET);
        std::fputs("damage", stream);
        std::fclose(stream);
    }
    expect_same(first, run({}, 2));
    EXPECT_FALSE(from_cache_);
}

// One score more or less, and in another order, changes none of the others.
TEST_F(RunScores, DoNotDependOnEachOther) {
    const Columns first = run({}, 2);
    const Columns some = run({"scores=[vim, msp, knn]"}, 2);
    for (const auto& [name, values] : some) EXPECT_EQ(first.at(name), values) << name;
}

TEST_F(RunScores, TheLargestProbabilityIsTheConfidence) {
    misfire::Setup setup = set_up_with({"scores=[msp]"});
    EXPECT_EQ(setup.fit_data, nullptr) << "nothing to fit";
    fit_scores(setup, {});
    Journal journal = Journal::create(folder_ / "msp.sqlite", {});
    Nobody nobody;
    run_tiles(setup, journal, {}, nobody);
    const Outcomes outcomes = cell_outcomes(journal, setup.record, "fashion_resnet/gaussian_noise/3");
    EXPECT_EQ(outcomes.kept.at("score_msp"), outcomes.confidence);
}

}  // namespace
}  // namespace misfire
