#include "scenarios/shifts/sequence_shift.h"

#include <algorithm>
#include <cstring>

#include "core/error.h"
#include "perturbations/sequences/registry.h"
#include "perturbations/sequences/render.h"
#include "perturbations/sequences/schedule.h"
#include "scenarios/data/geometry.h"

namespace misfire {

namespace {

// Beyond this part of the shorter side nothing of an image comes into view in any frame.
constexpr int most_aspect = 4;

// The central part of an image that is longer than any frame can show.
Image cut_to_aspect(Image image) {
    const int most = most_aspect * std::min(image.height, image.width);
    if (image.height <= most && image.width <= most) return image;
    Image out(std::min(image.height, most), std::min(image.width, most), image.channels);
    const int top = (image.height - out.height) / 2;
    const int left = (image.width - out.width) / 2;
    const auto row = static_cast<std::size_t>(out.width * out.channels);
    for (int y = 0; y < out.height; ++y) {
        const auto from = (static_cast<std::size_t>(top + y) * static_cast<std::size_t>(image.width) +
                           static_cast<std::size_t>(left)) *
                          static_cast<std::size_t>(image.channels);
        std::memcpy(out.pixels.data() + static_cast<std::size_t>(y) * row, image.pixels.data() + from, row);
    }
    return out;
}

// The resized image before its crop, as apply_geometry() makes it on the way.
Image resized_only(Image image, int resize) {
    const Image whole = cut_to_aspect(std::move(image));
    const int shorter = std::min(whole.height, whole.width);
    const auto longer = static_cast<int>(static_cast<double>(resize) * std::max(whole.height, whole.width) / shorter);
    return whole.height <= whole.width ? resize_bilinear(whole, resize, longer)
                                       : resize_bilinear(whole, longer, resize);
}

// One frame of the samples of `clean`, or of the samples they come from where the film needs what the crop cuts off.
class FrameView : public Dataset {
  public:
    FrameView(const Dataset& clean, const ShiftContext& context, const Sequence& sequence, int frame, int difficulty,
              std::uint64_t seed)
        : clean_(clean),
          source_(needs_source(sequence, context) ? context.source : nullptr),
          geometry_(context.geometry),
          sequence_(sequence),
          frame_(frame),
          difficulty_(difficulty),
          seed_(seed) {}

    const DatasetInfo& info() const override { return clean_.info(); }
    std::size_t size() const override { return clean_.size(); }
    const SampleKey& key(std::size_t i) const override { return clean_.key(i); }

    Sample at(std::size_t i) const override {
        thread_local Scratch scratch;
        Sample sample;
        Image in;
        int side = geometry_.crop;
        if (source_ != nullptr) {
            sample = source_->at(i);
            in = resized_only(std::move(sample.image), geometry_.resize);
        } else {
            sample = clean_.at(i);
            in = std::move(sample.image);
            side = std::min(in.height, in.width);
        }
        const Random random(sequence_key(seed_, sequence_.info(), sample.key.id));
        Image out;
        render_frame(sequence_, in, out, {frame_, difficulty_, side}, random, scratch);
        if (source_ != nullptr) out = cropped(out);
        sample.image = std::move(out);
        return sample;
    }

  private:
    static bool needs_source(const Sequence& sequence, const ShiftContext& context) {
        return sequence.info().before_crop && context.source != nullptr &&
               context.geometry.kind == Geometry::Kind::shorter_side_then_crop;
    }

    Image cropped(const Image& frame) const {
        Geometry crop = geometry_;
        crop.resize = std::min(frame.height, frame.width);  // no resizing is left to do
        return apply_geometry(frame, crop);
    }

    const Dataset& clean_;
    const Dataset* source_;
    Geometry geometry_;
    const Sequence& sequence_;
    int frame_;
    int difficulty_;
    std::uint64_t seed_;
};

class SequenceShift : public Shift {
  public:
    SequenceShift(ShiftInfo info, const Sequence& sequence, int difficulty, std::uint64_t seed)
        : info_(std::move(info)), sequence_(sequence), difficulty_(difficulty), seed_(seed) {}

    const ShiftInfo& info() const override { return info_; }
    std::string parameter_set(int height, int width) const override { return sequence_set(std::min(height, width)); }
    std::unique_ptr<Dataset> at(const Dataset& clean, std::size_t level, const ShiftContext& context) const override {
        return std::make_unique<FrameView>(clean, context, sequence_, static_cast<int>(level), difficulty_, seed_);
    }

  private:
    ShiftInfo info_;
    const Sequence& sequence_;
    int difficulty_;
    std::uint64_t seed_;
};

int frames_of(const SequenceSpec& spec, const SequenceInfo& sequence, const std::set<std::pair<int, int>>& sizes) {
    int most = published_frames(sequence, 224);
    int side = 224;
    for (const auto& [height, width] : sizes) {
        const int frames = published_frames(sequence, std::min(height, width));
        if (frames > most) continue;
        most = frames;
        side = std::min(height, width);
    }
    if (spec.frames > most) {
        throw ScenarioError("the sequence `" + sequence.name + "` has " + std::to_string(most) + " frames at " +
                            std::to_string(side) + " px, and " + std::to_string(spec.frames) +
                            " are asked for: give `frames: " + std::to_string(most) + "` or fewer, or leave it out.");
    }
    return spec.frames == 0 ? most : spec.frames;
}

}  // namespace

std::unique_ptr<Shift> make_sequence_shift(const SequenceSpec& spec, const std::set<std::pair<int, int>>& sizes,
                                           std::uint64_t seed) {
    const Sequence* sequence = find_sequence(spec.sequence);
    if (sequence == nullptr) throw InternalError("make_sequence_shift: no sequence " + spec.sequence);
    const SequenceInfo& own = sequence->info();
    ShiftInfo info;
    info.name = spec.name;
    info.kind = "sequence";
    info.summary = own.summary;
    info.unit = "frame";
    info.reference_is_clean = false;
    info.reference_level = 0;
    info.pairs_with = own.noise ? PairsWith::reference : PairsWith::previous;
    info.pairs_stride = own.noise ? 1 : static_cast<std::size_t>(spec.difficulty);
    info.version =
        "sequence " + own.name + ":" + std::to_string(own.version) + ",difficulty=" + std::to_string(spec.difficulty);
    const int frames = frames_of(spec, own, sizes);
    for (int frame = 0; frame < frames; ++frame)
        info.levels.push_back({static_cast<double>(frame), std::to_string(frame)});
    return std::make_unique<SequenceShift>(std::move(info), *sequence, spec.difficulty, seed);
}

}  // namespace misfire
