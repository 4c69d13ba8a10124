// misfire watch as a user tries it: files, pipes, streams that never end.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "cli/program.h"
#include "tests/shared_files.h"

namespace misfire::test {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using Indices = std::vector<int>;

// One error in ten for 200 rows, then nine in ten.
std::string errors_text(const std::string& header = "") {
    std::string text = header;
    for (int i = 0; i < 400; ++i) text += (i < 200 ? i % 10 == 0 : i % 10 != 0) ? "1\n" : "0\n";
    return text;
}

class Watch : public testing::Test {
  protected:
    Finished run(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), "watch");
        return misfire(arguments, {folder_.path(), {}, {}});
    }

    Indices alarms(const std::vector<std::string>& arguments) const {
        std::vector<std::string> all = arguments;
        all.emplace_back("--json");
        const Finished finished = run(all);
        EXPECT_EQ(finished.code, 0) << finished.err;
        Indices indices;
        std::istringstream lines(finished.out);
        for (std::string line; std::getline(lines, line);) {
            const json event = json::parse(line);
            EXPECT_EQ(event.size(), 3U) << line;
            if (event["kind"] == "alarm") indices.push_back(event["index"]);
        }
        return indices;
    }

    // A line of shell in the folder, stopped after a minute.
    Finished shell(const std::string& line) const {
        return run_program({"timeout", "60", "bash", "-c", line}, {folder_.path(), {{"MISFIRE", MISFIRE_BINARY}}, {}});
    }

    TemporaryFolder folder_;
};

TEST_F(Watch, TableOfEventsAndCountsApart) {
    write_file(folder_ / "e.csv", errors_text());
    const Finished finished = run({"e.csv", "--monitor", "ddm:warning=2:drift=3", "--monitor", "adwin"});
    EXPECT_EQ(finished.code, 0) << "an alarm is no failure";
    EXPECT_THAT(finished.out, HasSubstr("     index  kind     monitor\n"));
    EXPECT_THAT(finished.out, HasSubstr("  warning  ddm:warning=2:drift=3\n"));
    EXPECT_THAT(finished.out, HasSubstr("       223  alarm    adwin\n"));
    EXPECT_THAT(finished.err, HasSubstr("400 values; ddm:warning=2:drift=3: 1 alarm, "));
    EXPECT_THAT(finished.err, HasSubstr("; adwin: 1 alarm, 0 warnings"));
}

TEST_F(Watch, PublishedDetections) {
    MISFIRE_NEEDS("spec/drift_streams/np_s1.txt");
    const std::string s1 = shared("spec/drift_streams/np_s1.txt").string();
    const std::string s2 = shared("spec/drift_streams/np_s2.txt").string();
    EXPECT_THAT(alarms({s1, "--monitor", "adwin"}), ElementsAre(1023));
    EXPECT_THAT(alarms({s1, "--monitor", "page_hinkley:form=older"}), ElementsAre(1020, 1991));
    EXPECT_THAT(alarms({s2, "--monitor", "ddm"}), ElementsAre(1049));
}

TEST_F(Watch, JsonIsOneObjectALineInTheOrderOfTheRows) {
    write_file(folder_ / "e.csv", errors_text());
    const Finished finished = run({"e.csv", "--monitor", "adwin", "--monitor", "ddm", "--json"});
    std::istringstream lines(finished.out);
    int last = 0;
    int count = 0;
    for (std::string line; std::getline(lines, line); ++count) {
        const json event = json::parse(line);
        EXPECT_TRUE(event["monitor"] == "adwin" || event["monitor"] == "ddm");
        EXPECT_TRUE(event["kind"] == "warning" || event["kind"] == "alarm");
        EXPECT_GE(event["index"], last);
        last = event["index"];
    }
    EXPECT_GT(count, 2);
}

TEST_F(Watch, HeadersColumnsByNameAndByNumber) {
    std::string rows;
    std::istringstream lines(errors_text());
    for (std::string line; std::getline(lines, line);) rows += "\"a, \"\"b\"\"\"," + line + ",text\r\n";
    write_file(folder_ / "plain.csv", errors_text());
    write_file(folder_ / "named.csv", "\xEF\xBB\xBFname,wrong,note\r\n" + rows);
    write_file(folder_ / "unnamed.csv", rows);
    const Indices expected = alarms({"plain.csv", "--monitor", "ddm"});
    ASSERT_FALSE(expected.empty());
    EXPECT_EQ(alarms({"named.csv", "--column", "wrong", "--monitor", "ddm"}), expected);
    EXPECT_EQ(alarms({"named.csv", "--column", "1", "--monitor", "ddm"}), expected);
    EXPECT_EQ(alarms({"unnamed.csv", "--column", "1", "--monitor", "ddm"}), expected);
    write_file(folder_ / "first.csv", errors_text("wrong\n\n"));
    EXPECT_EQ(alarms({"first.csv", "--monitor", "ddm"}), expected) << "names and empty lines are no rows";
}

