#include "scenarios/shifts/ood_shift.h"

#include <gmock/gmock.h>

#include <set>

#include "core/error.h"
#include "scenarios/data/class_filter.h"
#include "scenarios/data/geometry.h"
#include "scenarios/data/views.h"
#include "tests/unit/data_fixture.h"

namespace misfire::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// The model's own data: 40 grey images of 16 x 16, sample i all of value i, classes a and b in turn; and folders of
// other images, 8 x 8 in colour.
class OodShiftTest : public DataFolder {
  protected:
    void SetUp() override {
        DataFolder::SetUp();
        python(R"(
import os
np.save('own.npy', np.zeros((40, 16, 16), np.uint8) + np.arange(40, dtype=np.uint8)[:, None, None])
np.save('own.labels.npy', np.arange(40) % 4)
open('names.txt', 'w').write('a\nb\nc\nd\n')
for c in 'xy':
    os.makedirs('other/' + c)
    for i in range(6):
        Image.fromarray(np.full((8, 8, 3), 200 + i + 10 * (c == 'y'), np.uint8)).save(f'other/{c}/{i}.png')
)");
        own_ = open_data(own());
    }
    DataSpec own() const {
        DataSpec spec;
        spec.form = DataSpec::Form::npy;
        spec.npy = path("own.npy");
        spec.npy_labels = path("own.labels.npy");
        spec.classes = path("names.txt");
        return spec;
    }
    OodSpec spec(const std::string& name = "other") const {
        OodSpec spec;
        spec.name = name;
        spec.set.name = name;
        spec.set.data.form = DataSpec::Form::images;
        spec.set.data.images = path("other");
        spec.levels = {0.25, 0.5, 1.0};
        return spec;
    }
    static OodSpec generated(const std::string& name) {
        OodSpec spec;
        spec.name = spec.set.name = spec.set.generator = name;
        spec.set.kind = OodSet::Kind::generated;
        spec.levels = {0.5, 1.0};
        return spec;
    }
    std::unique_ptr<Shift> shift(const OodSpec& spec, std::uint64_t seed = 1) const {
        return make_ood_shift(spec, *own_, {}, seed);
    }
    std::vector<Sample> samples(const Shift& shift, std::size_t level) const {
        const auto view = shift.at(*own_, level, {});
        std::vector<Sample> all;
        for (std::size_t i = 0; i < view->size(); ++i) all.push_back(view->at(i));
        return all;
    }
    static std::set<std::string> turned(const std::vector<Sample>& samples) {
        std::set<std::string> ids;
        for (const Sample& sample : samples) {
            if (sample.ood) ids.insert(sample.key.id);
        }
        return ids;
    }

    std::unique_ptr<Dataset> own_;
};

TEST_F(OodShiftTest, MoreAndMoreSamplesTurnAndStaySo) {
    const auto other = shift(spec());
    EXPECT_EQ(other->info().kind, "ood");
    EXPECT_EQ(other->info().unit, "fraction");
    EXPECT_TRUE(other->info().reference_is_clean);
    std::set<std::string> before;
    const std::size_t counts[] = {0, 10, 20, 40};
    for (std::size_t level = 0; level < 4; ++level) {
        const std::vector<Sample> now = samples(*other, level);
        const std::set<std::string> ids = turned(now);
        EXPECT_EQ(ids.size(), counts[level]);
        EXPECT_TRUE(std::includes(ids.begin(), ids.end(), before.begin(), before.end()));
        for (std::size_t i = 0; i < now.size(); ++i) {
            EXPECT_EQ(now[i].key.id, own_->key(i).id);
            EXPECT_EQ(now[i].key.target.has_value(), !now[i].ood) << "no answer to a foreign image is right";
            EXPECT_EQ(now[i].image == own_->at(i).image, !now[i].ood);
        }
        before = ids;
    }
}

TEST_F(OodShiftTest, TheSamePlacesTurnWhateverTheSet) {
    EXPECT_EQ(turned(samples(*shift(spec()), 2)), turned(samples(*shift(generated("perlin")), 1)));
    EXPECT_NE(turned(samples(*shift(spec(), 1), 2)), turned(samples(*shift(spec(), 2), 2)));
}

