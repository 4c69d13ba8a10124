#include "perturbations/sequences/render.h"

#include <opencv2/core.hpp>
#include <string>
#include <typeinfo>

#include "core/error.h"
#include "perturbations/perturb.h"
#include "perturbations/sequences/schedule.h"
#include "perturbations/vector_random.h"

namespace misfire {

namespace {

void check(const SequenceInfo& info, const Image& image, const FrameRequest& request) {
    const int frames = published_frames(info, request.side);
    if (request.frame < 0 || request.frame >= frames || request.difficulty < 1 || request.difficulty > 3) {
        throw UsageError("Frame " + std::to_string(request.frame) + " at difficulty " +
                         std::to_string(request.difficulty) + " of the sequence `" + info.name +
                         "`: it has frames 0 to " + std::to_string(frames - 1) + " at " + std::to_string(request.side) +
                         " px and difficulties 1 to 3. Choose values in this range.");
    }
    const auto expected = static_cast<std::size_t>(image.height) * static_cast<std::size_t>(image.width) *
                          static_cast<std::size_t>(image.channels);
    if ((image.channels != 1 && image.channels != 3) || image.size() != expected) {
        throw DataError("The sequence `" + info.name +
                        "` takes grey (1 channel) or RGB (3 channels) images; this one has " +
                        std::to_string(image.channels) + " channels. Convert it to RGB first.");
    }
    if (image.height < min_perturbed_side || image.width < min_perturbed_side) {
        throw DataError("The sequence `" + info.name + "` needs at least " + std::to_string(min_perturbed_side) +
                        " px on each side; this image is " + std::to_string(image.width) + " x " +
                        std::to_string(image.height) + " px. Enlarge it (geometry: {size: 32}) or leave it out.");
    }
}

}  // namespace

void render_frame(const Sequence& sequence, const Image& in, Image& out, const FrameRequest& request,
                  const Random& random, Scratch& scratch) {
    check(sequence.info(), in, request);
    static const bool one_thread = (cv::setNumThreads(1), true);  // workers are many already
    static_cast<void>(one_thread);
    try {
        // The plain generator is replaced by its vectorised twin (same bits); anything derived from it is a test's.
        if (typeid(random) == typeid(Random)) {
            sequence.render(in, out, request, VectorRandom(random.key()), scratch);
        } else {
            sequence.render(in, out, request, random, scratch);
        }
    } catch (const cv::Exception& e) {
        throw DataError("The sequence `" + sequence.info().name + "` failed on an image of " +
                        std::to_string(in.width) + " x " + std::to_string(in.height) + " px: " + e.err +
                        ". Leave the image out or report this as a bug.");
    }
}

std::uint64_t sequence_key(std::uint64_t run_seed, const SequenceInfo& info, std::string_view sample_id) {
    KeyHash hash;
    hash.add("misfire sequence").add(run_seed).add(info.name).add(static_cast<std::uint64_t>(info.version));
    return hash.add(sample_id).value();
}

}  // namespace misfire
