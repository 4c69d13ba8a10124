// What every generated out-of-distribution set promises, checked for all of them at once from the registry.
#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <thread>

#include "core/error.h"
#include "perturbations/ood/registry.h"

namespace misfire {
namespace {

// Waves in all channels, another picture for each number.
Image picture(int height, int width, int channels, int number) {
    Image image(height, width, channels);
    std::size_t i = 0;
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            for (int c = 0; c < channels; ++c)
                image.pixels[i++] =
                    static_cast<std::uint8_t>(127.5 + 100.0 * std::sin(0.2 * x * (number + 1) + 0.3 * y + c));
        }
    }
    return image;
}

struct Shape {
    int height, width, channels;
};
constexpr Shape shapes[] = {{16, 16, 3}, {28, 28, 1}, {32, 32, 3}, {17, 41, 3}, {224, 224, 3}, {60, 16, 1}};
constexpr double severities[] = {0.3, 1.0, 2.5, 4.0, 5.0};

class EveryGeneratedSet : public testing::TestWithParam<const GeneratedSet*> {
  protected:
    Image made(const Shape& shape, double severity, std::uint64_t seed = 1, const std::string& id = "7",
               int number = 0) {
        const Image image = picture(shape.height, shape.width, shape.channels, number);
        const Image other = picture(shape.height, shape.width, shape.channels, number + 3);
        Image out;
        generate(set_, {image, &other}, severity, seed, id, out, scratch_);
        return out;
    }
    bool draws() const { return set_.info().name != "inverted"; }

    const GeneratedSet& set_ = *GetParam();
    Scratch scratch_;
};

TEST_P(EveryGeneratedSet, is_described_truthfully) {
    const GeneratedSetInfo& info = set_.info();
    EXPECT_EQ(find_generated_set(info.name), &set_);
    EXPECT_FALSE(info.summary.empty());
    EXPECT_FALSE(info.severity_meaning.empty());
    EXPECT_FALSE(info.reference.empty());
    EXPECT_EQ(info.distance == GeneratedSetInfo::Distance::near, info.needs != GeneratedSetInfo::Needs::nothing);
}

TEST_P(EveryGeneratedSet, has_the_shape_of_the_sample) {
    for (const Shape& shape : shapes) {
        for (const double severity : severities) {
            const Image out = made(shape, severity);
            EXPECT_TRUE(out.same_shape(Image(shape.height, shape.width, shape.channels)));
        }
    }
}

TEST_P(EveryGeneratedSet, is_made_of_what_it_says) {
    const Shape shape{32, 32, 3};
    const bool of_images = set_.info().needs != GeneratedSetInfo::Needs::nothing;
    EXPECT_EQ(made(shape, 5.0, 1, "7", 0) == made(shape, 5.0, 1, "7", 1), !of_images);
    const Image image = picture(32, 32, 3, 0), one = picture(32, 32, 3, 5), another = picture(32, 32, 3, 6);
    Image with_one, with_another;
    generate(set_, {image, &one}, 5.0, 1, "7", with_one, scratch_);
    generate(set_, {image, &another}, 5.0, 1, "7", with_another, scratch_);
    EXPECT_EQ(with_one != with_another, set_.info().needs == GeneratedSetInfo::Needs::two_classes);
    EXPECT_NE(with_one, image) << "what was not changed is not out of distribution";
}

TEST_P(EveryGeneratedSet, follows_seed_and_sample_id_and_nothing_else) {
    const Shape shape{32, 32, 3};
    const Image first = made(shape, 3.0, 5, "a/1.png");
    made({60, 90, 3}, 1.0, 9, "b");  // whatever came before
    EXPECT_EQ(made(shape, 3.0, 5, "a/1.png"), first);
    if (!draws()) return;
    EXPECT_NE(made(shape, 3.0, 6, "a/1.png"), first);
    EXPECT_NE(made(shape, 3.0, 5, "a/2.png"), first);
}

TEST_P(EveryGeneratedSet, is_the_same_on_every_thread) {
    const Shape shape{32, 32, 3};
    std::vector<Image> alone, together(8);
    for (std::size_t i = 0; i < together.size(); ++i) alone.push_back(made(shape, 4.0, 1, std::to_string(i)));
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < together.size(); ++i) {
        threads.emplace_back([&, i] {
            const Image image = picture(32, 32, 3, 0), other = picture(32, 32, 3, 3);
            Scratch own;
            generate(set_, {image, &other}, 4.0, 1, std::to_string(i), together[i], own);
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(alone, together);
}

// One path from the weakest form to the strongest: what severity is about changes, but not the draws.
TEST_P(EveryGeneratedSet, keeps_its_draws_at_every_severity) {
    const Shape shape{64, 64, 3};
    double strongest = 0.0;
    const Image full = made(shape, 5.0);
    std::vector<double> distance;
    for (const double severity : {1.0, 2.0, 3.0, 4.0, 5.0}) {
        const Image out = made(shape, severity);
        double sum = 0.0;
        for (std::size_t i = 0; i < out.size(); ++i) sum += std::abs(int{out.pixels[i]} - int{full.pixels[i]});
        distance.push_back(sum);
        strongest = std::max(strongest, sum);
    }
    EXPECT_EQ(distance.back(), 0.0);
    if (set_.info().name == "patch_shuffle") return;  // a finer grid is another picture
    for (std::size_t i = 1; i < distance.size(); ++i) EXPECT_LE(distance[i], distance[i - 1] * 1.02) << i + 1;
    EXPECT_GT(strongest, 0.0);
}

TEST_P(EveryGeneratedSet, refuses_a_severity_outside_its_range) {
    for (const double severity : {0.0, -1.0, 5.1, std::nan("")})
        EXPECT_THROW(made({16, 16, 3}, severity), InternalError);
}

TEST(GeneratedSets, AreAlphabeticalAndGroupedByDistance) {
    std::vector<std::string> names;
    for (const GeneratedSet* set : generated_sets()) names.push_back(set->info().name);
    EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
    EXPECT_EQ(expand_generated_group("all"), names);
    EXPECT_EQ(expand_generated_group("near").size() + expand_generated_group("far").size(), names.size());
    EXPECT_TRUE(expand_generated_group("nearby").empty());
}

INSTANTIATE_TEST_SUITE_P(Registry, EveryGeneratedSet,
                         testing::ValuesIn(generated_sets().begin(), generated_sets().end()),
                         [](const auto& test) { return test.param->info().name; });

}  // namespace
}  // namespace misfire
