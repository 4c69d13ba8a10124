// TorchScript models that take rows and windows of numbers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.h"
#include "models/card.h"
#include "models/torchscript.h"
#include "tests/shared_files.h"
#include "tests/unit/models_fixture.h"

namespace misfire::test {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Four samples of three features.
const std::vector<float> rows = {1, 2, 3, 0, -1, 4, 2, 2, 2, 5, 0, -3};

LoadOptions of_rows(int features, int window = 1) {
    LoadOptions options;
    options.row_features = features;
    options.row_window = window;
    options.row_samples = std::vector<float>(rows.begin(), rows.begin() + 2 * features * window);
    return options;
}

// y = x . (1, 10, 100), one number a row.
void write_sum(const std::filesystem::path& path, const std::string& shape = "") {
    write_torchscript(path, "def forward(self, x):\n    w = torch.tensor([1.0, 10.0, 100.0])\n    return (x * w)" +
                                (shape.empty() ? std::string(".sum(1)") : shape) + "\n");
}

std::string refusal(const std::filesystem::path& path, const LoadOptions& options) {
    try {
        load_model(path, options);
    } catch (const ModelError& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST(RowModels, ARowIsFedAsFeatures) {
    const auto path = fresh_folder() / "net.pt";
    write_sum(path);
    const auto model = load_model(path, of_rows(3));
    const ModelInfo& info = model->info();
    EXPECT_EQ(info.input, InputKind::row);
    EXPECT_EQ(info.output, OutputKind::regression);
    EXPECT_EQ(info.task, "regression");
    EXPECT_EQ(info.classes, 1);
    EXPECT_EQ(info.input_height, 1);
    EXPECT_EQ(info.input_width, 3);
    EXPECT_EQ(info.fixed_batch, 0);
    const Outputs outputs = model->predict(rows, 4, 1, 3);
    EXPECT_EQ(outputs.rows, 4);
    EXPECT_EQ(outputs.columns, 1);
    EXPECT_THAT(outputs.values, ElementsAre(321, 390, 222, -295));
    EXPECT_EQ(model->predict({}, 0, 1, 3).values.size(), 0U);
}

TEST(RowModels, AWindowIsFedAsRowsOfFeatures) {
    const auto path = fresh_folder() / "net.pt";
    write_sum(path, ".sum(2)[:, -1] - x[:, 0, 0]");  // the last row of a window, and the first number of its first
    const auto model = load_model(path, of_rows(3, 2));
    EXPECT_EQ(model->info().input, InputKind::window);
    EXPECT_EQ(model->info().input_height, 2);
    const Outputs outputs = model->predict(rows, 2, 2, 3);
    EXPECT_THAT(outputs.values, ElementsAre(389, -297));
}

TEST(RowModels, AClassifierOfRowsHasFeaturesAndGradient) {
    const auto path = fresh_folder() / "net.pt";
    write_torchscript(path,
                      "def forward(self, x):\n    h = torch.relu(torch.linear(x, self.first))\n"
                      "    return torch.linear(h, self.second)\n",
                      {{"first", {5, 3}}, {"second", {2, 5}}});
    LoadOptions options = of_rows(3);
    options.output = OutputKind::logits;
    const auto model = load_model(path, options);
    EXPECT_EQ(model->info().classes, 2);
    EXPECT_EQ(model->info().features, 5);
    EXPECT_TRUE(model->info().differentiable);
    EXPECT_EQ(model->predict(rows, 4, 1, 3, true).features.size(), 20U);
}

TEST(RowModels, TheCardSaysColumnsAndQuantiles) {
    const auto folder = fresh_folder();
    write_torchscript(folder / "net.pt",
                      "def forward(self, x):\n    m = x.sum(1, keepdim=True)\n    return torch.cat([m - 1, m, m + 1], "
                      "1)\n");
    write_text(folder / "net.yaml",
               "task: regression\noutput: regression\ncolumns: [a, b, c]\nquantiles: [0.1, 0.5, 0.9]\nmissing: mean\n"
               "categories: {b: [\"no\", \"yes\"]}\n");
    const auto model = load_model(folder / "net.pt", of_rows(3));
    EXPECT_THAT(model->info().columns, ElementsAre("a", "b", "c"));
    EXPECT_THAT(model->info().quantiles, ElementsAre(0.1, 0.5, 0.9));
    EXPECT_EQ(model->info().classes, 3);
    EXPECT_THAT(model->predict(std::span(rows).first(6), 2, 1, 3).values, ElementsAre(5, 6, 7, 2, 3, 4));
    const Card card = read_card(folder / "net.pt").value();
    EXPECT_EQ(card.missing, "mean");
    EXPECT_THAT(card.categories.at("b"), ElementsAre("no", "yes"));
}

TEST(RowModels, QuantilesThatDoNotFitAreRefused) {
    const auto folder = fresh_folder();
    write_torchscript(folder / "net.pt", "def forward(self, x):\n    return x[:, :2] * 3\n");
    const std::string card = "task: regression\noutput: regression\n";
    write_text(folder / "net.yaml", card);
    EXPECT_THAT(refusal(folder / "net.pt", of_rows(3)), HasSubstr("answers 2 numbers per row, but a regression"));
    write_text(folder / "net.yaml", card + "quantiles: [0.1, 0.5, 0.9]\n");
    EXPECT_THAT(refusal(folder / "net.pt", of_rows(3)),
                HasSubstr("answers 2 numbers per row, but its card names 3 quantiles: correct it"));
    write_text(folder / "net.yaml", card + "quantiles: [0.9, 0.1]\n");
    EXPECT_THAT(refusal(folder / "net.pt", of_rows(3)), HasSubstr("quantiles"));
    write_text(folder / "net.yaml", card + "quantiles: [0.5, 1.5]\n");
    EXPECT_THAT(refusal(folder / "net.pt", of_rows(3)), HasSubstr("1.5"));
}

TEST(RowModels, AnotherNumberOfFeaturesIsToldInTheUsersWords) {
    const auto path = fresh_folder() / "net.pt";
    write_sum(path);
    EXPECT_THAT(refusal(path, of_rows(2)),
                testing::AllOf(HasSubstr("model net"), HasSubstr("given rows of 2 features"), HasSubstr("`features`")));
    const auto model = load_model(path, of_rows(3));
    EXPECT_THAT([&] { model->predict(rows, 2, 2, 3); },
                testing::ThrowsMessage<ModelError>(HasSubstr("takes windows of 1 x 3 numbers, not 2 x 3")));
    EXPECT_THROW(model->predict(rows, 5, 1, 3), InternalError);
}

TEST(RowModels, RowsNeedNeitherGeometryNorTensor) {
    const auto path = in_source("models/zoo/models/chicago_ridership.pt");
    const auto by_card = load_model(path, {});  // its card names columns, so it is tried on made-up rows
    EXPECT_EQ(by_card->info().input, InputKind::row);
    EXPECT_EQ(by_card->info().input_width, 61);
    LoadOptions options;
    options.row_features = 61;
    options.row_samples = std::vector<float>(2 * 61, 1.0F);
    const auto model = load_model(path, options);
    EXPECT_EQ(model->info().columns.size(), 61U);
    EXPECT_EQ(model->info().columns.front(), "ridership.7");
    EXPECT_EQ(model->predict(options.row_samples, 2, 1, 61).values.size(), 2U);
}

}  // namespace misfire::test
