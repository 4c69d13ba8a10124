#include "harness/preview.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <iostream>
#include <mutex>
#include <set>
#include <utility>

#include "core/error.h"
#include "harness/terminal.h"
#include "harness/version.h"
#include "scenarios/data/geometry.h"
#include "scenarios/data/select.h"
#include "scenarios/data/views.h"

namespace misfire {

namespace {

using Levels = std::set<std::pair<double, std::string>>;

// Shifts whose levels can share columns.
struct Grid {
    std::string unit;
    Levels levels;  // all of them but the clean one, ascending
    std::vector<const Shift*> shifts;
};

std::vector<Grid> grids_of(const std::vector<std::unique_ptr<Shift>>& shifts) {
    std::vector<Grid> grids;
    for (const auto& shift : shifts) {
        const ShiftInfo& info = shift->info();
        auto grid = std::find_if(grids.begin(), grids.end(), [&](const Grid& g) { return g.unit == info.unit; });
        if (grid == grids.end()) grid = grids.insert(grids.end(), {info.unit, {}, {}});
        for (std::size_t level = 1; level < info.levels.size(); ++level)
            grid->levels.emplace(info.levels[level].value, info.levels[level].label);
        grid->shifts.push_back(shift.get());
    }
    return grids;
}

// One sample, decoded and after geometry.
struct Shown {
    MemoryView source;
    MemoryView clean;
};

// One cell that is still to be made.
struct Task {
    const Shown* sample;
    const Shift* shift;
    std::size_t level;
    SheetCell* cell;
};

// Published parameters that the units of these shifts take for an image of this size, each once.
std::set<std::string> parameter_sets(const std::vector<const Shift*>& shifts, const Image& clean) {
    const std::string between = ", then ";
    std::set<std::string> sets;
    for (const Shift* shift : shifts) {
        std::string rest = shift->parameter_set(clean.height, clean.width);
        for (std::size_t at = 0; (at = rest.find(between)) != std::string::npos; rest.erase(0, at + between.size()))
            sets.insert(rest.substr(0, at));
        sets.insert(rest);
    }
    sets.erase("");
    return sets;
}

std::string caption_of(const Dataset& data, const Sample& clean, const Grid& grid) {
    std::string text = "sample " + clean.key.id;
    if (clean.key.target) {
        const auto index = static_cast<std::size_t>(*clean.key.target);
        const std::vector<std::string>& classes = data.info().classes;
        text += " · " + (index < classes.size() ? classes[index] : "class " + std::to_string(index));
    }
    text += " · " + std::to_string(clean.image.width) + " × " + std::to_string(clean.image.height) + " px";
    for (const std::string& set : parameter_sets(grid.shifts, clean.image)) text += " · parameters " + set;
    return text;
}

SheetSection empty_section(const Grid& grid, const std::string& caption, const Image& clean) {
    SheetSection section;
    section.caption = caption;
    section.columns = {"clean"};
    section.columns_title = grid.unit;
    section.titled_from = 1;
    for (const auto& [value, label] : grid.levels) section.columns.push_back(label);
    for (const Shift* shift : grid.shifts) {
        SheetRow row;
        row.label = shift->info().name;
        row.cells.resize(section.columns.size());
        row.cells.front().image = clean;
        section.rows.push_back(std::move(row));
    }
    return section;
}

// Columns of levels that a shift does not have stay blank.
void add_tasks(const Grid& grid, const Shown& sample, SheetSection& section, std::vector<Task>& tasks) {
    for (std::size_t r = 0; r < grid.shifts.size(); ++r) {
        const std::vector<Level>& levels = grid.shifts[r]->info().levels;
        for (std::size_t level = 1; level < levels.size(); ++level) {
            const auto column = grid.levels.find({levels[level].value, levels[level].label});
            const auto c = static_cast<std::size_t>(std::distance(grid.levels.begin(), column)) + 1;
            tasks.push_back({&sample, grid.shifts[r], level, &section.rows[r].cells[c]});
        }
    }
}

std::size_t make_cells(const std::vector<Task>& tasks, const Geometry& geometry) {
    ProgressBar bar;
    std::mutex mutex;
    std::size_t failed = 0;
    bar.begin(tasks.size(), 0, "images");
    tbb::parallel_for(std::size_t{0}, tasks.size(), [&](std::size_t t) {
        const Task& task = tasks[t];
        const ShiftContext context{geometry, &task.sample->source};
        std::string reason;
        try {
            task.cell->image = picture_of(task.shift->at(task.sample->clean, task.level, context)->at(0));
        } catch (const DataError& error) {
            reason = error.what();
        }
        const std::scoped_lock lock(mutex);
        const std::string name = task.shift->info().name + "/" + task.shift->info().levels[task.level].label;
        if (!reason.empty()) {
            task.cell->note = "not possible";
            if (failed++ == 0) bar.message(name + ": " + reason);
        }
        bar.advance(1, name);
    });
    bar.end();
    return failed;
}

std::vector<Shown> shown_samples(const Dataset& data, const PreviewOptions& options) {
    std::vector<Shown> shown;
    std::string reason;
    for (const std::size_t i : select_samples(data, options.samples, options.seed)) {
        MemoryView::Entry entry = read_entry(data, i);
        MemoryView::Entry clean = entry;
        try {
            if (entry.bad.empty()) clean.sample.image = apply_geometry(entry.sample.image, options.geometry);
        } catch (const DataError& error) {
            clean.bad = error.what();
        }
        if (!clean.bad.empty()) {
            std::cerr << "misfire: bad input " << clean.sample.key.id << ": " << clean.bad << "\n";
            reason = clean.bad;
            continue;
        }
        std::vector<MemoryView::Entry> sources;
        std::vector<MemoryView::Entry> cleans;
        sources.push_back(std::move(entry));
        cleans.push_back(std::move(clean));
        shown.push_back({MemoryView(data.info(), std::move(sources)), MemoryView(data.info(), std::move(cleans))});
    }
    if (shown.empty()) throw DataError("No image could be read. The last: " + reason);
    return shown;
}

}  // namespace

Preview make_preview(const Dataset& data, const std::vector<std::unique_ptr<Shift>>& shifts,
                     const PreviewOptions& options) {
    Preview preview;
    preview.sheet.title = options.title;
    const std::vector<Shown> shown = shown_samples(data, options);
    const std::vector<Grid> grids = grids_of(shifts);
    for (const Shown& sample : shown) {
        const Sample clean = sample.clean.at(0);
        for (const Grid& grid : grids)
            preview.sheet.sections.push_back(empty_section(grid, caption_of(data, clean, grid), clean.image));
    }
    std::vector<Task> tasks;
    for (std::size_t s = 0; s < shown.size(); ++s) {
        for (std::size_t g = 0; g < grids.size(); ++g)
            add_tasks(grids[g], shown[s], preview.sheet.sections[s * grids.size() + g], tasks);
    }
    preview.empty_cells = make_cells(tasks, options.geometry);
    preview.sheet.footer = "seed " + std::to_string(options.seed) + " · misfire " + version();
    return preview;
}

}  // namespace misfire
