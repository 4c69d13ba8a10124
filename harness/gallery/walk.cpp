#include "harness/gallery/walk.h"

#include <algorithm>
#include <cmath>

#include "harness/gallery/exhibit.h"
#include "harness/pictures/film.h"
#include "harness/pictures/film_frame.h"
#include "harness/setup.h"

namespace misfire {

namespace {

constexpr int step_milliseconds = 70;
constexpr int level_milliseconds = 700;  // of a shift without steps in between
constexpr int pause_milliseconds = 1200;
constexpr int film_quality = 88;
constexpr std::size_t most_of_answer = 28;

std::vector<WalkStep> recorded_walk(const PastRun& run, const AnswerPath& path, const Pick& pick) {
    const SamplePictures pictures(run, pick.sample, run.geometry(path.model));
    std::vector<WalkStep> walk;
    for (std::size_t level = path.reference; level < path.levels.size(); ++level) {
        const Answer& answer = path.at[level][pick.sample];
        walk.push_back({path.levels[level], path.labels[level], caption_of(run, path, answer, most_of_answer),
                        answer.correct == 0, pictures.picture(path.shift, path.labels[level])});
    }
    return walk;
}

// What is known of the answer at a severity: the run's own, or that of the last level before.
void tell(const PastRun& run, const AnswerPath& path, std::size_t sample, WalkStep& step) {
    std::size_t level = path.reference;
    while (level + 1 < path.levels.size() && path.levels[level + 1] <= step.severity + 1e-9) ++level;
    const Answer& answer = path.at[level][sample];
    step.answer = caption_of(run, path, answer, most_of_answer);
    step.wrong = answer.correct == 0;
    if (std::abs(path.levels[level] - step.severity) > 1e-9)
        step.answer = "at " + path.labels[level] + ": " + step.answer;
}

}  // namespace

std::vector<WalkStep> make_walk(const PastRun& run, const AnswerPath& path, const Pick& pick, std::size_t steps,
                                const AskedAgain* again) {
    const double last = path.levels.back();
    std::vector<double> severities;
    for (std::size_t s = 1; s < steps; ++s)
        severities.push_back(last * static_cast<double>(s) / static_cast<double>(steps - 1));
    const bool from_clean = path.levels[path.reference] == 0.0 && last > 0.0;
    const std::unique_ptr<Shift> finer = from_clean ? run.shift_at(path.shift, severities) : nullptr;
    if (finer == nullptr) return recorded_walk(run, path, pick);
    const SamplePictures pictures(run, pick.sample, run.geometry(path.model));
    std::vector<WalkStep> walk;
    for (std::size_t s = 0; s < steps; ++s) {
        WalkStep step;
        step.severity = s == 0 ? 0.0 : severities[s - 1];
        step.label = severity_label(step.severity);
        step.image = pictures.picture(*finer, s);
        tell(run, path, pick.sample, step);
        walk.push_back(std::move(step));
    }
    if (again == nullptr) return walk;
    std::vector<Shown> shown;
    for (std::size_t s = 0; s < steps; ++s) shown.push_back(pictures.at(*finer, s));
    const std::vector<Answer> answers = again->ask(path.model, shown, truth_of(path, pick.sample));
    for (std::size_t s = 0; s < steps; ++s) {
        walk[s].answer = caption_of(run, path, answers[s], most_of_answer);
        walk[s].wrong = answers[s].correct == 0;
    }
    return walk;
}

std::vector<std::uint8_t> walk_film(const AnswerPath& path, const Pick& pick, const std::vector<WalkStep>& walk,
                                    const SheetTheme& theme) {
    const double first = walk.front().severity, last = walk.back().severity;
    const auto part = [&](double severity) {
        return last > first ? std::clamp((severity - first) / (last - first), 0.0, 1.0) : 0.0;
    };
    const bool levels = walk.size() <= path.levels.size();
    std::vector<FilmFrame> frames;
    for (const WalkStep& step : walk) {
        WalkFrame frame{path.shift + " " + step.label, step.answer, step.wrong, part(step.severity)};
        if (std::isfinite(pick.above)) frame.break_from = part(pick.below), frame.break_to = part(pick.above);
        frames.push_back({draw_walk_frame(step.image, frame, theme), levels ? level_milliseconds : step_milliseconds});
    }
    frames.front().milliseconds = frames.back().milliseconds = pause_milliseconds;
    // Back at twice the pace.
    for (std::size_t f = frames.size() - 1; f-- > 1;) {
        if (levels || f % 2 == 0) frames.push_back(frames[f]);
    }
    return encode_film(frames, film_quality);
}

Image walk_strip(const std::vector<WalkStep>& walk) {
    const Image& first = walk.front().image;
    Image strip(first.height * static_cast<int>(walk.size()), first.width, first.channels);
    std::size_t at = 0;
    for (const WalkStep& step : walk) {
        if (!step.image.same_shape(first)) continue;
        std::copy(step.image.pixels.begin(), step.image.pixels.end(),
                  strip.pixels.begin() + static_cast<std::ptrdiff_t>(at));
        at += step.image.pixels.size();
    }
    return strip;
}

}  // namespace misfire
