// The last values of a stream.
#pragma once

#include <cstddef>
#include <vector>

namespace misfire::monitors {

template <typename Value>
class Ring {
  public:
    explicit Ring(std::size_t capacity) : values_(capacity) {}

    bool full() const { return size_ == values_.size(); }
    std::size_t size() const { return size_; }
    // Only when size() > 0.
    Value oldest() const { return values_[first_]; }
    // Overwrites the oldest value when full.
    void push(Value value) {
        if (full()) {
            values_[first_] = value;
            first_ = first_ + 1 == values_.size() ? 0 : first_ + 1;
        } else {
            std::size_t at = first_ + size_++;
            if (at >= values_.size()) at -= values_.size();
            values_[at] = value;
        }
    }
    void clear() { first_ = size_ = 0; }
    // i = 0: the oldest. Requires i < size().
    Value operator[](std::size_t i) const {
        const std::size_t at = first_ + i;
        return values_[at >= values_.size() ? at - values_.size() : at];
    }

  private:
    std::vector<Value> values_;
    std::size_t first_ = 0;
    std::size_t size_ = 0;
};

}  // namespace misfire::monitors
