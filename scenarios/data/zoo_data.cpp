#include "scenarios/data/zoo_data.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

#include "core/error.h"
#include "core/install_paths.h"
#include "core/nearest_name.h"
#include "scenarios/data/digest.h"
#include "scenarios/data/image_array.h"
#include "scenarios/data/image_files.h"
#include "scenarios/data/table_file.h"
#include "scenarios/data/zoo_fetch.h"

namespace misfire {

namespace fs = std::filesystem;

namespace {

class ZooData : public Dataset {
  public:
    ZooData(std::unique_ptr<Dataset> data, const DataCard& card) : data_(std::move(data)), info_(data_->info()) {
        info_.name = card.name;
        info_.licence = card.licence;
        info_.origin = card.origin;
        info_.classes = info_.labelled ? card.classes : std::vector<std::string>();
    }

    const DatasetInfo& info() const override { return info_; }
    std::size_t size() const override { return data_->size(); }
    const SampleKey& key(std::size_t i) const override { return data_->key(i); }
    Sample at(std::size_t i) const override { return data_->at(i); }
    const TableData* table() const override { return data_->table(); }

  private:
    std::unique_ptr<Dataset> data_;
    DatasetInfo info_;
};

// A table or series.
void parse_table(const YAML::Node& root, const fs::path& folder, DataCard& card) {
    const bool series = static_cast<bool>(root["series"]);
    card.form = series ? DataSpec::Form::series : DataSpec::Form::table;
    DataSpec& table = card.table;
    table.form = card.form;
    table.table = folder / root[series ? "series" : "table"].as<std::string>();
    if (series) table.time_column = root["time"].as<std::string>();
    table.target_column = root["target"].as<std::string>();
    table.features = root["features"].as<std::vector<std::string>>();
    table.derived = root["derived"].as<std::map<std::string, std::string>>(std::map<std::string, std::string>());
    table.categories =
        root["categories"].as<decltype(table.categories)>(std::map<std::string, std::vector<std::string>>());
    table.missing = root["missing"].as<std::string>("refuse");
    table.regression = root["task"].as<std::string>() == "regression";
    table.unit = root["unit"].as<std::string>("");
    if (!table.regression) table.categories[table.target_column] = root["classes"].as<std::vector<std::string>>();
}

DataCard parse_card(const YAML::Node& root, const fs::path& file) {
    DataCard card;
    card.file = file;
    const fs::path folder = file.parent_path();
    card.name = root["name"].as<std::string>();
    card.summary = root["summary"].as<std::string>("");
    card.split = root["split"].as<std::string>("");
    card.splits = root["splits"].as<std::map<std::string, std::string>>(std::map<std::string, std::string>());
    if (root["table"] || root["series"]) {
        parse_table(root, folder, card);
    } else {
        const auto form = root["form"].as<std::string>();
        if (form != "npy" && form != "images")
            throw DataError(file.string() + ": the form `" + form + "` is neither npy nor images.");
        card.form = form == "npy" ? DataSpec::Form::npy : DataSpec::Form::images;
        card.images = folder / root["images"].as<std::string>();
        if (root["labels"]) card.labels = folder / root["labels"].as<std::string>();
    }
    card.classes = root["classes"].as<std::vector<std::string>>(std::vector<std::string>());
    card.licence = root["licence"].as<std::string>();
    card.origin = root["origin"].as<std::string>();
    card.samples = root["samples"].as<std::size_t>();
    card.sha256 = root["sha256"].as<std::map<std::string, std::string>>(std::map<std::string, std::string>());
    return card;
}

void check_digest(const DataCard& card, const std::string& key, const fs::path& file) {
    const auto expected = card.sha256.find(key);
    if (expected == card.sha256.end()) return;
    const std::string found = sha256_of_file(file);
    if (found != expected->second) {
        throw DataError(file.string() + " is not the file that its card " + card.file.string() + " describes (sha256 " +
                        found + " instead of " + expected->second + "). Install or download the data set again.");
    }
}

}  // namespace

DataCard read_data_card(const fs::path& file) {
    try {
        return parse_card(YAML::LoadFile(file.string()), file);
    } catch (const YAML::Exception& error) {
        throw DataError(file.string() + " is no data card that can be read: " + error.what() +
                        ". Install or download the data set again.");
    }
}

void write_data_card(const DataCard& card) {
    YAML::Emitter out;
    out << YAML::BeginMap;
    const auto text = [&out](const char* key, const std::string& value) {
        out << YAML::Key << key << YAML::Value << value;
    };
    text("name", card.name);
    text("summary", card.summary);
    text("split", card.split);
    out << YAML::Key << "splits" << YAML::Value << card.splits;
    text("form", "npy");
    text("images", card.images.filename().string());
    text("labels", card.labels.filename().string());
    out << YAML::Key << "samples" << YAML::Value << card.samples;
    out << YAML::Key << "classes" << YAML::Value << YAML::Flow << card.classes;
    text("licence", card.licence);
    text("origin", card.origin);
    const std::map<std::string, std::string> digests = {{"images", sha256_of_file(card.images)},
                                                        {"labels", sha256_of_file(card.labels)}};
    out << YAML::Key << "sha256" << YAML::Value << digests << YAML::EndMap;
    std::ofstream file(card.file, std::ios::trunc);
    file << out.c_str() << "\n";
    file.close();
    if (!file)
        throw DataError("Writing " + card.file.string() + " failed: " + std::strerror(errno) +
                        ". Check the free space and the rights of the folder.");
}

void check_data_files(const DataCard& card) {
    check_digest(card, "table", card.table.table);
    check_digest(card, "series", card.table.table);
    if (card.form == DataSpec::Form::npy) check_digest(card, "images", card.images);
    if (!card.labels.empty()) check_digest(card, "labels", card.labels);
}

std::vector<DataCard> zoo_data_cards() {
    std::vector<DataCard> cards;
    for (const fs::path& zoo : zoo_folders()) {
        std::error_code nothing_there;
        for (const fs::directory_entry& entry : fs::directory_iterator(zoo / "data", nothing_there)) {
            if (entry.path().extension() == ".yaml") cards.push_back(read_data_card(entry.path()));
        }
    }
    std::stable_sort(cards.begin(), cards.end(), [](const DataCard& a, const DataCard& b) { return a.name < b.name; });
    // The first folder wins, as it does for find_zoo_data().
    cards.erase(
        std::unique(cards.begin(), cards.end(), [](const DataCard& a, const DataCard& b) { return a.name == b.name; }),
        cards.end());
    return cards;
}

DataCard find_zoo_data(const std::string& name) {
    for (const fs::path& zoo : zoo_folders()) {
        const fs::path file = zoo / "data" / (name + ".yaml");
        std::error_code ignored;
        if (name.find('/') != std::string::npos || !fs::exists(file, ignored)) continue;
        DataCard card = read_data_card(file);
        check_data_files(card);
        return card;
    }
    std::vector<std::string> known;
    for (const DataCard& card : zoo_data_cards()) known.push_back(card.name);
    for (const ZooDownload& download : zoo_downloads()) {
        const auto& made = download.data_sets;
        if (std::find(made.begin(), made.end(), name) != made.end()) {
            throw DataError("The data set zoo:" + name + " is not on this machine yet. Run `misfire zoo get " +
                            download.name + "`.");
        }
        known.insert(known.end(), made.begin(), made.end());
    }
    throw DataError("There is no data set zoo:" + name + "." + did_you_mean(name, known));
}

std::unique_ptr<Dataset> open_zoo_data(const DataSpec& asked) {
    const DataCard card = find_zoo_data(asked.zoo_name);
    if (!asked.classes.empty()) {
        throw DataError("zoo:" + card.name + " has its own class names; take `classes: " + asked.classes.string() +
                        "` out.");
    }
    if (!card.table.table.empty()) {
        DataSpec table = card.table;
        table.groups = asked.groups;
        table.from = asked.from;
        table.to = asked.to;
        if (asked.missing != "refuse") table.missing = asked.missing;
        return std::make_unique<ZooData>(open_table(table), card);
    }
    DataSpec spec = asked;
    spec.form = card.form;
    spec.groups.clear();
    std::unique_ptr<Dataset> data;
    if (card.form == DataSpec::Form::npy) {
        spec.npy = card.images;
        spec.npy_labels = card.labels;
        data = open_image_array(spec);
    } else {
        spec.images = card.images;
        spec.labels_csv = card.labels;
        data = card.labels.empty() ? open_image_folder(spec) : open_image_table(spec);
    }
    if (!data->info().classes.empty() && data->info().classes != card.classes) {
        throw DataError(card.file.string() + " names other classes than the folders of " + card.images.string() +
                        ". Install or download the data set again.");
    }
    for (std::size_t i = 0; i < data->size(); ++i) {
        const auto& target = data->key(i).target;
        if (target && *target >= static_cast<std::int64_t>(card.classes.size())) {
            throw DataError(card.file.string() + " names " + std::to_string(card.classes.size()) +
                            " classes, but sample " + data->key(i).id + " has label " + std::to_string(*target) +
                            ". Install or download the data set again.");
        }
    }
    return std::make_unique<ZooData>(std::move(data), card);
}

}  // namespace misfire
