#include "models/scores/row_score.h"

namespace misfire::scores {

namespace {

class Odin : public Score {
  public:
    explicit Odin(const ScoreSettings& settings)
        : temperature_(settings.number("temperature")), step_(settings.number("step")) {}

    // One pass forward and back, a small step towards more confidence, another pass forward.
    void score(const ScoreRows& rows, std::span<float> out) const override {
        const Model& model = *rows.model;
        const OutputKind kind = model.info().output;
        const InputGradient gradient =
            model.input_gradient(rows.input, rows.rows, rows.height, rows.width,
                                 [&](const Outputs& answers) { return slope_of_loss(answers, kind, rows.columns); });
        const std::vector<float> moved = step_against(gradient.values, rows);
        const Outputs outputs = model.predict(moved, rows.rows, rows.height, rows.width);
        for (std::size_t r = 0; r < out.size(); ++r) {
            const std::vector<float> logits = logits_of(outputs, r, kind, rows.columns);
            out[r] = static_cast<float>(largest_probability(logits, temperature_));
        }
    }

  private:
    // Of the columns that count; empty: all.
    static std::vector<float> logits_of(const Outputs& outputs, std::size_t row, OutputKind kind,
                                        std::span<const std::int64_t> columns) {
        const std::span<const float> all =
            std::span(outputs.values)
                .subspan(row * static_cast<std::size_t>(outputs.columns), static_cast<std::size_t>(outputs.columns));
        std::vector<float> logits;
        if (columns.empty()) logits.assign(all.begin(), all.end());
        for (const std::int64_t c : columns) logits.push_back(all[static_cast<std::size_t>(c)]);
        if (kind == OutputKind::probabilities) {
            for (float& value : logits) value = std::log(std::max(value, std::numeric_limits<float>::min()));
        }
        return logits;
    }

    // d/dz of the cross-entropy of softmax(z / T) against the predicted class: (p - onehot) / T. Of probabilities q
    // with z = log q that is divided by q.
    std::vector<float> slope_of_loss(const Outputs& answers, OutputKind kind,
                                     std::span<const std::int64_t> columns) const {
        std::vector<float> slope(answers.values.size(), 0.0F);
        const auto classes = static_cast<std::size_t>(answers.columns);
        std::vector<double> p;
        for (std::size_t r = 0; r < static_cast<std::size_t>(answers.rows); ++r) {
            const std::vector<float> logits = logits_of(answers, r, kind, columns);
            softmax(logits, p, temperature_);
            p[predicted(logits)] -= 1.0;
            for (std::size_t c = 0; c < p.size(); ++c) {
                double value = p[c] / temperature_;
                if (kind == OutputKind::probabilities) value /= std::exp(static_cast<double>(logits[c]));
                const std::size_t column = columns.empty() ? c : static_cast<std::size_t>(columns[c]);
                slope[r * classes + column] = static_cast<float>(value);
            }
        }
        return slope;
    }

    // x - step * sign(gradient) / std, with the sign of 0 positive, as the authors' program has it. Models of rows have
    // no std.
    std::vector<float> step_against(const std::vector<float>& gradient, const ScoreRows& rows) const {
        std::vector<float> moved(rows.input.begin(), rows.input.end());
        const TensorForm& form = rows.model->info().tensor;
        const std::size_t plane = static_cast<std::size_t>(rows.height) * static_cast<std::size_t>(rows.width);
        for (std::size_t i = 0; i < moved.size(); ++i) {
            const std::size_t channel = i / plane % static_cast<std::size_t>(form.channels);
            const double std = form.std.empty() ? 1.0 : form.std[channel];
            const double step = gradient[i] >= 0.0F ? step_ / std : -step_ / std;
            moved[i] = static_cast<float>(static_cast<double>(moved[i]) - step);
        }
        return moved;
    }

    double temperature_;
    double step_;
};

}  // namespace

const ScoreEntry& odin() {
    static const ScoreEntry entry{
        {.name = "odin",
         .summary = "largest probability at a high temperature, after a small step of the input towards it",
         .gradient = true,
         .options = {between("temperature", "divides the logits", "1000", 0, no_limit, "1, 10, 100, 1000"),
                     number("step", "of each pixel, in units of the scaled image (1 = black to white)", "0.0014", 0, 1,
                            "0.0014, 0.0028")},
         .reference = "Liang, Li and Srikant, Enhancing the reliability of out-of-distribution image detection in "
                      "neural networks, ICLR 2018"},
        make<Odin>};
    return entry;
}

}  // namespace misfire::scores
