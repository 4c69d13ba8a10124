// What one model answered along one shift.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/gallery/past_run.h"

namespace misfire {

struct Answer {
    std::int32_t prediction = not_run;
    float confidence = 0.0F;   // 0 where there is none
    std::int8_t correct = -1;  // 1, 0; -1 does not count. Without labels: whether it is the clean answer
    std::int32_t rank = 0;     // place of the target among the sorted outputs
    bool foreign = false;      // the input is of no class that the model knows (out of distribution)
    bool counts() const { return prediction >= not_finite; }
};

// Levels that have outcomes, ascending; the reference among them.
struct AnswerPath {
    std::size_t model = 0;
    std::string shift;
    std::string unit;
    std::vector<double> levels;
    std::vector<std::string> labels;
    std::vector<std::string> cells;       // names
    std::size_t reference = 0;            // place in levels
    std::vector<std::vector<Answer>> at;  // [level][sample]
};

// Every model and shift of the run that has at least a reference and one other level with outcomes, in the run's order.
// `only_models`, `only_shifts`: names, empty for all; throws UsageError with the nearest name for one that the run does
// not have.
std::vector<AnswerPath> read_answers(const PastRun& run, const std::vector<std::string>& only_models,
                                     const std::vector<std::string>& only_shifts);

// First level beyond the reference at which a sample that was right at the reference is wrong; levels.size() where it
// never is, or was wrong from the beginning.
std::size_t first_flip(const AnswerPath& path, std::size_t sample);

}  // namespace misfire
