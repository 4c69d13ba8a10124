#include "results/outcomes.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "core/error.h"
#include "core/random.h"

namespace misfire {
namespace {

constexpr float nan_float = std::numeric_limits<float>::quiet_NaN();
constexpr double smallest_probability = static_cast<double>(std::numeric_limits<float>::min());

bool is_answer(std::span<const float> row, OutputKind kind) {
    return std::all_of(row.begin(), row.end(), [kind](float value) {
        return std::isfinite(value) || (kind == OutputKind::log_probabilities && std::isinf(value) && value < 0.0F);
    });
}

// Fills `probabilities` and returns the logarithm of the target's, which keeps its digits where the probability itself
// underflows.
double log_probability(std::span<const float> row, OutputKind kind, std::size_t target,
                       std::span<double> probabilities) {
    if (kind == OutputKind::logits) {
        const double top = static_cast<double>(*std::max_element(row.begin(), row.end()));
        double sum = 0.0;
        for (std::size_t c = 0; c < row.size(); ++c) {
            probabilities[c] = std::exp(static_cast<double>(row[c]) - top);
            sum += probabilities[c];
        }
        for (double& p : probabilities) p /= sum;
        return static_cast<double>(row[target]) - top - std::log(sum);
    }
    for (std::size_t c = 0; c < row.size(); ++c) {
        const double value = static_cast<double>(row[c]);
        probabilities[c] = kind == OutputKind::probabilities ? value : std::exp(value);
    }
    if (kind == OutputKind::probabilities) return std::log(std::max(probabilities[target], smallest_probability));
    return std::max(static_cast<double>(row[target]), std::log(smallest_probability));
}

// Classes that come before the target when the outputs are sorted, equal ones by class index.
std::int32_t rank_of(std::span<const float> row, std::size_t target) {
    std::int32_t rank = 0;
    for (std::size_t c = 0; c < row.size(); ++c) {
        if (row[c] > row[target] || (row[c] == row[target] && c < target)) ++rank;
    }
    return rank;
}

double squared_error(std::span<const double> probabilities, std::size_t target) {
    double sum = 0.0;
    for (std::size_t c = 0; c < probabilities.size(); ++c) {
        const double error = probabilities[c] - (c == target ? 1.0 : 0.0);
        sum += error * error;
    }
    return sum;
}

void score_row(std::span<const float> row, OutputKind kind, std::optional<std::int32_t> target, Outcomes& out,
               std::size_t i, std::span<double> probabilities) {
    out.target[i] = target.value_or(-1);
    if (!is_answer(row, kind)) {
        out.prediction[i] = not_finite;
        out.target_rank[i] = static_cast<std::int32_t>(row.size());
        return;
    }
    const auto top = static_cast<std::int32_t>(std::max_element(row.begin(), row.end()) - row.begin());
    out.prediction[i] = top;
    if (!target) out.target[i] = top;
    const bool known = out.target[i] >= 0;
    const auto aim = static_cast<std::size_t>(known ? out.target[i] : top);
    const double log_p = log_probability(row, kind, aim, probabilities);
    out.confidence[i] = static_cast<float>(*std::max_element(probabilities.begin(), probabilities.end()));
    out.target_rank[i] = known ? rank_of(row, aim) : static_cast<std::int32_t>(row.size());
    if (!known) return;
    out.loss[i] = static_cast<float>(-log_p);
    out.brier[i] = static_cast<float>(squared_error(probabilities, aim));
}

void check_targets(std::span<const std::int32_t> targets, std::int64_t columns) {
    for (const std::int32_t target : targets) {
        if (target < columns) continue;
        throw DataError("label " + std::to_string(target) + " does not fit a model with " + std::to_string(columns) +
                        " outputs (0 to " + std::to_string(columns - 1) +
                        "). Give the data set and the model the same classes.");
    }
}

// One function per column would be repeated in append, assign and the byte form: this visits them all.
template <typename Visit>
void for_columns(Visit visit) {
    visit(&Outcomes::prediction);
    visit(&Outcomes::target);
    visit(&Outcomes::target_rank);
    visit(&Outcomes::confidence);
    visit(&Outcomes::loss);
    visit(&Outcomes::brier);
}

std::size_t width_of(const std::vector<float>& kept, std::size_t rows) { return rows == 0 ? 0 : kept.size() / rows; }

constexpr std::string_view magic = "MFOC";
constexpr std::uint32_t format_version = 1;
static_assert(std::endian::native == std::endian::little, "the byte form is written as it lies in memory");

std::uint64_t checksum(std::span<const std::byte> bytes) {
    return KeyHash().add(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size())).value();
}

class Writer {
  public:
    template <typename T>
    void number(T value) {
        static_assert(std::is_arithmetic_v<T>);
        raw(&value, sizeof value);
    }
    void raw(const void* data, std::size_t size) {
        const std::size_t at = bytes_.size();
        bytes_.resize(at + size);
        if (size > 0) std::memcpy(bytes_.data() + at, data, size);
    }
    std::vector<std::byte> finish() {
        number(checksum(bytes_));
        return std::move(bytes_);
    }

