#include "perturbations/image/caustics.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/vector_clones.h"
#include "perturbations/image/elementary_functions.h"

namespace misfire {

namespace {

constexpr int rounds = 5;

struct Phase {
    float cosine;
    float sine;
};

using Times = std::array<Phase, rounds>;

// A coordinate of the pattern, about -250, with its cosine and sine. Angles stay small sums on top of it, so that
// single precision suffices.
struct Coordinate {
    float value;
    Phase phase;
};

Coordinate coordinate(int pixel, double size) {
    const double place = pixel / size;
    const double value = (place - std::floor(place)) * 6.28318530718 - 250.0;
    return {static_cast<float>(value), {static_cast<float>(std::cos(value)), static_cast<float>(std::sin(value))}};
}

Times times(double time) {
    Times list;
    for (int n = 0; n < rounds; ++n) {
        const double t = time * (1.0 - 3.5 / (n + 1));
        list[static_cast<std::size_t>(n)] = {static_cast<float>(std::cos(t)), static_cast<float>(std::sin(t))};
    }
    return list;
}

// Cosine and sine of a + d, given those of a, for |d| <= 2: series at d / 2, then doubled.
[[gnu::always_inline]] inline Phase turned(Phase a, float d) {
    const float h = 0.5F * d;
    const float h2 = h * h;
    float sine = 1.0F, cosine = 1.0F;
    for (int k = 5; k >= 1; --k) {
        sine = 1.0F - h2 * (static_cast<float>(1.0 / (2 * k * (2 * k + 1))) * sine);
        cosine = 1.0F - h2 * (static_cast<float>(1.0 / (2 * k * (2 * k - 1))) * cosine);
    }
    sine *= h;
    const float sine_d = 2.0F * sine * cosine;
    const float cosine_d = 1.0F - 2.0F * sine * sine;
    return {a.cosine * cosine_d - a.sine * sine_d, a.sine * cosine_d + a.cosine * sine_d};
}

// One row of the image, a value for each pixel.
struct Row {
    const float* value;  // coordinate along the row
    const float* cosine;
    const float* sine;
    float* cosine_a;  // of the displaced coordinates: a down the picture, b along the row
    float* sine_a;
    float* cosine_b;
    float* sine_b;
    float* sum;
};

MISFIRE_VECTOR_CLONES void caustic_round(Phase t, const Coordinate& y, const Row& row, std::size_t width) {
    const Phase start_y = y.phase;
    const float y_value = y.value;
    const float *value = row.value, *cosine = row.cosine, *sine = row.sine;
    float *cosine_a = row.cosine_a, *sine_a = row.sine_a, *cosine_b = row.cosine_b, *sine_b = row.sine_b;
    float* sum = row.sum;
#pragma GCC ivdep  // the parts of a row do not overlap
    for (std::size_t x = 0; x < width; ++x) {
        const float ca = cosine_a[x], sa = sine_a[x], cb = cosine_b[x], sb = sine_b[x];
        const float dy = (t.cosine * ca + t.sine * sa) + (t.sine * cb + t.cosine * sb);
        const float dx = (t.sine * cb - t.cosine * sb) + (t.cosine * ca - t.sine * sa);
        const Phase a = turned(start_y, dy);
        const Phase b = turned({cosine[x], sine[x]}, dx);
        cosine_a[x] = a.cosine;
        sine_a[x] = a.sine;
        cosine_b[x] = b.cosine;
        sine_b[x] = b.sine;
        // 1 / length of (y / sin, x / cos) / 200
        const float along_y = a.sine * t.cosine + a.cosine * t.sine;
        const float along_x = b.cosine * t.cosine - b.sine * t.sine;
        const float first = y_value * along_x, second = value[x] * along_y;
        sum[x] += std::abs(along_y * along_x) / (0.005F * std::sqrt(first * first + second * second + 1e-30F));
    }
}

MISFIRE_VECTOR_CLONES void to_light(const float* sum, double* out, std::size_t width) {
    for (std::size_t x = 0; x < width; ++x) {
        const float light = 1.17F - power(sum[x] / 5.0F, 1.4F);
        const float squared = light * light;
        const float fourth = squared * squared;
        const float eighth = fourth * fourth;
        out[x] = static_cast<double>(eighth > 1.0F ? 1.0F : eighth);
    }
}

void caustic_row(const Times& waves, const Coordinate& y, const Row& row, double* out, std::size_t width) {
    std::fill_n(row.cosine_a, width, y.phase.cosine);
    std::fill_n(row.sine_a, width, y.phase.sine);
    std::copy_n(row.cosine, width, row.cosine_b);
    std::copy_n(row.sine, width, row.sine_b);
    std::fill_n(row.sum, width, 1.0F);
    for (const Phase& t : waves) caustic_round(t, y, row, width);
    to_light(row.sum, out, width);
}

}  // namespace

void caustics(int height, int width, double time, double size, std::vector<double>& field, Scratch& scratch) {
    const auto columns = static_cast<std::size_t>(width);
    auto& work = scratch.floats[0];
    work.resize(8 * columns);
    const auto part = [&](std::size_t i) { return work.data() + i * columns; };
    for (std::size_t x = 0; x < columns; ++x) {
        const Coordinate at = coordinate(static_cast<int>(x), size);
        part(0)[x] = at.value;
        part(1)[x] = at.phase.cosine;
        part(2)[x] = at.phase.sine;
    }
    const Row row{part(0), part(1), part(2), part(3), part(4), part(5), part(6), part(7)};
    const Times waves = times(time);
    field.resize(static_cast<std::size_t>(height) * columns);
    for (int y = 0; y < height; ++y)
        caustic_row(waves, coordinate(y, size), row, field.data() + static_cast<std::size_t>(y) * columns, columns);
}

}  // namespace misfire
