#include "tests/golden/golden_files.h"

#include <hdf5.h>

#include <algorithm>
#include <cstdlib>
#include <opencv2/imgcodecs.hpp>
#include <stdexcept>

namespace misfire::test {

namespace {

// Closes an HDF5 handle at the end of the scope.
class Handle {
  public:
    Handle(hid_t id, herr_t (*close)(hid_t), const std::string& what) : id_(id), close_(close) {
        if (id < 0) throw std::runtime_error("cannot open " + what);
    }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle() { close_(id_); }
    operator hid_t() const { return id_; }

  private:
    hid_t id_;
    herr_t (*close_)(hid_t);
};

template <typename T>
hid_t native_type();
template <>
hid_t native_type<float>() {
    return H5T_NATIVE_FLOAT;
}
template <>
hid_t native_type<double>() {
    return H5T_NATIVE_DOUBLE;
}
template <>
hid_t native_type<std::uint8_t>() {
    return H5T_NATIVE_UINT8;
}
template <>
hid_t native_type<std::int32_t>() {
    return H5T_NATIVE_INT32;
}

std::vector<hsize_t> shape_of(hid_t dataset) {
    const Handle space(H5Dget_space(dataset), H5Sclose, "data space");
    std::vector<hsize_t> shape(static_cast<std::size_t>(H5Sget_simple_extent_ndims(space)));
    H5Sget_simple_extent_dims(space, shape.data(), nullptr);
    return shape;
}

}  // namespace

Image read_png(const std::string& path) {
    const cv::Mat bgr = cv::imread(path, cv::IMREAD_COLOR);
    if (bgr.empty()) throw std::runtime_error("cannot read " + path);
    Image image(bgr.rows, bgr.cols, 3);
    for (int y = 0; y < bgr.rows; ++y) {
        for (int x = 0; x < bgr.cols; ++x) {
            const auto pixel = bgr.at<cv::Vec3b>(y, x);
            const std::size_t i =
                3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(bgr.cols) + static_cast<std::size_t>(x));
            for (int c = 0; c < 3; ++c) image.pixels[i + static_cast<std::size_t>(c)] = pixel[2 - c];
        }
    }
    return image;
}

template <typename T>
std::vector<T> read_dataset(const std::string& file, const std::string& dataset) {
    const Handle opened(H5Fopen(file.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose, file);
    const Handle data(H5Dopen2(opened, dataset.c_str(), H5P_DEFAULT), H5Dclose, file + ":" + dataset);
    std::size_t count = 1;
    for (const hsize_t side : shape_of(data)) count *= side;
    std::vector<T> values(count);
    if (H5Dread(data, native_type<T>(), H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0) {
        throw std::runtime_error("cannot read " + dataset);
    }
    return values;
}
template std::vector<float> read_dataset(const std::string&, const std::string&);
template std::vector<double> read_dataset(const std::string&, const std::string&);
template std::vector<std::uint8_t> read_dataset(const std::string&, const std::string&);
template std::vector<std::int32_t> read_dataset(const std::string&, const std::string&);

double read_attribute(const std::string& file, const std::string& group, const std::string& attribute) {
    const Handle opened(H5Fopen(file.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose, file);
    const Handle place(H5Oopen(opened, group.c_str(), H5P_DEFAULT), H5Oclose, file + ":" + group);
    const Handle value(H5Aopen(place, attribute.c_str(), H5P_DEFAULT), H5Aclose, group + "@" + attribute);
    double number = 0.0;
    if (H5Aread(value, H5T_NATIVE_DOUBLE, &number) < 0) throw std::runtime_error("cannot read " + attribute);
    return number;
}

bool has_dataset(const std::string& file, const std::string& dataset) {
    const Handle opened(H5Fopen(file.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose, file);
    for (std::size_t slash = dataset.find('/', 1); slash != std::string::npos; slash = dataset.find('/', slash + 1)) {
        if (H5Lexists(opened, dataset.substr(0, slash).c_str(), H5P_DEFAULT) <= 0) return false;
    }
    return H5Lexists(opened, dataset.c_str(), H5P_DEFAULT) > 0;
}

Image read_image_dataset(const std::string& file, const std::string& dataset) {
    const Handle opened(H5Fopen(file.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose, file);
    const Handle data(H5Dopen2(opened, dataset.c_str(), H5P_DEFAULT), H5Dclose, file + ":" + dataset);
    const auto shape = shape_of(data);
    Image image(static_cast<int>(shape.at(0)), static_cast<int>(shape.at(1)), static_cast<int>(shape.at(2)));
    if (H5Dread(data, H5T_NATIVE_UINT8, H5S_ALL, H5S_ALL, H5P_DEFAULT, image.pixels.data()) < 0) {
        throw std::runtime_error("cannot read " + dataset);
    }
    return image;
}

Difference difference(const Image& a, const Image& b) {
    if (!a.same_shape(b)) throw std::runtime_error("images of different shapes cannot be compared");
    Difference result;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const int delta = std::abs(static_cast<int>(a.pixels[i]) - static_cast<int>(b.pixels[i]));
        if (delta > 0) ++result.values;
        result.largest = std::max(result.largest, delta);
    }
    result.share = static_cast<double>(result.values) / static_cast<double>(a.size());
    return result;
}

}  // namespace misfire::test
