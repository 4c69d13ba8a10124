#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <numeric>

#include "core/random.h"
#include "results/monitors/batch.h"
#include "results/monitors/logistic_regression.h"

namespace misfire::monitors {

namespace {

MonitorInfo c2st_info() {
    return {
        .name = "c2st",
        .summary = "accuracy of a small classifier that tells current rows from the reference, on rows it has not seen",
        .kind = MonitorKind::batch,
        .input = MonitorInput::rows,
        .reference = MonitorReference::required,
        .warns = false,
        .parameters =
            {between("alpha", "false alarms among unchanged samples that are accepted", "0.05", 0, 1),
             word("terms",
                  "what the logistic regression sees: linear (features: shifts of means) or squares (features and "
                  "their squares: also of spreads)",
                  "squares", {"squares", "linear"}),
             between("ridge", "penalty of the squared weights", "1", 0), seed_parameter("the split")},
        .guarantee = "for independent rows the chance of a false alarm is at most alpha (exact binomial test)",
        .source =
            "Lopez-Paz and Oquab, Revisiting classifier two-sample tests, ICLR 2017; here logistic regression on half "
            "of as many rows of each sample as the smaller one has, tested on the other half"};
}

// Rows of both samples, labelled and standardised.
struct Labelled {
    std::vector<double> values;
    std::vector<double> labels;  // 1: current
    std::size_t columns = 0;
    MonitorRows rows() const { return {values, labels.size(), columns}; }
};

std::vector<std::size_t> shuffled(std::size_t rows, const Random& random, std::uint32_t stream) {
    std::vector<std::size_t> order(rows);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::vector<float> uniforms(rows);
    random.uniform(uniforms, stream);
    for (std::size_t i = 0; i + 1 < rows; ++i) {
        const auto span = static_cast<double>(rows - i);
        std::swap(order[i], order[i + static_cast<std::size_t>(static_cast<double>(uniforms[i]) * span)]);
    }
    return order;
}

// Columns to mean 0 and deviation 1 over `by`; constant ones to 0.
void standardise(const Labelled& by, const std::vector<Labelled*>& all) {
    const std::size_t columns = by.columns;
    std::vector<double> mean(columns, 0.0);
    std::vector<double> scale(columns, 0.0);
    const auto n = static_cast<double>(by.labels.size());
    for (std::size_t i = 0; i < by.values.size(); ++i) mean[i % columns] += by.values[i] / n;
    for (std::size_t i = 0; i < by.values.size(); ++i) {
        const double off = by.values[i] - mean[i % columns];
        scale[i % columns] += off * off / n;
    }
    for (double& s : scale) s = s > 0.0 ? 1.0 / std::sqrt(s) : 0.0;
    for (Labelled* one : all) {
        for (std::size_t i = 0; i < one->values.size(); ++i)
            one->values[i] = (one->values[i] - mean[i % columns]) * scale[i % columns];
    }
}

void add_squares(Labelled& data) {
    std::vector<double> wider;
    wider.reserve(2 * data.values.size());
    for (std::size_t r = 0; r < data.labels.size(); ++r) {
        const auto row = data.rows().row(r);
        wider.insert(wider.end(), row.begin(), row.end());
        for (const double value : row) wider.push_back(value * value);
    }
    data.values = std::move(wider);
    data.columns *= 2;
}

class C2st : public BatchMonitor {
  public:
    explicit C2st(const MonitorSettings& settings) : settings_(settings) {}

    void fit(const MonitorRows& reference) override {
        check_rows(reference, "c2st", "reference", 20);
        reference_.assign(reference.values.begin(), reference.values.end());
        columns_ = reference.columns;
    }

    BatchResult test(const MonitorRows& current) const override {
        if (columns_ == 0) refuse_unfitted("c2st");
        check_rows(current, "c2st", "current sample", 20, columns_);
        const MonitorRows reference{reference_, reference_.size() / columns_, columns_};
        const std::size_t each = std::min(reference.rows, current.rows);
        const Random random(KeyHash().add("c2st").add(static_cast<std::uint64_t>(settings_.number("seed"))).value());
        Labelled seen{{}, {}, columns_};
        Labelled unseen{{}, {}, columns_};
        split(reference, 0.0, shuffled(reference.rows, random, 0), each, seen, unseen);
        split(current, 1.0, shuffled(current.rows, random, 1), each, seen, unseen);
        standardise(Labelled(seen), {&seen, &unseen});
        if (settings_.word("terms") == "squares") {
            add_squares(seen);
            add_squares(unseen);
            standardise(Labelled(seen), {&seen, &unseen});
        }
        const auto weights = fit_logistic_regression(seen.rows(), seen.labels, settings_.number("ridge"));
        return verdict(unseen, weights);
    }

  private:
    static void split(const MonitorRows& rows, double label, const std::vector<std::size_t>& order, std::size_t each,
                      Labelled& seen, Labelled& unseen) {
        for (std::size_t i = 0; i < each; ++i) {
            Labelled& to = i < each / 2 ? seen : unseen;
            const auto row = rows.row(order[i]);
            to.values.insert(to.values.end(), row.begin(), row.end());
            to.labels.push_back(label);
        }
    }

    BatchResult verdict(const Labelled& unseen, const std::vector<double>& weights) const {
        std::size_t right = 0;
        for (std::size_t r = 0; r < unseen.labels.size(); ++r) {
            const bool says_current = logistic_margin(unseen.rows().row(r), weights) > 0.0;
            right += says_current == (unseen.labels[r] == 1.0) ? 1 : 0;
        }
        const auto n = static_cast<double>(unseen.labels.size());
        BatchResult result;
        result.statistic = static_cast<double>(right) / n;
        result.p_value = right == 0 ? 1.0
                                    : boost::math::cdf(boost::math::complement(boost::math::binomial(n, 0.5),
                                                                               static_cast<double>(right) - 1.0));
        result.threshold = settings_.number("alpha");
        result.alarm = result.p_value <= result.threshold;
        return result;
    }

    MonitorSettings settings_;
    std::vector<double> reference_;
    std::size_t columns_ = 0;
};

std::unique_ptr<BatchMonitor> make(const MonitorSettings& settings) { return std::make_unique<C2st>(settings); }

}  // namespace

const MonitorEntry& c2st() {
    static const MonitorEntry entry{c2st_info(), nullptr, make, nullptr};
    return entry;
}

}  // namespace misfire::monitors
