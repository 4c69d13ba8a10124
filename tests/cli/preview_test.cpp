// misfire preview: what is on the sheet, and where.
#include <gmock/gmock.h>

#include "cli/image_sets.h"
#include "cli/program.h"
#include "harness/pictures/contact_sheet.h"
#include "harness/preview.h"
#include "harness/setup.h"
#include "scenarios/data/decode.h"
#include "scenarios/data/geometry.h"
#include "scenarios/scenario.h"

namespace misfire::test {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

class PreviewSheet : public testing::Test {
  protected:
    void SetUp() override { ASSERT_EQ(make_photos(folder_.path()), ""); }
    Finished run(const std::vector<std::string>& arguments) const {
        return misfire(arguments, {folder_.path(), {}, {}});
    }
    TemporaryFolder folder_;
};

Image part_of(const Image& sheet, const SheetRectangle& place) {
    Image out(place.height, place.width, sheet.channels);
    for (int y = 0; y < place.height; ++y) {
        const auto from = sheet.pixels.begin() + ((place.y + y) * sheet.width + place.x) * sheet.channels;
        std::copy(from, from + place.width * sheet.channels,
                  out.pixels.begin() + static_cast<std::ptrdiff_t>(y) * place.width * sheet.channels);
    }
    return out;
}

Image enlarged(const Image& image, int factor) {
    Image out(image.height * factor, image.width * factor, 3);
    for (int y = 0; y < out.height; ++y) {
        for (int x = 0; x < out.width; ++x) {
            for (int c = 0; c < 3; ++c) {
                out.pixels[static_cast<std::size_t>((y * out.width + x) * 3 + c)] =
                    image.pixels[static_cast<std::size_t>(((y / factor) * image.width + x / factor) * image.channels +
                                                          (image.channels == 3 ? c : 0))];
            }
        }
    }
    return out;
}

Scenario two_shifts(const fs::path& folder) {
    return parse_scenario(
        "models: zoo:fashion_resnet\nseed: 7\ndata: {images: photos, labels: none}\nshifts: [{perturb: fog, "
        "severities: "
        "1-3}, {perturb: gaussian_noise, severities: '2,5'}]\n",
        "s.yaml", folder, {}, {"accuracy"});
}

TEST_F(PreviewSheet, HoldsTheImagesPixelByPixel) {
    ASSERT_EQ(run({"preview", "photos", "--perturb", "fog,gaussian_noise", "--severities", "2", "--seed", "7", "-o",
                   "sheet.png"})
                  .code,
              0);
    const Scenario scenario = two_shifts(folder_.path());
    const auto data = open_data(scenario.data);
    const auto shifts = open_shifts(scenario, *data, {});
    const Preview preview = make_preview(*data, shifts, {"photos", {}, 7, 1});
    ASSERT_EQ(preview.sheet.sections.size(), 1U);
    const SheetSection& section = preview.sheet.sections[0];
    EXPECT_THAT(section.columns, testing::ElementsAre("clean", "1", "2", "3", "5"));
    EXPECT_FALSE(section.rows[0].cells[4].image) << "fog has no severity 5 here";
    const SheetTheme theme;
    const SheetPlaces places = places_of(preview.sheet, theme);
    const Image sheet = draw_sheet(preview.sheet, theme);
    EXPECT_EQ(sheet.width, places.width);
    EXPECT_EQ(sheet.height, places.height);
    for (std::size_t r = 0; r < 2; ++r) {
        for (std::size_t c = 0; c < 5; ++c) {
            const SheetRectangle& place = places.cells[0][r][c];
            EXPECT_EQ(place.width, 160) << "32 px five times";
            if (section.rows[r].cells[c].image) {
                EXPECT_EQ(part_of(sheet, place), enlarged(*section.rows[r].cells[c].image, 5)) << r << " " << c;
            }
        }
    }
    // The program's sheet of severity 2 alone has the same images in other places.
    const Image written = decode_image(folder_ / "sheet.png");
    ContactSheet narrow = preview.sheet;
    narrow.sections[0].columns = {"clean", "2"};
    for (SheetRow& row : narrow.sections[0].rows) row.cells = {row.cells[0], row.cells[2]};
    EXPECT_EQ(written, draw_sheet(narrow, theme));
}

TEST_F(PreviewSheet, IsTheSameEveryTimeInEveryFormat) {
    for (const std::string ending : {"png", "jpg", "pdf"}) {
        for (const std::string name : {"a.", "b."}) {
            const Finished finished =
                run({"preview", "photos", "--perturb", "snow,glass_blur", "--samples", "2", "-o", name + ending});
            EXPECT_EQ(finished.code, 0) << finished.err;
            EXPECT_EQ(finished.out, name + ending + "\n");
        }
        EXPECT_EQ(read_file(folder_ / ("a." + ending)), read_file(folder_ / ("b." + ending))) << ending;
    }
    EXPECT_EQ(read_file(folder_ / "a.pdf").substr(0, 5), "%PDF-");
    EXPECT_EQ(python(folder_.path(), "assert Image.open('a.png').size == Image.open('a.jpg').size"), "");
}

TEST_F(PreviewSheet, OfAScenarioShowsWhatItsModelSeesWithoutLoadingIt) {
    write_file(folder_ / "net.pt", "this is no model, and nobody should notice");
    write_file(folder_ / "net.yaml", "geometry: {size: 40}\n");
    write_file(folder_ / "mine.yaml",
               "models: net.pt\ndata: {images: photos}\nseed: 4\nshifts: {perturb: fog, severities: 1-2}\n");
    const Finished finished = run({"preview", "mine.yaml", "--set", "shifts.severities=1-3", "--cell", "80"});
    EXPECT_EQ(finished.code, 0) << finished.err;
    EXPECT_EQ(finished.out, "mine-preview.png\n");
    const Image sheet = decode_image(folder_ / "mine-preview.png");
    const Scenario scenario =
        parse_scenario("models: net.pt\ndata: {images: photos}\nseed: 4\nshifts: {perturb: fog, severities: 1-3}\n",
                       "s.yaml", folder_.path(), {}, {"accuracy"});
    const auto data = open_data(scenario.data);
    Geometry geometry;
    geometry.kind = Geometry::Kind::exact;
    geometry.height = geometry.width = 40;
    SheetTheme theme;
    theme.cell = 80;
    const auto shifts = open_shifts(scenario, *data, {});
    EXPECT_EQ(sheet, draw_sheet(make_preview(*data, shifts, {"mine", geometry, 4, 1}).sheet, theme));
}

TEST_F(PreviewSheet, OfExistingFilesHasAGridForWhatIsNoSeverity) {
    ASSERT_EQ(
        python(folder_.path(), "import shutil\nfor d in ['night', 'rain']: shutil.copytree('photos', 'domains/' + d)"),
        "");
    const Scenario scenario = parse_scenario(
        "models: zoo:fashion_resnet\ndata: {images: photos}\nshifts: [{perturb: fog, severities: 1}, {files: {root: "
        "domains, form: folders}}]\n",
        "s.yaml", folder_.path(), {}, {"accuracy"});
    const auto data = open_data(scenario.data);
    const auto shifts = open_shifts(scenario, *data, {});
    const Preview preview = make_preview(*data, shifts, {"x", {}, 0, 1});
    ASSERT_EQ(preview.sheet.sections.size(), 2U);
    EXPECT_EQ(preview.sheet.sections[0].columns_title, "severity");
    EXPECT_EQ(preview.sheet.sections[1].columns_title, "domain");
    EXPECT_THAT(preview.sheet.sections[1].columns, testing::ElementsAre("clean", "night", "rain"));
}

TEST_F(PreviewSheet, CellsThatCannotBeMadeSayWhy) {
    ASSERT_EQ(python(folder_.path(), "Image.new('RGB', (12, 12)).save('tiny.png')"), "");
    const Finished finished = run({"preview", "tiny.png", "--perturb", "fog"});
    EXPECT_EQ(finished.code, 3);
    EXPECT_THAT(finished.err, HasSubstr("at least 16 px"));
    EXPECT_TRUE(fs::exists(folder_ / "tiny-preview.png"));
}

// ---- the sheet itself ----

TEST(ContactSheetLayout, LongLabelsAreBrokenNotCut) {
    ContactSheet sheet;
    SheetSection section;
    section.columns = {"clean"};
    section.rows = {{"gaussian_blur+jpeg_compression+gaussian_noise+elastic_transform", {{Image(32, 32, 3), ""}}},
                    {"averyveryverylongnamewithoutanyplacewherealinecouldendinit", {{Image(32, 32, 3), ""}}}};
    sheet.sections = {section};
    SheetTheme theme;
    const SheetPlaces places = places_of(sheet, theme);
    EXPECT_EQ(places.cells[0][0][0].x, 32 + 220 + 14) << "margin, widest label, space";
    const Image drawn = draw_sheet(sheet, theme);
    for (int y = 0; y < drawn.height; ++y) {
        for (int x = 0; x < 30; ++x) {
            const auto at = static_cast<std::size_t>((y * drawn.width + x) * 3);
            ASSERT_EQ(drawn.pixels[at], 255) << "ink in the margin at " << x << "," << y;
        }
    }
}

TEST(ContactSheetLayout, ScaleMultipliesEverything) {
    ContactSheet sheet;
    sheet.title = "title";
    SheetSection section;
    section.columns = {"clean", "1"};
    section.rows = {{"fog", {{Image(32, 32, 3), ""}, {Image(224, 112, 1), ""}}}};
    sheet.sections = {section};
    SheetTheme theme;
    const SheetPlaces one = places_of(sheet, theme);
    theme.scale = 3;
    const SheetPlaces three = places_of(sheet, theme);
    EXPECT_NEAR(three.width, 3 * one.width, 6);
    EXPECT_NEAR(three.height, 3 * one.height, 24);
    EXPECT_EQ(one.cells[0][0][0].width, 160);
    EXPECT_EQ(three.cells[0][0][0].width, 480);
    EXPECT_EQ(one.cells[0][0][1].width, 80) << "reduced, aspect kept";
    EXPECT_EQ(one.cells[0][0][1].height, 160);
    EXPECT_EQ(three.cells[0][0][1].height, 448) << "a whole factor";
}

}  // namespace
}  // namespace misfire::test
