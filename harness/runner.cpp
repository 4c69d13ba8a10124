#include "harness/runner.h"

#include <tbb/blocked_range.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <exception>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

#include "core/error.h"
#include "core/random.h"
#include "harness/image_inputs.h"
#include "harness/sample_digest.h"
#include "harness/tensor.h"
#include "results/kept_columns.h"
#include "results/outcomes.h"
#include "scenarios/data/geometry.h"
#include "scenarios/data/views.h"

namespace misfire {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// One cell on the block at hand, filled by micro-batches in any order.
struct Tile {
    std::size_t cell = 0;
    std::vector<float> values;             // rows x scored outputs
    std::vector<std::uint8_t> readable;    // per row
    std::vector<std::uint8_t> absent;      // per row: left out by the view
    std::vector<float> actual;             // per row: truth of a regression
    std::vector<std::int32_t> own_target;  // per row: target in a view of a table, which may change it; empty otherwise
    std::vector<float> inputs;             // per row: what monitors of inputs look at; empty where none does
    std::vector<float> shows;              // per row: sample of the run that a table view shows in it
    std::vector<float> ood;      // per row of an out-of-distribution shift: 1 where it shows such a sample ...
    std::vector<float> ood_row;  // ... and which (see Sample::ood_row)
    std::vector<std::vector<float>> scores;  // per score of the scenario and row; empty where the model cannot give it
    std::mutex mutex;                        // guards what follows
    std::size_t parts_left = 0;
    double seconds = 0.0;
    std::string error;
};

// One view of the block's samples and the tiles that look at it.
struct Step {
    std::unique_ptr<Dataset> view;
    std::string cell_suffix;  // "fog/3": names the view in reports of bad inputs
    std::vector<std::unique_ptr<Tile>> tiles;
};

class BlockRun {
  public:
    BlockRun(const Setup& setup, const std::vector<TensorFiller>& fillers, Journal& journal, RunObserver& observer,
             std::mutex& observer_mutex, const RunnerOptions& options, std::size_t block)
        : setup_(setup),
          fillers_(fillers),
          journal_(journal),
          observer_(observer),
          observer_mutex_(observer_mutex),
          options_(options),
          block_(block),
          positions_(setup.record.blocks[block]) {}

    // False: interrupted before every tile of the block was begun.
    bool run(const std::vector<std::size_t>& cells) {
        decode();
        const std::vector<std::size_t> left = not_taken_over(cells);
        return run_steps(make_steps(left, true)) && run_steps(make_steps(left, false));
    }

  private:
    std::size_t rows() const { return positions_.size(); }
    std::size_t batch() const { return static_cast<std::size_t>(setup_.scenario.batch); }

    template <typename Work>
    void for_each_row(Work work) const {
        tbb::parallel_for(tbb::blocked_range<std::size_t>(0, rows()),
                          [&](const tbb::blocked_range<std::size_t>& range) {
                              for (std::size_t row = range.begin(); row != range.end(); ++row) work(row);
                          });
    }

    std::vector<std::size_t> not_taken_over(const std::vector<std::size_t>& cells) {
        if (!options_.take_over) return cells;
        std::vector<std::size_t> left;
        for (const std::size_t c : cells) {
            if (options_.take_over(setup_.cells[c].name, static_cast<std::uint32_t>(block_), content_))
                observer_.tile(setup_.cells[c], block_, {});
            else
                left.push_back(c);
        }
        return left;
    }

    void report_bad(const std::string& id, const std::string& cell, const std::string& message) {
        journal_.put_bad_input({id, cell, message});
        const std::scoped_lock lock(observer_mutex_);
        observer_.bad_input(id, message);
    }

    void decode() {
        std::vector<MemoryView::Entry> entries(rows());
        std::vector<std::uint64_t> digests(rows(), 0);
        for_each_row([&](std::size_t row) {
            entries[row] = read_entry(*setup_.data, setup_.selection[positions_[row]]);
            if (entries[row].bad.empty())
                digests[row] = content_digest(entries[row].sample);
            else
                report_bad(entries[row].sample.key.id, "", entries[row].bad);
        });
        KeyHash digest;
        for (const std::uint64_t value : digests) digest.add(value);
        content_ = std::to_string(digest.value());
        check_digest(content_);
        source_ = std::make_unique<MemoryView>(setup_.data->info(), std::move(entries));
        for (const GeometryGroup& group : setup_.groups) framed_.push_back(framed(group.geometry));
    }

