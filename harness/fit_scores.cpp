#include "harness/fit_scores.h"

#include <tbb/blocked_range.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "core/digest.h"
#include "core/error.h"
#include "harness/environment.h"
#include "harness/fit_cache.h"
#include "harness/sample_digest.h"
#include "harness/score_setup.h"
#include "harness/tensor.h"
#include "scenarios/data/geometry.h"
#include "scenarios/data/views.h"

namespace misfire {

namespace {

constexpr std::size_t samples_at_once = 512;  // bounds the memory of decoded images

// Digests of the decoded samples; nothing for one that cannot be read.
std::vector<std::optional<std::uint64_t>> digests_of(const Dataset& data, const std::vector<std::size_t>& selection) {
    std::vector<std::optional<std::uint64_t>> digests(selection.size());
    tbb::parallel_for(std::size_t{0}, selection.size(), [&](std::size_t i) {
        const MemoryView::Entry entry = read_entry(data, selection[i]);
        if (entry.bad.empty()) digests[i] = content_digest(entry.sample);
    });
    return digests;
}

// Images only: rows of a table may be alike by chance.
void refuse_overlap(const Setup& setup, const std::vector<std::optional<std::uint64_t>>& fit_digests) {
    if (setup.data->table() != nullptr) return;
    std::unordered_map<std::uint64_t, std::size_t> fitted;
    for (std::size_t i = 0; i < fit_digests.size(); ++i) {
        if (fit_digests[i]) fitted.emplace(*fit_digests[i], i);
    }
    const std::vector<std::optional<std::uint64_t>> tested = digests_of(*setup.data, setup.selection);
    std::string names;
    std::size_t count = 0;
    for (std::size_t i = 0; i < tested.size(); ++i) {
        const auto found = tested[i] ? fitted.find(*tested[i]) : fitted.end();
        if (found == fitted.end()) continue;
        constexpr std::size_t named = 5;
        if (++count > named) continue;
        names += (names.empty() ? "" : ", ") + setup.data->key(setup.selection[i]).id + " (" +
                 setup.fit_data->key(setup.fit_selection[found->second]).id + " of the fit set)";
    }
    if (count == 0) return;
    throw DataError("The fit set must not hold samples that are tested, and " + std::to_string(count) +
                    (count == 1 ? " has" : " have") + " the same pixels: " + names + (count > 5 ? ", ..." : "") +
                    ". Take them out of one of the two.");
}

class FitPass {
  public:
    FitPass(const Setup& setup, const FitOptions& options, std::vector<std::size_t> readable)
        : setup_(setup), options_(options), readable_(std::move(readable)) {}

    // Answers of the models named by `wanted`, one Outputs each, a row per readable sample. False: stopped.
    bool run(const std::vector<std::size_t>& wanted, std::map<std::size_t, Outputs>& answers) {
        for (const std::size_t m : wanted) prepare(m, answers[m]);
        for (std::size_t first = 0; first < readable_.size(); first += samples_at_once) {
            const std::size_t count = std::min(samples_at_once, readable_.size() - first);
            const MemoryView source = decode(first, count);
            for (const std::size_t m : wanted) {
                if (!answer(m, first, source, answers[m])) return false;
            }
        }
        return true;
    }

  private:
    std::size_t batch() const { return static_cast<std::size_t>(setup_.scenario.batch); }

    void prepare(std::size_t m, Outputs& outputs) const {
        const ModelInfo& info = setup_.models[m]->info();
        outputs.rows = static_cast<std::int64_t>(readable_.size());
        outputs.columns = info.classes;
        outputs.values.resize(readable_.size() * static_cast<std::size_t>(info.classes));
        if (setup_.scores[m]->with_features())
            outputs.features.resize(readable_.size() * static_cast<std::size_t>(info.features));
    }

    MemoryView decode(std::size_t first, std::size_t count) const {
        std::vector<MemoryView::Entry> entries(count);
        tbb::parallel_for(std::size_t{0}, count, [&](std::size_t i) {
            entries[i] = read_entry(*setup_.fit_data, setup_.fit_selection[readable_[first + i]]);
        });
        return {setup_.fit_data->info(), std::move(entries)};
    }

