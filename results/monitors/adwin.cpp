#include "results/monitors/streaming.h"

namespace misfire::monitors {

namespace {

MonitorParameter adwin_reset() {
    MonitorParameter parameter = reset_parameter();
    parameter.meaning +=
        "; true is start, false is none: there the window only drops its oldest part, as river before 0.12";
    parameter.choices = {"start", "inside", "none", "true", "false"};
    return parameter;
}

MonitorInfo adwin_info() {
    return {
        .name = "adwin",
        .summary = "a window that drops its older part when the means of both parts differ",
        .kind = MonitorKind::streaming,
        .input = MonitorInput::value,
        .reference = MonitorReference::none,
        .warns = false,
        .parameters = {between("delta", "confidence of a cut", "0.002", 0, 1),
                       whole("clock", "values between two tests", "32", 1),
                       whole("grace", "no test while the window holds no more values than this", "10", 0),
                       whole("min", "smallest part of the window that is compared", "5", 1),
                       whole("buckets", "buckets of each size; more are finer and slower", "5", 2, 1000),
                       word("boundaries",
                            "where the window may be cut: all (every bucket boundary, present river) or older (river "
                            "before its rewrite, frouros: all but the newest bucket of each size, which neither part "
                            "then holds)",
                            "all", {"all", "older"}),
                       adwin_reset()},
        .guarantee = "for values in [0, 1], the chance of a false cut at one test is at most about delta; tests repeat",
        .source =
            "Bifet and Gavalda, Learning from time-changing data with adaptive windowing, SDM 2007; "
            "river.drift.ADWIN"};
}

// Exponential histogram: row r holds up to `buckets` buckets of 2^r values each, oldest first.
class Adwin {
  public:
    explicit Adwin(const MonitorSettings& settings)
        : delta_(settings.number("delta")),
          clock_(settings.whole("clock")),
          grace_(settings.number("grace")),
          min_(settings.number("min")),
          buckets_(settings.whole("buckets")),
          older_(settings.word("boundaries") == "older"),
          rows_(1, Row(buckets_ + 1)) {}

    void reset() {
        rows_.erase(rows_.begin() + 1, rows_.end());
        rows_.front().count = 0;
        width_ = total_ = squares_ = 0.0;
        tick_ = 0;
    }

    Signal update(double x) {
        insert(x);
        if (++tick_ < clock_) return Signal::none;
        tick_ = 0;
        if (width_ <= grace_) return Signal::none;
        bool cut = false;
        while (find_cut()) {
            drop_oldest();
            cut = true;
        }
        return signal_of(cut, false);
    }

  private:
    struct Bucket {
        double total = 0.0;
        double squares = 0.0;  // sum of squared deviations from the bucket's mean
    };
    struct Row {
        explicit Row(std::size_t capacity) : buckets(capacity) {}
        void push(Bucket bucket) { buckets[count++] = bucket; }
        void drop(std::size_t n) {
            count -= n;
            for (std::size_t i = 0; i < count; ++i) buckets[i] = buckets[i + n];
        }
        std::vector<Bucket> buckets;
        std::size_t count = 0;
    };

    static double size_of(std::size_t row) { return static_cast<double>(std::uint64_t{1} << row); }

    void insert(double x) {
        if (width_ > 0.0) {
            const double off = x - total_ / width_;
            squares_ += width_ * off * off / (width_ + 1.0);
        }
        width_ += 1.0;
        total_ += x;
        rows_.front().push({x, 0.0});
        for (std::size_t r = 0; rows_[r].count > buckets_; ++r) {
            if (r + 1 == rows_.size()) rows_.emplace_back(buckets_ + 1);
            const Bucket a = rows_[r].buckets[0];
            const Bucket b = rows_[r].buckets[1];
            const double off = (a.total - b.total) / size_of(r);
            rows_[r + 1].push({a.total + b.total, a.squares + b.squares + 0.5 * size_of(r) * off * off});
            rows_[r].drop(2);
        }
    }

    void drop_oldest() {
        Row& row = rows_.back();
        const double n = size_of(rows_.size() - 1);
        const Bucket bucket = row.buckets[0];
        width_ -= n;
        total_ -= bucket.total;
        const double off = bucket.total / n - total_ / width_;
        squares_ -= bucket.squares + n * width_ * off * off / (n + width_);
        squares_ = std::max(0.0, squares_);
        row.drop(1);
        while (rows_.size() > 1 && rows_.back().count == 0) rows_.pop_back();
    }

    // Whether the window differs on both sides of some boundary, from the oldest on.
    bool find_cut() const {
        const double d = std::log(2.0 * std::log(width_) / delta_);
        const double spread = 2.0 * squares_ / width_ * d;
        double n0 = 0.0;
        double u0 = 0.0;
        for (std::size_t r = rows_.size(); r-- > 0;) {
            const Row& row = rows_[r];
            const std::size_t visited = older_ ? std::max<std::size_t>(row.count, 1) - 1 : row.count;
            for (std::size_t k = 0; k < visited; ++k) {
                n0 += size_of(r);
                u0 += row.buckets[k].total;
                const double n1 = width_ - n0;
                if (n1 < min_) return false;
                if (n0 < min_) continue;
                const double m = 1.0 / (n0 - min_ + 1.0) + 1.0 / (n1 - min_ + 1.0);
                const double limit = std::sqrt(m * spread) + 2.0 / 3.0 * d * m;
                if (std::abs(u0 / n0 - (total_ - u0) / n1) > limit) return true;
            }
        }
        return false;
    }

    double delta_;
    std::size_t clock_;
    double grace_, min_;
    std::size_t buckets_;
    bool older_;
    std::vector<Row> rows_;
    double width_ = 0.0;
    double total_ = 0.0;
    double squares_ = 0.0;
    std::size_t tick_ = 0;
};

}  // namespace

const MonitorEntry& adwin() {
    static const MonitorEntry entry{adwin_info(), make_stream<Adwin>, nullptr, nullptr};
    return entry;
}

}  // namespace misfire::monitors
