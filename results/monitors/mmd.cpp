#include <algorithm>
#include <numeric>

#include "core/random.h"
#include "core/vector_clones.h"
#include "results/monitors/batch.h"

namespace misfire::monitors {

namespace {

MonitorInfo mmd_info() {
    return {
        .name = "mmd",
        .summary = "maximum mean discrepancy of whole rows, by permutations",
        .kind = MonitorKind::batch,
        .input = MonitorInput::rows,
        .reference = MonitorReference::required,
        .warns = false,
        .parameters = {between("alpha", "false alarms among unchanged samples that are accepted", "0.05", 0, 1),
                       whole("permutations", "of the pooled rows", "100", 19, 100000),
                       between("sigma", "width of the Gaussian kernel; auto: sqrt(median squared distance / 2)", "auto",
                               0),
                       word(
                           "median",
                           "distances behind sigma=auto: within the reference (alibi-detect) or within the pooled rows "
                           "(evidently)",
                           "reference", {"reference", "pooled"}),
                       seed_parameter("the permutations")},
        .guarantee =
            "p = (1 + permutations at least as far) / (1 + permutations): for exchangeable rows the chance of a "
            "false alarm is at most alpha",
        .source =
            "Gretton and others, A kernel two-sample test, JMLR 13, 2012; alibi-detect MMDDrift, whose p lacks the 1"};
}

constexpr std::size_t lanes = 8;  // permutations that the kernel below takes at once
constexpr std::size_t tile = 8;   // rows

// Squared distances of a point from the first `count` points; the points stand column by column, `stride` apart.
MISFIRE_VECTOR_CLONES
void squared_distances(const double* points, std::size_t stride, std::size_t columns, std::size_t from,
                       std::size_t count, double* out) {
    std::fill(out, out + count, 0.0);
    for (std::size_t c = 0; c < columns; ++c) {
        const double* column = points + c * stride;
        const double x = column[from];
        for (std::size_t j = 0; j < count; ++j) out[j] += (x - column[j]) * (x - column[j]);
    }
}

// sums[r][l] += sum over j of kernel[r][j] member[j][l] for `tile` rows and `lanes` permutations.
MISFIRE_VECTOR_CLONES
void multiply(const double* kernel, std::size_t kernel_stride, const double* member, std::size_t count, double* sums) {
    double held[tile * lanes];
    std::copy(sums, sums + tile * lanes, held);
    for (std::size_t j = 0; j < count; ++j) {
        const double* row = member + j * lanes;
        for (std::size_t r = 0; r < tile; ++r) {
            const double k = kernel[r * kernel_stride + j];
            for (std::size_t l = 0; l < lanes; ++l) held[r * lanes + l] += k * row[l];
        }
    }
    std::copy(held, held + tile * lanes, sums);
}

// Points column by column.
struct Points {
    std::vector<double> values;
    std::size_t count = 0;
    std::size_t columns = 0;
};

Points points_of(const MonitorRows& a, const MonitorRows& b) {
    Points points{std::vector<double>((a.rows + b.rows) * a.columns), a.rows + b.rows, a.columns};
    for (std::size_t r = 0; r < points.count; ++r) {
        const auto row = r < a.rows ? a.row(r) : b.row(r - a.rows);
        for (std::size_t c = 0; c < points.columns; ++c) points.values[c * points.count + r] = row[c];
    }
    return points;
}

// Lower median of the squared distances of all pairs among the first `count` points; one order statistic.
double median_squared_distance(const Points& points) {
    std::vector<double> all(points.count * (points.count - 1) / 2);
    std::size_t at = 0;
    for (std::size_t i = 1; i < points.count; at += i, ++i)
        squared_distances(points.values.data(), points.count, points.columns, i, i, all.data() + at);
    const auto middle = all.begin() + static_cast<std::ptrdiff_t>((all.size() - 1) / 2);
    std::nth_element(all.begin(), middle, all.end());
    return *middle;
}

// Relabellings of the pooled rows: 1 where a row plays the reference. Relabelling 0 is what was seen. They stand in
// blocks of `lanes`, row after row, as multiply() reads them.
class Labels {
  public:
    Labels(std::size_t reference, std::size_t pooled, std::size_t permutations, const Random& random)
        : rows_(pooled), blocks_((permutations + lanes) / lanes), values_(blocks_ * pooled * lanes, 0.0) {
        std::vector<std::uint32_t> order(pooled);
        std::iota(order.begin(), order.end(), 0U);
        std::vector<float> uniforms(reference);
        for (std::size_t i = 0; i < reference; ++i) place(i, 0) = 1.0;
        for (std::size_t b = 1; b <= permutations; ++b) {
            random.uniform(uniforms, static_cast<std::uint32_t>(b));
            for (std::size_t i = 0; i < reference; ++i) {
                const auto span = static_cast<double>(pooled - i);
                std::swap(order[i], order[i + static_cast<std::size_t>(static_cast<double>(uniforms[i]) * span)]);
                place(order[i], b) = 1.0;
            }
        }
    }
    std::size_t blocks() const { return blocks_; }
    const double* row(std::size_t block, std::size_t i) const { return values_.data() + (block * rows_ + i) * lanes; }

  private:
    double& place(std::size_t i, std::size_t b) { return values_[((b / lanes) * rows_ + i) * lanes + b % lanes]; }

