#include "harness/gallery/sample_pictures.h"

#include <algorithm>

#include "core/error.h"
#include "harness/setup.h"
#include "scenarios/data/geometry.h"

namespace misfire {

namespace {

MemoryView one(const PastRun& run, Sample sample) {
    std::vector<MemoryView::Entry> entries;
    entries.push_back({std::move(sample), ""});
    return {run.data().info(), std::move(entries)};
}

Sample framed(Sample sample, const Geometry& geometry) {
    sample.image = apply_geometry(sample.image, geometry);
    return sample;
}

}  // namespace

SamplePictures::SamplePictures(const PastRun& run, std::size_t sample, const Geometry& geometry)
    : run_(run),
      geometry_(geometry),
      source_(one(run, run.data().at(run.place(sample)))),
      clean_(one(run, framed(source_.at(0), geometry))) {}

Sample SamplePictures::sample_at(const Shift* shift, std::size_t level) const {
    if (shift == nullptr) return clean_.at(0);
    const ShiftContext context{geometry_, &source_, &run_.data()};
    return shift->at(clean_, level, context)->at(0);
}

Shown SamplePictures::at(const std::string& shift, const std::string& label) const {
    const Shift* found = run_.shift(shift);
    if (found == nullptr) return {clean_.at(0).image};
    const std::vector<Level>& levels = found->info().levels;
    const auto level = std::find_if(levels.begin(), levels.end(), [&](const Level& l) { return l.label == label; });
    if (level == levels.end()) return {clean_.at(0).image};
    return at(*found, static_cast<std::size_t>(level - levels.begin()));
}

Shown SamplePictures::at(const Shift& finer, std::size_t level) const {
    Sample sample = sample_at(&finer, level);
    return {std::move(sample.image), std::move(sample.tensor_form)};
}

Image SamplePictures::picture(const std::string& shift, const std::string& label) const {
    const Shift* found = run_.shift(shift);
    if (found == nullptr) return clean_.at(0).image;
    const std::vector<Level>& levels = found->info().levels;
    const auto level = std::find_if(levels.begin(), levels.end(), [&](const Level& l) { return l.label == label; });
    return level == levels.end() ? clean_.at(0).image
                                 : picture(*found, static_cast<std::size_t>(level - levels.begin()));
}

Image SamplePictures::picture(const Shift& finer, std::size_t level) const {
    return picture_of(sample_at(&finer, level));
}

}  // namespace misfire
