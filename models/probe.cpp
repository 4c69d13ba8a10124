#include "models/probe.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>

#include "core/error.h"
#include "models/batching.h"
#include "models/card.h"
#include "models/classifier.h"
#include "models/digest.h"
#include "models/output_kind.h"
#include "models/test_images.h"

namespace misfire {

namespace {

// One way of feeding the program: `row` is the shape behind the batch dimension.
struct Feed {
    Element element = Element::float32;
    std::vector<std::int64_t> row;
    TensorForm form;
    bool image = false;

    std::size_t row_size() const {
        std::size_t size = 1;
        for (const std::int64_t side : row) size *= static_cast<std::size_t>(side);
        return size;
    }
    std::string text() const {
        std::string sides;
        for (const std::int64_t side : row) sides += (sides.empty() ? "" : " x ") + std::to_string(side);
        return sides;
    }
};

// Test rows with the memory they live in.
struct Rows {
    std::vector<float> floats;
    std::vector<std::uint8_t> bytes;
    std::vector<std::int64_t> integers;
    NetworkInput input;

    Rows(const Feed& feed, std::int64_t first, std::int64_t count) {
        const std::size_t size = feed.row_size();
        const auto from = static_cast<std::size_t>(first) * size;
        const auto to = static_cast<std::size_t>(first + count) * size;
        input.element = feed.element;
        input.shape = {count};
        input.shape.insert(input.shape.end(), feed.row.begin(), feed.row.end());
        if (feed.image) {
            const std::vector<float> all =
                test_images(first + count, feed.form, static_cast<int>(feed.row[1]), static_cast<int>(feed.row[2]));
            floats.assign(all.begin() + static_cast<std::ptrdiff_t>(from), all.end());
        }
        for (std::size_t i = from; i < to && !feed.image; ++i) {
            // Printable letters: valid as bytes of text and small enough for most vocabularies.
            const auto letter = static_cast<std::uint8_t>('a' + (i * 7 + i / size * 3) % 26);
            if (feed.element == Element::float32)
                floats.push_back(static_cast<float>(std::sin(1.0 + 3.7 * static_cast<double>(i))));
            if (feed.element == Element::uint8) bytes.push_back(letter);
            if (feed.element == Element::int64) integers.push_back(letter);
        }
        if (feed.element == Element::float32) input.data = floats.data();
        if (feed.element == Element::uint8) input.data = bytes.data();
        if (feed.element == Element::int64) input.data = integers.data();
    }
    Rows(const Rows&) = delete;
    Rows& operator=(const Rows&) = delete;
};

Answer answer_to(const Network& network, const Feed& feed, std::int64_t first, std::int64_t count,
                 const std::string& key, bool with_features = false) {
    const Rows rows(feed, first, count);
    return network.run(rows.input, key, with_features);
}

std::vector<Feed> image_feeds(const LoadOptions& options) {
    std::vector<Feed> feeds;
    const auto add = [&](int channels, int height, int width) {
        Feed feed{Element::float32, {channels, height, width}, {}, true};
        feed.form.channels = channels;
        if (options.tensor && options.tensor->channels == channels) feed.form = *options.tensor;
        const auto same = [&](const Feed& other) { return other.row == feed.row; };
        if (std::none_of(feeds.begin(), feeds.end(), same)) feeds.push_back(std::move(feed));
    };
    std::vector<int> channel_counts{3, 1};
    if (options.tensor && options.tensor->channels == 1) channel_counts = {1, 3};
    if (options.geometry && options.geometry->kind != Geometry::Kind::none) {
        const Geometry& geometry = *options.geometry;
        const bool exact = geometry.kind == Geometry::Kind::exact;
        for (const int channels : channel_counts)
            add(channels, exact ? geometry.height : geometry.crop, exact ? geometry.width : geometry.crop);
    }
    for (const int side : {32, 28, 64, 96, 128, 224, 256, 299, 384}) {
        for (const int channels : channel_counts) add(channels, side, side);
    }
    return feeds;
}

std::vector<Feed> row_feeds(const Network& network) {
    std::vector<Feed> feeds;
    if (const std::int64_t width = network.first_weight_width(); width > 0)
        feeds.push_back({Element::float32, {width}, {}, false});
    for (const std::int64_t width : {1, 2, 3, 4, 5, 8, 10, 12, 14, 16, 18, 20, 30, 32, 64, 784})
        feeds.push_back({Element::float32, {width}, {}, false});
    return feeds;
}

std::vector<Feed> sequence_feeds() {
    std::vector<Feed> feeds;
    for (const Element element : {Element::uint8, Element::int64}) {
        for (const std::int64_t length : {32, 8, 100}) feeds.push_back({element, {length}, {}, false});
    }
    return feeds;
}

std::string answer_text(const Answer& answer) {
    std::string parts;
    for (const AnswerPart& part : answer.parts) {
        std::string shape;
        for (const std::int64_t side : part.shape) shape += (shape.empty() ? "" : ", ") + std::to_string(side);
        parts +=
            (parts.empty() ? "" : "; ") + (part.key.empty() ? "" : part.key + ": ") + part.element + " [" + shape + "]";
    }
    return answer.container + (answer.container == "tensor" ? ": " : " of ") + parts;
}

class Probe {
  public:
    Probe(std::shared_ptr<const Network> network, ProbeReport& report, const LoadOptions& options)
        : network_(std::move(network)), report_(report), options_(options), key_(options.output_key.value_or("")) {}

