#include "harness/gallery/selections.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <map>
#include <set>
#include <utility>

#include "core/error.h"
#include "core/nearest_name.h"
#include "core/random.h"

namespace misfire {

namespace {

using Paths = std::vector<AnswerPath>;

struct Candidate {
    std::size_t sample;
    std::size_t path;
    std::size_t level;
    double worth;       // larger is better
    std::uint64_t tie;  // breaks ties
};

bool better(const Candidate& a, const Candidate& b) { return a.worth != b.worth ? a.worth > b.worth : a.tie < b.tie; }

// Gathers what a selection finds.
class Search {
  public:
    Search(const PastRun& past, const Paths& all, const SelectionOptions& wanted)
        : run(past), paths(all), options(wanted), kept_(wanted.samples * 64 + 1024) {
        for (const std::string& id : past.sample_ids())
            ties_.push_back(KeyHash().add("misfire gallery").add(wanted.seed).add(id).value());
    }

    const PastRun& run;
    const Paths& paths;
    const SelectionOptions& options;

    void offer(std::size_t sample, std::size_t path, std::size_t level, double worth) {
        if (run.place(sample) == PastRun::gone) return;
        std::vector<Candidate>& found = found_[paths[path].shift];
        found.push_back({sample, path, level, worth, ties_[sample] ^ (path * 64 + level)});
        if (found.size() < 4 * kept_) return;
        // Of millions only the best are kept.
        std::nth_element(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(kept_), found.end(), better);
        found.resize(kept_);
    }

    // The best of each sample, by worth, in turn from each shift: a gallery of one shift would show one thing often.
    std::vector<Pick> best() const {
        std::vector<Candidate> all;
        for (const auto& [shift, found] : found_) all.insert(all.end(), found.begin(), found.end());
        std::sort(all.begin(), all.end(), better);
        std::vector<Pick> picks;
        std::set<std::size_t> samples;
        std::map<std::string, std::size_t> of_shift;
        for (std::size_t quota = 1; picks.size() < options.samples && quota <= options.samples; ++quota) {
            for (const Candidate& candidate : all) {
                std::size_t& taken = of_shift[paths[candidate.path].shift];
                if (picks.size() >= options.samples || taken >= quota || samples.count(candidate.sample) != 0) continue;
                samples.insert(candidate.sample);
                ++taken;
                picks.push_back({candidate.sample, candidate.path, candidate.level, ""});
            }
        }
        return picks;
    }

