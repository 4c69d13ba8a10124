#include "perturbations/perturb.h"

#include <bit>
#include <opencv2/core.hpp>
#include <sstream>
#include <string>
#include <typeinfo>

#include "core/error.h"
#include "perturbations/vector_random.h"

namespace misfire {

namespace {

void check_severity(const PerturbationInfo& info, double severity) {
    if (severity >= 0.0 && severity <= info.max_severity) return;
    std::ostringstream message;
    message << "Severity " << severity << " of `" << info.name << "` is outside 0.." << info.max_severity
            << (info.published_order >= 0 ? ": the published levels" : ": the levels")
            << " are 1 to 5 and 0 is the clean image. Choose a value in this range.";
    throw UsageError(message.str());
}

void check_image(const PerturbationInfo& info, const Image& image) {
    const auto expected = static_cast<std::size_t>(image.height) * static_cast<std::size_t>(image.width) *
                          static_cast<std::size_t>(image.channels);
    if ((image.channels != 1 && image.channels != 3) || image.size() != expected) {
        throw DataError("`" + info.name + "` takes grey (1 channel) or RGB (3 channels) images; this one has " +
                        std::to_string(image.channels) + " channels and " + std::to_string(image.size()) +
                        " bytes. Convert it to RGB first.");
    }
    if (image.height < min_perturbed_side || image.width < min_perturbed_side) {
        throw DataError("`" + info.name + "` needs at least " + std::to_string(min_perturbed_side) +
                        " px on each side; this image is " + std::to_string(image.width) + " x " +
                        std::to_string(image.height) + " px. Enlarge it (geometry: {size: 32}) or leave it out.");
    }
}

KeyHash key_of(std::uint64_t run_seed, const PerturbationInfo& info, std::uint32_t chain_position,
               std::string_view sample_id) {
    KeyHash hash;
    hash.add("misfire perturbation").add(run_seed).add(info.name).add(static_cast<std::uint64_t>(info.version));
    return hash.add(static_cast<std::uint64_t>(chain_position)).add(sample_id);
}

}  // namespace

void perturb(const Perturbation& unit, const Image& in, Image& out, double severity, const Random& random,
             Scratch& scratch) {
    check_severity(unit.info(), severity);
    check_image(unit.info(), in);
    if (severity == 0.0) {
        out = in;
        return;
    }
    // Workers are many already: a second layer of threads inside OpenCV would only make them wait for each other.
    static const bool one_thread = (cv::setNumThreads(1), true);
    static_cast<void>(one_thread);
    try {
        // The plain generator is replaced by its vectorised twin (same bits); anything derived from it is a test's
        // replay.
        if (typeid(random) == typeid(Random)) {
            unit.apply(in, out, severity, VectorRandom(random.key()), scratch);
        } else {
            unit.apply(in, out, severity, random, scratch);
        }
    } catch (const cv::Exception& e) {
        throw DataError("`" + unit.info().name + "` failed on an image of " + std::to_string(in.width) + " x " +
                        std::to_string(in.height) + " px: " + e.err + ". Leave the image out or report this as a bug.");
    }
}

std::uint64_t perturbation_key(std::uint64_t run_seed, const PerturbationInfo& info, std::uint32_t chain_position,
                               std::string_view sample_id) {
    return key_of(run_seed, info, chain_position, sample_id).value();
}

std::uint64_t perturbation_key(std::uint64_t run_seed, const PerturbationInfo& info, std::uint32_t chain_position,
                               std::string_view sample_id, double level) {
    return key_of(run_seed, info, chain_position, sample_id)
        .add("level")
        .add(std::bit_cast<std::uint64_t>(level))
        .value();
}

}  // namespace misfire
