// Two runs on the same samples: every number of one beside the same number of the other, over the samples that count in
// both, with bootstrap draws that all numbers share.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "core/curve_metric.h"
#include "results/cell_estimates.h"
#include "results/compare/difference.h"
#include "results/compare/sample_weights.h"
#include "results/results_file.h"

namespace misfire {

// A unit is a sample that both runs hold.
class PairedRuns {
  public:
    // Pairs samples by id; whether that is fair is asked of comparability(). Both files outlive this. They may be the
    // same one: then there are draws of a single run. Throws UsageError when no sample is in both.
    PairedRuns(const ResultsFile& first, const ResultsFile& second, int threads);

    const ResultsFile& first() const { return first_; }
    const ResultsFile& second() const { return second_; }
    std::size_t units() const { return rows_.size(); }
    bool same_samples() const { return same_samples_; }
    const std::vector<std::pair<std::uint32_t, std::uint32_t>>& rows() const { return rows_; }
    const SampleWeights& weights() const;                         // drawn when first asked for; thread-safe
    const std::vector<Group>& groups() const { return groups_; }  // units of each, all of them first
    bool is_known(std::uint32_t unit) const { return known_.empty() || known_[unit]; }  // all columns in both

    // A number over the run. `models`: places in the two runs.
    PairedNumber over_the_run(const CurveMetric& metric, std::pair<std::size_t, std::size_t> models) const;

  private:
    struct Side;
    const Side& side(bool first) const;

    const ResultsFile& first_;
    const ResultsFile& second_;
    int threads_;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> rows_;
    bool same_samples_;
    std::vector<Group> groups_;
    std::vector<bool> known_;
    mutable std::once_flag weights_once_;
    mutable std::unique_ptr<SampleWeights> weights_;
    mutable std::once_flag sides_once_;
    mutable std::shared_ptr<const std::pair<Side, Side>> sides_;
};

}  // namespace misfire
