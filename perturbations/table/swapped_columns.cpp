// Two columns of a file changed places: both are numbers, so nothing complains.
#include <utility>

#include "perturbations/table/draws.h"
#include "perturbations/table/family.h"

namespace misfire {

namespace {

TablePerturbationInfo describe() {
    TablePerturbationInfo info;
    info.name = "swapped_columns";
    info.summary = "two features are exchanged in some rows";
    info.domain = "table";
    info.category = "pipeline";
    info.effect = "share of the samples in which they are exchanged";
    info.parameters = {share_of_the_change("of the rows in which they are exchanged")};
    info.options = {{.name = "first",
                     .meaning = "column; empty: the first feature that holds numbers and is not computed from others",
                     .default_value = "",
                     .choices = {}},
                    {.name = "second", .meaning = "column; empty: the next one", .default_value = "", .choices = {}}};
    info.reference = "our own levels";
    return info;
}

class SwappedColumns final : public TableFamily {
  public:
    explicit SwappedColumns(const Options& given) : TableFamily(describe(), given) {}

  private:
    TableChange change(const TableData& clean, double s, const Random& random) const override {
        const auto [first, second] = pair(clean);
        const std::vector<float> draws = uniforms(random, clean.table.rows(), 0);
        TableChange change{clean, 0.0};
        std::vector<double>& a = change.data.table.columns[first].values;
        std::vector<double>& b = change.data.table.columns[second].values;
        for (std::size_t row = 0; row < a.size(); ++row) {
            if (static_cast<double>(draws[row]) < s) std::swap(a[row], b[row]);
        }
        for (const std::uint32_t row : clean.samples) change.effect += static_cast<double>(draws[row]) < s ? 1.0 : 0.0;
        change.effect /= static_cast<double>(clean.samples.size());
        keep_as_set(change.data, first);
        keep_as_set(change.data, second);
        return change;
    }

    std::pair<std::size_t, std::size_t> pair(const TableData& clean) const {
        std::vector<std::size_t> chosen;
        for (const char* option : {"first", "second"}) {
            if (!text(option).empty()) chosen.push_back(column(clean, option, text(option)));
        }
        for (const std::size_t raw : raw_numeric_features(clean)) {
            if (chosen.size() < 2 && (chosen.empty() || chosen.front() != raw)) chosen.push_back(raw);
        }
        if (chosen.size() < 2)
            refuse(
                "exchanges two features that hold numbers, and there are fewer that are not computed from others. "
                "Name them: first: <name>, second: <name>.");
        for (const std::size_t c : chosen) {
            if (c == clean.target || clean.table.columns[c].categorical())
                refuse("exchanges features that hold numbers, and `" + clean.table.columns[c].name +
                       (c == clean.target ? "` is the target." : "` holds categories.") +
                       " Name another one: first: <name>, second: <name>.");
        }
        if (chosen[0] == chosen[1])
            refuse("cannot exchange `" + text("first") + "` with itself. Let `first` and `second` name two columns.");
        return {chosen[0], chosen[1]};
    }
};

}  // namespace

namespace families {
TablePerturbationEntry swapped_columns() { return {describe, make_family<SwappedColumns>}; }
}  // namespace families

}  // namespace misfire
