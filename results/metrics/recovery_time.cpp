#include <deque>
#include <limits>

#include "results/metrics/errors_of_rows.h"

namespace misfire {
namespace {

constexpr std::size_t rolling = 7;  // rows: days of a daily series
constexpr double tolerated = 1.2;   // times the reference

class FixedNumber : public Statistic {
  public:
    explicit FixedNumber(double number) : number_(number) {}
    double value(std::span<const std::int32_t>) const override { return number_; }

  private:
    double number_;
};

// From the first row at which the rolling error is beyond what is tolerated to the first after it at which it is not. A
// rolling mean wanders by itself: rows at which the answers err as they do on clean data are no break.
double recovery(const MetricInput& input) {
    double reference = 0.0;
    for (const std::uint32_t row : input.rows) reference += std::abs(error_of_row(*input.reference, row));
    const double limit = tolerated * reference / static_cast<double>(input.rows.size());
    std::deque<double> last;
    double sum = 0.0;
    std::size_t broken_at = input.rows.size();
    for (std::size_t i = 0; i < input.rows.size(); ++i) {
        const double error = error_of_row(input.outcomes, input.rows[i]);
        last.push_back(std::abs(error));
        sum += last.back();
        if (last.size() > rolling) {
            sum -= last.front();
            last.pop_front();
        }
        if (last.size() < rolling) continue;
        const bool beyond = sum / static_cast<double>(rolling) > limit;
        const bool damaged = std::abs(error - error_of_row(*input.reference, input.rows[i])) > 1e-9 * limit;
        if (broken_at == input.rows.size() && beyond && damaged) broken_at = i;
        if (broken_at < input.rows.size() && !beyond) return static_cast<double>(i - broken_at);
    }
    return broken_at == input.rows.size() ? 0.0 : std::numeric_limits<double>::infinity();
}

class RecoveryTime : public Metric {
  public:
    const MetricInfo& info() const override {
        static const MetricInfo info{
            .name = "recovery_time",
            .summary =
                "rows (days of a daily series) from where the rolling 7-row absolute error first exceeds 1.2 times the "
                "reference level's mean until it is back; 0 where it never does, infinite where it stays",
            .unit = "rows",
            .direction = Direction::lower_is_better,
            .breaking = BreakingRule::none,
            .interval = Interval::none,
            .regression = true,
            .in_time = true,
            .pairs = true,
            .minimum_classes = 0,
            .reference = "rolling 7-day error within 1.2 times the reference",
        };
        return info;
    }
    std::string undefined_because(const MetricInput& input) const override {
        if (input.rows.size() < rolling) return "fewer than 7 rows";
        const std::string why = because_of_missing_answers(input);
        return !why.empty() ? why : because_of_missing_answers({*input.reference, nullptr, input.rows, 0, {}, 0, {}});
    }
    std::unique_ptr<Statistic> over(const MetricInput& input) const override {
        return std::make_unique<FixedNumber>(recovery(input));
    }
};

}  // namespace

const Metric& recovery_time_metric() {
    static const RecoveryTime metric;
    return metric;
}

}  // namespace misfire
