// Numbers of which one asks how many are smaller than, and equal to, a new one. Sorted blocks of bounded length: adding
// and asking cost a search and a short move, also for millions.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace misfire::monitors {

class RankedBag {
  public:
    std::size_t size() const { return size_; }
    void clear() {
        blocks_.clear();
        highest_.clear();
        sizes_.clear();
        size_ = 0;
    }

    void add(double value) {
        ++size_;
        if (blocks_.empty()) {
            blocks_.emplace_back(1, value);
            highest_.push_back(value);
            sizes_.push_back(1);
            return;
        }
        const std::size_t b =
            std::min(block_of(std::upper_bound(highest_.begin(), highest_.end(), value)), blocks_.size() - 1);
        std::vector<double>& block = blocks_[b];
        block.insert(std::upper_bound(block.begin(), block.end(), value), value);
        highest_[b] = block.back();
        if (++sizes_[b] == longest) split(b);
    }

    std::size_t less(double value) const {
        const std::size_t b = block_of(std::lower_bound(highest_.begin(), highest_.end(), value));
        if (b == blocks_.size()) return size_;
        const auto& block = blocks_[b];
        return before(b) +
               static_cast<std::size_t>(std::lower_bound(block.begin(), block.end(), value) - block.begin());
    }

    std::size_t less_or_equal(double value) const {
        const std::size_t b = block_of(std::upper_bound(highest_.begin(), highest_.end(), value));
        if (b == blocks_.size()) return size_;
        const auto& block = blocks_[b];
        return before(b) +
               static_cast<std::size_t>(std::upper_bound(block.begin(), block.end(), value) - block.begin());
    }

  private:
    static constexpr std::uint32_t longest = 1024;

    std::size_t block_of(std::vector<double>::const_iterator place) const {
        return static_cast<std::size_t>(place - highest_.begin());
    }
    std::size_t before(std::size_t block) const {
        std::uint32_t sum = 0;
        for (std::size_t i = 0; i < block; ++i) sum += sizes_[i];
        return sum;
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