    void check_digest(const std::string& digest) {
        const std::optional<std::string> before = journal_.block_digest(static_cast<std::uint32_t>(block_));
        if (before && *before != digest) {
            throw DataError("The pixels of the data are not those that this run began with (block " +
                            std::to_string(block_) + "). Put the old data back, or start a new run.");
        }
        if (!before) journal_.put_block_digest(static_cast<std::uint32_t>(block_), digest);
    }

    // The block after a geometry; null where the source is used as it is.
    std::unique_ptr<MemoryView> framed(const Geometry& geometry) const {
        if (geometry.kind == Geometry::Kind::none) return nullptr;
        const GeometryView view(*source_, geometry);
        std::vector<MemoryView::Entry> entries(rows());
        for_each_row([&](std::size_t row) { entries[row] = read_entry(view, row); });
        return std::make_unique<MemoryView>(setup_.data->info(), std::move(entries));
    }

    const Dataset& clean_view(std::size_t group) const { return framed_[group] ? *framed_[group] : *source_; }

    std::vector<Step> make_steps(const std::vector<std::size_t>& cells, bool clean) {
        std::vector<Step> steps;
        for (std::size_t g = 0; g < setup_.groups.size(); ++g) {
            std::map<std::pair<std::size_t, std::size_t>, std::vector<std::size_t>> by_view;
            for (const std::size_t c : cells) {
                const PlannedCell& cell = setup_.cells[c];
                const std::vector<std::size_t>& members = setup_.groups[g].models;
                if (cell.is_clean() != clean || std::find(members.begin(), members.end(), cell.model) == members.end())
                    continue;
                by_view[{cell.shift, cell.level}].push_back(c);
            }
            for (const auto& [view, members] : by_view) steps.push_back(make_step(g, view.first, view.second, members));
        }
        return steps;
    }

    Step make_step(std::size_t group, std::size_t shift, std::size_t level, const std::vector<std::size_t>& cells) {
        Step step;
        if (shift != PlannedCell::no_shift) {
            const ShiftContext context{setup_.groups[group].geometry, source_.get(), setup_.data.get()};
            step.view = setup_.shifts[shift]->at(clean_view(group), level, context);
            step.cell_suffix =
                setup_.shifts[shift]->info().name + "/" + setup_.shifts[shift]->info().levels[level].label;
        } else {
            step.view = std::make_unique<GeometryView>(clean_view(group), Geometry{});  // already framed
        }
        for (const std::size_t c : cells) {
            auto tile = std::make_unique<Tile>();
            tile->cell = c;
            tile->values.resize(rows() * static_cast<std::size_t>(setup_.targets[setup_.cells[c].model].classes));
            tile->readable.assign(rows(), 1);
            tile->absent.assign(rows(), 0);
            if (needed_.contains(inputs_column))
                tile->inputs.assign(rows() * setup_.record.monitored_inputs.size(),
                                    std::numeric_limits<float>::quiet_NaN());
            if (setup_.data->info().regression) tile->actual.assign(rows(), 0.0F);
            if (setup_.data->table() != nullptr) {
                if (!setup_.data->info().regression) tile->own_target.assign(rows(), -1);
                tile->shows.assign(rows(), -1.0F);
            }
            if (shift != PlannedCell::no_shift && setup_.shifts[shift]->info().kind == "ood") {
                tile->ood.assign(rows(), 0.0F);
                tile->ood_row.assign(rows(), -1.0F);
            }
            if (!setup_.scores.empty()) make_score_columns(*tile);
            tile->parts_left = (rows() + batch() - 1) / batch();
            step.tiles.push_back(std::move(tile));
        }
        return step;
    }

    void make_score_columns(Tile& tile) const {
        for (const ScoreState& state : setup_.scores[setup_.cells[tile.cell].model]->states())
            tile.scores.emplace_back(state.status == Status::ok ? rows() : 0);
    }

