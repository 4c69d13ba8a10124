// One Gaussian per class with a covariance that all share, and one of all samples together.
#pragma once

#include "core/score.h"
#include "models/scores/linear_algebra.h"

namespace misfire::scores {

class ClassGaussians {
  public:
    // Features and labels of a fit set; samples without a label are left out. Throws DataError when there are too few
    // for the covariance: features + classes of them. A singular covariance gets its pseudo-inverse. With `background`
    // the Gaussian of all samples is fitted, too.
    void fit(const ScoreRows& rows, const std::string& score, bool background);

    // Per row: the least (f - mean_c)' P (f - mean_c) of all classes.
    std::vector<double> nearest_class(const Matrix& features) const;

    // Per row: (f - mean)' P0 (f - mean) of all samples together. Requires fit() with `background`.
    std::vector<double> to_background(const Matrix& features) const;

    // "" unless something was out of the ordinary: singular covariances, classes without samples.
    const std::string& note() const { return note_; }

  private:
    Matrix whitening_;         // [rank, features]
    Matrix centres_;           // [class, rank]: whitened means of the classes that have samples
    Matrix common_whitening_;  // [rank, features]
    Matrix common_centre_;     // [1, rank]
    std::string note_;
};

}  // namespace misfire::scores
