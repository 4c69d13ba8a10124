// Batch monitors against SciPy, scikit-learn and NumPy.
#include <gmock/gmock.h>

#include <numeric>

#include "results/monitors/ks_distribution.h"
#include "results/monitors/logistic_regression.h"
#include "tests/unit/monitors_fixture.h"

namespace misfire::test {
namespace {

struct Matrix {
    std::vector<double> values;
    std::size_t columns = 0;
    std::size_t size() const { return values.size() / columns; }
    MonitorRows rows() const { return {values, size(), columns}; }
    nlohmann::json json() const {
        nlohmann::json out = nlohmann::json::array();
        for (std::size_t r = 0; r < size(); ++r) {
            const auto row = rows().row(r);
            out.push_back(std::vector<double>(row.begin(), row.end()));
        }
        return out;
    }
};

Matrix normal_matrix(std::uint64_t seed, std::size_t rows, std::size_t columns, double shift = 0.0,
                     double scale = 1.0) {
    Matrix matrix{normal_stream(seed, {0.0}, rows * columns), columns};
    for (double& value : matrix.values) value = shift + scale * value;
    return matrix;
}

// Whole numbers, so full of ties.
Matrix category_matrix(std::uint64_t seed, std::size_t rows, std::size_t columns, double spread) {
    Matrix matrix = normal_matrix(seed, rows, columns, 0.0, spread);
    for (double& value : matrix.values) value = std::round(value);
    return matrix;
}

Matrix probability_matrix(std::uint64_t seed, std::size_t rows, std::size_t classes, double favour = 0.0) {
    Matrix matrix = normal_matrix(seed, rows, classes, 0.0, 1.5);
    for (std::size_t r = 0; r < rows; ++r) {
        matrix.values[r * classes] += favour;
        double sum = 0.0;
        for (std::size_t c = 0; c < classes; ++c)
            sum += matrix.values[r * classes + c] = std::exp(matrix.values[r * classes + c]);
        for (std::size_t c = 0; c < classes; ++c) matrix.values[r * classes + c] /= sum;
    }
    return matrix;
}

std::unique_ptr<BatchMonitor> batch_monitor(const std::string& text) {
    const MonitorSpecification specification = parse_monitor(text);
    return specification.entry->make_batch(specification.settings);
}

BatchResult result_of(const std::string& text, const Matrix& reference, const Matrix& current) {
    const auto monitor = batch_monitor(text);
    monitor->fit(reference.rows());
    return monitor->test(current.rows());
}

void expect_close(double ours, double theirs, const std::string& what, double relative = 1e-9) {
    EXPECT_NEAR(ours, theirs, relative * std::abs(theirs) + 1e-300) << what;
}

const std::string read_both = "import numpy as np\na, b = np.array(given['a']), np.array(given['b'])\n";

// Each feature's statistic and p-value as Python computes them from columns x (reference) and y.
void expect_features(const std::string& monitor, const Matrix& a, const Matrix& b, const std::string& lines) {
    const nlohmann::json theirs = python_lines(
        read_both + "from scipy import stats, spatial, special\nout = []\nfor x, y in zip(a.T, b.T):\n" + lines,
        {{"a", a.json()}, {"b", b.json()}});
    const BatchResult ours = result_of(monitor, a, b);
    ASSERT_EQ(ours.features.size(), theirs.size()) << monitor;
    for (std::size_t c = 0; c < theirs.size(); ++c) {
        const std::string what = monitor + ", column " + std::to_string(c);
        expect_close(ours.features[c].statistic, theirs[c][0], what);
        if (theirs[c].size() > 1) expect_close(ours.features[c].p_value, theirs[c][1], what + " p");
    }
}

const std::string ks_lines = "    r = stats.ks_2samp(x, y, method='auto')\n    out.append([r.statistic, r.pvalue])\n";

TEST(Ks, ExactAsScipy) {
    // Equal sizes, unequal sizes with and without a common divisor, ties, far and near.
    expect_features("ks", normal_matrix(1, 200, 3), normal_matrix(2, 200, 3, 0.2), ks_lines);
    expect_features("ks", normal_matrix(1, 150, 3), normal_matrix(2, 100, 3, 0.3), ks_lines);
    expect_features("ks", normal_matrix(1, 97, 3), normal_matrix(2, 41, 3, 0.4, 1.3), ks_lines);
    expect_features("ks", category_matrix(1, 80, 3, 2.0), category_matrix(2, 60, 3, 2.5), ks_lines);
    expect_features("ks", normal_matrix(1, 60, 2), normal_matrix(2, 300, 2, 1.5), ks_lines);
    expect_features("ks", normal_matrix(3, 2000, 2), normal_matrix(4, 1500, 2, 0.05), ks_lines);
}

TEST(Ks, AsymptoticAsScipy) {
    const std::string lines = "    r = stats.ks_2samp(x, y, method='asymp')\n    out.append([r.statistic, r.pvalue])\n";
    // p below about 0.02 comes from Smirnov's exact one-sided sum, above from Pelz and Good.
    expect_features("ks:method=asymptotic", normal_matrix(1, 900, 3), normal_matrix(2, 700, 3, 0.15), lines);
    expect_features("ks:method=asymptotic", normal_matrix(1, 900, 3), normal_matrix(2, 800, 3, 0.5), lines);
}

TEST(Ks, AsymptoticSurvivalFunction) {
    const std::vector<std::size_t> sizes = {150, 1000, 5000, 50000};
    const std::vector<double> roots = {0.4, 0.6, 0.8, 1.0, 1.2, 1.4, 1.48, 1.5, 1.8, 2.5, 4.0};
    const nlohmann::json theirs = python_lines(
        "from scipy.stats import kstwo\nout = [[kstwo.sf(z / n ** .5, n) for z in given['z']] for n in given['n']]",
        {{"n", sizes}, {"z", roots}});
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        for (std::size_t k = 0; k < roots.size(); ++k) {
            const double d = roots[k] / std::sqrt(static_cast<double>(sizes[i]));
            const double limit = sizes[i] < 1000 ? 1e-5 : 1e-9 + 0.05 / std::pow(static_cast<double>(sizes[i]), 2.0);
            EXPECT_NEAR(monitors::ks_one_sample(sizes[i], d), theirs[i][k].get<double>(),
                        limit * theirs[i][k].get<double>() + 1e-300)
                << sizes[i] << " " << roots[k];
        }
    }
}

TEST(Ks, LargeSamplesAreAsymptoticByDefault) {
    expect_features("ks", normal_matrix(1, 12000, 1), normal_matrix(2, 9000, 1, 0.01), ks_lines);
}

TEST(Ks, CorrectionForManyFeatures) {
    const Matrix a = normal_matrix(1, 100, 8);
    const Matrix b = normal_matrix(2, 100, 8, 0.3);
    const nlohmann::json theirs = python_lines(read_both +
                                                   "from scipy import stats\n"
                                                   "p = sorted(stats.ks_2samp(x, y).pvalue for x, y in zip(a.T, b.T))\n"
                                                   "out = [p[0], min(v * len(p) / (i + 1) for i, v in enumerate(p))]",
                                               {{"a", a.json()}, {"b", b.json()}});
    const BatchResult bonferroni = result_of("ks", a, b);
    expect_close(bonferroni.p_value, theirs[0], "smallest");
    EXPECT_DOUBLE_EQ(bonferroni.threshold, 0.05 / 8);
    EXPECT_EQ(bonferroni.alarm, bonferroni.p_value <= 0.05 / 8);
    const BatchResult fdr = result_of("ks:correction=fdr", a, b);
    expect_close(fdr.p_value, theirs[1], "Benjamini and Hochberg");
    EXPECT_DOUBLE_EQ(fdr.threshold, 0.05);
    EXPECT_DOUBLE_EQ(result_of("ks:correction=none:alpha=0.01", a, b).threshold, 0.01);
}

TEST(Chi2, AsScipy) {
    const auto lines = [](const std::string& yates) {
        return "    values = np.unique(np.concatenate([x, y]))\n"
               "    t = [[np.sum(s == v) for v in values] for s in (x, y)]\n"
               "    r = stats.chi2_contingency(t, correction=" +
               yates + ")\n    out.append([r[0], r[1]])\n";
    };
    expect_features("chi2", category_matrix(1, 300, 3, 1.0), category_matrix(2, 200, 3, 1.3), lines("True"));
    Matrix two = category_matrix(3, 120, 2, 1.0);
    Matrix more = category_matrix(4, 90, 2, 1.6);
    for (Matrix* matrix : {&two, &more}) {
        for (double& value : matrix->values) value = value > 0.0 ? 1.0 : 0.0;
    }
    expect_features("chi2", two, more, lines("True"));
    expect_features("chi2:yates=false", two, more, lines("False"));
    EXPECT_DOUBLE_EQ(result_of("chi2", {{1, 1, 1}, 1}, {{1, 1}, 1}).p_value, 1.0) << "one category cannot differ";
}

TEST(Wasserstein, AsScipy) {
    const std::string lines = "    d = stats.wasserstein_distance(x, y)\n    out.append([d / max(np.std(x), .001)])\n";
    expect_features("wasserstein", normal_matrix(1, 300, 3), normal_matrix(2, 170, 3, 0.4, 2.0), lines);
    expect_features("wasserstein", category_matrix(1, 90, 2, 3.0), category_matrix(2, 50, 2, 2.0), lines);
    expect_features("wasserstein:scale=none", normal_matrix(1, 300, 3), normal_matrix(2, 170, 3, 5.0),
                    "    out.append([stats.wasserstein_distance(x, y)])\n");
}

TEST(JensenShannon, AsScipyOverNumpysBins) {
    const Matrix a = normal_matrix(1, 400, 3);
    const Matrix b = normal_matrix(2, 250, 3, 0.5, 1.5);
    expect_features("jensen_shannon", a, b,
                    "    edges = np.histogram_bin_edges(x, bins='doane')\n"
                    "    p = np.append(np.histogram(x, edges)[0] / len(x), 0)\n"
                    "    q = np.histogram(y, edges)[0] / len(y)\n"
                    "    q = np.append(q, 1 - q.sum())\n"
                    "    out.append([spatial.distance.jensenshannon(p, q, base=2)])\n");
    expect_features("jensen_shannon:bins=sturges:base=e", a, b,
                    "    edges = np.histogram_bin_edges(np.concatenate([x, y]), bins='sturges')\n"
                    "    p, q = np.histogram(x, edges)[0], np.histogram(y, edges)[0]\n"
                    "    out.append([spatial.distance.jensenshannon(p, q)])\n");
    expect_features("jensen_shannon:bins=values", category_matrix(1, 90, 2, 2.0), category_matrix(2, 70, 2, 1.0),
                    "    v = np.unique(np.concatenate([x, y]))\n"
                    "    p, q = [[np.sum(s == k) for k in v] for s in (x, y)]\n"
                    "    out.append([spatial.distance.jensenshannon(p, q, base=2)])\n");
    const BatchResult apart = result_of("jensen_shannon", {{1, 2, 3, 4}, 1}, {{8, 9}, 1});
    EXPECT_DOUBLE_EQ(apart.statistic, 1.0) << "distance of disjoint samples in base 2";
}

TEST(Psi, AsNumpy) {
    const auto lines = [](const std::string& edges) {
        return "    edges = " + edges +
               "\n"
               "    share = lambda s: np.bincount(np.digitize(s, edges), minlength=len(edges) + 1) / len(s)\n"
               "    p, q = [np.where(share(s) == 0, 1e-4, share(s)) for s in (x, y)]\n"
               "    out.append([np.sum((p - q) * np.log(p / q))])\n";
    };
    const std::string quantiles = "np.unique(np.quantile(x, np.linspace(0, 1, 11))[1:-1])";
    expect_features("psi", normal_matrix(1, 500, 3), normal_matrix(2, 300, 3, 0.7), lines(quantiles));
    expect_features("psi", category_matrix(1, 200, 2, 2.0), category_matrix(2, 100, 2, 1.0), lines(quantiles));
    expect_features("psi:bins=7:edges=width", normal_matrix(1, 500, 3), normal_matrix(2, 300, 3, 0.7),
                    lines("np.linspace(x.min(), x.max(), 8)[1:-1]"));
}

// Kernel matrix and permutations as a textbook has them; the permutations are those of our random numbers.
const std::string mmd_lines =
    read_both +
    "sys.path.insert(0, given['folder'])\n"
    "from monitors_reference import key_hash, uniforms\n"
    "z = np.vstack([a, b])\nn, m = len(a), len(b)\n"
    "d = ((z[:, None] - z[None]) ** 2).sum(-1)\n"
    "near = d[:n, :n] if given['median'] == 'reference' else d\n"
    "pairs = np.sort(near[np.triu_indices(len(near), 1)])\n"
    "sigma = given['sigma'] or np.sqrt(.5 * pairs[(len(pairs) - 1) // 2])\n"
    "k = np.exp(-d / (2 * sigma ** 2))\nnp.fill_diagonal(k, 0)\n"
    "def mmd(w):\n"
    "    x, y = k[np.ix_(w, w)], k[np.ix_(~w, ~w)]\n"
    "    return x.sum() / (n * (n - 1)) + y.sum() / (m * (m - 1)) - 2 * k[np.ix_(w, ~w)].mean()\n"
    "seen = mmd(np.arange(n + m) < n)\norder, count = list(range(n + m)), 0\n"
    "for b in range(1, given['permutations'] + 1):\n"
    "    for i, u in enumerate(uniforms(key_hash('mmd', given['seed']), b, 0, n)):\n"
    "        j = i + int(u * (n + m - i))\n"
    "        order[i], order[j] = order[j], order[i]\n"
    "    w = np.zeros(n + m, bool)\n    w[order[:n]] = True\n    count += mmd(w) >= seen - 1e-12\n"
    "out = [seen, (1 + int(count)) / (1 + given['permutations'])]";

TEST(Mmd, AsNumpy) {
    struct Setting {
        std::string monitor, median;
        double sigma;
        int permutations, seed;
        double shift;
    };
    const Matrix a = normal_matrix(1, 61, 4);
    for (const Setting& setting :
         {Setting{"mmd", "reference", 0.0, 100, 0, 0.1}, Setting{"mmd", "reference", 0.0, 100, 0, 0.8},
          Setting{"mmd:median=pooled:permutations=53:seed=9", "pooled", 0.0, 53, 9, 0.2},
          Setting{"mmd:sigma=0.7:permutations=19", "reference", 0.7, 19, 0, 0.0}}) {
        const Matrix b = normal_matrix(2, 45, 4, setting.shift);
        const nlohmann::json theirs = python_lines(mmd_lines, {{"a", a.json()},
                                                               {"b", b.json()},
                                                               {"folder", in_source("tests/python").string()},
                                                               {"median", setting.median},
                                                               {"sigma", setting.sigma},
                                                               {"permutations", setting.permutations},
                                                               {"seed", setting.seed}});
        const BatchResult ours = result_of(setting.monitor, a, b);
        EXPECT_NEAR(ours.statistic, theirs[0].get<double>(), 1e-12) << setting.monitor;
        EXPECT_DOUBLE_EQ(ours.p_value, theirs[1].get<double>()) << setting.monitor;
        EXPECT_GT(ours.p_value, 0.0) << "never 0: what was seen counts as one permutation";
    }
}

TEST(Mmd, RowsThatAreAllEqualAreRefusedUnlessAWidthIsGiven) {
    const Matrix equal{{1, 1, 1, 1}, 1};
    EXPECT_THROW(batch_monitor("mmd")->fit(equal.rows()), DataError);
    EXPECT_FALSE(result_of("mmd:sigma=1", equal, equal).alarm);
}

TEST(Bbsd, SoftmaxIsKsOfEachClass) {
    const Matrix a = probability_matrix(1, 300, 5);
    expect_features("bbsd", a, probability_matrix(2, 200, 5, 0.3), ks_lines);
    EXPECT_TRUE(result_of("bbsd", a, probability_matrix(2, 200, 5, 1.0)).alarm);
    EXPECT_FALSE(result_of("bbsd", a, probability_matrix(2, 200, 5)).alarm);
}

TEST(Bbsd, HardIsChi2OfPredictedClasses) {
    const Matrix a = probability_matrix(1, 300, 4);
    const Matrix b = probability_matrix(2, 200, 4, 0.6);
    const nlohmann::json theirs = python_lines(
        read_both +
            "from scipy import stats\n"
            "r = stats.chi2_contingency([np.bincount(s.argmax(1), minlength=4) for s in (a, b)])\nout = [r[0], r[1]]",
        {{"a", a.json()}, {"b", b.json()}});
    const BatchResult ours = result_of("bbsd:form=hard", a, b);
    expect_close(ours.statistic, theirs[0], "statistic");
    expect_close(ours.p_value, theirs[1], "p");
    EXPECT_TRUE(ours.features.empty());
}

TEST(C2st, LogisticRegressionAsScikitLearn) {
    const Matrix rows = normal_matrix(5, 200, 4);
    std::vector<double> labels(rows.size());
    for (std::size_t r = 0; r < labels.size(); ++r)
        labels[r] = rows.values[4 * r] - 0.5 * rows.values[4 * r + 1] + rows.values[4 * r + 3] > 0.3 ? 1.0 : 0.0;
    for (std::size_t r = 0; r < labels.size(); r += 9) labels[r] = 1.0 - labels[r];
    const std::vector<double> ours = monitors::fit_logistic_regression(rows.rows(), labels, 0.5);
    const nlohmann::json theirs = python_lines(
        "import numpy as np\nfrom sklearn.linear_model import LogisticRegression\n"
        "fit = LogisticRegression(C=2, tol=1e-12, solver='newton-cholesky').fit(np.array(given['x']), "
        "given['y'])\n"
        "out = list(fit.coef_[0]) + list(fit.intercept_)",
        {{"x", rows.json()}, {"y", labels}});
    for (std::size_t c = 0; c < ours.size(); ++c) EXPECT_NEAR(ours[c], theirs[c].get<double>(), 1e-6) << c;
}

TEST(C2st, AccuracyAndBinomialTail) {
    const Matrix a = normal_matrix(1, 300, 3);
    const BatchResult moved = result_of("c2st", a, normal_matrix(2, 200, 3, 0.8));
    EXPECT_TRUE(moved.alarm);
    EXPECT_GT(moved.statistic, 0.65);
    // 100 of each sample are kept for testing.
    const double right = std::round(200.0 * moved.statistic);
    const nlohmann::json p = python_lines("from scipy import stats\nout = stats.binom.sf(given - 1, 200, .5)", right);
    expect_close(moved.p_value, p, "binomial tail", 1e-8);
}

TEST(C2st, SquaresSeeAChangedSpreadThatALineCannot) {
    const Matrix a = normal_matrix(1, 1000, 2);
    const Matrix wide = normal_matrix(2, 1000, 2, 0.0, 1.6);
    EXPECT_TRUE(result_of("c2st", a, wide).alarm);
    EXPECT_LT(result_of("c2st:terms=linear", a, wide).statistic, 0.56);
}

// Level and power of each test, over seeded samples: what the guarantee in the metadata says.
TEST(Level, FalseAlarmsStayWithinAlpha) {
    constexpr int runs = 300;
    for (const std::string monitor : {"ks", "ks:correction=fdr", "mmd:permutations=39", "c2st", "chi2"}) {
        int alarms = 0;
        for (int run = 0; run < runs; ++run) {
            const auto seed = static_cast<std::uint64_t>(1000 + 2 * run);
            const bool categories = monitor == "chi2";
            const Matrix a = categories ? category_matrix(seed, 120, 3, 1.0) : normal_matrix(seed, 60, 3);
            const Matrix b = categories ? category_matrix(seed + 1, 120, 3, 1.0) : normal_matrix(seed + 1, 60, 3);
            alarms += result_of(monitor, a, b).alarm ? 1 : 0;
        }
        // 0.05 * 300 = 15; four standard deviations of the binomial above.
        EXPECT_LE(alarms, 30) << monitor;
    }
}

TEST(Power, AShiftOfOneDeviationIsSeenByAll) {
    for (const MonitorEntry* entry : all_monitors()) {
        if (entry->info.kind != MonitorKind::batch) continue;
        const bool probabilities = entry->info.input == MonitorInput::probabilities;
        const bool categories = entry->info.name == "chi2";
        const Matrix a = probabilities ? probability_matrix(1, 300, 4)
                         : categories  ? category_matrix(1, 300, 3, 1.0)
                                       : normal_matrix(1, 300, 3);
        const Matrix b = probabilities ? probability_matrix(2, 300, 4, 1.5)
                         : categories  ? category_matrix(2, 300, 3, 2.5)
                                       : normal_matrix(2, 300, 3, 1.0);
        EXPECT_TRUE(result_of(entry->info.name, a, b).alarm) << entry->info.name;
    }
}

TEST(Batch, TheSameRowsGiveTheSameAnswer) {
    for (const MonitorEntry* entry : all_monitors()) {
        if (entry->info.kind != MonitorKind::batch) continue;
        const bool probabilities = entry->info.input == MonitorInput::probabilities;
        const Matrix a = probabilities ? probability_matrix(1, 90, 4) : normal_matrix(1, 90, 3);
        const Matrix b = probabilities ? probability_matrix(2, 80, 4) : normal_matrix(2, 80, 3);
        const auto monitor = batch_monitor(entry->info.name);
        monitor->fit(a.rows());
        const BatchResult first = monitor->test(b.rows());
        static_cast<void>(monitor->test(a.rows()));
        const BatchResult again = monitor->test(b.rows());
        EXPECT_EQ(first.statistic, again.statistic) << entry->info.name;
        EXPECT_TRUE(first.p_value == again.p_value || std::isnan(first.p_value)) << entry->info.name;
    }
}

TEST(Batch, WrongRowsAreRefusedWithTheReason) {
    using testing::HasSubstr;
    using testing::ThrowsMessage;
    for (const MonitorEntry* entry : all_monitors()) {
        if (entry->info.kind != MonitorKind::batch) continue;
        const Matrix good = probability_matrix(1, 40, 3);
        const auto monitor = batch_monitor(entry->info.name);
        EXPECT_THAT([&] { monitor->test(good.rows()); }, ThrowsMessage<UsageError>(HasSubstr("no reference")))
            << entry->info.name;
        EXPECT_THAT(
            [&] {
                monitor->fit({{}, 0, 3});
            },
            ThrowsMessage<DataError>(HasSubstr("0 rows")))
            << entry->info.name;
        monitor->fit(good.rows());
        EXPECT_THAT([&] { monitor->test(probability_matrix(1, 40, 4).rows()); },
                    ThrowsMessage<DataError>(testing::AllOf(HasSubstr("4 columns"), HasSubstr("3"))))
            << entry->info.name;
        Matrix holed = good;
        holed.values[7] = std::numeric_limits<double>::quiet_NaN();
        EXPECT_THAT([&] { monitor->test(holed.rows()); },
                    ThrowsMessage<DataError>(testing::AllOf(HasSubstr("row 2"), HasSubstr("column 1"))))
            << entry->info.name;
    }
}

}  // namespace
}  // namespace misfire::test
