#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "core/random.h"
#include "perturbations/vector_random.h"

namespace misfire {
namespace {

using Words = std::array<std::uint32_t, 4>;

// Known answers of Random123 1.14 (tests/kat_vectors, lines "philox4x32 10").
TEST(Philox, known_answers_of_random123) {
    EXPECT_EQ(philox4x32({0, 0, 0, 0}, {0, 0}), (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
    const std::uint32_t ones = 0xffffffff;
    EXPECT_EQ(philox4x32({ones, ones, ones, ones}, {ones, ones}),
              (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
    EXPECT_EQ(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
              (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

std::vector<float> normals(std::size_t count, std::uint64_t key = 42, std::uint32_t stream = 0) {
    std::vector<float> z(count);
    VectorRandom(key).normal(z, stream);
    return z;
}

TEST(Random, normals_have_the_moments_of_the_normal_distribution) {
    constexpr double n = 4e6;
    double moment[5] = {};
    for (const float value : normals(static_cast<std::size_t>(n))) {
        double power = 1.0;
        for (int k = 1; k <= 4; ++k) moment[k] += power *= static_cast<double>(value);
    }
    // Standard errors of the raw moments of N(0, 1) times sqrt(n): 1, sqrt(2), sqrt(15), sqrt(96).
    EXPECT_NEAR(moment[1] / n, 0.0, 4.0 * std::sqrt(1.0 / n));
    EXPECT_NEAR(moment[2] / n, 1.0, 4.0 * std::sqrt(2.0 / n));
    EXPECT_NEAR(moment[3] / n, 0.0, 4.0 * std::sqrt(15.0 / n));
    EXPECT_NEAR(moment[4] / n, 3.0, 4.0 * std::sqrt(96.0 / n));
}

// Kolmogorov-Smirnov distance of a sample from a distribution function, times sqrt(n): above 1.95 in one sample of a
// thousand.
template <typename Cdf>
double ks(std::vector<float> sample, Cdf cdf) {
    std::sort(sample.begin(), sample.end());
    const auto n = static_cast<double>(sample.size());
    double distance = 0.0;
    for (std::size_t i = 0; i < sample.size(); ++i) {
        const double f = cdf(static_cast<double>(sample[i]));
        distance = std::max({distance, f - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - f});
    }
    return distance * std::sqrt(n);
}

double normal_cdf(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

TEST(Random, normals_pass_kolmogorov_smirnov) {
    // The yardstick itself, from scipy.stats.norm.cdf([-3, -1.5, 0.25, 2]).
    EXPECT_NEAR(normal_cdf(-3.0), 0.0013498980316300933, 1e-15);
    EXPECT_NEAR(normal_cdf(-1.5), 0.06680720126885807, 1e-15);
    EXPECT_NEAR(normal_cdf(0.25), 0.5987063256829237, 1e-15);
    EXPECT_NEAR(normal_cdf(2.0), 0.9772498680518208, 1e-15);
    for (const std::uint64_t key : {1, 2, 3}) EXPECT_LT(ks(normals(1'000'000, key), normal_cdf), 1.95) << key;
}

TEST(Random, normals_reach_the_tails_as_often_as_they_should) {
    const auto z = normals(4'000'000);
    const auto beyond = [&](float limit) {
        return static_cast<double>(std::count_if(z.begin(), z.end(), [&](float v) { return std::abs(v) > limit; }));
    };
    // 4e6 * 2 * scipy.stats.norm.sf([3, 4])
    EXPECT_NEAR(beyond(3.0F), 10799.2, 5.0 * std::sqrt(10799.2));
    EXPECT_NEAR(beyond(4.0F), 253.4, 5.0 * std::sqrt(253.4));
}

TEST(Random, uniforms_pass_kolmogorov_smirnov_and_stay_below_one) {
    std::vector<float> u(1'000'000);
    VectorRandom(7).uniform(u, 3);
    EXPECT_LT(ks(u, [](double x) { return x; }), 1.95);
    EXPECT_GE(*std::min_element(u.begin(), u.end()), 0.0F);
    EXPECT_LT(*std::max_element(u.begin(), u.end()), 1.0F);
}

TEST(Random, integers_cover_their_range_evenly) {
    std::vector<std::int32_t> draws(700'000);
    VectorRandom(7).integers(draws, -3, 4, 0);
    std::vector<double> count(7);
    for (const std::int32_t value : draws) {
        ASSERT_GE(value, -3);
        ASSERT_LT(value, 4);
        count[static_cast<std::size_t>(value + 3)] += 1.0;
    }
    for (const double c : count) EXPECT_NEAR(c, 1e5, 5.0 * std::sqrt(1e5));
}

double correlation(const std::vector<float>& a, const std::vector<float>& b) {
    const double dot = std::inner_product(a.begin(), a.end(), b.begin(), 0.0, std::plus<>(), [](float x, float y) {
        return static_cast<double>(x) * static_cast<double>(y);
    });
    return dot / static_cast<double>(a.size());
}

TEST(Random, streams_and_keys_are_independent) {
    const auto base = normals(1'000'000, 42, 0);
    EXPECT_LT(std::abs(correlation(base, normals(1'000'000, 42, 1))), 4e-3);
    EXPECT_LT(std::abs(correlation(base, normals(1'000'000, 43, 0))), 4e-3);
    std::vector<float> shifted(base.begin() + 1, base.end());
    shifted.push_back(0.0F);
    EXPECT_LT(std::abs(correlation(base, shifted)), 4e-3) << "neighbouring elements of one stream";
}

// The wide loops must give the bits of the plain ones wherever a fill begins and however long it is.
TEST(VectorRandom, equals_the_plain_generator_bit_for_bit) {
    const Random plain(0x0123456789abcdefULL);
    const VectorRandom fast(0x0123456789abcdefULL);
    for (const std::uint64_t first : {0ULL, 1ULL, 3ULL, 64ULL, 17179869183ULL}) {
        for (const std::size_t size : {1UL, 5UL, 63UL, 64UL, 65UL, 130UL, 5001UL}) {
            std::vector<float> a(size), b(size);
            plain.uniform(a, 5, first);
            fast.uniform(b, 5, first);
            EXPECT_EQ(a, b) << "uniform " << first << " " << size;
            plain.normal(a, 6, first);
            fast.normal(b, 6, first);
            EXPECT_EQ(a, b) << "normal " << first << " " << size;
            std::vector<std::int32_t> i(size), j(size);
            plain.integers(i, -100, 1'000'000, 7, first);
            fast.integers(j, -100, 1'000'000, 7, first);
            EXPECT_EQ(i, j) << "integers " << first << " " << size;
        }
    }
}

TEST(VectorRandom, a_fill_in_pieces_equals_a_fill_at_once) {
    const VectorRandom random(9);
    std::vector<float> whole(1000), pieces(1000);
    random.normal(whole, 0);
    for (std::size_t first = 0; first < 1000; first += 37) {
        random.normal(std::span(pieces).subspan(first, std::min<std::size_t>(37, 1000 - first)), 0, first);
    }
    EXPECT_EQ(whole, pieces);
}

// Pins the hash and the generator: a change here changes every result ever recorded.
TEST(KeyHash, is_pinned_and_separates_its_parts) {
    EXPECT_NE(KeyHash().add("ab").add("c").value(), KeyHash().add("a").add("bc").value());
    EXPECT_EQ(KeyHash().add("fog").add(std::uint64_t{7}).value(), 0x54b7ab7991583064ULL);
}

}  // namespace
}  // namespace misfire
