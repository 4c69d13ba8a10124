#include "perturbations/vector_random.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include <algorithm>
#include <cmath>

#include "core/vector_clones.h"

namespace misfire {

namespace {

constexpr std::size_t chunk = 256;  // words computed at a time
constexpr std::size_t half = chunk / 2;

// Words of chunk / 4 counters: word 2j of the stream is even[j], word 2j + 1 is odd[j].
struct Words {
    alignas(64) std::uint32_t even[half];
    alignas(64) std::uint32_t odd[half];
};

void philox_plain(std::uint64_t key, std::uint32_t stream, std::uint64_t first, Words& words) {
    for (std::size_t l = 0; l < chunk / 4; ++l) {
        const auto word = random_detail::block(key, stream, first + l);
        words.even[2 * l] = word[0];
        words.odd[2 * l] = word[1];
        words.even[2 * l + 1] = word[2];
        words.odd[2 * l + 1] = word[3];
    }
}

#if defined(__x86_64__)

constexpr long long multiplier_0 = 0xD2511F53LL;
constexpr long long multiplier_2 = 0xCD9E8D57LL;

// Each 64-bit lane holds one 32-bit word of a counter in its lower half; the upper half is left to garbage, which the
// 32 x 32 multiplication ignores.
__attribute__((target("avx2"))) void philox_avx2(std::uint64_t key, std::uint32_t stream, std::uint64_t first,
                                                 Words& words) {
    const __m256i m0 = _mm256_set1_epi64x(multiplier_0), m2 = _mm256_set1_epi64x(multiplier_2);
    const __m256i low = _mm256_set1_epi64x(0xFFFFFFFFLL);
    for (std::size_t l = 0; l < chunk / 4; l += 4) {
        const __m256i counter =
            _mm256_add_epi64(_mm256_set1_epi64x(static_cast<long long>(first + l)), _mm256_set_epi64x(3, 2, 1, 0));
        __m256i w0 = counter, w1 = _mm256_srli_epi64(counter, 32), w2 = _mm256_set1_epi64x(stream),
                w3 = _mm256_setzero_si256();
        auto key0 = static_cast<std::uint32_t>(key), key1 = static_cast<std::uint32_t>(key >> 32);
        for (int round = 0; round < 10; ++round, key0 += 0x9E3779B9U, key1 += 0xBB67AE85U) {
            const __m256i a = _mm256_mul_epu32(w0, m0), b = _mm256_mul_epu32(w2, m2);
            w0 = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(b, 32), w1), _mm256_set1_epi64x(key0));
            w2 = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(a, 32), w3), _mm256_set1_epi64x(key1));
            w1 = b;
            w3 = a;
        }
        const __m256i even = _mm256_or_si256(_mm256_and_si256(w0, low), _mm256_slli_epi64(w2, 32));
        const __m256i odd = _mm256_or_si256(_mm256_and_si256(w1, low), _mm256_slli_epi64(w3, 32));
        _mm256_store_si256(reinterpret_cast<__m256i*>(words.even + 2 * l), even);
        _mm256_store_si256(reinterpret_cast<__m256i*>(words.odd + 2 * l), odd);
    }
}

__attribute__((target("avx512f"))) void philox_avx512(std::uint64_t key, std::uint32_t stream, std::uint64_t first,
                                                      Words& words) {
    const __m512i m0 = _mm512_set1_epi64(multiplier_0), m2 = _mm512_set1_epi64(multiplier_2);
    const __m512i low = _mm512_set1_epi64(0xFFFFFFFFLL);
    const __m512i step = _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0);
    for (std::size_t l = 0; l < chunk / 4; l += 16) {  // two vectors at a time hide the latency of the multiplications
        __m512i w0[2], w1[2], w2[2], w3[2];
        for (std::size_t v = 0; v < 2; ++v) {
            w0[v] = _mm512_add_epi64(_mm512_set1_epi64(static_cast<long long>(first + l + 8 * v)), step);
            w1[v] = _mm512_srli_epi64(w0[v], 32);
            w2[v] = _mm512_set1_epi64(stream);
            w3[v] = _mm512_setzero_si512();
        }
        auto key0 = static_cast<std::uint32_t>(key), key1 = static_cast<std::uint32_t>(key >> 32);
        for (int round = 0; round < 10; ++round, key0 += 0x9E3779B9U, key1 += 0xBB67AE85U) {
            const __m512i k0 = _mm512_set1_epi64(key0), k1 = _mm512_set1_epi64(key1);
            for (std::size_t v = 0; v < 2; ++v) {
                const __m512i a = _mm512_mul_epu32(w0[v], m0), b = _mm512_mul_epu32(w2[v], m2);
                w0[v] = _mm512_xor_si512(_mm512_xor_si512(_mm512_srli_epi64(b, 32), w1[v]), k0);
                w2[v] = _mm512_xor_si512(_mm512_xor_si512(_mm512_srli_epi64(a, 32), w3[v]), k1);
                w1[v] = b;
                w3[v] = a;
            }
        }
        for (std::size_t v = 0; v < 2; ++v) {
            const __m512i even = _mm512_or_si512(_mm512_and_si512(w0[v], low), _mm512_slli_epi64(w2[v], 32));
            const __m512i odd = _mm512_or_si512(_mm512_and_si512(w1[v], low), _mm512_slli_epi64(w3[v], 32));
            _mm512_store_si512(words.even + 2 * (l + 8 * v), even);
            _mm512_store_si512(words.odd + 2 * (l + 8 * v), odd);
        }
    }
}

