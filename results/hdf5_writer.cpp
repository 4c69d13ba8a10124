#include "results/hdf5_writer.h"

#include <fcntl.h>
#include <hdf5_hl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <functional>
#include <numeric>
#include <string_view>

#include "core/error.h"

namespace misfire::hdf5 {
namespace {

constexpr unsigned gzip_level = 4;
constexpr hsize_t chunk_elements = 16384;

// One member of a table: its type and how to copy row i to its place.
struct Member {
    Handle type;
    std::size_t size;
    std::function<void(std::size_t row, std::byte* to)> copy;
};

template <typename T>
Member number_member(const std::vector<T>& values, hid_t type) {
    return {Handle(H5Tcopy(type), H5Tclose), sizeof(T),
            [&values](std::size_t row, std::byte* to) { std::memcpy(to, &values[row], sizeof(T)); }};
}

std::size_t rows_of(const Column& column) {
    return std::visit([](const auto& values) { return values.size(); }, column.values);
}

// Chunks of whole rows with about chunk_elements numbers each.
std::vector<hsize_t> chunk_of(const std::vector<hsize_t>& extents) {
    std::vector<hsize_t> chunk = extents;
    const hsize_t width = std::accumulate(extents.begin() + 1, extents.end(), hsize_t{1}, std::multiplies<>());
    chunk[0] = std::clamp<hsize_t>(chunk_elements / std::max<hsize_t>(width, 1), 1, std::max<hsize_t>(extents[0], 1));
    return chunk;
}

int sync(const std::filesystem::path& path, int flags) {
    const int descriptor = ::open(path.c_str(), flags);
    if (descriptor < 0) return errno;
    const int code = ::fsync(descriptor) == 0 ? 0 : errno;
    ::close(descriptor);
    return code;
}

}  // namespace

Writer::Writer(const std::filesystem::path& path) : path_(path), partial_(path.string() + ".partial") {
    const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
    H5Pset_libver_bounds(access.get(), H5F_LIBVER_EARLIEST, H5F_LIBVER_LATEST);
    H5Pset_fclose_degree(access.get(), H5F_CLOSE_STRONG);
    file_ = H5Fcreate(partial_.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access.get());
    if (file_ < 0) {
        const std::string cause = error_text();
        std::error_code ignored;
        std::filesystem::remove(partial_, ignored);  // a full disk may leave an empty one
        fail(cause);
    }
}

Writer::~Writer() {
    if (finished_) return;
    abandon();
    std::error_code ignored;
    std::filesystem::remove(partial_, ignored);
}

// After a failed write HDF5 cannot close the file, because closing writes again. So the rest goes nowhere: the file's
// descriptor is made to point at /dev/null.
void Writer::abandon() {
    if (file_ < 0) return;
    const Handle access(H5Fget_access_plist(file_), H5Pclose);
    void* descriptor = nullptr;
    if (H5Fget_vfd_handle(file_, access.get(), &descriptor) >= 0 && descriptor != nullptr) {
        const int nowhere = ::open("/dev/null", O_RDWR | O_CLOEXEC);
        if (nowhere >= 0) {
            ::dup2(nowhere, *static_cast<int*>(descriptor));
            ::close(nowhere);
        }
    }
    H5Fclose(file_);
    H5Eclear2(H5E_DEFAULT);
    file_ = H5I_INVALID_HID;
}

void Writer::fail(const std::string& cause) {
    abandon();
    throw StoreError("cannot write " + path_.string() + " (" + cause + "). " +
                     (std::filesystem::exists(path_) ? "The file that was there is unchanged. " : "") +
                     "Check that the folder exists, is writable and has space, then resume the run.");
}

hid_t Writer::check(hid_t id) {
    if (id < 0) fail(error_text());
    return id;
}

void Writer::check_call(herr_t code) {
    if (code < 0) fail(error_text());
}

Handle Writer::string_type(std::size_t length) {
    Handle type(check(H5Tcopy(H5T_C_S1)), H5Tclose);
    check_call(H5Tset_size(type.get(), length));
    check_call(H5Tset_cset(type.get(), H5T_CSET_UTF8));
    check_call(H5Tset_strpad(type.get(), length == H5T_VARIABLE ? H5T_STR_NULLTERM : H5T_STR_NULLPAD));
    return type;
}

void Writer::group(const std::string& path) {
    const Handle link(check(H5Pcreate(H5P_LINK_CREATE)), H5Pclose);
    check_call(H5Pset_create_intermediate_group(link.get(), 1));
    const Handle made(check(H5Gcreate2(file_, path.c_str(), link.get(), H5P_DEFAULT, H5P_DEFAULT)), H5Gclose);
}

void Writer::attribute_of(const std::string& path, const std::string& name, hid_t type, const void* data) {
    const Handle space(check(H5Screate(H5S_SCALAR)), H5Sclose);
    const Handle object(check(H5Oopen(file_, path.c_str(), H5P_DEFAULT)), H5Oclose);
    const Handle attribute(check(H5Acreate2(object.get(), name.c_str(), type, space.get(), H5P_DEFAULT, H5P_DEFAULT)),
                           H5Aclose);
    check_call(H5Awrite(attribute.get(), type, data));
}

void Writer::attribute(const std::string& path, const std::string& name, const std::string& text) {
    const Handle type = string_type(H5T_VARIABLE);
    const char* data = text.c_str();
    attribute_of(path, name, type.get(), &data);
}

void Writer::attribute(const std::string& path, const std::string& name, std::int64_t value) {
    attribute_of(path, name, H5T_NATIVE_INT64, &value);
}

void Writer::attribute(const std::string& path, const std::string& name, std::uint64_t value) {
    attribute_of(path, name, H5T_NATIVE_UINT64, &value);
}

Handle Writer::dataset(const std::string& path, hid_t type, const std::vector<hsize_t>& extents, bool growing) {
    const std::vector<hsize_t> unlimited(extents.size(), H5S_UNLIMITED);
    const Handle space(
        check(H5Screate_simple(static_cast<int>(extents.size()), extents.data(), growing ? unlimited.data() : nullptr)),
        H5Sclose);
    const Handle creation(check(H5Pcreate(H5P_DATASET_CREATE)), H5Pclose);
    check_call(H5Pset_obj_track_times(creation.get(), false));  // equal runs, equal bytes
    const bool empty = std::find(extents.begin(), extents.end(), hsize_t{0}) != extents.end();
    if ((growing || !empty) && H5Tis_variable_str(type) <= 0) {
        const std::vector<hsize_t> chunk = chunk_of(extents);
        check_call(H5Pset_chunk(creation.get(), static_cast<int>(chunk.size()), chunk.data()));
        check_call(H5Pset_shuffle(creation.get()));
        check_call(H5Pset_deflate(creation.get(), gzip_level));
    }
    const Handle link(check(H5Pcreate(H5P_LINK_CREATE)), H5Pclose);
    check_call(H5Pset_create_intermediate_group(link.get(), 1));
    return Handle(check(H5Dcreate2(file_, path.c_str(), type, space.get(), link.get(), creation.get(), H5P_DEFAULT)),
                  H5Dclose);
}

void Writer::table(const std::string& path, const std::vector<Column>& columns) {
    std::vector<Member> members;
    std::size_t row_size = 0;
    const std::size_t rows = rows_of(columns.front());
    for (const Column& column : columns) {
        if (rows_of(column) != rows)
            throw InternalError("table " + path + ": column " + column.name + " has another length");
        if (const auto* texts = std::get_if<std::vector<std::string>>(&column.values)) {
            std::size_t length = 1;
            for (const std::string& text : *texts) length = std::max(length, text.size());
            members.push_back({string_type(length), length, [texts](std::size_t row, std::byte* to) {
                                   std::memcpy(to, (*texts)[row].data(), (*texts)[row].size());
                               }});
        } else if (const auto* reals = std::get_if<std::vector<double>>(&column.values)) {
            members.push_back(number_member(*reals, H5T_NATIVE_DOUBLE));
        } else if (const auto* integers = std::get_if<std::vector<std::int64_t>>(&column.values)) {
            members.push_back(number_member(*integers, H5T_NATIVE_INT64));
        } else {
            members.push_back(number_member(std::get<std::vector<std::int8_t>>(column.values), H5T_NATIVE_INT8));
        }
        row_size += members.back().size;
    }
    const Handle type(check(H5Tcreate(H5T_COMPOUND, row_size)), H5Tclose);
    std::vector<std::byte> bytes(rows * row_size);
    std::size_t offset = 0;
    for (std::size_t m = 0; m < members.size(); ++m) {
        check_call(H5Tinsert(type.get(), columns[m].name.c_str(), offset, members[m].type.get()));
        for (std::size_t row = 0; row < rows; ++row) members[m].copy(row, bytes.data() + row * row_size + offset);
        offset += members[m].size;
    }
    const Handle target = dataset(path, type.get(), {rows}, true);
    if (rows > 0) check_call(H5Dwrite(target.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data()));
}

void Writer::strings(const std::string& path, const std::vector<std::string>& values) {
    std::vector<const char*> pointers;
    for (const std::string& value : values) pointers.push_back(value.c_str());
    const Handle type = string_type(H5T_VARIABLE);
    const Handle target = dataset(path, type.get(), {values.size()}, false);
    if (!values.empty()) check_call(H5Dwrite(target.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()));
}

void Writer::array_of(const std::string& path, hid_t type, const void* data, std::size_t size,
                      const std::vector<hsize_t>& extents) {
    const hsize_t elements = std::accumulate(extents.begin(), extents.end(), hsize_t{1}, std::multiplies<>());
    if (elements != size) throw InternalError("array " + path + ": the extents do not fit the values");
    const Handle target = dataset(path, type, extents, false);
    if (size > 0) check_call(H5Dwrite(target.get(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data));
}

void Writer::array(const std::string& path, std::span<const double> values, const std::vector<hsize_t>& extents) {
    array_of(path, H5T_NATIVE_DOUBLE, values.data(), values.size(), extents);
}

void Writer::array(const std::string& path, std::span<const float> values, const std::vector<hsize_t>& extents) {
    array_of(path, H5T_NATIVE_FLOAT, values.data(), values.size(), extents);
}

void Writer::array(const std::string& path, std::span<const std::int32_t> values, const std::vector<hsize_t>& extents) {
    array_of(path, H5T_NATIVE_INT32, values.data(), values.size(), extents);
}

void Writer::array(const std::string& path, std::span<const std::int8_t> values, const std::vector<hsize_t>& extents) {
    array_of(path, H5T_NATIVE_INT8, values.data(), values.size(), extents);
}

void Writer::array(const std::string& path, std::span<const std::uint8_t> values, const std::vector<hsize_t>& extents) {
    array_of(path, H5T_NATIVE_UINT8, values.data(), values.size(), extents);
}

void Writer::scale(const std::string& dataset_path, unsigned dimension, const std::string& scale_path,
                   const std::string& name) {
    const Handle target(check(H5Dopen2(file_, dataset_path.c_str(), H5P_DEFAULT)), H5Dclose);
    const Handle source(check(H5Dopen2(file_, scale_path.c_str(), H5P_DEFAULT)), H5Dclose);
    if (H5DSis_scale(source.get()) <= 0) check_call(H5DSset_scale(source.get(), name.c_str()));
    check_call(H5DSattach_scale(target.get(), source.get(), dimension));
}

void Writer::flush() { check_call(H5Fflush(file_, H5F_SCOPE_GLOBAL)); }

void Writer::finish() {
    flush();
    check_call(H5Fclose(file_));
    file_ = H5I_INVALID_HID;
    if (const int code = sync(partial_, O_RDWR); code != 0) fail(std::strerror(code));
    std::error_code error;
    std::filesystem::rename(partial_, path_, error);
    if (error) fail(error.message());
    finished_ = true;
    const std::filesystem::path folder = path_.has_parent_path() ? path_.parent_path() : std::filesystem::path(".");
    if (const int code = sync(folder, O_RDONLY | O_DIRECTORY); code != 0 && code != EINVAL) fail(std::strerror(code));
}

}  // namespace misfire::hdf5
