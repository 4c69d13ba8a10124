// Names of things as names of HDF5 links.
#pragma once

#include <algorithm>
#include <string>

namespace misfire {

// A link name may hold anything but '/'; "." alone means the group itself.
inline std::string link_name(std::string name) {
    std::replace(name.begin(), name.end(), '/', '_');
    return name == "." ? "_" : name;
}

}  // namespace misfire
