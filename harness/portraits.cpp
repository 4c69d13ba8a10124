#include "harness/portraits.h"

#include <tbb/global_control.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/random.h"
#include "harness/tensor.h"
#include "perturbations/smooth_plane.h"

namespace misfire {

namespace {

constexpr std::size_t at_once = 5;  // portraits that climb as one batch; fixed, as kernels are chosen by batch size
constexpr float middle = 127.5F;    // of the pixel range
constexpr double first_step = 10.0, last_step = 2.5;  // root mean square, in grey levels
constexpr double last_smoothing = 0.5;                // px
constexpr double pull = 1.4;                          // towards neighbours, per step, in grey levels

struct Shape {
    int channels, height, width;
    std::size_t plane() const { return static_cast<std::size_t>(height) * static_cast<std::size_t>(width); }
    std::size_t size() const { return static_cast<std::size_t>(channels) * plane(); }
};

void check(const ModelInfo& info, const PortraitOptions& options) {
    if (info.input != InputKind::image)
        throw UsageError("Portraits are pictures, and the model " + info.name + " takes rows of numbers.");
    if (info.output == OutputKind::regression)
        throw UsageError("Portraits are of classes, and the model " + info.name + " answers a number.");
    if (!info.differentiable) {
        throw ModelError("The model " + info.name + " has no gradient to follow: " + info.no_gradient +
                         ". Take the float model that it was made from, if there is one.");
    }
    if (info.input_height == 0)
        throw UsageError("The model " + info.name +
                         " takes images of any size: say which with --size, such as --size 224.");
    for (const std::int64_t label : options.classes) {
        if (label < 0 || label >= info.classes)
            throw UsageError("There is no class " + std::to_string(label) + ": the model " + info.name +
                             " has classes 0 to " + std::to_string(info.classes - 1) + ".");
    }
}

// One picture on its way up. Pixels are real numbers of 0..255, [channels, height, width].
class Climber {
  public:
    Climber(const Shape& shape, std::int64_t label, int variant, const PortraitOptions& options)
        : shape_(shape),
          options_(options),
          random_(KeyHash()
                      .add("misfire portraits 1")
                      .add(options.seed)
                      .add(static_cast<std::uint64_t>(label))
                      .add(static_cast<std::uint64_t>(variant))
                      .value()),
          pixels_(shape.size()) {
        random_.normal(pixels_, 0);
        for (std::size_t c = 0; c < channels(); ++c) smooth_plane(plane(pixels_, c), shape.height, shape.width, 1.0);
        for (float& pixel : pixels_) pixel = middle + 25.0F * pixel;
    }

    // The picture, moved about, as the model's input.
    void show(int step, const TensorForm& form, float* out) {
        const int reach = static_cast<int>(std::lround(options_.jitter * std::min(shape_.height, shape_.width)));
        std::int32_t shift[2] = {0, 0};
        if (reach > 0) random_.integers(shift, -reach, reach + 1, 1, static_cast<std::uint64_t>(2 * step));
        down_ = shift[0];
        right_ = shift[1];
        each_moved([&](std::size_t from, std::size_t to, std::size_t channel) {
            const double mean = form.mean.empty() ? 0.0 : form.mean[channel],
                         std = form.std.empty() ? 1.0 : form.std[channel];
            out[to] = static_cast<float>((static_cast<double>(pixels_[from]) / form.scale - mean) / std);
        });
    }

    // One step along the gradient of the moved picture, given in units of the model's input.
    void climb(int step, const TensorForm& form, const float* gradient) {
        std::vector<float> uphill(pixels_.size());
        each_moved([&](std::size_t from, std::size_t to, std::size_t channel) {
            uphill[from] = gradient[to] / static_cast<float>(form.std.empty() ? 1.0 : form.std[channel]);
        });
        const double progress = static_cast<double>(step) / static_cast<double>(options_.steps);
        // Large shapes first, details later.
        const double widest = static_cast<double>(std::min(shape_.height, shape_.width)) * 0.095;
        const double sigma = options_.blur * (last_smoothing + widest * (1.0 - progress) * (1.0 - progress));
        if (sigma > 0.2) {
            for (std::size_t c = 0; c < channels(); ++c)
                smooth_plane(plane(uphill, c), shape_.height, shape_.width, sigma);
        }
        double squares = 0.0;
        for (const float value : uphill) squares += static_cast<double>(value) * static_cast<double>(value);
        const double length = std::sqrt(squares / static_cast<double>(uphill.size())) + 1e-12;
        const double stride = first_step + (last_step - first_step) * progress;
        for (std::size_t i = 0; i < pixels_.size(); ++i)
            pixels_[i] += static_cast<float>(stride / length * static_cast<double>(uphill[i]));
        pull_together(1.0 - 0.5 * progress);
        for (float& pixel : pixels_) pixel = std::clamp(pixel, 0.0F, 255.0F);
    }

