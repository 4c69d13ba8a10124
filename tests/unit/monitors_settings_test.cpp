// How monitors are named and set up, and what all of them have in common.
#include <gmock/gmock.h>

#include "results/monitors/ranked_bag.h"
#include "tests/unit/monitors_fixture.h"

namespace misfire::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

void expect_refused(const std::string& text, const std::vector<std::string>& parts) {
    try {
        const MonitorSpecification specification = parse_monitor(text);
        if (specification.entry->make_stream != nullptr) specification.entry->make_stream(specification.settings);
        ADD_FAILURE() << text << " is accepted";
    } catch (const UsageError& error) {
        for (const std::string& part : parts) EXPECT_THAT(error.what(), HasSubstr(part)) << text;
    }
}

TEST(MonitorSpecification, ValuesAndDefaults) {
    const MonitorSpecification given = parse_monitor("ddm:warning=2.5:drift=4");
    EXPECT_EQ(given.entry->info.name, "ddm");
    EXPECT_EQ(given.text, "ddm:warning=2.5:drift=4");
    EXPECT_DOUBLE_EQ(given.settings.number("warning"), 2.5);
    EXPECT_DOUBLE_EQ(given.settings.number("drift"), 4.0);
    EXPECT_EQ(given.settings.whole("min"), 30U);
    EXPECT_EQ(given.settings.word("reset"), "start");
    EXPECT_DOUBLE_EQ(parse_monitor("fhddm:delta=1e-6").settings.number("delta"), 1e-6);
}

TEST(MonitorSpecification, MistakesAreNamedWithARemedy) {
    expect_refused("dmm", {"no monitor `dmm`", "`ddm`"});
    expect_refused("", {"name:key=value"});
    expect_refused("ddm:", {"`ddm:`", "name:key=value"});
    expect_refused("ddm:warnin=2", {"no parameter `warnin`", "`warning`"});
    expect_refused("ddm:warning", {"`warning`", "no setting"});
    expect_refused("ddm:warning=", {"no setting"});
    expect_refused("ddm:warning=2:warning=3", {"`warning` twice"});
    expect_refused("ddm:warning=two", {"`warning=two`", "no number", "from 0", "default 2"});
    expect_refused("ddm:warning=nan", {"no number"});
    expect_refused("ddm:warning=-1", {"`warning=-1`", "out of range", "from 0"});
    expect_refused("ddm:min=30.5", {"`min=30.5`", "whole number"});
    expect_refused("ddm:warning=4", {"`warning=4`", "at most", "`drift=3`"});
    expect_refused("eddm:drift=0.97", {"`drift=0.97`", "`warning=0.95`"});
    expect_refused("adwin:delta=1", {"between 0 and 1", "default 0.002"});
    expect_refused("adwin:boundaries=oldr", {"all|older", "`older`"});
    expect_refused("page_hinkley:form=new", {"river|older|frouros"});
    expect_refused("cusum:form=frouros:slack=1", {"`slack`", "form=river only", "frouros"});
    expect_refused("cusum:delta=1", {"`delta`", "form=frouros only"});
    expect_refused("kswin:window=50", {"50", "30", "twice"});
    expect_refused("wstd:min=200", {"`min=200`", "`older=120`"});
    expect_refused("mmd:permutations=5", {"from 19"});
}

TEST(MonitorRegistry, NamesAreSortedAndDescribed) {
    const std::vector<std::string> names = monitor_names();
    EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
    EXPECT_EQ(names.size(), 32U);
    for (const MonitorEntry* entry : all_monitors()) {
        const MonitorInfo& info = entry->info;
        EXPECT_EQ(&monitor_named(info.name), entry);
        EXPECT_FALSE(info.summary.empty()) << info.name;
        EXPECT_FALSE(info.source.empty()) << info.name;
        EXPECT_EQ(entry->make_stream != nullptr, info.kind == MonitorKind::streaming) << info.name;
        EXPECT_EQ(entry->make_batch != nullptr, info.kind == MonitorKind::batch) << info.name;
        EXPECT_EQ(entry->make_estimator != nullptr, info.kind == MonitorKind::estimate) << info.name;
        for (const MonitorParameter& parameter : info.parameters) EXPECT_FALSE(parameter.meaning.empty()) << info.name;
        EXPECT_NO_THROW(parse_monitor(info.name)) << "the defaults must be within their ranges";
    }
}

