#include "harness/gallery/gallery.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <mutex>
#include <set>

#include "core/error.h"
#include "harness/gallery/exhibit.h"
#include "harness/gallery/exhibit_sheet.h"
#include "harness/gallery/forecast_gallery.h"
#include "harness/gallery/gallery_page.h"
#include "harness/gallery/picks_table.h"
#include "harness/gallery/walk.h"
#include "harness/pictures/film.h"
#include "harness/terminal.h"
#include "harness/whole_file.h"
#include "scenarios/data/encode.h"
#include "scenarios/data/slug.h"

namespace misfire {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t film_steps = 51;    // 0, 0.1, ... 5
constexpr std::size_t slider_steps = 21;  // 0, 0.25, ... 5
constexpr int strip_quality = 92;
constexpr int lossless = 101;
constexpr int smallest_lossy_side = 96;  // below, each pixel is seen

// What is made of one pick, before it is written.
struct Made {
    std::optional<Exhibit> exhibit;
    std::vector<WalkStep> walk;
    std::vector<std::uint8_t> strip;
    std::vector<std::uint8_t> film;
    std::optional<Image> source_size;
    std::string bad;
};

class GalleryMaker {
  public:
    GalleryMaker(const PastRun& run, const GalleryOptions& options)
        : run_(run), options_(options), paths_(read_answers(run, options.models, options.shifts)), table_(run) {
        if (options.refine) again_ = std::make_unique<AskedAgain>(run);
    }

    GalleryEnd make() {
        page_.title = run_.scenario().name;
        page_.footer = gallery_footer(run_);
        page_.incomplete = !run_.results().summary().results.complete;
        const std::vector<Selection> selections = select_picks(run_, paths_, options_.selection);
        std::size_t all = 0;
        for (const Selection& selection : selections) all += selection.picks.size();
        bar_.begin(all, 0, "pictures");
        for (const Selection& selection : selections) make(selection);
        bar_.end();
        write("picks.csv", table_.csv());
        write("index.html", gallery_html(page_, options_.theme));
        return std::move(end_);
    }

  private:
    void write(const std::string& name, const std::string& text) const { write_whole_file(options_.out / name, text); }
    void write(const std::string& name, const std::vector<std::uint8_t>& bytes) const {
        write_whole_file(options_.out / name, bytes);
    }

    void make(const Selection& selection) {
        PageSelection shown{selection.name, selection.title, selection.meaning, selection.empty, {}, {}};
        std::vector<Exhibit> exhibits;
        std::vector<Made> all = make_all(selection);
        for (std::size_t p = 0; p < all.size(); ++p) {
            if (!all[p].bad.empty()) {
                end_.unreadable.push_back(all[p].bad);
                continue;
            }
            shown.walks.push_back(write_pick(selection, exhibits.size() + 1, all[p]));
            exhibits.push_back(std::move(*all[p].exhibit));
        }
        if (exhibits.empty()) {
            if (shown.empty.empty())
                shown.empty = "none of its pictures can be made any more (" + end_.unreadable.back() + ")";
            end_.empty.push_back(selection.name + ": " + shown.empty);
        } else {
            end_.picks += exhibits.size();
            shown.sheets = write_sheets(selection, exhibits);
        }
        page_.selections.push_back(std::move(shown));
    }

    std::vector<Made> make_all(const Selection& selection) {
        std::vector<Made> all(selection.picks.size());
        std::mutex mutex;
        std::exception_ptr failure;
        tbb::parallel_for(std::size_t{0}, all.size(), [&](std::size_t p) {
            try {
                all[p] = make_one(selection, p);
            } catch (const DataError& error) {
                all[p].bad = error.what();
            } catch (...) {
                const std::scoped_lock lock(mutex);
                if (!failure) failure = std::current_exception();
            }
            const std::scoped_lock lock(mutex);
            bar_.advance(1, selection.name);
        });
        if (failure) std::rethrow_exception(failure);
        return all;
    }

    Made make_one(const Selection& selection, std::size_t p) const {
        Made made;
        const ExhibitOptions options{options_.levels, again_.get(),
                                     again_ != nullptr && selection.name == "first_flip"};
        made.exhibit = make_exhibit(run_, paths_, selection.picks[p], options);
        const Pick& pick = made.exhibit->pick;
        const AnswerPath& path = paths_[pick.path];
        if (p < options_.sliders) {
            made.walk = make_walk(run_, path, pick, slider_steps, again_.get());
            const Image& first = made.walk.front().image;
            const bool small = std::max(first.width, first.height) < smallest_lossy_side;
            made.strip = encode_webp(walk_strip(made.walk), small ? lossless : strip_quality);
        }
        if (p < options_.films)
            made.film = walk_film(path, pick, make_walk(run_, path, pick, film_steps, again_.get()), options_.theme);
        if (options_.source_size) {
            const SamplePictures pictures(run_, pick.sample, Geometry{});
            made.source_size = pictures.picture(path.shift, path.labels[pick.level]);
        }
        return made;
    }