  private:
    std::vector<std::byte> bytes_;
};

[[noreturn]] void broken(const char* what) {
    throw StoreError(std::string("stored outcomes are not whole: ") + what +
                     ". The file is damaged; run the scenario again.");
}

class Reader {
  public:
    explicit Reader(std::span<const std::byte> bytes) : bytes_(bytes) {}
    template <typename T>
    T number() {
        T value{};
        raw(&value, 1, sizeof value);
        return value;
    }
    void raw(void* data, std::size_t count, std::size_t size_of_one) {
        if (count > (bytes_.size() - at_) / size_of_one) broken("they end early");
        if (count > 0) std::memcpy(data, bytes_.data() + at_, count * size_of_one);
        at_ += count * size_of_one;
    }
    template <typename T>
    void column(std::vector<T>& values, std::uint64_t count) {
        if (count > (bytes_.size() - at_) / sizeof(T)) broken("they end early");
        values.resize(static_cast<std::size_t>(count));
        raw(values.data(), values.size(), sizeof(T));
    }
    bool at_end() const { return at_ == bytes_.size(); }

  private:
    std::span<const std::byte> bytes_;
    std::size_t at_ = 0;
};

}  // namespace

Outcomes score_outputs(std::span<const float> values, std::int64_t rows, std::int64_t columns, OutputKind kind,
                       std::span<const std::int32_t> targets) {
    if (kind == OutputKind::regression)
        throw ModelError("a regression model has no classes to score. Give a classifier.");
    const auto count = static_cast<std::size_t>(rows);
    const auto width = static_cast<std::size_t>(columns);
    if (rows < 0 || columns < 1 || values.size() != count * width || (!targets.empty() && targets.size() != count)) {
        throw InternalError("score_outputs: " + std::to_string(values.size()) + " values and " +
                            std::to_string(targets.size()) + " targets for " + std::to_string(rows) + " x " +
                            std::to_string(columns) + " outputs");
    }
    check_targets(targets, columns);
    Outcomes out = uncounted_rows(count, unreadable);
    std::vector<double> probabilities(width);
    for (std::size_t i = 0; i < count; ++i) {
        const auto target = targets.empty() ? std::nullopt : std::optional(std::max(targets[i], -1));
        score_row(values.subspan(i * width, width), kind, target, out, i, probabilities);
    }
    return out;
}

std::vector<float> top5_classes(std::span<const float> values, std::int64_t rows, std::int64_t columns,
                                OutputKind kind) {
    constexpr std::size_t places = 5;
    const auto width = static_cast<std::size_t>(columns);
    if (rows < 0 || width < places || values.size() != static_cast<std::size_t>(rows) * width) {
        throw InternalError("top5_classes: " + std::to_string(values.size()) + " values for " + std::to_string(rows) +
                            " x " + std::to_string(columns) + " outputs");
    }
    std::vector<float> classes;
    classes.reserve(static_cast<std::size_t>(rows) * places);
    std::vector<std::size_t> order(width);
    for (std::size_t i = 0; i < static_cast<std::size_t>(rows); ++i) {
        const auto row = values.subspan(i * width, width);
        if (!is_answer(row, kind)) {
            classes.insert(classes.end(), places, nan_float);
            continue;
        }
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::partial_sort(order.begin(), order.begin() + places, order.end(),
                          [&](std::size_t a, std::size_t b) { return row[a] > row[b] || (row[a] == row[b] && a < b); });
        for (std::size_t place = 0; place < places; ++place) classes.push_back(static_cast<float>(order[place]));
    }
    return classes;
}

Outcomes score_regression(std::span<const float> values, std::int64_t rows, std::int64_t columns,
                          std::span<const double> quantiles, std::span<const float> actual) {
    const auto count = static_cast<std::size_t>(rows);
    const auto width = static_cast<std::size_t>(columns);
    if (columns < 1 || values.size() != count * width || actual.size() != count)
        throw InternalError("score_regression: lengths do not fit");
    std::size_t middle = 0;
    for (std::size_t q = 1; q < std::min(width, quantiles.size()); ++q) {
        if (std::abs(quantiles[q] - 0.5) < std::abs(quantiles[middle] - 0.5)) middle = q;
    }
    Outcomes out = uncounted_rows(count, unreadable);
    std::vector<float>& answers = out.kept[value_column];
    for (std::size_t i = 0; i < count; ++i) {
        const float answer = values[i * width + middle];
        answers.push_back(answer);
        out.prediction[i] = std::isfinite(answer) ? 0 : not_finite;
        out.target_rank[i] = 0;
    }
    out.kept[actual_column].assign(actual.begin(), actual.end());
    if (width > 1 || !quantiles.empty()) out.kept[quantiles_column].assign(values.begin(), values.end());
    return out;
}

Outcomes uncounted_rows(std::size_t rows, std::int32_t code) {
    Outcomes out;
    out.prediction.assign(rows, code);
    out.target.assign(rows, -1);
    out.target_rank.assign(rows, code);
    out.confidence.assign(rows, nan_float);
    out.loss.assign(rows, nan_float);
    out.brier.assign(rows, nan_float);
    return out;
}

