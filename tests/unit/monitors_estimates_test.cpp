// Estimators of accuracy without labels, against the definitions and scikit-learn.
#include <gmock/gmock.h>

#include "results/monitors/isotonic_regression.h"
#include "tests/unit/monitors_fixture.h"

namespace misfire::test {
namespace {

// Probabilities whose sharpness is `sharpness`, and labels drawn from them at sharpness 1: calibrated only there.
struct Sample {
    std::vector<double> probabilities;
    std::vector<std::int32_t> labels;
    std::size_t classes = 0;
    MonitorRows rows() const { return {probabilities, labels.size(), classes}; }
    nlohmann::json json() const {
        nlohmann::json p = nlohmann::json::array();
        for (std::size_t r = 0; r < labels.size(); ++r) {
            const auto row = rows().row(r);
            p.push_back(std::vector<double>(row.begin(), row.end()));
        }
        return {{"p", p}, {"y", labels}};
    }
    double accuracy() const {
        double right = 0.0;
        for (std::size_t r = 0; r < labels.size(); ++r) {
            const auto row = rows().row(r);
            right += std::max_element(row.begin(), row.end()) - row.begin() == labels[r] ? 1.0 : 0.0;
        }
        return right / static_cast<double>(labels.size());
    }
};

Sample sample(std::uint64_t seed, std::size_t rows, std::size_t classes, double spread, double sharpness) {
    const Stream logits = normal_stream(seed, {0.0}, rows * classes);
    std::vector<float> draws(rows);
    Random(seed + 500).uniform(draws, 3);
    Sample out;
    out.classes = classes;
    for (std::size_t r = 0; r < rows; ++r) {
        double truth = 0.0;
        double shown = 0.0;
        for (std::size_t c = 0; c < classes; ++c) {
            truth += std::exp(spread * logits[r * classes + c]);
            shown += std::exp(sharpness * spread * logits[r * classes + c]);
        }
        double rest = static_cast<double>(draws[r]) * truth;
        std::int32_t label = 0;
        for (std::size_t c = 0; c < classes; ++c) {
            out.probabilities.push_back(std::exp(sharpness * spread * logits[r * classes + c]) / shown);
            rest -= std::exp(spread * logits[r * classes + c]);
            if (rest >= 0.0) label = static_cast<std::int32_t>(std::min(c + 1, classes - 1));
        }
        out.labels.push_back(label);
    }
    return out;
}

std::unique_ptr<AccuracyEstimator> estimator(const std::string& text) {
    const MonitorSpecification specification = parse_monitor(text);
    return specification.entry->make_estimator(specification.settings);
}

EstimatedAccuracy estimate_of(const std::string& text, const Sample& validation, const Sample& current) {
    const auto made = estimator(text);
    made->fit(validation.rows(), validation.labels);
    return made->estimate(current.rows());
}

const Sample& validation() {
    static const Sample one = sample(1, 600, 4, 1.5, 1.4);
    return one;
}
const Sample& shifted() {
    static const Sample one = sample(2, 400, 4, 0.8, 1.4);
    return one;
}

const std::string read_all =
    "import numpy as np\nv, t = given['v'], given['t']\np, y, q = np.array(v['p']), np.array(v['y']), "
    "np.array(t['p'])\n"
    "right = p.argmax(1) == y\n";

double python_estimate(const std::string& lines) {
    return python_lines(read_all + lines, {{"v", validation().json()}, {"t", shifted().json()}}).get<double>();
}

TEST(AverageConfidence, IsTheMeanOfTheLargest) {
    EXPECT_NEAR(estimate_of("average_confidence", validation(), shifted()).value,
                python_estimate("out = q.max(1).mean()"), 1e-12);
}

TEST(Doc, SubtractsTheLossOfConfidence) {
    EXPECT_NEAR(estimate_of("doc", validation(), shifted()).value,
                python_estimate("out = right.mean() - (p.max(1).mean() - q.max(1).mean())"), 1e-12);
}

// The scan of the reference code: the threshold on sorted validation scores with as many wrong answers at or above it
// as right ones below.
TEST(Atc, ThresholdBalancesTheMistakes) {
    const auto lines = [](const std::string& score) {
        return "score = lambda p: " + score +
               "\ns = score(p)\n"
               "cuts = np.append(np.unique(s), np.inf)\n"
               "off = [abs(int(np.sum((s >= c) & ~right)) - int(np.sum((s < c) & right))) for c in cuts]\n"
               "out = float(np.mean(score(q) >= cuts[int(np.argmin(off))]))";
    };
    EXPECT_NEAR(estimate_of("atc:score=mc", validation(), shifted()).value, python_estimate(lines("p.max(1)")), 1e-12);
    EXPECT_NEAR(estimate_of("atc", validation(), shifted()).value, python_estimate(lines("(p * np.log(p)).sum(1)")),
                1e-12);
}

TEST(Atc, TheValidationDataGetTheirOwnAccuracy) {
    for (const char* monitor : {"atc", "atc:score=mc"})
        EXPECT_NEAR(estimate_of(monitor, validation(), validation()).value, validation().accuracy(), 1e-12) << monitor;
}

TEST(Atc, AllWrongAndAllRight) {
    Sample all = validation();
    for (std::size_t r = 0; r < all.labels.size(); ++r) {
        const auto row = all.rows().row(r);
        all.labels[r] = static_cast<std::int32_t>(std::max_element(row.begin(), row.end()) - row.begin());
    }
    EXPECT_DOUBLE_EQ(estimate_of("atc", all, all).value, 1.0);
    for (auto& label : all.labels) label = (label + 1) % 4;
    EXPECT_DOUBLE_EQ(estimate_of("atc", all, shifted()).value, 0.0);
}

TEST(Cbpe, IsotonicCalibrationAsScikitLearn) {
    const nlohmann::json theirs =
        python_lines(read_all +
                         "from sklearn.isotonic import IsotonicRegression\n"
                         "cal = lambda k: IsotonicRegression(y_min=0, y_max=1, out_of_bounds='clip').fit(p[:, k], y == "
                         "k).predict(q[:, k])\n"
                         "c = np.array([cal(k) for k in range(p.shape[1])]).T\nc /= c.sum(1, keepdims=True)\n"
                         "value = c[np.arange(len(q)), q.argmax(1)].mean()\nband = 3 * right.std() / len(q) ** .5\n"
                         "out = [value, max(0, value - band), min(1, value + band)]",
                     {{"v", validation().json()}, {"t", shifted().json()}});
    const EstimatedAccuracy ours = estimate_of("cbpe", validation(), shifted());
    EXPECT_NEAR(ours.value, theirs[0].get<double>(), 1e-9);
    EXPECT_NEAR(ours.low, theirs[1].get<double>(), 1e-9);
    EXPECT_NEAR(ours.high, theirs[2].get<double>(), 1e-9);
}

TEST(Isotonic, AsScikitLearnWithTiesAndBeyondTheRange) {
    Stream x;
    Stream y;
    const Stream noise = normal_stream(9, {0.0}, 120);
    for (std::size_t i = 0; i < noise.size(); ++i) {
        x.push_back(std::round(10.0 * noise[i]) / 4.0);
        y.push_back(noise[i] + noise[(i * 7 + 3) % noise.size()]);
    }
    Stream at;
    for (int step = 0; step < 140; ++step) at.push_back(-9.0 + 0.13 * step);
    monitors::IsotonicRegression ours;
    ours.fit(x, y);
    const nlohmann::json theirs = python_lines(
        "from sklearn.isotonic import IsotonicRegression\n"
        "out = list(IsotonicRegression(out_of_bounds='clip').fit(given['x'], given['y']).predict(given['at']))",
        {{"x", x}, {"y", y}, {"at", at}});
    for (std::size_t i = 0; i < at.size(); ++i) EXPECT_NEAR(ours.at(at[i]), theirs[i].get<double>(), 1e-9) << at[i];
}

// The labels of the shifted sample follow the same law given the outputs, so calibration carries over.
TEST(Estimates, CbpeIsCloseWhereItsAssumptionHolds) {
    const Sample large = sample(3, 20000, 4, 1.5, 1.4);
    const Sample shift = sample(4, 20000, 4, 0.8, 1.4);
    const EstimatedAccuracy cbpe = estimate_of("cbpe", large, shift);
    EXPECT_NEAR(cbpe.value, shift.accuracy(), 0.02);
    EXPECT_LT(cbpe.low, shift.accuracy());
    EXPECT_GT(cbpe.high, cbpe.value);
    EXPECT_GT(std::abs(estimate_of("average_confidence", large, shift).value - shift.accuracy()), 0.04)
        << "an over-confident model deceives the plain mean";
}

TEST(Estimates, WrongInputIsRefusedWithTheReason) {
    using testing::HasSubstr;
    using testing::ThrowsMessage;
    for (const MonitorEntry* entry : all_monitors()) {
        if (entry->info.kind != MonitorKind::estimate) continue;
        const std::string& name = entry->info.name;
        const auto made = estimator(name);
        if (entry->info.reference == MonitorReference::required) {
            EXPECT_THAT([&] { made->estimate(shifted().rows()); }, ThrowsMessage<UsageError>(HasSubstr("no reference")))
                << name;
        }
        Sample wrong = validation();
        wrong.labels[5] = 4;
        EXPECT_THAT([&] { made->fit(wrong.rows(), wrong.labels); }, ThrowsMessage<DataError>(HasSubstr("label 4")))
            << name;
        wrong = validation();
        wrong.probabilities[3] = 4.5;
        EXPECT_THAT([&] { made->fit(wrong.rows(), wrong.labels); }, ThrowsMessage<DataError>(HasSubstr("not logits")))
            << name;
        EXPECT_THAT([&] { made->fit(validation().rows(), std::vector<std::int32_t>{1}); },
                    ThrowsMessage<DataError>(HasSubstr("1 labels")))
            << name;
    }
}

}  // namespace
}  // namespace misfire::test