    std::size_t rows_, blocks_;
    std::vector<double> values_;
};

// Sums of the kernel over pairs i > j, never held as a whole matrix.
struct KernelSums {
    std::vector<double> within;  // per labelling: both rows play the reference
    std::vector<double> of_row;  // per row: with all others
};

// Adds the pairs of rows first .. first + count - 1 with all rows before them.
void add_products(const double* kernel, std::size_t first, std::size_t count, std::size_t n, const Labels& labels,
                  std::vector<double>& within) {
    constexpr std::size_t strip = 256;  // columns of the kernel that stay in the first cache
    const std::size_t width = first + count;
    std::vector<double> products(labels.blocks() * tile * lanes, 0.0);
    for (std::size_t j = 0; j < width; j += strip) {
        for (std::size_t block = 0; block < labels.blocks(); ++block)
            multiply(kernel + j, n, labels.row(block, j), std::min(strip, width - j),
                     products.data() + block * tile * lanes);
    }
    for (std::size_t block = 0; block < labels.blocks(); ++block) {
        for (std::size_t r = 0; r < count; ++r) {
            for (std::size_t l = 0; l < lanes; ++l)
                within[block * lanes + l] += labels.row(block, first + r)[l] * products[(block * tile + r) * lanes + l];
        }
    }
}

KernelSums kernel_sums(const Points& points, double sigma, const Labels& labels) {
    const std::size_t n = points.count;
    KernelSums sums{std::vector<double>(labels.blocks() * lanes, 0.0), std::vector<double>(n, 0.0)};
    std::vector<double> kernel(tile * n);
    const double factor = -1.0 / (2.0 * sigma * sigma);
    for (std::size_t first = 0; first < n; first += tile) {
        const std::size_t rows = std::min(tile, n - first);
        std::fill(kernel.begin(), kernel.end(), 0.0);
        for (std::size_t r = 0; r < rows; ++r) {
            const std::size_t i = first + r;
            double* row = kernel.data() + r * n;
            squared_distances(points.values.data(), n, points.columns, i, i, row);
            for (std::size_t j = 0; j < i; ++j) {
                row[j] = std::exp(factor * row[j]);
                sums.of_row[j] += row[j];
                sums.of_row[i] += row[j];
            }
        }
        add_products(kernel.data(), first, rows, n, labels, sums.within);
    }
    return sums;
}

class Mmd : public BatchMonitor {
  public:
    explicit Mmd(const MonitorSettings& settings) : settings_(settings) {}

    void fit(const MonitorRows& reference) override {
        check_rows(reference, "mmd", "reference", 3);
        reference_.assign(reference.values.begin(), reference.values.end());
        columns_ = reference.columns;
        sigma_ = settings_.number("sigma");
        if (std::isnan(sigma_) && settings_.word("median") == "reference")
            sigma_ = sigma_of(points_of(reference, {{}, 0, columns_}));
    }

    BatchResult test(const MonitorRows& current) const override {
        if (columns_ == 0) refuse_unfitted("mmd");
        check_rows(current, "mmd", "current sample", 2, columns_);
        const MonitorRows reference{reference_, reference_.size() / columns_, columns_};
        const Points points = points_of(reference, current);
        const double sigma = std::isnan(sigma_) ? sigma_of(points) : sigma_;
        const std::size_t permutations = settings_.whole("permutations");
        const Random random(KeyHash().add("mmd").add(static_cast<std::uint64_t>(settings_.number("seed"))).value());
        const Labels labels(reference.rows, points.count, permutations, random);
        return verdict(
            statistics(kernel_sums(points, sigma, labels), labels, reference.rows, current.rows, permutations));
    }

  private:
    static double sigma_of(const Points& points) {
        const double median = median_squared_distance(points);
        if (median > 0.0) return std::sqrt(0.5 * median);
        throw DataError(
            "Half of the rows that monitor mmd takes its kernel width from are equal. Give mmd:sigma=<width>.");
    }

    // Unbiased squared MMD under each labelling.
    static std::vector<double> statistics(const KernelSums& sums, const Labels& labels, std::size_t reference,
                                          std::size_t current, std::size_t permutations) {
        const auto n = static_cast<double>(reference);
        const auto m = static_cast<double>(current);
        std::vector<double> touching(labels.blocks() * lanes, 0.0);
        double all = 0.0;
        for (std::size_t i = 0; i < sums.of_row.size(); ++i) {
            all += sums.of_row[i];
            for (std::size_t b = 0; b < touching.size(); ++b)
                touching[b] += labels.row(b / lanes, i)[b % lanes] * sums.of_row[i];
        }
        std::vector<double> out;
        for (std::size_t b = 0; b <= permutations; ++b) {
            const double within = 2.0 * sums.within[b];
            const double between_both = touching[b] - within;
            const double others = all - within - 2.0 * between_both;
            out.push_back(within / (n * (n - 1.0)) + others / (m * (m - 1.0)) - 2.0 * between_both / (n * m));
        }
        return out;
    }

    BatchResult verdict(std::vector<double> statistics) const {
        BatchResult result;
        result.statistic = statistics.front();
        // Equal up to rounding counts as equal, whatever the order of the sums.
        const double limit = result.statistic - 1e-12;
        const auto as_far =
            std::count_if(statistics.begin() + 1, statistics.end(), [&](double s) { return s >= limit; });
        result.p_value = static_cast<double>(1 + as_far) / static_cast<double>(statistics.size());
        result.threshold = settings_.number("alpha");
        result.alarm = result.p_value <= result.threshold;
        return result;
    }

    MonitorSettings settings_;
    std::vector<double> reference_;
    std::size_t columns_ = 0;
    double sigma_ = std::numeric_limits<double>::quiet_NaN();
};

std::unique_ptr<BatchMonitor> make(const MonitorSettings& settings) { return std::make_unique<Mmd>(settings); }

}  // namespace

const MonitorEntry& mmd() {
    static const MonitorEntry entry{mmd_info(), nullptr, make, nullptr};
    return entry;
}

}  // namespace misfire::monitors
