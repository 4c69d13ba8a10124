#include "models/torchscript.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "models/batching.h"
#include "models/card.h"
#include "models/classifier.h"
#include "models/digest.h"
#include "models/output_kind.h"
#include "models/test_images.h"

namespace misfire {

namespace {

class TorchScriptModel : public Model {
  public:
    TorchScriptModel(ModelInfo info, std::unique_ptr<Network> network, std::string key, Classifier classifier)
        : info_(std::move(info)),
          network_(std::move(network)),
          key_(std::move(key)),
          classifier_(std::move(classifier)) {}

    const ModelInfo& info() const override { return info_; }

    Outputs predict(std::span<const float> input, std::int64_t rows, int height, int width,
                    bool with_features) const override {
        const RowShape shape{info_.tensor.channels, height, width, info_.input};
        check(input.size(), rows, shape, with_features);
        try {
            Outputs outputs = run_rows(*network_, input.data(), rows, shape, key_, info_.fixed_batch, with_features);
            if (rows == 0) outputs.columns = info_.classes;
            if (outputs.columns != info_.classes) {
                throw ModelError("it gives " + std::to_string(outputs.columns) + " columns now, but gave " +
                                 std::to_string(info_.classes) + " when it was loaded");
            }
            return outputs;
        } catch (const ModelError& error) {
            throw ModelError("model " + info_.name + ": " + error.what());
        }
    }

    const Classifier* classifier() const override { return info_.no_classifier.empty() ? &classifier_ : nullptr; }

    InputGradient input_gradient(std::span<const float> input, std::int64_t rows, int height, int width,
                                 const AnswerSlope& slope) const override {
        const RowShape shape{info_.tensor.channels, height, width, info_.input};
        check(input.size(), rows, shape, false);
        if (!info_.differentiable) throw ModelError("model " + info_.name + " has no gradient: " + info_.no_gradient);
        try {
            return gradient_of_rows(*network_, input.data(), rows, shape, key_, info_.fixed_batch, slope);
        } catch (const ModelError& error) {
            throw ModelError("model " + info_.name + ": " + error.what());
        }
    }

  private:
    void check(std::size_t numbers, std::int64_t rows, const RowShape& shape, bool with_features) const {
        if (rows < 0 || numbers != static_cast<std::size_t>(rows) * shape.size()) {
            throw InternalError("model " + info_.name + " was given " + std::to_string(numbers) + " numbers for " +
                                std::to_string(rows) + " rows of " + std::to_string(shape.size()));
        }
        if (info_.input_height != 0 && (shape.height != info_.input_height || shape.width != info_.input_width)) {
            const bool image = info_.input == InputKind::image;
            throw ModelError("model " + info_.name + " takes " + (image ? "images of " : "windows of ") +
                             std::to_string(info_.input_height) + " x " + std::to_string(info_.input_width) +
                             (image ? " pixels" : " numbers") + ", not " + std::to_string(shape.height) + " x " +
                             std::to_string(shape.width) +
                             (image ? ": apply its geometry first" : ": give it the features it was made for"));
        }
        if (with_features && info_.features == 0) {
            throw ModelError("model " + info_.name +
                             " has no penultimate features: no fully connected last layer was found in it");
        }
    }

