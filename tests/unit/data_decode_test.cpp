// Against Pillow: every case is written by it and compared with what it reads.
#include "scenarios/data/decode.h"

#include "tests/shared_files.h"
#include "tests/unit/data_fixture.h"

namespace misfire::test {
namespace {

using Decode = DataFolder;

// Saves Pillow's reading of each file in `names` (grey stays grey) beside it.
constexpr const char* save_wanted = R"(
for n in names:
    im = Image.open(n)
    np.save(n + '.npy', np.asarray(im.convert('L' if im.mode in ('L', 'LA', '1') else 'RGB')))
)";

void expect_as_pillow(const Image& found, const Image& wanted, const std::string& name) {
    ASSERT_TRUE(found.same_shape(wanted))
        << name << ": " << found.height << " x " << found.width << " x " << found.channels;
    int worst = 0;
    for (std::size_t i = 0; i < found.pixels.size(); ++i)
        worst = std::max(worst, std::abs(found.pixels[i] - wanted.pixels[i]));
    EXPECT_EQ(worst, 0) << name;
}

TEST_F(Decode, EveryFormatAndModeEqualsPillow) {
    python(std::string(R"(
a = rng.integers(0, 256, (19, 23, 4), dtype=np.uint8)
rgb, rgba, l, la = (Image.fromarray(x) for x in (a[..., :3].copy(), a, a[..., 0].copy(), a[..., :2].copy()))
one, p = Image.fromarray(a[..., 0] > 127), rgb.quantize(16)
clear = rgb.quantize(16); clear.info['transparency'] = 3
names = []
def save(n, im, **k):
    im.save(n, **k); names.append(n)
for n, im in dict(rgb=rgb, rgba=rgba, l=l, la=la, one=one, p=p).items():
    save(n + '.png', im)
    save(n + '.tif', im)
    if n != 'la': save(n + '.bmp', im)
save('p_clear.png', clear, transparency=3)
for n, im in dict(rgb=rgb, rgba=rgba).items(): save(n + '.webp', im, lossless=True, exact=True)
save('lossy.webp', rgb, quality=80)
for n, im in dict(rgb=rgb, l=l).items():
    for q in (30, 75, 95):
        for s in (0, 1, 2): save(f'{n}{q}_{s}.jpg', im, quality=q, subsampling=s)
    save(n + '_progressive.jpg', im, quality=80, progressive=True)
save('cmyk.jpg', Image.fromarray(a, 'CMYK'), quality=90)
save('lzw.tif', rgb, compression='tiff_lzw')
save('rgb.ppm', rgb); save('l.pgm', l); save('one.pbm', one)
open('names.txt', 'w').write('\n'.join(names))
)") + save_wanted);
    std::ifstream names(path("names.txt"));
    int count = 0;
    for (std::string name; std::getline(names, name); ++count)
        expect_as_pillow(decode_image(path(name)), image(name + ".npy"), name);
    EXPECT_EQ(count, 46);
}

TEST_F(Decode, OrientationIsAppliedOnce) {
    python(R"(
a = rng.integers(0, 256, (32, 48, 3), dtype=np.uint8)
for o in range(1, 9):
    e = Image.Exif(); e[0x0112] = o
    Image.fromarray(a).save(f'{o}.png', exif=e)
    Image.fromarray(a).save(f'{o}.webp', exif=e, lossless=True)
    Image.fromarray(a).save(f'{o}.jpg', exif=e, quality=90)
    Image.fromarray(a).save(f'{o}.tif', tiffinfo={274: o})
    for n in (f'{o}.png', f'{o}.webp', f'{o}.jpg'):
        np.save(n + '.npy', np.asarray(ImageOps.exif_transpose(Image.open(n))))
    np.save(f'{o}.tif.npy', np.asarray(Image.open(f'{o}.tif').convert('RGB')))   # Pillow turns TIFF files when it reads them
)");
    for (int orientation = 1; orientation <= 8; ++orientation) {
        for (const char* extension : {".png", ".webp", ".jpg", ".tif"}) {
            const std::string name = std::to_string(orientation) + extension;
            const Image found = decode_image(path(name));
            EXPECT_EQ(found.height, orientation >= 5 ? 48 : 32) << name;
            expect_as_pillow(found, image(name + ".npy"), name);
        }
    }
}

TEST_F(Decode, SixteenBitsKeepTheHighByte) {
    python(R"(
import struct, zlib
a = rng.integers(0, 65536, (5, 7), dtype=np.uint16)
Image.fromarray(a).save('grey.png')
Image.fromarray(a).save('grey.tif')
np.save('grey.npy', (a >> 8).astype(np.uint8))
c = rng.integers(0, 65536, (5, 7, 3), dtype=np.uint16)
def chunk(t, d): return struct.pack('>I', len(d)) + t + d + struct.pack('>I', zlib.crc32(t + d))
rows = b''.join(b'\0' + row.astype('>u2').tobytes() for row in c)
open('rgb.png', 'wb').write(b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', 7, 5, 16, 2, 0, 0, 0)) + chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b''))
np.save('rgb.npy', np.asarray(Image.open('rgb.png').convert('RGB')))
)");
    EXPECT_EQ(decode_image(path("grey.png")), image("grey.npy"));
    EXPECT_EQ(decode_image(path("grey.tif")), image("grey.npy"));
    EXPECT_EQ(decode_image(path("rgb.png")), image("rgb.npy"));
}

TEST_F(Decode, PhotographsEqualPillow) {
    MISFIRE_NEEDS("real/imagenet_sample/images");
    const fs::path photographs = shared("real/imagenet_sample/images");
    python("import glob, os\nfor n in sorted(glob.glob('" + photographs.string() +
           "/*'))[::20]:\n    np.save(os.path.basename(n) + '.npy', np.asarray(Image.open(n).convert('RGB')))\n");
    int count = 0;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder_)) {
        const std::string name = entry.path().stem().string();
        Image found = decode_image(photographs / name);
        if (found.channels == 1) continue;
        EXPECT_EQ(found, image(name + ".npy")) << name;
        ++count;
    }
    EXPECT_GE(count, 8);
}

// Bytes between segments are common in real collections; libjpeg warns, the pixels are whole.
TEST_F(Decode, HarmlessExtraBytesAreTaken) {
    python(R"(
Image.fromarray(rng.integers(0, 256, (16, 16, 3), dtype=np.uint8)).save('a.jpg', quality=90)
d = open('a.jpg', 'rb').read()
open('b.jpg', 'wb').write(d[:-2] + b'\x12\x34' + d[-2:])
open('c.jpg', 'wb').write(d + b'trailing text')
)");
    EXPECT_EQ(decode_image(path("b.jpg")), decode_image(path("a.jpg")));
    EXPECT_EQ(decode_image(path("c.jpg")), decode_image(path("a.jpg")));
}

TEST_F(Decode, ExtensionsInEitherCase) {
    for (const char* name : {"a.JPEG", "b.png", "c.TIF", "d.webp", "e.Ppm"})
        EXPECT_TRUE(has_image_extension(name)) << name;
    for (const char* name : {"labels.csv", "jpg", "a.gif", "b.npy"}) EXPECT_FALSE(has_image_extension(name)) << name;
}

}  // namespace
}  // namespace misfire::test
