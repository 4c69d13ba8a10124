#include "scenarios/data/class_map.h"

#include <gmock/gmock.h>

#include "tests/unit/data_fixture.h"

namespace misfire::test {
namespace {

using ClassMap = DataFolder;

const std::vector<std::string> outputs = {"tench", "goldfish", "white shark", "tiger shark", "hammerhead"};

DatasetInfo folders(std::vector<std::string> names) {
    DatasetInfo info;
    info.classes = std::move(names);
    return info;
}

TEST_F(ClassMap, NamesAndNumbersOnEitherSide) {
    const fs::path map = write("map.csv", "class,output\nn01443537,1\n\"n01484850\",white shark\nn01494475,4\n");
    EXPECT_THAT(read_class_map(map, folders({"n01443537", "n01494475", "n01484850"}), 3, outputs, 5),
                testing::ElementsAre(1, 4, 2));
    EXPECT_THAT(read_class_map(write("n.csv", "0,4\r\n1,1\r\n"), {}, 2, {}, 5), testing::ElementsAre(4, 1));
    EXPECT_THAT(read_class_map(write("same.csv", "3,3\n1,1\n0,0\n2,2\n"), {}, 4, {}, 5),
                testing::ElementsAre(0, 1, 2, 3));
}

TEST_F(ClassMap, OneMapServesSubsetsOfTheData) {
    const fs::path map = write("map.csv", "a,0\nb,1\nc,2\n");
    EXPECT_THAT(read_class_map(map, folders({"c"}), 1, outputs, 5), testing::ElementsAre(2));
}

}  // namespace
}  // namespace misfire::test
