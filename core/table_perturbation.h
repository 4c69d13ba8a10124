// The seam of everything that changes a table or a series.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/perturbation.h"
#include "core/random.h"
#include "core/table.h"

namespace misfire {

// What a change reaches: the numbers that models are shown, the truth that they are compared with, or both.
enum class Moves { inputs, labels, both };

inline const char* name_of(Moves moves) {
    switch (moves) {
        case Moves::inputs: return "inputs";
        case Moves::labels: return "labels";
        case Moves::both: return "both";
    }
    return "";
}

// `domain` is "table" where rows may stand in any order, "series" where a time column is needed. The parameter of
// severity is the share s in [0, 1] of the full change, published for "any" size as .2 .4 .6 .8 1.
struct TablePerturbationInfo : PerturbationInfo {
    Moves moves = Moves::inputs;
    std::string effect;  // what TableChange::effect says: "mean of the target after the onset over what it was"
    // Resampling and the like change which rows are shown, not what is in them.
    bool changes_rows = false;
};

struct TableChange {
    // The changed table, all rows. `samples` stay as many as before, but samples[i] may be another row than in the
    // clean table: it is then that row which place i shows. The caller computes the columns of data.derived again; a
    // family that sets such a column itself (stale lags) has taken it out of there.
    TableData data;
    double effect = 0.0;  // realised effect size
};

class TablePerturbation {
  public:
    virtual ~TablePerturbation() = default;
    virtual const TablePerturbationInfo& info() const = 0;
    // First row that changes, where the change has an onset.
    virtual std::optional<std::size_t> onset(const TableData& clean) const {
        static_cast<void>(clean);
        return std::nullopt;
    }
    // Pure in (clean, severity, random); the rows that a higher severity changes contain those of a lower one. Requires
    // 0 < severity <= info().max_severity. Throws UsageError when an option does not fit the table (no such column,
    // onset outside the series), naming value, limit and remedy.
    virtual TableChange apply(const TableData& clean, double severity, const Random& random) const = 0;
};

struct TablePerturbationEntry {
    TablePerturbationInfo (*info)();
    // Throws UsageError when an option is unknown or out of range.
    std::unique_ptr<TablePerturbation> (*make)(const Options& options);
};

}  // namespace misfire
