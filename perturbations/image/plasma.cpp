#include "perturbations/image/plasma.h"

#include <algorithm>
#include <utility>

#include "core/vector_clones.h"

namespace misfire {

namespace {

// (a + b) + (c + d), a quarter of it, plus wibble times a uniform draw of -wibble..wibble: the order of additions of
// the original.
[[gnu::always_inline]] inline double wibbled(double sum, double wibble, float u) {
    return sum / 4.0 + wibble * (-wibble + 2.0 * wibble * static_cast<double>(u));
}

// One row of square centres below row `corner` and above row `next`; both hold n values and wrap around.
MISFIRE_VECTOR_CLONES void centres_row(const double* corner, const double* next, std::size_t n, double wibble,
                                       const float* u, double* centre) {
    for (std::size_t j = 0; j + 1 < n; ++j) {
        centre[j] = wibbled((corner[j] + next[j]) + (corner[j + 1] + next[j + 1]), wibble, u[j]);
    }
    centre[n - 1] = wibbled((corner[n - 1] + next[n - 1]) + (corner[0] + next[0]), wibble, u[n - 1]);
}

// Row 2i of the finer grid: corners and, between them, diamonds.
MISFIRE_VECTOR_CLONES void corner_row(const double* corner, const double* centre, const double* centre_above,
                                      std::size_t n, double wibble, const float* u, double* out) {
    for (std::size_t j = 0; j + 1 < n; ++j) {
        out[2 * j] = corner[j];
        out[2 * j + 1] = wibbled((centre[j] + centre_above[j]) + (corner[j] + corner[j + 1]), wibble, u[j]);
    }
    out[2 * n - 2] = corner[n - 1];
    out[2 * n - 1] = wibbled((centre[n - 1] + centre_above[n - 1]) + (corner[n - 1] + corner[0]), wibble, u[n - 1]);
}

// Row 2i + 1: diamonds on the columns of the corners and, between them, the square centres.
MISFIRE_VECTOR_CLONES void centre_row(const double* corner, const double* next, const double* centre, std::size_t n,
                                      double wibble, const float* u, double* out) {
    out[0] = wibbled((centre[0] + centre[n - 1]) + (corner[0] + next[0]), wibble, u[0]);
    out[1] = centre[0];
    for (std::size_t j = 1; j < n; ++j) {
        out[2 * j] = wibbled((centre[j] + centre[j - 1]) + (corner[j] + next[j]), wibble, u[j]);
        out[2 * j + 1] = centre[j];
    }
}

MISFIRE_VECTOR_CLONES void extremes(const double* x, std::size_t count, double& low, double& high) {
    constexpr std::size_t lanes = 16;
    double lows[lanes], highs[lanes];
    for (std::size_t l = 0; l < lanes; ++l) lows[l] = highs[l] = x[0];
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes) {
        for (std::size_t l = 0; l < lanes; ++l) {
            lows[l] = x[i + l] < lows[l] ? x[i + l] : lows[l];
            highs[l] = x[i + l] > highs[l] ? x[i + l] : highs[l];
        }
    }
    for (; i < count; ++i) {
        lows[0] = std::min(lows[0], x[i]);
        highs[0] = std::max(highs[0], x[i]);
    }
    low = *std::min_element(lows, lows + lanes);
    high = *std::max_element(highs, highs + lanes);
}

// Doubles the resolution of an n x n grid; `u` holds the 3 n^2 draws of this level.
void refine(const double* grid, std::size_t n, double wibble, const float* u, double* centres, double* out) {
    for (std::size_t i = 0; i < n; ++i) {
        centres_row(grid + i * n, grid + (i + 1) % n * n, n, wibble, u + i * n, centres + i * n);
    }
    const float* row_draws = u + n * n;
    const float* column_draws = u + 2 * n * n;
    for (std::size_t i = 0; i < n; ++i) {
        const double* corner = grid + i * n;
        corner_row(corner, centres + i * n, centres + (i + n - 1) % n * n, n, wibble, row_draws + i * n,
                   out + 4 * i * n);
        centre_row(corner, grid + (i + 1) % n * n, centres + i * n, n, wibble, column_draws + i * n,
                   out + (4 * i + 2) * n);
    }
}

}  // namespace

Plasma plasma_fractal(int side, double wibble_decay, const Random& random, std::uint32_t stream,
                      std::vector<double>& grid, std::vector<double>& other, std::vector<double>& centres,
                      std::vector<float>& uniform) {
    const auto count = static_cast<std::size_t>(side) * static_cast<std::size_t>(side);
    grid.resize(count);
    other.resize(count);
    centres.resize(count / 4);
    uniform.resize(count - 1);
    random.uniform(uniform, stream);
    std::vector<double>* from = &grid;
    std::vector<double>* to = &other;
    std::size_t drawn = 0;
    (*from)[0] = 0.0;
    double wibble = 100.0;
    for (std::size_t n = 1; n < static_cast<std::size_t>(side); n *= 2) {
        refine(from->data(), n, wibble, uniform.data() + drawn, centres.data(), to->data());
        std::swap(from, to);
        drawn += 3 * n * n;
        wibble /= wibble_decay;
    }
    Plasma plasma{side, from, 0.0, 0.0};
    extremes(from->data(), count, plasma.low, plasma.high);
    return plasma;
}

}  // namespace misfire
