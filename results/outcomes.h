// From the outputs of a model to rows of outcomes, and from rows to bytes and back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/model.h"
#include "core/outcome.h"

namespace misfire {

// values: [rows, columns] row-major, of the given kind (not regression: ModelError). targets: one class index per row,
// -1 where unknown; an empty span makes the model's own answer the target. Ties go to the lowest class index.
// Probabilities are computed in double with a shifted softmax. A row with NaN or infinity is `not_finite` (-inf is a
// fair log-probability). A probability of 0 for the target gives a loss of 87.34 nats (-log of the smallest normal
// float), not infinity. Throws DataError when a target is not below `columns`, InternalError when the lengths do not
// fit.
Outcomes score_outputs(std::span<const float> values, std::int64_t rows, std::int64_t columns, OutputKind kind,
                       std::span<const std::int32_t> targets);

// Class indices of the five largest outputs of each row, largest first, ties by class index: the kept column "top5",
// [rows * 5]. NaN in rows that score_outputs() calls not finite. Requires at least five columns.
std::vector<float> top5_classes(std::span<const float> values, std::int64_t rows, std::int64_t columns,
                                OutputKind kind);

// A regression: values [rows, columns], one answer or one per quantile and row; `actual`: the truth per row. The answer
// is the quantile nearest to 0.5. Fills value_column and actual_column, with several columns quantiles_column, too.
Outcomes score_regression(std::span<const float> values, std::int64_t rows, std::int64_t columns,
                          std::span<const double> quantiles, std::span<const float> actual);

// `rows` rows that count nowhere: code is `unreadable` or `not_run`.
Outcomes uncounted_rows(std::size_t rows, std::int32_t code);

// Adds the rows of `more` at the end. A kept column that only one side has is filled with NaN on the other.
void append(Outcomes& outcomes, const Outcomes& more);

// Row i of `from` becomes row at[i] of `to`. A kept column that `to` lacks is created with NaN in the rows not named.
void assign(Outcomes& to, std::span<const std::uint32_t> at, const Outcomes& from);

// Row i of the result is row rows[i] of `outcomes`.
Outcomes reordered(const Outcomes& outcomes, std::span<const std::uint32_t> rows);

// Self-describing little-endian bytes with a version, lengths and a checksum. Throws StoreError for bytes that are not
// whole.
std::vector<std::byte> to_bytes(const Outcomes& outcomes);
Outcomes outcomes_from_bytes(std::span<const std::byte> bytes);

}  // namespace misfire
