// Tables that cost more to build than a small image costs to perturb, kept by the parameter they were built for.
#pragma once

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace misfire {

// Thread-safe. Holds the `capacity` latest tables; one in use stays alive in the hands of its user. The tables are pure
// functions of the key, so a hit and a miss give the same pixels.
template <typename Key, typename Table>
class TableCache {
  public:
    template <typename Build>
    std::shared_ptr<const Table> get(const Key& key, Build build) const {
        {
            const std::lock_guard lock(mutex_);
            for (const auto& [known, table] : tables_) {
                if (known == key) return table;
            }
        }
        auto built = std::make_shared<const Table>(build(key));
        const std::lock_guard lock(mutex_);
        if (tables_.size() >= capacity) tables_.erase(tables_.begin());
        tables_.emplace_back(key, built);
        return built;
    }

  private:
    static constexpr std::size_t capacity = 16;
    mutable std::mutex mutex_;
    mutable std::vector<std::pair<Key, std::shared_ptr<const Table>>> tables_;
};

}  // namespace misfire