    ModelInfo info_;
    std::unique_ptr<Network> network_;
    std::string key_;
    Classifier classifier_;
};

// The settings of the card that were not given by the caller.
void merge(const Card& card, LoadOptions& options, ModelInfo& info) {
    if (!options.output) options.output = card.output;
    if (!options.output && card.task == "regression") options.output = OutputKind::regression;
    if (!options.geometry) options.geometry = card.geometry;
    if (!options.tensor) options.tensor = card.tensor;
    if (!options.output_key && !card.output_key.empty()) options.output_key = card.output_key;
    if (options.engine.empty()) options.engine = card.engine;
    info.parent = card.parent;
    info.class_names = card.class_names;
    info.fixed_batch = card.fixed_batch;
    info.columns = card.columns;
    info.quantiles = card.quantiles;
}

// A card that names columns is of a model of rows; without data it is tried on made-up ones.
void take_columns(const Card& card, LoadOptions& options) {
    if (options.row_features == 0) options.row_features = static_cast<int>(card.columns.size());
    if (options.row_features == 0 || !options.row_samples.empty()) return;
    const int numbers = 4 * options.row_window * options.row_features;
    for (int i = 0; i < numbers; ++i)
        options.row_samples.push_back(static_cast<float>(std::sin(1.0 + 3.7 * static_cast<double>(i))));
}

void require_input_form(const LoadOptions& options, const std::filesystem::path& path) {
    if (options.geometry && options.tensor) return;
    const std::string missing = !options.geometry && !options.tensor
                                    ? "the size of its images and how pixels become its input"
                                : !options.geometry ? "the size of its images (geometry)"
                                                    : "how pixels become its input (tensor)";
    throw ModelError("for the model " + path.string() + " it is not known " + missing + ". Write " +
                     card_path(path).string() +
                     " beside it, with the values it was trained with:\n"
                     "    geometry: {size: 224}          # or {resize: 256, crop: 224}, or none\n"
                     "    tensor: {channels: 3, scale: 255, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225]}\n"
                     "or give the same two keys under `input:` in the scenario.");
}

void set_input_size(ModelInfo& info) {
    if (info.geometry.kind == Geometry::Kind::exact) {
        info.input_height = info.geometry.height;
        info.input_width = info.geometry.width;
    } else if (info.geometry.kind == Geometry::Kind::shorter_side_then_crop) {
        info.input_height = info.input_width = info.geometry.crop;
    }
}

// Where the geometry leaves the size open, the first usual one that the program takes.
RowShape trial_shape(const Network& network, ModelInfo& info, const std::string& key) {
    if (info.input_height != 0) return {info.tensor.channels, info.input_height, info.input_width};
    for (const int side : {224, 32, 64, 28, 96, 299}) {
        const RowShape shape{info.tensor.channels, side, side};
        const std::vector<float> image = test_images(1, info.tensor, side, side);
        try {
            run_rows(network, image.data(), 1, shape, key, std::max(1, info.fixed_batch), false);
            return shape;
        } catch (const ModelError&) {
            continue;
        }
    }
    return {info.tensor.channels, 224, 224};  // find_batching() will tell why it fails
}

void check_classes(const ModelInfo& info, const std::optional<Card>& card, int hint) {
    if (info.output == OutputKind::regression) return;
    const std::string seen = "model " + info.name + " gives " + std::to_string(info.classes) + " columns, but ";
    if (card && card->classes != 0 && card->classes != info.classes) {
        throw ModelError(seen + card->path + " says " + std::to_string(card->classes) +
                         " classes: correct `classes`, or output_key if another tensor is meant");
    }
    if (hint > 0 && hint != info.classes) {
        throw ModelError(seen + "the labels need " + std::to_string(hint) +
                         " classes: check that data and model belong together");
    }
}

// `count` samples to try the program on: pictures of our own, or the real rows that were given.
std::vector<float> trial_rows(const LoadOptions& options, const ModelInfo& info, const RowShape& shape,
                              std::int64_t count) {
    if (info.input == InputKind::image) return test_images(count, info.tensor, shape.height, shape.width);
    std::vector<float> rows;
    while (rows.size() < static_cast<std::size_t>(count) * shape.size())
        rows.insert(rows.end(), options.row_samples.begin(), options.row_samples.end());
    rows.resize(static_cast<std::size_t>(count) * shape.size());
    return rows;
}

// Whether the answers have a gradient by the input, and why not.
void try_gradient(const Network& network, ModelInfo& info, const LoadOptions& options, const std::string& key,
                  const RowShape& shape) {
    info.no_gradient = "it is quantised: its steps have none";
    if (info.quantised) return;
    try {
        const std::int64_t batch = std::max(1, info.fixed_batch);
        const std::vector<float> leaf = trial_rows(options, info, shape, batch);
        const std::vector<float> gradient =
            network.input_gradient({leaf.data(), Element::float32, shape.batch(batch)}, key, irregular_slope).values;
        info.differentiable =
            std::any_of(gradient.begin(), gradient.end(), [](float g) { return std::isfinite(g) && g != 0.0F; });
        info.no_gradient = info.differentiable ? "" : "it is zero everywhere";
    } catch (const ModelError& error) {
        info.differentiable = false;
        info.no_gradient = error.what();
    }
}

// Everything that can only be found out by running it.
void try_out(const Network& network, ModelInfo& info, const LoadOptions& options, const std::string& key) {
    const RowShape shape = info.input == InputKind::image
                               ? trial_shape(network, info, key)
                               : RowShape{1, info.input_height, info.input_width, info.input};
    if (info.fixed_batch == 0)
        info.fixed_batch = find_batching(network, shape, trial_rows(options, info, shape, 2), key).fixed_batch;
    constexpr std::int64_t rows = 4;
    const std::vector<float> input = trial_rows(options, info, shape, rows);
    const Outputs outputs = run_rows(network, input.data(), rows, shape, key, info.fixed_batch, true);
    info.classes = outputs.columns;
    info.features = static_cast<std::int64_t>(outputs.features.size()) / rows;
    info.output = decide_output_kind(look_at_output(outputs.values, rows, outputs.columns, info.quantised),
                                     options.output, "model " + info.name);
    if (info.output == OutputKind::regression) info.task = "regression";
    try_gradient(network, info, options, key, shape);
}

// The last layer, where the answers to a few samples are what comes out of it.
Classifier find_classifier(const Network& network, ModelInfo& info, const LoadOptions& options,
                           const std::string& key) {
    info.no_classifier = info.features == 0 ? "no fully connected last layer was found" : "it answers a number";
    if (info.features == 0 || info.output == OutputKind::regression) return {};
    const RowShape shape = info.input == InputKind::image
                               ? trial_shape(network, info, key)
                               : RowShape{1, info.input_height, info.input_width, info.input};
    const std::int64_t batch = info.fixed_batch > 0 ? info.fixed_batch : 4;
    const std::vector<float> input = trial_rows(options, info, shape, batch);
    const LastLayer layer = network.last_layer({input.data(), Element::float32, shape.batch(batch)}, key);
    return classifier_of(layer, batch, info.output, info.no_classifier);
}

void check_quantiles(const ModelInfo& info) {
    if (info.output != OutputKind::regression) return;
    const auto levels = static_cast<std::int64_t>(std::max<std::size_t>(1, info.quantiles.size()));
    if (info.classes == levels) return;
    throw ModelError("model " + info.name + " answers " + std::to_string(info.classes) + " numbers per row, but " +
                     (info.quantiles.empty()
                          ? std::string("a regression without quantiles answers one. Say `quantiles: "
                                        "[0.1, 0.5, 0.9]` in its card, or choose an output_key")
                          : "its card names " + std::to_string(levels) + " quantiles: correct it") +
                     ".");
}

}  // namespace

std::unique_ptr<Model> load_model(const std::filesystem::path& path, const LoadOptions& given) {
    LoadOptions options = given;
    ModelInfo info;
    info.path = path.string();
    info.name = options.name.empty() ? path.stem().string() : options.name;
    info.device = options.device;
    info.optimize = options.optimize;
    const std::optional<Card> card = read_card(path);
    if (card) merge(*card, options, info);
    if (card) take_columns(*card, options);
    if (std::filesystem::is_regular_file(path)) {
        // Before anything of the file is run.
        info.sha256 = model_file_sha256(path);
        check_sha256(path, info.sha256, options.expect_sha256, "the caller (expect_sha256)");
        if (card) check_sha256(path, info.sha256, card->sha256, "the card " + card->path);
    }
    auto network = std::make_unique<Network>(path, NetworkOpening{options.device, options.optimize, options.engine});
    const bool images = options.row_features == 0;
    if (images) {
        require_input_form(options, path);
        info.geometry = *options.geometry;
        info.tensor = *options.tensor;
    } else {
        info.input = options.row_window > 1 ? InputKind::window : InputKind::row;
        info.tensor.channels = 1;
    }
    info.parameters = network->parameters();
    info.quantised = network->quantised();
    info.engine = network->engine();
    set_input_size(info);
    if (!images) {
        info.input_height = options.row_window;
        info.input_width = options.row_features;
    }
    const std::string key = options.output_key.value_or("");
    Classifier classifier;
    try {
        try_out(*network, info, options, key);
        classifier = find_classifier(*network, info, options, key);
    } catch (const ModelError& error) {
        const std::string message = error.what();
        if (message.starts_with("model ")) throw;
        throw ModelError("model " + info.name + ": " + message +
                         (images ? ". Check geometry, tensor.channels and output_key of its card or of `input:`."
                                 : ". It was given rows of " + std::to_string(options.row_features) +
                                       " features: check `features`, `window` and output_key."));
    }
    check_classes(info, card, options.classes_hint);
    check_quantiles(info);
    return std::make_unique<TorchScriptModel>(std::move(info), std::move(network), key, std::move(classifier));
}

}  // namespace misfire
