#include "results/monitors/isotonic_regression.h"

#include <algorithm>
#include <numeric>

namespace misfire::monitors {

void IsotonicRegression::fit(std::span<const double> x, std::span<const double> y) {
    std::vector<std::size_t> order(x.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return x[a] < x[b]; });
    struct Block {
        double sum, weight;
        std::size_t points;  // distinct x
        double mean() const { return sum / weight; }
    };
    std::vector<Block> blocks;
    x_.clear();
    for (std::size_t i = 0; i < order.size();) {
        Block block{0.0, 0.0, 1};
        const double at = x[order[i]];
        for (; i < order.size() && x[order[i]] == at; ++i) {
            block.sum += y[order[i]];
            block.weight += 1.0;
        }
        x_.push_back(at);
        while (!blocks.empty() && blocks.back().mean() >= block.mean()) {
            block.sum += blocks.back().sum;
            block.weight += blocks.back().weight;
            block.points += blocks.back().points;
            blocks.pop_back();
        }
        blocks.push_back(block);
    }
    y_.clear();
    for (const Block& block : blocks) y_.insert(y_.end(), block.points, block.mean());
}

double IsotonicRegression::at(double x) const {
    const auto above = static_cast<std::size_t>(std::lower_bound(x_.begin(), x_.end(), x) - x_.begin());
    if (above == x_.size()) return y_.back();
    if (above == 0 || x_[above] == x) return y_[above];
    const double part = (x - x_[above - 1]) / (x_[above] - x_[above - 1]);
    return y_[above - 1] + part * (y_[above] - y_[above - 1]);
}

}  // namespace misfire::monitors
