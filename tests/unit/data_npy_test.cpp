#include <gmock/gmock.h>

#include "scenarios/data/image_array.h"
#include "scenarios/data/npy.h"
#include "tests/unit/data_fixture.h"

namespace misfire::test {
namespace {

using Npy = DataFolder;

TEST_F(Npy, ReadsEveryIntegerWidthAndHeaderVersion) {
    python(R"(
for t in ('int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64'):
    np.save(t + '.npy', np.array([0, 3, 100], t))
np.save('negative.npy', np.array([-2], 'int16'))
for v in ((1, 0), (2, 0), (3, 0)):
    with open(f'v{v[0]}.npy', 'wb') as f: np.lib.format.write_array(f, np.array([7, 8], 'int32'), version=v)
)");
    for (const char* type : {"int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"}) {
        EXPECT_THAT(read_label_array(path(std::string(type) + ".npy")), testing::ElementsAre(0, 3, 100)) << type;
        EXPECT_EQ(NpyArray(path(std::string(type) + ".npy")).type_name(), type);
    }
    EXPECT_THAT(read_label_array(path("negative.npy")), testing::ElementsAre(-2));
    for (const char* version : {"v1.npy", "v2.npy", "v3.npy"})
        EXPECT_THAT(read_label_array(path(version)), testing::ElementsAre(7, 8));
}

TEST_F(Npy, WritesWhatNumpyReads) {
    const std::vector<std::uint8_t> bytes = {1, 2, 3, 4, 5, 6};
    write_npy(path("a.npy"), "|u1", {1, 2, 3}, bytes);
    write_npy(path("b.npy"), "|u1", {6}, bytes);
    python(R"(
a, b = np.load('a.npy'), np.load('b.npy')
assert a.dtype == b.dtype == np.uint8 and a.shape == (1, 2, 3) and b.shape == (6,), (a, b)
assert a.ravel().tolist() == b.tolist() == [1, 2, 3, 4, 5, 6]
)");
}

TEST_F(Npy, ImagesAreGreyOrColourInRows) {
    python(R"(
np.save('grey.npy', np.arange(24, dtype=np.uint8).reshape(2, 3, 4))
np.save('one.npy', np.arange(24, dtype=np.uint8).reshape(2, 3, 4, 1))
np.save('rgb.npy', np.arange(36, dtype=np.uint8).reshape(2, 2, 3, 3))
)");
    const Image grey = ImageArray(path("grey.npy")).at(1);
    EXPECT_EQ(grey, ImageArray(path("one.npy")).at(1));
    EXPECT_THAT((std::vector<int>{grey.height, grey.width, grey.channels, grey.pixels[0], grey.pixels[11]}),
                testing::ElementsAre(3, 4, 1, 12, 23));
    const Image rgb = ImageArray(path("rgb.npy")).at(1);
    EXPECT_THAT((std::vector<int>{rgb.height, rgb.width, rgb.channels, rgb.pixels[0], rgb.pixels[17]}),
                testing::ElementsAre(2, 3, 3, 18, 35));
}

}  // namespace
}  // namespace misfire::test
