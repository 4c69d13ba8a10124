// The gallery of a run of a series.
#pragma once

#include "harness/gallery/gallery.h"

namespace misfire {

// Writes index.html, picks.csv and sheets/<model>-<shift>.png and .pdf: small multiples of forecast against truth.
GalleryEnd make_forecast_gallery(const PastRun& run, const GalleryOptions& options);

}  // namespace misfire
