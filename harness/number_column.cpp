#include "harness/number_column.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/error.h"
#include "core/nearest_name.h"

namespace misfire {

namespace {

std::string trimmed(const std::string& cell) {
    const std::size_t first = cell.find_first_not_of(" \t");
    if (first == std::string::npos) return "";
    return cell.substr(first, cell.find_last_not_of(" \t") - first + 1);
}

std::optional<double> parsed(const std::string& cell) {
    const std::string text = trimmed(cell);
    const char* begin = text.data() + (text.starts_with('+') ? 1 : 0);
    double value = 0.0;
    const auto [end, fault] = std::from_chars(begin, text.data() + text.size(), value);
    if (text.empty() || fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

bool is_number_of_column(const std::string& text) {
    return !text.empty() && text.size() < 10 && text.find_first_not_of("0123456789") == std::string::npos;
}

}  // namespace

std::optional<double> NumberColumn::next() {
    if (!rows_.next(record_)) {
        if (!found_)
            throw DataError(rows_.name() +
                            " is empty. Give rows of comma-separated values, with or without column names.");
        if (!any_)
            throw DataError(rows_.name() +
                            " names its columns and has no rows below. Give at least one row of values.");
        return std::nullopt;
    }
    if (!found_) {
        find(record_);
        found_ = true;
        if (!name_.empty()) return next();
        name_ = std::to_string(at_);
    }
    any_ = true;
    if (at_ >= record_.cells.size())
        throw DataError(rows_.name() + ":" + std::to_string(record_.line) + ": the row has " +
                        std::to_string(record_.cells.size()) + (record_.cells.size() == 1 ? " cell" : " cells") +
                        ", and column `" + name_ + "` is number " + std::to_string(at_) +
                        " (from 0). Complete the row or remove it.");
    return number(record_.cells[at_]);
}

std::string NumberColumn::place() const {
    return rows_.name() + ":" + std::to_string(record_.line) + ": column `" + name_ + "`";
}

// Sets at_, and name_ if the first row is one of names.
void NumberColumn::find(const CsvRecord& first) {
    const auto named = std::find(first.cells.begin(), first.cells.end(), wanted_);
    const bool number = is_number_of_column(wanted_) && std::stoul(wanted_) < first.cells.size();
    if (!wanted_.empty() && named != first.cells.end() && !number) {
        at_ = static_cast<std::size_t>(named - first.cells.begin());
        name_ = wanted_;
        return;
    }
    if (!wanted_.empty() && !is_number_of_column(wanted_)) refuse_column(first);
    at_ = wanted_.empty() ? 0 : std::stoul(wanted_);
    if (at_ >= first.cells.size()) refuse_column(first);
    if (!parsed(first.cells[at_])) name_ = first.cells[at_].empty() ? std::to_string(at_) : first.cells[at_];
}

void NumberColumn::refuse_column(const CsvRecord& first) const {
    const std::string count = std::to_string(first.cells.size()) + (first.cells.size() == 1 ? " column" : " columns");
    if (is_number_of_column(wanted_))
        throw UsageError(rows_.name() + " has " + count + ", and --column " + wanted_ +
                         " counts from 0. Give a number below " + std::to_string(first.cells.size()) + ".");
    const bool names =
        std::any_of(first.cells.begin(), first.cells.end(), [](const auto& cell) { return !parsed(cell); });
    if (!names)
        throw UsageError(rows_.name() + " has no column names, so none is `" + wanted_ + "`. Give a number: it has " +
                         count + ", counted from 0.");
    throw UsageError(rows_.name() + " has no column `" + wanted_ + "`." + did_you_mean(wanted_, first.cells));
}

double NumberColumn::number(const std::string& cell) const {
    const std::optional<double> value = parsed(cell);
    if (value && std::isfinite(*value)) return *value;
    throw DataError(place() + (trimmed(cell).empty() ? " is empty" : " holds `" + trimmed(cell) + "`") +
                    (value                   ? ", which is not finite"
                     : trimmed(cell).empty() ? ""
                                             : ", which is no number") +
                    ". Monitors take finite numbers: remove the row or fill it.");
}

}  // namespace misfire
