// Counter-based random numbers: a draw is a function of (key, stream, element) and of nothing else, so perturbed data
// does not depend on threads, batches, order or resume.
//
// Generator: Philox 4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011). Everything up to
// the normal deviates is integer or IEEE single arithmetic without contraction (the build sets -ffp-contract=off) and
// without libm, so the bits do not depend on the instruction set or the C library.
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <span>
#include <string_view>

namespace misfire {

// 64-bit key out of named parts: FNV-1a over the length-prefixed parts, finalised by SplitMix64. Pinned: a change of
// this function changes every result and needs a new major version.
class KeyHash {
  public:
    KeyHash& add(std::string_view text) {
        add(static_cast<std::uint64_t>(text.size()));
        for (const char c : text) byte(static_cast<std::uint8_t>(c));
        return *this;
    }
    KeyHash& add(std::uint64_t value) {
        for (int shift = 0; shift < 64; shift += 8) byte(static_cast<std::uint8_t>(value >> shift));
        return *this;
    }
    std::uint64_t value() const {
        std::uint64_t z = state_ + 0x9E3779B97F4A7C15ULL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
        return z ^ (z >> 31);
    }

  private:
    void byte(std::uint8_t b) { state_ = (state_ ^ b) * 0x100000001B3ULL; }
    std::uint64_t state_ = 0xCBF29CE484222325ULL;
};

// Ten rounds of Philox 4x32.
inline std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key) {
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t a = 0xD2511F53ULL * counter[0];
        const std::uint64_t b = 0xCD9E8D57ULL * counter[2];
        counter = {static_cast<std::uint32_t>(b >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(b),
                   static_cast<std::uint32_t>(a >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(a)};
        key[0] += 0x9E3779B9U;
        key[1] += 0xBB67AE85U;
    }
    return counter;
}

namespace random_detail {

inline std::array<std::uint32_t, 4> block(std::uint64_t key, std::uint32_t stream, std::uint64_t index) {
    return philox4x32({static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(index >> 32), stream, 0},
                      {static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(key >> 32)});
}

// Natural logarithm of x in (0, 1], normal range; relative error below 3e-7 (atanh series after splitting off the
// exponent).
inline float log_unit(float x) {
    const std::uint32_t bits = std::bit_cast<std::uint32_t>(x);
    const std::uint32_t shifted = bits - 0x3F3504F3U;  // so that the mantissa lands in [sqrt(1/2), sqrt(2))
    const float exponent = static_cast<float>(static_cast<std::int32_t>(shifted) >> 23);
    const float m = std::bit_cast<float>((shifted & 0x007FFFFFU) + 0x3F3504F3U);
    const float t = (m - 1.0F) / (m + 1.0F);
    const float t2 = t * t;
    const float series = ((((0.22222222F * t2 + 0.28571429F) * t2 + 0.4F) * t2 + 0.66666667F) * t2 + 2.0F) * t;
    return exponent * 0.69314718F + series;
}

// cos and sin of 2 pi u, u in [0, 1): quarter-turn reduction and Taylor polynomials on [-pi/4, pi/4]; absolute error
// below 3e-7.
inline void cos_sin_turn(float u, float& cosine, float& sine) {
    const float quarters = u * 4.0F;
    const std::int32_t nearest = static_cast<std::int32_t>(quarters + 0.5F);
    const float r = (quarters - static_cast<float>(nearest)) * 1.57079633F;
    const float r2 = r * r;
    const float s =
        ((((2.7557319e-6F * r2 - 1.9841270e-4F) * r2 + 8.3333333e-3F) * r2 - 1.6666667e-1F) * r2 + 1.0F) * r;
    const float c = (((2.4801587e-5F * r2 - 1.3888889e-3F) * r2 + 4.1666667e-2F) * r2 - 0.5F) * r2 + 1.0F;
    const bool swap = (nearest & 1) != 0;
    const float a = swap ? s : c;
    const float b = swap ? c : s;
    cosine = ((nearest + 1) & 2) != 0 ? -a : a;
    sine = (nearest & 2) != 0 ? -b : b;
}

}  // namespace random_detail

// Source of draws of one (sample, perturbation, position). Draws are addressed: fill(out, stream, first) writes
// elements first, first + 1, ... of the stream, whatever was asked before. Virtual so that tests can replay recorded
// draws.
class Random {
  public:
    explicit Random(std::uint64_t key) : key_(key) {}
    virtual ~Random() = default;

    // Uniform in [0, 1), multiples of 2^-24.
    virtual void uniform(std::span<float> out, std::uint32_t stream, std::uint64_t first = 0) const {
        for_words(out.size(), stream, first,
                  [&](std::size_t i, std::uint32_t word) { out[i] = static_cast<float>(word >> 8) * 0x1p-24F; });
    }

    // Standard normal by Box and Muller; elements 2j and 2j+1 of a stream share one pair of uniforms.
    virtual void normal(std::span<float> out, std::uint32_t stream, std::uint64_t first = 0) const {
        std::size_t i = 0;
        for (std::uint64_t element = first; i < out.size();) {
            const auto words = random_detail::block(key_, stream, element / 4);
            float z[4];
            for (int pair = 0; pair < 2; ++pair) {
                const float radius_uniform = static_cast<float>((words[2 * pair] >> 8) + 1) * 0x1p-24F;  // (0, 1]
                const float angle_uniform = static_cast<float>(words[2 * pair + 1] >> 8) * 0x1p-24F;
                const float radius = std::sqrt(-2.0F * random_detail::log_unit(radius_uniform));
                float cosine = 0.0F;
                float sine = 0.0F;
                random_detail::cos_sin_turn(angle_uniform, cosine, sine);
                z[2 * pair] = radius * cosine;
                z[2 * pair + 1] = radius * sine;
            }
            for (auto lane = static_cast<unsigned>(element % 4); lane < 4 && i < out.size(); ++lane, ++i, ++element) {
                out[i] = z[lane];
            }
        }
    }

    // Integers in [low, high), by multiplication of a 32-bit word (bias below span / 2^32). Requires low < high.
    virtual void integers(std::span<std::int32_t> out, std::int32_t low, std::int32_t high, std::uint32_t stream,
                          std::uint64_t first = 0) const {
        const auto span = static_cast<std::uint64_t>(static_cast<std::int64_t>(high) - low);
        for_words(out.size(), stream, first, [&](std::size_t i, std::uint32_t word) {
            out[i] = static_cast<std::int32_t>(low + static_cast<std::int64_t>((word * span) >> 32));
        });
    }

    // One uniform draw.
    float uniform(std::uint32_t stream, std::uint64_t element = 0) const {
        float value = 0.0F;
        uniform(std::span<float>(&value, 1), stream, element);
        return value;
    }

    std::uint64_t key() const { return key_; }

  private:
    template <typename Use>
    void for_words(std::size_t count, std::uint32_t stream, std::uint64_t first, Use use) const {
        std::size_t i = 0;
        for (std::uint64_t element = first; i < count;) {
            const auto words = random_detail::block(key_, stream, element / 4);
            for (auto lane = static_cast<unsigned>(element % 4); lane < 4 && i < count; ++lane, ++i, ++element)
                use(i, words[lane]);
        }
    }

    std::uint64_t key_;
};

}  // namespace misfire