    // Micro-batches are handed out in order, so that when the run is to stop only tiles already begun go on.
    bool run_steps(std::vector<Step> steps) {
        const std::size_t parts = (rows() + batch() - 1) / batch();
        const std::size_t items = steps.size() * parts;
        std::mutex mutex;
        std::size_t next = 0;
        bool stopped = false;
        std::exception_ptr failure;
        const auto claim = [&]() -> std::optional<std::size_t> {
            const std::scoped_lock lock(mutex);
            if (next % parts == 0 && options_.stop != nullptr && options_.stop->load()) stopped = next < items;
            if (stopped || failure || next >= items) return std::nullopt;
            return next++;
        };
        tbb::parallel_for(0, options_.threads, [&](int) {
            while (const std::optional<std::size_t> item = claim()) {
                try {
                    run_part(steps[*item / parts], *item % parts);
                } catch (...) {
                    const std::scoped_lock lock(mutex);
                    if (!failure) failure = std::current_exception();
                }
            }
        });
        if (failure) std::rethrow_exception(failure);
        return !stopped;
    }

    // Perturbs and infers one micro-batch for every tile of the step.
    void run_part(Step& step, std::size_t part) {
        const std::size_t first = part * batch();
        const std::size_t count = std::min(batch(), rows() - first);
        const Clock::time_point start = Clock::now();
        std::string error;
        std::vector<std::optional<Sample>> samples(count);
        try {
            for (std::size_t i = 0; i < count; ++i) {
                if (step.view->has(first + i)) {
                    samples[i] = read(step, first + i);
                } else {
                    for (const auto& tile : step.tiles) tile->absent[first + i] = 1;
                }
            }
        } catch (const Error& failure) {
            error = failure.what();
        }
        const double view_seconds = seconds_since(start) / static_cast<double>(step.tiles.size());
        std::map<const TensorForm*, std::vector<float>> tensors;  // models of equal tensor form share the tensor
        for (const auto& tile : step.tiles) {
            const Clock::time_point tile_start = Clock::now();
            std::string tile_error = error;
            if (tile_error.empty()) {
                try {
                    infer(*tile, first, samples, tensors);
                } catch (const Error& failure) {
                    tile_error = failure.what();
                }
            }
            finish_part(*tile, tile_error, view_seconds + seconds_since(tile_start));
        }
    }

    // Nothing where the sample cannot be read: the row will not count.
    std::optional<Sample> read(const Step& step, std::size_t row) {
        if (source_->is_bad(row)) return std::nullopt;  // reported when it was decoded
        try {
            return step.view->at(row);
        } catch (const DataError& error) {
            report_bad(source_->key(row).id, step.cell_suffix, error.what());
            return std::nullopt;
        }
    }

    const TensorForm* shared_form(std::size_t model) const {
        for (std::size_t m = 0; m < model; ++m) {
            if (setup_.models[m]->info().tensor == setup_.models[model]->info().tensor)
                return &setup_.models[m]->info().tensor;
        }
        return &setup_.models[model]->info().tensor;
    }

    void infer(Tile& tile, std::size_t first, const std::vector<std::optional<Sample>>& samples,
               std::map<const TensorForm*, std::vector<float>>& tensors) const {
        const std::size_t model_index = setup_.cells[tile.cell].model;
        const Model& model = *setup_.models[model_index];
        const Sample* shape = nullptr;
        for (std::size_t i = 0; i < samples.size(); ++i) {
            if (!samples[i]) {
                tile.readable[first + i] = 0;
                continue;
            }
            note_truth(tile, model_index, first + i, *samples[i]);
            if (!tile.inputs.empty()) note_inputs(tile, first + i, *samples[i]);
            if (shape == nullptr)
                shape = &*samples[i];
            else
                require_same_size(shape->image, samples[i]->image);
        }
        if (shape == nullptr) return;
        std::vector<float>& tensor = tensors[shared_form(model_index)];
        if (tensor.empty()) fill_tensor(model_index, *shape, samples, tensor);
        const bool image = shape->row.empty();
        const int height = image ? shape->image.height : model.info().input_height;
        const int width = image ? shape->image.width : model.info().input_width;
        // Padded to the full micro-batch: kernels are chosen by batch size, and results must not depend on where a
        // block ends.
        const std::size_t passed = model.info().fixed_batch == 1 ? samples.size() : batch();
        const std::span<const float> input(tensor.data(), tensor.size() / batch() * passed);
        const ModelScores* scores = setup_.scores.empty() ? nullptr : setup_.scores[model_index].get();
        const Outputs outputs = model.predict(input, static_cast<std::int64_t>(passed), height, width,
                                              scores != nullptr && scores->with_features());
        keep_outputs(tile, model_index, first, samples.size(), outputs);
        if (scores == nullptr) return;
        const std::vector<std::vector<float>> columns = scores->score(outputs, input, height, width);
        for (std::size_t s = 0; s < columns.size(); ++s) {
            std::copy_n(columns[s].begin(), columns[s].empty() ? 0 : samples.size(),
                        tile.scores[s].begin() + static_cast<std::ptrdiff_t>(columns[s].empty() ? 0 : first));
        }
    }