    PageWalk write_pick(const Selection& selection, std::size_t rank, const Made& made) {
        char number[8];
        std::snprintf(number, sizeof number, "-%02zu", rank);
        const std::string stem = selection.name + number;
        const Pick& pick = made.exhibit->pick;
        const AnswerPath& path = paths_[pick.path];
        PageWalk walk;
        walk.title = row_label(run_, path, pick, true);
        walk.title = walk.title.substr(0, walk.title.rfind('\n'));
        std::replace(walk.title.begin(), walk.title.end(), '\n', ' ');
        walk.why = pick.why;
        if (!made.walk.empty()) {
            walk.width = made.walk.front().image.width;
            walk.height = made.walk.front().image.height;
            for (const WalkStep& step : made.walk) walk.steps.push_back({step.label, step.answer, step.wrong});
            const bool flip = selection.name == "first_flip" && std::isfinite(pick.above);
            walk.shown = step_nearest(made.walk, flip ? pick.above : path.levels[pick.level]);
            walk.strip = "strips/" + stem + ".webp";
            write(walk.strip, made.strip);
        }
        if (!made.film.empty()) {
            walk.film = "films/" + stem + ".webp";
            write(walk.film, made.film);
        }
        for (const Track& track : made.exhibit->tracks) {
            for (const Still& still : track.stills) {
                if (!still.marked && still.label != track.stills.front().label) continue;
                // The clean picture is the same for all models.
                if (!still.marked && &track != &made.exhibit->tracks.front()) continue;
                const std::string file = "pictures/" + stem + "-" + to_slug(paths_[track.path].shift) + "-" +
                                         to_slug(still.label) +
                                         (made.exhibit->tracks.size() > 1 && still.marked
                                              ? "-" + to_slug(run_.models()[paths_[track.path].model])
                                              : "") +
                                         ".png";
                write(file, encode_png(still.image));
                table_.add(selection, rank, paths_[track.path], pick, still, again_ != nullptr, file, true);
                if (still.marked && walk.picture.empty()) walk.picture = file;
            }
        }
        if (made.source_size) {
            const std::string file = "pictures/" + stem + "-source-size-not-seen-by-the-model.png";
            write(file, encode_png(*made.source_size));
            Still still{path.labels[pick.level], *made.source_size, {}, false};
            table_.add(selection, rank, path, pick, still, false, file, false);
        }
        return walk;
    }

    static std::size_t step_nearest(const std::vector<WalkStep>& walk, double severity) {
        std::size_t best = 0;
        for (std::size_t s = 0; s < walk.size(); ++s) {
            if (std::abs(walk[s].severity - severity) < std::abs(walk[best].severity - severity)) best = s;
        }
        return best;
    }

    std::vector<std::string> write_sheets(const Selection& selection, const std::vector<Exhibit>& exhibits) {
        const ContactSheet sheet = exhibit_sheet(run_, paths_, selection, exhibits);
        std::vector<std::string> files;
        const auto put = [&](const std::string& file, const std::vector<std::uint8_t>& bytes) {
            write(file, bytes);
            files.push_back(file);
            end_.sheets.push_back(options_.out / file);
        };
        const std::string name = "sheets/" + selection.name;
        put(name + ".png", encode_png(draw_sheet(sheet, options_.theme)));
        put(name + ".pdf", sheet_as_pdf(sheet, options_.theme));
        if (options_.paper) {
            const SheetPaper paper = turned(*options_.paper, sheet);
            const std::string poster = "posters/" + selection.name + "-" + options_.paper_name;
            put(poster + ".pdf", poster_as_pdf(sheet, options_.theme, paper));
            put(poster + ".png", encode_png(draw_poster(sheet, options_.theme, paper)));
        }
        return files;
    }

    // The way round in which the sheet comes out larger.
    SheetPaper turned(SheetPaper paper, const ContactSheet& sheet) const {
        const SheetPlaces places = places_of(sheet, options_.theme);
        if (!options_.fixed_paper && (places.width > places.height) != (paper.width > paper.height))
            std::swap(paper.width, paper.height);
        return paper;
    }

    const PastRun& run_;
    const GalleryOptions& options_;
    std::vector<AnswerPath> paths_;
    PicksTable table_;
    std::unique_ptr<AskedAgain> again_;
    ProgressBar bar_;
    GalleryPage page_;
    GalleryEnd end_;
};

}  // namespace

GalleryEnd make_gallery(const PastRun& run, const GalleryOptions& options) {
    if (!run.is_table()) return GalleryMaker(run, options).make();
    if (run.data().info().regression) return make_forecast_gallery(run, options);
    throw UsageError(
        "The data of this run is a table of classes, of which there is no picture to show. `misfire report` has "
        "its numbers.");
}

}  // namespace misfire
