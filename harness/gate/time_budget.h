// How long a run may take.
#pragma once

#include <chrono>

namespace misfire {

// Ends a run before a block that would not fit into the budget, judged by the blocks so far.
class TimeBudget {
  public:
    // 0: as long as it likes.
    explicit TimeBudget(double seconds) : seconds_(seconds) {}
    // Asked after each block.
    bool is_spent() {
        ++blocks_;
        const double spent = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
        return seconds_ > 0.0 && spent + spent / blocks_ > seconds_;
    }

  private:
    double seconds_;
    double blocks_ = 0.0;
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace misfire