// Streams on which each streaming monitor alarms.
std::pair<std::string, Stream> provoked(const MonitorInfo& info) {
    const std::string text = info.name == "e_detector"       ? "e_detector:baseline=0.1"
                             : info.name.starts_with("mddm") ? info.name + ":drift=0.001:warning=0.01"
                             : info.name == "fhddm"          ? "fhddm:delta=0.001"
                             : info.name == "gma"            ? "gma:threshold=0.3"
                                                             : info.name;
    Stream stream = info.input == MonitorInput::value ? normal_stream(3, {0.0, 3.0, 0.0}, 500)
                                                      : bernoulli_stream(3, {0.1, 0.7, 0.1}, 500);
    if (info.input == MonitorInput::correct) {
        for (double& value : stream) value = 1.0 - value;
    }
    return {text, stream};
}

TEST(StreamMonitors, AlarmOnAPlainChange) {
    for (const MonitorEntry* entry : all_monitors()) {
        if (entry->info.kind != MonitorKind::streaming) continue;
        const auto [text, stream] = provoked(entry->info);
        const Said said = said_of(text, stream);
        const auto first = std::find_if(said.alarms.begin(), said.alarms.end(), [](std::size_t i) { return i >= 500; });
        ASSERT_NE(first, said.alarms.end()) << text;
        EXPECT_LT(*first, 650U) << text;
        EXPECT_TRUE(entry->info.warns || said.warnings.empty()) << text;
    }
}

TEST(StreamMonitors, ResetPolicies) {
    for (const MonitorEntry* entry : all_monitors()) {
        if (entry->info.kind != MonitorKind::streaming) continue;
        const auto [text, stream] = provoked(entry->info);
        const auto start = stream_monitor(text + ":reset=start");
        const auto inside = stream_monitor(text + ":reset=inside");
        std::size_t alarms = 0;
        std::size_t since = 0;
        for (const double value : stream) {
            const Signal signal = start->update(value);
            EXPECT_EQ(signal, inside->update(value)) << text;
            ++since;
            EXPECT_EQ(start->samples(), since) << text << ": an alarm still shows what it was raised on";
            EXPECT_EQ(inside->samples(), signal == Signal::alarm ? 0U : since) << text;
            if (signal == Signal::alarm) {
                ++alarms;
                since = 0;
            }
        }
        EXPECT_GT(alarms, 0U) << text;
        const auto none = stream_monitor(text + ":reset=none");
        std::size_t kept = 0;
        for (const double value : stream) {
            none->update(value);
            EXPECT_EQ(none->samples(), ++kept) << text;
        }
    }
}

TEST(StreamMonitors, WithoutResetTheAlarmGoesOn) {
    Stream stream(200, 0.0);
    for (std::size_t i = 0; i < 100; i += 10) stream[i] = 1.0;
    std::fill(stream.begin() + 120, stream.end(), 1.0);
    const auto kept = alarms_of("ddm:reset=none", stream);
    const auto cleared = alarms_of("ddm", stream);
    ASSERT_FALSE(kept.empty());
    EXPECT_EQ(kept.front(), cleared.front());
    EXPECT_EQ(kept.back(), 199U);
    EXPECT_EQ(kept.size(), 200U - kept.front());
    EXPECT_EQ(cleared.size(), 1U);
}

// After an alarm a monitor is as good as new: the rest of the stream gives what a new one gives.
TEST(StreamMonitors, NothingOfTheOldConceptIsLeft) {
    for (const MonitorEntry* entry : all_monitors()) {
        const MonitorInfo& info = entry->info;
        // RDDM keeps values on purpose; the draws of two go on.
        if (info.kind != MonitorKind::streaming || info.name == "rddm" || info.name == "kswin" ||
            info.name == "conformal_martingale")
            continue;
        const auto [text, stream] = provoked(info);
        const Said whole = said_of(text, stream);
        const std::size_t cut = whole.alarms.front() + 1;
        const Said rest = said_of(text, Stream(stream.begin() + static_cast<std::ptrdiff_t>(cut), stream.end()));
        std::vector<std::size_t> expected;
        for (const std::size_t alarm : rest.alarms) expected.push_back(alarm + cut);
        EXPECT_EQ(std::vector<std::size_t>(whole.alarms.begin() + 1, whole.alarms.end()), expected) << text;
    }
}

