#include "harness/corrupt/corrupt_run.h"

#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <mutex>
#include <optional>
#include <system_error>

#include "core/error.h"
#include "harness/corrupt/corrupt_record.h"
#include "harness/corrupt/manifest.h"
#include "harness/corrupt/output_folder.h"
#include "harness/corrupt/settings.h"
#include "harness/corrupt/summary.h"
#include "harness/environment.h"
#include "harness/interrupt.h"
#include "harness/setup.h"
#include "harness/terminal.h"
#include "harness/whole_file.h"
#include "scenarios/data/geometry.h"
#include "scenarios/data/views.h"

namespace misfire {

namespace fs = std::filesystem;

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t items_per_block = 512;                   // images written between two looks at the clock
constexpr std::size_t decoded_bytes = std::size_t{128} << 20;  // of a block, before perturbing
// What a kill can cost; or ten times what a commit takes, where that is more.
constexpr std::chrono::milliseconds commit_interval{500};

std::vector<CorruptCell> cells_of(const std::vector<std::unique_ptr<Shift>>& shifts, bool clean) {
    std::vector<CorruptCell> cells;
    if (clean) cells.push_back({"clean", "0", 0, 0});
    for (std::size_t s = 0; s < shifts.size(); ++s) {
        const ShiftInfo& info = shifts[s]->info();
        for (std::size_t level = 1; level < info.levels.size(); ++level)
            cells.push_back({info.name, info.levels[level].label, s, level});
    }
    return cells;
}

class Corruption {
  public:
    Corruption(const ImageInput& input, const Scenario& scenario, const CorruptOptions& options)
        : input_(input),
          scenario_(scenario),
          options_(options),
          data_(open_image_input(input)),
          shifts_(
              open_shifts(scenario, *data_, image_sizes({scenario.input.geometry.value_or(Geometry{})}, *data_, 0))),
          cells_(cells_of(shifts_, options.clean)),
          geometry_(scenario.input.geometry.value_or(Geometry{})),
          arena_(options.threads) {
        require_effect(shifts_, geometry_);
    }

    int run() {
        const Clock::time_point start = Clock::now();
        const bool made = prepare_folder(input_, options_.out);
        const FolderLock lock(options_.out);
        try {
            begin_or_go_on();
        } catch (...) {
            std::error_code ignored;
            if (made) fs::remove(options_.out, ignored);  // only if it is empty: nothing was begun
            throw;
        }
        if (record_.complete) return say_nothing_to_do(summary(), record_, options_);
        const std::size_t before = record_.done;
        if (before > 0)
            std::cerr << "misfire: going on after " << grouped(before) << " of " << grouped(record_.samples)
                      << " images\n";
        const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                        static_cast<std::size_t>(options_.threads));
        arena_.execute([&] { write_blocks(); });
        if (record_.done < record_.samples) {
            std::cerr << "misfire: interrupted after " << grouped(record_.done) << " of " << grouped(record_.samples)
                      << " images; the same command goes on: " << options_.command << "\n";
            return exit_interrupted;
        }
        outputs_->finish();
        record_.complete = true;
        write_corrupt_record(options_.out, record_);
        const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
        return say_summary(summary(), record_, options_, seconds);
    }

  private:
    // Compares with what is there; afterwards record_, outputs_ and manifest_ are ready.
    void begin_or_go_on() {
        CorruptRecord fresh;
        fresh.identity = corrupt_identity(*data_, scenario_, shifts_, options_);
        fresh.samples = data_->size();
        std::optional<CorruptRecord> there = read_corrupt_record(options_.out);
        if (!there && !fs::is_empty(options_.out)) {
            throw StoreError("The folder " + options_.out.string() +
                             " holds files that are not from `misfire corrupt`. Name a new or empty one.");
        }
        const std::string changed = there ? differences(there->identity, fresh.identity) : "";
        if (!changed.empty() && !options_.force) {
            throw StoreError("The folder " + options_.out.string() + " is of another command: " + changed +
                             ". Name another folder, or start over in this one with --force.");
        }
        if (there && options_.force) {
            remove_corrupted(options_.out, *there);
            there.reset();
        }
        record_ = there ? *there : fresh;
        if (record_.complete) return;
        first_ = first_readable();
        say_geometry();
        outputs_ = make_outputs();
        if (!there) {
            record_.entries = outputs_->entries();
            write_corrupt_record(options_.out, record_);
            write_whole_file(options_.out / corrupt_settings_file, corrupt_settings(input_, scenario_, options_));
        }
        outputs_->begin(record_.done > 0);
        manifest_.emplace(options_.out / corrupt_manifest_file, record_.manifest_bytes);
    }

