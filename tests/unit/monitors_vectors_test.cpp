// Streaming monitors against detections that river, MOA and frouros publish or that were checked on their sources.
#include <gmock/gmock.h>

#include "tests/unit/monitors_fixture.h"

namespace misfire::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Alarms = std::vector<std::size_t>;

// Which of our specifications a row of expected.json speaks of.
const std::map<std::pair<std::string, std::string>, std::string>& specifications() {
    static const std::map<std::pair<std::string, std::string>, std::string> all = {
        {{"ADWIN", "delta=0.002, older cut rule (before the 2022 rewrite in river)"}, "adwin:boundaries=older"},
        {{"ADWIN", "delta=0.002, rewritten rule of current river"}, "adwin"},
        {{"PageHinkley", "delta=0.005, threshold=50, alpha=0.9999, min 30, older statistic (see drift.md)"},
         "page_hinkley:form=older"},
        {{"DDM", "30, 2, 3"}, "ddm"},
        {{"HDDM_A", "C=2, one-sided"}, "hddm_a"},
        {{"HDDM_A", "C=2, two-sided"}, "hddm_a:sides=two"},
        {{"HDDM_W", "one-sided"}, "hddm_w"},
        // drift.md and river's source agree that these four are those of mode "both"; "up" gives the first and 1990.
        {{"PageHinkley", "same thresholds, current river statistic, up mode"}, "page_hinkley:mode=both"},
        {{"EDDM", "standard deviation with ddof 0"}, "eddm:ddof=0"},
    };
    return all;
}

TEST(PublishedDetections, EveryRowIsReproduced) {
    MISFIRE_NEEDS("spec/drift_streams/expected.json");
    nlohmann::json rows;
    std::ifstream(shared("spec/drift_streams/expected.json")) >> rows;
    ASSERT_GE(rows.size(), 9U);
    for (const auto& row : rows) {
        const auto found = specifications().find({row["detector"], row["parameters"]});
        ASSERT_NE(found, specifications().end()) << "a row that this test does not know: " << row.dump();
        EXPECT_EQ(alarms_of(found->second, shared_stream(row["stream"])), row["detections"].get<Alarms>())
            << row.dump();
    }
}

TEST(PublishedDetections, VariantsOnTheSameStreams) {
    MISFIRE_NEEDS("spec/drift_streams/np_s1.txt");
    const Stream s1 = shared_stream("np_s1.txt");
    const Stream s2 = shared_stream("np_s2.txt");
    const Stream s3 = shared_stream("np_s3.txt");
    EXPECT_THAT(alarms_of("adwin:boundaries=older:reset=false", s1), ElementsAre(1055, 1087, 1215));
    EXPECT_THAT(alarms_of("adwin:boundaries=older:reset=none", s1), ElementsAre(1055, 1087, 1215));
    EXPECT_THAT(alarms_of("page_hinkley:mode=up", s1), ElementsAre(1020, 1990));
    EXPECT_THAT(alarms_of("page_hinkley", s1), ElementsAre(1020, 1397, 1548, 1988)) << "both is the default";
    EXPECT_THAT(alarms_of("kswin:alpha=0.0001:window=200:sample=100", s1), ElementsAre(1042)) << "river with seed 42";
    EXPECT_THAT(alarms_of("hddm_w", s3), ElementsAre(507, 1508)) << "older river and MOA, one- and two-sided";
    EXPECT_THAT(alarms_of("hddm_w:sides=two", s3), ElementsAre(507, 1032, 1508));
    EXPECT_NE(alarms_of("eddm", s2), alarms_of("eddm:ddof=0", s2));
}

// river's documentation draws its streams with Python's random module, which gives the same numbers in every version.
class Documented : public testing::Test {
  protected:
    static Stream drawn(const std::string& lines) { return python_lines("import random\n" + lines).get<Stream>(); }
    static Stream binary() {
        return drawn(
            "r = random.Random(42)\nout = r.choices([0, 1], k=1000) + r.choices([0, 1], k=1000, weights=[0.3, 0.7])");
    }
    static void expect(const std::string& monitor, const Stream& stream, std::size_t first_warning,
                       const Alarms& alarms) {
        const Said said = said_of(monitor, stream);
        ASSERT_FALSE(said.warnings.empty()) << monitor;
        EXPECT_EQ(said.warnings.front(), first_warning) << monitor;
        EXPECT_EQ(said.alarms, alarms) << monitor;
    }
};

