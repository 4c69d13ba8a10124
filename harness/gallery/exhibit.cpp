#include "harness/gallery/exhibit.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/error.h"

namespace misfire {

namespace {

constexpr std::size_t most_columns = 8;
constexpr std::size_t most_of_name = 26;

// Levels to show: those asked for, or all, or an even choice of many that keeps the one the pick is about.
std::vector<std::size_t> columns_of(const AnswerPath& path, std::size_t wanted,
                                    const std::vector<std::string>& labels) {
    std::vector<std::size_t> columns;
    for (std::size_t level = 0; level < path.levels.size(); ++level) {
        if (labels.empty() || std::find(labels.begin(), labels.end(), path.labels[level]) != labels.end())
            columns.push_back(level);
    }
    if (columns.empty()) {
        throw UsageError("The shift " + path.shift + " has none of the levels asked for; it has " +
                         path.labels.front() + " to " + path.labels.back() + ".");
    }
    if (columns.size() <= most_columns || !labels.empty()) return columns;
    std::vector<std::size_t> some;
    for (std::size_t c = 0; c < most_columns; ++c)
        some.push_back(columns[c * (columns.size() - 1) / (most_columns - 1)]);
    const auto nearest = std::min_element(some.begin() + 1, some.end(), [&](std::size_t a, std::size_t b) {
        const auto far = [&](std::size_t x) { return x > wanted ? x - wanted : wanted - x; };
        return far(a) < far(b);
    });
    *nearest = wanted;
    std::sort(some.begin(), some.end());
    some.erase(std::unique(some.begin(), some.end()), some.end());
    return some;
}

Track track_of(const PastRun& run, const AnswerPath& path, std::size_t index, const Pick& pick,
               const std::vector<std::string>& labels) {
    const SamplePictures pictures(run, pick.sample, run.geometry(path.model));
    Track track{index, {}};
    for (const std::size_t level : columns_of(path, pick.level, labels)) {
        track.stills.push_back({path.labels[level], pictures.picture(path.shift, path.labels[level]),
                                path.at[level][pick.sample], level == pick.level});
    }
    return track;
}

// The two pictures between which the answer turns, between the clean and the last one.
Track flip_track(const PastRun& run, const AnswerPath& path, std::size_t index, const Pick& pick,
                 const AskedAgain& again) {
    const SamplePictures pictures(run, pick.sample, run.geometry(path.model));
    const std::size_t last = path.levels.size() - 1;
    Track track{index, {}};
    const auto recorded = [&](std::size_t level) {
        track.stills.push_back(
            {path.labels[level], pictures.picture(path.shift, path.labels[level]), path.at[level][pick.sample], false});
    };
    recorded(path.reference);
    std::vector<double> severities;
    for (const double severity : {pick.below, pick.above}) {
        if (severity > 0.0) severities.push_back(severity);
    }
    const std::unique_ptr<Shift> finer = run.shift_at(path.shift, severities);
    std::vector<Shown> shown;
    for (std::size_t s = 0; s < severities.size(); ++s) shown.push_back(pictures.at(*finer, s + 1));
    const std::vector<Answer> answers = again.ask(path.model, shown, truth_of(path, pick.sample));
    for (std::size_t s = 0; s < severities.size(); ++s) {
        track.stills.push_back(
            {severity_label(severities[s]), pictures.picture(*finer, s + 1), answers[s], severities[s] == pick.above});
    }
    if (pick.above < path.levels[last]) recorded(last);
    return track;
}

std::string file_of(const std::string& id) {
    const std::size_t slash = id.rfind('/');
    return slash == std::string::npos ? id : id.substr(slash + 1);
}

}  // namespace

std::string cut(const std::string& text, std::size_t most) {
    std::size_t characters = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if ((static_cast<unsigned char>(text[i]) & 0xC0) == 0x80) continue;
        if (characters++ == most) return text.substr(0, i) + "\u2026";
    }
    return text;
}

std::string severity_label(double severity) {
    char text[32];
    std::snprintf(text, sizeof text, "%.2f", severity);
    std::string out = text;
    while (out.back() == '0') out.pop_back();
    if (out.back() == '.') out.pop_back();
    return out;
}

std::string caption_of(const PastRun& run, const AnswerPath& path, const Answer& answer, std::size_t most) {
    if (!answer.counts()) return "not read";
    char confidence[16];
    std::snprintf(confidence, sizeof confidence, " %.2f", static_cast<double>(answer.confidence));
    const std::string mark = answer.correct == 1 ? "\u2713 " : answer.correct == 0 ? "\u2717 " : "";
    return mark + cut(run.answer_name(path.model, answer.prediction), most) + confidence;
}

std::string row_label(const PastRun& run, const AnswerPath& path, const Pick& pick, bool name_model) {
    const std::string target = cut(run.target_name(pick.sample), most_of_name);
    std::string text = target.empty() ? "" : target + " \u00b7 ";
    text += cut(file_of(run.sample_ids()[pick.sample]), 40) + "\n" + path.shift;
    if (name_model) text += ", " + run.models()[path.model];
    return text + "\n" + cut(pick.why, 120);
}

Exhibit make_exhibit(const PastRun& run, const std::vector<AnswerPath>& paths, Pick pick,
                     const ExhibitOptions& options) {
    const AnswerPath& path = paths[pick.path];
    if (options.again != nullptr && std::isfinite(pick.above)) {
        const double recorded_below = pick.below, recorded_above = pick.above;
        options.again->refine(run, path, pick.sample, pick.below, pick.above);
        if (options.flip_only && (pick.below != recorded_below || pick.above != recorded_above))
            pick.why = "right at " + severity_label(pick.below) + ", wrong at " + severity_label(pick.above);
    }
    Exhibit exhibit{pick, {}};
    if (options.again != nullptr && options.flip_only && run.shift_at(path.shift, {1.0}) != nullptr) {
        exhibit.tracks.push_back(flip_track(run, path, pick.path, pick, *options.again));
        return exhibit;
    }
    if (pick.rows.empty()) exhibit.tracks.push_back(track_of(run, path, pick.path, pick, options.levels));
    for (const std::size_t row : pick.rows)
        exhibit.tracks.push_back(track_of(run, paths[row], row, pick, options.levels));
    return exhibit;
}

}  // namespace misfire