    std::unique_ptr<OutputSet> make_outputs() const {
        if (!is_array(options_.format))
            return make_image_tree(options_.out, options_.format, options_.quality, cells_, *data_);
        ArrayShape shape{first_.height, first_.width, 3};
        const bool from_array = input_.file.empty() && input_.data.form != DataSpec::Form::images;
        if (options_.format == CorruptFormat::npy && from_array) shape.channels = first_.channels;
        return make_array_set(options_.out, options_.format, shape, cells_, *data_);
    }

    // The first image after geometry: its size is that of the arrays.
    Image first_readable() const {
        std::string reason;
        for (std::size_t i = 0; i < data_->size(); ++i) {
            const MemoryView::Entry entry = framed(read_entry(*data_, i));
            if (entry.bad.empty()) return entry.sample.image;
            if (reason.empty()) reason = entry.bad;
        }
        throw DataError("None of the " + grouped(data_->size()) + " images can be read. The first: " + reason);
    }

    void say_geometry() const {
        if (options_.format != CorruptFormat::imagenet_c || !options_.keep_final_size) return;
        std::cerr << "misfire: as in ImageNet-C, images that are not " << geometry_.crop << " x " << geometry_.crop
                  << " px already are resized to " << geometry_.resize
                  << " px and cropped; --size, or --resize with "
                     "--crop, takes other sizes\n";
    }

    MemoryView::Entry framed(MemoryView::Entry entry) const {
        if (!entry.bad.empty()) return entry;
        const Image& image = entry.sample.image;
        if (options_.keep_final_size && image.height == geometry_.crop && image.width == geometry_.crop) return entry;
        try {
            entry.sample.image = apply_geometry(image, geometry_);
        } catch (const DataError& error) {
            entry.bad = error.what();
        }
        return entry;
    }

    std::size_t block_samples() const {
        const auto threads = static_cast<std::size_t>(options_.threads);
        const std::size_t by_items = std::max(items_per_block / cells_.size(), 2 * threads);
        return std::max(std::min(by_items, decoded_bytes / std::max<std::size_t>(2 * first_.size(), 1)), threads);
    }

    void write_blocks() {
        const InterruptGuard guard("\nmisfire: stopping; interrupt again to leave at once\n");
        bar_.begin(record_.samples * cells_.size(), record_.done * cells_.size(), "images");
        try {
            write_until_done(guard.requested());
        } catch (...) {
            bar_.end();
            throw;
        }
        bar_.end();
    }

    void write_until_done(const std::atomic<bool>& stop) {
        const std::size_t block = block_samples();
        Clock::time_point committed = Clock::now();
        Clock::duration cost{0};
        CorruptRecord ahead = record_;  // written, but not yet in the record on the disk
        while (ahead.done < record_.samples &&
               write_block(ahead, std::min(block, record_.samples - ahead.done), stop)) {
            const Clock::time_point now = Clock::now();
            if (now - committed < std::max<Clock::duration>(commit_interval, 10 * cost)) continue;
            commit(ahead);
            committed = Clock::now();
            cost = committed - now;
        }
        commit(ahead);
    }

