#include "harness/saliency.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/error.h"
#include "core/random.h"
#include "harness/tensor.h"

namespace misfire {

namespace {

constexpr std::size_t batch = 32;  // images per call; fixed, as kernels are chosen by batch size
constexpr int deletion_steps = 10;
constexpr int random_orders = 8;

// One image as the model's input, and the model's answers to changed copies of it.
class Subject {
  public:
    Subject(const Model& model, const Image& image)
        : model_(model),
          height_(image.height),
          width_(image.width),
          channels_(static_cast<std::size_t>(model.info().tensor.channels)) {
        input_.resize(channels_ * plane());
        TensorFiller(model.info().tensor).fill(image, input_.data());
        for (std::size_t c = 0; c < channels_; ++c) {
            const auto first = input_.begin() + static_cast<std::ptrdiff_t>(c * plane());
            mean_.push_back(
                static_cast<float>(std::accumulate(first, first + static_cast<std::ptrdiff_t>(plane()), 0.0) /
                                   static_cast<double>(plane())));
        }
    }

    std::size_t plane() const { return static_cast<std::size_t>(height_) * static_cast<std::size_t>(width_); }
    std::size_t channels() const { return channels_; }
    int height() const { return height_; }
    int width() const { return width_; }
    const std::vector<float>& input() const { return input_; }

    void cover(std::vector<float>& copy, std::size_t pixel) const {
        for (std::size_t c = 0; c < channels_; ++c) copy[c * plane() + pixel] = mean_[c];
    }

    // Logarithms of the probabilities [copies, classes]. Copies go in batches of one size, filled up with the last.
    std::vector<std::vector<double>> answers(const std::vector<std::vector<float>>& copies) const {
        std::vector<std::vector<double>> all;
        std::vector<float> tensor(batch * input_.size());
        for (std::size_t first = 0; first < copies.size(); first += batch) {
            for (std::size_t i = 0; i < batch; ++i) {
                const std::vector<float>& copy = copies[std::min(first + i, copies.size() - 1)];
                std::copy(copy.begin(), copy.end(), tensor.begin() + static_cast<std::ptrdiff_t>(i * input_.size()));
            }
            const Outputs outputs = model_.predict(tensor, batch, height_, width_);
            for (std::size_t i = 0; i < std::min(batch, copies.size() - first); ++i) all.push_back(log_p(outputs, i));
        }
        return all;
    }

    // Gradients of the answer `label` at copies: of the logit, or of the logarithm of a probability.
    std::vector<float> gradients(const std::vector<float>& copies, std::size_t label) const {
        const auto rows = static_cast<std::int64_t>(copies.size() / input_.size());
        const bool probabilities = model_.info().output == OutputKind::probabilities;
        const auto slope = [&](const Outputs& outputs) {
            std::vector<float> weights(outputs.values.size(), 0.0F);
            for (std::size_t r = 0; r < static_cast<std::size_t>(outputs.rows); ++r) {
                const std::size_t at = r * static_cast<std::size_t>(outputs.columns) + label;
                weights[at] = probabilities ? 1.0F / std::max(outputs.values[at], 1e-6F) : 1.0F;
            }
            return weights;
        };
        return model_.input_gradient(copies, rows, height_, width_, slope).values;
    }

  private:
    std::vector<double> log_p(const Outputs& outputs, std::size_t row) const {
        const auto columns = static_cast<std::size_t>(outputs.columns);
        std::vector<double> z(outputs.values.begin() + static_cast<std::ptrdiff_t>(row * columns),
                              outputs.values.begin() + static_cast<std::ptrdiff_t>((row + 1) * columns));
        if (model_.info().output == OutputKind::probabilities) {
            for (double& value : z) value = std::log(std::max(value, 1e-30));
        }
        const double top = *std::max_element(z.begin(), z.end());
        double sum = 0.0;
        for (const double value : z) sum += std::exp(value - top);
        for (double& value : z) value -= top + std::log(sum);
        return z;
    }

