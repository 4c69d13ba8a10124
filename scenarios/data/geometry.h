// From decoded images to the model's input size, as torchvision does it with Pillow.
#pragma once

#include <cstddef>

#include "core/dataset.h"
#include "core/image.h"

namespace misfire {

// Pillow's resize(BILINEAR), antialiased: bit for bit (Resample.c, 8-bit two-pass fixed point with 22 fractional bits).
// Requires positive sizes.
Image resize_bilinear(const Image& image, int height, int width);

// exact: resized to height x width. shorter_side_then_crop: shorter side to `resize`, the longer to int(resize * longer
// / shorter), then torchvision's CenterCrop, which rounds half to even and pads with zeros where the image is smaller
// than the crop. none: a copy. The wrong filters are OpenCV's INTER_NEAREST_EXACT and INTER_LINEAR. Throws DataError
// for an image so narrow that its longer side would pass 2^24 pixels.
Image apply_geometry(const Image& image, const Geometry& geometry);

// The samples of another data set after geometry. Refers to `source`, which must outlive it.
class GeometryView : public Dataset {
  public:
    GeometryView(const Dataset& source, const Geometry& geometry) : source_(source), geometry_(geometry) {}

    const DatasetInfo& info() const override { return source_.info(); }
    std::size_t size() const override { return source_.size(); }
    const SampleKey& key(std::size_t i) const override { return source_.key(i); }
    Sample at(std::size_t i) const override;

  private:
    const Dataset& source_;
    Geometry geometry_;
};

}  // namespace misfire
