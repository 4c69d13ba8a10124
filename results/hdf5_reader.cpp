#include "results/hdf5_reader.h"

#include <cstring>
#include <fstream>

#include "core/error.h"

namespace misfire::hdf5 {
namespace {

// More than any table of a run: what a damaged header may ask for must not exhaust the memory.
constexpr hssize_t most_elements = hssize_t{1} << 28;

Handle open_file(const std::filesystem::path& path) {
    if (!std::filesystem::exists(path)) {
        throw StoreError("there is no file " + path.string() + ". Give a results.h5, or the directory of a run.");
    }
    if (std::filesystem::is_directory(path) || !std::ifstream(path)) {
        throw StoreError(path.string() + " cannot be read. Give a results.h5 that you may read.");
    }
    if (H5Fis_hdf5(path.c_str()) <= 0) {
        H5Eclear2(H5E_DEFAULT);
        throw StoreError(path.string() + " is no HDF5 file. Give a results.h5 written by misfire.");
    }
    const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
    H5Pset_fclose_degree(access.get(), H5F_CLOSE_STRONG);
    Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.get()), H5Fclose);
    if (!file.valid()) {
        throw StoreError(
            path.string() + " is truncated or corrupt (" + error_text() +
            "). Restore it from a copy; where the run's journal is still there, `misfire resume` writes it anew.");
    }
    return file;
}

herr_t add_name(hid_t, const char* name, const H5L_info_t*, void* names) {
    static_cast<std::vector<std::string>*>(names)->emplace_back(name);
    return 0;
}

herr_t add_attribute_name(hid_t, const char* name, const H5A_info_t*, void* names) {
    static_cast<std::vector<std::string>*>(names)->emplace_back(name);
    return 0;
}

Handle variable_string() {
    Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
    H5Tset_size(type.get(), H5T_VARIABLE);
    H5Tset_cset(type.get(), H5T_CSET_UTF8);
    return type;
}

// A compound type of one member, with which HDF5 picks one column out of the rows.
Handle one_column(const std::string& column, hid_t type) {
    Handle compound(H5Tcreate(H5T_COMPOUND, H5Tget_size(type)), H5Tclose);
    H5Tinsert(compound.get(), column.c_str(), 0, type);
    return compound;
}

}  // namespace

Reader::Reader(const std::filesystem::path& path) : path_(path), file_(open_file(path)) {}

void Reader::corrupt(const std::string& what) const {
    const std::string cause = H5Eget_num(H5E_DEFAULT) > 0 ? " (" + error_text() + ")" : "";
    throw StoreError(
        path_.string() + " is corrupt: " + what + cause +
        ". Restore it from a copy; where the run's journal is still there, `misfire resume` writes it anew.");
}

Handle Reader::open_object(const std::string& path) const {
    Handle object(H5Oopen(file_.get(), path.c_str(), H5P_DEFAULT), H5Oclose);
    if (!object.valid()) corrupt(path + " is missing");
    return object;
}

Handle Reader::open_dataset(const std::string& path) const {
    Handle dataset(H5Dopen2(file_.get(), path.c_str(), H5P_DEFAULT), H5Dclose);
    if (!dataset.valid()) corrupt(path + " is missing");
    return dataset;
}

std::size_t Reader::elements(const Handle& dataset, const std::string& path) const {
    const Handle space(H5Dget_space(dataset.get()), H5Sclose);
    const hssize_t count = space.valid() ? H5Sget_simple_extent_npoints(space.get()) : -1;
    if (count < 0 || count > most_elements) corrupt(path + " has no sensible size");
    return static_cast<std::size_t>(count);
}

Handle Reader::attribute(const Handle& object, const std::string& name) const {
    Handle attribute(H5Aopen(object.get(), name.c_str(), H5P_DEFAULT), H5Aclose);
    if (!attribute.valid()) corrupt("attribute " + name + " cannot be read");
    return attribute;
}

