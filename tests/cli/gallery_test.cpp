// Reports, figures and galleries as a user gets them.
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "cli/program.h"

namespace misfire::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class AfterARun : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        folder_ = new TemporaryFolder;
        const Finished run = in_folder({"run", "demo", "--limit", "60", "--out", "run", "--set",
                                        "shifts=[{perturb: [gaussian_noise, contrast], severities: 0-5}]"});
        ASSERT_EQ(run.code, 0) << run.err;
    }
    static void TearDownTestSuite() {
        delete folder_;
        folder_ = nullptr;
    }
    static Finished in_folder(const std::vector<std::string>& command) {
        return misfire(command, {folder_->path(), {}, {}});
    }
    static std::string text_of(const std::string& file) { return read_file(*folder_ / file); }
    static void expect_error(const std::vector<std::string>& command, const std::string& part) {
        const Finished finished = in_folder(command);
        EXPECT_EQ(finished.code, 2) << finished.err;
        EXPECT_THAT(finished.err, HasSubstr(part));
    }
    static TemporaryFolder* folder_;
};
TemporaryFolder* AfterARun::folder_ = nullptr;

TEST_F(AfterARun, TheReportNeedsResultsAlone) {
    fs::create_directories(*folder_ / "alone");
    fs::copy_file(*folder_ / "run/results.h5", *folder_ / "alone/results.h5", fs::copy_options::overwrite_existing);
    ASSERT_EQ(in_folder({"report", "alone/results.h5"}).code, 0);
    const std::string page = text_of("alone/report.html");
    EXPECT_THAT(page, HasSubstr("Degradation curves"));
    EXPECT_LT(page.size(), 10'000'000U);
    ASSERT_EQ(in_folder({"report", "alone", "--out", "again.html"}).code, 0);
    EXPECT_EQ(page, text_of("again.html")) << "the same results, the same page";
}

TEST_F(AfterARun, TheSummaryNamesTheWorstCell) {
    const Finished finished = in_folder({"report", "run", "--json"});
    ASSERT_EQ(finished.code, 0) << finished.err;
    const nlohmann::json summary = nlohmann::json::parse(finished.out);
    EXPECT_EQ(summary["state"], "complete");
    EXPECT_EQ(summary["metric"], "accuracy");
    double lost = 1.0;
    for (const auto& cell : summary["worst_cells"]) {
        EXPECT_NEAR(cell["lost"].get<double>(), cell["reference"].get<double>() - cell["value"].get<double>(), 1e-12);
        EXPECT_LE(cell["lost"].get<double>(), lost);
        lost = cell["lost"].get<double>();
    }
}

TEST_F(AfterARun, FiguresAreVectorsAndTables) {
    ASSERT_EQ(in_folder({"report", "run", "--figures", "figures"}).code, 0);
    EXPECT_THAT(text_of("figures/curves/accuracy/contrast.svg"), HasSubstr("<svg"));
    EXPECT_THAT(text_of("figures/heat/accuracy/fashion_resnet.pdf"), HasSubstr("%PDF"));
    EXPECT_THAT(text_of("figures/tables/accuracy.tex"), HasSubstr("fashion\\_resnet & gaussian\\_noise & 0."));
    EXPECT_THAT(text_of("figures/tables/accuracy.csv"),
                HasSubstr("model,shift,level,label,group,value,low,high,n,status"));
}

TEST_F(AfterARun, TheSameRunGivesTheSameGallery) {
    const std::vector<std::string> command = {
        "gallery", "run", "--samples", "2", "--films", "1", "--pick", "first_flip,collapse_path", "--out"};
    for (const char* out : {"a", "b"}) {
        std::vector<std::string> words = command;
        words.insert(words.end(), {out, "--threads", out == std::string("a") ? "1" : "2"});
        const Finished finished = in_folder(words);
        ASSERT_EQ(finished.code, 0) << finished.err;
    }
    std::size_t files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(*folder_ / "a")) {
        if (!entry.is_regular_file()) continue;
        ++files;
        const fs::path name = fs::relative(entry.path(), *folder_ / "a");
        EXPECT_EQ(read_file(entry.path()), read_file(*folder_ / "b" / name)) << name;
    }
    EXPECT_GE(files, 10U);
}

TEST_F(AfterARun, RefiningNarrowsAFlipToAHundredth) {
    const Finished finished = in_folder({"gallery", "run", "--samples", "1", "--films", "0", "--sliders", "0", "--pick",
                                         "first_flip", "--refine", "--model", "fashion_resnet", "--out", "refined"});
    ASSERT_EQ(finished.code, 0) << finished.err;
    const std::string table = text_of("refined/picks.csv");
    const std::size_t at = table.find("right at ");
    ASSERT_NE(at, std::string::npos) << table;
    double below = 0, above = 0;
    ASSERT_EQ(std::sscanf(table.c_str() + at, "right at %lf, wrong at %lf", &below, &above), 2) << table.substr(at, 60);
    EXPECT_NEAR(above - below, 0.01, 1e-6);
}

TEST_F(AfterARun, SamplesThatAreGoneAreNamed) {
    expect_error({"gallery", "run", "--set", "data={images: nowhere}"}, "--set data.images=FOLDER");
    expect_error({"gallery", "run", "--pick", "first_flop"}, "`first_flip`");
    expect_error({"gallery", "run", "--shift", "contrasts"}, "`contrast`");
    expect_error({"gallery", "run", "--theme", "planes"}, "Known: dark-exhibition, plain");
    expect_error({"gallery", "run", "--poster", "a9"}, "WIDTHxHEIGHT");
    expect_error({"report", "nowhere"}, "there is no file");
    write_file(*folder_ / "broken.h5", "no HDF5");
    expect_error({"report", "broken.h5"}, "no HDF5 file");
}

}  // namespace
}  // namespace misfire::test
