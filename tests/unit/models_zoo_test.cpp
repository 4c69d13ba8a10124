#include "models/zoo.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "core/error.h"
#include "models/digest.h"
#include "models/torchscript.h"
#include "tests/shared_files.h"
#include "tests/unit/models_fixture.h"

namespace misfire::test {

namespace {

// The zoo of the source tree, laid out as an installation.
class Zoo : public testing::Test {
  protected:
    void SetUp() override {
        const auto share = fresh_folder();
        std::filesystem::create_directory_symlink(in_source("models/zoo"), share / "zoo");
        setenv("MISFIRE_SHARE", share.c_str(), 1);
        setenv("MISFIRE_DATA", (share / "none").c_str(), 1);
    }
};

void expect_provenance(const ZooModel& entry) {
    EXPECT_EQ(model_file_sha256(entry.path), entry.card.sha256);
    EXPECT_NE(entry.card.licence, "");
    EXPECT_NE(entry.card.origin, "");
    EXPECT_NE(entry.card.recipe, "");
    EXPECT_NE(entry.card.summary, "");
    EXPECT_TRUE(entry.card.clean_value.has_value());
}

}  // namespace

TEST_F(Zoo, HoldsTheShippedModels) {
    std::vector<std::string> names;
    for (const ZooModel& model : zoo_models()) names.push_back(model.name);
    EXPECT_THAT(names,
                testing::IsSupersetOf({"chicago_ridership", "chicago_ridership_quantiles", "cifar10_resnet20", "credit",
                                       "fashion_resnet", "fashion_resnet_int8", "fashion_resnet_noise"}));
}

TEST_F(Zoo, EveryModelOfImagesIsWhatItsCardSays) {
    int images = 0;
    for (const ZooModel& entry : zoo_models()) {
        if (!entry.card.columns.empty()) continue;
        SCOPED_TRACE(entry.name);
        ++images;
        expect_provenance(entry);
        const auto model = load_model(entry.path, {});
        const ModelInfo& info = model->info();
        EXPECT_EQ(info.classes, 10);
        EXPECT_EQ(info.class_names.size(), 10U);
        EXPECT_EQ(info.features, 64);
        EXPECT_EQ(info.fixed_batch, 0);
        EXPECT_EQ(info.output, OutputKind::logits);
        EXPECT_EQ(info.quantised, entry.name.ends_with("_int8"));
        EXPECT_EQ(info.differentiable, !info.quantised);
        EXPECT_GE(entry.card.clean_value.value_or(0.0), entry.name == "cifar10_resnet20" ? 0.88
                                                        : entry.name == "fashion_resnet" ? 0.92
                                                                                         : 0.90);
    }
    EXPECT_GE(images, 4);
}

// Their clean scores come out of the program in tests/cli/tables_test.cpp.
TEST_F(Zoo, EveryModelOfTablesIsWhatItsCardSays) {
    int tables = 0;
    for (const ZooModel& entry : zoo_models()) {
        if (entry.card.columns.empty()) continue;
        SCOPED_TRACE(entry.name);
        ++tables;
        expect_provenance(entry);
        LoadOptions options;
        options.row_features = static_cast<int>(entry.card.columns.size());
        options.row_samples.assign(2 * entry.card.columns.size(), 1.0F);
        const auto model = load_model(entry.path, options);
        const ModelInfo& info = model->info();
        EXPECT_EQ(info.input, InputKind::row);
        EXPECT_EQ(info.columns, entry.card.columns);
        EXPECT_EQ(info.task, entry.card.task.value_or("classification"));
        EXPECT_EQ(info.fixed_batch, 0);
        EXPECT_FALSE(info.quantised);
        const bool regression = info.output == OutputKind::regression;
        EXPECT_EQ(regression, info.task == "regression");
        EXPECT_EQ(static_cast<std::size_t>(info.classes),
                  regression ? std::max<std::size_t>(1, info.quantiles.size()) : info.class_names.size());
        EXPECT_EQ(entry.card.missing, "nan") << "the models fill in by themselves:";
        options.row_samples[1] = std::numeric_limits<float>::quiet_NaN();
        for (const float value : model->predict(options.row_samples, 2, 1, options.row_features).values)
            EXPECT_TRUE(std::isfinite(value));
    }
    EXPECT_GE(tables, 3);
}

TEST_F(Zoo, NamesAndPathsAreResolved) {
    EXPECT_EQ(resolve_model("zoo:fashion_resnet").filename(), "fashion_resnet.pt");
    EXPECT_EQ(resolve_model("some/where/net.pt"), "some/where/net.pt");
    EXPECT_THAT([] { resolve_model("zoo:fashion_resnt"); },
                testing::ThrowsMessage<ModelError>(testing::HasSubstr("Did you mean `fashion_resnet`?")));
}

}  // namespace misfire::test