    Image image() const {
        Image image(shape_.height, shape_.width, shape_.channels);
        for (std::size_t i = 0; i < shape_.plane(); ++i) {
            for (std::size_t c = 0; c < channels(); ++c)
                image.pixels[i * channels() + c] =
                    static_cast<std::uint8_t>(std::lround(pixels_[c * shape_.plane() + i]));
        }
        return image;
    }

  private:
    std::size_t channels() const { return static_cast<std::size_t>(shape_.channels); }
    std::span<float> plane(std::vector<float>& of, std::size_t channel) const {
        return std::span(of).subspan(channel * shape_.plane(), shape_.plane());
    }

    // use(place in the picture, place in the moved picture, channel); what leaves at one side comes in at the other.
    template <typename Use>
    void each_moved(Use use) const {
        for (std::size_t c = 0; c < channels(); ++c) {
            for (int y = 0; y < shape_.height; ++y) {
                for (int x = 0; x < shape_.width; ++x) {
                    const int ty = ((y + down_) % shape_.height + shape_.height) % shape_.height;
                    const int tx = ((x + right_) % shape_.width + shape_.width) % shape_.width;
                    use(at(c, y, x), at(c, ty, tx), c);
                }
            }
        }
    }
    std::size_t at(std::size_t c, int y, int x) const {
        return c * shape_.plane() + static_cast<std::size_t>(y) * static_cast<std::size_t>(shape_.width) +
               static_cast<std::size_t>(x);
    }

    // A step down the total variation sum sqrt(d^2 + softness^2) over neighbouring pixels.
    void pull_together(double share) {
        if (options_.total_variation <= 0.0) return;
        const float weight = static_cast<float>(pull * share * options_.total_variation);
        std::vector<float> change(pixels_.size(), 0.0F);
        const auto pair = [&](std::size_t a, std::size_t b) {
            constexpr float softness = 8.0F;  // grey levels
            const float difference = pixels_[b] - pixels_[a];
            const float slope = difference / std::sqrt(difference * difference + softness * softness);
            change[a] += slope;
            change[b] -= slope;
        };
        for (std::size_t c = 0; c < channels(); ++c) {
            for (int y = 0; y < shape_.height; ++y) {
                for (int x = 0; x < shape_.width; ++x) {
                    if (x + 1 < shape_.width) pair(at(c, y, x), at(c, y, x + 1));
                    if (y + 1 < shape_.height) pair(at(c, y, x), at(c, y + 1, x));
                }
            }
        }
        for (std::size_t i = 0; i < pixels_.size(); ++i) pixels_[i] += weight * change[i];
    }

