// picks.csv: everything needed to cite a picture of a gallery, and to make it again.
#pragma once

#include <string>
#include <vector>

#include "harness/gallery/exhibit.h"

namespace misfire {

class PicksTable {
  public:
    explicit PicksTable(const PastRun& run) : run_(run) {}

    // `file`: the single picture below the gallery's folder; `image` its pixels. `seen`: whether the model saw it.
    void add(const Selection& selection, std::size_t rank, const AnswerPath& path, const Pick& pick, const Still& still,
             bool refined, const std::string& file, bool seen);
    std::string csv() const;

  private:
    const PastRun& run_;
    std::string rows_;
};

}  // namespace misfire
