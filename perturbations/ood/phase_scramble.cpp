#include <cmath>
#include <opencv2/core.hpp>
#include <vector>

#include "perturbations/ood/about_grey.h"

namespace misfire {
namespace {

// exp(i share phase) of the transform of white noise, 1 for the mean. Its phase is odd, so a real image stays real.
cv::Mat phasors(int height, int width, double share, const Random& random, std::vector<float>& draws) {
    draws.resize(static_cast<std::size_t>(height) * static_cast<std::size_t>(width));
    random.normal(draws, 0);
    cv::Mat noise, spectrum;
    cv::Mat(height, width, CV_32F, draws.data()).convertTo(noise, CV_64F);
    cv::dft(noise, spectrum, cv::DFT_COMPLEX_OUTPUT);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            auto& value = spectrum.at<cv::Vec2d>(y, x);
            const double phase = y == 0 && x == 0 ? 0.0 : share * std::atan2(value[1], value[0]);
            value = {std::cos(phase), std::sin(phase)};
        }
    }
    return spectrum;
}

class PhaseScramble : public GeneratedSet {
  public:
    const GeneratedSetInfo& info() const override {
        static const GeneratedSetInfo info{
            .name = "phase_scramble",
            .summary = "a sample with its spectrum of amplitudes, but phases moved by those of white noise",
            .distance = GeneratedSetInfo::Distance::near,
            .needs = GeneratedSetInfo::Needs::image,
            .severity_meaning =
                "share of the drawn phase that is added, a fifth at severity 1; at 5 nothing but texture is left",
            .reference =
                "Dakin et al., What causes non-monotonic tuning of fMRI response to noisy images?, Current Biology "
                "2002; transform of OpenCV in double precision, whose last bits may differ between instruction sets"};
        return info;
    }
    void make(const GeneratedSetInput& input, double severity, const Random& random, Image& out,
              Scratch& scratch) const override {
        const Image& in = input.image;
        shape_as(in, out);
        // One set of phases for all channels: what is grey stays grey.
        const cv::Mat turn = phasors(in.height, in.width, contrast_at(severity), random, scratch.floats[0]);
        cv::Mat channel(in.height, in.width, CV_64F), spectrum, result;
        const auto channels = static_cast<std::size_t>(in.channels);
        for (std::size_t c = 0; c < channels; ++c) {
            for (std::size_t i = 0; i < in.size() / channels; ++i)
                channel.at<double>(static_cast<int>(i)) = in.pixels[i * channels + c];
            cv::dft(channel, spectrum, cv::DFT_COMPLEX_OUTPUT);
            cv::mulSpectrums(spectrum, turn, spectrum, 0);
            cv::dft(spectrum, result, cv::DFT_INVERSE | cv::DFT_SCALE | cv::DFT_COMPLEX_OUTPUT);
            for (std::size_t i = 0; i < in.size() / channels; ++i)
                out.pixels[i * channels + c] = about_grey(result.at<cv::Vec2d>(static_cast<int>(i))[0], 1.0);
        }
    }
};

}  // namespace

namespace generated {
const GeneratedSet& phase_scramble() {
    static const PhaseScramble set;
    return set;
}
}  // namespace generated

}  // namespace misfire