    Shape shape_;
    const PortraitOptions& options_;
    Random random_;
    std::vector<float> pixels_;
    int down_ = 0, right_ = 0;
};

std::vector<double> probabilities(const Outputs& outputs, std::size_t row, OutputKind kind) {
    const auto columns = static_cast<std::size_t>(outputs.columns);
    std::vector<double> p(outputs.values.begin() + static_cast<std::ptrdiff_t>(row * columns),
                          outputs.values.begin() + static_cast<std::ptrdiff_t>((row + 1) * columns));
    if (kind == OutputKind::probabilities) return p;
    const double top = *std::max_element(p.begin(), p.end());
    double sum = 0.0;
    for (double& value : p) sum += value = std::exp(value - top);
    for (double& value : p) value /= sum;
    return p;
}

// Uphill on log p of each row's class, and on the answer itself, which goes on where p is 1 already.
std::vector<float> slope_of(const Outputs& outputs, OutputKind kind, std::span<const Portrait> portraits) {
    std::vector<float> slope(outputs.values.size(), 0.0F);
    const auto columns = static_cast<std::size_t>(outputs.columns);
    for (std::size_t r = 0; r < portraits.size(); ++r) {
        const auto label = static_cast<std::size_t>(portraits[r].label);
        const std::vector<double> p = probabilities(outputs, r, kind);
        if (kind == OutputKind::probabilities) {
            slope[r * columns + label] = static_cast<float>(1.0 / std::max(p[label], 1e-6));
            continue;
        }
        for (std::size_t c = 0; c < columns; ++c)
            slope[r * columns + c] = static_cast<float>((c == label ? 1.0 : 0.0) - p[c]);
        slope[r * columns + label] += 0.1F;
    }
    return slope;
}

// Rows of a batch that is always full: what is missing repeats the last. So a portrait does not depend on how many
// others are made with it.
template <typename Fill>
std::vector<float> full_batch(const Shape& shape, std::size_t count, Fill fill) {
    std::vector<float> input(shape.size() * at_once);
    for (std::size_t i = 0; i < at_once; ++i) {
        float* row = input.data() + i * shape.size();
        if (i < count)
            fill(i, row);
        else
            std::copy_n(row - shape.size(), shape.size(), row);
    }
    return input;
}

std::vector<double> judged(const Model& model, const Shape& shape, std::vector<Climber>& climbers,
                           std::span<Portrait> portraits) {
    const TensorFiller filler(model.info().tensor);
    const std::vector<float> input = full_batch(shape, portraits.size(), [&](std::size_t i, float* row) {
        portraits[i].image = climbers[i].image();
        filler.fill(portraits[i].image, row);
    });
    const Outputs outputs = model.predict(input, at_once, shape.height, shape.width);
    std::vector<double> p;
    for (std::size_t i = 0; i < portraits.size(); ++i)
        p.push_back(probabilities(outputs, i, model.info().output)[static_cast<std::size_t>(portraits[i].label)]);
    return p;
}

void climb_together(const Model& model, const Shape& shape, const PortraitOptions& options,
                    std::span<Portrait> portraits) {
    const ModelInfo& info = model.info();
    std::vector<Climber> climbers;
    for (const Portrait& portrait : portraits) climbers.emplace_back(shape, portrait.label, portrait.variant, options);
    const std::vector<double> before = judged(model, shape, climbers, portraits);
    const auto slope = [&](const Outputs& outputs) { return slope_of(outputs, info.output, portraits); };
    for (int step = 0; step < options.steps; ++step) {
        const std::vector<float> input = full_batch(
            shape, portraits.size(), [&](std::size_t i, float* row) { climbers[i].show(step, info.tensor, row); });
        const InputGradient gradient = model.input_gradient(input, at_once, shape.height, shape.width, slope);
        for (std::size_t i = 0; i < climbers.size(); ++i)
            climbers[i].climb(step, info.tensor, gradient.values.data() + i * shape.size());
    }
    const std::vector<double> after = judged(model, shape, climbers, portraits);
    for (std::size_t i = 0; i < portraits.size(); ++i) {
        portraits[i].at_start = before[i];
        portraits[i].probability = after[i];
    }
}

}  // namespace

std::vector<Portrait> make_portraits(const Model& model, const PortraitOptions& options) {
    check(model.info(), options);
    const Shape shape{model.info().tensor.channels, model.info().input_height, model.info().input_width};
    std::vector<Portrait> portraits;
    for (const std::int64_t label : options.classes) {
        for (int variant = 0; variant < options.variants; ++variant)
            portraits.push_back({label, variant, {}, 0.0, 0.0});
    }
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                    static_cast<std::size_t>(options.threads));
    tbb::parallel_for(std::size_t{0}, (portraits.size() + at_once - 1) / at_once, [&](std::size_t part) {
        const std::size_t first = part * at_once;
        climb_together(model, shape, options,
                       std::span(portraits).subspan(first, std::min(at_once, portraits.size() - first)));
    });
    return portraits;
}

}  // namespace misfire