    bool answer(std::size_t m, std::size_t first, const MemoryView& source, Outputs& outputs) const {
        const TensorFiller filler(setup_.models[m]->info().tensor);
        const std::size_t parts = (source.size() + batch() - 1) / batch();
        std::atomic<bool> stopped = false;
        tbb::parallel_for(tbb::blocked_range<std::size_t>(0, parts, 1), [&](const auto& range) {
            for (std::size_t part = range.begin(); part != range.end(); ++part) {
                if (options_.stop != nullptr && options_.stop->load()) {
                    stopped = true;
                    return;
                }
                answer_part(m, filler, source, part * batch(), first, outputs);
            }
        });
        return !stopped;
    }

    // Padded to the full micro-batch, as in the run itself.
    void answer_part(std::size_t m, const TensorFiller& filler, const MemoryView& source, std::size_t begin,
                     std::size_t first, Outputs& outputs) const {
        const Model& model = *setup_.models[m];
        const std::size_t count = std::min(batch(), source.size() - begin);
        std::vector<float> tensor;
        int height = model.info().input_height, width = model.info().input_width;
        for (std::size_t i = 0; i < count; ++i) {
            const Sample sample = source.at(begin + i);
            const bool image = sample.row.empty();
            const Image framed = image ? apply_geometry(sample.image, model.info().geometry) : Image();
            if (image && i > 0 && (framed.height != height || framed.width != width)) {
                throw DataError("The images of the fit set have different sizes: " + sample.key.id + " is " +
                                std::to_string(framed.width) + "x" + std::to_string(framed.height) +
                                ". Give `input: {geometry: {resize: .., crop: ..}}` or `{size: ..}`.");
            }
            if (image) height = framed.height;
            if (image) width = framed.width;
            const std::size_t size = image ? static_cast<std::size_t>(model.info().tensor.channels) *
                                                 static_cast<std::size_t>(height) * static_cast<std::size_t>(width)
                                           : sample.row.size();
            if (tensor.empty()) tensor.assign(size * batch(), 0.0F);
            if (image)
                filler.fill(framed, tensor.data() + i * size);
            else
                std::copy(sample.row.begin(), sample.row.end(), tensor.begin() + static_cast<std::ptrdiff_t>(i * size));
        }
        const std::size_t passed = model.info().fixed_batch == 1 ? count : batch();
        const Outputs part = model.predict({tensor.data(), tensor.size() / batch() * passed},
                                           static_cast<std::int64_t>(passed), height, width, !outputs.features.empty());
        const auto keep = [&](const std::vector<float>& from, std::vector<float>& to) {
            const std::size_t size = from.size() / passed;
            std::copy_n(from.begin(), count * size, to.begin() + static_cast<std::ptrdiff_t>((first + begin) * size));
        };
        keep(part.values, outputs.values);
        if (!outputs.features.empty()) keep(part.features, outputs.features);
    }