TEST_F(Watch, CodingIsTurnedForMonitorsThatWantTheOther) {
    std::string hits;
    for (const char c : errors_text()) hits += c == '\n' ? c : c == '0' ? '1' : '0';
    write_file(folder_ / "errors.csv", errors_text());
    write_file(folder_ / "hits.csv", hits);
    for (const std::string monitor : {"ddm", "hddm_w", "stepd", "fhddm", "wstd"}) {
        const Indices of_errors = alarms({"errors.csv", "--monitor", monitor});
        EXPECT_FALSE(of_errors.empty()) << monitor;
        EXPECT_EQ(alarms({"hits.csv", "--coding", "correct", "--monitor", monitor}), of_errors) << monitor;
    }
    EXPECT_EQ(alarms({"errors.csv", "--coding", "correct", "--monitor", "page_hinkley:threshold=5"}),
              alarms({"errors.csv", "--monitor", "page_hinkley:threshold=5"}))
        << "monitors of any number get the column as it is";
}

TEST_F(Watch, ReferenceFitsWhoTakesOneAndRowsKeepTheirNumbers) {
    write_file(folder_ / "e.csv", errors_text());
    const Indices fitted = alarms({"e.csv", "--reference", "150", "--monitor", "e_detector:alpha=0.001"});
    ASSERT_FALSE(fitted.empty());
    EXPECT_GE(fitted.front(), 200) << "rows count from the first one";
    EXPECT_LT(fitted.front(), 240);
    EXPECT_EQ(alarms({"e.csv", "--reference", "150", "--monitor", "shewhart", "--monitor", "ddm"}).empty(), false);
    EXPECT_EQ(alarms({"e.csv", "--monitor", "ddm"}).size(), 1U);
}

TEST_F(Watch, OnsetLeavesOutRepetitions) {
    write_file(folder_ / "e.csv", errors_text());
    const Indices all = alarms({"e.csv", "--monitor", "ddm:reset=none"});
    EXPECT_GT(all.size(), 50U);
    EXPECT_THAT(alarms({"e.csv", "--onset", "--monitor", "ddm:reset=none"}), ElementsAre(all.front()));
}

TEST_F(Watch, StandardInput) {
    write_file(folder_ / "e.csv", errors_text("wrong\n"));
    const Finished piped = shell("cat e.csv | $MISFIRE watch - --monitor ddm --json");
    EXPECT_EQ(piped.code, 0) << piped.err;
    EXPECT_EQ(piped.out, run({"e.csv", "--monitor", "ddm", "--json"}).out);
}

// The input stays open: were events held back, the read would wait for ever.
TEST_F(Watch, EventsComeOutWhileTheInputIsOpen) {
    const Finished live = shell(
        "mkfifo in out; $MISFIRE watch in --monitor shewhart:min=5 --json >out 2>/dev/null & "
        "exec 4<out 3>in; printf '1\\n2\\n1\\n2\\n1\\n90\\n' >&3; read -r event <&4; echo \"$event\"; exec 3>&-; wait");
    EXPECT_EQ(live.code, 0) << live.err;
    EXPECT_EQ(live.out, "{\"monitor\":\"shewhart:min=5\",\"index\":5,\"kind\":\"alarm\"}\n");
}

TEST_F(Watch, EndlessInputEndsWithTheReaderOfItsOutput) {
    const Finished headed = shell(
        "set -o pipefail; while :; do echo 0; echo 0; echo 5; done 2>/dev/null | "
        "$MISFIRE watch - --monitor shewhart:k=1 --json | head -n 3; echo ${PIPESTATUS[1]}");
    EXPECT_EQ(headed.code, 0) << headed.err;
    EXPECT_THAT(headed.out, testing::EndsWith("\n0\n"));
}

TEST(WatchNames, ListAndDescribeKnowTheMonitors) {
    EXPECT_EQ(json::parse(misfire({"list", "monitors", "--json"}).out).size(), 32U);
    const Finished text = misfire({"describe", "adwin"});
    EXPECT_EQ(text.code, 0);
    for (const char* word : {"boundaries", "older", "default 0.002", "Bifet", "misfire watch"})
        EXPECT_THAT(text.out, HasSubstr(word));
    const json object = json::parse(misfire({"describe", "page_hinkley", "--json"}).out);
    EXPECT_EQ(object["kind"], "streaming");
    EXPECT_EQ(object["parameters"][0]["choices"], json({"river", "older", "frouros"}));
    EXPECT_THAT(misfire({"describe", "cbpe"}).out, HasSubstr("never measures it"));
    EXPECT_THAT(misfire({"describe", "adwni"}).err, HasSubstr("Did you mean `adwin`?"));
}

}  // namespace
}  // namespace misfire::test