    const Model& model_;
    int height_, width_;
    std::size_t channels_;
    std::vector<float> input_;  // [channels, height, width]
    std::vector<float> mean_;   // per channel
};

std::vector<float> occlusion_map(const Subject& subject, std::size_t label, double whole, double share) {
    const int side = std::min(subject.height(), subject.width());
    const int patch = std::max(1, static_cast<int>(std::lround(share * side))), stride = std::max(1, patch / 2);
    struct Place {
        int top, left;
    };
    std::vector<Place> places;
    for (int top = stride - patch; top < subject.height(); top += stride) {
        for (int left = stride - patch; left < subject.width(); left += stride) places.push_back({top, left});
    }
    const auto each_pixel = [&](const Place& place, auto use) {
        for (int y = std::max(0, place.top); y < std::min(subject.height(), place.top + patch); ++y) {
            for (int x = std::max(0, place.left); x < std::min(subject.width(), place.left + patch); ++x)
                use(static_cast<std::size_t>(y) * static_cast<std::size_t>(subject.width()) +
                    static_cast<std::size_t>(x));
        }
    };
    std::vector<float> sum(subject.plane(), 0.0F), count(subject.plane(), 0.0F);
    for (std::size_t first = 0; first < places.size(); first += batch) {
        std::vector<std::vector<float>> copies;
        const std::size_t some = std::min(batch, places.size() - first);
        for (std::size_t i = 0; i < some; ++i) {
            copies.push_back(subject.input());
            each_pixel(places[first + i], [&](std::size_t pixel) { subject.cover(copies.back(), pixel); });
        }
        const std::vector<std::vector<double>> answers = subject.answers(copies);
        for (std::size_t i = 0; i < some; ++i) {
            each_pixel(places[first + i], [&](std::size_t pixel) {
                sum[pixel] += static_cast<float>(whole - answers[i][label]);
                count[pixel] += 1.0F;
            });
        }
    }
    for (std::size_t pixel = 0; pixel < sum.size(); ++pixel) sum[pixel] /= std::max(count[pixel], 1.0F);
    return sum;
}

std::vector<float> gradient_input_map(const Subject& subject, std::size_t label) {
    const std::vector<float> gradient = subject.gradients(subject.input(), label);
    std::vector<float> map(subject.plane(), 0.0F);
    for (std::size_t i = 0; i < gradient.size(); ++i) map[i % map.size()] += gradient[i] * subject.input()[i];
    return map;
}

std::vector<float> smoothgrad_map(const Subject& subject, std::size_t label, const SaliencyOptions& options) {
    const auto [low, high] = std::minmax_element(subject.input().begin(), subject.input().end());
    const float deviation = static_cast<float>(options.noise) * (*high - *low);
    const Random random(KeyHash().add("misfire smoothgrad 1").add(options.seed).value());
    std::vector<double> sum(subject.input().size(), 0.0);
    std::vector<float> noise(subject.input().size());
    constexpr int at_once = 8;
    for (int first = 0; first < options.noisy_copies; first += at_once) {
        std::vector<float> copies;
        for (int i = first; i < std::min(first + at_once, options.noisy_copies); ++i) {
            random.normal(noise, static_cast<std::uint32_t>(i));
            for (std::size_t k = 0; k < noise.size(); ++k) copies.push_back(subject.input()[k] + deviation * noise[k]);
        }
        const std::vector<float> gradient = subject.gradients(copies, label);
        for (std::size_t i = 0; i < gradient.size(); ++i) sum[i % sum.size()] += static_cast<double>(gradient[i]);
    }
    std::vector<float> map(subject.plane(), 0.0F);
    for (std::size_t i = 0; i < sum.size(); ++i)
        map[i % map.size()] += static_cast<float>(std::abs(sum[i]) / options.noisy_copies);
    return map;
}

// Pixels by falling value, equal ones from the upper left.
std::vector<std::size_t> order_of(const std::vector<float>& values) {
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] > values[b]; });
    return order;
}

std::vector<float> without_first(const Subject& subject, const std::vector<std::size_t>& order, double share) {
    std::vector<float> copy = subject.input();
    const auto count = static_cast<std::size_t>(std::lround(share * static_cast<double>(order.size())));
    for (std::size_t i = 0; i < count; ++i) subject.cover(copy, order[i]);
    return copy;
}

void delete_by(const Subject& subject, std::size_t label, double removed, SaliencyMap& map) {
    const std::vector<std::size_t> order = order_of(map.values);
    std::vector<std::vector<float>> copies;
    for (int step = 0; step <= deletion_steps; ++step)
        copies.push_back(without_first(subject, order, static_cast<double>(step) / deletion_steps));
    copies.push_back(without_first(subject, order, removed));
    const std::vector<std::vector<double>> answers = subject.answers(copies);
    for (int step = 0; step <= deletion_steps; ++step) {
        map.deletion.push_back(std::exp(answers[static_cast<std::size_t>(step)][label]));
        if (step > 0) map.deletion_area += 0.5 * (map.deletion.end()[-1] + map.deletion.end()[-2]) / deletion_steps;
    }
    map.drop = map.deletion.front() - std::exp(answers.back()[label]);
}

