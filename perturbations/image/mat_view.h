// Images as OpenCV sees them: headers over the same pixels, nothing copied.
#pragma once

#include <opencv2/core.hpp>

#include "core/image.h"

namespace misfire {

inline cv::Mat mat_view(Image& image) {
    return {image.height, image.width, CV_8UC(image.channels), image.pixels.data()};
}

// For reading only: cv::Mat has no constant form.
inline cv::Mat mat_view(const Image& image) {
    return {image.height, image.width, CV_8UC(image.channels), const_cast<std::uint8_t*>(image.pixels.data())};
}

}  // namespace misfire