  private:
    std::size_t kept_;
    std::vector<std::uint64_t> ties_;  // [sample]: equal ones come in no order of the files
    std::map<std::string, std::vector<Candidate>> found_;
};

std::string confidence_text(float confidence) {
    char text[16];
    std::snprintf(text, sizeof text, "%.2f", static_cast<double>(confidence));
    return text;
}

std::string answered(const Search& search, const Pick& pick) {
    const AnswerPath& path = search.paths[pick.path];
    const Answer& answer = path.at[pick.level][pick.sample];
    return search.run.answer_name(path.model, answer.prediction) + " " + confidence_text(answer.confidence);
}

template <typename Look>
void for_each_place(const Search& search, Look look) {
    for (std::size_t p = 0; p < search.paths.size(); ++p) {
        for (std::size_t sample = 0; sample < search.run.sample_count(); ++sample) look(p, sample);
    }
}

// How sharp the turn is: sure before, sure of something else after.
void find_first_flips(Search& search) {
    for_each_place(search, [&](std::size_t p, std::size_t sample) {
        const AnswerPath& path = search.paths[p];
        const std::size_t level = first_flip(path, sample);
        if (level >= path.levels.size()) return;
        search.offer(sample, p, level,
                     static_cast<double>(path.at[level - 1][sample].confidence) +
                         static_cast<double>(path.at[level][sample].confidence));
    });
}

void tell_first_flip(const Search& search, Pick& pick) {
    const AnswerPath& path = search.paths[pick.path];
    pick.why = "right at " + path.labels[pick.level - 1] + ", wrong at " + path.labels[pick.level];
}

void find_confident_and_wrong(Search& search) {
    for_each_place(search, [&](std::size_t p, std::size_t sample) {
        const AnswerPath& path = search.paths[p];
        for (std::size_t level = 0; level < path.levels.size(); ++level) {
            const Answer& answer = path.at[level][sample];
            if (answer.correct == 0 && !answer.foreign && level != path.reference)
                search.offer(sample, p, level, static_cast<double>(answer.confidence));
        }
    });
}

void tell_confident_and_wrong(const Search& search, Pick& pick) {
    pick.why = "wrong, and sure: " + answered(search, pick);
}

double share_wrong(const std::vector<Answer>& answers) {
    std::size_t wrong = 0, all = 0;
    for (const Answer& answer : answers) {
        all += answer.correct >= 0 ? 1U : 0U;
        wrong += answer.correct == 0 ? 1U : 0U;
    }
    return all == 0 ? 0.0 : static_cast<double>(wrong) / static_cast<double>(all);
}

// Right to the end where most others broke.
void find_survivors(Search& search) {
    for (std::size_t p = 0; p < search.paths.size(); ++p) {
        const AnswerPath& path = search.paths[p];
        const std::size_t last = path.levels.size() - 1;
        const double broken = share_wrong(path.at[last]);
        for (std::size_t sample = 0; sample < path.at[last].size() && broken > 0.0; ++sample) {
            const bool held = std::all_of(path.at.begin(), path.at.end(),
                                          [&](const auto& level) { return level[sample].correct == 1; });
            if (held) search.offer(sample, p, last, broken + static_cast<double>(path.at[last][sample].confidence));
        }
    }
}

void tell_survivor(const Search& search, Pick& pick) {
    char text[96];
    std::snprintf(text, sizeof text, "right throughout, where %.0f %% are wrong in the end",
                  100.0 * share_wrong(search.paths[pick.path].at.back()));
    pick.why = text;
}

// Paths of the same shift and levels, one per model.
std::vector<std::size_t> companions(const Search& search, std::size_t path) {
    std::vector<std::size_t> members;
    for (std::size_t p = 0; p < search.paths.size(); ++p) {
        if (search.paths[p].shift == search.paths[path].shift && search.paths[p].labels == search.paths[path].labels)
            members.push_back(p);
    }
    return members;
}

std::size_t different_answers(const Search& search, const std::vector<std::size_t>& members, std::size_t level,
                              std::size_t sample) {
    std::vector<std::string> answers;
    for (const std::size_t p : members)
        answers.push_back(search.run.answer_name(search.paths[p].model, search.paths[p].at[level][sample].prediction));
    std::sort(answers.begin(), answers.end());
    return static_cast<std::size_t>(std::unique(answers.begin(), answers.end()) - answers.begin());
}

// The same picture, as many answers as there are models.
void find_disagreements(Search& search) {
    for (std::size_t p = 0; p < search.paths.size(); ++p) {
        const std::vector<std::size_t> members = companions(search, p);
        if (members.size() < 2 || members.front() != p) continue;
        for (std::size_t level = 0; level < search.paths[p].levels.size(); ++level) {
            for (std::size_t sample = 0; sample < search.run.sample_count(); ++sample) {
                double confidence = 0.0;
                bool all = true, same = true;
                const std::int32_t first = search.paths[p].at[level][sample].prediction;
                for (const std::size_t member : members) {
                    const Answer& answer = search.paths[member].at[level][sample];
                    all = all && answer.prediction >= 0;
                    same = same && answer.prediction == first;
                    confidence += static_cast<double>(answer.confidence);
                }
                if (!all || same) continue;
                const std::size_t answers = different_answers(search, members, level, sample);
                if (answers < 2) continue;
                search.offer(sample, p, level,
                             static_cast<double>(answers) + confidence / (static_cast<double>(members.size()) + 1.0));
            }
        }
    }
}

void tell_disagreement(const Search& search, Pick& pick) {
    pick.rows = companions(search, pick.path);
    pick.why = std::to_string(different_answers(search, pick.rows, pick.level, pick.sample)) + " answers from " +
               std::to_string(pick.rows.size()) + " models at " + search.paths[pick.path].labels[pick.level];
}

// Most different answers on the way.
void find_collapse_paths(Search& search) {
    for_each_place(search, [&](std::size_t p, std::size_t sample) {
        const AnswerPath& path = search.paths[p];
        if (path.at[path.reference][sample].correct != 1) return;
        std::set<std::int32_t> answers;
        double confidence = 0.0;
        for (std::size_t level = path.reference; level < path.levels.size(); ++level) {
            const Answer& answer = path.at[level][sample];
            if (answer.prediction < 0) return;
            answers.insert(answer.prediction);
            confidence += static_cast<double>(answer.confidence);
        }
        if (answers.size() < 3) return;
        search.offer(sample, p, path.levels.size() - 1,
                     static_cast<double>(answers.size()) + confidence / static_cast<double>(path.levels.size() + 1));
    });
}

void tell_collapse_path(const Search& search, Pick& pick) {
    const AnswerPath& path = search.paths[pick.path];
    std::int32_t before = not_run;
    for (std::size_t level = path.reference; level < path.levels.size(); ++level) {
        const std::int32_t prediction = path.at[level][pick.sample].prediction;
        if (prediction != before)
            pick.why += (pick.why.empty() ? "" : " \u2192 ") + search.run.answer_name(path.model, prediction);
        before = prediction;
    }
}

struct GroupRows {
    std::string name;
    std::vector<std::size_t> samples;
    double right = 2.0;  // share over all shifted levels of all paths; above 1 where nothing counts
};

// Classes are groups where the data has no others.
std::vector<GroupRows> groups_of_run(const Search& search) {
    std::map<std::string, std::vector<std::size_t>> groups;
    const RunRecord& record = search.run.results().record();
    for (std::size_t sample = 0; sample < search.run.sample_count(); ++sample) {
        for (std::size_t a = 0; a < record.attribute_names.size(); ++a) {
            if (!record.attributes[a][sample].empty())
                groups[record.attribute_names[a] + " " + record.attributes[a][sample]].push_back(sample);
        }
        if (record.attribute_names.empty() && !search.run.target_name(sample).empty())
            groups["class " + search.run.target_name(sample)].push_back(sample);
    }
    std::vector<GroupRows> rows;
    for (auto& [name, samples] : groups) {
        std::size_t right = 0, all = 0;
        for (const AnswerPath& path : search.paths) {
            for (std::size_t level = 0; level < path.levels.size(); ++level) {
                if (level == path.reference) continue;
                for (const std::size_t sample : samples) {
                    all += path.at[level][sample].correct >= 0 ? 1U : 0U;
                    right += path.at[level][sample].correct == 1 ? 1U : 0U;
                }
            }
        }
        const double share = all == 0 ? 2.0 : static_cast<double>(right) / static_cast<double>(all);
        rows.push_back({name, std::move(samples), share});
    }
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.right < b.right; });
    return rows;
}

