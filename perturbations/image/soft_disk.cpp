#include "perturbations/image/soft_disk.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <utility>

#include "core/vector_clones.h"

namespace misfire {

namespace {

// A tile is a strip of the image, this many values wide: its rows of running sums stay in the nearest cache.
constexpr std::size_t lanes = 256;
constexpr std::size_t most_soft = 2;                     // px
constexpr std::size_t rim = most_soft * 3;               // values on either side that softening reads
constexpr std::size_t tile = (lanes - 2 * rim) / 4 * 4;  // values

// `in` with `margin` reflected pixels on every side, and above each of its rows the sum of the rows before, modulo
// 2^16.
struct Padded {
    std::size_t margin;
    std::size_t pitch;
    const std::uint8_t* values;
    const std::uint16_t* running;
};

std::size_t reflect_101(int i, int size) {
    while (i < 0 || i >= size) i = i < 0 ? -i : 2 * (size - 1) - i;
    return static_cast<std::size_t>(i);
}

MISFIRE_VECTOR_CLONES void add_row(const std::uint16_t* before, const std::uint8_t* row, std::uint16_t* after,
                                   std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) after[i] = static_cast<std::uint16_t>(before[i] + row[i]);
}

Padded pad(const Image& in, int margin, std::vector<std::uint8_t>& values, std::vector<std::uint16_t>& running) {
    const auto step = static_cast<std::size_t>(in.channels);
    const auto width = static_cast<std::size_t>(in.width);
    const auto border = static_cast<std::size_t>(margin);
    const std::size_t pitch = (width + 2 * border) * step;
    const std::size_t rows = static_cast<std::size_t>(in.height) + 2 * border;
    values.resize(rows * pitch + lanes);
    running.resize((rows + 1) * pitch + lanes);
    std::fill_n(running.begin(), pitch, std::uint16_t{0});
    for (std::size_t y = 0; y < rows; ++y) {
        const std::size_t source = reflect_101(static_cast<int>(y) - margin, in.height);
        std::uint8_t* line = values.data() + y * pitch;
        const std::uint8_t* from = in.pixels.data() + source * width * step;
        std::copy_n(from, width * step, line + border * step);
        for (std::size_t k = 1; k <= border; ++k) {
            const std::size_t left = reflect_101(-static_cast<int>(k), in.width);
            const std::size_t right = reflect_101(in.width - 1 + static_cast<int>(k), in.width);
            for (std::size_t c = 0; c < step; ++c) {
                line[(border - k) * step + c] = from[left * step + c];
                line[(border + width - 1 + k) * step + c] = from[right * step + c];
            }
        }
        add_row(running.data() + y * pitch, line, running.data() + (y + 1) * pitch, pitch);
    }
    return {border, pitch, values.data(), running.data()};
}

// A column of a disk: the difference of two running sums.
struct Column {
    std::ptrdiff_t before;  // offsets from the pixel's own place
    std::ptrdiff_t after;
};

struct Source {
    std::ptrdiff_t offset;
    float weight;
    double exact_weight;
};

// A disk for one shape of the padded image.
struct Disk {
    std::vector<Column> columns;
    std::size_t at_once = 1;  // columns whose sum fits into 16 bits
    std::size_t reach = 0;    // px of softening
    float down[most_soft + 1] = {};
    float across[most_soft + 1] = {};  // with the weight of the disk
};

Disk disk_for(const SoftDisk& soft, const Padded& padded, std::size_t step) {
    Disk disk;
    const int radius = static_cast<int>(soft.half_height.size() / 2);
    int highest = 0;
    for (int dx = -radius; dx <= radius; ++dx) {
        const int half = soft.half_height[static_cast<std::size_t>(dx + radius)];
        const auto pitch = static_cast<std::ptrdiff_t>(padded.pitch);
        const auto column = static_cast<std::ptrdiff_t>(dx) * static_cast<std::ptrdiff_t>(step);
        disk.columns.push_back({column - half * pitch, column + (half + 1) * pitch});
        highest = std::max(highest, 2 * half + 1);
    }
    disk.at_once = static_cast<std::size_t>(std::max(1, 65535 / (255 * highest)));
    disk.reach = soft.soft.size() - 1;
    for (std::size_t i = 0; i < soft.soft.size(); ++i) {
        disk.down[i] = static_cast<float>(soft.soft[i]);
        disk.across[i] = static_cast<float>(soft.soft[i] * soft.weight);
    }
    return disk;
}

// A row of the disk of ones.
MISFIRE_VECTOR_CLONES void sum_columns(const std::uint16_t* running, const Column* columns, std::size_t count,
                                       std::size_t at_once, float* out) {
    using Words = std::uint16_t __attribute__((vector_size(64)));
    constexpr std::size_t registers = 4, wide = sizeof(Words) / sizeof(std::uint16_t), block = registers * wide;
    for (std::size_t first = 0; first < lanes; first += block) {
        for (std::size_t c = 0; c < count; c += at_once) {
            Words sum[registers] = {};
            const std::size_t end = c + at_once < count ? c + at_once : count;
            for (std::size_t k = c; k < end; ++k) {
                const std::uint16_t* before = running + columns[k].before + first;
                const std::uint16_t* after = running + columns[k].after + first;
                for (std::size_t v = 0; v < registers; ++v) {
                    Words from, to;
                    __builtin_memcpy(&from, before + v * wide, sizeof from);
                    __builtin_memcpy(&to, after + v * wide, sizeof to);
                    sum[v] += to - from;
                }
            }
            std::uint16_t values[block];
            for (std::size_t v = 0; v < registers; ++v) __builtin_memcpy(values + v * wide, &sum[v], sizeof(Words));
            if (c == 0) {
                for (std::size_t i = 0; i < block; ++i)
                    out[first + i] = static_cast<float>(static_cast<int>(values[i]));
            } else {
                for (std::size_t i = 0; i < block; ++i)
                    out[first + i] += static_cast<float>(static_cast<int>(values[i]));
            }
        }
    }
}

// Softens rows -reach..reach of sums, of which row 0 is rows[reach], and adds them to `sum`.
MISFIRE_VECTOR_CLONES void soften(const float* const* rows, const Disk& disk, std::size_t step, float* sum) {
    const std::size_t reach = disk.reach;
    float column[lanes];
    const float* centre = rows[reach];
    for (std::size_t k = 0; k < lanes; ++k) column[k] = disk.down[0] * centre[k];
    for (std::size_t i = 1; i <= reach; ++i) {
        const float* above = rows[reach - i];
        const float* below = rows[reach + i];
        for (std::size_t k = 0; k < lanes; ++k) column[k] += disk.down[i] * (above[k] + below[k]);
    }
    for (std::size_t k = 0; k < tile; ++k) sum[k] += disk.across[0] * column[k + rim];
    for (std::size_t i = 1; i <= reach; ++i) {
        for (std::size_t k = 0; k < tile; ++k)
            sum[k] += disk.across[i] * (column[k + rim - i * step] + column[k + rim + i * step]);
    }
}

MISFIRE_VECTOR_CLONES void add_taps(const std::uint8_t* in, const Source* sources, std::size_t taps, float* sum) {
    for (std::size_t t = 0; t < taps; ++t) {
        const std::uint8_t* from = in + sources[t].offset;
        for (std::size_t k = 0; k < tile; ++k) sum[k] += sources[t].weight * static_cast<float>(from[k]);
    }
}

// Whether the truncation hangs on rounding errors. A sum of nothing but black is exact.
[[gnu::always_inline]] inline bool in_doubt(float value, float doubt) {
    const float beyond = value - static_cast<float>(static_cast<int>(value));
    return (value < 255.5F) & (value != 0.0F) & ((beyond < doubt) | (beyond > 1.0F - doubt));
}

// Truncates, and counts the values in doubt.
MISFIRE_VECTOR_CLONES int cut(const float* sum, float doubt, std::uint8_t* out, std::size_t count) {
    int doubts = 0;
    for (std::size_t k = 0; k < count; ++k) {
        const float clipped = sum[k] < 0.0F ? 0.0F : (sum[k] > 255.0F ? 255.0F : sum[k]);
        out[k] = static_cast<std::uint8_t>(static_cast<int>(clipped));
        doubts += in_doubt(sum[k], doubt) ? 1 : 0;
    }
    return doubts;
}

// Reads up to 31 values beyond the last.
MISFIRE_VECTOR_CLONES void sum_exactly(const std::uint8_t* in, const Source* sources, std::size_t taps,
                                       std::uint8_t* out, std::size_t count) {
    using Bytes = std::uint8_t __attribute__((vector_size(8)));
    using Words = std::uint16_t __attribute__((vector_size(16)));
    using Integers = std::int32_t __attribute__((vector_size(32)));
    using Doubles = double __attribute__((vector_size(64)));
    constexpr std::size_t registers = 4, block = registers * sizeof(Bytes);
    for (std::size_t first = 0; first < count; first += block) {
        Doubles sum[registers] = {};
        for (std::size_t t = 0; t < taps; ++t) {
            Bytes values[registers];
            __builtin_memcpy(values, in + first + sources[t].offset, sizeof values);
            for (std::size_t v = 0; v < registers; ++v) {
                const Words words = __builtin_convertvector(values[v], Words);  // GCC 12 takes no longer step at once
                const Integers integers = __builtin_convertvector(words, Integers);
                sum[v] += sources[t].exact_weight * __builtin_convertvector(integers, Doubles);
            }
        }
        double sums[block];
        __builtin_memcpy(sums, sum, sizeof sums);
        for (std::size_t k = 0; k < std::min(block, count - first); ++k) {
            out[first + k] = static_cast<std::uint8_t>(static_cast<int>(std::min(std::max(sums[k], 0.0), 255.0)));
        }
    }
}

std::vector<Source> sources_of(const std::vector<KernelTap>& taps, const Padded& padded, int channels) {
    std::vector<Source> sources;
    for (const KernelTap& tap : taps) {
        const auto offset = tap.dy * static_cast<std::ptrdiff_t>(padded.pitch) + tap.dx * channels;
        sources.push_back({offset, static_cast<float>(tap.weight), tap.weight});
    }
    return sources;
}

// One strip: the rows of each disk pass through a ring of 2 reach + 1 of them.
class Strip {
  public:
    Strip(const Image& in, const SoftDisks& kernel, const Padded& padded, Scratch& scratch)
        : height_(in.height),
          step_(static_cast<std::size_t>(in.channels)),
          padded_(padded),
          exactly_(kernel.exactly),
          doubt_(kernel.doubt),
          exact_(sources_of(kernel.taps, padded, in.channels)),
          left_over_(sources_of(kernel.left_over, padded, in.channels)) {
        for (const SoftDisk& disk : kernel.disks) disks_.push_back(disk_for(disk, padded, step_));
        scratch.floats[0].resize(disks_.size() * ring * lanes);
        rows_ = scratch.floats[0].data();
    }