std::string Reader::text_of(const Handle& attribute, const std::string& name) const {
    const Handle stored(H5Aget_type(attribute.get()), H5Tclose);
    if (H5Tis_variable_str(stored.get()) <= 0) corrupt("attribute " + name + " is no text");
    const Handle type = variable_string();
    char* data = nullptr;
    if (H5Aread(attribute.get(), type.get(), &data) < 0) corrupt("attribute " + name + " cannot be read");
    std::string text = data == nullptr ? "" : data;
    H5free_memory(data);
    return text;
}

std::optional<std::string> Reader::text_attribute(const std::string& path, const std::string& name) const {
    const Handle object = open_object(path);
    if (H5Aexists(object.get(), name.c_str()) <= 0) return std::nullopt;
    return text_of(attribute(object, name), name);
}

std::optional<std::int64_t> Reader::integer_attribute(const std::string& path, const std::string& name) const {
    const Handle object = open_object(path);
    if (H5Aexists(object.get(), name.c_str()) <= 0) return std::nullopt;
    std::int64_t value = 0;
    if (H5Aread(attribute(object, name).get(), H5T_NATIVE_INT64, &value) < 0)
        corrupt("attribute " + name + " is no number");
    return value;
}

std::optional<std::uint64_t> Reader::unsigned_attribute(const std::string& path, const std::string& name) const {
    const Handle object = open_object(path);
    if (H5Aexists(object.get(), name.c_str()) <= 0) return std::nullopt;
    std::uint64_t value = 0;
    if (H5Aread(attribute(object, name).get(), H5T_NATIVE_UINT64, &value) < 0)
        corrupt("attribute " + name + " is no number");
    return value;
}

std::map<std::string, std::string> Reader::text_attributes(const std::string& path) const {
    const Handle object = open_object(path);
    std::vector<std::string> names;
    if (H5Aiterate2(object.get(), H5_INDEX_NAME, H5_ITER_INC, nullptr, &add_attribute_name, &names) < 0) {
        corrupt("the attributes of " + path + " cannot be read");
    }
    std::map<std::string, std::string> texts;
    for (const std::string& name : names) texts[name] = text_of(attribute(object, name), name);
    return texts;
}

std::vector<ColumnKind> Reader::columns(const std::string& table) const {
    const Handle object = open_object(table);
    if (H5Iget_type(object.get()) != H5I_DATASET) return {};
    const Handle stored(H5Dget_type(object.get()), H5Tclose);
    if (H5Tget_class(stored.get()) != H5T_COMPOUND) return {};
    std::vector<ColumnKind> columns;
    const int members = H5Tget_nmembers(stored.get());
    for (int m = 0; m < members; ++m) {
        const auto member = static_cast<unsigned>(m);
        char* name = H5Tget_member_name(stored.get(), member);
        if (name == nullptr) corrupt("table " + table + " cannot be read");
        columns.push_back({name, H5Tget_member_class(stored.get(), member) == H5T_STRING});
        H5free_memory(name);
    }
    return columns;
}

std::vector<std::string> Reader::texts(const std::string& table, const std::string& column) const {
    const Handle dataset = open_dataset(table);
    const Handle stored(H5Dget_type(dataset.get()), H5Tclose);
    const int index =
        H5Tget_class(stored.get()) == H5T_COMPOUND ? H5Tget_member_index(stored.get(), column.c_str()) : -1;
    if (index < 0 || H5Tget_member_class(stored.get(), static_cast<unsigned>(index)) != H5T_STRING) {
        corrupt("table " + table + " has no text column " + column);
    }
    const Handle member(H5Tget_member_type(stored.get(), static_cast<unsigned>(index)), H5Tclose);
    if (H5Tis_variable_str(member.get()) != 0)
        corrupt("column " + column + " of table " + table + " has no fixed length");
    const std::size_t length = H5Tget_size(member.get());
    const std::size_t rows = elements(dataset, table);
    if (length == 0 || rows > static_cast<std::size_t>(most_elements) / length)
        corrupt(table + " has no sensible size");
    std::string bytes(rows * length, '\0');
    const Handle type = one_column(column, member.get());
    if (rows > 0 && H5Dread(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data()) < 0) {
        corrupt("table " + table + " cannot be read");
    }
    std::vector<std::string> values;
    for (std::size_t row = 0; row < rows; ++row) {
        const char* text = bytes.data() + row * length;
        values.emplace_back(text, ::strnlen(text, length));
    }
    return values;
}

