// What a user reads when a model cannot be used: one case per message.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "core/error.h"
#include "models/card.h"
#include "models/digest.h"
#include "models/zoo.h"
#include "tests/shared_files.h"
#include "tests/unit/models_fixture.h"

namespace misfire::test {

using testing::AllOf;
using testing::HasSubstr;

namespace {

// The message of the ModelError that loading throws.
std::string refusal(const std::filesystem::path& path, const LoadOptions& options = options_for(1, 4)) {
    try {
        load_model(path, options);
    } catch (const ModelError& error) {
        return error.what();
    }
    ADD_FAILURE() << path << " was accepted";
    return "";
}

std::string card_refusal(const std::string& yaml) {
    const auto folder = fresh_folder();
    write_text(folder / "net.yaml", yaml);
    try {
        read_card(folder / "net.pt");
    } catch (const ModelError& error) {
        return error.what();
    }
    ADD_FAILURE() << yaml << " was accepted";
    return "";
}

}  // namespace

TEST(ModelErrors, MissingFile) {
    EXPECT_THAT(refusal("no/such/net.pt"), HasSubstr("there is no model file no/such/net.pt"));
}

TEST(ModelErrors, Folder) { EXPECT_THAT(refusal(fresh_folder()), HasSubstr("is not a file")); }

TEST(ModelErrors, EmptyFile) {
    const auto path = fresh_folder() / "net.pt";
    write_text(path, "");
    EXPECT_THAT(refusal(path), HasSubstr("is empty"));
}

TEST(ModelErrors, RandomBytes) {
    const auto path = fresh_folder() / "net.pt";
    write_text(path,
               "\x7f"
               "ELF and other bytes that are no model");
    EXPECT_THAT(refusal(path),
                AllOf(HasSubstr("is not a TorchScript file"), HasSubstr("7f 45 4c 46"), HasSubstr("torch.jit.trace")));
}

TEST(ModelErrors, TruncatedArchive) {
    const auto folder = fresh_folder();
    write_classifier(folder / "whole.pt");
    std::ifstream whole(folder / "whole.pt", std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(whole), {}};
    write_text(folder / "net.pt", bytes.substr(0, bytes.size() / 2));
    EXPECT_THAT(refusal(folder / "net.pt"), HasSubstr("is truncated or damaged"));
}

TEST(ModelErrors, StateDict) {
    const auto path = fresh_folder() / "weights.pt";
    write_state_dict(path);
    EXPECT_THAT(refusal(path),
                AllOf(HasSubstr("state_dict"), HasSubstr("net.load_state_dict(torch.load(\"weights.pt\""),
                      HasSubstr("torch.jit.trace(net")));
}

TEST(ModelErrors, StateDictOfOldPyTorch) {
    const auto path = fresh_folder() / "weights.pt";
    write_text(path,
               "\x80\x02\x8a\x0a"
               "l\xfc\x9c"
               "F\xf9 j\xa8P\x19.");
    EXPECT_THAT(refusal(path), AllOf(HasSubstr("state_dict"), HasSubstr("torch.jit.trace(net")));
}

TEST(ModelErrors, MissingOperator) {
    MISFIRE_NEEDS("real/models/detection_d2go_unloadable.pt");
    EXPECT_THAT(refusal(shared("real/models/detection_d2go_unloadable.pt")),
                AllOf(HasSubstr("needs the operator torchvision::nms,"), HasSubstr("Export")));
}

TEST(ModelErrors, UnknownDevice) {
    const auto path = fresh_folder() / "net.pt";
    write_classifier(path);
    LoadOptions options = options_for(1, 4);
    options.device = "tpu";
    EXPECT_THAT(refusal(path, options), AllOf(HasSubstr("no device `tpu`"), HasSubstr("cpu")));
}

TEST(ModelErrors, UnknownEngine) {
    const auto path = fresh_folder() / "net.pt";
    write_classifier(path);
    LoadOptions options = options_for(1, 4);
    options.engine = "tensorrt";
    EXPECT_THAT(refusal(path, options), AllOf(HasSubstr("no quantised engine `tensorrt`"), HasSubstr("It has: ")));
}

TEST(ModelErrors, UnknownOptimisation) {
    const auto path = fresh_folder() / "net.pt";
    write_classifier(path);
    LoadOptions options = options_for(1, 4);
    options.optimize = "fast";
    EXPECT_THAT(refusal(path, options), HasSubstr("must be one of none, freeze, inference"));
}

TEST(ModelErrors, OtherDigestThanExpected) {
    const auto path = fresh_folder() / "net.pt";
    write_classifier(path);
    LoadOptions options = options_for(1, 4);
    options.expect_sha256 = std::string(64, '0');
    EXPECT_THAT(refusal(path, options), AllOf(HasSubstr(model_file_sha256(path)), HasSubstr("expects 0000")));
    options.expect_sha256 = model_file_sha256(path);
    EXPECT_NO_THROW(load_model(path, options));
}

TEST(ModelErrors, OtherDigestThanOnTheCard) {
    const auto folder = fresh_folder();
    write_classifier(folder / "net.pt");
    write_text(folder / "net.yaml",
               "geometry: {size: 4}\ntensor: {channels: 1}\nsha256: " + std::string(64, 'a') + "\n");
    EXPECT_THAT(refusal(folder / "net.pt", {}), AllOf(HasSubstr("the card "), HasSubstr("expects aaaa")));
}

TEST(ModelErrors, NoCardAndNoInputForm) {
    const auto path = fresh_folder() / "net.pt";
    write_classifier(path);
    EXPECT_THAT(refusal(path, {}), AllOf(HasSubstr("net.yaml"), HasSubstr("geometry: {size: 224}"),
                                         HasSubstr("tensor: {channels: 3"), HasSubstr("`input:`")));
}

TEST(ModelErrors, InputOfTheWrongSize) {
    const auto path = fresh_folder() / "net.pt";
    write_classifier(path);
    EXPECT_THAT(refusal(path, options_for(3, 4)),
                AllOf(HasSubstr("fails on input [2, 3, 4, 4]"), HasSubstr("Check geometry, tensor.channels")));
    const auto model = load_model(path, options_for(1, 4));
    EXPECT_THAT([&] { model->predict(made_up_images(1, 1, 8, false), 1, 8, 8); },
                testing::ThrowsMessage<ModelError>(HasSubstr("takes images of 4 x 4 pixels, not 8 x 8")));
}

TEST(ModelErrors, DeclaredOutputKindIsContradicted) {
    const auto path = fresh_folder() / "net.pt";
    write_classifier(path, "return torch.softmax(y, 1)");
    LoadOptions options = options_for(1, 4);
    options.output = OutputKind::logits;
    EXPECT_THAT(refusal(path, options), AllOf(HasSubstr("declared to give logits"), HasSubstr("sums to 1"),
                                              HasSubstr("output: probabilities")));
    write_classifier(path);
    options.output = OutputKind::probabilities;
    EXPECT_THAT(refusal(path, options), AllOf(HasSubstr("declared to give probabilities"),
                                              HasSubstr("rows do not sum to 1"), HasSubstr("output: logits")));
}

TEST(ModelErrors, DoubtfulOutputKind) {
    const auto path = fresh_folder() / "net.pt";
    write_classifier(path, "return torch.sigmoid(y)");
    EXPECT_THAT(refusal(path),
                AllOf(HasSubstr("declares no output kind"), HasSubstr("sigmoids"), HasSubstr("output: logits")));
}

TEST(ModelErrors, AmbiguousContainer) {
    const auto path = fresh_folder() / "net.pt";
    write_classifier(path, "return {'logits': y, 'hidden': h}");
    EXPECT_THAT(refusal(path), AllOf(HasSubstr("several tensors"), HasSubstr("logits: Float [2, 3]"),
                                     HasSubstr("hidden: Float [2, 5]"), HasSubstr("output_key")));
}

TEST(ModelErrors, UnknownOutputKey) {
    const auto path = fresh_folder() / "net.pt";
    write_classifier(path, "return {'logits': y, 'hidden': h}");
    LoadOptions options = options_for(1, 4);
    options.output_key = "logit";
    EXPECT_THAT(refusal(path, options), AllOf(HasSubstr("without `logit`"), HasSubstr("logits: Float")));
}

TEST(ModelErrors, AnswerOfTheWrongShape) {
    const auto path = fresh_folder() / "net.pt";
    write_torchscript(path, "def forward(self, x):\n    return x + self.w\n", {{"w", {1}}});
    EXPECT_THAT(refusal(path), AllOf(HasSubstr("shape [2, 1, 4, 4]"), HasSubstr("segmentation")));
}

TEST(ModelErrors, ClassCount) {
    const auto folder = fresh_folder();
    write_classifier(folder / "net.pt");
    LoadOptions options = options_for(1, 4);
    options.classes_hint = 10;
    EXPECT_THAT(refusal(folder / "net.pt", options), AllOf(HasSubstr("gives 3 columns"), HasSubstr("need 10 classes")));
    write_text(folder / "net.yaml", "classes: [a, b]\n");
    EXPECT_THAT(refusal(folder / "net.pt"), AllOf(HasSubstr("gives 3 columns"), HasSubstr("says 2 classes")));
}

TEST(ModelErrors, NoFeatures) {
    const auto path = fresh_folder() / "net.pt";
    write_torchscript(path, "def forward(self, x):\n    return x.flatten(1)\n");
    LoadOptions options = options_for(1, 4);
    options.output = OutputKind::logits;
    const auto model = load_model(path, options);
    EXPECT_THAT([&] { model->predict(made_up_images(1, 1, 4, false), 1, 4, 4, true); },
                testing::ThrowsMessage<ModelError>(HasSubstr("has no penultimate features")));
}

TEST(CardErrors, UnknownKeyNamesTheNearestAndTheLine) {
    EXPECT_THAT(
        card_refusal("task: classification\ngeometri: {size: 4}\n"),
        AllOf(HasSubstr("net.yaml:2: "), HasSubstr("unknown key `geometri`"), HasSubstr("Did you mean `geometry`?")));
    EXPECT_THAT(card_refusal("tensor: {chanels: 3}\n"),
                AllOf(HasSubstr("net.yaml:1: "), HasSubstr("Did you mean `channels`?")));
}

TEST(CardErrors, ValuesOutOfRange) {
    EXPECT_THAT(card_refusal("geometry: {size: 0}\n"),
                HasSubstr("geometry.size must be a whole number from 1 to 16384, not 0"));
    EXPECT_THAT(card_refusal("geometry: {resize: 200, crop: 224}\n"),
                HasSubstr("geometry.crop must be a whole number from 1 to 200"));
    EXPECT_THAT(card_refusal("geometry: {resize: 256}\n"), HasSubstr("needs both resize and crop"));
    EXPECT_THAT(card_refusal("geometry: {size: 4, crop: 2}\n"), HasSubstr("not both"));
    EXPECT_THAT(card_refusal("geometry: [1, 2]\n"), HasSubstr("geometry must be {size: 32}"));
    EXPECT_THAT(card_refusal("tensor: {channels: 2}\n"), HasSubstr("1 (grey) or 3 (RGB)"));
    EXPECT_THAT(card_refusal("tensor: {mean: [0.5]}\n"), HasSubstr("list of 3 numbers"));
    EXPECT_THAT(card_refusal("tensor: {std: [0.5, 0, 1]}\n"), HasSubstr("tensor.std must be above 0"));
    EXPECT_THAT(card_refusal("tensor: {scale: 0}\n"), HasSubstr("tensor.scale must be above 0"));
    EXPECT_THAT(card_refusal("tensor: {scale: much}\n"), HasSubstr("must be a number, not `much`"));
    EXPECT_THAT(card_refusal("output: logit\n"), HasSubstr("Did you mean `logits`?"));
    EXPECT_THAT(card_refusal("task: detection\n"), HasSubstr("Known: classification, regression."));
    EXPECT_THAT(card_refusal("classes: [a, b, a]\n"), HasSubstr("`a` is listed twice"));
    EXPECT_THAT(card_refusal("fixed_batch: -1\n"), HasSubstr("fixed_batch must be a whole number"));
    EXPECT_THAT(card_refusal("clean_score: {metric: accuracy}\n"), HasSubstr("needs metric and value"));
}

TEST(CardErrors, NotYaml) {
    EXPECT_THAT(card_refusal("task: [classification\n"), HasSubstr("not valid YAML"));
    EXPECT_THAT(card_refusal("just a sentence\n"), HasSubstr("must be a mapping"));
}

TEST(ZooErrors, NoZooAtAll) {
    const auto folder = fresh_folder();
    setenv("MISFIRE_SHARE", folder.c_str(), 1);
    setenv("MISFIRE_DATA", folder.c_str(), 1);
    EXPECT_THAT([] { resolve_model("zoo:fashion_resnet"); },
                testing::ThrowsMessage<ModelError>(AllOf(HasSubstr("no zoo was found"), HasSubstr("MISFIRE_SHARE"))));
}

}  // namespace misfire::test
