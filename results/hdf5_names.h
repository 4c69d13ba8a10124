// Where things stand in a results.h5. Shared by its writer and its readers.
#pragma once

#include <algorithm>
#include <string>

namespace misfire::hdf5 {

// A link name may hold anything but '/'; "." alone means the group itself.
inline std::string link_name(std::string name) {
    std::replace(name.begin(), name.end(), '/', '_');
    return name == "." ? "_" : name;
}

inline std::string outcomes_folder(const std::string& model, const std::string& shift, const std::string& label) {
    return "/samples/outcomes/" + link_name(model) + "/" + link_name(shift) + "/" + link_name(label);
}

inline std::string attribute_column(const std::string& attribute) {
    const std::string name = link_name(attribute);
    return "/samples/columns/" + (name == "id" || name == "target" ? "attribute_" + name : name);
}

}  // namespace misfire::hdf5
