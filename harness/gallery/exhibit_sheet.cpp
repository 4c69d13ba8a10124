#include "harness/gallery/exhibit_sheet.h"

#include <algorithm>

#include "harness/version.h"

namespace misfire {

namespace {

constexpr std::size_t most_of_answer = 22;
constexpr std::size_t most_of_short_answer = 12;  // beside the name of a model
constexpr std::size_t most_of_model = 14;

bool several_models(const std::vector<AnswerPath>& paths) {
    return std::any_of(paths.begin(), paths.end(), [&](const AnswerPath& p) { return p.model != paths.front().model; });
}

std::vector<std::string> labels_of(const Track& track) {
    std::vector<std::string> labels;
    for (const Still& still : track.stills) labels.push_back(still.label);
    return labels;
}

std::string column_name(const AnswerPath& path, const std::string& label) {
    return label == path.labels[path.reference] ? (label == "0" ? "clean" : label + " (reference)") : label;
}

// What each of several models answered to the same picture, a line each.
std::string answers_of(const PastRun& run, const std::vector<AnswerPath>& paths, const Exhibit& exhibit,
                       std::size_t still) {
    if (exhibit.tracks.size() == 1)
        return caption_of(run, paths[exhibit.tracks.front().path], exhibit.tracks.front().stills[still].answer,
                          most_of_answer);
    std::string lines;
    for (const Track& track : exhibit.tracks) {
        const AnswerPath& path = paths[track.path];
        lines += (lines.empty() ? "" : "\n") + cut(run.models()[path.model], most_of_model) + " " +
                 caption_of(run, path, track.stills[still].answer, most_of_short_answer);
    }
    return lines;
}

SheetRow row_of(const PastRun& run, const std::vector<AnswerPath>& paths, const Exhibit& exhibit, std::string label) {
    SheetRow row;
    row.label = std::move(label);
    const Track& first = exhibit.tracks.front();
    for (std::size_t s = 0; s < first.stills.size(); ++s) {
        SheetCell cell;
        cell.image = first.stills[s].image;
        cell.caption = answers_of(run, paths, exhibit, s);
        cell.marked = first.stills[s].marked;
        row.cells.push_back(std::move(cell));
    }
    return row;
}

SheetSection section_of(const AnswerPath& path, const Track& track, bool flips) {
    SheetSection section;
    section.columns_title = path.unit;
    section.titled_from = 1;
    // Where the severities differ from row to row, they stand in the captions.
    if (flips) {
        section.columns = {"clean", "still right", "wrong"};
        if (track.stills.size() > 3) section.columns.push_back("last level");
        section.columns_title = "";
        return section;
    }
    for (const std::string& label : labels_of(track)) section.columns.push_back(column_name(path, label));
    return section;
}

}  // namespace

std::string gallery_footer(const PastRun& run) {
    const RunRecord& record = run.results().record();
    std::string text = "run " + record.run_id + " \u00b7 data " + run.data().info().name;
    if (!run.data().info().licence.empty()) text += " (" + cut(run.data().info().licence, 80) + ")";
    text += " \u00b7 seed " + std::to_string(record.seed) + " \u00b7 misfire " + version();
    if (!run.data().info().regression)
        text += record.targets.empty() ? " \u00b7 \u2713 the model's own clean answer, \u2717 another"
                                       : " \u00b7 \u2713 right, \u2717 wrong";
    if (!run.results().summary().results.complete) text += " \u00b7 the run is incomplete";
    return text;
}

ContactSheet exhibit_sheet(const PastRun& run, const std::vector<AnswerPath>& paths, const Selection& selection,
                           const std::vector<Exhibit>& exhibits) {
    ContactSheet sheet;
    sheet.title = selection.title;
    sheet.footer = gallery_footer(run);
    std::vector<std::vector<std::string>> grids;  // labels of each section
    const bool name_model = several_models(paths);
    for (const Exhibit& exhibit : exhibits) {
        const Track& first = exhibit.tracks.front();
        const AnswerPath& path = paths[first.path];
        const bool flips = std::any_of(first.stills.begin(), first.stills.end(), [&](const Still& still) {
            return std::find(path.labels.begin(), path.labels.end(), still.label) == path.labels.end();
        });
        std::vector<std::string> grid = labels_of(first);
        if (flips) grid = {"flips", std::to_string(grid.size())};
        auto place = std::find(grids.begin(), grids.end(), grid);
        if (place == grids.end()) {
            sheet.sections.push_back(section_of(path, first, flips));
            if (sheet.sections.size() == 1) sheet.sections.back().caption = selection.meaning;
            place = grids.insert(grids.end(), grid);
        }
        SheetRow row =
            row_of(run, paths, exhibit, row_label(run, path, exhibit.pick, name_model && exhibit.tracks.size() == 1));
        if (flips) {
            for (std::size_t s = 1; s < first.stills.size(); ++s)
                row.cells[s].caption = first.stills[s].label + ": " + row.cells[s].caption;
        }
        sheet.sections[static_cast<std::size_t>(place - grids.begin())].rows.push_back(std::move(row));
    }
    return sheet;
}

}  // namespace misfire