    // False when it was interrupted: nothing of the block counts then.
    bool write_block(CorruptRecord& ahead, std::size_t count, const std::atomic<bool>& stop) {
        const std::size_t first = ahead.done;
        std::vector<MemoryView::Entry> decoded(count);
        std::vector<MemoryView::Entry> clean(count);
        tbb::parallel_for(std::size_t{0}, count, [&](std::size_t i) {
            decoded[i] = read_entry(*data_, first + i);
            clean[i] = framed(decoded[i]);
        });
        const MemoryView source(data_->info(), std::move(decoded));
        const MemoryView framed_view(data_->info(), std::move(clean));
        const ShiftContext context{geometry_, &source};
        std::vector<std::unique_ptr<Dataset>> views;
        for (const CorruptCell& cell : cells_)
            views.push_back(shifts_[cell.shift]->at(framed_view, cell.level, context));
        std::vector<std::string> bad(count * cells_.size());  // reasons, "" for a written image
        tbb::parallel_for(std::size_t{0}, bad.size(), [&](std::size_t item) {
            if (stop.load()) return;
            const std::size_t i = item / cells_.size();
            const std::size_t cell = item % cells_.size();
            bad[item] = framed_view.is_bad(i) ? framed_view.bad_reason(i) : write(*views[cell], i, cell, first + i);
            const std::scoped_lock lock(bar_mutex_);
            bar_.advance(1, cells_[cell].name + "/" + cells_[cell].label);
        });
        if (stop.load()) return false;
        add_rows(ahead, framed_view, bad);
        return true;
    }

    std::string write(const Dataset& view, std::size_t i, std::size_t cell, std::size_t sample) {
        try {
            outputs_->put(cell, sample, picture_of(view.at(i)));
            return "";
        } catch (const DataError& error) {
            return error.what();
        }
    }

    void add_rows(CorruptRecord& ahead, const MemoryView& clean, const std::vector<std::string>& bad) {
        for (std::size_t i = 0; i < clean.size(); ++i) {
            std::string first_reason;
            for (std::size_t cell = 0; cell < cells_.size(); ++cell) {
                const std::string& reason = bad[i * cells_.size() + cell];
                if (first_reason.empty()) first_reason = reason;
                ahead.missing += reason.empty() ? 0 : 1;
                manifest_->add(row(cell, ahead.done + i, clean.image(i), reason));
            }
            if (first_reason.empty()) continue;
            ++ahead.unreadable;
            bad_inputs_.say(bar_, clean.key(i).id, first_reason);
        }
        ahead.done += clean.size();
        ahead.manifest_bytes = manifest_->bytes();
    }

    ManifestRow row(std::size_t cell, std::size_t sample, const Image& clean, const std::string& reason) const {
        const Shift& shift = *shifts_[cells_[cell].shift];
        ManifestRow row;
        row.source_id = data_->key(sample).id;
        row.perturbation = cells_[cell].name;
        row.severity = cells_[cell].label;
        row.seed = scenario_.seed;
        row.error = reason;
        if (reason.empty() || is_array(options_.format)) row.file = outputs_->file(cell, sample);
        row.row = outputs_->row(cell, sample);
        if (reason.empty() && cells_[cell].level > 0)
            row.parameter_set = shift.parameter_set(clean.height, clean.width);
        if (reason.empty() && cells_[cell].level > 0) row.drawn = shift.drawn(cells_[cell].level, row.source_id);
        return row;
    }

    // What the record says is there is there, also after a power cut: data first, then the record.
    void commit(const CorruptRecord& ahead) {
        manifest_->flush();
        outputs_->sync();
        record_ = ahead;
        write_corrupt_record(options_.out, record_);
    }

    CorruptSummary summary() const {
        CorruptSummary summary;
        for (const auto& shift : shifts_) summary.perturbations.push_back(shift->info().name);
        summary.cells = cells_.size();
        summary.seed = scenario_.seed;
        return summary;
    }

    const ImageInput& input_;
    const Scenario& scenario_;
    const CorruptOptions& options_;
    std::unique_ptr<Dataset> data_;
    std::vector<std::unique_ptr<Shift>> shifts_;
    std::vector<CorruptCell> cells_;
    Geometry geometry_;
    tbb::task_arena arena_;
    Image first_;
    CorruptRecord record_;
    std::unique_ptr<OutputSet> outputs_;
    std::optional<Manifest> manifest_;
    ProgressBar bar_;
    std::mutex bar_mutex_;
    BadInputMessages bad_inputs_{corrupt_manifest_file};
};

}  // namespace

int corrupt_images(const ImageInput& input, const Scenario& scenario, const CorruptOptions& options) {
    return Corruption(input, scenario, options).run();
}

}  // namespace misfire