    static void require_same_size(const Image& shape, const Image& image) {
        if (shape.height == image.height && shape.width == image.width) return;
        throw DataError("The images have different sizes (" + std::to_string(shape.width) + "x" +
                        std::to_string(shape.height) + " and " + std::to_string(image.width) + "x" +
                        std::to_string(image.height) +
                        "). Give `input: {geometry: {resize: .., crop: ..}}` or `{size: ..}`.");
    }

    // What a view says of the truth, which it may have changed.
    void note_truth(Tile& tile, std::size_t model, std::size_t row, const Sample& sample) const {
        if (!tile.ood.empty()) {
            tile.ood[row] = sample.ood ? 1.0F : 0.0F;
            tile.ood_row[row] = static_cast<float>(sample.ood_row);
        }
        if (!tile.actual.empty()) tile.actual[row] = static_cast<float>(sample.value);
        if (!tile.own_target.empty() && sample.key.target) {
            const auto& columns = setup_.targets[model].class_columns;
            tile.own_target[row] = static_cast<std::int32_t>(columns.at(static_cast<std::size_t>(*sample.key.target)));
        }
        if (!tile.shows.empty()) {
            const std::size_t itself = positions_[row];
            tile.shows[row] = static_cast<float>(
                sample.shows < 0 ? itself : setup_.position_of.at(static_cast<std::size_t>(sample.shows)));
        }
    }

    // Of a window, its last row.
    void note_inputs(Tile& tile, std::size_t row, const Sample& sample) const {
        const std::size_t width = setup_.record.monitored_inputs.size();
        const auto out = tile.inputs.begin() + static_cast<std::ptrdiff_t>(row * width);
        if (sample.row.empty()) {
            const ImageInputs inputs = image_inputs(sample.image);
            std::copy(inputs.begin(), inputs.end(), out);
        } else {
            std::copy(sample.row.end() - static_cast<std::ptrdiff_t>(width), sample.row.end(), out);
        }
    }

    void fill_tensor(std::size_t model, const Sample& shape, const std::vector<std::optional<Sample>>& samples,
                     std::vector<float>& tensor) const {
        const std::size_t size = shape.row.empty()
                                     ? static_cast<std::size_t>(setup_.models[model]->info().tensor.channels) *
                                           static_cast<std::size_t>(shape.image.height) *
                                           static_cast<std::size_t>(shape.image.width)
                                     : shape.row.size();
        tensor.assign(size * batch(), 0.0F);
        for (std::size_t i = 0; i < samples.size(); ++i) {
            if (!samples[i]) continue;
            if (!samples[i]->row.empty()) {
                std::copy(samples[i]->row.begin(), samples[i]->row.end(),
                          tensor.begin() + static_cast<std::ptrdiff_t>(i * size));
            } else if (samples[i]->tensor_form) {
                const TensorFiller wrong(samples[i]->tensor_form(setup_.models[model]->info().tensor));
                wrong.fill(samples[i]->image, tensor.data() + i * size);
            } else {
                fillers_[model].fill(samples[i]->image, tensor.data() + i * size);
            }
        }
    }

    void keep_outputs(Tile& tile, std::size_t model, std::size_t first, std::size_t count,
                      const Outputs& outputs) const {
        const TargetMap& map = setup_.targets[model];
        const auto kept = static_cast<std::size_t>(map.classes);
        const auto columns = static_cast<std::size_t>(outputs.columns);
        const bool probabilities = setup_.models[model]->info().output == OutputKind::probabilities;
        if (columns != static_cast<std::size_t>(setup_.models[model]->info().classes)) {
            throw ModelError("The model answered " + std::to_string(columns) + " numbers per sample here and " +
                             std::to_string(setup_.models[model]->info().classes) + " when it was probed.");
        }
        for (std::size_t i = 0; i < count; ++i) {
            const float* in = outputs.values.data() + i * columns;
            float* out = tile.values.data() + (first + i) * kept;
            if (map.restricted_columns.empty()) std::copy(in, in + columns, out);
            for (std::size_t k = 0; k < map.restricted_columns.size(); ++k) {
                const float value = in[map.restricted_columns[k]];
                out[k] =
                    probabilities ? std::log(value) : value;  // a softmax over the log renormalises the chosen ones
            }
        }
    }