    // Values first.. of every row of `out`, whose rows are `stride` apart.
    void run(std::size_t first, std::size_t count, std::uint8_t* out, std::size_t stride) {
        first_ = first;
        for (std::size_t d = 0; d < disks_.size(); ++d) {
            const auto reach = static_cast<int>(disks_[d].reach);
            for (int y = -reach; y < reach; ++y) sum_row(d, y);
        }
        for (int y = 0; y < height_; ++y) {
            const std::uint8_t* from = padded_.values + place(y);
            float sum[tile] = {};
            add_taps(from, left_over_.data(), left_over_.size(), sum);  // first, while the sum's rounding is fine
            for (std::size_t d = 0; d < disks_.size(); ++d) {
                const auto reach = static_cast<int>(disks_[d].reach);
                sum_row(d, y + reach);
                const float* rows[2 * most_soft + 1];
                for (int i = -reach; i <= reach; ++i) rows[i + reach] = row(d, y + i);
                soften(rows, disks_[d], step_, sum);
            }
            decide(from, sum, out + static_cast<std::size_t>(y) * stride + first, count);
        }
    }

  private:
    static constexpr std::size_t ring = 2 * most_soft + 1;

    std::size_t place(int y) const {
        return (static_cast<std::size_t>(static_cast<int>(padded_.margin) + y)) * padded_.pitch +
               padded_.margin * step_ + first_;
    }