    void run() {
        if (!find_input()) {
            report_.tried =
                "float images of 1 and 3 channels from 28 to 384 pixels, float rows, uint8 and int64 sequences; the "
                "first failed with: " +
                first_failure_;
            return;
        }
        try_batches();
        judge_output();
        check_repeats();
        find_gradient();
        time_it();
    }

  private:
    bool find_input();
    void refresh();
    bool accepts(const Feed& feed);
    bool follows(const Feed& feed) const;
    void try_batches();
    void judge_output();
    void check_repeats();
    void find_gradient();
    void time_it();
    std::vector<float> row_by_row(std::int64_t count, std::int64_t step) const;
    std::int64_t batch() const { return std::max(1, report_.fixed_batch); }

    std::shared_ptr<const Network> network_;
    ProbeReport& report_;
    const LoadOptions& options_;
    std::string key_;
    Feed feed_;
    std::string first_failure_;
};

// ONEDNN's packed weights adapt to the first input they see, and then may refuse another size.
void Probe::refresh() {
    if (network_->quantised())
        network_ = std::make_shared<const Network>(report_.path,
                                                   NetworkOpening{report_.device, report_.optimize, report_.engine});
}

bool Probe::accepts(const Feed& feed) {
    refresh();
    for (const std::int64_t rows : {1, 2}) {
        try {
            const Answer answer = answer_to(*network_, feed, 0, rows, key_);
            answer_columns(answer.shape, rows);
            const bool first = report_.accepted.empty();
            report_.accepted.push_back({feed.text(), answer_text(answer)});
            // A thousand classes are ImageNet's: 224 pixels tell more of such a program than 32 that it also takes.
            const bool usual =
                !options_.geometry && feed.image && feed.row[1] == 224 && answer_columns(answer.shape, rows) == 1000;
            if (first || usual) {
                feed_ = feed;
                report_.output_key = answer.key;
                report_.measured_on = feed.text();
            }
            return true;
        } catch (const ModelError& error) {
            if (first_failure_.empty()) first_failure_ = error.what();
        }
    }
    return false;
}

bool Probe::find_input() {
    if (options_.row_features > 0) {
        std::vector<std::int64_t> row = {options_.row_features};
        if (options_.row_window > 1) row.insert(row.begin(), options_.row_window);
        if (accepts({Element::float32, row, {}, false})) {
            report_.input = "rows of " + std::to_string(options_.row_features) + " numbers (float), as the card says";
            return true;
        }
    }
    for (const Feed& feed : image_feeds(options_)) accepts(feed);
    refresh();
    if (!report_.accepted.empty()) {
        report_.input = "images";
        return true;
    }
    report_.warnings.emplace_back(
        "takes no images: runs can show it the rows of a table or series, if it takes rows of numbers");
    // A program that turns its input into whole numbers (text) takes floats too, but its answer does not follow them.
    for (const Feed& feed : row_feeds(*network_)) {
        if (follows(feed) && accepts(feed)) {
            report_.input = "rows of numbers (float)";
            return true;
        }
    }
    for (const Feed& feed : sequence_feeds()) {
        if (report_.accepted.empty() || feed.element == feed_.element) accepts(feed);
    }
    if (!report_.accepted.empty()) {
        const bool bytes = feed_.element == Element::uint8;
        report_.input =
            bytes ? "sequences of bytes (uint8 [rows, length])" : "sequences of token numbers (int64 [rows, length])";
        return true;
    }
    report_.warnings.pop_back();
    return false;
}

bool Probe::follows(const Feed& feed) const {
    try {
        const Rows rows(feed, 0, 1);
        const std::vector<float> gradient = network_->input_gradient(rows.input, key_, irregular_slope).values;
        return std::any_of(gradient.begin(), gradient.end(), [](float g) { return g != 0.0F; });
    } catch (const ModelError&) {
        return false;
    }
}

std::vector<float> Probe::row_by_row(std::int64_t count, std::int64_t step) const {
    std::vector<float> values;
    for (std::int64_t first = 0; first < count; first += step) {
        const Answer answer = answer_to(*network_, feed_, first, std::min(step, count - first), key_);
        values.insert(values.end(), answer.values.begin(), answer.values.end());
    }
    return values;
}

void Probe::try_batches() {
    constexpr std::int64_t most = 64;
    std::vector<float> reference;  // answers in pairs; one by one when pairs fail
    bool reference_is_pairs = true;
    for (const std::int64_t step : {2, 1}) {
        try {
            reference = row_by_row(most, step);
            reference_is_pairs = step == 2;
            break;
        } catch (const ModelError&) {
            continue;
        }
    }
    for (const std::int64_t rows : {1, 2, 3, 7, 16, 64}) {
        BatchTrial trial;
        trial.rows = rows;
        try {
            const Answer answer = answer_to(*network_, feed_, 0, rows, key_);
            const std::int64_t columns = answer_columns(answer.shape, rows);
            trial.works = true;
            if (reference.size() >= static_cast<std::size_t>(rows * columns)) {
                const std::vector<float> same(reference.begin(),
                                              reference.begin() + static_cast<std::ptrdiff_t>(rows * columns));
                trial.largest_difference = largest_difference(answer.values, same);
                trial.bit_equal = trial.largest_difference == 0.0;
                if (rows > 1 && reference_is_pairs && differ_in_substance(same, answer.values)) {
                    report_.warnings.push_back("a batch of " + std::to_string(rows) +
                                               " is answered otherwise than pairs: its rows influence each other");
                }
            }
        } catch (const ModelError& error) {
            trial.failure = error.what();
        }
        report_.batches.push_back(trial);
    }
    if (report_.batches[0].works && !report_.batches[1].works) {
        report_.fixed_batch = 1;
        report_.warnings.emplace_back(
            "takes one row at a time (traced at batch 1?): it is fed row by row, which is slow");
    } else if (feed_.image) {
        const RowShape shape{static_cast<int>(feed_.row[0]), static_cast<int>(feed_.row[1]),
                             static_cast<int>(feed_.row[2])};
        const BatchFinding finding =
            find_batching(*network_, shape, test_images(2, feed_.form, shape.height, shape.width), key_);
        report_.fixed_batch = finding.fixed_batch;
        if (finding.fixed_batch == 1) report_.warnings.push_back(finding.reason + ": it is fed row by row");
    }
}

void Probe::judge_output() {
    constexpr std::int64_t rows = 8;
    const std::int64_t step = report_.fixed_batch == 1 || !report_.batches[1].works ? 1 : 4;
    const std::vector<float> values = row_by_row(rows, step);
    report_.classes = static_cast<std::int64_t>(values.size()) / rows;
    report_.finite = std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); });
    if (!report_.finite) report_.warnings.emplace_back("some answers to the test inputs are not finite");
    const OutputLook look = look_at_output(values, rows, report_.classes, report_.quantised);
    std::optional<OutputKind> kind;
    try {
        kind = decide_output_kind(look, options_.output, "it");
        report_.output = name_of(*kind);
        report_.output_why = description(look);
    } catch (const ModelError& error) {
        report_.output_why = error.what();
        report_.warnings.push_back(std::string("output kind undecided: ") + error.what());
    }
    const Answer answer = answer_to(*network_, feed_, 0, step, key_, true);
    report_.features = answer.features;
    if (answer.features > 0) report_.features_from = "input of the last " + answer.features_from;
    if (answer.features == 0 || !kind || *kind == OutputKind::regression) return;
    const Rows rows_to_try(feed_, 0, step);
    std::string why_not;
    const Classifier layer = classifier_of(network_->last_layer(rows_to_try.input, key_), step, *kind, why_not);
    report_.last_layer = why_not.empty() ? "known, " + std::to_string(layer.classes) + " x " +
                                               std::to_string(layer.features) + ": it gives the answer"
                                         : "not known: " + why_not;
}

