#include "results/partners.h"

#include <algorithm>

namespace misfire {
namespace {

const char* const no_reference = "this shift has no reference level to pair with";

Partner reference_level(const ShiftInfo& shift, const std::vector<Cell>& cells, std::size_t c) {
    if (shift.kind == "sequence" && cells[c].reference)
        return {std::nullopt, "the first frame of a sequence has no partner"};
    for (std::size_t r = 0; r < cells.size(); ++r) {
        const bool own = shift.reference_is_clean ? cells[r].shift == clean_shift : cells[r].shift == shift.name;
        if (cells[r].model == cells[c].model && cells[r].reference && own) return {r, ""};
    }
    return {std::nullopt, no_reference};
}

Partner earlier_level(const RunRecord& record, std::size_t shift, const std::vector<Cell>& cells, std::size_t c) {
    const ShiftInfo& info = record.shifts[shift];
    const std::vector<std::size_t> curve = curve_cells(record, cells, cells[c].model, shift);
    const auto place = static_cast<std::size_t>(std::find(curve.begin(), curve.end(), c) - curve.begin());
    const std::size_t stride = std::max<std::size_t>(info.pairs_stride, 1);
    if (place >= stride) return {curve[place - stride], ""};
    return {std::nullopt, "there is no " + info.unit + " " + std::to_string(stride) + " before this one"};
}

}  // namespace

Partner partner_of(const RunRecord& record, const std::vector<Cell>& cells, std::size_t c) {
    for (std::size_t s = 0; s < record.shifts.size(); ++s) {
        const ShiftInfo& shift = record.shifts[s];
        if (shift.name != cells[c].shift) continue;
        switch (shift.pairs_with) {
            case PairsWith::reference: return reference_level(shift, cells, c);
            case PairsWith::previous: return earlier_level(record, s, cells, c);
            case PairsWith::none: return {std::nullopt, no_reference};
        }
    }
    return {c, ""};  // the shared clean cell
}

}  // namespace misfire
