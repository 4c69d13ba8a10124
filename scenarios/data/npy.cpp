#include "scenarios/data/npy.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <limits>
#include <string_view>
#include <system_error>

#include "core/error.h"

namespace misfire {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t magic_bytes = 6;
constexpr std::size_t max_header_bytes = 1U << 20;

template <typename T>
T little_endian(const std::uint8_t* from) {
    T value{};
    std::memcpy(&value, from, sizeof value);  // the product runs on little-endian machines only, as LibTorch does
    return value;
}

// The value of a key in the Python dictionary in front of the data, which is machine-written by NumPy and only ever
// holds a quoted type, True or False, and a tuple of numbers: the text between `open` and `close` behind the key.
std::string dictionary_value(const std::string& header, const std::string& key, char open, char close,
                             const fs::path& file) {
    const std::string quoted = "'" + key + "':";
    if (const std::size_t at = header.find(quoted); at != std::string::npos) {
        const std::size_t begin = header.find_first_not_of(' ', at + quoted.size());
        if (begin != std::string::npos && (open == ' ' || header[begin] == open)) {
            const std::size_t first = open == ' ' ? begin : begin + 1;
            const std::size_t end = header.find(close, first);
            if (end != std::string::npos) return header.substr(first, end - first);
        }
    }
    throw DataError(file.string() + " is not a .npy file that can be read: its header has no plain `" + key +
                    "` (structured and object arrays are not supported). Save it with numpy.save from an array of "
                    "numbers.");
}

std::vector<std::size_t> parse_shape(const std::string& text, const fs::path& file) {
    std::vector<std::size_t> shape;
    const char* at = text.data();
    const char* end = at + text.size();
    while (at != end) {
        if (*at == ' ' || *at == ',') {
            ++at;
            continue;
        }
        std::size_t side = 0;
        const auto [stopped, error] = std::from_chars(at, end, side);
        if (error != std::errc()) {
            throw DataError(file.string() + " says its shape is (" + text +
                            "), which is no shape or fits in no memory: the file is damaged. Write it again with "
                            "numpy.save.");
        }
        shape.push_back(side);
        at = stopped;
    }
    return shape;
}

}  // namespace

NpyArray::NpyArray(const fs::path& file) : file_(file) {
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        throw DataError("The array " + file.string() + " cannot be opened: " + std::strerror(errno) +
                        ". Check the path.");
    }
    struct stat status {};
    const bool regular = ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
    if (regular && status.st_size > 0) {
        mapping_bytes_ = static_cast<std::size_t>(status.st_size);
        mapping_ = ::mmap(nullptr, mapping_bytes_, PROT_READ, MAP_PRIVATE, descriptor, 0);
        if (mapping_ == MAP_FAILED) mapping_ = nullptr;
    }
    const int reason = errno;
    ::close(descriptor);
    if (!regular) throw DataError(file.string() + " is not a file. Name the .npy file itself.");
    if (status.st_size == 0) throw DataError(file.string() + " is empty (0 bytes). Write it again with numpy.save.");
    if (mapping_ == nullptr) {
        throw DataError("The array " + file.string() + " cannot be mapped into memory: " + std::strerror(reason) + ".");
    }
    try {
        read_header();
    } catch (...) {
        ::munmap(mapping_, mapping_bytes_);
        throw;
    }
}

NpyArray::~NpyArray() { ::munmap(mapping_, mapping_bytes_); }

