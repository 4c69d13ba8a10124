#include "scenarios/data/select.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "scenarios/data/views.h"

namespace misfire::test {
namespace {

// `sizes[c]` samples of class c; ids are row numbers.
MemoryView classes_of(const std::vector<std::size_t>& sizes) {
    std::vector<MemoryView::Entry> entries;
    for (std::size_t c = 0; c < sizes.size(); ++c) {
        for (std::size_t i = 0; i < sizes[c]; ++i)
            entries.push_back({{{std::to_string(entries.size()), static_cast<std::int64_t>(c), {}}, {}}, ""});
    }
    return {{}, std::move(entries)};
}

std::vector<std::string> chosen_ids(const Dataset& data, std::size_t limit, std::uint64_t seed) {
    std::vector<std::string> ids;
    for (const std::size_t i : select_samples(data, limit, seed)) ids.push_back(data.key(i).id);
    return ids;
}

std::map<std::int64_t, int> counts(const Dataset& data, std::size_t limit, std::uint64_t seed) {
    std::map<std::int64_t, int> result;
    for (const std::size_t i : select_samples(data, limit, seed)) ++result[*data.key(i).target];
    return result;
}

TEST(IdOrder, IsNaturalAndTotal) {
    std::vector<std::string> ids = {"cat/10.png", "10", "cat/9.png",  "9", "",    "cat",
                                    "a01",        "a1", "cat/9a.png", "b", "100", "cat/010.png"};
    std::sort(ids.begin(), ids.end(), id_less);
    EXPECT_THAT(ids, testing::ElementsAre("", "9", "10", "100", "a01", "a1", "b", "cat", "cat/9.png", "cat/9a.png",
                                          "cat/010.png", "cat/10.png"));
    for (const auto& a : ids) {
        for (const auto& b : ids) EXPECT_EQ(id_less(a, b) + id_less(b, a), a == b ? 0 : 1) << a << " " << b;
    }
}

TEST(Select, TakesEachLabelsShareByLargestRemainder) {
    const MemoryView data = classes_of({500, 300, 200});
    EXPECT_EQ(counts(data, 100, 1), (std::map<std::int64_t, int>{{0, 50}, {1, 30}, {2, 20}}));
    EXPECT_EQ(counts(data, 7, 1), (std::map<std::int64_t, int>{{0, 4}, {1, 2}, {2, 1}}));  // 3.5, 2.1, 1.4
}

TEST(Select, DependsOnIdsAndSeedOnly) {
    const MemoryView data = classes_of({40, 60});
    std::vector<std::size_t> shuffled(data.size());
    std::iota(shuffled.rbegin(), shuffled.rend(), std::size_t{0});
    std::swap(shuffled[3], shuffled[77]);
    const SubsetView other_order(data, shuffled);
    EXPECT_EQ(chosen_ids(data, 20, 5), chosen_ids(other_order, 20, 5));
    EXPECT_NE(chosen_ids(data, 20, 5), chosen_ids(data, 20, 6));
}

TEST(Select, ResultIsInCanonicalOrderWithoutRepeats) {
    const MemoryView data = classes_of({40, 60});
    const std::vector<std::string> ids = chosen_ids(data, 30, 5);
    EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end(), id_less));
    EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), 30U);
}

TEST(Select, MoreContainsLess) {
    const MemoryView data = classes_of({100, 100});
    const std::vector<std::string> less = chosen_ids(data, 20, 5);
    const std::vector<std::string> more = chosen_ids(data, 40, 5);
    for (const std::string& id : less) EXPECT_THAT(more, testing::Contains(id));
}

TEST(Select, NoLimitOrALargeOneTakesAll) {
    const MemoryView data = classes_of({3, 2});
    EXPECT_EQ(select_samples(data, 0, 1).size(), 5U);
    EXPECT_EQ(select_samples(data, 99, 1).size(), 5U);
}

// With more labels than places, which labels get one must not be decided by their number.
TEST(Select, FewPlacesAreNotGivenToLowLabels) {
    const MemoryView data = classes_of(std::vector<std::size_t>(1000, 2));
    std::int64_t sum = 0;
    for (const auto& [label, count] : counts(data, 100, 3)) sum += label * count;
    EXPECT_NEAR(static_cast<double>(sum) / 100.0, 499.5,
                120.0);  // four standard errors; the lowest hundred would give 49.5
}

TEST(Select, UnlabelledDataIsSampledToo) {
    std::vector<MemoryView::Entry> entries;
    for (int i = 0; i < 50; ++i) entries.push_back({{{std::to_string(i), std::nullopt, {}}, {}}, ""});
    EXPECT_EQ(select_samples(MemoryView({}, std::move(entries)), 10, 1).size(), 10U);
}

TEST(Manifest, IgnoresOrderAndSeesEveryPart) {
    const auto make = [](std::int64_t target, const std::string& attribute, const std::string& class_name,
                         const std::string& id) {
        DatasetInfo info;
        info.classes = {class_name, "b"};
        info.attributes = {"camera"};
        return MemoryView(info, {{{{"0", 0, {"x"}}, {}}, ""}, {{{id, target, {attribute}}, {}}, ""}});
    };
    const MemoryView data = make(1, "y", "a", "1");
    const std::string hash = manifest_sha256(data);
    EXPECT_EQ(hash.size(), 64U);
    EXPECT_EQ(manifest_sha256(SubsetView(data, {1, 0})), hash);
    EXPECT_NE(manifest_sha256(SubsetView(data, {0})), hash);
    EXPECT_NE(manifest_sha256(make(0, "y", "a", "1")), hash);
    EXPECT_NE(manifest_sha256(make(1, "z", "a", "1")), hash);
    EXPECT_NE(manifest_sha256(make(1, "y", "c", "1")), hash);
    EXPECT_NE(manifest_sha256(make(1, "y", "a", "2")), hash);
}

TEST(PixelsDigest, SeesEveryPixelAndTheShape) {
    Image image(3, 7, 1);
    const std::uint64_t clean = pixels_digest(image);
    std::set<std::uint64_t> seen = {clean};
    for (std::size_t i = 0; i < image.pixels.size(); ++i) {
        image.pixels[i] = 1;
        EXPECT_TRUE(seen.insert(pixels_digest(image)).second) << i;
        image.pixels[i] = 0;
    }
    EXPECT_NE(pixels_digest(Image(7, 3, 1)), clean);
    EXPECT_EQ(pixels_digest(image), clean);
}

TEST(MemoryViewTest, BadSamplesKeepTheirReason) {
    const MemoryView data({}, {{{{"0", 0, {}}, Image(1, 1, 1)}, ""}, {{{"1", 0, {}}, {}}, "1 is broken"}});
    EXPECT_EQ(data.at(0).image.pixels.size(), 1U);
    EXPECT_THROW(data.at(1), DataError);
    const MemoryView::Entry entry = read_entry(data, 1);
    EXPECT_EQ(entry.bad, "1 is broken");
    EXPECT_EQ(entry.sample.key.id, "1");
}

}  // namespace
}  // namespace misfire::test
