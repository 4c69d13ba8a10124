// Mistakes around misfire watch: each ends with exit code 2 and a message that names value, place and remedy.
#include <gmock/gmock.h>

#include "cli/program.h"

namespace misfire::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class WatchMistakes : public testing::Test {
  protected:
    void expect_error(std::vector<std::string> arguments, const std::vector<std::string>& parts) const {
        arguments.insert(arguments.begin(), "watch");
        const Finished finished = misfire(arguments, {folder_.path(), {}, {}});
        EXPECT_EQ(finished.code, 2) << finished.err;
        for (const std::string& part : parts) EXPECT_THAT(finished.err, HasSubstr(part));
        EXPECT_THAT(finished.err, Not(HasSubstr("internal error")));
    }
    void SetUp() override {
        write_file(folder_ / "good.csv", "id,wrong,loss\na,0,0.5\nb,1,0.25\nc,0,1.5\n");
        write_file(folder_ / "bare.csv", "0,1\n1,0\n");
    }
    TemporaryFolder folder_;
};

TEST_F(WatchMistakes, Cells) {
    write_file(folder_ / "a.csv", "id,wrong\na,0\n\nb,often\n");
    expect_error({"a.csv", "--column", "wrong", "--monitor", "ddm"},
                 {"a.csv:4", "column `wrong`", "`often`", "no number"});
    write_file(folder_ / "b.csv", "wrong,n\n0,1\n,2\n");
    expect_error({"b.csv", "--column", "wrong", "--monitor", "ddm"}, {"b.csv:3", "column `wrong` is empty", "fill it"});
    write_file(folder_ / "c.csv", "0\nnan\n");
    expect_error({"c.csv", "--monitor", "adwin"}, {"c.csv:2", "`nan`", "not finite"});
    write_file(folder_ / "d.csv", "w,v\n0,1\n0\n");
    expect_error({"d.csv", "--column", "v", "--monitor", "adwin"},
                 {"d.csv:3", "1 cell,", "column `v`", "Complete the row"});
    write_file(folder_ / "e.csv", "0\n\"1\n");
    expect_error({"e.csv", "--monitor", "ddm"}, {"e.csv:2", "never closed"});
    write_file(folder_ / "f.csv", "0\n\"1\"2\n");
    expect_error({"f.csv", "--monitor", "ddm"}, {"f.csv:2", "closed quote"});
}

TEST_F(WatchMistakes, ValuesThatAMonitorDoesNotTake) {
    expect_error({"good.csv", "--column", "loss", "--monitor", "ddm"},
                 {"good.csv:2", "column `loss` holds 0.5", "ddm takes 0 or 1", "page_hinkley"});
    expect_error({"good.csv", "--column", "loss", "--monitor", "hddm_a"},
                 {"good.csv:4", "holds 1.5", "a number from 0 to 1"});
}

TEST_F(WatchMistakes, Columns) {
    expect_error({"good.csv", "--column", "wrogn", "--monitor", "ddm"}, {"no column `wrogn`", "`wrong`"});
    expect_error({"good.csv", "--column", "3", "--monitor", "ddm"}, {"3 columns", "--column 3", "below 3"});
    expect_error({"bare.csv", "--column", "wrong", "--monitor", "ddm"}, {"no column names", "`wrong`", "2 columns"});
}

TEST_F(WatchMistakes, Files) {
    write_file(folder_ / "empty.csv", "");
    write_file(folder_ / "blank.csv", "\n\r\n\n");
    write_file(folder_ / "names.csv", "wrong\n");
    expect_error({"empty.csv", "--monitor", "ddm"}, {"empty.csv is empty"});
    expect_error({"blank.csv", "--monitor", "ddm"}, {"blank.csv is empty"});
    expect_error({"-", "--monitor", "ddm"}, {"standard input is empty"});
    expect_error({"names.csv", "--monitor", "ddm"}, {"names.csv", "no rows"});
    expect_error({"none.csv", "--monitor", "ddm"}, {"none.csv", "No such file", "path"});
    expect_error({".", "--monitor", "ddm"}, {"is a folder"});
}

TEST_F(WatchMistakes, Monitors) {
    expect_error({"good.csv", "--column", "1"}, {"--monitor", "misfire list monitors"});
    expect_error({"good.csv", "--column", "1", "--monitor", "dmm"}, {"no monitor `dmm`", "`ddm`"});
    expect_error({"good.csv", "--column", "1", "--monitor", "ddm:drft=3"}, {"no parameter `drft`", "`drift`"});
    expect_error({"good.csv", "--column", "1", "--monitor", "ddm:drift=-3"}, {"`drift=-3`", "out of range", "from 0"});
    expect_error({"good.csv", "--column", "1", "--monitor", "ks"}, {"ks is of kind batch", "streaming"});
    expect_error({"good.csv", "--column", "1", "--monitor", "ddm", "--monitor", "ddm"}, {"ddm is given twice"});
}

TEST_F(WatchMistakes, References) {
    expect_error({"good.csv", "--column", "1", "--monitor", "ddm", "--reference", "2"},
                 {"None of these monitors", "--reference"});
    expect_error({"good.csv", "--column", "1", "--monitor", "shewhart", "--reference", "30"},
                 {"3 values", "--reference"});
    expect_error({"good.csv", "--column", "1", "--monitor", "shewhart", "--reference", "1"},
                 {"--reference 1", "at least 2"});
    expect_error({"good.csv", "--column", "1", "--monitor", "e_detector"}, {"baseline=0.1", "reference"});
}

TEST_F(WatchMistakes, Words) {
    expect_error({}, {"<csv>", "misfire watch"});
    expect_error({"good.csv", "--monitor", "ddm", "--coding", "corect"}, {"`--coding corect`", "`correct`"});
    expect_error({"good.csv", "--monitr", "ddm"}, {"no option", "--monitor"});
    expect_error({"good.csv", "--monitor", "ddm", "--reference", "many"}, {"reference", "many"});
}

}  // namespace
}  // namespace misfire::test