void append(Outcomes& outcomes, const Outcomes& more) {
    const std::size_t before = outcomes.size();
    for (const auto& [name, values] : more.kept) {
        auto& column = outcomes.kept[name];
        if (column.empty()) column.assign(before * width_of(values, more.size()), nan_float);
    }
    for (auto& [name, column] : outcomes.kept) {
        const auto found = more.kept.find(name);
        if (found != more.kept.end()) {
            column.insert(column.end(), found->second.begin(), found->second.end());
        } else {
            column.insert(column.end(), more.size() * width_of(column, before), nan_float);
        }
    }
    for_columns([&](auto member) {
        auto& column = outcomes.*member;
        column.insert(column.end(), (more.*member).begin(), (more.*member).end());
    });
}

void assign(Outcomes& to, std::span<const std::uint32_t> at, const Outcomes& from) {
    if (at.size() != from.size() ||
        std::any_of(at.begin(), at.end(), [&](std::uint32_t row) { return row >= to.size(); })) {
        throw InternalError("assign: " + std::to_string(from.size()) + " rows to " + std::to_string(at.size()) +
                            " places of " + std::to_string(to.size()));
    }
    for_columns([&](auto member) {
        for (std::size_t i = 0; i < at.size(); ++i) (to.*member)[at[i]] = (from.*member)[i];
    });
    for (const auto& [name, values] : from.kept) {
        const std::size_t width = width_of(values, from.size());
        auto& column = to.kept[name];
        if (column.empty()) column.assign(to.size() * width, nan_float);
        if (column.size() != to.size() * width)
            throw InternalError("assign: kept column `" + name + "` changed its width");
        for (std::size_t i = 0; i < at.size(); ++i) {
            std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(i * width), width,
                        column.begin() + static_cast<std::ptrdiff_t>(at[i] * width));
        }
    }
}

Outcomes reordered(const Outcomes& outcomes, std::span<const std::uint32_t> rows) {
    Outcomes out = uncounted_rows(rows.size(), not_run);
    for_columns([&](auto member) {
        for (std::size_t i = 0; i < rows.size(); ++i) (out.*member)[i] = (outcomes.*member)[rows[i]];
    });
    for (const auto& [name, values] : outcomes.kept) {
        const std::size_t width = width_of(values, outcomes.size());
        auto& column = out.kept[name];
        for (const std::uint32_t row : rows) {
            const auto first = values.begin() + static_cast<std::ptrdiff_t>(row * width);
            column.insert(column.end(), first, first + static_cast<std::ptrdiff_t>(width));
        }
    }
    return out;
}

std::vector<std::byte> to_bytes(const Outcomes& outcomes) {
    Writer writer;
    writer.raw(magic.data(), magic.size());
    writer.number(format_version);
    writer.number(static_cast<std::uint64_t>(outcomes.size()));
    for_columns([&](auto member) {
        const auto& column = outcomes.*member;
        if (column.size() != outcomes.size()) throw InternalError("outcomes with columns of different lengths");
        writer.raw(column.data(), column.size() * sizeof(column[0]));
    });
    writer.number(static_cast<std::uint64_t>(outcomes.kept.size()));
    for (const auto& [name, values] : outcomes.kept) {
        writer.number(static_cast<std::uint64_t>(name.size()));
        writer.raw(name.data(), name.size());
        writer.number(static_cast<std::uint64_t>(values.size()));
        writer.raw(values.data(), values.size() * sizeof(float));
    }
    return writer.finish();
}

Outcomes outcomes_from_bytes(std::span<const std::byte> bytes) {
    if (bytes.size() < magic.size() + sizeof(std::uint32_t) + sizeof(std::uint64_t)) broken("they are too short");
    const auto body = bytes.first(bytes.size() - sizeof(std::uint64_t));
    Reader tail(bytes.last(sizeof(std::uint64_t)));
    if (tail.number<std::uint64_t>() != checksum(body)) broken("their checksum is wrong");
    Reader reader(body);
    std::string found(magic.size(), '\0');
    reader.raw(found.data(), found.size(), 1);
    if (found != magic) broken("they are something else");
    if (const auto version = reader.number<std::uint32_t>(); version > format_version) {
        throw StoreError("stored outcomes have format " + std::to_string(version) + "; this misfire reads up to " +
                         std::to_string(format_version) + ". They were written by a newer misfire: use that one.");
    }
    Outcomes out;
    const auto rows = reader.number<std::uint64_t>();
    for_columns([&](auto member) { reader.column(out.*member, rows); });
    const auto kept = reader.number<std::uint64_t>();
    for (std::uint64_t k = 0; k < kept; ++k) {
        std::vector<char> name;
        reader.column(name, reader.number<std::uint64_t>());
        std::vector<float>& values = out.kept[std::string(name.begin(), name.end())];
        reader.column(values, reader.number<std::uint64_t>());
        if (rows == 0 ? !values.empty() : values.size() % rows != 0) broken("a kept column has the wrong length");
    }
    if (!reader.at_end()) broken("something follows them");
    return out;
}

}  // namespace misfire
