#include "models/torchscript.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <thread>

#include "core/error.h"
#include "models/card.h"
#include "tests/shared_files.h"
#include "tests/unit/models_fixture.h"

namespace misfire::test {

namespace {

LoadOptions imagenet_form(Geometry geometry) {
    LoadOptions options;
    options.geometry = geometry;
    options.tensor = TensorForm{3, 255.0, {.485, .456, .406}, {.229, .224, .225}};
    return options;
}

LoadOptions cifar_form() { return imagenet_form({Geometry::Kind::exact, 32, 32, 0, 0}); }
LoadOptions mobilenet_form() { return imagenet_form({Geometry::Kind::shorter_side_then_crop, 0, 0, 256, 224}); }

std::vector<float> first_rows(const std::vector<float>& values, std::int64_t rows, std::int64_t columns) {
    return {values.begin(), values.begin() + static_cast<std::ptrdiff_t>(rows * columns)};
}

std::int64_t best(const std::vector<float>& values, std::int64_t row, std::int64_t columns) {
    const auto first = values.begin() + static_cast<std::ptrdiff_t>(row * columns);
    return std::max_element(first, first + static_cast<std::ptrdiff_t>(columns)) - first;
}

}  // namespace

// Logits by /usr/bin/python3 with torch 1.13, torch.jit.load(...)(x) of made_up_images(2, 3, 32, true), one thread.
TEST(TorchScript, PublishedResNetsAgreeWithPyTorch) {
    MISFIRE_NEEDS("real/models/cifar10_resnet56.pt");
    const std::map<int, std::vector<float>> reference{
        {20, {13.7889786F,  8.25048923F,  12.4531689F, -10.64363F,   -11.3190775F, -8.23977757F, -9.25328255F,
              -1.69590795F, 1.45599306F,  5.15653849F, 13.5873814F,  9.31056881F,  11.9354725F,  -10.2932825F,
              -11.3806868F, -7.88774681F, -8.9157114F, -2.84662509F, 1.42406714F,  5.01929283F}},
        {32, {19.6027775F,  30.542263F,   3.02557635F,  -6.91496706F, -16.5980091F, -16.8930397F, -11.7227411F,
              -11.8300409F, 3.97472548F,  6.88683605F,  20.7998066F,  31.6221218F,  3.94073057F,  -7.2511735F,
              -18.2696476F, -17.0291214F, -13.8047943F, -13.706254F,  4.83718538F,  8.95613956F}},
        {44, {15.1344805F,  19.0164356F,  10.3759012F,  -12.4090137F, -9.80076122F, -16.2676926F, -10.5778332F,
              -1.95799696F, 3.14588046F,  3.32504416F,  17.3208904F,  20.765152F,   9.22191811F,  -13.0908222F,
              -10.8143797F, -16.5981369F, -10.6772156F, -4.40667915F, 4.76722813F,  3.49449301F}},
        {56, {18.1266289F,  3.11212468F,  8.02392387F,  -3.81919169F, -9.95490074F, 1.3439132F,  -2.37004089F,
              -1.2765367F,  -6.47446918F, -6.77408981F, 18.4966965F,  4.25964642F,  6.95889521F, -3.29106021F,
              -9.63610935F, 1.23200834F,  -2.49154162F, -2.51323533F, -6.74537134F, -6.32110929F}},
    };
    const std::vector<float> images = made_up_images(2, 3, 32, true);
    for (const auto& [depth, logits] : reference) {
        const auto model =
            load_model(shared("real/models/cifar10_resnet" + std::to_string(depth) + ".pt"), cifar_form());
        EXPECT_EQ(model->info().classes, 10);
        EXPECT_EQ(model->info().output, OutputKind::logits);
        EXPECT_EQ(model->info().features, 64);
        EXPECT_TRUE(model->info().differentiable);
        EXPECT_EQ(model->info().fixed_batch, 0);
        const Outputs outputs = model->predict(images, 2, 32, 32);
        ASSERT_EQ(outputs.values.size(), logits.size());
        for (std::size_t i = 0; i < logits.size(); ++i) {
            EXPECT_NEAR(outputs.values[i], logits[i], 1e-5F * std::max(1.0F, std::abs(logits[i])))
                << "ResNet-" << depth << ", number " << i;
        }
    }
}

TEST(TorchScript, FloatModelsGiveTheSameBitsForEveryBatchFromTwoOnAndEveryCall) {
    MISFIRE_NEEDS("real/models/cifar10_resnet20.pt");
    const auto model = load_model(shared("real/models/cifar10_resnet20.pt"), cifar_form());
    const std::vector<float> images = made_up_images(64, 3, 32, true);
    const std::size_t row = 3 * 32 * 32;
    const std::vector<float> all = model->predict(images, 64, 32, 32).values;
    for (const std::int64_t rows : {2, 3, 7, 16, 33}) {
        const std::span<const float> part(images.data(), static_cast<std::size_t>(rows) * row);
        EXPECT_EQ(model->predict(part, rows, 32, 32).values, first_rows(all, rows, 10)) << rows << " rows";
    }
    for (int call = 0; call < 9; ++call) EXPECT_EQ(model->predict(images, 64, 32, 32).values, all);
}

class Threads : public testing::TestWithParam<std::string> {};

TEST_P(Threads, GiveTheSameBits) {
    const std::string file = GetParam();
    const bool int8 = file.find("mobilenet") != std::string::npos;
    const auto path = file.starts_with("zoo") ? in_source("models/" + file) : shared("real/models/" + file);
    if (!std::filesystem::exists(path)) GTEST_SKIP() << "needs " << path.string() << ", which is not here";
    const bool zoo = file.starts_with("zoo");
    const auto model = load_model(path, zoo ? LoadOptions{} : int8 ? mobilenet_form() : cifar_form());
    const int side = model->info().input_height;
    const std::int64_t rows = int8 ? 2 : 8;
    const std::vector<float> images = made_up_images(rows, model->info().tensor.channels, side, false);
    const Outputs alone = model->predict(images, rows, side, side, true);
    std::vector<int> differing(4, -1);
    std::vector<std::thread> threads;
    for (int& count : differing) {
        threads.emplace_back([&] {
            count = 0;
            for (int call = 0; call < 6; ++call) {
                const Outputs outputs = model->predict(images, rows, side, side, call % 2 == 0);
                if (outputs.values != alone.values || (call % 2 == 0 && outputs.features != alone.features)) ++count;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(differing, (std::vector<int>{0, 0, 0, 0}));
}

INSTANTIATE_TEST_SUITE_P(Models, Threads,
                         testing::Values("cifar10_resnet20.pt", "imagenet_mobilenet_v2_int8.pt",
                                         "zoo/models/fashion_resnet.pt", "zoo/models/fashion_resnet_int8.pt"),
                         [](const auto& parameter) {
                             std::string name = parameter.param;
                             std::replace_if(
                                 name.begin(), name.end(), [](char c) { return c == '/' || c == '.' || c == '_'; },
                                 'X');
                             return name;
                         });

TEST(TorchScript, ATraceAtBatchOneIsFedRowByRow) {
    MISFIRE_NEEDS("real/models/imagenet_mobilenet_v2_int8.pt");
    const auto model = load_model(shared("real/models/imagenet_mobilenet_v2_int8.pt"), mobilenet_form());
    EXPECT_EQ(model->info().fixed_batch, 1);
    EXPECT_EQ(model->info().classes, 1000);
    EXPECT_EQ(model->info().features, 1280);
    EXPECT_TRUE(model->info().quantised);
    EXPECT_FALSE(model->info().differentiable);
    EXPECT_EQ(model->info().input_height, 224);
    // The weights of MobileNetV2 1.0 (Sandler et al. 2018, 3,504,872 with batch norms), batch norms folded.
    EXPECT_EQ(model->info().parameters, 3487816);
    const std::vector<float> images = made_up_images(2, 3, 224, true);
    const Outputs both = model->predict(images, 2, 224, 224);
    EXPECT_EQ(both.rows, 2);
    ASSERT_EQ(both.values.size(), 2000U);
    const Outputs second = model->predict(std::span(images).subspan(images.size() / 2), 1, 224, 224);
    EXPECT_TRUE(std::equal(second.values.begin(), second.values.end(), both.values.begin() + 1000));
}

TEST(TorchScript, TwoQuantisedEnginesLiveInOneProcess) {
    MISFIRE_NEEDS("real/models/imagenet_mobilenet_v2_int8.pt");
    const std::vector<std::string> engines = quantised_engines();
    if (engines.size() < 2) GTEST_SKIP() << "this LibTorch has only the engine " << quantised_engines_text();
    const auto load = [&](const std::string& engine) {
        LoadOptions options = mobilenet_form();
        options.engine = engine;
        return load_model(shared("real/models/imagenet_mobilenet_v2_int8.pt"), options);
    };
    const std::vector<float> image = made_up_images(1, 3, 224, true);
    std::map<std::string, std::vector<float>> alone;
    for (const std::string& engine : {engines[0], engines[1]}) {
        const auto model = load(engine);
        EXPECT_EQ(model->info().engine, engine);
        alone[engine] = model->predict(image, 1, 224, 224).values;
    }
    EXPECT_NE(alone[engines[0]], alone[engines[1]]);

    const auto first = load(engines[0]);
    const auto second = load(engines[1]);
    std::vector<int> differing(2, -1);
    const auto compare = [&](const Model& model, int& count) {
        count = 0;
        for (int call = 0; call < 8; ++call)
            count += model.predict(image, 1, 224, 224).values != alone[model.info().engine] ? 1 : 0;
    };
    std::thread one(compare, std::cref(*first), std::ref(differing[0]));
    std::thread other(compare, std::cref(*second), std::ref(differing[1]));
    one.join();
    other.join();
    EXPECT_EQ(differing, (std::vector<int>{0, 0}));
}

TEST(TorchScript, OptimisationsKeepPredictionsAndAreRecorded) {
    MISFIRE_NEEDS("real/models/cifar10_resnet20.pt");
    const std::vector<float> images = made_up_images(4, 3, 32, true);
    const std::vector<float> plain =
        load_model(shared("real/models/cifar10_resnet20.pt"), cifar_form())->predict(images, 4, 32, 32).values;
    for (const std::string optimize : {"freeze", "inference"}) {
        LoadOptions options = cifar_form();
        options.optimize = optimize;
        const auto model = load_model(shared("real/models/cifar10_resnet20.pt"), options);
        EXPECT_EQ(model->info().optimize, optimize);
        EXPECT_EQ(model->info().parameters, 269722);
        const std::vector<float> values = model->predict(images, 4, 32, 32).values;
        for (std::size_t i = 0; i < plain.size(); ++i) EXPECT_NEAR(values[i], plain[i], 1e-3F) << optimize;
    }
}

TEST(TorchScript, FilesForTheLiteInterpreterLoad) {
    MISFIRE_NEEDS("real/models/mnist_vit.ptl");
    const auto model = load_model(shared("real/models/mnist_vit.ptl"), options_for(1, 28));
    EXPECT_EQ(model->info().classes, 10);
    EXPECT_EQ(model->info().features, 128);
    // Its activations are quantised by the range of the whole batch, so rows would influence each other.
    EXPECT_EQ(model->info().fixed_batch, 1);
}

TEST(TorchScript, FeaturesAreTheInputOfTheLastLayer) {
    const auto path = fresh_folder() / "net.pt";
    write_classifier(path);
    const auto model = load_model(path, options_for(1, 4));
    ASSERT_EQ(model->info().features, 5);
    const std::vector<float> images = made_up_images(3, 1, 4, false);
    const Outputs outputs = model->predict(images, 3, 4, 4, true);
    for (int r = 0; r < 3; ++r) {
        for (int k = 0; k < 3; ++k) {
            // The fixture's weights: sin(1), sin(2), ... row-major.
            double value = std::sin(k + 1.0);
            for (int j = 0; j < 5; ++j)
                value += outputs.features[static_cast<std::size_t>(5 * r + j)] * std::sin(5 * k + j + 1.0);
            EXPECT_NEAR(outputs.values[static_cast<std::size_t>(3 * r + k)], value, 1e-5);
        }
    }
    EXPECT_TRUE(model->predict(images, 3, 4, 4, false).features.empty());
}

TEST(TorchScript, OutputsInsideContainersAreFound) {
    const auto folder = fresh_folder();
    const std::vector<float> images = made_up_images(2, 1, 4, false);
    write_classifier(folder / "plain.pt");
    const std::vector<float> expected =
        load_model(folder / "plain.pt", options_for(1, 4))->predict(images, 2, 4, 4).values;
    const auto values = [&](const std::string& last_line, std::optional<std::string> key) {
        write_classifier(folder / "net.pt", last_line);
        LoadOptions options = options_for(1, 4);
        options.output_key = std::move(key);
        return load_model(folder / "net.pt", options)->predict(images, 2, 4, 4).values;
    };
    EXPECT_EQ(values("return (y.argmax(1), y)", std::nullopt), expected);
    EXPECT_EQ(values("return (h, y)", "1"), expected);
    EXPECT_EQ(values("return [h, y]", "1"), expected);
    EXPECT_EQ(values("return {'aux': h, 'logits': y}", "logits"), expected);
    EXPECT_EQ(values("return (x, {'aux': h, 'logits': y})", "1.logits"), expected);
}

TEST(TorchScript, OneNumberPerRowIsRegression) {
    const auto path = fresh_folder() / "net.pt";
    write_torchscript(path, "def forward(self, x):\n    return x.flatten(1).sum(1)\n");
    const auto model = load_model(path, options_for(1, 4));
    EXPECT_EQ(model->info().output, OutputKind::regression);
    EXPECT_EQ(model->info().task, "regression");
    EXPECT_EQ(model->info().classes, 1);
    EXPECT_EQ(model->predict(made_up_images(1, 1, 4, false), 1, 4, 4).values.size(), 1U);
}

TEST(TorchScript, RowsThatInfluenceEachOtherAreFedOneByOne) {
    const auto path = fresh_folder() / "net.pt";
    write_classifier(path, "return y - y.mean()");
    const auto model = load_model(path, options_for(1, 4));
    EXPECT_EQ(model->info().fixed_batch, 1);
    const std::vector<float> images = made_up_images(2, 1, 4, false);
    const Outputs both = model->predict(images, 2, 4, 4);
    EXPECT_EQ(model->predict(std::span(images).first(16), 1, 4, 4).values, first_rows(both.values, 1, 3));
}

TEST(TorchScript, AFixedBatchOfTheCardIsFilledUp) {
    const auto folder = fresh_folder();
    write_torchscript(folder / "net.pt", "def forward(self, x):\n    return torch.linear(x.view([4, 16]), self.w)\n",
                      {{"w", {3, 16}}});
    write_text(folder / "net.yaml", "geometry: {size: 4}\ntensor: {channels: 1}\nfixed_batch: 4\n");
    const auto model = load_model(folder / "net.pt", {});
    EXPECT_EQ(model->info().fixed_batch, 4);
    const std::vector<float> images = made_up_images(6, 1, 4, false);
    const Outputs outputs = model->predict(images, 6, 4, 4);
    ASSERT_EQ(outputs.values.size(), 18U);
    EXPECT_EQ(first_rows(outputs.values, 4, 3), model->predict(std::span(images).first(64), 4, 4, 4).values);
    EXPECT_EQ(best(outputs.values, 5, 3), best(model->predict(std::span(images).subspan(80), 1, 4, 4).values, 0, 3));
}

TEST(TorchScript, CallerGoesBeforeCardGoesBeforeProbe) {
    const auto folder = fresh_folder();
    write_classifier(folder / "net.pt", "return {'a': y, 'b': torch.softmax(y, 1)}");
    write_text(folder / "net.yaml",
               "geometry: {size: 4}\ntensor: {channels: 1}\noutput_key: a\nclasses: [x, y, z]\nparent: elder\n");
    const auto by_card = load_model(folder / "net.pt", {});
    EXPECT_EQ(by_card->info().output, OutputKind::logits);
    EXPECT_EQ(by_card->info().class_names.size(), 3U);
    EXPECT_EQ(by_card->info().parent, "elder");
    EXPECT_EQ(by_card->info().name, "net");
    LoadOptions options;
    options.name = "mine";
    options.output_key = "b";
    const auto by_caller = load_model(folder / "net.pt", options);
    EXPECT_EQ(by_caller->info().output, OutputKind::probabilities);
    EXPECT_EQ(by_caller->info().name, "mine");
}

TEST(TorchScript, AnOpenGeometryLeavesTheSizeToTheImages) {
    const auto path = fresh_folder() / "net.pt";
    write_torchscript(path, "def forward(self, x):\n    return torch.linear(x.mean([2, 3]), self.w)\n",
                      {{"w", {4, 3}}});
    LoadOptions options = options_for(3, 1);
    options.geometry = Geometry{};
    const auto model = load_model(path, options);
    EXPECT_EQ(model->info().input_height, 0);
    EXPECT_EQ(model->predict(made_up_images(2, 3, 17, false), 2, 17, 17).columns, 4);
    EXPECT_EQ(model->predict(made_up_images(2, 3, 40, false), 2, 40, 40).columns, 4);
}

}  // namespace misfire::test
