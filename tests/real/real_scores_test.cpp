// Features, last layers and gradients of models that others made.
#include <gmock/gmock.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <thread>

#include "core/score_settings.h"
#include "harness/tensor.h"
#include "models/scores/model_scores.h"
#include "models/scores/registry.h"
#include "models/torchscript.h"
#include "scenarios/data/geometry.h"
#include "scenarios/data/spec.h"
#include "tests/shared_files.h"

namespace misfire::test {
namespace {

using testing::HasSubstr;

LoadOptions options_of(int side) {
    LoadOptions options;
    options.geometry = Geometry{Geometry::Kind::exact, side, side, 0, 0};
    TensorForm form;
    form.mean = {0.485, 0.456, 0.406};
    form.std = {0.229, 0.224, 0.225};
    options.tensor = form;
    return options;
}

// `count` images spread over the folder, as the model's input.
std::vector<float> images(const Model& model, const char* folder, std::size_t count) {
    DataSpec spec;
    spec.form = DataSpec::Form::images;
    spec.images = shared(folder);
    const std::unique_ptr<Dataset> data = open_data(spec);
    const TensorFiller filler(model.info().tensor);
    std::vector<float> input;
    for (std::size_t i = 0; i < count; ++i) {
        const Image image = apply_geometry(data->at(i * data->size() / count).image, model.info().geometry);
        std::vector<float> one(static_cast<std::size_t>(model.info().tensor.channels) *
                               static_cast<std::size_t>(image.height * image.width));
        filler.fill(image, one.data());
        input.insert(input.end(), one.begin(), one.end());
    }
    return input;
}

TEST(RealScores, TheLastLayerOfTheCifarResNetsGivesTheirLogits) {
    MISFIRE_NEEDS("real/models/cifar10_resnet20.pt");
    for (const char* depth : {"20", "56"}) {
        const std::unique_ptr<Model> model =
            load_model(shared(std::string("real/models/cifar10_resnet") + depth + ".pt"), options_of(32));
        EXPECT_EQ(model->info().features, 64);
        ASSERT_NE(model->classifier(), nullptr) << model->info().no_classifier;
        const Classifier& layer = *model->classifier();
        ASSERT_EQ(layer.classes, 10);
        ASSERT_EQ(layer.features, 64);
        constexpr std::size_t count = 64;
        const Outputs outputs = model->predict(images(*model, "real/cifar10_test", count), count, 32, 32, true);
        for (std::size_t r = 0; r < count; ++r) {
            for (std::size_t c = 0; c < 10; ++c) {
                double sum = static_cast<double>(layer.bias[c]);
                for (std::size_t d = 0; d < 64; ++d)
                    sum += static_cast<double>(layer.weight[c * 64 + d]) *
                           static_cast<double>(outputs.features[r * 64 + d]);
                ASSERT_NEAR(sum, static_cast<double>(outputs.values[r * 10 + c]), 1e-4)
                    << "row " << r << ", class " << c;
            }
        }
    }
}

// Workers that ask at the same time get the same features, scores and gradients as one alone.
TEST(RealScores, SeveralWorkersDisturbEachOtherInNothing) {
    MISFIRE_NEEDS("real/models/cifar10_resnet20.pt");
    const std::unique_ptr<Model> model = load_model(shared("real/models/cifar10_resnet20.pt"), options_of(32));
    const std::vector<float> input = images(*model, "real/cifar10_test", 16);
    const auto slope = [](const Outputs& outputs) { return std::vector<float>(outputs.values.size(), 0.5F); };
    const Outputs alone = model->predict(input, 16, 32, 32, true);
    const std::vector<float> gradient = model->input_gradient(input, 16, 32, 32, slope).values;
    std::vector<std::thread> workers;
    std::atomic<int> wrong = 0;
    for (int w = 0; w < 4; ++w) {
        workers.emplace_back([&, w] {
            for (int i = 0; i < 5; ++i) {
                const Outputs outputs = model->predict(input, 16, 32, 32, w % 2 == 0);
                wrong += outputs.values == alone.values ? 0 : 1;
                wrong += w % 2 == 1 || outputs.features == alone.features ? 0 : 1;
                wrong += model->input_gradient(input, 16, 32, 32, slope).values == gradient ? 0 : 1;
            }
        });
    }
    for (std::thread& worker : workers) worker.join();
    EXPECT_EQ(wrong, 0);
}

// Numerically: the loss of a slightly moved input.
TEST(RealScores, TheGradientIsTheSlopeOfTheLoss) {
    MISFIRE_NEEDS("real/models/cifar10_resnet20.pt");
    const std::unique_ptr<Model> model = load_model(shared("real/models/cifar10_resnet20.pt"), options_of(32));
    std::vector<float> input = images(*model, "real/cifar10_test", 2);
    const auto third = [](const Outputs& outputs) {
        std::vector<float> slope(outputs.values.size(), 0.0F);
        for (std::size_t r = 0; r < static_cast<std::size_t>(outputs.rows); ++r) slope[r * 10 + 3] = 1.0F;
        return slope;
    };
    const std::vector<float> gradient = model->input_gradient(input, 2, 32, 32, third).values;
    // Along the gradient itself a step of length s changes the answer by s times the gradient's length.
    double squares = 0.0;
    for (std::size_t i = 0; i < gradient.size() / 2; ++i)
        squares += static_cast<double>(gradient[i]) * static_cast<double>(gradient[i]);
    const double length = std::sqrt(squares), step = 0.01;
    const double before = static_cast<double>(model->predict(input, 2, 32, 32).values[3]);
    for (std::size_t i = 0; i < gradient.size() / 2; ++i) input[i] += static_cast<float>(step / length) * gradient[i];
    const double after = static_cast<double>(model->predict(input, 2, 32, 32).values[3]);
    EXPECT_NEAR((after - before) / step, length, 0.1 * length);
}

TEST(RealScores, AQuantisedTraceOfOneRowGivesFeaturesAndSaysWhatItCannot) {
    MISFIRE_NEEDS("real/models/imagenet_mobilenet_v2_int8.pt");
    LoadOptions options = options_of(224);
    options.output = OutputKind::logits;
    const std::unique_ptr<Model> model = load_model(shared("real/models/imagenet_mobilenet_v2_int8.pt"), options);
    EXPECT_EQ(model->info().features, 1280);
    EXPECT_EQ(model->classifier(), nullptr);
    std::vector<ScoreSpec> specs;
    for (const ScoreEntry* entry : all_scores())
        specs.push_back({entry->info.name, entry->info.name, score_settings(entry->info, {})});
    const ModelScores scores(*model, specs);
    std::map<std::string, ScoreState> states;
    for (const ScoreState& state : scores.states()) states[state.name] = state;
    EXPECT_EQ(states.at("energy").status, Status::ok);
    EXPECT_EQ(states.at("knn").status, Status::ok);
    EXPECT_EQ(states.at("vim").status, Status::skipped);
    EXPECT_THAT(states.at("vim").message, HasSubstr("packed"));
    EXPECT_EQ(states.at("odin").status, Status::skipped);
    EXPECT_THAT(states.at("odin").message, HasSubstr("quantised"));
    EXPECT_THROW(model->input_gradient(std::vector<float>(3 * 224 * 224), 1, 224, 224,
                                       [](const Outputs& o) { return o.values; }),
                 ModelError);
}

TEST(RealScores, AVisionTransformerOfPackedLayersHasFeaturesOnly) {
    MISFIRE_NEEDS("real/models/mnist_vit.ptl");
    LoadOptions options;
    options.geometry = Geometry{Geometry::Kind::exact, 28, 28, 0, 0};
    TensorForm form;
    form.channels = 1;
    options.tensor = form;
    options.output = OutputKind::logits;
    const std::unique_ptr<Model> model = load_model(shared("real/models/mnist_vit.ptl"), options);
    EXPECT_GT(model->info().features, 0);
    EXPECT_EQ(model->classifier(), nullptr);
    EXPECT_THAT(model->info().no_classifier, HasSubstr("quantized::linear_dynamic, whose weights are packed"));
}

}  // namespace
}  // namespace misfire::test