double drop_at_random(const Subject& subject, std::size_t label, double whole, const SaliencyOptions& options) {
    const Random random(KeyHash().add("misfire random deletion 1").add(options.seed).value());
    std::vector<std::vector<float>> copies;
    for (int i = 0; i < random_orders; ++i) {
        std::vector<float> draws(subject.plane());
        random.uniform(draws, static_cast<std::uint32_t>(i));
        copies.push_back(without_first(subject, order_of(draws), options.removed));
    }
    double sum = 0.0;
    for (const std::vector<double>& answer : subject.answers(copies)) sum += std::exp(answer[label]);
    return std::exp(whole) - sum / random_orders;
}

}  // namespace

const char* name_of(SaliencyMethod method) {
    switch (method) {
        case SaliencyMethod::occlusion: return "occlusion";
        case SaliencyMethod::gradient_input: return "gradient_input";
        case SaliencyMethod::smoothgrad: return "smoothgrad";
    }
    return "";
}

Explanation explain(const Model& model, const Image& image, std::int64_t label, const SaliencyOptions& options) {
    const ModelInfo& info = model.info();
    if (info.input != InputKind::image || info.output == OutputKind::regression) {
        throw UsageError("What is explained is the class of a picture, and the model " + info.name +
                         (info.input == InputKind::image ? " answers a number." : " takes rows of numbers."));
    }
    if (label >= info.classes)
        throw UsageError("There is no class " + std::to_string(label) + ": the model " + info.name +
                         " has classes 0 to " + std::to_string(info.classes - 1) + ".");
    const Subject subject(model, image);
    const std::vector<double> whole = subject.answers({subject.input()}).front();
    Explanation explanation;
    explanation.prediction = std::max_element(whole.begin(), whole.end()) - whole.begin();
    explanation.label = label < 0 ? explanation.prediction : label;
    const auto aim = static_cast<std::size_t>(explanation.label);
    explanation.probability = std::exp(whole[aim]);
    explanation.confidence = std::exp(whole[static_cast<std::size_t>(explanation.prediction)]);
    explanation.random_drop = drop_at_random(subject, aim, whole[aim], options);
    for (const SaliencyMethod method : options.methods) {
        SaliencyMap map;
        map.method = method;
        if (method != SaliencyMethod::occlusion && !info.differentiable) {
            map.skipped = "the model has no gradient: " + info.no_gradient;
        } else {
            map.values = method == SaliencyMethod::occlusion ? occlusion_map(subject, aim, whole[aim], options.patch)
                         : method == SaliencyMethod::gradient_input ? gradient_input_map(subject, aim)
                                                                    : smoothgrad_map(subject, aim, options);
            delete_by(subject, aim, options.removed, map);
        }
        explanation.maps.push_back(std::move(map));
    }
    return explanation;
}

Image overlay(const Image& image, const std::vector<float>& values) {
    std::vector<float> sorted = values;
    const auto percentile = [&sorted](std::size_t hundredths) {
        const auto place = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() * hundredths / 100);
        std::nth_element(sorted.begin(), place, sorted.end());
        return *place;
    };
    // Of a map without negative values, what every pixel has is shown as nothing.
    const float nothing = std::max(0.0F, percentile(50)), full = std::max(percentile(99), nothing + 1e-12F);
    Image out(image.height, image.width, 3);
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::uint8_t* from = image.pixels.data() + i * static_cast<std::size_t>(image.channels);
        const float grey = image.channels == 1
                               ? static_cast<float>(from[0])
                               : 0.299F * static_cast<float>(from[0]) + 0.587F * static_cast<float>(from[1]) +
                                     0.114F * static_cast<float>(from[2]);
        const float heat = std::clamp((values[i] - nothing) / (full - nothing), 0.0F, 1.0F);
        const float cover = 0.85F * std::sqrt(heat);  // the picture shows through
        const float colour[3] = {std::min(1.0F, 0.5F + heat), std::max(0.0F, 1.6F * heat - 0.6F), 0.1F * heat};
        for (std::size_t c = 0; c < 3; ++c)
            out.pixels[3 * i + c] = static_cast<std::uint8_t>(
                std::lround((1.0F - cover) * (40.0F + 0.65F * grey) + cover * 255.0F * colour[c]));
    }
    return out;
}

}  // namespace misfire
