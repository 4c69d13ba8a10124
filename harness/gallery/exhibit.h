// A pick with its pictures and words: what sheets, films, page and table of a gallery are made from.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/gallery/asked_again.h"
#include "harness/gallery/selections.h"

namespace misfire {

// One picture of an exhibit, as the model saw it.
struct Still {
    std::string label;  // of the level, or a severity "2.37"
    Image image;
    Answer answer;
    bool marked = false;  // what the pick is about
};

// One path of an exhibit: a model's way through the levels.
struct Track {
    std::size_t path = 0;
    std::vector<Still> stills;
};

struct Exhibit {
    Pick pick;
    std::vector<Track> tracks;  // one, or one per model
};

struct ExhibitOptions {
    std::vector<std::string> levels;    // labels, empty: all of them, or some of many
    const AskedAgain* again = nullptr;  // refines flips where given
    bool flip_only = false;             // clean, just before, just after, last: needs `again`
};

// Throws DataError when the sample cannot be read, UsageError when none of `levels` is one of the shift.
Exhibit make_exhibit(const PastRun& run, const std::vector<AnswerPath>& paths, Pick pick,
                     const ExhibitOptions& options);

// "✓ cat 0.93", "✗ dog 0.71"; `most` characters of a name.
std::string caption_of(const PastRun& run, const AnswerPath& path, const Answer& answer, std::size_t most);

// "cat · 12.png", then shift and model, then why.
std::string row_label(const PastRun& run, const AnswerPath& path, const Pick& pick, bool name_model);

// No more than `most` characters, "..." at the end of a longer text.
std::string cut(const std::string& text, std::size_t most);

std::string severity_label(double severity);  // "2", "2.37"

}  // namespace misfire