    void finish_part(Tile& tile, const std::string& error, double seconds) {
        {
            const std::scoped_lock lock(tile.mutex);
            tile.seconds += seconds;
            if (tile.error.empty()) tile.error = error;
            if (--tile.parts_left > 0) return;
        }
        commit(tile);
    }

    void commit(Tile& tile) {
        const PlannedCell& cell = setup_.cells[tile.cell];
        TileRecord record;
        record.seconds = tile.seconds;
        if (!tile.error.empty()) {
            record.status = Status::error;
            record.message = tile.error;
        } else {
            record.status = Status::ok;
            record.outcomes = score(tile, cell);
        }
        journal_.put(cell.name, static_cast<std::uint32_t>(block_), record);
        const std::scoped_lock lock(observer_mutex_);
        observer_.tile(cell, block_, record);
    }

    Outcomes score(const Tile& tile, const PlannedCell& cell) const {
        const auto width = static_cast<std::size_t>(setup_.targets[cell.model].classes);
        std::vector<std::int32_t> targets = tile.own_target.empty() ? targets_of(cell) : tile.own_target;
        const bool compare = !targets.empty() && !unknown_targets();
        const auto is_ood = [&](std::size_t row) { return !tile.ood.empty() && tile.ood[row] == 1.0F; };
        for (std::size_t row = 0; row < targets.size(); ++row) {
            if (is_ood(row)) targets[row] = -1;
        }
        std::vector<std::uint32_t> read;  // rows that have an answer and something to compare it with
        std::vector<float> values, actual;
        std::vector<std::int32_t> read_targets;
        for (std::uint32_t row = 0; row < rows(); ++row) {
            if (tile.readable[row] == 0 || tile.absent[row] != 0 || (compare && targets[row] < 0 && !is_ood(row)))
                continue;
            read.push_back(row);
            values.insert(values.end(), tile.values.begin() + static_cast<std::ptrdiff_t>(row * width),
                          tile.values.begin() + static_cast<std::ptrdiff_t>((row + 1) * width));
            if (!targets.empty()) read_targets.push_back(targets[row]);
            if (!tile.actual.empty()) actual.push_back(tile.actual[row]);
        }
        Outcomes scored =
            score_read(cell, std::move(values), static_cast<std::int64_t>(read.size()), read_targets, actual);
        if (!tile.shows.empty()) {
            for (const std::uint32_t row : read) scored.kept[shows_column].push_back(tile.shows[row]);
        }
        if (!tile.ood.empty()) {
            for (const std::uint32_t row : read) {
                scored.kept[ood_column].push_back(tile.ood[row]);
                scored.kept[ood_row_column].push_back(tile.ood_row[row]);
            }
        }
        for (std::size_t s = 0; s < tile.scores.size(); ++s) {
            if (tile.scores[s].empty()) continue;
            std::vector<float>& column = scored.kept[score_column(setup_.scenario.scores[s].name)];
            for (const std::uint32_t row : read) column.push_back(tile.scores[s][row]);
        }
        if (!tile.inputs.empty()) {
            const std::size_t count = setup_.record.monitored_inputs.size();
            for (const std::uint32_t row : read) {
                const auto begin = tile.inputs.begin() + static_cast<std::ptrdiff_t>(row * count);
                auto& column = scored.kept[inputs_column];
                column.insert(column.end(), begin, begin + static_cast<std::ptrdiff_t>(count));
            }
        }
        if (read.size() == rows()) return scored;
        Outcomes all = uncounted_rows(rows(), unreadable);
        for (std::size_t row = 0; row < rows(); ++row) {
            if (tile.absent[row] != 0) all.prediction[row] = all.target_rank[row] = not_run;
        }
        assign(all, read, scored);
        return all;
    }