    const Setup& setup_;
    const FitOptions& options_;
    std::vector<std::size_t> readable_;  // places in fit_selection
};

// Everything that the answers of a model to the fit set depend on.
std::string cache_key(const Setup& setup, std::size_t m, const std::string& content) {
    const ModelInfo& info = setup.models[m]->info();
    if (info.sha256.empty()) return "";
    const std::map<std::string, std::string> libraries = library_versions();
    Digest digest(Digest::Kind::sha256);
    const auto add = [&digest](const std::string& text) { digest.add(text + "\n"); };
    const auto numbers = [&add](const std::vector<double>& values) {
        for (const double value : values) add(std::to_string(value));
        add("");
    };
    for (const std::string& part :
         {std::string("answers 1"), content, info.sha256, info.optimize, info.engine, info.device,
          setup.scenario.models[m].output_key.value_or(""), libraries.at("libtorch"), libraries.at("isa"),
          std::string(setup.scores[m]->with_features() ? "features" : "")})
        add(part);
    for (const int part :
         {static_cast<int>(info.geometry.kind), info.geometry.height, info.geometry.width, info.geometry.resize,
          info.geometry.crop, info.tensor.channels, info.fixed_batch == 1 || setup.scenario.batch == 1 ? 1 : 0})
        add(std::to_string(part));
    numbers({info.tensor.scale});
    numbers(info.tensor.mean);
    numbers(info.tensor.std);
    return digest.hex();
}

std::string content_of(const std::vector<std::optional<std::uint64_t>>& digests) {
    Digest digest(Digest::Kind::sha256);
    for (const auto& one : digests) digest.add(one ? std::to_string(*one) + "\n" : "unreadable\n");
    return digest.hex();
}

// Rows of classes that are not scored are left out.
void fit_model(const Setup& setup, std::size_t m, const std::vector<std::size_t>& readable, const Outputs& outputs) {
    std::vector<std::int32_t> labels;
    if (!setup.fit_targets[m].empty()) {
        for (const std::size_t i : readable) labels.push_back(setup.fit_targets[m][i]);
    }
    if (std::find(labels.begin(), labels.end(), class_not_scored) == labels.end()) {
        setup.scores[m]->fit(outputs, labels);
        return;
    }
    Outputs kept;
    kept.columns = outputs.columns;
    std::vector<std::int32_t> kept_labels;
    const auto rows_of = [&](const std::vector<float>& from, std::size_t row, std::vector<float>& to) {
        const auto size = static_cast<std::ptrdiff_t>(from.size() / labels.size());
        const auto first = from.begin() + static_cast<std::ptrdiff_t>(row) * size;
        to.insert(to.end(), first, first + size);
    };
    for (std::size_t row = 0; row < labels.size(); ++row) {
        if (labels[row] == class_not_scored) continue;
        rows_of(outputs.values, row, kept.values);
        rows_of(outputs.features, row, kept.features);
        kept_labels.push_back(labels[row]);
    }
    kept.rows = static_cast<std::int64_t>(kept_labels.size());
    setup.scores[m]->fit(kept, kept_labels);
}

FitEnd fit_on_data(Setup& setup, const FitOptions& options) {
    FitEnd end;
    const std::vector<std::optional<std::uint64_t>> digests = digests_of(*setup.fit_data, setup.fit_selection);
    std::vector<std::size_t> readable;
    for (std::size_t i = 0; i < digests.size(); ++i) {
        if (digests[i]) readable.push_back(i);
    }
    end.unread = digests.size() - readable.size();
    if (readable.empty()) {
        throw DataError("No sample of the fit set " + setup.fit_data->info().name + " can be read. " +
                        read_entry(*setup.fit_data, setup.fit_selection.front()).bad);
    }
    if (options.check_overlap) refuse_overlap(setup, digests);
    end.content = content_of(digests);
    std::map<std::size_t, Outputs> answers;
    std::map<std::size_t, std::string> keys;
    std::vector<std::size_t> wanted;
    for (std::size_t m = 0; m < setup.models.size(); ++m) {
        if (!setup.scores[m]->wants_fit()) continue;
        keys[m] = cache_key(setup, m, end.content);
        std::optional<Outputs> known = keys[m].empty() ? std::nullopt : read_fit_cache(keys[m]);
        if (known && known->rows == static_cast<std::int64_t>(readable.size()))
            answers[m] = std::move(*known);
        else
            wanted.push_back(m);
    }
    end.from_cache = wanted.empty();
    end.finished = FitPass(setup, options, readable).run(wanted, answers);
    if (!end.finished) return end;
    for (const std::size_t m : wanted) {
        if (!keys[m].empty()) write_fit_cache(keys[m], answers[m]);
    }
    for (const auto& [m, outputs] : answers) fit_model(setup, m, readable, outputs);
    return end;
}

}  // namespace

FitEnd fit_scores(Setup& setup, const FitOptions& options) {
    FitEnd end;
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                    static_cast<std::size_t>(options.threads));
    tbb::task_arena arena(options.threads);
    if (setup.fit_data) arena.execute([&] { end = fit_on_data(setup, options); });
    if (!end.finished) return end;
    for (const auto& scores : setup.scores) {
        if (!scores->wants_fit()) scores->fit({}, {});
    }
    setup.record.scores = score_states(setup);
    return end;
}

}  // namespace misfire
