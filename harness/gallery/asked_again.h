// The models of a past run, asked again at severities that the run did not have.
#pragma once

#include <vector>

#include "harness/gallery/answers.h"
#include "harness/gallery/sample_pictures.h"
#include "harness/setup.h"

namespace misfire {

class AskedAgain {
  public:
    // Loads the models. Throws ModelError when one is not the file of the run any more (another SHA-256).
    explicit AskedAgain(const PastRun& run);

    // What a model answers to these pictures of one sample, which have one size. `truth`: class that is right.
    std::vector<Answer> ask(std::size_t model, const std::vector<Shown>& pictures, std::int32_t truth) const;

    // The first of the severities 0.01 apart within (below, above] at which the answer is not `truth`: the flip lies
    // between it and the one before. Keeps `pick` as it was where the shift has no severities in between.
    void refine(const PastRun& run, const AnswerPath& path, std::size_t sample, double& below, double& above) const;

  private:
    Setup setup_;
};

// What counts as right for a sample along a path: the class that a right answer names, -1 where there is none.
std::int32_t truth_of(const AnswerPath& path, std::size_t sample);

}  // namespace misfire