    float* row(std::size_t disk, int y) {
        return rows_ + (disk * ring + static_cast<std::size_t>(y + static_cast<int>(ring)) % ring) * lanes;
    }

    void sum_row(std::size_t d, int y) {
        sum_columns(padded_.running + place(y) - rim, disks_[d].columns.data(), disks_[d].columns.size(),
                    disks_[d].at_once, row(d, y));
    }

    std::uint8_t exact_value(const std::uint8_t* from) const {
        double sum = 0.0;
        for (const Source& source : exact_) sum += source.exact_weight * static_cast<double>(from[source.offset]);
        return static_cast<std::uint8_t>(static_cast<int>(std::min(std::max(sum, 0.0), 255.0)));
    }

    void decide(const std::uint8_t* from, const float* sum, std::uint8_t* out, std::size_t count) const {
        const int doubts = cut(sum, doubt_, out, count);
        if (!exactly_) return;
        if (doubts * 16 > static_cast<int>(count)) {
            sum_exactly(from, exact_.data(), exact_.size(), out, count);
        } else if (doubts > 0) {
            for (std::size_t k = 0; k < count; ++k) {
                if (in_doubt(sum[k], doubt_)) out[k] = exact_value(from + k);
            }
        }
    }

    int height_;
    std::size_t step_;
    Padded padded_;
    bool exactly_;
    float doubt_;
    std::vector<Disk> disks_;
    std::vector<Source> exact_, left_over_;
    std::size_t first_ = 0;
    float* rows_;
};

}  // namespace