void NpyArray::read_header() {
    const auto* start = static_cast<const std::uint8_t*>(mapping_);
    if (mapping_bytes_ < 12 || std::memcmp(start, "\x93NUMPY", magic_bytes) != 0) {
        throw DataError(file_.string() +
                        " is not a .npy file (it does not begin as one). Write it with numpy.save; .npz archives must "
                        "be unpacked first.");
    }
    const std::uint8_t version = start[6];
    const bool long_header = version >= 2;
    const std::size_t prefix = long_header ? 12 : 10;
    const std::size_t length =
        long_header ? little_endian<std::uint32_t>(start + 8) : little_endian<std::uint16_t>(start + 8);
    if (version < 1 || version > 3 || length > max_header_bytes || prefix + length > mapping_bytes_) {
        throw DataError(file_.string() + " is damaged or of an unknown version (" + std::to_string(version) +
                        "; 1 to 3 are known). Write it again with numpy.save.");
    }
    const std::string header(reinterpret_cast<const char*>(start + prefix), length);
    const std::string type = dictionary_value(header, "descr", '\'', '\'', file_);
    if (dictionary_value(header, "fortran_order", ' ', ',', file_) != "False") {
        throw DataError(file_.string() + " is in Fortran order. Save numpy.ascontiguousarray(array) instead.");
    }
    shape_ = parse_shape(dictionary_value(header, "shape", '(', ')', file_), file_);
    const bool known = type.size() == 3 && std::string_view("<>|=").find(type[0]) != std::string_view::npos &&
                       std::string_view("uifb").find(type[1]) != std::string_view::npos &&
                       std::string_view("1248").find(type[2]) != std::string_view::npos;
    if (!known) {
        throw DataError(file_.string() + " holds elements of type " + type +
                        ". Integers are needed: save array.astype('uint8') for images, 'int64' for labels.");
    }
    kind_ = type[1];
    item_bytes_ = static_cast<std::size_t>(type[2] - '0');
    if (type[0] == '>' && item_bytes_ > 1) {
        throw DataError(file_.string() + " is big-endian (" + type + "). Save array.astype('<" + type.substr(1) +
                        "') instead.");
    }
    std::size_t needed = item_bytes_;
    for (const std::size_t side : shape_) {
        if (side != 0 && needed > std::numeric_limits<std::size_t>::max() / side) {
            throw DataError(file_.string() + " says its shape is " + shape_text() +
                            ", which no memory holds: the file is damaged.");
        }
        needed *= side;
    }
    data_ = start + prefix + length;
    data_bytes_ = needed;
    if (mapping_bytes_ - prefix - length < needed) {
        throw DataError(file_.string() + " is cut short: shape " + shape_text() + " of " + type_name() + " needs " +
                        std::to_string(needed) + " bytes, " + std::to_string(mapping_bytes_ - prefix - length) +
                        " are there. Copy or write it again.");
    }
}

std::string NpyArray::type_name() const {
    if (kind_ == 'b') return "bool";
    const char* name = kind_ == 'u' ? "uint" : kind_ == 'i' ? "int" : "float";
    return name + std::to_string(8 * item_bytes_);
}

std::string NpyArray::shape_text() const {
    std::string text = "[";
    for (std::size_t i = 0; i < shape_.size(); ++i) text += (i == 0 ? "" : ", ") + std::to_string(shape_[i]);
    return text + "]";
}

std::int64_t NpyArray::integer(std::size_t i) const {
    const std::uint8_t* at = data_ + i * item_bytes_;
    const bool is_signed = kind_ == 'i';
    switch (item_bytes_) {
        case 1: return is_signed ? static_cast<std::int8_t>(*at) : *at;
        case 2: return is_signed ? little_endian<std::int16_t>(at) : little_endian<std::uint16_t>(at);
        case 4: return is_signed ? little_endian<std::int32_t>(at) : little_endian<std::uint32_t>(at);
        default: return little_endian<std::int64_t>(at);
    }
}

std::string npy_header(const std::string& type, const std::vector<std::size_t>& shape) {
    std::string sides;
    for (const std::size_t side : shape) sides += std::to_string(side) + ", ";
    if (shape.size() != 1 && !sides.empty()) sides.resize(sides.size() - 2);
    std::string header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + sides + "), }";
    const std::size_t prefix = 10;
    header.append(63 - (prefix + header.size()) % 64,
                  ' ');  // NumPy aligns the data to 64 bytes; the last byte is a line feed
    header += '\n';
    std::string front("\x93NUMPY\x01\x00", 8);
    front += static_cast<char>(header.size() & 0xFF);
    front += static_cast<char>(header.size() >> 8);
    return front + header;
}

void write_npy(const fs::path& file, const std::string& type, const std::vector<std::size_t>& shape,
               std::span<const std::uint8_t> bytes) {
    const std::string header = npy_header(type, shape);
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out.write(header.data(), static_cast<std::streamsize>(header.size()));
    out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    out.close();
    if (!out) {
        throw DataError("Writing " + file.string() + " (" + std::to_string(bytes.size()) + " bytes) failed: " +
                        std::strerror(errno) + ". Check the free space and the rights of the folder.");
    }
}

}  // namespace misfire
