// Every score of the registry against tests/python/score_reference.py on the same logits and features, to 1e-4
// relative.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/shared_files.h"
#include "tests/unit/scores_fixture.h"

namespace misfire::test {
namespace {

namespace fs = std::filesystem;

template <typename T>
void write(const fs::path& file, const std::vector<T>& values) {
    std::ofstream(file, std::ios::binary)
        .write(reinterpret_cast<const char*>(values.data()), static_cast<std::streamsize>(values.size() * sizeof(T)));
}

std::vector<double> read(const fs::path& file, std::size_t count) {
    std::vector<double> values(count, std::nan(""));
    std::ifstream(file, std::ios::binary)
        .read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(count * sizeof(double)));
    return values;
}

nlohmann::json entry_of(const ScoreSpec& spec) {
    nlohmann::json entry = {{"name", spec.score}};
    for (const auto& [name, value] : spec.settings.numbers) {
        if (!std::isnan(value)) entry[name] = value;
    }
    for (const auto& [name, value] : spec.settings.words) entry[name] = value;
    return entry;
}

void expect_like_reference(const ScoreCase& wanted, const std::vector<ScoreSpec>& specs) {
    const ScoreData data(wanted);
    const std::vector<std::vector<float>> columns = columns_of(data, specs);
    const fs::path folder = fs::path(testing::TempDir()) / ("misfire_scores_" + std::to_string(getpid()));
    fs::remove_all(folder);
    fs::create_directories(folder);
    write(folder / "fit_logits", data.fit_outputs().values);
    write(folder / "fit_features", data.fit_features);
    write(folder / "fit_labels", data.fit_labels);
    write(folder / "logits", data.outputs().values);
    write(folder / "features", data.features);
    write(folder / "weight", data.model->layer_.weight);
    write(folder / "bias", data.model->layer_.bias);
    nlohmann::json scores = nlohmann::json::array();
    for (const ScoreSpec& spec : specs) scores.push_back(entry_of(spec));
    std::ofstream(folder / "case.json") << nlohmann::json({{"fit_rows", wanted.fit_rows},
                                                           {"rows", wanted.rows},
                                                           {"classes", wanted.classes},
                                                           {"features", wanted.depth},
                                                           {"scores", scores}});
    const std::string command =
        "/usr/bin/python3 '" + in_source("tests/python/score_reference.py").string() + "' '" + folder.string() + "'";
    ASSERT_EQ(std::system(command.c_str()), 0) << command;
    for (std::size_t s = 0; s < specs.size(); ++s) {
        ASSERT_EQ(columns[s].size(), static_cast<std::size_t>(wanted.rows)) << specs[s].score;
        const std::vector<double> expected = read(folder / (std::to_string(s) + ".f64"), columns[s].size());
        for (std::size_t r = 0; r < expected.size(); ++r) {
            ASSERT_NEAR(columns[s][r], expected[r], 1e-4 * std::abs(expected[r]))
                << specs[s].score << " " << entry_of(specs[s]) << ", row " << r;
        }
    }
    fs::remove_all(folder);
}

TEST(ScoresReference, EveryScoreWithItsDefaults) { expect_like_reference({}, all_specs()); }

TEST(ScoresReference, OptionsFarFromTheDefaults) {
    expect_like_reference(
        {.classes = 7, .depth = 40, .fit_rows = 300, .rows = 60, .key = 2},
        {spec("energy", {{"temperature", "3"}}), spec("gen", {{"gamma", "0.5"}, {"classes", "3"}}),
         spec("knn", {{"k", "1"}}), spec("knn", {{"k", "300"}}), spec("nnguide", {{"k", "100"}}),
         spec("vim", {{"dimension", "7"}}), spec("react", {{"percentile", "65"}}), spec("dice", {{"percentile", "35"}}),
         spec("ash", {{"variant", "s"}, {"percentile", "65"}}), spec("ash", {{"variant", "p"}}),
         spec("ash", {{"percentile", "95"}}), spec("scale", {{"percentile", "65"}}),
         spec("odin", {{"temperature", "1"}, {"step", "0.1"}})});
}

// Features that never fire make every covariance singular; a class of twelve is never seen in so small a fit set.
TEST(ScoresReference, SingularCovariancesAndManyClasses) {
    expect_like_reference({.classes = 12, .depth = 24, .fit_rows = 90, .rows = 50, .dead = 5, .key = 3},
                          {spec("mahalanobis"), spec("relative_mahalanobis"), spec("kl_matching"), spec("vim"),
                           spec("knn", {{"k", "5"}}), spec("temperature_scaled"), spec("grad_norm")});
}

}  // namespace
}  // namespace misfire::test
