#include "perturbations/image/caustics.h"

#include <array>
#include <cmath>

#include "perturbations/image/elementary_functions.h"
#include "perturbations/vector_clones.h"

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

MISFIRE_VECTOR_CLONES void caustic_row(const Times& waves, const Coordinate& row, const float* value,
                                       const float* cosine, const float* sine, double* out, std::size_t width) {
    const Times all = waves;
    const Coordinate y = row;
    for (std::size_t x = 0; x < width; ++x) {
        const Phase start = {cosine[x], sine[x]};
        Phase a = y.phase, b = start;
        float sum = 1.0F;
        for (std::size_t n = 0; n < rounds; ++n) {
            const Phase t = all[n];
            const float dy = (t.cosine * a.cosine + t.sine * a.sine) + (t.sine * b.cosine + t.cosine * b.sine);
            const float dx = (t.sine * b.cosine - t.cosine * b.sine) + (t.cosine * a.cosine - t.sine * a.sine);
            a = turned(y.phase, dy);
            b = turned(start, dx);
            // 1 / length of (y / sin, x / cos) / 200
            const float along_y = a.sine * t.cosine + a.cosine * t.sine;
            const float along_x = b.cosine * t.cosine - b.sine * t.sine;
            const float first = y.value * along_x, second = value[x] * along_y;
            sum += std::abs(along_y * along_x) / (0.005F * std::sqrt(first * first + second * second + 1e-30F));
        }
        const float light = 1.17F - power(sum / 5.0F, 1.4F);
        const float squared = light * light;
        const float fourth = squared * squared;
        const float eighth = fourth * fourth;
        out[x] = static_cast<double>(eighth > 1.0F ? 1.0F : eighth);
    }
}

}  // namespace

void caustics(int height, int width, double time, double size, std::vector<double>& field, Scratch& scratch) {
    const auto columns = static_cast<std::size_t>(width);
    auto& row = scratch.floats[0];
    row.resize(3 * columns);
    for (std::size_t x = 0; x < columns; ++x) {
        const Coordinate at = coordinate(static_cast<int>(x), size);
        row[x] = at.value;
        row[columns + x] = at.phase.cosine;
        row[2 * columns + x] = at.phase.sine;
    }
    const Times waves = times(time);
    field.resize(static_cast<std::size_t>(height) * columns);
    for (int y = 0; y < height; ++y) {
        caustic_row(waves, coordinate(y, size), row.data(), row.data() + columns, row.data() + 2 * columns,
                    field.data() + static_cast<std::size_t>(y) * columns, columns);
    }
}

}  // namespace misfire