TEST_F(OodShiftTest, SaysWhichImageIsShown) {
    const auto other = shift(spec());
    const std::vector<std::string>& ids = other->info().ood_ids;
    EXPECT_EQ(ids.size(), 12U);
    EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
    DataSpec there = spec().set.data;
    const auto set = open_data(there);
    for (const Sample& sample : samples(*other, 3)) {
        ASSERT_GE(sample.ood_row, 0);
        const std::string& id = ids.at(static_cast<std::size_t>(sample.ood_row));
        const int value = 200 + (id[2] - '0') + (id[0] == 'y' ? 10 : 0);
        EXPECT_EQ(sample.image.channels, 1) << "brought to the form of the model's own images";
        EXPECT_EQ(sample.image.height, 16);
        EXPECT_EQ(int{sample.image.pixels[100]}, value) << id;
        EXPECT_EQ(other->drawn(3, sample.key.id), "out of distribution: " + id);
    }
}

TEST_F(OodShiftTest, NoImageIsShownTwiceBeforeAllWereShown) {
    OodSpec few = spec();
    few.levels = {0.3};  // 12 of 40
    std::set<std::int64_t> shown;
    for (const Sample& sample : samples(*shift(few), 1)) {
        if (sample.ood) shown.insert(sample.ood_row);
    }
    EXPECT_EQ(shown.size(), 12U);
}

TEST_F(OodShiftTest, BlendsBetweenOwnAndForeign) {
    OodSpec blend = spec();
    blend.axis = OodSpec::Axis::blend;
    blend.fraction = 1.0;
    blend.levels = {0.25, 1.0};
    const auto other = shift(blend);
    EXPECT_EQ(other->info().unit, "blend");
    const std::vector<Sample> quarter = samples(*other, 1), whole = samples(*other, 2);
    for (std::size_t i = 0; i < quarter.size(); ++i) {
        EXPECT_EQ(quarter[i].ood_row, whole[i].ood_row);
        const double own = own_->at(i).image.pixels[0], foreign = whole[i].image.pixels[0];
        EXPECT_EQ(int{quarter[i].image.pixels[0]}, static_cast<int>(0.75 * own + 0.25 * foreign + 0.5));
    }
}

TEST_F(OodShiftTest, TheOthersArePerturbedFullSpectrum) {
    OodSpec full = spec();
    full.axis = OodSpec::Axis::id_severity;
    full.fraction = 0.5;
    full.id_perturb = PerturbSpec{
        .name = "brightness", .chain = {plain_step("brightness", {})}, .severities = {1.0, 5.0}, .severity_draw = {}};
    full.levels = {1.0, 5.0};
    const auto other = shift(full);
    EXPECT_FALSE(other->info().reference_is_clean);
    const auto foreign = turned(samples(*other, 0));
    EXPECT_EQ(foreign.size(), 20U) << "level 0: the foreign are there, the own as they are";
    for (std::size_t level = 0; level < 3; ++level) {
        const std::vector<Sample> now = samples(*other, level);
        EXPECT_EQ(turned(now), foreign);
        for (std::size_t i = 0; i < now.size(); ++i) {
            if (now[i].ood) continue;
            EXPECT_EQ(now[i].image == own_->at(i).image, level == 0) << i;
            EXPECT_EQ(now[i].key.target, own_->key(i).target);
        }
    }
}

TEST_F(OodShiftTest, FullSpectrumWithMoreAndMoreForeign) {
    OodSpec full = spec();
    full.id_perturb = PerturbSpec{
        .name = "brightness", .chain = {plain_step("brightness", {})}, .severities = {3.0}, .severity_draw = {}};
    full.id_severity = 3.0;
    const auto other = shift(full);
    EXPECT_FALSE(other->info().reference_is_clean) << "the reference is perturbed, too";
    const std::vector<Sample> none = samples(*other, 0);
    EXPECT_TRUE(turned(none).empty());
    EXPECT_NE(none[1].image, own_->at(1).image);
}

