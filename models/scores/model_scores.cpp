#include "models/scores/model_scores.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.h"
#include "core/score_settings.h"
#include "models/scores/linear_algebra.h"
#include "models/scores/registry.h"

namespace misfire {

namespace {

std::string options_text(const ScoreSpec& spec) {
    std::string text;
    for (const auto& [name, value] : spelled_out(spec.settings))
        text += (text.empty() ? "" : ", ") + name + "=" + value;
    return text;
}

// Fills a row that is not finite with zeros. False when it was not.
bool make_finite(std::span<float> row) {
    if (std::all_of(row.begin(), row.end(), [](float value) { return std::isfinite(value); })) return true;
    std::fill(row.begin(), row.end(), 0.0F);
    return false;
}

// The layer as if it had no other outputs.
Classifier chosen_rows(const Classifier& layer, const std::vector<std::int64_t>& columns) {
    if (columns.empty()) return layer;
    Classifier chosen;
    chosen.classes = static_cast<std::int64_t>(columns.size());
    chosen.features = layer.features;
    for (const std::int64_t c : columns) {
        const auto first = layer.weight.begin() + c * layer.features;
        chosen.weight.insert(chosen.weight.end(), first, first + layer.features);
        chosen.bias.push_back(layer.bias[static_cast<std::size_t>(c)]);
    }
    return chosen;
}

std::vector<float> chosen_columns(const std::vector<float>& values, std::int64_t width,
                                  const std::vector<std::int64_t>& columns) {
    if (columns.empty()) return values;
    std::vector<float> chosen;
    for (std::size_t first = 0; first < values.size(); first += static_cast<std::size_t>(width)) {
        for (const std::int64_t c : columns) chosen.push_back(values[first + static_cast<std::size_t>(c)]);
    }
    return chosen;
}

}  // namespace

// Rows in the form in which scores take them.
struct ModelScores::Prepared {
    ScoreRows rows;
    std::vector<float> logits;
    std::vector<float> features;
    std::vector<std::uint8_t> finite;  // per row
};

ModelScores::ModelScores(const Model& model, std::vector<ScoreSpec> specs, std::vector<std::int64_t> columns)
    : model_(model), columns_(std::move(columns)), specs_(std::move(specs)) {
    const ModelInfo& info = model_.info();
    if (const Classifier* layer = model_.classifier()) classifier_ = chosen_rows(*layer, columns_);
    recompute_logits_ = info.output != OutputKind::logits && classifier_;
    for (const ScoreSpec& spec : specs_) {
        const ScoreEntry& entry = score_named(spec.score);
        entries_.push_back(&entry);
        ScoreState state{info.name, spec.name, spec.score, entry.info.version, options_text(spec), Status::ok, ""};
        state.message = reason_against(entry.info);
        if (!state.message.empty()) state.status = Status::skipped;
        scores_.push_back(state.message.empty() ? entry.make(spec.settings) : nullptr);
        states_.push_back(std::move(state));
    }
}

std::string ModelScores::reason_against(const ScoreInfo& score) const {
    const ModelInfo& info = model_.info();
    if (info.output == OutputKind::regression) return "the model answers a number, and scores are of classes";
    if (score.features && info.features == 0)
        return "the model has no penultimate features: no fully connected last layer was found in it";
    if (score.classifier && !classifier_) return "the weights of the last layer are not known: " + info.no_classifier;
    if (score.gradient && !info.differentiable) return "the model has no gradient: " + info.no_gradient;
    if (score.logits_themselves && info.output != OutputKind::logits && !classifier_) {
        return std::string("the model answers ") + name_of(info.output) +
               ", from which logits are known up to a constant only";
    }
    return "";
}

template <typename Asks>
bool ModelScores::any_of(Asks asks) const {
    for (std::size_t s = 0; s < scores_.size(); ++s) {
        if (scores_[s] && asks(entries_[s]->info)) return true;
    }
    return false;
}

bool ModelScores::any() const {
    return any_of([](const ScoreInfo&) { return true; });
}
bool ModelScores::with_features() const {
    return any_of([this](const ScoreInfo& info) { return info.features || recompute_logits_; });
}
bool ModelScores::wants_fit() const {
    return any_of([](const ScoreInfo& info) { return info.fit; });
}
bool ModelScores::wants_labels() const {
    return any_of([](const ScoreInfo& info) { return info.labels; });
}

ModelScores::Prepared ModelScores::prepare(const Outputs& outputs) const {
    Prepared prepared;
    ScoreRows& rows = prepared.rows;
    rows.rows = outputs.rows;
    rows.classes = columns_.empty() ? outputs.columns : static_cast<std::int64_t>(columns_.size());
    rows.columns = columns_;
    prepared.logits = chosen_columns(outputs.values, outputs.columns, columns_);
    prepared.features = outputs.features;
    prepared.finite.assign(static_cast<std::size_t>(rows.rows), 1);
    if (rows.rows > 0) rows.features = static_cast<std::int64_t>(outputs.features.size()) / rows.rows;
    if (recompute_logits_ && rows.rows > 0) {
        const Classifier& layer = *classifier_;
        const Matrix answers =
            product({static_cast<std::size_t>(rows.rows), static_cast<std::size_t>(rows.features), outputs.features},
                    {static_cast<std::size_t>(layer.classes), static_cast<std::size_t>(layer.features), layer.weight});
        for (std::size_t i = 0; i < answers.values.size(); ++i)
            prepared.logits[i] =
                static_cast<float>(answers.values[i] + static_cast<double>(layer.bias[i % answers.columns]));
    } else if (model_.info().output == OutputKind::probabilities) {
        for (float& p : prepared.logits)
            p = std::isnan(p) ? p : std::log(std::max(p, std::numeric_limits<float>::min()));
    } else if (model_.info().output == OutputKind::log_probabilities) {
        const float least = std::log(std::numeric_limits<float>::min());  // -inf is a fair log-probability
        for (float& p : prepared.logits) p = std::isnan(p) ? p : std::max(p, least);
    }
    const auto classes = static_cast<std::size_t>(rows.classes), depth = static_cast<std::size_t>(rows.features);
    for (std::size_t r = 0; r < prepared.finite.size(); ++r) {
        const bool logits = make_finite(std::span(prepared.logits).subspan(r * classes, classes));
        const bool features = make_finite(std::span(prepared.features).subspan(r * depth, depth));
        prepared.finite[r] = logits && features ? 1 : 0;
    }
    rows.logits = prepared.logits;
    rows.feature_values = prepared.features;
    rows.model = &model_;
    return prepared;
}

void ModelScores::fit(const Outputs& outputs, std::span<const std::int32_t> labels) {
    Prepared all = prepare(outputs);
    std::vector<std::int32_t> kept_labels;
    const auto classes = static_cast<std::size_t>(all.rows.classes),
               depth = static_cast<std::size_t>(all.rows.features);
    std::size_t kept = 0;
    for (std::size_t r = 0; r < all.finite.size(); ++r) {
        if (all.finite[r] == 0) continue;
        std::copy_n(all.logits.begin() + static_cast<std::ptrdiff_t>(r * classes), classes,
                    all.logits.begin() + static_cast<std::ptrdiff_t>(kept * classes));
        std::copy_n(all.features.begin() + static_cast<std::ptrdiff_t>(r * depth), depth,
                    all.features.begin() + static_cast<std::ptrdiff_t>(kept * depth));
        if (!labels.empty()) kept_labels.push_back(labels[r]);
        ++kept;
    }
    ScoreRows rows = all.rows;
    rows.rows = static_cast<std::int64_t>(kept);
    rows.logits = std::span<const float>(all.logits).first(kept * classes);
    rows.feature_values = std::span<const float>(all.features).first(kept * depth);
    rows.labels = kept_labels;
    const bool labelled = std::any_of(kept_labels.begin(), kept_labels.end(), [](std::int32_t l) { return l >= 0; });
    for (std::size_t s = 0; s < scores_.size(); ++s) {
        if (!scores_[s]) continue;
        const ScoreInfo& info = entries_[s]->info;
        if (info.fit && kept == 0) {
            throw DataError("The fit set is too small for the score " + info.name +
                            ": it needs at least 1 sample that the model " + model_.info().name +
                            " gives a finite answer to. Give more under `fit`.");
        }
        if (info.labels && !labelled) {
            throw DataError("The score " + info.name +
                            " needs the labels of the fit set, and it has none. Give a labelled set under `fit`, or "
                            "leave the score out.");
        }
        scores_[s]->fit(rows, info.classifier ? &*classifier_ : nullptr);
        states_[s].message = scores_[s]->note();
    }
}

std::vector<std::vector<float>> ModelScores::score(const Outputs& outputs, std::span<const float> input, int height,
                                                   int width) const {
    Prepared prepared = prepare(outputs);
    prepared.rows.input = input;
    prepared.rows.height = height;
    prepared.rows.width = width;
    std::vector<std::vector<float>> columns(scores_.size());
    for (std::size_t s = 0; s < scores_.size(); ++s) {
        if (!scores_[s]) continue;
        columns[s].resize(static_cast<std::size_t>(outputs.rows));
        scores_[s]->score(prepared.rows, columns[s]);
        for (std::size_t r = 0; r < columns[s].size(); ++r) {
            if (prepared.finite[r] == 0) columns[s][r] = std::numeric_limits<float>::quiet_NaN();
        }
    }
    return columns;
}

}  // namespace misfire
