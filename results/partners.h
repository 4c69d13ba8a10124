// Which cell another is compared with sample by sample.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "results/run_record.h"

namespace misfire {

struct Partner {
    std::optional<std::size_t> cell;  // index in the cells
    std::string none_because;         // why there is none
};

// The partner of cell c of cells_of(record). PairsWith::reference: the reference level, which is its own partner, but
// for the first frame of a sequence, which has none. PairsWith::previous: the level `pairs_stride` places earlier on
// the curve, none for the first ones. The clean cell is its own partner.
Partner partner_of(const RunRecord& record, const std::vector<Cell>& cells, std::size_t c);

}  // namespace misfire
