#include "scenarios/data/image_header.h"

#include <libexif/exif-data.h>
#include <zlib.h>

#include <algorithm>
#include <cctype>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "scenarios/data/decode.h"

namespace misfire {

namespace {

using Bytes = std::span<const std::uint8_t>;

[[noreturn]] void fail_cut_short(const std::string& name, std::uint64_t needed, std::size_t there) {
    throw DataError(name + " is cut short: it should have at least " + std::to_string(needed) + " bytes and has " +
                    std::to_string(there) + ". Copy it again, or take it out of the data.");
}

// Numbers out of the file at checked places.
class Fields {
  public:
    Fields(Bytes bytes, bool big_endian, const std::string& name)
        : bytes_(bytes), big_endian_(big_endian), name_(name) {}

    std::uint32_t u16(std::uint64_t at) const { return number(at, 2); }
    std::uint32_t u32(std::uint64_t at) const { return number(at, 4); }
    std::uint32_t u24(std::uint64_t at) const { return number(at, 3); }
    void need(std::uint64_t end) const {
        if (end > bytes_.size()) fail_cut_short(name_, end, bytes_.size());
    }

  private:
    std::uint32_t number(std::uint64_t at, unsigned count) const {
        need(at + count);
        std::uint32_t value = 0;
        for (unsigned i = 0; i < count; ++i) {
            const std::uint32_t byte = bytes_[at + i];
            value |= byte << (8 * (big_endian_ ? count - 1 - i : i));
        }
        return value;
    }

    Bytes bytes_;
    bool big_endian_;
    const std::string& name_;
};

bool has_text(Bytes bytes, std::size_t at, std::string_view text) {
    return bytes.size() >= at + text.size() && std::memcmp(bytes.data() + at, text.data(), text.size()) == 0;
}

void inspect_png(Bytes bytes, ImageHeader& header, const std::string& name) {
    const Fields fields(bytes, true, name);
    header.width = fields.u32(16);
    header.height = fields.u32(20);
    fields.need(26);
    header.grey_with_alpha = bytes[25] == 4;
    for (std::uint64_t at = 8;;) {
        const std::uint64_t length = fields.u32(at);
        fields.need(at + 12 + length);
        const std::uint8_t* chunk = bytes.data() + at + 4;
        const auto checksum = static_cast<std::uint32_t>(crc32(0, chunk, static_cast<uInt>(length + 4)));
        const bool ancillary = (chunk[0] & 0x20) != 0;
        if (checksum != fields.u32(at + 8 + length) && !ancillary) {
            throw DataError(name + " is broken: the checksum of its PNG chunk at byte " + std::to_string(at) +
                            " is wrong. Copy it again, or take it out of the data.");
        }
        if (has_text(bytes, at + 4, "eXIf")) header.orientation = exif_orientation(bytes.subspan(at + 8, length));
        if (has_text(bytes, at + 4, "IEND")) return;
        at += 12 + length;
    }
}

void inspect_bmp(Bytes bytes, ImageHeader& header, const std::string& name) {
    const Fields fields(bytes, false, name);
    const std::uint32_t info_bytes = fields.u32(14);
    if (info_bytes == 12) {  // OS/2
        header.width = fields.u16(18);
        header.height = fields.u16(20);
        return;
    }
    header.width = fields.u32(18);
    header.height =
        std::abs(static_cast<std::int64_t>(static_cast<std::int32_t>(fields.u32(22))));  // negative: top row first
    const std::uint64_t row_bits = static_cast<std::uint64_t>(header.width) * fields.u16(28);
    const bool run_lengths = fields.u32(30) == 1 || fields.u32(30) == 2;
    check_image_size(header.width, header.height, name);
    if (!run_lengths)
        fields.need(fields.u32(10) + (row_bits + 31) / 32 * 4 * static_cast<std::uint64_t>(header.height));
}

struct TiffTag {
    std::uint32_t type = 0;
    std::uint32_t count = 0;
    std::uint64_t values_at = 0;
};

// First directory of a TIFF file.
class TiffDirectory {
  public:
    TiffDirectory(Bytes bytes, const std::string& name) : fields_(bytes, bytes[0] == 'M', name) {
        directory_ = fields_.u32(4);
        entries_ = fields_.u16(directory_);
        fields_.need(directory_ + 2 + 12ULL * entries_);
    }

