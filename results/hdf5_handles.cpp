#include "results/hdf5_handles.h"

namespace misfire::hdf5 {
namespace {

std::mutex& library_mutex() {
    static std::mutex mutex;
    return mutex;
}

herr_t first_message(unsigned index, const H5E_error2_t* error, void* text) {
    if (index == 0 && error->desc != nullptr) *static_cast<std::string*>(text) = error->desc;
    return 0;
}

}  // namespace

LibraryLock::LibraryLock() : lock_(library_mutex()) { H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr); }

std::string error_text() {
    std::string text;
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, &first_message, &text);
    H5Eclear2(H5E_DEFAULT);
    return text.empty() ? "no reason given" : text;
}

}  // namespace misfire::hdf5