// Members of the group that fares worst, those that break earliest.
void find_worst_group(Search& search) {
    const std::vector<GroupRows> groups = groups_of_run(search);
    if (groups.size() < 2 || groups.front().right >= 1.0) return;
    for (std::size_t p = 0; p < search.paths.size(); ++p) {
        const AnswerPath& path = search.paths[p];
        for (const std::size_t sample : groups.front().samples) {
            const std::size_t level = first_flip(path, sample);
            if (level >= path.levels.size()) continue;
            search.offer(sample, p, level,
                         static_cast<double>(path.levels.size() - level) +
                             static_cast<double>(path.at[level][sample].confidence));
        }
    }
}

void tell_worst_group(const Search& search, Pick& pick) {
    const GroupRows worst = groups_of_run(search).front();
    char share[64];
    std::snprintf(share, sizeof share, ": %.0f %% right under shift", 100.0 * worst.right);
    pick.why = worst.name + share;
}

// A sure name for what is none of the things the model knows.
void find_hallucinations(Search& search) {
    for_each_place(search, [&](std::size_t p, std::size_t sample) {
        const AnswerPath& path = search.paths[p];
        for (std::size_t level = 0; level < path.levels.size(); ++level) {
            const Answer& answer = path.at[level][sample];
            if (answer.foreign && answer.prediction >= 0)
                search.offer(sample, p, level, static_cast<double>(answer.confidence));
        }
    });
}