    Outcomes score_read(const PlannedCell& cell, std::vector<float> values, std::int64_t count,
                        const std::vector<std::int32_t>& targets, const std::vector<float>& actual) const {
        const ModelInfo& model = setup_.models[cell.model]->info();
        const std::int64_t classes = setup_.targets[cell.model].classes;
        const std::vector<std::string>& keep = setup_.scenario.keep;
        const auto kept = [&](const char* name) { return std::find(keep.begin(), keep.end(), name) != keep.end(); };
        if (model.output == OutputKind::regression)
            return score_regression(values, count, classes, model.quantiles, actual);
        const OutputKind kind =
            setup_.targets[cell.model].restricted_columns.empty() ? model.output : OutputKind::logits;
        Outcomes scored = score_outputs(values, count, classes, kind, targets);
        if (classes >= 5 && (needed_.contains("top5") || kept("top5")))
            scored.kept["top5"] = top5_classes(values, count, classes, kind);
        if (needed_.contains("logits") || kept("logits")) scored.kept["logits"] = std::move(values);
        return scored;
    }

    // Labels of the block's rows; without labels, the model's own answers to the clean samples.
    std::vector<std::int32_t> targets_of(const PlannedCell& cell) const {
        const std::vector<std::int32_t>& all = setup_.targets[cell.model].targets;
        if (!all.empty()) {
            std::vector<std::int32_t> targets(rows());
            for (std::size_t row = 0; row < rows(); ++row) targets[row] = all[positions_[row]];
            return targets;
        }
        if (cell.is_clean()) return {};
        if (unknown_targets()) return std::vector<std::int32_t>(rows(), -1);
        const std::string clean = setup_.models[cell.model]->info().name + "/clean/0";
        const std::optional<TileRecord> record = journal_.get(clean, static_cast<std::uint32_t>(block_));
        if (!record || record->status != Status::ok) {
            throw ModelError("Without labels the answers to the clean samples are the targets, and " + clean +
                             " failed.");
        }
        return record->outcomes.prediction;
    }

    // Without labels and without clean cells (a run of sequences) there is nothing to compare with.
    bool unknown_targets() const {
        return setup_.record.targets.empty() &&
               std::none_of(setup_.cells.begin(), setup_.cells.end(), [](const auto& cell) { return cell.is_clean(); });
    }

    const Setup& setup_;
    const std::set<std::string> needed_ = kept_columns(setup_.record);
    const std::vector<TensorFiller>& fillers_;
    Journal& journal_;
    RunObserver& observer_;
    std::mutex& observer_mutex_;
    const RunnerOptions& options_;
    std::size_t block_;
    const std::vector<std::uint32_t>& positions_;
    std::string content_;  // digest of the decoded block
    std::unique_ptr<MemoryView> source_;
    std::vector<std::unique_ptr<MemoryView>> framed_;  // per geometry group
};

}  // namespace

RunEnd run_tiles(const Setup& setup, Journal& journal, const RunnerOptions& options, RunObserver& observer) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                    static_cast<std::size_t>(options.threads));
    tbb::task_arena arena(options.threads);
    std::vector<TensorFiller> fillers;
    for (const auto& model : setup.models) fillers.emplace_back(model->info().tensor);
    std::mutex observer_mutex;

    std::set<std::pair<std::string, std::uint32_t>> done;
    for (const TileKey& tile : journal.tiles()) {
        if (tile.status == Status::ok) done.emplace(tile.cell, tile.block);
    }
    std::vector<std::vector<std::size_t>> open(setup.record.blocks.size());
    std::size_t left = 0;
    for (std::size_t block = 0; block < setup.record.blocks.size(); ++block) {
        for (std::size_t c = 0; c < setup.cells.size(); ++c) {
            if (done.count({setup.cells[c].name, static_cast<std::uint32_t>(block)}) == 0) open[block].push_back(c);
        }
        left += open[block].size();
    }
    const std::size_t all = setup.record.blocks.size() * setup.cells.size();
    observer.begin(all, all - left);
    for (std::size_t block = 0; block < setup.record.blocks.size(); ++block) {
        if (open[block].empty()) continue;
        bool finished = false;
        arena.execute([&] {
            finished = BlockRun(setup, fillers, journal, observer, observer_mutex, options, block).run(open[block]);
        });
        if (!finished || (options.stop != nullptr && options.stop->load() && block + 1 < setup.record.blocks.size())) {
            journal.flush();
            return RunEnd::interrupted;
        }
        if (options.after_block) options.after_block();
        if (options.enough && block + 1 < setup.record.blocks.size() && options.enough()) {
            journal.flush();
            return RunEnd::enough;
        }
    }
    journal.flush();
    return RunEnd::complete;
}

}  // namespace misfire