SoftDisks soft_disks(std::vector<KernelTap> taps, std::vector<SoftDisk> disks, bool exactly) {
    std::map<std::pair<int, int>, double> rest;  // by row and column
    double largest = 0.0;
    for (const KernelTap& tap : taps) {
        rest[{tap.dy, tap.dx}] += tap.weight;
        largest = std::max(largest, tap.weight);
    }
    for (const SoftDisk& disk : disks) {
        const int radius = static_cast<int>(disk.half_height.size() / 2),
                  reach = static_cast<int>(disk.soft.size()) - 1;
        for (int dx = -radius; dx <= radius; ++dx) {
            const int half = disk.half_height[static_cast<std::size_t>(dx + radius)];
            for (int dy = -half; dy <= half; ++dy) {
                for (int v = -reach; v <= reach; ++v) {
                    for (int h = -reach; h <= reach; ++h) {
                        rest[{dy + v, dx + h}] -= disk.weight * disk.soft[static_cast<std::size_t>(std::abs(v))] *
                                                  disk.soft[static_cast<std::size_t>(std::abs(h))];
                    }
                }
            }
        }
    }
    std::vector<KernelTap> left_over;
    double left_out = 0.0;
    for (const auto& [place, weight] : rest) {
        if (std::abs(weight) > 1e-6 * largest) {
            left_over.push_back({place.second, place.first, weight});
        } else {
            left_out += std::abs(weight);
        }
    }
    constexpr double rounding = 1e-4;  // six times on the way, each by less than 255 * 2^-24
    const auto doubt = static_cast<float>(rounding + 255.0 * left_out);
    return {std::move(taps), std::move(disks), std::move(left_over), exactly, doubt};
}

void correlate_soft_disks(const Image& in, const SoftDisks& kernel, Image& out, Scratch& scratch) {
    int reach = 0;
    for (const KernelTap& tap : kernel.taps) reach = std::max({reach, std::abs(tap.dx), std::abs(tap.dy)});
    for (const KernelTap& tap : kernel.left_over) reach = std::max({reach, std::abs(tap.dx), std::abs(tap.dy)});
    const Padded padded = pad(in, reach + static_cast<int>(most_soft), scratch.bytes[0], scratch.words);
    Strip strip(in, kernel, padded, scratch);
    const std::size_t stride = static_cast<std::size_t>(in.width) * static_cast<std::size_t>(in.channels);
    for (std::size_t first = 0; first < stride; first += tile)
        strip.run(first, std::min(tile, stride - first), out.pixels.data(), stride);
}

}  // namespace misfire
