#include "harness/plan.h"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>

#include "core/error.h"
#include "harness/tensor.h"
#include "scenarios/data/geometry.h"
#include "scenarios/data/views.h"

namespace misfire {

namespace {

constexpr std::size_t most_probed_samples = 16;

template <typename Work>
double milliseconds_of(Work work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

// A few readable samples of the selection.
std::vector<MemoryView::Entry> probe_samples(const Setup& setup, double& milliseconds) {
    std::vector<MemoryView::Entry> samples;
    milliseconds = milliseconds_of([&] {
        for (std::size_t i = 0; i < setup.selection.size() && samples.size() < most_probed_samples; ++i) {
            MemoryView::Entry entry = read_entry(*setup.data, setup.selection[i]);
            if (entry.bad.empty()) samples.push_back(std::move(entry));
        }
    });
    if (samples.empty())
        throw DataError("None of the samples can be read. `misfire run` would name each with its reason.");
    milliseconds /= static_cast<double>(samples.size());
    return samples;
}

double model_milliseconds(const Model& model, const Sample& sample, int batch) {
    const bool image = sample.row.empty();
    const int height = image ? sample.image.height : model.info().input_height;
    const int width = image ? sample.image.width : model.info().input_width;
    const std::size_t size = static_cast<std::size_t>(model.info().tensor.channels) * static_cast<std::size_t>(height) *
                             static_cast<std::size_t>(width);
    std::vector<float> tensor(size * static_cast<std::size_t>(batch));
    const TensorFiller filler(model.info().tensor);
    for (std::size_t i = 0; i < static_cast<std::size_t>(batch); ++i) {
        if (image)
            filler.fill(sample.image, tensor.data() + i * size);
        else
            std::copy(sample.row.begin(), sample.row.end(), tensor.begin() + static_cast<std::ptrdiff_t>(i * size));
    }
    const auto predict = [&] { static_cast<void>(model.predict(tensor, batch, height, width)); };
    predict();  // the first call also plans and allocates
    return milliseconds_of(predict) / batch;
}

}  // namespace

RunPlan plan_run(const Setup& setup, int threads) {
    RunPlan plan;
    plan.cells = setup.cells.size();
    plan.skipped_cells = setup.record.skipped_cells.size();
    plan.samples = setup.selection.size();
    plan.tiles = plan.cells * setup.record.blocks.size();
    plan.forward_passes = plan.cells * plan.samples;
    const std::vector<MemoryView::Entry> samples = probe_samples(setup, plan.decode_milliseconds);
    const MemoryView source(setup.data->info(), samples);
    double total = plan.decode_milliseconds * static_cast<double>(plan.samples);
    double bytes = 0.0;
    for (const GeometryGroup& group : setup.groups) {
        std::vector<MemoryView::Entry> framed = samples;
        total += milliseconds_of([&] {
                     for (MemoryView::Entry& sample : framed)
                         sample.sample.image = apply_geometry(sample.sample.image, group.geometry);
                 }) /
                 static_cast<double>(framed.size()) * static_cast<double>(plan.samples);
        const Sample first = framed.front().sample;
        const Image& image = first.image;
        bytes += static_cast<double>(image.size() + samples.front().sample.image.size()) * setup.scenario.block;
        bytes += static_cast<double>(image.size()) * (sizeof(float) + 8.0) * setup.scenario.batch * threads;
        const MemoryView clean(setup.data->info(), std::move(framed));
        std::set<std::pair<std::size_t, std::size_t>> views;
        for (const PlannedCell& cell : setup.cells) {
            const bool ours = std::find(group.models.begin(), group.models.end(), cell.model) != group.models.end();
            if (ours && !cell.is_clean()) views.emplace(cell.shift, cell.level);
        }
        plan.perturbed_samples += views.size() * plan.samples;
        for (std::size_t s = 0; s < setup.shifts.size(); ++s) {
            const auto levels = static_cast<double>(
                std::count_if(views.begin(), views.end(), [s](const auto& view) { return view.first == s; }));
            if (levels == 0.0) continue;
            const std::size_t last = setup.shifts[s]->info().levels.size() - 1;
            const std::unique_ptr<Dataset> view =
                setup.shifts[s]->at(clean, last, ShiftContext{group.geometry, &source, setup.data.get()});
            const double cost = milliseconds_of([&] {
                                    for (std::size_t i = 0; i < view->size(); ++i) {
                                        try {
                                            if (view->has(i)) static_cast<void>(view->at(i));
                                        } catch (const DataError&) {
                                            continue;  // the run reports it
                                        }
                                    }
                                }) /
                                static_cast<double>(view->size());
            plan.shifts.push_back({setup.shifts[s]->info().name, cost});
            total += cost * levels * static_cast<double>(plan.samples);
        }
        for (const std::size_t m : group.models) {
            const auto cells = static_cast<double>(std::count_if(
                setup.cells.begin(), setup.cells.end(), [m](const PlannedCell& cell) { return cell.model == m; }));
            const double cost = model_milliseconds(*setup.models[m], first,
                                                   setup.models[m]->info().fixed_batch == 1 ? 1 : setup.scenario.batch);
            plan.models.push_back({setup.models[m]->info().name, cost});
            total += cost * cells * static_cast<double>(plan.samples);
        }
    }
    plan.seconds = total / 1000.0 / threads;
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    plan.bytes = bytes + static_cast<double>(usage.ru_maxrss) * 1024.0;  // models are loaded and have run by now
    return plan;
}

}  // namespace misfire
