#include "models/scores/neighbours.h"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <limits>

namespace misfire {

namespace {

using Columns = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic>;

constexpr std::size_t queries_at_once = 64;
constexpr std::size_t rows_at_once = 1024;  // products of one block stay in the cache: 256 KiB

double norm_of(std::span<const float> vector) {
    double sum = 0.0;
    for (const float value : vector) sum += static_cast<double>(value) * static_cast<double>(value);
    return std::sqrt(sum);
}

// The rows that may be among the k best of one query.
class Candidates {
  public:
    Candidates(std::size_t k, float margin) : k_(k), margin_(margin), room_(4 * k + 64) { found_.reserve(room_); }

    void take(std::span<const float> values, std::span<const float> offsets, std::size_t first_row) {
        for (std::size_t i = 0; i < values.size(); ++i) {
            const float value = offsets.empty() ? values[i] : values[i] + offsets[i];
            if (value < least_) continue;
            found_.push_back({value, first_row + i});
            if (found_.size() >= room_) prune();
        }
    }

    std::vector<std::size_t> rows() {
        prune();
        std::vector<std::size_t> rows;
        for (const Found& one : found_) rows.push_back(one.row);
        return rows;
    }

  private:
    struct Found {
        float value;
        std::size_t row;
    };

    // Both the k-th best and a row that may beat it are known to half the margin.
    void prune() {
        if (found_.size() <= k_) return;
        std::nth_element(found_.begin(), found_.begin() + static_cast<std::ptrdiff_t>(k_ - 1), found_.end(),
                         [](const Found& a, const Found& b) { return a.value > b.value; });
        least_ = std::max(least_, found_[k_ - 1].value - margin_);
        std::erase_if(found_, [this](const Found& one) { return one.value < least_; });
        room_ = std::max(room_, 2 * found_.size());  // many alike: do not look again at each one
    }

    std::size_t k_;
    float margin_;
    std::size_t room_;
    float least_ = -std::numeric_limits<float>::infinity();
    std::vector<Found> found_;
};

}  // namespace

NeighbourBank::NeighbourBank(std::vector<float> vectors, std::size_t depth, std::vector<double> offsets)
    : vectors_(std::move(vectors)), offsets_(std::move(offsets)), depth_(depth) {
    for (std::size_t r = 0; r < size(); ++r)
        longest_ = std::max(longest_, norm_of(std::span<const float>(vectors_).subspan(r * depth_, depth_)));
    for (const double offset : offsets_) {
        rounded_offsets_.push_back(static_cast<float>(offset));
        largest_offset_ = std::max(largest_offset_, std::abs(offset));
    }
}

std::vector<double> NeighbourBank::largest(std::span<const float> queries, std::size_t k) const {
    const std::size_t count = queries.size() / depth_;
    std::vector<double> out(count * k);
    Columns products;
    std::vector<double> exact;
    for (std::size_t first = 0; first < count; first += queries_at_once) {
        const std::size_t some = std::min(queries_at_once, count - first);
        const Eigen::Map<const Columns> asked(queries.data() + first * depth_, static_cast<Eigen::Index>(depth_),
                                              static_cast<Eigen::Index>(some));
        std::vector<Candidates> candidates;
        for (std::size_t q = 0; q < some; ++q) {
            // Error of a sum of n products in any order: n * 2^-24 |a||b|; twice, and once more for the offset.
            const double scale = norm_of(queries.subspan((first + q) * depth_, depth_)) * longest_ + largest_offset_;
            const double error =
                static_cast<double>(depth_ + 4) * static_cast<double>(std::numeric_limits<float>::epsilon());
            candidates.emplace_back(k, static_cast<float>(2.0 * error * scale));
        }
        for (std::size_t row = 0; row < size(); row += rows_at_once) {
            const std::size_t rows = std::min(rows_at_once, size() - row);
            const Eigen::Map<const Columns> bank(vectors_.data() + row * depth_, static_cast<Eigen::Index>(depth_),
                                                 static_cast<Eigen::Index>(rows));
            products.noalias() = bank.transpose() * asked;
            for (std::size_t q = 0; q < some; ++q) {
                candidates[q].take({products.col(static_cast<Eigen::Index>(q)).data(), rows},
                                   offsets_.empty() ? std::span<const float>()
                                                    : std::span<const float>(rounded_offsets_).subspan(row, rows),
                                   row);
            }
        }
        for (std::size_t q = 0; q < some; ++q) {
            exact.clear();
            const float* query = queries.data() + (first + q) * depth_;
            for (const std::size_t row : candidates[q].rows()) {
                double sum = offsets_.empty() ? 0.0 : offsets_[row];
                for (std::size_t d = 0; d < depth_; ++d)
                    sum += static_cast<double>(query[d]) * static_cast<double>(vectors_[row * depth_ + d]);
                exact.push_back(sum);
            }
            std::partial_sort(exact.begin(), exact.begin() + static_cast<std::ptrdiff_t>(k), exact.end(),
                              std::greater<>());
            std::copy_n(exact.begin(), k, out.begin() + static_cast<std::ptrdiff_t>((first + q) * k));
        }
    }
    return out;
}

}  // namespace misfire
