#include "harness/tensor.h"

#include <gtest/gtest.h>

namespace misfire {
namespace {

TensorForm form(int channels) {
    TensorForm f;
    f.channels = channels;
    return f;
}

TEST(Tensor, PlanesInRgbOrder) {
    Image image(1, 2, 3);
    image.pixels = {255, 0, 51, 102, 153, 204};
    std::vector<float> out(6);
    TensorFiller(form(3)).fill(image, out.data());
    const std::vector<float> expected = {1.0F, 0.4F, 0.0F, 0.6F, 0.2F, 0.8F};
    for (std::size_t i = 0; i < 6; ++i) EXPECT_FLOAT_EQ(out[i], expected[i]);
}

TEST(Tensor, NormalisesAsTorchvision) {
    // torchvision: ToTensor()(255 -> 1.0), Normalize(.485, .229) -> (1 - .485) / .229 = 2.2489083
    TensorForm f = form(1);
    f.mean = {0.485};
    f.std = {0.229};
    Image image(1, 2, 1);
    image.pixels = {255, 0};
    std::vector<float> out(2);
    TensorFiller(f).fill(image, out.data());
    EXPECT_FLOAT_EQ(out[0], 2.2489083F);
    EXPECT_FLOAT_EQ(out[1], -2.1179040F);
}

TEST(Tensor, GreyIsRepeatedForAColourModel) {
    Image image(1, 1, 1);
    image.pixels = {51};
    std::vector<float> out(3);
    TensorFiller(form(3)).fill(image, out.data());
    for (const float value : out) EXPECT_FLOAT_EQ(value, 0.2F);
}

TEST(Tensor, ColourBecomesPillowsLumaForAGreyModel) {
    // python3 -c "from PIL import Image; im=Image.new('RGB',(1,1),(200,30,99)); print(im.convert('L').getpixel((0,0)))"
    // -> 89
    Image image(1, 1, 3);
    image.pixels = {200, 30, 99};
    float out = 0.0F;
    TensorFiller(form(1)).fill(image, &out);
    EXPECT_FLOAT_EQ(out, 89.0F / 255.0F);
}

TEST(Tensor, ScaleOfOneKeepsPixelValues) {
    TensorForm f = form(1);
    f.scale = 1.0;
    Image image(1, 1, 1);
    image.pixels = {77};
    float out = 0.0F;
    TensorFiller(f).fill(image, &out);
    EXPECT_FLOAT_EQ(out, 77.0F);
}

TEST(TensorFiller, puts_channels_in_a_wrong_order_when_told_so) {
    Image image(1, 2, 3);
    image.pixels = {10, 20, 30, 40, 50, 60};
    TensorForm form;
    form.scale = 1.0;
    form.order = {2, 1, 0};
    std::vector<float> tensor(6);
    TensorFiller(form).fill(image, tensor.data());
    EXPECT_EQ(tensor, (std::vector<float>{30, 60, 20, 50, 10, 40}));
}

}  // namespace
}  // namespace misfire
