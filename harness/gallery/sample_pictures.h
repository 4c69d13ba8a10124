// The pictures of one sample on its way from clean to broken, made again from (data, seed, shift, level).
#pragma once

#include <string>
#include <vector>

#include "core/image.h"
#include "harness/gallery/past_run.h"
#include "scenarios/data/views.h"

namespace misfire {

// A picture, and how it becomes a tensor where the shift changes that.
struct Shown {
    Image image;
    std::function<TensorForm(const TensorForm&)> tensor_form = nullptr;
};

class SamplePictures {
  public:
    // Decodes the sample and brings it to `geometry`. Throws DataError naming the file when it cannot be read.
    SamplePictures(const PastRun& run, std::size_t sample, const Geometry& geometry);

    // What was shown at a level of the run; the clean picture for the clean data's level.
    Shown at(const std::string& shift, const std::string& label) const;
    // At level `level` of a shift of shift_at(). 0 is the clean picture.
    Shown at(const Shift& finer, std::size_t level) const;
    // For people: colours as the model takes them where the shift changes that.
    Image picture(const std::string& shift, const std::string& label) const;
    Image picture(const Shift& finer, std::size_t level) const;

  private:
    Sample sample_at(const Shift* shift, std::size_t level) const;

    const PastRun& run_;
    Geometry geometry_;
    MemoryView source_;
    MemoryView clean_;
};

}  // namespace misfire
