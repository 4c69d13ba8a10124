#include "scenarios/data/geometry.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "core/error.h"

namespace misfire {

namespace {

constexpr int precision_bits = 32 - 8 - 2;
constexpr std::int32_t half = 1 << (precision_bits - 1);
constexpr int max_side = 1 << 24;

// A part of the resized image, in its coordinates: only what a crop will keep is computed.
struct Window {
    int top = 0;
    int left = 0;
    int height = 0;
    int width = 0;
};

// Weights of the input samples that make each output sample along one axis.
struct Kernel {
    std::vector<int> first;  // first input sample
    std::vector<int> count;
    std::vector<std::int32_t> weights;  // `stride` per output sample, fixed point
    std::size_t stride = 0;
};

double triangle(double x) { return std::max(0.0, 1.0 - std::abs(x)); }

// precompute_coeffs and normalize_coeffs_8bpc of Pillow's Resample.c, for output samples begin .. begin + size - 1 of
// `out`.
Kernel make_kernel(int in, int out, int begin, int size) {
    const double scale = static_cast<double>(in) / out;
    const double filter_scale = std::max(scale, 1.0);
    const double support = filter_scale;
    const double inverse = 1.0 / filter_scale;
    Kernel kernel;
    kernel.stride = static_cast<std::size_t>(std::ceil(support)) * 2 + 1;
    kernel.weights.resize(kernel.stride * static_cast<std::size_t>(size));
    std::vector<double> exact(kernel.stride);
    for (int i = 0; i < size; ++i) {
        const double center = (begin + i + 0.5) * scale;
        const int low = std::max(static_cast<int>(center - support + 0.5), 0);
        const int count = std::min(static_cast<int>(center + support + 0.5), in) - low;
        double sum = 0.0;
        for (int x = 0; x < count; ++x) {
            exact[static_cast<std::size_t>(x)] = triangle((x + low - center + 0.5) * inverse);
            sum += exact[static_cast<std::size_t>(x)];
        }
        std::int32_t* weights = kernel.weights.data() + kernel.stride * static_cast<std::size_t>(i);
        for (int x = 0; x < count; ++x) {
            const double weight =
                sum != 0.0 ? exact[static_cast<std::size_t>(x)] / sum : exact[static_cast<std::size_t>(x)];
            weights[x] = static_cast<std::int32_t>(0.5 + weight * (1 << precision_bits));
        }
        kernel.first.push_back(low);
        kernel.count.push_back(count);
    }
    return kernel;
}

// Weights are not negative and sum to one within their rounding, so only the upper end needs clipping.
std::uint8_t to_byte(std::int32_t sum) { return static_cast<std::uint8_t>(std::min(sum >> precision_bits, 255)); }

template <int channels>
void resize_row(const std::uint8_t* in, std::uint8_t* out, const Kernel& kernel) {
    for (std::size_t x = 0; x < kernel.first.size(); ++x) {
        const std::int32_t* weights = kernel.weights.data() + kernel.stride * x;
        const std::uint8_t* pixel = in + kernel.first[x] * channels;
        std::int32_t sums[channels];
        for (std::int32_t& sum : sums) sum = half;
        for (int k = 0; k < kernel.count[x]; ++k, pixel += channels) {
            for (int c = 0; c < channels; ++c) sums[c] += pixel[c] * weights[k];
        }
        for (int c = 0; c < channels; ++c) *out++ = to_byte(sums[c]);
    }
}

// Rows first_row .. first_row + rows - 1 of `image`, resized along x.
Image resize_horizontally(const Image& image, int out_width, const Window& window, int first_row, int rows) {
    Image out(rows, window.width, image.channels);
    const Kernel kernel = make_kernel(image.width, out_width, window.left, window.width);
    const auto in_bytes = static_cast<std::size_t>(image.width * image.channels);
    const auto out_bytes = static_cast<std::size_t>(out.width * out.channels);
    for (int y = 0; y < rows; ++y) {
        const std::uint8_t* in = image.pixels.data() + in_bytes * static_cast<std::size_t>(first_row + y);
        std::uint8_t* to = out.pixels.data() + out_bytes * static_cast<std::size_t>(y);
        image.channels == 3 ? resize_row<3>(in, to, kernel) : resize_row<1>(in, to, kernel);
    }
    return out;
}

// Row 0 of `image` is row `first_row` of the picture that the kernel speaks of.
Image resize_vertically(const Image& image, const Kernel& kernel, int first_row) {
    Image out(static_cast<int>(kernel.first.size()), image.width, image.channels);
    const auto row_bytes = static_cast<std::size_t>(image.width * image.channels);
    std::vector<std::int32_t> sums(row_bytes);
    for (std::size_t y = 0; y < kernel.first.size(); ++y) {
        std::fill(sums.begin(), sums.end(), half);
        for (int k = 0; k < kernel.count[y]; ++k) {
            const std::uint8_t* in =
                image.pixels.data() + row_bytes * static_cast<std::size_t>(kernel.first[y] - first_row + k);
            const std::int32_t weight = kernel.weights[kernel.stride * y + static_cast<std::size_t>(k)];
            for (std::size_t i = 0; i < row_bytes; ++i) sums[i] += in[i] * weight;
        }
        std::uint8_t* to = out.pixels.data() + row_bytes * y;
        for (std::size_t i = 0; i < row_bytes; ++i) to[i] = to_byte(sums[i]);
    }
    return out;
}

Image cut(const Image& image, const Window& window) {
    Image out(window.height, window.width, image.channels);
    const auto out_bytes = static_cast<std::size_t>(out.width * out.channels);
    for (int y = 0; y < window.height; ++y) {
        const auto from = static_cast<std::size_t>(((window.top + y) * image.width + window.left) * image.channels);
        std::memcpy(out.pixels.data() + out_bytes * static_cast<std::size_t>(y), image.pixels.data() + from, out_bytes);
    }
    return out;
}

Image resize_window(const Image& image, int height, int width, const Window& window) {
    const bool horizontal = width != image.width;
    if (height == image.height) {  // Pillow leaves out a pass that would change nothing
        if (!horizontal) return cut(image, window);
        return resize_horizontally(image, width, window, window.top, window.height);
    }
    const Kernel kernel = make_kernel(image.height, height, window.top, window.height);
    const int first_row = kernel.first.front();
    const int rows = kernel.first.back() + kernel.count.back() - first_row;
    if (horizontal)
        return resize_vertically(resize_horizontally(image, width, window, first_row, rows), kernel, first_row);
    return resize_vertically(cut(image, {first_row, window.left, rows, window.width}), kernel, first_row);
}

// Python's int(round((size - crop) / 2.0)): half to even.
int crop_start(int size, int crop) {
    const int difference = size - crop;
    return difference / 2 + (difference % 4 == 3 ? 1 : 0);
}

// Zeros around an image smaller than the crop, the odd one below and to the right.
Image pad(const Image& image, int height, int width) {
    if (image.height >= height && image.width >= width) return image;
    Image out(std::max(image.height, height), std::max(image.width, width), image.channels);
    const int top = (out.height - image.height) / 2;
    const int left = (out.width - image.width) / 2;
    const auto row_bytes = static_cast<std::size_t>(image.width * image.channels);
    for (int y = 0; y < image.height; ++y) {
        const auto to = static_cast<std::size_t>(((top + y) * out.width + left) * out.channels);
        std::memcpy(out.pixels.data() + to, image.pixels.data() + row_bytes * static_cast<std::size_t>(y), row_bytes);
    }
    return out;
}

// One of the two ways to resize that deployments get wrong.
Image resize_wrongly(const Image& image, int height, int width, Geometry::Filter filter) {
    Image out(height, width, image.channels);
    const int type = CV_8UC(image.channels);
    const cv::Mat from(image.height, image.width, type, const_cast<std::uint8_t*>(image.pixels.data()));
    cv::Mat to(height, width, type, out.pixels.data());
    cv::resize(from, to, to.size(), 0, 0,
               filter == Geometry::Filter::nearest ? cv::INTER_NEAREST_EXACT : cv::INTER_LINEAR);
    return out;
}

Image resize_shorter_then_crop(const Image& image, int resize, int crop, Geometry::Filter filter) {
    const int shorter = std::min(image.height, image.width);
    const int longer = std::max(image.height, image.width);
    const double scaled = static_cast<double>(resize) * longer / shorter;
    if (scaled > max_side) {
        throw DataError("An image of " + std::to_string(image.width) + " x " + std::to_string(image.height) +
                        " pixels is too narrow: with its shorter side at " + std::to_string(resize) +
                        " the longer would pass " + std::to_string(max_side) + ". Take it out of the data.");
    }
    const int new_longer = static_cast<int>(scaled);
    const int height = image.height <= image.width ? resize : new_longer;
    const int width = image.height <= image.width ? new_longer : resize;
    const int kept_height = std::min(height, crop);
    const int kept_width = std::min(width, crop);
    const Window window{crop_start(height, kept_height), crop_start(width, kept_width), kept_height, kept_width};
    if (filter != Geometry::Filter::antialiased_bilinear)
        return pad(cut(resize_wrongly(image, height, width, filter), window), crop, crop);
    return pad(resize_window(image, height, width, window), crop, crop);
}

}  // namespace

Image resize_bilinear(const Image& image, int height, int width) {
    return resize_window(image, height, width, {0, 0, height, width});
}

Image apply_geometry(const Image& image, const Geometry& geometry) {
    switch (geometry.kind) {
        case Geometry::Kind::exact:
            if (geometry.filter != Geometry::Filter::antialiased_bilinear)
                return resize_wrongly(image, geometry.height, geometry.width, geometry.filter);
            return resize_bilinear(image, geometry.height, geometry.width);
        case Geometry::Kind::shorter_side_then_crop:
            return resize_shorter_then_crop(image, geometry.resize, geometry.crop, geometry.filter);
        case Geometry::Kind::none: break;
    }
    return image;
}

Sample GeometryView::at(std::size_t i) const {
    Sample sample = source_.at(i);
    if (geometry_.kind != Geometry::Kind::none) sample.image = apply_geometry(sample.image, geometry_);
    return sample;
}

}  // namespace misfire
