#include "harness/gallery/forecast_gallery.h"

#include "core/error.h"
#include "harness/gallery/exhibit_sheet.h"
#include "harness/gallery/forecasts.h"
#include "harness/gallery/gallery_page.h"
#include "harness/paper_table.h"
#include "harness/version.h"
#include "harness/whole_file.h"
#include "scenarios/data/encode.h"
#include "scenarios/data/slug.h"

namespace misfire {

namespace {

constexpr std::size_t most_panels = 8;

PaperTable levels_table(const PastRun& run, const std::vector<ForecastPath>& paths) {
    PaperTable table({"model", "model_sha256", "shift", "level", "cell", "steps", "mean_absolute_error", "breaks_at",
                      "data", "licence", "seed", "run_id", "misfire_version"},
                     5);
    const RunRecord& record = run.results().record();
    for (const ForecastPath& path : paths) {
        const ForecastRows reference = read_forecast(run, path.cells[path.reference]);
        for (std::size_t level = 0; level < path.cells.size(); ++level) {
            const ForecastRows rows = read_forecast(run, path.cells[level]);
            const std::size_t broken = break_of(rows, reference);
            table.add({PaperTable::text(run.models()[path.model]), PaperTable::text(record.models[path.model].sha256),
                       PaperTable::text(path.shift), PaperTable::text(path.labels[level]),
                       PaperTable::text(path.cells[level]), PaperTable::count(rows.ids.size()),
                       PaperTable::number(rows.mean_absolute_error, ""),
                       PaperTable::text(broken < rows.ids.size() ? rows.ids[broken] : ""),
                       PaperTable::text(run.data().info().name), PaperTable::text(run.data().info().licence),
                       PaperTable::text(std::to_string(record.seed)), PaperTable::text(record.run_id),
                       PaperTable::text(version())});
        }
    }
    return table;
}

// What pictures have and series do not.
void refuse_picture_options(const GalleryOptions& options) {
    if (!options.selection.names.empty() || options.refine || options.source_size || options.paper) {
        throw UsageError(
            "--pick, --refine, --source-size and --poster are of pictures, and this run is of a series. Its PDF "
            "sheets print at any size.");
    }
}

}  // namespace

GalleryEnd make_forecast_gallery(const PastRun& run, const GalleryOptions& options) {
    refuse_picture_options(options);
    GalleryEnd end;
    GalleryPage page;
    page.title = run.scenario().name;
    page.footer = gallery_footer(run);
    page.incomplete = !run.results().summary().results.complete;
    const std::vector<ForecastPath> paths = forecast_paths(run, options.models, options.shifts);
    for (const ForecastPath& path : paths) {
        const ChartSheet sheet = forecast_sheet(run, path, options.levels, most_panels, options.theme);
        PageSelection shown{
            to_slug(run.models()[path.model] + "-" + path.shift), sheet.title, sheet.caption, "", {}, {}};
        const std::string stem = "sheets/" + shown.name;
        write_whole_file(options.out / (stem + ".png"), encode_png(draw_chart_sheet(sheet, options.theme)));
        write_whole_file(options.out / (stem + ".pdf"), chart_sheet_as_pdf(sheet, options.theme));
        for (const char* ending : {".png", ".pdf"}) {
            shown.sheets.push_back(stem + ending);
            end.sheets.push_back(options.out / (stem + ending));
        }
        shown.image = stem + ".png";
        page.selections.push_back(std::move(shown));
        end.picks += 1;
    }
    if (paths.empty()) {
        page.selections.push_back(
            {"forecasts", "Forecasts", "", "no shift of the run has outcomes beside its reference level", {}, {}});
        end.empty.push_back("forecasts: " + page.selections.back().empty);
    }
    write_whole_file(options.out / "picks.csv", levels_table(run, paths).csv());
    write_whole_file(options.out / "index.html", gallery_html(page, options.theme));
    return end;
}

}  // namespace misfire
