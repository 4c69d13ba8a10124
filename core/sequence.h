// The seam of perturbation sequences: short films of one image, to see how steady a model's answer is.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/image.h"
#include "core/perturbation.h"
#include "core/random.h"

namespace misfire {

// One number of a sequence by published set: "224" (ImageNet-P) and "32" (CIFAR-10-P).
struct SequenceParameter {
    std::string name;
    std::string unit;  // "px", "degrees", "fraction" ...
    std::string meaning;
    bool scales_with_side = false;  // pixel units: above 224 px times shorter side / 224
    Parameter::Scale scale = Parameter::Scale::linear;
    std::map<std::string, std::vector<double>> published = {};  // one value, or one per difficulty
};

struct SequenceInfo {
    std::string name;     // slug
    int version = 1;      // part of the random key and of the journal's hashes: raise it when frames change
    std::string summary;  // one line
    std::string category;
    std::vector<std::string> groups;  // imagenet-p, cifar-p: names usable in `sequence:`
    int published_order = -1;         // groups are expanded in this order
    bool noise = false;  // each frame draws anew and is compared with the first, which is clean, and difficulty makes
                         // the noise stronger; otherwise a frame is compared with the one `difficulty` frames before it
    std::map<std::string, int> frames;  // published number of frames by set
    bool before_crop = false;  // moves the resized image before it is cropped, so that its borders come into view
    std::vector<SequenceParameter> parameters;
    std::string departs;  // how frames differ from the published ones; "" for the coding as film alone
    std::string reference;
};

// What a frame is made with.
struct FrameRequest {
    int frame = 0;       // from 0
    int difficulty = 1;  // 1 to 3
    int side = 0;        // px; shorter side that the model sees, which decides the parameters
};

class Sequence {
  public:
    virtual ~Sequence() = default;
    virtual const SequenceInfo& info() const = 0;
    // Writes a frame of the film of `in` to `out` (resized to the same shape by the callee; another object than `in`).
    // Pure in (in, request, random); thread-safe. `random` is the same for all frames of a sample; sequences of noise
    // draw frame i from stream i. Called through render_frame(), which checks the request.
    virtual void render(const Image& in, Image& out, const FrameRequest& request, const Random& random,
                        Scratch& scratch) const = 0;
};

}  // namespace misfire
