#include "scenarios/data/zoo_fashion.h"

#include <zlib.h>

#include <algorithm>
#include <memory>

#include "core/error.h"
#include "scenarios/data/npy.h"
#include "scenarios/data/zoo_data.h"

namespace misfire {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t side = 28;
constexpr std::size_t images = 10'000;
constexpr std::size_t image_header = 16, label_header = 8;  // bytes of IDX files before their data
const std::string folder_in_package = "usr/share/datasets/fashion-mnist/";

// The `count` bytes after the header of a gzipped IDX file; the file ends with them.
std::vector<std::uint8_t> read_idx(const fs::path& file, std::size_t header, std::size_t count) {
    const std::unique_ptr<gzFile_s, int (*)(gzFile_s*)> in(gzopen(file.c_str(), "rb"), gzclose);
    std::vector<std::uint8_t> bytes(header + count + 1);
    const int got = in ? gzread(in.get(), bytes.data(), static_cast<unsigned>(bytes.size())) : -1;
    if (got != static_cast<int>(header + count))
        throw DataError(file.string() + " does not hold the " + std::to_string(count) + " bytes of Fashion-MNIST.");
    return {bytes.begin() + static_cast<std::ptrdiff_t>(header), bytes.begin() + got};
}

void convert(const fs::path& package, const fs::path& out) {
    const fs::path folder = package / folder_in_package;
    const auto pixels = read_idx(folder / "t10k-images-idx3-ubyte.gz", image_header, images * side * side);
    const auto labels = read_idx(folder / "t10k-labels-idx1-ubyte.gz", label_header, images);
    DataCard card;
    card.classes = {"t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot"};
    if (*std::max_element(labels.begin(), labels.end()) >= card.classes.size())
        throw DataError(folder.string() + " has labels above 9, which are none of Fashion-MNIST.");
    card.name = "fashion_full";
    card.file = out / "fashion_full.yaml";
    card.summary = "Fashion-MNIST: all 10,000 test images, 28 x 28 grey, 10 classes";
    card.split = "test";
    card.splits = {{"test", "fashion_full"}, {"fit", "fashion_fit"}};
    card.images = out / "fashion_full.npy";
    card.labels = out / "fashion_full.labels.npy";
    card.samples = images;
    card.licence = fashion_download().licence;
    card.origin =
        "Fashion-MNIST, Xiao, Rasul and Vollgraf 2017, t10k split; Debian package " + fashion_download().package;
    write_npy(card.images, "|u1", {images, side, side}, pixels);
    write_npy(card.labels, "|u1", {images}, labels);
    write_data_card(card);
}

}  // namespace

ZooDownload fashion_download() {
    ZooDownload download;
    download.source = ZooDownload::Source::debian;
    download.name = "fashion";
    download.summary = "Fashion-MNIST: zoo:fashion_full (all 10,000 test images; zoo:fashion_test holds 1,000 of them)";
    download.package = "dataset-fashion-mnist=0.0~git20200523.55506a9-1";
    download.integrity =
        "sha512-gRngtEC8zENZgDOtIxsOtFOjTrND0sfv9nfp+G2fN9tMfg1sih7P84NnVvIIM/8rkEhwsh/qeIJiSZuWPSH13g==";
    download.size_bytes = 30'900'652;
    download.working_bytes = 80'000'000;
    download.licence = "MIT";
    download.members = {folder_in_package + "t10k-images-idx3-ubyte.gz",
                        folder_in_package + "t10k-labels-idx1-ubyte.gz"};
    download.data_sets = {"fashion_full"};
    download.convert = convert;
    return download;
}

}  // namespace misfire
