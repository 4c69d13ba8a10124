// Arrays written piece by piece, and image files: read back by NumPy, Pillow and our own readers.
#include "data_fixture.h"
#include "scenarios/data/decode.h"
#include "scenarios/data/encode.h"
#include "scenarios/data/image_array.h"
#include "scenarios/data/npy_writer.h"

namespace misfire::test {
namespace {

class Writing : public DataFolder {
  protected:
    void save(const std::string& name, const std::vector<std::uint8_t>& bytes) const {
        write(name, std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
    }
};

Image stripes(int height, int width, int channels) {
    Image image(height, width, channels);
    for (std::size_t i = 0; i < image.size(); ++i) image.pixels[i] = static_cast<std::uint8_t>(i * 37 + i / 7);
    return image;
}

TEST_F(Writing, ArrayInPiecesInAnyOrder) {
    const Image image = stripes(4, 5, 3);
    {
        NpyWriter writer(path("a.npy"), "|u1", {3, 4, 5, 3}, NpyWriter::Begin::anew);
        writer.write(2 * 60, image.pixels);
    }
    {
        NpyWriter writer(path("a.npy"), "|u1", {3, 4, 5, 3}, NpyWriter::Begin::go_on);
        writer.write(0, image.pixels);
        writer.sync();
        EXPECT_THROW(writer.write(121, image.pixels), InternalError);
    }
    const ImageArray array(path("a.npy"));
    EXPECT_EQ(array.at(0), image);
    EXPECT_EQ(array.at(1), Image(4, 5, 3)) << "zeros where nothing was written";
    EXPECT_EQ(array.at(2), image);
    python("a = np.load('a.npy')\nassert a.shape == (3, 4, 5, 3) and (a[0] == a[2]).all() and (a[1] == 0).all()");
}

TEST_F(Writing, ArraysOfAnotherKindAreNotTakenUp) {
    { const NpyWriter writer(path("a.npy"), "|u1", {3, 4}, NpyWriter::Begin::anew); }
    const auto go_on = [&](const std::string& type, const std::vector<std::size_t>& shape) {
        return message_of<DataError>([&] { NpyWriter(path("a.npy"), type, shape, NpyWriter::Begin::go_on); });
    };
    EXPECT_EQ(go_on("|u1", {3, 4}), "");
    EXPECT_NE(go_on("|u1", {4, 3}), "");
    EXPECT_NE(go_on("|i1", {3, 4}), "");
    EXPECT_NE(go_on("|u1", {30, 4}), "");
    fs::remove(path("a.npy"));
    EXPECT_NE(go_on("|u1", {3, 4}), "") << "it is not there";
    EXPECT_NE(message_of<DataError>([&] {
                  NpyWriter(path("none/a.npy"), "|u1", {1}, NpyWriter::Begin::anew);
              }).find("No such file"),
              std::string::npos);
}

TEST_F(Writing, ArraysLargerThanTheDiskAreRefusedAtOnce) {
    const std::string message =
        message_of<DataError>([&] { NpyWriter(path("a.npy"), "|u1", {std::size_t{1} << 50}, NpyWriter::Begin::anew); });
    EXPECT_NE(message.find("Writing the array"), std::string::npos) << message;
}

TEST_F(Writing, PngIsLossless) {
    for (const int channels : {1, 3}) {
        const Image image = stripes(17, 33, channels);
        save("a.png", encode_png(image));
        EXPECT_EQ(decode_image(path("a.png")), image);
        python("assert Image.open('a.png').size == (33, 17)");
    }
}

TEST_F(Writing, JpegIsPillowsByteForByte) {
    for (const int channels : {1, 3}) {
        save("in.png", encode_png(stripes(50, 61, channels)));
        save("published.jpg", encode_jpeg(stripes(50, 61, channels), imagenet_c_jpeg));
        save("full.jpg", encode_jpeg(stripes(50, 61, channels), {95, false, true}));
        save("plain.jpg", encode_jpeg(stripes(50, 61, channels), {30, true, false}));
        python(
            "image = Image.open('in.png')\n"
            "image.save('a.jpg', quality=85, optimize=True)\n"
            "image.save('b.jpg', quality=95, subsampling=0, optimize=True)\n"
            "image.save('c.jpg', quality=30)\n"
            "for ours, theirs in [('published', 'a'), ('full', 'b'), ('plain', 'c')]:\n"
            "    assert open(ours + '.jpg', 'rb').read() == open(theirs + '.jpg', 'rb').read(), ours\n");
    }
    const std::string message = message_of<DataError>([] { encode_jpeg(Image(1, 70000, 1), {}); });
    EXPECT_NE(message.find("70000 x 1 px cannot be written as JPEG"), std::string::npos) << message;
}

}  // namespace
}  // namespace misfire::test