void Probe::check_repeats() {
    const std::int64_t rows = report_.batches[1].works ? 2 : 1;
    const std::vector<float> first = answer_to(*network_, feed_, 0, rows, key_).values;
    report_.repeatable = true;
    for (int call = 1; call < 10 && report_.repeatable; ++call) {
        report_.repeatable = largest_difference(first, answer_to(*network_, feed_, 0, rows, key_).values) == 0.0;
    }
    if (!report_.repeatable) {
        report_.warnings.emplace_back(
            "answers to the same input differ from call to call: is dropout still active? Save it after net.eval()");
    }
}

void Probe::find_gradient() {
    if (feed_.element != Element::float32) {
        report_.differentiable_why = "its input is made of whole numbers";
        return;
    }
    try {
        const Rows rows(feed_, 0, batch());
        const std::vector<float> gradient = network_->input_gradient(rows.input, key_, irregular_slope).values;
        report_.differentiable =
            std::any_of(gradient.begin(), gradient.end(), [](float g) { return std::isfinite(g) && g != 0.0F; });
        if (!report_.differentiable) report_.differentiable_why = "the gradient at the input is zero";
    } catch (const ModelError& error) {
        report_.differentiable_why = error.what();
    }
}

void Probe::time_it() {
    using Clock = std::chrono::steady_clock;
    const bool many = report_.fixed_batch == 0 && report_.batches.back().works;
    report_.timed_batch = many ? 64 : (report_.batches[0].works ? 1 : 2);
    const Rows rows(feed_, 0, report_.timed_batch);
    double best = std::numeric_limits<double>::infinity();
    const Clock::time_point end = Clock::now() + std::chrono::milliseconds(500);
    do {
        const Clock::time_point start = Clock::now();
        network_->run(rows.input, key_, false);
        best = std::min(best, std::chrono::duration<double, std::milli>(Clock::now() - start).count());
    } while (Clock::now() < end);
    report_.milliseconds_per_sample = best / report_.timed_batch;
}