void tell_hallucination(const Search& search, Pick& pick) {
    pick.why = "nothing it knows, answered " + answered(search, pick);
}

// Still right, by a hair.
void find_near_misses(Search& search) {
    for_each_place(search, [&](std::size_t p, std::size_t sample) {
        const AnswerPath& path = search.paths[p];
        for (std::size_t level = 0; level < path.levels.size(); ++level) {
            const Answer& answer = path.at[level][sample];
            if (answer.correct == 1 && level != path.reference)
                search.offer(sample, p, level, -static_cast<double>(answer.confidence));
        }
    });
}

void tell_near_miss(const Search& search, Pick& pick) {
    pick.why = "still right at " + search.paths[pick.path].labels[pick.level] + ": " + answered(search, pick);
}

// Where the answer turns, whatever the pick is about.
void tell_flip(const Search& search, Pick& pick) {
    const AnswerPath& path = search.paths[pick.path];
    const std::size_t level = first_flip(path, pick.sample);
    if (level >= path.levels.size()) return;
    pick.below = path.levels[level - 1];
    pick.above = path.levels[level];
}

struct Kind {
    const char* name;
    const char* title;
    const char* meaning;
    const char* empty;
    void (*find)(Search& search);
    void (*tell)(const Search& search, Pick& pick);  // why
};

constexpr std::array kinds = {
    Kind{"first_flip", "First flip", "Right at one level, wrong at the next: the sharpest turns.",
         "no sample was right on clean data and wrong later", find_first_flips, tell_first_flip},
    Kind{"confident_and_wrong", "Confident and wrong", "The surest of the wrong answers.",
         "no answer under shift was wrong", find_confident_and_wrong, tell_confident_and_wrong},
    Kind{"survivors", "Survivors", "Right at every level of a shift that breaks most others.",
         "no shift broke any sample, or none held out", find_survivors, tell_survivor},
    Kind{"most_disagreed", "Most disagreed", "One picture, as many answers as there are models.",
         "there is one model only, or all models agreed", find_disagreements, tell_disagreement},
    Kind{"collapse_path", "Collapse path", "Most different answers on the way from clean to broken.",
         "no sample got three different answers along a shift", find_collapse_paths, tell_collapse_path},
    Kind{"worst_group", "Worst group", "Members of the group that fares worst, those that break earliest.",
         "the data has no groups or classes, or none of them broke", find_worst_group, tell_worst_group},
    Kind{"hallucinations", "Hallucinations", "A sure name for something that is none of the classes.",
         "the run shows no inputs from outside the classes (a shift `ood` does)", find_hallucinations,
         tell_hallucination},
    Kind{"near_misses", "Near misses", "Still right, with the least confidence.", "no answer under shift was right",
         find_near_misses, tell_near_miss}};

}  // namespace

std::vector<std::string> selection_names() {
    std::vector<std::string> names;
    for (const Kind& kind : kinds) names.emplace_back(kind.name);
    return names;
}

std::vector<Selection> select_picks(const PastRun& run, const std::vector<AnswerPath>& paths,
                                    const SelectionOptions& options) {
    const std::vector<std::string> names = selection_names();
    for (const std::string& name : options.names) {
        if (std::find(names.begin(), names.end(), name) == names.end())
            throw UsageError("There is no selection `" + name + "`." + did_you_mean(name, names));
    }
    std::vector<Selection> selections;
    for (const Kind& kind : kinds) {
        if (!options.names.empty() &&
            std::find(options.names.begin(), options.names.end(), kind.name) == options.names.end())
            continue;
        Search search(run, paths, options);
        kind.find(search);
        Selection selection{kind.name, kind.title, kind.meaning, "", search.best()};
        for (Pick& pick : selection.picks) {
            kind.tell(search, pick);
            tell_flip(search, pick);
        }
        if (selection.picks.empty()) selection.empty = kind.empty;
        selections.push_back(std::move(selection));
    }
    return selections;
}

}  // namespace misfire