TEST_F(Documented, BinaryDetectors) {
    const Stream p2 = binary();
    expect("ddm", p2, 1084, {1334});
    expect("eddm:warning=0.8:drift=0.75", p2, 1059, {1278});
    expect("eddm:warning=0.8:drift=0.75:ddof=0", p2, 1092, {1309});
    expect("hddm_a", p2, 451, {1206});
    expect("hddm_w", p2, 451, {1077});
    expect("mddm_a", p2, 1107, {1120});
    expect("mddm_e", p2, 1106, {1110});
    expect("mddm_g", p2, 1106, {1110});
}

TEST_F(Documented, DdmWarnsAgainAfterItsAlarm) {
    const Said said = said_of("ddm", binary());
    EXPECT_NE(std::find(said.warnings.begin(), said.warnings.end(), 1492U), said.warnings.end());
}

TEST_F(Documented, FhddmCountsOnesAsCorrect) {
    const Stream stream =
        drawn("r = random.Random(42)\nout = r.choices([0, 1], k=250) + r.choices([0, 1], k=250, weights=[0.9, 0.1])");
    EXPECT_THAT(alarms_of("fhddm", stream), ElementsAre(315));
}

TEST_F(Documented, Rddm) {
    const Stream stream = drawn(
        "r = random.Random(42)\nout = [int(r.random() < 0.1) for _ in range(1000)]\n"
        "out += [int(r.random() < 0.5) for _ in range(1000)]");
    EXPECT_THAT(alarms_of("rddm", stream), ElementsAre(1021));
}

TEST_F(Documented, Wstd) {
    Stream stream(460, 0.0);
    std::fill(stream.begin() + 200, stream.begin() + 260, 1.0);
    EXPECT_THAT(alarms_of("wstd", stream), ElementsAre(210, 273));
}

TEST_F(Documented, ControlCharts) {
    const Stream cusum = drawn(
        "r = random.Random(12345)\nout = [r.gauss(0, 1) for _ in range(200)] + [r.gauss(3, 1) for _ in range(200)]");
    EXPECT_THAT(alarms_of("cusum", cusum), ElementsAre(201, 251));
    const Stream shewhart = drawn(
        "r = random.Random(12345)\nout = [r.gauss(0, 1) for _ in range(300)] + [r.gauss(5, 1) for _ in range(200)]");
    EXPECT_THAT(alarms_of("shewhart:k=4", shewhart), ElementsAre(300));
}

TEST_F(Documented, PageHinkleyAgreesInAllForms) {
    const Stream stream =
        drawn("r = random.Random(12345)\nout = r.choices([0, 1], k=1000) + r.choices(range(4, 8), k=1000)");
    for (const char* monitor : {"page_hinkley", "page_hinkley:mode=up", "page_hinkley:form=older"})
        EXPECT_THAT(alarms_of(monitor, stream), ElementsAre(1006)) << monitor;
    EXPECT_THAT(alarms_of("kswin:alpha=0.0001", stream), ElementsAre(1016)) << "river with seed 42";
}

TEST_F(Documented, AdwinOldAndNew) {
    const Stream stream = drawn(
        "r = random.Random(42)\nout = (r.choices([0, 1], k=1000) + r.choices(range(4, 8), k=1000)) \n"
        "out += r.choices([0, 1], k=1000) + r.choices(range(4, 8), k=1000)");
    EXPECT_THAT(alarms_of("adwin", stream), ElementsAre(1023, 2015, 3007));
    EXPECT_THAT(alarms_of("adwin:boundaries=older", stream), ElementsAre(1023, 2047, 3039));
}

