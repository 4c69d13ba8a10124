#include "scenarios/data/zoo_data.h"

#include <gmock/gmock.h>

#include <map>
#include <set>

#include "tests/shared_files.h"
#include "tests/unit/data_fixture.h"

namespace misfire::test {
namespace {

// The zoo of the source tree, whatever is installed.
class Zoo : public DataFolder {
  protected:
    void SetUp() override {
        DataFolder::SetUp();
        fs::create_directories(path("share/zoo"));
        fs::create_directory_symlink(in_source("models/zoo/data"), path("share/zoo/data"));
        ::setenv("MISFIRE_SHARE", path("share").c_str(), 1);
        ::setenv("MISFIRE_DATA", path("user").c_str(), 1);
    }
    static DataSpec zoo(const std::string& name) {
        DataSpec spec;
        spec.zoo_name = name;
        return spec;
    }
};

TEST_F(Zoo, FashionIsThereWithAHundredOfEachClass) {
    for (const char* name : {"fashion_test", "fashion_fit"}) {
        const auto data = open_data(zoo(name));
        EXPECT_EQ(data->info().name, name);
        EXPECT_EQ(data->info().licence, "MIT");
        EXPECT_THAT(data->info().classes, testing::ElementsAre("t-shirt", "trouser", "pullover", "dress", "coat",
                                                               "sandal", "shirt", "sneaker", "bag", "boot"));
        ASSERT_EQ(data->size(), 1000U);
        std::map<std::int64_t, int> counts;
        for (std::size_t i = 0; i < data->size(); ++i) ++counts[data->key(i).target.value()];
        for (const auto& [label, count] : counts) EXPECT_EQ(count, 100) << label;
        const Image image = data->at(0).image;
        EXPECT_EQ(image.height, 28);
        EXPECT_EQ(image.width, 28);
        EXPECT_EQ(image.channels, 1);
    }
}

TEST_F(Zoo, TheFashionSplitsShareNoImage) {
    std::set<std::string> seen;
    const auto text = [](const Image& image) { return std::string(image.pixels.begin(), image.pixels.end()); };
    const auto test = open_data(zoo("fashion_test"));
    const auto fit = open_data(zoo("fashion_fit"));
    for (std::size_t i = 0; i < test->size(); ++i) seen.insert(text(test->at(i).image));
    for (std::size_t i = 0; i < fit->size(); ++i) EXPECT_FALSE(seen.contains(text(fit->at(i).image))) << i;
}

TEST_F(Zoo, FashionComesFromTheDebianPackage) {
    if (!fs::exists("/usr/share/datasets/fashion-mnist")) GTEST_SKIP() << "dataset-fashion-mnist is not installed";
    python(R"(
import gzip
d = '/usr/share/datasets/fashion-mnist/'
x = np.frombuffer(gzip.open(d + 't10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16).reshape(-1, 28, 28)
np.save('all.npy', x[:3])
)");
    const NpyArray original(path("all.npy"));  // no class has filled its hundred after three images
    const auto data = open_data(zoo("fashion_test"));
    for (std::size_t i = 0; i < 3; ++i) {
        const auto wanted = original.bytes().subspan(784 * i, 784);
        EXPECT_TRUE(std::equal(wanted.begin(), wanted.end(), data->at(i).image.pixels.begin())) << i;
    }
}

TEST_F(Zoo, LabelsCanBeLeftOut) {
    DataSpec spec = zoo("fashion_test");
    spec.labels_none = true;
    const auto data = open_data(spec);
    EXPECT_FALSE(data->info().labelled);
    EXPECT_FALSE(data->key(0).target.has_value());
    EXPECT_TRUE(data->info().classes.empty());
}

TEST_F(Zoo, CardsAreListed) {
    std::map<std::string, DataCard> cards;
    for (const DataCard& card : zoo_data_cards()) cards[card.name] = card;
    std::vector<std::string> names;
    for (const auto& [name, card] : cards) {
        names.push_back(name);
        EXPECT_FALSE(card.summary.empty()) << name;
        EXPECT_FALSE(card.licence.empty()) << name;
        EXPECT_FALSE(card.origin.empty()) << name;
        EXPECT_FALSE(card.sha256.empty()) << name;
    }
    EXPECT_THAT(names,
                testing::ElementsAre("chicago_ridership", "credit_fit", "credit_test", "fashion_fit", "fashion_test"));
    EXPECT_EQ(cards["fashion_test"].samples, 1000U);
    EXPECT_EQ(cards["fashion_test"].splits.at("fit"), "fashion_fit");
    EXPECT_EQ(cards["credit_test"].form, DataSpec::Form::table);
    EXPECT_EQ(cards["credit_test"].splits.at("fit"), "credit_fit");
    EXPECT_EQ(cards["chicago_ridership"].form, DataSpec::Form::series);
    EXPECT_EQ(cards["chicago_ridership"].splits.at("test"), "2014-01-01..2016-08-28");
}

// The models of the zoo fill in missing numbers by themselves.
TEST_F(Zoo, TablesAreWhatTheirCardsSay) {
    for (const char* name : {"credit_fit", "credit_test"}) {
        DataSpec spec = zoo(name);
        spec.missing = "nan";
        spec.groups = {"home"};
        const auto data = open_data(spec);
        SCOPED_TRACE(name);
        EXPECT_EQ(data->info().name, name);
        EXPECT_FALSE(data->info().regression);
        EXPECT_THAT(data->info().classes, testing::ElementsAre("good", "bad"));
        EXPECT_EQ(data->size(), std::string(name) == "credit_fit" ? 2971U : 1483U);
        EXPECT_EQ(data->at(0).row.size(), 13U);
        EXPECT_EQ(data->key(0).target, 0) << "the first applicant of both is good";
        EXPECT_EQ(data->key(0).attributes.at(0), "rent");
    }
}

TEST_F(Zoo, TheSeriesIsWhatItsCardSays) {
    DataSpec spec = zoo("chicago_ridership");
    spec.missing = "nan";
    const auto whole = open_data(spec);
    EXPECT_EQ(whole->table()->table.rows(), 5698U);
    EXPECT_EQ(whole->size(), 5684U) << "without the fourteen days of history";
    spec.from = "2014-01-01";
    const auto data = open_data(spec);
    EXPECT_EQ(data->size(), 971U);
    EXPECT_TRUE(data->info().regression);
    EXPECT_EQ(data->info().unit, "thousand rides a day");
    EXPECT_EQ(data->key(0).id, "2014-01-01");
    EXPECT_EQ(data->key(970).id, "2016-08-28");
    EXPECT_EQ(data->at(0).row.size(), 61U);
    EXPECT_EQ(data->at(7).row[0], static_cast<float>(data->at(0).value)) << "ridership.7 is the week before";
}

}  // namespace
}  // namespace misfire::test
