// Sine, angle and power as plain arithmetic: loops over them vectorise, and the bits depend neither on the instruction
// set nor on the C library.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

namespace misfire {

namespace elementary {

// How many terms of the series, and how pi is split into parts of few bits, so that n times a part is exact for small
// whole n (Cody and Waite, "Software Manual for the Elementary Functions", 1980).
template <typename Real>
struct Precision;

template <>
struct Precision<float> {
    using Bits = std::uint32_t;
    static constexpr int sine_terms = 6;
    static constexpr int arc_terms = 8;
    static constexpr float pi_parts[3] = {3.140625F, 9.67502593994140625e-4F, 1.509957990978376432e-7F};
    static constexpr float to_whole = 0x1.8p23F;  // added and taken away again, it rounds to a whole number
};

template <>
struct Precision<double> {
    using Bits = std::uint64_t;
    static constexpr int sine_terms = 10;
    static constexpr int arc_terms = 15;
    static constexpr double pi_parts[3] = {3.141592502593994140625, 1.5099578831723192707e-7,
                                           1.0780605716316238118e-14};
    static constexpr double to_whole = 0x1.8p52;
};

}  // namespace elementary

// sin(x). Absolute error below 1e-12 (double, |x| < 1e5) or 2e-7 plus that of the argument (float, |x| < 1e4).
template <typename Real>
[[gnu::always_inline]] inline Real sine(Real x) {
    using P = elementary::Precision<Real>;
    using Bits = typename P::Bits;
    const Real shifted = x * static_cast<Real>(0.318309886183790671538) + P::to_whole;
    const Real n = shifted - P::to_whole;  // nearest multiple of pi
    const Real r = ((x - n * P::pi_parts[0]) - n * P::pi_parts[1]) - n * P::pi_parts[2];
    const Real squared = r * r;
    Real series = 1;
    for (int k = P::sine_terms; k >= 1; --k)
        series = 1 - squared * (static_cast<Real>(1.0 / (2 * k * (2 * k + 1))) * series);
    const Bits odd = std::bit_cast<Bits>(shifted) << (8 * sizeof(Bits) - 1);  // sin changes sign with every pi
    return std::bit_cast<Real>(std::bit_cast<Bits>(r * series) ^ odd);
}

// atan2(y, x); 0 at the origin. Absolute error below 1e-12 (double) or 4e-7 (float).
template <typename Real>
[[gnu::always_inline]] inline Real angle_of(Real y, Real x) {
    using P = elementary::Precision<Real>;
    const Real ay = std::abs(y);
    const Real ax = std::abs(x);
    const Real low = ay < ax ? ay : ax;
    const Real high = ay < ax ? ax : ay;
    const bool second_half = low > static_cast<Real>(0.41421356237309504880) * high;  // tan(pi / 8)
    const Real above = second_half ? low - high : low;
    const Real below = second_half ? low + high : high;
    const Real z = above / (below > 0 ? below : 1);
    const Real squared = z * z;
    Real series = 0;
    for (int k = P::arc_terms; k >= 0; --k) series = static_cast<Real>(1.0 / (2 * k + 1)) - squared * series;
    const Real eighth = z * series + (second_half ? static_cast<Real>(0.78539816339744830962) : 0);
    const Real quarter = ay > ax ? static_cast<Real>(1.57079632679489661923) - eighth : eighth;
    const Real half = x < 0 ? static_cast<Real>(3.14159265358979323846) - quarter : quarter;
    return y < 0 ? -half : half;
}

// x to the power of `exponent`, for x in 1e-30..1e30 and results within 1e-37..1e37. Relative error below 1e-5.
[[gnu::always_inline]] inline float power(float x, float exponent) {
    const std::uint32_t shifted = std::bit_cast<std::uint32_t>(x) - 0x3F3504F3U;
    const auto whole = static_cast<float>(static_cast<std::int32_t>(shifted) >> 23);
    const float mantissa = std::bit_cast<float>((shifted & 0x007FFFFFU) + 0x3F3504F3U);  // in sqrt(1/2)..sqrt(2)
    const float z = (mantissa - 1.0F) / (mantissa + 1.0F);
    const float z2 = z * z;
    const float series = ((((z2 / 9 + 1.0F / 7) * z2 + 1.0F / 5) * z2 + 1.0F / 3) * z2 + 1.0F) * (2 * z);
    const float logarithm = whole + 1.44269504F * series;  // to base 2
    const float y = exponent * logarithm;
    const float rounded = y + elementary::Precision<float>::to_whole;
    const float r = 0.693147181F * (y - (rounded - elementary::Precision<float>::to_whole));
    float e = 1.0F;
    for (int k = 7; k >= 1; --k) e = 1.0F + r * (static_cast<float>(1.0 / k) * e);
    const std::uint32_t scale = std::bit_cast<std::uint32_t>(rounded) << 23;
    return std::bit_cast<float>(std::bit_cast<std::uint32_t>(e) + scale);
}

}  // namespace misfire
