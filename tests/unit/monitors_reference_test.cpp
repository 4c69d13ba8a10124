// Streaming monitors against tests/python/monitors_reference.py, a simple implementation of the same definitions: every
// alarm and every warning on the same streams.
#include "tests/unit/monitors_fixture.h"

namespace misfire::test {
namespace {

struct Case {
    std::string monitor;
    std::string stream;  // errors | correct | shares | values
    std::size_t reference = 0;
};

std::vector<Case> cases() {
    return {{"adwin", "errors"},
            {"adwin", "values"},
            {"adwin:boundaries=older:delta=0.05", "values"},
            {"adwin:clock=7:min=3:grace=20:buckets=3:delta=0.01", "errors"},
            {"bocd:runs=100000", "values"},
            {"bocd:hazard=0.002:prior_variance=4:variance=0.8:min=10:runs=100000", "values"},
            {"bocd:runs=100000", "values", 100},
            {"conformal_martingale", "values"},
            {"conformal_martingale:form=cusum:bets=5:seed=7", "errors"},
            {"conformal_martingale:form=sr:jump=0.05:threshold=50", "values", 80},
            {"cusum", "values"},
            {"cusum:mode=down:slack=0.25:threshold=8", "values", 60},
            {"cusum:mode=up:min=50", "errors"},
            {"cusum:form=frouros:threshold=20", "values"},
            {"cusum:form=frouros:threshold=10:delta=0.05:mode=both", "errors"},
            {"ddm", "errors"},
            {"ddm:min=50:warning=1.5:drift=2.5", "errors"},
            {"e_detector:baseline=0.2", "errors"},
            {"e_detector:baseline=0.3:form=cusum:alpha=0.01:bet=0.2", "shares"},
            {"e_detector:mode=down:alpha=0.005", "shares", 300},
            {"eddm", "errors"},
            {"eddm:ddof=0:warning=0.9:drift=0.8", "errors"},
            {"fhddm:delta=0.01", "correct"},
            {"fhddm:window=40:delta=0.001", "correct"},
            {"gma:threshold=0.2", "values"},
            {"gma:alpha=0.95:threshold=0.5:min=10", "values"},
            {"hddm_a", "errors"},
            {"hddm_a:sides=two:c=1", "shares"},
            {"hddm_w", "errors"},
            {"hddm_w:sides=two:lambda=0.1", "shares"},
            {"kswin", "values"},
            {"kswin:alpha=0.01:window=150:sample=40:seed=5:distance=0.2", "errors"},
            {"mddm_a:drift=0.001:warning=0.01", "errors"},
            {"mddm_e:window=50:drift=0.001:warning=0.01:lambda=0.02", "errors"},
            {"mddm_g:window=61:drift=0.001:warning=0.01:ratio=1.03", "errors"},
            {"page_hinkley:threshold=10", "values"},
            {"page_hinkley:mode=down:threshold=10:alpha=0.99", "values"},
            {"page_hinkley:form=older:threshold=10:mode=both", "values"},
            {"page_hinkley:form=frouros:threshold=10", "errors"},
            {"rddm", "errors"},
            {"rddm:buffer=150:min=40", "errors"},
            {"rddm:max_concept=300:min=40:drift=4:warning=3:buffer=120", "errors"},
            {"rddm:warning_limit=20:min=40:warning=0.5:drift=6", "errors"},
            {"shewhart:k=2.5", "values"},
            {"shewhart:mode=up:k=2", "values", 50},
            {"stepd", "correct"},
            {"stepd:window=45:drift=0.0005:warning=0.01", "correct"},
            {"wstd", "errors"},
            {"wstd:window=20:older=60:min=20:drift=0.01:warning=0.1", "errors"}};
}

Stream stream_named(const std::string& name) {
    const Stream errors = bernoulli_stream(5, {0.15, 0.45, 0.1, 0.3}, 300);
    if (name == "errors") return errors;
    Stream stream;
    if (name == "values") return normal_stream(11, {0.0, 0.7, -0.6, 0.2}, 250);
    if (name == "correct") {
        for (const double error : errors) stream.push_back(1.0 - error);
        return stream;
    }
    // Squares of uniforms: mean 1/3; then halves of them.
    std::vector<float> draws(1000);
    Random(17).uniform(draws, 0);
    for (std::size_t i = 0; i < draws.size(); ++i)
        stream.push_back(static_cast<double>(draws[i]) * static_cast<double>(draws[i]) *
                         (i / 400 % 2 == 1 ? 0.4 : 1.0));
    return stream;
}

nlohmann::json settings_json(const std::string& monitor) {
    const MonitorSpecification specification = parse_monitor(monitor);
    nlohmann::json out;
    for (const MonitorParameter& parameter : specification.entry->info.parameters) {
        if (!parameter.choices.empty()) {
            out[parameter.name] = specification.settings.word(parameter.name);
            continue;
        }
        const double value = specification.settings.number(parameter.name);
        if (std::isnan(value))
            out[parameter.name] = nullptr;
        else if (parameter.whole)
            out[parameter.name] = static_cast<std::int64_t>(value);
        else
            out[parameter.name] = value;
    }
    return out;
}

class AgainstSimpleImplementation : public testing::TestWithParam<std::string> {};

TEST_P(AgainstSimpleImplementation, SaysTheSame) {
    nlohmann::json given;
    std::vector<Case> own;
    for (const Case& one : cases()) {
        if (parse_monitor(one.monitor).entry->info.name != GetParam()) continue;
        own.push_back(one);
        const Stream whole = stream_named(one.stream);
        const auto split = whole.begin() + static_cast<std::ptrdiff_t>(one.reference);
        given["cases"].push_back({{"monitor", GetParam()},
                                  {"settings", settings_json(one.monitor)},
                                  {"reference", Stream(whole.begin(), split)},
                                  {"stream", Stream(split, whole.end())}});
    }
    ASSERT_FALSE(own.empty()) << "a streaming monitor without an independent implementation";
    const nlohmann::json answers = python(in_source("tests/python/monitors_reference.py"), given);
    std::size_t alarms = 0;
    for (std::size_t i = 0; i < own.size(); ++i) {
        const auto& one = given["cases"][i];
        const Said said = said_of(own[i].monitor, one["stream"].get<Stream>(), one["reference"].get<Stream>());
        EXPECT_EQ(said.alarms, answers[i]["alarms"].get<std::vector<std::size_t>>()) << own[i].monitor;
        EXPECT_EQ(said.warnings, answers[i]["warnings"].get<std::vector<std::size_t>>()) << own[i].monitor;
        alarms += said.alarms.size();
    }
    EXPECT_GT(alarms, 0U) << "a comparison of silence proves little";
}

std::vector<std::string> streaming_names() {
    std::vector<std::string> names;
    for (const MonitorEntry* entry : all_monitors()) {
        if (entry->info.kind == MonitorKind::streaming) names.push_back(entry->info.name);
    }
    return names;
}

INSTANTIATE_TEST_SUITE_P(monitors, AgainstSimpleImplementation, testing::ValuesIn(streaming_names()),
                         [](const auto& test) { return test.param; });

// A long quiet spell overflows the run lengths that are kept by default; the change is seen where all of them see it.
TEST(Bocd, TheRunLengthsKeptByDefaultAreEnough) {
    for (const std::uint64_t seed : {1, 2, 3}) {
        const Stream stream = normal_stream(seed, {0.0, 0.0, 0.0, 1.0}, 1000);
        const auto all = alarms_of("bocd:hazard=0.001:runs=100000", stream);
        const auto kept = alarms_of("bocd:hazard=0.001", stream);
        ASSERT_FALSE(all.empty());
        EXPECT_EQ(kept, all) << seed;
    }
}

// ADWIN's histogram forgets nothing it needs: totals are exact however buckets merge.
TEST(Adwin, ManyBucketsGiveTheDetectionsOfTheWholeWindow) {
    const Stream stream = normal_stream(29, {0.0, 0.5}, 600);
    const auto coarse = alarms_of("adwin", stream);
    const auto fine = alarms_of("adwin:buckets=1000", stream);
    ASSERT_FALSE(coarse.empty());
    ASSERT_FALSE(fine.empty());
    EXPECT_LE(fine.front(), coarse.front()) << "more places to cut, never later";
}

}  // namespace
}  // namespace misfire::test