    std::optional<TiffTag> find(std::uint32_t tag) const {
        for (std::uint32_t i = 0; i < entries_; ++i) {
            const std::uint64_t at = directory_ + 2 + 12ULL * i;
            if (fields_.u16(at) != tag) continue;
            TiffTag found{fields_.u16(at + 2), fields_.u32(at + 4), at + 8};
            if (static_cast<std::uint64_t>(found.count) * width_of(found.type) > 4)
                found.values_at = fields_.u32(at + 8);
            return found;
        }
        return std::nullopt;
    }
    std::uint32_t value(const TiffTag& tag, std::uint32_t i) const {
        const std::uint64_t at = tag.values_at + static_cast<std::uint64_t>(i) * width_of(tag.type);
        return width_of(tag.type) == 2 ? fields_.u16(at) : fields_.u32(at);
    }
    std::uint32_t first(std::uint32_t tag) const {
        const auto found = find(tag);
        return found && found->count > 0 ? value(*found, 0) : 0;
    }
    const Fields& fields() const { return fields_; }

  private:
    static unsigned width_of(std::uint32_t type) {
        return type == 3 ? 2 : 4;
    }  // SHORT, else LONG: the tags looked at have no other

    Fields fields_;
    std::uint64_t directory_ = 0;
    std::uint32_t entries_ = 0;
};

constexpr std::uint32_t tiff_width = 256, tiff_height = 257, tiff_strip_offsets = 273, tiff_strip_bytes = 279,
                        tiff_tile_offsets = 324, tiff_tile_bytes = 325, tiff_extra_samples = 338;

void inspect_tiff(Bytes bytes, ImageHeader& header, const std::string& name) {
    const TiffDirectory directory(bytes, name);
    header.width = directory.first(tiff_width);
    header.height = directory.first(tiff_height);
    const bool tiled = directory.find(tiff_tile_offsets).has_value();
    const auto offsets = directory.find(tiled ? tiff_tile_offsets : tiff_strip_offsets);
    const auto sizes = directory.find(tiled ? tiff_tile_bytes : tiff_strip_bytes);
    if (!offsets || !sizes || offsets->count != sizes->count)
        throw DataError(name + " is broken: its TIFF directory does not say where the pixels are. Write it again.");
    for (std::uint32_t i = 0; i < offsets->count; ++i) {
        directory.fields().need(static_cast<std::uint64_t>(directory.value(*offsets, i)) + directory.value(*sizes, i));
    }
    const auto extra = directory.find(tiff_extra_samples);
    if (extra && extra->count == 1 && directory.value(*extra, 0) == 2)
        header.extra_samples_at = static_cast<std::size_t>(extra->values_at);
}

void inspect_webp(Bytes bytes, ImageHeader& header, const std::string& name) {
    const Fields fields(bytes, false, name);
    fields.need(8ULL + fields.u32(4));
    const std::uint64_t end = 8ULL + fields.u32(4);
    for (std::uint64_t at = 12; at + 8 <= end;) {
        const std::uint64_t length = fields.u32(at + 4);
        fields.need(at + 8 + length);
        const std::uint64_t data = at + 8;
        if (has_text(bytes, at, "VP8X")) {
            header.width = fields.u24(data + 4) + 1;
            header.height = fields.u24(data + 7) + 1;
        } else if (has_text(bytes, at, "VP8L") && header.width == 0) {
            const std::uint32_t sides = fields.u32(data + 1);
            header.width = (sides & 0x3FFF) + 1;
            header.height = ((sides >> 14) & 0x3FFF) + 1;
        } else if (has_text(bytes, at, "VP8 ") && header.width == 0) {
            header.width = fields.u16(data + 6) & 0x3FFF;
            header.height = fields.u16(data + 8) & 0x3FFF;
        } else if (has_text(bytes, at, "EXIF")) {
            header.orientation = exif_orientation(bytes.subspan(data, length));
        }
        at = data + length + length % 2;
    }
}

void inspect_pnm(Bytes bytes, ImageHeader& header, const std::string& name) {
    const bool plain = bytes[1] <= '3';
    const bool bitmap = bytes[1] == '1' || bytes[1] == '4';
    const bool colour = bytes[1] == '3' || bytes[1] == '6';
    std::size_t at = 2;
    const auto number = [&]() -> std::int64_t {
        while (at < bytes.size() && (std::isspace(bytes[at]) != 0 || bytes[at] == '#')) {
            if (bytes[at] == '#')
                while (at < bytes.size() && bytes[at] != '\n') ++at;
            else
                ++at;
        }
        std::int64_t value = 0;
        while (at < bytes.size() && std::isdigit(bytes[at]) != 0 && value < 1'000'000'000)
            value = 10 * value + (bytes[at++] - '0');
        return value;
    };
    header.width = number();
    header.height = number();
    const std::int64_t limit = bitmap ? 1 : number();
    check_image_size(header.width, header.height, name);
    const std::int64_t row = bitmap ? (header.width + 7) / 8 : header.width * (colour ? 3 : 1) * (limit > 255 ? 2 : 1);
    if (!plain) Fields(bytes, false, name).need(at + 1 + static_cast<std::uint64_t>(row * header.height));
}

}  // namespace

int exif_orientation(Bytes block) {
    constexpr std::string_view prefix("Exif\0\0", 6);
    std::vector<std::uint8_t> data;
    if (!has_text(block, 0, prefix)) data.assign(prefix.begin(), prefix.end());
    data.insert(data.end(), block.begin(), block.end());
    const std::unique_ptr<ExifData, void (*)(ExifData*)> exif(
        exif_data_new_from_data(data.data(), static_cast<unsigned>(data.size())), exif_data_unref);
    if (!exif) return 1;
    ExifEntry* entry = exif_content_get_entry(exif->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION);
    if (entry == nullptr || entry->format != EXIF_FORMAT_SHORT || entry->size < 2) return 1;
    const int orientation = exif_get_short(entry->data, exif_data_get_byte_order(exif.get()));
    return orientation >= 1 && orientation <= 8 ? orientation : 1;
}

void check_image_size(std::int64_t width, std::int64_t height, const std::string& name) {
    const std::string size = std::to_string(width) + " x " + std::to_string(height) + " pixels";
    if (width < 1 || height < 1) throw DataError(name + " is broken: it says that it has " + size + ".");
    if (height > max_image_pixels / width) {
        throw DataError(name + " has " + size + ", more than the " + std::to_string(max_image_pixels) +
                        " that are decoded: it may be a decompression bomb. Scale it down first.");
    }
}

ImageHeader inspect_image(Bytes bytes, const std::string& name) {
    ImageHeader header;
    if (bytes.empty()) throw DataError(name + " is empty (0 bytes). Copy it again, or take it out of the data.");
    const bool little_tiff = has_text(bytes, 0, std::string_view("II*\0", 4));
    if (has_text(bytes, 0, "\xFF\xD8\xFF")) {
        return header;
    } else if (has_text(bytes, 0, "\x89PNG\r\n\x1A\n")) {
        header.format = ImageFormat::png;
        inspect_png(bytes, header, name);
    } else if (has_text(bytes, 0, "BM")) {
        header.format = ImageFormat::bmp;
        inspect_bmp(bytes, header, name);
    } else if (little_tiff || has_text(bytes, 0, std::string_view("MM\0*", 4))) {
        header.format = ImageFormat::tiff;
        inspect_tiff(bytes, header, name);
    } else if (has_text(bytes, 0, "RIFF") && has_text(bytes, 8, "WEBP")) {
        header.format = ImageFormat::webp;
        inspect_webp(bytes, header, name);
    } else if (bytes.size() > 2 && bytes[0] == 'P' && bytes[1] >= '1' && bytes[1] <= '6' &&
               std::isspace(bytes[2]) != 0) {
        header.format = ImageFormat::pnm;
        inspect_pnm(bytes, header, name);
    } else {
        throw DataError(name +
                        " is no image that can be read: it begins as none of JPEG, PNG, BMP, TIFF, WebP, PNM. Convert "
                        "it to PNG, or take it out of the data.");
    }
    check_image_size(header.width, header.height, name);
    return header;
}

}  // namespace misfire
