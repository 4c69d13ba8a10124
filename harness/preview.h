// What a scenario or a choice of perturbations does to a few images, as a contact sheet, without a model.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/dataset.h"
#include "core/shift.h"
#include "harness/pictures/contact_sheet.h"

namespace misfire {

struct PreviewOptions {
    std::string title;
    Geometry geometry;
    std::uint64_t seed = 0;
    std::size_t samples = 1;  // a seeded choice, stratified by label, as `limit` makes it
};

struct Preview {
    ContactSheet sheet;           // per sample: rows are shifts, the first column is clean, the others are levels
    std::size_t empty_cells = 0;  // that could not be made; the reason is in their place
};

// Shifts whose levels mean different things (severities, domains) get grids of their own. Images that cannot be read
// are reported on stderr and left out. Throws DataError when none is left.
Preview make_preview(const Dataset& data, const std::vector<std::unique_ptr<Shift>>& shifts,
                     const PreviewOptions& options);

}  // namespace misfire
