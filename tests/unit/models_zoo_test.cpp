#include "models/zoo.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

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

}  // namespace

TEST_F(Zoo, HoldsTheShippedModels) {
    std::vector<std::string> names;
    for (const ZooModel& model : zoo_models()) names.push_back(model.name);
    EXPECT_THAT(names, testing::IsSupersetOf(
                           {"cifar10_resnet20", "fashion_resnet", "fashion_resnet_int8", "fashion_resnet_noise"}));
}

TEST_F(Zoo, EveryModelIsWhatItsCardSays) {
    for (const ZooModel& entry : zoo_models()) {
        SCOPED_TRACE(entry.name);
        EXPECT_EQ(model_file_sha256(entry.path), entry.card.sha256);
        const auto model = load_model(entry.path, {});
        const ModelInfo& info = model->info();
        EXPECT_EQ(info.classes, 10);
        EXPECT_EQ(info.class_names.size(), 10U);
        EXPECT_EQ(info.features, 64);
        EXPECT_EQ(info.fixed_batch, 0);
        EXPECT_EQ(info.output, OutputKind::logits);
        EXPECT_EQ(info.quantised, entry.name.ends_with("_int8"));
        EXPECT_EQ(info.differentiable, !info.quantised);
        EXPECT_NE(entry.card.licence, "");
        EXPECT_NE(entry.card.origin, "");
        EXPECT_NE(entry.card.recipe, "");
        EXPECT_NE(entry.card.summary, "");
        ASSERT_TRUE(entry.card.clean_value.has_value());
        EXPECT_GE(*entry.card.clean_value, entry.name == "cifar10_resnet20" ? 0.88
                                           : entry.name == "fashion_resnet" ? 0.92
                                                                            : 0.90);
    }
}

TEST_F(Zoo, NamesAndPathsAreResolved) {
    EXPECT_EQ(resolve_model("zoo:fashion_resnet").filename(), "fashion_resnet.pt");
    EXPECT_EQ(resolve_model("some/where/net.pt"), "some/where/net.pt");
    EXPECT_THAT([] { resolve_model("zoo:fashion_resnt"); },
                testing::ThrowsMessage<ModelError>(testing::HasSubstr("Did you mean `fashion_resnet`?")));
}

}  // namespace misfire::test
