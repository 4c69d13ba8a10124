// The sentences a user of perturbations can meet: each names the value, the limit and the remedy.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "core/error.h"
#include "perturbations/perturb.h"
#include "perturbations/registry.h"

namespace misfire {
namespace {

using testing::AllOf;
using testing::HasSubstr;

template <typename E, typename Call>
std::string message_of(Call call) {
    try {
        call();
    } catch (const E& e) {
        return e.what();
    }
    ADD_FAILURE() << "nothing was thrown, or something else";
    return "";
}

std::string refusal(const Image& image, double severity) {
    const auto unit = make_perturbation("gaussian_noise");
    Image out;
    Scratch scratch;
    return message_of<Error>([&] { perturb(*unit, image, out, severity, Random(1), scratch); });
}

TEST(PerturbationErrors, unknown_name) {
    EXPECT_EQ(message_of<UsageError>([] { make_perturbation("gausian_noise"); }),
              "There is no perturbation `gausian_noise`. Did you mean `gaussian_noise`?");
    EXPECT_THAT(message_of<UsageError>([] { make_perturbation("xyzzyplugh"); }),
                AllOf(HasSubstr(" Known: "), HasSubstr("brightness, "), HasSubstr("zoom_blur")));
}

TEST(PerturbationErrors, unknown_group) {
    EXPECT_EQ(message_of<UsageError>([] { expand_group("imagenet_c"); }),
              "There is no group of perturbations `imagenet_c`. Did you mean `imagenet-c`?");
}

TEST(PerturbationErrors, unknown_option) {
    EXPECT_EQ(message_of<UsageError>([] {
                  make_perturbation("contrast", {{"sett", "auto"}});
              }),
              "`contrast` has no option `sett`. Did you mean `set`?");
}

TEST(PerturbationErrors, watermark_that_cannot_be_written) {
    const auto refusal_of = [](const std::string& text) {
        return message_of<UsageError>([&] { make_perturbation("watermark", {{"text", text}}); });
    };
    EXPECT_EQ(refusal_of("caf\xC3\xA9"),
              "Option `text` of `watermark` cannot be `caf\xC3\xA9` (5 bytes): it takes 1 to 80 printable ASCII "
              "characters, not only blanks. Shorten it or write it without accents.");
    EXPECT_THAT(refusal_of(std::string(81, 'x')), HasSubstr("(81 bytes): it takes 1 to 80"));
    EXPECT_THAT(refusal_of("  "), HasSubstr("not only blanks"));
    EXPECT_THAT(refusal_of(""), HasSubstr("cannot be ``"));
}

TEST(PerturbationErrors, option_out_of_its_choices) {
    EXPECT_EQ(message_of<UsageError>([] {
                  make_perturbation("contrast", {{"set", "cifar"}});
              }),
              "Option `set` of `contrast` cannot be `cifar`. Did you mean `cifar-c`?");
}

TEST(PerturbationErrors, severity_out_of_range) {
    const Image image(32, 32, 3);
    EXPECT_EQ(refusal(image, 5.5),
              "Severity 5.5 of `gaussian_noise` is outside 0..5: the published levels are 1 to 5 and 0 is the clean "
              "image. Choose a "
              "value in this range.");
    EXPECT_THAT(refusal(image, -1.0), HasSubstr("Severity -1 of `gaussian_noise` is outside 0..5"));
    EXPECT_THAT(refusal(image, std::numeric_limits<double>::quiet_NaN()), HasSubstr("outside 0..5"));
}

TEST(PerturbationErrors, image_too_small) {
    EXPECT_EQ(refusal(Image(15, 40, 3), 1),
              "`gaussian_noise` needs at least 16 px on each side; this image is 40 x 15 px. Enlarge it (geometry: "
              "{size: 32}) or leave "
              "it out.");
}

TEST(PerturbationErrors, wrong_number_of_channels) {
    EXPECT_THAT(refusal(Image(32, 32, 4), 1), AllOf(HasSubstr("has 4 channels"), HasSubstr("Convert it to RGB")));
}

TEST(PerturbationErrors, jpeg_too_large) {
    const auto unit = make_perturbation("jpeg_compression");
    Image out;
    Scratch scratch;
    EXPECT_THAT(message_of<DataError>([&] { perturb(*unit, Image(16, 65501, 1), out, 1, Random(1), scratch); }),
                AllOf(HasSubstr("65501 x 16 px"), HasSubstr("at most 65500 px")));
}

}  // namespace
}  // namespace misfire