TEST(StreamMonitors, SeedsDecideAndNothingElse) {
    const Stream stream = normal_stream(3, {0.0, 0.6, 0.0, 0.6}, 400);
    for (const std::string name : {"kswin", "conformal_martingale:form=cusum"}) {
        EXPECT_EQ(alarms_of(name + ":seed=1", stream), alarms_of(name + ":seed=1", stream)) << name;
        EXPECT_NE(alarms_of(name + ":seed=1", stream), alarms_of(name + ":seed=2", stream)) << name;
    }
}

TEST(StreamMonitors, ReferencesAreTakenOrRefused) {
    for (const MonitorEntry* entry : all_monitors()) {
        const MonitorInfo& info = entry->info;
        if (info.kind != MonitorKind::streaming) continue;
        const auto monitor = stream_monitor(info.name);
        const Stream reference = bernoulli_stream(1, {0.3}, 200);
        if (info.reference == MonitorReference::none) {
            EXPECT_THROW(monitor->fit(reference), UsageError) << info.name;
        } else {
            EXPECT_NO_THROW(monitor->fit(reference)) << info.name;
        }
    }
    EXPECT_THAT([] { stream_monitor("cusum:form=frouros")->fit(Stream(10, 1.0)); },
                ThrowsMessage<UsageError>(HasSubstr("running mean")));
    EXPECT_THAT([] { stream_monitor("e_detector:baseline=0.1")->fit(Stream(10, 0.0)); },
                ThrowsMessage<UsageError>(HasSubstr("baseline already")));
    EXPECT_THAT([] { stream_monitor("e_detector")->fit(Stream(3, 1.0)); },
                ThrowsMessage<DataError>(HasSubstr("more values")));
    EXPECT_THAT([] { stream_monitor("e_detector")->update(1.0); },
                ThrowsMessage<UsageError>(AllOf(HasSubstr("baseline=0.1"), HasSubstr("reference"))));
    EXPECT_THAT([] { stream_monitor("shewhart")->fit(Stream(1, 1.0)); },
                ThrowsMessage<DataError>(HasSubstr("at least 2")));
    EXPECT_THAT([] { stream_monitor("bocd")->fit(Stream(9, 1.0)); },
                ThrowsMessage<DataError>(HasSubstr("do not differ")));
    EXPECT_THAT([] { stream_monitor("conformal_martingale:bag=10")->fit(Stream(10, 1.0)); },
                ThrowsMessage<UsageError>(HasSubstr("Raise `bag`")));
}

// Against counting, with few distinct values (equal ones over many blocks) and with none twice.
TEST(RankedBag, CountsSmallerAndEqualValues) {
    for (const double grain : {0.0, 1.0, 50.0}) {
        monitors::RankedBag bag;
        Stream seen;
        for (double value : normal_stream(41, {0.0}, 6000)) {
            if (grain > 0.0) value = std::round(value * grain) / grain;
            const auto rank = bag.add(value);
            seen.push_back(value);
            if (seen.size() % 97 != 0) continue;
            const auto less = std::count_if(seen.begin(), seen.end(), [&](double other) { return other < value; });
            ASSERT_EQ(rank.less, static_cast<std::size_t>(less)) << grain;
            ASSERT_EQ(rank.equal, static_cast<std::size_t>(std::count(seen.begin(), seen.end(), value))) << grain;
        }
        EXPECT_EQ(bag.size(), seen.size());
    }
}

TEST(StreamMonitors, ValuesThatDoNotSuitAreNamed) {
    EXPECT_EQ(refusal_of(MonitorInput::error, 1.0), "");
    EXPECT_EQ(refusal_of(MonitorInput::error, 0.5), "0 or 1");
    EXPECT_EQ(refusal_of(MonitorInput::correct, 2.0), "0 or 1");
    EXPECT_EQ(refusal_of(MonitorInput::share, 0.5), "");
    EXPECT_EQ(refusal_of(MonitorInput::share, -0.5), "a number from 0 to 1");
    EXPECT_EQ(refusal_of(MonitorInput::value, -1e30), "");
    EXPECT_EQ(refusal_of(MonitorInput::value, std::numeric_limits<double>::infinity()), "a finite number");
}

}  // namespace
}  // namespace misfire::test
