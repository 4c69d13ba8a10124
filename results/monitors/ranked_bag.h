// Numbers of which one asks how many are smaller than, and equal to, a new one. Sorted blocks of bounded length: adding
// and asking cost one search and a short move, also for millions.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace misfire::monitors {

class RankedBag {
  public:
    struct Rank {
        std::size_t less = 0;   // values in the bag that are smaller
        std::size_t equal = 0;  // and equal, the new one among them
    };

    std::size_t size() const { return size_; }
    void clear() {
        blocks_.clear();
        highest_.clear();
        sizes_.clear();
        size_ = 0;
    }

    Rank add(double value) {
        ++size_;
        if (blocks_.empty()) {
            blocks_.emplace_back(1, value);
            highest_.push_back(value);
            sizes_.push_back(1);
            return {0, 1};
        }
        // The first block that reaches the value; beyond all of them the last one.
        const auto reaching = std::lower_bound(highest_.begin(), highest_.end(), value) - highest_.begin();
        const std::size_t b = std::min(static_cast<std::size_t>(reaching), blocks_.size() - 1);
        std::vector<double>& block = blocks_[b];
        const auto place = std::lower_bound(block.begin(), block.end(), value);
        const std::size_t less = before(b) + static_cast<std::size_t>(place - block.begin());
        const bool again = place != block.end() && *place == value;
        block.insert(place, value);
        highest_[b] = block.back();
        const Rank rank{less, again ? up_to(value, b) - less : 1};
        if (++sizes_[b] == longest) split(b);
        return rank;
    }

  private:
    static constexpr std::uint32_t longest = 1024;

    std::size_t before(std::size_t block) const {
        std::uint32_t sum = 0;
        for (std::size_t i = 0; i < block; ++i) sum += sizes_[i];
        return sum;
    }

    // Values up to this one, which has just been added to `added` (whose size does not say so yet).
    std::size_t up_to(double value, std::size_t added) const {
        const auto beyond = std::upper_bound(highest_.begin(), highest_.end(), value) - highest_.begin();
        const auto b = static_cast<std::size_t>(beyond);
        std::size_t count = before(b) + (added < b ? 1 : 0);
        if (b == blocks_.size()) return count;
        const auto& block = blocks_[b];
        return count + static_cast<std::size_t>(std::upper_bound(block.begin(), block.end(), value) - block.begin());
    }

    void split(std::size_t b) {
        std::vector<double> upper(blocks_[b].begin() + longest / 2, blocks_[b].end());
        blocks_[b].resize(longest / 2);
        highest_[b] = blocks_[b].back();
        sizes_[b] = longest / 2;
        const auto at = static_cast<std::ptrdiff_t>(b) + 1;
        highest_.insert(highest_.begin() + at, upper.back());
        sizes_.insert(sizes_.begin() + at, static_cast<std::uint32_t>(upper.size()));
        blocks_.insert(blocks_.begin() + at, std::move(upper));
    }

    std::vector<std::vector<double>> blocks_;
    std::vector<double> highest_;       // last value of each block
    std::vector<std::uint32_t> sizes_;  // of each block
    std::size_t size_ = 0;
};

}  // namespace misfire::monitors