TEST_F(OodShiftTest, SeverityOfAGeneratedSet) {
    OodSpec made = generated("uniform");
    made.axis = OodSpec::Axis::severity;
    made.fraction = 1.0;
    made.levels = {1.0, 5.0};
    const auto noise = shift(made);
    const auto spread = [](const Image& image) {
        const auto [low, high] = std::minmax_element(image.pixels.begin(), image.pixels.end());
        return *high - *low;
    };
    EXPECT_LT(spread(samples(*noise, 1)[0].image), 53);
    EXPECT_GT(spread(samples(*noise, 2)[0].image), 230);
    EXPECT_EQ(samples(*noise, 2)[0].ood_row, -1) << "made for its place";
}

TEST_F(OodShiftTest, MosaicsTakeTheOtherHalfFromAnotherClass) {
    OodSpec made = generated("mosaic");
    made.levels = {1.0};
    for (const Sample& sample : samples(*shift(made), 1)) {
        const std::set<int> values(sample.image.pixels.begin(), sample.image.pixels.end());
        ASSERT_EQ(values.size(), 2U);
        EXPECT_NE(*values.begin() % 4, *values.rbegin() % 4) << "value and class of an image go together here";
    }
}

TEST_F(OodShiftTest, ChoosesAmongTheClassesOfASet) {
    OodSpec some = spec();
    some.set.only = {"x"};
    EXPECT_EQ(shift(some)->info().ood_ids.size(), 6U);
    some.set.only.clear();
    some.set.without = {"x"};
    EXPECT_THAT(shift(some)->info().ood_ids, testing::Each(HasSubstr("y/")));
    some.set.without = {"x", "y"};
    EXPECT_THAT(message_of<DataError>([&] { shift(some); }), HasSubstr("holds no images"));
    some.set.without = {"z"};
    EXPECT_THAT(message_of<DataError>([&] { shift(some); }), HasSubstr("has no class `z`"));
}

TEST_F(OodShiftTest, HeldOutClassesAreForeignToTheRest) {
    const auto rest = without_classes(open_data(own()), {"b"});
    EXPECT_EQ(rest->size(), 30U);
    EXPECT_THAT(rest->info().classes, ElementsAre("a", "c", "d"));
    EXPECT_EQ(rest->key(1).target, 1) << "c is the second class now";
    EXPECT_EQ(rest->key(1).id, "2");
    EXPECT_EQ(rest->at(1).image.pixels[0], 2);
    OodSpec held;
    held.name = held.set.name = "held_out";
    held.set.kind = OodSet::Kind::held_out;
    held.set.held_out = {"b"};
    held.set.data = own();
    held.levels = {1.0};
    const auto out = make_ood_shift(held, *rest, {}, 1);
    EXPECT_EQ(out->info().ood_ids.size(), 10U);
    const auto view = out->at(*rest, 1, {});
    for (std::size_t i = 0; i < view->size(); ++i) EXPECT_EQ(view->at(i).image.pixels[0] % 4, 1);
}

TEST_F(OodShiftTest, AnyOrderAndCompanyShowsTheSame) {
    for (const OodSpec& each : {spec(), generated("fractal"), generated("mosaic"), generated("phase_scramble")}) {
        const auto other = shift(each);
        const std::vector<Sample> all = samples(*other, 2);
        const SubsetView few(*own_, {31, 7, 0});
        const auto view = other->at(few, 2, {});
        EXPECT_EQ(view->at(0).image, all[31].image) << each.name;
        EXPECT_EQ(view->at(2).image, all[0].image) << each.name;
    }
}

TEST_F(OodShiftTest, ItsVersionKnowsTheImages) {
    const std::string before = shift(spec())->info().version;
    EXPECT_EQ(shift(spec())->info().version, before);
    python("Image.fromarray(np.full((8, 8, 3), 1, np.uint8)).save('other/x/3.png')");
    EXPECT_NE(shift(spec())->info().version, before) << "a resume must notice";
}

}  // namespace
}  // namespace misfire::test