// The earliest value on which each can alarm, with a stream that is made to alarm there: quiet, then as bad as can be.
// FHDDM and MDDM fill their window at n = 100 and keep their maximum there, so a fall shows from the next value on.
struct Earliest {
    std::string monitor;
    std::size_t index;  // from 0
    Stream stream;
};

Stream jump(std::size_t quiet, double low, double high, std::size_t length = 400) {
    Stream stream(length, high);
    std::fill(stream.begin(), stream.begin() + static_cast<std::ptrdiff_t>(quiet), low);
    return stream;
}

// One error in three up to `quiet`, then only errors.
Stream errors_after(std::size_t quiet, std::size_t length = 400) {
    Stream stream(length, 1.0);
    for (std::size_t i = 0; i < quiet; ++i) stream[i] = i % 3 == 2 ? 1.0 : 0.0;
    return stream;
}

class FirstPossibleAlarm : public testing::TestWithParam<Earliest> {};

// Nothing before the index, and the alarm there once the stream gives cause as early as that.
TEST_P(FirstPossibleAlarm, IsThatOfTheTable) {
    const Alarms alarms = alarms_of(GetParam().monitor, GetParam().stream);
    ASSERT_FALSE(alarms.empty());
    EXPECT_EQ(alarms.front(), GetParam().index);
}

INSTANTIATE_TEST_SUITE_P(
    table, FirstPossibleAlarm,
    testing::Values(Earliest{"ddm:warning=0:drift=0.5", 30, errors_after(31)},
                    Earliest{"hddm_a:drift=0.9:warning=0.95", 1, jump(1, 0, 1)},
                    Earliest{"adwin:delta=0.5", 31, jump(16, 0, 1)}, Earliest{"page_hinkley", 29, jump(1, 0, 1000)},
                    Earliest{"page_hinkley:form=older", 28, jump(1, 0, 1000)},
                    Earliest{"page_hinkley:form=frouros", 29, jump(1, 0, 1000)},
                    Earliest{"cusum:form=frouros", 29, jump(1, 0, 1000)},
                    Earliest{"cusum:threshold=0.1", 29, jump(29, 0, 1)}, Earliest{"gma", 29, jump(1, 0, 1000)},
                    Earliest{"shewhart", 29, jump(29, 0, 1)}, Earliest{"kswin", 99, jump(70, 0, 1)},
                    Earliest{"stepd", 59, jump(30, 1, 0)},
                    Earliest{"fhddm:window=100:delta=0.99", 100, jump(100, 1, 0, 600)},
                    Earliest{"mddm_a:drift=0.999:warning=0.9999", 100, jump(100, 0, 1, 600)},
                    Earliest{"rddm:warning=0:drift=0.5", 129, errors_after(130, 800)},
                    Earliest{"wstd", 59, jump(30, 0, 1)}, Earliest{"bocd", 29, jump(10, 0, 5)}),
    [](const auto& test) { return parse_monitor(test.param.monitor).entry->info.name + std::to_string(test.index); });

// Distances of 1 and 41 in turn: their spread, and with it the level, only falls. The 31st error is the first to be
// tested.
TEST(FirstPossibleAlarms, EddmNeedsMoreThanThirtyErrors) {
    Stream stream;
    for (int pair = 0; pair < 20; ++pair) {
        stream.push_back(1.0);
        stream.insert(stream.end(), 40, 0.0);
        stream.push_back(1.0);
    }
    const Alarms alarms = alarms_of("eddm", stream);
    ASSERT_FALSE(alarms.empty());
    EXPECT_EQ(alarms.front(), 15U * 42U);
}

TEST(Quiet, ConstantStreamsNeverAlarm) {
    for (const MonitorEntry* entry : all_monitors()) {
        const MonitorInfo& info = entry->info;
        // The first is above or below its baseline, the second bets at random on ties.
        if (info.kind != MonitorKind::streaming || info.name == "e_detector" || info.name == "conformal_martingale")
            continue;
        for (const double value : {0.0, 1.0})
            EXPECT_THAT(alarms_of(info.name, Stream(3000, value)), IsEmpty()) << info.name;
    }
}

}  // namespace
}  // namespace misfire::test
