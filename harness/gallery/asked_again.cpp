#include "harness/gallery/asked_again.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "harness/tensor.h"
#include "results/outcomes.h"

namespace misfire {

namespace {

constexpr double finest = 0.01;  // severities

void require_same_models(const PastRun& run, const Setup& setup) {
    for (const auto& model : setup.models) {
        for (const ModelInfo& before : run.results().record().models) {
            if (before.name != model->info().name || before.sha256.empty() || before.sha256 == model->info().sha256)
                continue;
            throw ModelError("The model " + before.name + " is another file than in the run (SHA-256 " +
                             model->info().sha256.substr(0, 12) + "..., then " + before.sha256.substr(0, 12) +
                             "...). Put the old file back, or leave out --refine.");
        }
    }
}

// The outputs that are scored, as the run scored them.
std::vector<float> scored(const TargetMap& map, OutputKind kind, const Outputs& outputs, std::size_t rows) {
    const auto columns = static_cast<std::size_t>(outputs.columns);
    std::vector<float> values;
    for (std::size_t row = 0; row < rows; ++row) {
        const float* in = outputs.values.data() + row * columns;
        if (map.restricted_columns.empty()) values.insert(values.end(), in, in + columns);
        for (const std::int64_t column : map.restricted_columns)
            values.push_back(kind == OutputKind::probabilities ? std::log(in[column]) : in[column]);
    }
    return values;
}

}  // namespace

AskedAgain::AskedAgain(const PastRun& run) : setup_(set_up(run.scenario(), "")) { require_same_models(run, setup_); }

std::vector<Answer> AskedAgain::ask(std::size_t model, const std::vector<Shown>& pictures, std::int32_t truth) const {
    const Model& asked = *setup_.models[model];
    const TargetMap& map = setup_.targets[model];
    const TensorFiller right(asked.info().tensor);
    // As the run did it: kernels are chosen by the size of the batch.
    const std::size_t batch = asked.info().fixed_batch == 1 ? 1 : static_cast<std::size_t>(setup_.scenario.batch);
    std::vector<Answer> answers;
    for (std::size_t first = 0; first < pictures.size(); first += batch) {
        const std::size_t count = std::min(batch, pictures.size() - first);
        const Image& shape = pictures[first].image;
        const std::size_t size = static_cast<std::size_t>(asked.info().tensor.channels) *
                                 static_cast<std::size_t>(shape.height) * static_cast<std::size_t>(shape.width);
        std::vector<float> tensor(size * batch, 0.0F);
        for (std::size_t i = 0; i < count; ++i) {
            const Shown& picture = pictures[first + i];
            if (picture.tensor_form)
                TensorFiller(picture.tensor_form(asked.info().tensor)).fill(picture.image, tensor.data() + i * size);
            else
                right.fill(picture.image, tensor.data() + i * size);
        }
        const Outputs outputs = asked.predict(tensor, static_cast<std::int64_t>(batch), shape.height, shape.width);
        const OutputKind kind = map.restricted_columns.empty() ? asked.info().output : OutputKind::logits;
        const std::vector<std::int32_t> targets(count, truth);
        const Outcomes outcomes =
            score_outputs(scored(map, asked.info().output, outputs, count), static_cast<std::int64_t>(count),
                          map.classes, kind, truth < 0 ? std::span<const std::int32_t>{} : targets);
        for (std::size_t i = 0; i < count; ++i) {
            Answer answer;
            answer.prediction = outcomes.prediction[i];
            answer.confidence = std::isnan(outcomes.confidence[i]) ? 0.0F : outcomes.confidence[i];
            answer.correct = static_cast<std::int8_t>(answer.prediction >= 0 && answer.prediction == truth);
            answer.rank = outcomes.target_rank[i];
            answers.push_back(answer);
        }
    }
    return answers;
}

void AskedAgain::refine(const PastRun& run, const AnswerPath& path, std::size_t sample, double& below,
                        double& above) const {
    if (!(above - below > finest)) return;
    std::vector<double> severities;
    const auto steps = static_cast<int>(std::lround((above - below) / finest));
    for (int step = 1; step < steps; ++step) severities.push_back(below + step * finest);
    const std::unique_ptr<Shift> finer = run.shift_at(path.shift, severities);
    if (finer == nullptr || severities.empty()) return;
    const SamplePictures pictures(run, sample, run.geometry(path.model));
    const std::int32_t truth = truth_of(path, sample);
    // A quarter at a time: the flip is often early, and pictures cost more than answers.
    constexpr std::size_t at_once = 25;
    for (std::size_t first = 0; first < severities.size(); first += at_once) {
        const std::size_t last = std::min(first + at_once, severities.size());
        std::vector<Shown> shown;
        for (std::size_t s = first; s < last; ++s) shown.push_back(pictures.at(*finer, s + 1));
        const std::vector<Answer> answers = ask(path.model, shown, truth);
        for (std::size_t s = first; s < last; ++s) {
            if (answers[s - first].correct == 1) {
                below = severities[s];
                continue;
            }
            above = severities[s];
            return;
        }
    }
}

std::int32_t truth_of(const AnswerPath& path, std::size_t sample) {
    for (const auto& level : path.at) {
        if (level[sample].correct == 1) return level[sample].prediction;
    }
    return -1;
}

}  // namespace misfire
