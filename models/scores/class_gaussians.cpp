#include "models/scores/class_gaussians.h"

#include <algorithm>
#include <limits>

#include "models/scores/fit_set.h"

namespace misfire::scores {

namespace {

double squared_distance(std::span<const double> a, std::span<const double> b) {
    double sum = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sum;
}

// Mean of the rows of each group; groups are numbered from 0, negative ones are left out.
Matrix means_of(const Matrix& samples, std::span<const std::int32_t> group, std::size_t groups) {
    Matrix means(groups, samples.columns);
    std::vector<double> count(groups, 0.0);
    for (std::size_t r = 0; r < samples.rows; ++r) {
        if (group[r] < 0) continue;
        const auto g = static_cast<std::size_t>(group[r]);
        count[g] += 1.0;
        for (std::size_t d = 0; d < samples.columns; ++d) means.row(g)[d] += samples.row(r)[d];
    }
    for (std::size_t g = 0; g < groups; ++g) {
        for (double& value : means.row(g)) value /= count[g];
    }
    return means;
}

void add(std::string& note, const std::string& more) { note += (note.empty() ? "" : "; ") + more; }

void note_rank(std::string& note, const char* which, std::size_t rank, std::size_t features) {
    if (rank < features) {
        add(note, std::string(which) + " is singular, of rank " + std::to_string(rank) + " of " +
                      std::to_string(features) + ": pseudo-inverse taken");
    }
}

}  // namespace

void ClassGaussians::fit(const ScoreRows& rows, const std::string& score, bool background) {
    std::vector<std::int32_t> place(static_cast<std::size_t>(rows.classes), -1);  // of classes among those with samples
    for (const std::int32_t label : rows.labels) {
        if (label >= 0) place[static_cast<std::size_t>(label)] = 0;
    }
    std::int32_t present = 0;
    for (std::int32_t& p : place) p = p < 0 ? -1 : present++;
    std::vector<std::int32_t> group, all;
    std::int64_t known = 0;
    for (const std::int32_t label : rows.labels) {
        group.push_back(label < 0 ? -1 : place[static_cast<std::size_t>(label)]);
        all.push_back(label < 0 ? -1 : 0);
        known += label < 0 ? 0 : 1;
    }
    require_samples(score, known, rows.features + present,
                    "a covariance of " + std::to_string(rows.features) + " features within " + std::to_string(present) +
                        " classes needs");
    const Matrix features = features_of(rows);
    const Matrix means = means_of(features, group, static_cast<std::size_t>(present));
    whitening_ = whitening_of(covariance(features, means, group));
    centres_ = product(means, whitening_);
    note_rank(note_, "the covariance", whitening_.rows, features.columns);
    if (present < rows.classes) {
        add(note_, std::to_string(rows.classes - present) + " of " + std::to_string(rows.classes) +
                       " classes have no sample in the fit set");
    }
    if (!background) return;
    const Matrix mean = means_of(features, all, 1);
    common_whitening_ = whitening_of(covariance(features, mean, all));
    common_centre_ = product(mean, common_whitening_);
    note_rank(note_, "the covariance of all samples", common_whitening_.rows, features.columns);
}

std::vector<double> ClassGaussians::nearest_class(const Matrix& features) const {
    const Matrix white = product(features, whitening_);
    std::vector<double> nearest(white.rows, std::numeric_limits<double>::infinity());
    for (std::size_t r = 0; r < white.rows; ++r) {
        for (std::size_t c = 0; c < centres_.rows; ++c)
            nearest[r] = std::min(nearest[r], squared_distance(white.row(r), centres_.row(c)));
    }
    return nearest;
}

std::vector<double> ClassGaussians::to_background(const Matrix& features) const {
    const Matrix white = product(features, common_whitening_);
    std::vector<double> distances(white.rows);
    for (std::size_t r = 0; r < white.rows; ++r) distances[r] = squared_distance(white.row(r), common_centre_.row(0));
    return distances;
}

}  // namespace misfire::scores
