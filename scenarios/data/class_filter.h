// Data sets cut down to some of their classes.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/dataset.h"

namespace misfire {

// The samples of the named classes only, or all others. The classes that are left are counted anew from 0, and
// info().classes names them. Samples without a label are left by without_classes() only. A class without a name is
// called by its number. Throws DataError when the data has no labels, or no class of that name (with the nearest).
std::unique_ptr<Dataset> only_classes(std::unique_ptr<Dataset> data, const std::vector<std::string>& names);
std::unique_ptr<Dataset> without_classes(std::unique_ptr<Dataset> data, const std::vector<std::string>& names);

}  // namespace misfire