void take_card(const Card& card, LoadOptions& options, ProbeReport& report) {
    if (!options.output) options.output = card.output;
    if (!options.output_key && !card.output_key.empty()) options.output_key = card.output_key;
    if (!options.geometry) options.geometry = card.geometry;
    if (!options.tensor) options.tensor = card.tensor;
    if (options.engine.empty()) options.engine = card.engine;
    if (options.row_features == 0) options.row_features = static_cast<int>(card.columns.size());
    report.card = card.path;
    report.parent = card.parent;
    report.origin = card.origin;
    report.licence = card.licence;
    report.clean_score = card.clean_score;
    report.class_names = card.class_names;
}

}  // namespace

ProbeReport probe_model(const std::filesystem::path& path, const LoadOptions& given) {
    LoadOptions options = given;
    ProbeReport report;
    report.path = path.string();
    report.libtorch = libtorch_version();
    report.device = options.device;
    report.optimize = options.optimize;
    const std::optional<Card> card = read_card(path);
    if (card) take_card(*card, options, report);
    if (std::filesystem::is_regular_file(path)) {
        report.sha256 = model_file_sha256(path);
        report.bytes = static_cast<std::int64_t>(std::filesystem::file_size(path));
        check_sha256(path, report.sha256, options.expect_sha256, "the caller (expect_sha256)");
    }
    const auto network =
        std::make_shared<const Network>(path, NetworkOpening{options.device, options.optimize, options.engine});
    report.parameters = network->parameters();
    report.quantised = network->quantised();
    report.engine = network->engine();
    if (card && !card->sha256.empty() && card->sha256 != report.sha256) {
        report.warnings.push_back("the card gives another SHA-256 (" + card->sha256 +
                                  "): the file changed since the card was written");
    }
    Probe(network, report, options).run();
    if (card && card->classes != 0 && report.classes != 0 && card->classes != report.classes) {
        report.warnings.push_back("the card says " + std::to_string(card->classes) + " classes, but the output has " +
                                  std::to_string(report.classes) + " columns");
    }
    if (!card && report.input == "images")
        report.warnings.push_back("no card: runs need " + card_path(path).string() + " or `input:` in the scenario");
    report.warnings.emplace_back(
        "a model file is a program: running it runs the code in it, so take it only from people you trust "
        "(--expect-sha256 pins it)");
    return report;
}

}  // namespace misfire
