#include "models/card.h"

#include <gtest/gtest.h>

#include "tests/unit/models_fixture.h"

namespace misfire::test {

TEST(Card, EveryKeyIsRead) {
    const auto folder = fresh_folder();
    write_text(folder / "net.yaml", R"(
summary: a net
task: classification
classes: [cat, dog]
geometry: {resize: 256, crop: 224}
tensor: {channels: 3, scale: 127.5, mean: [1, 1, 1], std: [0.5, 0.25, 2]}
output: log-probabilities
output_key: scores
fixed_batch: 1
engine: qnnpack
licence: MIT
origin: somewhere
recipe: train.py
parent: elder
sha256: abc
clean_score: {metric: accuracy, value: 0.75, on: four pictures}
)");
    const auto card = read_card(folder / "net.pt");
    ASSERT_TRUE(card.has_value());
    EXPECT_EQ(card->task, "classification");
    EXPECT_EQ(card->class_names, (std::vector<std::string>{"cat", "dog"}));
    EXPECT_EQ(card->classes, 2);
    EXPECT_EQ(card->geometry, (Geometry{Geometry::Kind::shorter_side_then_crop, 0, 0, 256, 224}));
    EXPECT_EQ(card->tensor, (TensorForm{3, 127.5, {1, 1, 1}, {0.5, 0.25, 2}}));
    EXPECT_EQ(card->output, OutputKind::log_probabilities);
    EXPECT_EQ(card->output_key, "scores");
    EXPECT_EQ(card->fixed_batch, 1);
    EXPECT_EQ(card->engine, "qnnpack");
    EXPECT_EQ(card->licence, "MIT");
    EXPECT_EQ(card->origin, "somewhere");
    EXPECT_EQ(card->recipe, "train.py");
    EXPECT_EQ(card->parent, "elder");
    EXPECT_EQ(card->sha256, "abc");
    EXPECT_EQ(card->clean_score, "accuracy 0.75 on four pictures");
    EXPECT_EQ(card->clean_value, 0.75);
    EXPECT_EQ(card->summary, "a net");
}

TEST(Card, GeometryFormsOfTheScenarioFile) {
    const auto folder = fresh_folder();
    const auto geometry = [&](const std::string& text) {
        write_text(folder / "net.yaml", "geometry: " + text + "\n");
        return *read_card(folder / "net.pt")->geometry;
    };
    EXPECT_EQ(geometry("{size: 32}"), (Geometry{Geometry::Kind::exact, 32, 32, 0, 0}));
    EXPECT_EQ(geometry("{size: [48, 64]}"), (Geometry{Geometry::Kind::exact, 48, 64, 0, 0}));
    EXPECT_EQ(geometry("none"), Geometry{});
}

TEST(Card, ClassesMayBeANumber) {
    const auto folder = fresh_folder();
    write_text(folder / "net.yaml", "classes: 1000\n");
    const auto card = read_card(folder / "net.pt");
    EXPECT_EQ(card->classes, 1000);
    EXPECT_TRUE(card->class_names.empty());
}

TEST(Card, NoFileIsNoCard) { EXPECT_FALSE(read_card(fresh_folder() / "net.pt").has_value()); }

}  // namespace misfire::test
