#include "perturbations/vector_random.h"

#include <algorithm>
#include <cmath>

#include "perturbations/vector_clones.h"

namespace misfire {

namespace {

constexpr std::size_t lanes = 16;                 // counters computed side by side
constexpr std::size_t chunk = 4 * lanes;          // words they yield
using Lanes = std::uint32_t[lanes];

// Philox 4x32-10 of counters first, first + 1, ...: word w of counter l is word[w][l].
[[gnu::always_inline]] inline void philox_lanes(std::uint64_t key, std::uint32_t stream, std::uint64_t first, Lanes (&word)[4]) {
    for (std::size_t l = 0; l < lanes; ++l) {
        word[0][l] = static_cast<std::uint32_t>(first + l);
        word[1][l] = static_cast<std::uint32_t>((first + l) >> 32);
        word[2][l] = stream;
        word[3][l] = 0;
    }
    auto key0 = static_cast<std::uint32_t>(key);
    auto key1 = static_cast<std::uint32_t>(key >> 32);
    for (int round = 0; round < 10; ++round) {
        Lanes high0, low0, high2, low2;
        for (std::size_t l = 0; l < lanes; ++l) {
            const std::uint64_t product = 0xD2511F53ULL * word[0][l];
            high0[l] = static_cast<std::uint32_t>(product >> 32);
            low0[l] = static_cast<std::uint32_t>(product);
        }
        for (std::size_t l = 0; l < lanes; ++l) {
            const std::uint64_t product = 0xCD9E8D57ULL * word[2][l];
            high2[l] = static_cast<std::uint32_t>(product >> 32);
            low2[l] = static_cast<std::uint32_t>(product);
        }
        for (std::size_t l = 0; l < lanes; ++l) {
            word[0][l] = high2[l] ^ word[1][l] ^ key0;
            word[1][l] = low2[l];
            word[2][l] = high0[l] ^ word[3][l] ^ key1;
            word[3][l] = low0[l];
        }
        key0 += 0x9E3779B9U;
        key1 += 0xBB67AE85U;
    }
}

// What random_detail::log_unit does; repeated with forced inlining so that it lands inside every clone.
[[gnu::always_inline]] inline float log_unit(float x) {
    const std::uint32_t shifted = std::bit_cast<std::uint32_t>(x) - 0x3F3504F3U;
    const float exponent = static_cast<float>(static_cast<std::int32_t>(shifted) >> 23);
    const float m = std::bit_cast<float>((shifted & 0x007FFFFFU) + 0x3F3504F3U);
    const float t = (m - 1.0F) / (m + 1.0F);
    const float t2 = t * t;
    const float series = ((((0.22222222F * t2 + 0.28571429F) * t2 + 0.4F) * t2 + 0.66666667F) * t2 + 2.0F) * t;
    return exponent * 0.69314718F + series;
}

[[gnu::always_inline]] inline void normal_pair(const Lanes& radius_word, const Lanes& angle_word, float (&first)[lanes],
                                               float (&second)[lanes]) {
    for (std::size_t l = 0; l < lanes; ++l) {
        const float radius_uniform = static_cast<float>((radius_word[l] >> 8) + 1) * 0x1p-24F;
        const float radius = std::sqrt(-2.0F * log_unit(radius_uniform));
        float cosine = 0.0F;
        float sine = 0.0F;
        random_detail::cos_sin_turn(static_cast<float>(angle_word[l] >> 8) * 0x1p-24F, cosine, sine);
        first[l] = radius * cosine;
        second[l] = radius * sine;
    }
}

MISFIRE_VECTOR_CLONES void uniform_chunks(float* out, std::size_t chunks, std::uint64_t key, std::uint32_t stream,
                                          std::uint64_t counter) {
    for (std::size_t i = 0; i < chunks; ++i, out += chunk, counter += lanes) {
        Lanes word[4];
        philox_lanes(key, stream, counter, word);
        for (std::size_t l = 0; l < lanes; ++l) {
            for (std::size_t w = 0; w < 4; ++w) out[4 * l + w] = static_cast<float>(word[w][l] >> 8) * 0x1p-24F;
        }
    }
}

MISFIRE_VECTOR_CLONES void normal_chunks(float* out, std::size_t chunks, std::uint64_t key, std::uint32_t stream,
                                         std::uint64_t counter) {
    for (std::size_t i = 0; i < chunks; ++i, out += chunk, counter += lanes) {
        Lanes word[4];
        philox_lanes(key, stream, counter, word);
        float z[4][lanes];
        normal_pair(word[0], word[1], z[0], z[1]);
        normal_pair(word[2], word[3], z[2], z[3]);
        for (std::size_t l = 0; l < lanes; ++l) {
            for (std::size_t w = 0; w < 4; ++w) out[4 * l + w] = z[w][l];
        }
    }
}

MISFIRE_VECTOR_CLONES void integer_chunks(std::int32_t* out, std::size_t chunks, std::int32_t low, std::uint32_t span,
                                          std::uint64_t key, std::uint32_t stream, std::uint64_t counter) {
    for (std::size_t i = 0; i < chunks; ++i, out += chunk, counter += lanes) {
        Lanes word[4];
        philox_lanes(key, stream, counter, word);
        for (std::size_t l = 0; l < lanes; ++l) {
            for (std::size_t w = 0; w < 4; ++w) {
                const std::uint64_t scaled = static_cast<std::uint64_t>(word[w][l]) * span;
                out[4 * l + w] = static_cast<std::int32_t>(static_cast<std::uint32_t>(low) + static_cast<std::uint32_t>(scaled >> 32));
            }
        }
    }
}

// Splits [first, first + size) into a ragged head and tail, left to the scalar code, and whole chunks of counters.
template <typename T, typename Scalar, typename Chunks>
void fill(std::span<T> out, std::uint64_t first, Scalar scalar, Chunks chunks) {
    const std::size_t head = std::min<std::size_t>(out.size(), (4 - first % 4) % 4);
    if (head > 0) scalar(out.first(head), first);
    out = out.subspan(head);
    first += head;
    const std::size_t whole = out.size() / chunk;
    if (whole > 0) chunks(out.data(), whole, first / 4);
    if (out.size() > whole * chunk) scalar(out.subspan(whole * chunk), first + whole * chunk);
}

}  // namespace

void VectorRandom::uniform(std::span<float> out, std::uint32_t stream, std::uint64_t first) const {
    fill(
        out, first, [&](std::span<float> part, std::uint64_t element) { Random::uniform(part, stream, element); },
        [&](float* data, std::size_t count, std::uint64_t counter) { uniform_chunks(data, count, key(), stream, counter); });
}

void VectorRandom::normal(std::span<float> out, std::uint32_t stream, std::uint64_t first) const {
    fill(
        out, first, [&](std::span<float> part, std::uint64_t element) { Random::normal(part, stream, element); },
        [&](float* data, std::size_t count, std::uint64_t counter) { normal_chunks(data, count, key(), stream, counter); });
}

void VectorRandom::integers(std::span<std::int32_t> out, std::int32_t low, std::int32_t high, std::uint32_t stream,
                            std::uint64_t first) const {
    const auto span = static_cast<std::uint32_t>(static_cast<std::int64_t>(high) - low);
    fill(
        out, first, [&](std::span<std::int32_t> part, std::uint64_t element) { Random::integers(part, low, high, stream, element); },
        [&](std::int32_t* data, std::size_t count, std::uint64_t counter) {
            integer_chunks(data, count, low, span, key(), stream, counter);
        });
}

}  // namespace misfire
