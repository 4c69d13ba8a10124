// A finished run taken up again: its results, and the data and shifts that its pictures were made from.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/dataset.h"
#include "core/shift.h"
#include "results/results_file.h"
#include "scenarios/scenario.h"

namespace misfire {

class PastRun {
  public:
    static constexpr std::size_t gone = static_cast<std::size_t>(-1);

    // `overrides`: --set assignments to the run's own scenario, for data or models that have moved since. Models are
    // not loaded. Throws the errors of the rooms; DataError when none of the run's samples is in the data any more.
    PastRun(const std::filesystem::path& run, const std::vector<std::string>& overrides);

    const ResultsFile& results() const { return results_; }
    const Scenario& scenario() const { return scenario_; }
    const Dataset& data() const { return *data_; }
    bool is_table() const { return data_->table() != nullptr; }
    const std::vector<std::string>& models() const { return models_; }
    const std::vector<std::string>& sample_ids() const { return results_.record().sample_ids; }
    std::size_t sample_count() const { return sample_ids().size(); }

    // Place in data() of sample i of the run, or `gone`.
    std::size_t place(std::size_t sample) const { return places_[sample]; }
    std::size_t gone_count() const { return gone_count_; }
    const std::string& first_gone() const { return sample_ids()[first_gone_]; }

    // Geometry of what a model was shown: the scenario's word, or the card's.
    const Geometry& geometry(std::size_t model) const { return geometries_[model]; }

    // The shift of that name as the run had it; null for the clean data. Of images only.
    const Shift* shift(const std::string& name) const;
    // The same shift at other severities (ascending, above 0); null for one that has no severities in between.
    std::unique_ptr<Shift> shift_at(const std::string& name, const std::vector<double>& severities) const;

    // What a model calls its answer: "cat", "class 3", "no finite answer".
    std::string answer_name(std::size_t model, std::int32_t prediction) const;
    // The label of a sample, "" where it has none.
    std::string target_name(std::size_t sample) const;

  private:
    const std::vector<std::string>& class_names() const;  // of the data
    void find_samples();
    void open_pictures();

    ResultsFile results_;
    Scenario scenario_;
    std::unique_ptr<Dataset> data_;
    std::vector<std::string> models_;
    std::vector<std::size_t> places_;
    std::size_t gone_count_ = 0;
    std::size_t first_gone_ = 0;
    std::vector<Geometry> geometries_;
    std::vector<std::unique_ptr<Shift>> shifts_;
};

}  // namespace misfire
