#include "perturbations/image/spectral_noise.h"

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>

#include "core/vector_clones.h"

namespace misfire {

namespace {

bool transforms_fast(std::size_t side) {
    if (side % 2 != 0) return false;
    for (const std::size_t prime : {2U, 3U, 5U, 7U}) {
        while (side % prime == 0) side /= prime;
    }
    return side == 1;
}

std::size_t grid_side(int side) {
    auto grid = static_cast<std::size_t>(side);
    while (!transforms_fast(grid)) ++grid;
    return grid;
}

struct Grid {
    std::size_t rows;
    std::size_t columns;
    double per_row;     // periods per shorter side of one step of frequency along the columns
    double per_column;  // and along the rows
};

MISFIRE_VECTOR_CLONES void to_phasors(const float* u, float* cosine, float* sine, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) random_detail::cos_sin_turn(u[i], cosine[i], sine[i]);
}

MISFIRE_VECTOR_CLONES void amplitude_row(Spectrum spectrum, double along_columns, double per_column, float* out,
                                         std::size_t count) {
    for (std::size_t k = 0; k < count; ++k) {
        const double along_row = per_column * static_cast<double>(static_cast<int>(k));
        const double squared = along_columns * along_columns + along_row * along_row;
        out[k] = static_cast<float>(spectrum == Spectrum::blue ? std::sqrt(squared) : 1.0 / (squared + 1.0));
    }
}

// exp(i phase) of the left half of the spectrum with its origin in the middle.
struct Phasors {
    const float* cosine;
    const float* sine;
    Grid grid;

    // Where row r and column c of the whole spectrum are found.
    std::size_t index(std::size_t r, std::size_t c) const {
        const std::size_t half = grid.columns / 2;
        return c < half ? r * half + c : (grid.rows - 1 - r) * half + (grid.columns - 1 - c);
    }
};

// Of the spectrum at a frequency and at its opposite the conjugate symmetric part counts, as the real part of the
// transform sees no other; times two here. Row ky of OpenCV's packed form, but for its first and last column: kx, from
// 1 below half the columns, lies at `here`[-kx] and `opposite`[-kx].
MISFIRE_VECTOR_CLONES void pack_row(const Phasors& phasors, std::size_t here, std::size_t opposite,
                                    const float* amplitude, float* packed, std::size_t half) {
    const float *cosine_a = phasors.cosine + here - half, *cosine_b = phasors.cosine + opposite - half;
    const float *sine_a = phasors.sine + here - half, *sine_b = phasors.sine + opposite - half;
#pragma GCC ivdep  // inputs and output are parts of one buffer that do not overlap
    for (std::size_t kx = 1; kx < half; ++kx) {
        packed[2 * kx - 1] = amplitude[kx] * (cosine_a[half - kx] + cosine_b[half - kx]);
        packed[2 * kx] = amplitude[kx] * (sine_a[half - kx] - sine_b[half - kx]);
    }
}

// Its first and last column, which hold one half of the frequencies, real and imaginary parts below each other.
void pack_column(const Phasors& phasors, std::size_t ky, std::size_t kx, float amplitude, float* packed) {
    const Grid& grid = phasors.grid;
    const std::size_t r = (ky + grid.rows / 2) % grid.rows;
    const std::size_t c = (kx + grid.columns / 2) % grid.columns;
    const std::size_t here = phasors.index(r, c);
    const std::size_t opposite = phasors.index((grid.rows - r) % grid.rows, (grid.columns - c) % grid.columns);
    float* column = packed + (kx == 0 ? 0 : grid.columns - 1);
    column[(ky == 0 ? 0 : 2 * ky - 1) * grid.columns] = amplitude * (phasors.cosine[here] + phasors.cosine[opposite]);
    const bool real = ky == 0 || ky == grid.rows / 2;
    if (!real) column[2 * ky * grid.columns] = amplitude * (phasors.sine[here] - phasors.sine[opposite]);
}

void pack(const Phasors& phasors, Spectrum spectrum, float* amplitude, float* packed) {
    const Grid& grid = phasors.grid;
    const std::size_t half = grid.columns / 2;
    for (std::size_t ky = 0; ky < grid.rows; ++ky) {
        const auto rows_away = static_cast<double>(std::min(ky, grid.rows - ky));
        amplitude_row(spectrum, grid.per_row * rows_away, grid.per_column, amplitude, half + 1);
        const std::size_t r = (ky + grid.rows / 2) % grid.rows;
        const std::size_t here = phasors.index(r, half);  // kx = 0; higher ones lie to the left
        const std::size_t opposite = (grid.rows - r) % grid.rows * half + half;
        pack_row(phasors, here, opposite, amplitude, packed + ky * grid.columns, half);
        if (ky > grid.rows / 2) continue;
        pack_column(phasors, ky, 0, amplitude[0], packed);
        pack_column(phasors, ky, half, amplitude[half], packed);
    }
}

MISFIRE_VECTOR_CLONES void add_up(const float* x, std::size_t count, double& sum, double& squares) {
    constexpr std::size_t lanes = 8;
    double sums[lanes] = {}, square_sums[lanes] = {};
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes) {
        for (std::size_t l = 0; l < lanes; ++l) {
            const auto value = static_cast<double>(x[i + l]);
            sums[l] += value;
            square_sums[l] += value * value;
        }
    }
    for (; i < count; ++i) {
        sums[0] += static_cast<double>(x[i]);
        square_sums[0] += static_cast<double>(x[i]) * static_cast<double>(x[i]);
    }
    for (std::size_t l = 0; l < lanes; ++l) {
        sum += sums[l];
        squares += square_sums[l];
    }
}

void to_unit_deviation(std::vector<float>& field) {
    double sum = 0.0, squares = 0.0;
    add_up(field.data(), field.size(), sum, squares);
    const auto n = static_cast<double>(field.size());
    const double mean = sum / n;
    const auto factor = static_cast<float>(1.0 / std::sqrt(squares / n - mean * mean));
    for (float& value : field) value *= factor;
}

}  // namespace

void spectral_noise(int height, int width, Spectrum spectrum, const Random& random, std::uint32_t stream,
                    std::vector<float>& field, Scratch& scratch) {
    const double side = std::min(height, width);
    Grid grid{grid_side(height), grid_side(width), 0.0, 0.0};
    grid.per_row = side / static_cast<double>(grid.rows);
    grid.per_column = side / static_cast<double>(grid.columns);
    const std::size_t count = grid.rows * grid.columns;
    auto& work = scratch.floats[3];  // grid; phases, their cosines and sines; one row of amplitudes
    work.resize(count + 3 * (count / 2) + grid.columns / 2 + 1);
    float* packed = work.data();
    float* u = packed + count;
    float* cosine = u + count / 2;
    float* sine = cosine + count / 2;
    random.uniform(std::span(u, count / 2), stream);
    to_phasors(u, cosine, sine, count / 2);
    pack({cosine, sine, grid}, spectrum, sine + count / 2, packed);

    cv::Mat transformed(static_cast<int>(grid.rows), static_cast<int>(grid.columns), CV_32F, packed);
    cv::dft(transformed, transformed, cv::DFT_INVERSE | cv::DFT_REAL_OUTPUT);
    const auto rows = static_cast<std::size_t>(height);
    const auto columns = static_cast<std::size_t>(width);
    field.resize(rows * columns);
    for (std::size_t y = 0; y < rows; ++y) std::copy_n(packed + y * grid.columns, columns, field.data() + y * columns);
    to_unit_deviation(field);
}

}  // namespace misfire
