// Drops of water that run down the lens.
#include <algorithm>
#include <vector>

#include "perturbations/image/gaussian_filter.h"
#include "perturbations/image/spatter.h"
#include "perturbations/sequences/published_sequence.h"

namespace misfire {

namespace {

SequenceInfo describe() {
    SequenceInfo info;
    info.name = "spatter";
    info.summary = "drops of water run down the lens";
    info.category = "extra";
    info.groups = {"cifar-p"};
    info.published_order = 4;
    info.frames = {{"224", 31}, {"32", 31}};
    info.parameters = {
        {.name = "mean", .unit = "1", .meaning = "mean of the normal field", .published = by_set({0.65}, {0.6})},
        {.name = "deviation", .unit = "1", .meaning = "its standard deviation", .published = by_set({0.27}, {0.265})},
        {.name = "sigma",
         .unit = "px",
         .meaning =
             "Gaussian that turns the field into drops; not scaled above 224 px, where it would smooth every drop away",
         .published = by_set({3.7}, {1.75})},
        {.name = "threshold",
         .unit = "1",
         .meaning = "the smoothed field below this is dry",
         .published = by_set({0.69}, {0.7})},
        {.name = "strength",
         .unit = "fraction of white",
         .meaning = "brightness of the water",
         .published = by_set({0.6}, {0.6})},
        {.name = "drift",
         .unit = "px",
         .meaning = "most of the water runs this far down from frame to frame: 2 or 1, the nearer",
         .published = by_set({2}, {1})}};
    info.reference = imagenet_p_reference;
    return info;
}

// How much of the water of a row lies how many rows below (or, negative, above) in the next frame.
struct Share {
    int rows;
    double part;
};

// numpy.convolve(column, kernel, mode='same') of every column: what runs out at the bottom is gone.
void run_down(std::vector<double>& field, int height, int width, double drift, std::vector<double>& before) {
    static const std::vector<Share> far = {{-1, .05}, {0, .1}, {1, .15}, {2, .7}};
    static const std::vector<Share> near = {{0, .2}, {1, .8}};
    before = field;
    std::fill(field.begin(), field.end(), 0.0);
    const auto row = static_cast<std::size_t>(width);
    for (const Share& share : drift < 1.5 ? near : far) {
        for (int y = 0; y < height; ++y) {
            const int from = y - share.rows;
            if (from < 0 || from >= height) continue;
            const double* source = before.data() + static_cast<std::size_t>(from) * row;
            double* target = field.data() + static_cast<std::size_t>(y) * row;
            for (std::size_t x = 0; x < row; ++x) target[x] += share.part * source[x];
        }
    }
}

class SpatterFilm final : public PublishedSequence {
  public:
    SpatterFilm() : PublishedSequence(describe()) {}

    void render(const Image& in, Image& out, const FrameRequest& request, const Random& random,
                Scratch& scratch) const override {
        const SequenceValues own = values(request);
        const std::size_t count = in.size() / static_cast<std::size_t>(in.channels);
        auto& normal = scratch.floats[1];
        auto& field = scratch.doubles[0];
        normal.resize(count);
        field.resize(count);
        random.normal(normal, 0);
        for (std::size_t i = 0; i < count; ++i) field[i] = own[0] + own[1] * static_cast<double>(normal[i]);
        gaussian_filter(field.data(), in.height, in.width, 1, own[2], 4.0, Border::nearest, scratch.doubles[1]);
        for (double& value : field) value = value < own[3] ? 0.0 : value;
        for (int i = 0; i < request.frame; ++i) run_down(field, in.height, in.width, own[5], scratch.doubles[1]);
        lay_water_over(in, field, 0.0, own[4], out, scratch);
    }
};

}  // namespace

namespace films {
std::unique_ptr<const Sequence> spatter() { return std::make_unique<SpatterFilm>(); }
}  // namespace films

}  // namespace misfire
