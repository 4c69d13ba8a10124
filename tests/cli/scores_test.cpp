// Scores in a run, portraits and explanations, as a user meets them.
#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "cli/program.h"
#include "scenarios/data/decode.h"
#include "scenarios/data/encode.h"
#include "tests/shared_files.h"

namespace misfire::test {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
namespace fs = std::filesystem;

class Scores : public testing::Test {
  protected:
    Finished run(const std::vector<std::string>& arguments) const {
        return misfire(arguments, {folder_.path(), {{"MISFIRE_DATA", (folder_ / "data").string()}}, {}});
    }
    Finished run_scenario(const std::string& more, const std::string& models = "zoo:fashion_resnet") const {
        write_file(folder_ / "s.yaml", "models: [" + models +
                                           "]\ndata: zoo:fashion_test\nlimit: 40\nshifts: {perturb: "
                                           "brightness, severities: 1}\nmetrics: [accuracy]\n" +
                                           more);
        return run({"run", "s.yaml"});
    }
    void expect_refused(const std::string& more, const std::vector<std::string>& parts) const {
        const Finished finished = run_scenario(more);
        EXPECT_EQ(finished.code, 2) << finished.out << finished.err;
        for (const std::string& part : parts) EXPECT_THAT(finished.err, HasSubstr(part));
    }
    TemporaryFolder folder_;
};

TEST_F(Scores, ARunKeepsThemAndSaysWhatTheFitFound) {
    const Finished finished = run_scenario("scores: [msp, temperature_scaled]\nfit: {zoo: fashion_fit, limit: 200}\n");
    EXPECT_EQ(finished.code, 0) << finished.err;
    EXPECT_THAT(finished.err, HasSubstr("fitting scores on 200 samples of fashion_fit"));
    EXPECT_THAT(finished.out, HasSubstr("temperature_scaled of fashion_resnet: T = "));
    const std::string script =
        "import h5py\nf = h5py.File('runs/s/results.h5')\n"
        "print([(r['name'], r['status']) for r in f['scores'][:]])\n"
        "c = f['samples/outcomes/fashion_resnet/brightness/1']\n"
        "assert c['score_msp'].shape == (40,) and (c['score_msp'][:] == c['confidence'][:]).all()\n"
        "assert 'score_temperature_scaled' in c\n";
    const Finished python = run_program({"/usr/bin/python3", "-c", script}, {folder_.path(), {}, {}});
    EXPECT_EQ(python.code, 0) << python.err;
    EXPECT_THAT(python.out, AllOf(HasSubstr("msp"), HasSubstr("ok")));
    EXPECT_EQ(run({"resume", "runs/s"}).code, 0);
}

TEST_F(Scores, WhatAQuantisedModelCannotGiveIsSkippedWithTheReason) {
    const Finished finished = run_scenario("scores: [msp, knn, ash, odin]\nfit: {zoo: fashion_fit, limit: 200}\n",
                                           "zoo:fashion_resnet_int8, zoo:fashion_resnet");
    EXPECT_EQ(finished.code, 0) << finished.err;
    EXPECT_THAT(finished.out,
                HasSubstr("odin of fashion_resnet_int8: skipped, the model has no gradient: it is quantised"));
    EXPECT_THAT(finished.out,
                HasSubstr("ash of fashion_resnet_int8: skipped, the weights of the last layer are not known"));
    EXPECT_THAT(finished.out, Not(HasSubstr("odin of fashion_resnet:")));
}

TEST_F(Scores, AFitSetThatIsTestedIsRefusedByName) {
    expect_refused("scores: knn\nfit: zoo:fashion_test\n",
                   {"must not hold samples that are tested, and 40 have the same pixels", " of the fit set)",
                    "Take them out of one of the two"});
}

TEST_F(Scores, MistakesInAScenario) {
    expect_refused("scores: knn\n", {"`knn` is fitted on samples that are not tested", "fit: {images: <folder>"});
    expect_refused("scores: mahalonobis\n", {"s.yaml:6", "Did you mean `mahalanobis`?"});
    expect_refused("scores: [{knn: {K: 3}}]\nfit: zoo:fashion_fit\n", {"has no option `K`. Did you mean `k`?"});
    expect_refused("scores: [{energy: {temperature: 0}}]\n", {"out of range", "above 0"});
    expect_refused("scores: [msp, msp]\n", {"there is a score `msp` already", "name: .."});
    expect_refused("fit: zoo:fashion_fit\n", {"this scenario has none. Name some"});
    expect_refused("scores: [{energy: {name: knn}}]\n", {"`knn` cannot be the name of this score"});
    expect_refused("scores: mahalanobis\nfit: {zoo: fashion_fit, limit: 60}\n",
                   {"covariance of 64 features within 10 classes needs at least 74 samples, and it has 60"});
    expect_refused("scores: mahalanobis\nfit: {zoo: fashion_fit, labels: none}\n", {"needs the labels of the fit set"});
    expect_refused("scores: knn\nfit: {zoo: fashion_fit, limt: 60}\n", {"unknown key `limt`. Did you mean `limit`?"});
    expect_refused("scores: knn\nfit: {zoo: credit_fit, missing: mean}\n",
                   {"the fit set is a table and the data is images"});
}

TEST_F(Scores, TwoOfOneKindHaveNamesOfTheirOwn) {
    const Finished finished =
        run_scenario("scores: [{knn: {k: 5}}, {knn: {k: 20, name: knn_20}}]\nfit: {zoo: fashion_fit, limit: 200}\n");
    EXPECT_EQ(finished.code, 0) << finished.err;
    EXPECT_THAT(read_file(folder_ / "runs/s/scenario.yaml"), AllOf(HasSubstr("knn_20"), HasSubstr("k: 20")));
}

TEST_F(Scores, AreListedAndDescribed) {
    EXPECT_THAT(run({"list", "scores"}).out, AllOf(HasSubstr("mahalanobis"), HasSubstr("fit set with labels")));
    EXPECT_THAT(run({"describe", "vim"}).out, AllOf(HasSubstr("CVPR 2022"), HasSubstr("dimension (default auto")));
    EXPECT_THAT(run({"describe", "score:scale"}).out, HasSubstr("ICLR 2024"));
    EXPECT_EQ(json::parse(run({"describe", "knn", "--json"}).out)["options"][0]["default"], "50");
}

class Pictures : public Scores {};

TEST_F(Pictures, PortraitsAreWhatTheModelIsSureOf) {
    const Finished finished =
        run({"portraits", "zoo:fashion_resnet", "--classes", "trouser,9", "-o", "p.png", "--images", "made", "--json"});
    ASSERT_EQ(finished.code, 0) << finished.err;
    const json made = json::parse(finished.out);
    ASSERT_EQ(made["portraits"].size(), 2U);
    EXPECT_EQ(made["portraits"][0]["name"], "trouser");
    EXPECT_EQ(made["portraits"][1]["name"], "boot");
    for (const json& portrait : made["portraits"]) {
        EXPECT_TRUE(portrait["made"]);
        EXPECT_GT(portrait["probability"], 0.8);
        EXPECT_GT(portrait["probability"], portrait["probability_of_noise"]);
    }
    EXPECT_GT(decode_image(folder_ / "p.png").width, 300);
    EXPECT_EQ(decode_image(folder_ / "made/made-1-trouser-0.png").height, 28);
}

// A class's portrait is a matter of its own, whatever else is asked for, on however many threads.
TEST_F(Pictures, PortraitsRepeatFromTheSeed) {
    const std::vector<std::string> one = {"portraits", "zoo:fashion_resnet", "--steps", "20", "--images"};
    const auto image = [&](const std::string& name, std::vector<std::string> more) {
        std::vector<std::string> words = one;
        words.push_back(name);
        words.insert(words.end(), more.begin(), more.end());
        EXPECT_EQ(run(words).code, 0);
        return read_file(folder_ / (name + "/made-8-bag-0.png"));
    };
    const std::string first = image("a", {"--threads", "1"});
    EXPECT_FALSE(first.empty());
    EXPECT_EQ(first, image("b", {"--threads", "2"}));
    EXPECT_EQ(first, image("c", {"--classes", "bag,dress"}));
    EXPECT_NE(first, image("d", {"--seed", "1"}));
}

TEST_F(Pictures, AModelWithoutGradientSaysWhy) {
    const Finished finished = run({"portraits", "zoo:fashion_resnet_int8"});
    EXPECT_EQ(finished.code, 2);
    EXPECT_THAT(finished.err, AllOf(HasSubstr("has no gradient to follow: it is quantised"), HasSubstr("float model")));
    EXPECT_THAT(run({"portraits", "zoo:credit"}).err, HasSubstr("takes rows of numbers"));
    EXPECT_THAT(run({"portraits", "zoo:fashion_resnet", "--classes", "bootz"}).err, HasSubstr("Did you mean `boot`?"));
    EXPECT_THAT(run({"portraits", "zoo:fashion_resnet", "--classes", "10"}).err, HasSubstr("classes 0 to 9"));
    EXPECT_THAT(run({"portraits", "zoo:fashion_resnet", "-o", "x.gif"}).err, HasSubstr(".png, .jpg or .pdf"));
}

TEST_F(Pictures, MistakesOfARunAreExplained) {
    ASSERT_EQ(misfire({"run", "demo", "--limit", "200", "--filter", "gaussian_noise/5", "--out", "r"},
                      {folder_.path(), {}, {}})
                  .code,
              0);
    const Finished plan = run({"plan", "demo"});
    const Finished finished = run({"explain", "--run", "r", "--cell", "fashion_resnet/gaussian_noise/5", "--worst", "3",
                                   "-o", "e.png", "--json"});
    ASSERT_EQ(finished.code, 0) << finished.err << plan.out;
    const json explained = json::parse(finished.out);
    ASSERT_EQ(explained["images"].size(), 3U);
    double last = 1.0;
    for (const json& image : explained["images"]) {
        EXPECT_NE(image["truth"], image["prediction"]) << "a mistake";
        EXPECT_LE(image["confidence"], last) << "most confident first";
        last = image["confidence"];
        ASSERT_EQ(image["maps"].size(), 3U);
        EXPECT_GT(image["maps"][0]["drop"], static_cast<double>(image["drop_at_random"]) + 0.1) << "occlusion finds it";
        for (const json& map : image["maps"]) {
            EXPECT_EQ(map["deletion"].size(), 11U);
            EXPECT_NEAR(map["deletion"][0], image["probability"], 1e-6);
            EXPECT_NEAR(map["drop"], static_cast<double>(map["deletion"][0]) - static_cast<double>(map["deletion"][1]),
                        1e-6);
        }
    }
    EXPECT_GT(decode_image(folder_ / "e.png").height, 400);
    EXPECT_THAT(run({"explain", "--run", "r", "--cell", "fashion_resnet/gaussian_nois/5"}).err,
                HasSubstr("Did you mean"));
}

TEST_F(Pictures, AMapThatAModelCannotGiveIsSkippedWithTheReason) {
    Image image(28, 28, 1);
    for (int y = 0; y < 28; ++y) {
        for (int x = 0; x < 28; ++x)
            image.pixels[static_cast<std::size_t>(y * 28 + x)] = x > 6 && x < 20 && y > 2 && y < 26 ? 200 : 0;
    }
    const std::vector<std::uint8_t> png = encode_png(image);
    std::ofstream(folder_ / "i.png", std::ios::binary)
        .write(reinterpret_cast<const char*>(png.data()), static_cast<std::streamsize>(png.size()));
    const json one = json::parse(run({"explain", "zoo:fashion_resnet_int8", "i.png", "--json"}).out)["images"][0];
    EXPECT_EQ(one["maps"][0]["status"], "ok");
    EXPECT_EQ(one["maps"][1]["status"], "skipped");
    EXPECT_THAT(std::string(one["maps"][1]["message"]), HasSubstr("quantised"));
    EXPECT_THAT(run({"explain", "zoo:fashion_resnet", "none.png"}).err, HasSubstr("none.png"));
    EXPECT_THAT(run({"explain", "zoo:fashion_resnet"}).err, HasSubstr("no image to explain"));
    EXPECT_THAT(run({"explain", "zoo:fashion_resnet", "i.png", "--methods", "oclusion"}).err,
                HasSubstr("Did you mean `occlusion`?"));
}

}  // namespace
}  // namespace misfire::test