#endif

using Philox = void (*)(std::uint64_t key, std::uint32_t stream, std::uint64_t first, Words& words);

Philox widest_philox() {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f")) return philox_avx512;
    if (__builtin_cpu_supports("avx2")) return philox_avx2;
#endif
    return philox_plain;
}

const Philox philox = widest_philox();

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

// Words are below 2^24 once shifted, so that conversion through signed integers is exact (and one instruction).
[[gnu::always_inline]] inline float to_float(std::uint32_t word) {
    return static_cast<float>(static_cast<std::int32_t>(word));
}

MISFIRE_VECTOR_CLONES void to_uniform(const Words& words, float* out) {
    for (std::size_t j = 0; j < half; ++j) {
        out[2 * j] = to_float(words.even[j] >> 8) * 0x1p-24F;
        out[2 * j + 1] = to_float(words.odd[j] >> 8) * 0x1p-24F;
    }
}

MISFIRE_VECTOR_CLONES void to_normal(const Words& words, float* out) {
    alignas(64) float first[half], second[half];
    for (std::size_t j = 0; j < half; ++j) {
        const float radius = std::sqrt(-2.0F * log_unit(to_float((words.even[j] >> 8) + 1) * 0x1p-24F));
        float cosine = 0.0F;
        float sine = 0.0F;
        random_detail::cos_sin_turn(to_float(words.odd[j] >> 8) * 0x1p-24F, cosine, sine);
        first[j] = radius * cosine;
        second[j] = radius * sine;
    }
    for (std::size_t j = 0; j < half; ++j) {
        out[2 * j] = first[j];
        out[2 * j + 1] = second[j];
    }
}

MISFIRE_VECTOR_CLONES void to_integers(const Words& words, std::uint32_t low, std::uint32_t span, std::int32_t* out) {
    for (std::size_t j = 0; j < half; ++j) {
        const std::uint64_t even = static_cast<std::uint64_t>(words.even[j]) * span;
        const std::uint64_t odd = static_cast<std::uint64_t>(words.odd[j]) * span;
        out[2 * j] = static_cast<std::int32_t>(low + static_cast<std::uint32_t>(even >> 32));
        out[2 * j + 1] = static_cast<std::int32_t>(low + static_cast<std::uint32_t>(odd >> 32));
    }
}

// Splits [first, first + size) into a ragged head and tail, left to the scalar code, and whole chunks of counters.
template <typename T, typename Scalar, typename Convert>
void fill(std::span<T> out, std::uint64_t key, std::uint32_t stream, std::uint64_t first, Scalar scalar,
          Convert convert) {
    const std::size_t head = std::min<std::size_t>(out.size(), (4 - first % 4) % 4);
    if (head > 0) scalar(out.first(head), first);
    out = out.subspan(head);
    first += head;
    const std::size_t whole = out.size() / chunk;
    Words words;
    for (std::size_t i = 0; i < whole; ++i) {
        philox(key, stream, first / 4 + i * (chunk / 4), words);
        convert(words, out.data() + i * chunk);
    }
    if (out.size() > whole * chunk) scalar(out.subspan(whole * chunk), first + whole * chunk);
}

}  // namespace

void VectorRandom::uniform(std::span<float> out, std::uint32_t stream, std::uint64_t first) const {
    fill(
        out, key(), stream, first,
        [&](std::span<float> part, std::uint64_t element) { Random::uniform(part, stream, element); }, to_uniform);
}

void VectorRandom::normal(std::span<float> out, std::uint32_t stream, std::uint64_t first) const {
    fill(
        out, key(), stream, first,
        [&](std::span<float> part, std::uint64_t element) { Random::normal(part, stream, element); }, to_normal);
}

void VectorRandom::integers(std::span<std::int32_t> out, std::int32_t low, std::int32_t high, std::uint32_t stream,
                            std::uint64_t first) const {
    const auto span = static_cast<std::uint32_t>(static_cast<std::int64_t>(high) - low);
    fill(
        out, key(), stream, first,
        [&](std::span<std::int32_t> part, std::uint64_t element) {
            Random::integers(part, low, high, stream, element);
        },
        [&](const Words& words, std::int32_t* data) {
            to_integers(words, static_cast<std::uint32_t>(low), span, data);
        });
}

}  // namespace misfire