template <typename T>
std::vector<T> Reader::numbers(const std::string& table, const std::string& column, hid_t number) const {
    const Handle dataset = open_dataset(table);
    std::vector<T> values(elements(dataset, table));
    const Handle type = one_column(column, number);
    if (!values.empty() && H5Dread(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0) {
        corrupt("column " + column + " of table " + table + " cannot be read");
    }
    return values;
}

std::vector<double> Reader::reals(const std::string& table, const std::string& column) const {
    return numbers<double>(table, column, H5T_NATIVE_DOUBLE);
}

std::vector<std::int64_t> Reader::integers(const std::string& table, const std::string& column) const {
    return numbers<std::int64_t>(table, column, H5T_NATIVE_INT64);
}

std::vector<std::string> Reader::strings(const std::string& path) const {
    const Handle dataset = open_dataset(path);
    const Handle stored(H5Dget_type(dataset.get()), H5Tclose);
    if (H5Tis_variable_str(stored.get()) <= 0) corrupt(path + " holds no texts");
    std::vector<char*> pointers(elements(dataset, path));
    const Handle type = variable_string();
    if (!pointers.empty() && H5Dread(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()) < 0) {
        corrupt(path + " cannot be read");
    }
    std::vector<std::string> values;
    for (const char* text : pointers) values.emplace_back(text == nullptr ? "" : text);
    for (char* text : pointers) H5free_memory(text);
    return values;
}

template <typename T>
std::vector<T> Reader::array_of(const std::string& path, hid_t number) const {
    const Handle dataset = open_dataset(path);
    const Handle stored(H5Dget_type(dataset.get()), H5Tclose);
    const H5T_class_t kind = H5Tget_class(stored.get());
    if (kind != H5T_INTEGER && kind != H5T_FLOAT) corrupt(path + " holds no numbers");
    std::vector<T> values(elements(dataset, path));
    if (!values.empty() && H5Dread(dataset.get(), number, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0) {
        corrupt(path + " cannot be read");
    }
    return values;
}

std::vector<double> Reader::array(const std::string& path) const { return array_of<double>(path, H5T_NATIVE_DOUBLE); }

std::vector<float> Reader::floats(const std::string& path) const { return array_of<float>(path, H5T_NATIVE_FLOAT); }

std::vector<std::int32_t> Reader::integers32(const std::string& path) const {
    return array_of<std::int32_t>(path, H5T_NATIVE_INT32);
}

std::vector<std::int8_t> Reader::bytes(const std::string& path) const {
    return array_of<std::int8_t>(path, H5T_NATIVE_INT8);
}

bool Reader::has(const std::string& path) const {
    // H5Lexists wants every group on the way to be there.
    for (std::size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
        const std::string part = path.substr(0, end);
        if (part != "/" && H5Lexists(file_.get(), part.c_str(), H5P_DEFAULT) <= 0) return false;
        if (end == std::string::npos) return true;
    }
}

std::vector<std::string> Reader::children(const std::string& group) const {
    const Handle object = open_object(group);
    std::vector<std::string> names;
    if (H5Literate(object.get(), H5_INDEX_NAME, H5_ITER_INC, nullptr, &add_name, &names) < 0)
        corrupt(group + " is no group");
    return names;
}

}  // namespace misfire::hdf5
