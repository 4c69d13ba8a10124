#include "scenarios/shifts/ood_set.h"

#include <algorithm>
#include <utility>

#include "core/error.h"
#include "core/nearest_name.h"
#include "core/random.h"
#include "perturbations/ood/registry.h"
#include "scenarios/data/class_filter.h"
#include "scenarios/data/geometry.h"
#include "scenarios/data/select.h"
#include "scenarios/data/views.h"

namespace misfire {

namespace {

// Grey repeated, or colour reduced to the luma of ITU-R 601 as Pillow rounds it.
Image with_channels(const Image& in, int channels) {
    if (in.channels == channels) return in;
    Image out(in.height, in.width, channels);
    const std::size_t pixels = in.size() / static_cast<std::size_t>(in.channels);
    for (std::size_t i = 0; i < pixels; ++i) {
        if (in.channels == 1) {
            for (std::size_t c = 0; c < 3; ++c) out.pixels[3 * i + c] = in.pixels[i];
        } else {
            const std::uint8_t* rgb = in.pixels.data() + 3 * i;
            out.pixels[i] =
                static_cast<std::uint8_t>((19595U * rgb[0] + 38470U * rgb[1] + 7471U * rgb[2] + 32768U) >> 16);
        }
    }
    return out;
}

// Another image brought to what the model gets of `like`.
Image in_shape_of(const Image& like, const Image& image, const Geometry& geometry) {
    Image framed = with_channels(apply_geometry(image, geometry), like.channels);
    return framed.same_shape(like) ? framed : resize_bilinear(framed, like.height, like.width);
}

// As many samples of the set as the run can show, or all there are, in an order of their own.
std::vector<std::size_t> draw_samples(const Dataset& set, std::size_t most, std::uint64_t seed) {
    std::vector<std::pair<std::uint64_t, std::size_t>> order;
    for (std::size_t i = 0; i < set.size(); ++i)
        order.emplace_back(KeyHash().add("ood sample").add(seed).add(set.key(i).id).value(), i);
    std::sort(order.begin(), order.end());
    order.resize(std::min(order.size(), most));
    std::vector<std::size_t> samples;
    for (const auto& [key, i] : order) samples.push_back(i);
    return samples;
}

class FoundSet : public OodSource {
  public:
    FoundSet(std::unique_ptr<Dataset> set, std::size_t places, std::uint64_t seed)
        : set_(std::move(set)), drawn_(draw_samples(*set_, places, seed)), sorted_(drawn_) {
        std::sort(sorted_.begin(), sorted_.end(),
                  [&](std::size_t a, std::size_t b) { return id_less(set_->key(a).id, set_->key(b).id); });
        std::vector<std::int64_t> row_of(set_->size(), -1);
        for (std::size_t row = 0; row < sorted_.size(); ++row) row_of[sorted_[row]] = static_cast<std::int64_t>(row);
        for (const std::size_t i : drawn_) rows_.push_back(row_of[i]);
        KeyHash digest;
        for (const std::size_t i : sorted_) {
            const MemoryView::Entry entry = read_entry(*set_, i);
            images_.push_back({set_->key(i).id, entry.bad.empty() ? pixels_digest(entry.sample.image) : 0});
            digest.add(images_.back().id).add(images_.back().digest);
        }
        digest_ = digest.value();
    }

    std::string version() const override { return set_->info().name + " " + std::to_string(digest_); }
    std::vector<std::string> ids() const override {
        std::vector<std::string> ids;
        for (const OodImage& image : images_) ids.push_back(image.id);
        return ids;
    }
    std::vector<OodImage> images() const override { return images_; }
    std::int64_t ood_row(std::size_t place) const override { return rows_[place % rows_.size()]; }
    Image image(std::size_t place, const Sample& clean, double, const ShiftContext& context) const override {
        return in_shape_of(clean.image, set_->at(drawn_[place % drawn_.size()]).image, context.geometry);
    }

  private:
    std::unique_ptr<Dataset> set_;
    std::vector<std::size_t> drawn_;   // in the order in which places turn
    std::vector<std::size_t> sorted_;  // the same by id
    std::vector<std::int64_t> rows_;   // place in sorted_ of each entry of drawn_
    std::vector<OodImage> images_;     // as sorted_
    std::uint64_t digest_ = 0;
};

class MadeSet : public OodSource {
  public:
    MadeSet(const GeneratedSet& set, const Dataset& data, std::uint64_t seed)
        : set_(set), data_(data), all_(canonical_order(data)), seed_(seed) {}

    std::string version() const override { return set_.info().name + ":" + std::to_string(set_.info().version); }
    std::int64_t ood_row(std::size_t) const override { return -1; }
    Image image(std::size_t, const Sample& clean, double severity, const ShiftContext& context) const override {
        thread_local Scratch scratch;
        Image other, out;
        GeneratedSetInput input{clean.image};
        if (set_.info().needs == GeneratedSetInfo::Needs::two_classes) {
            other = in_shape_of(clean.image, data_.at(partner_of(clean.key)).image, context.geometry);
            input.other = &other;
        }
        generate(set_, input, severity, seed_, clean.key.id, out, scratch);
        return out;
    }

  private:
    // A sample of another class, in the run or not; of data without labels, or of one class only, another sample.
    std::size_t partner_of(const SampleKey& key) const {
        const Random random(KeyHash().add("ood partner").add(seed_).add(set_.info().name).add(key.id).value());
        const auto fits = [&](std::size_t i, bool any_class) {
            const SampleKey& other = data_.key(i);
            return any_class ? other.id != key.id : key.target && other.target && *other.target != *key.target;
        };
        const auto count = static_cast<std::int32_t>(all_.size());
        std::int32_t first = 0;
        random.integers({&first, 1}, 0, count, 0);
        for (const bool any_class : {false, true}) {
            for (std::int32_t step = 0; step < count; ++step) {
                const std::size_t i = all_[static_cast<std::size_t>((first + step) % count)];
                if (fits(i, any_class)) return i;
            }
        }
        throw DataError("The set `" + set_.info().name +
                        "` puts two images together, and the run has only one sample (" + key.id +
                        "). Take a larger `limit`.");
    }

    const GeneratedSet& set_;
    const Dataset& data_;
    std::vector<std::size_t> all_;
    std::uint64_t seed_;
};

std::unique_ptr<Dataset> open_found(const OodSet& set) {
    std::unique_ptr<Dataset> found = open_data(set.data);
    if (found->table() != nullptr)
        throw DataError("The set `" + set.name + "` is a table; out-of-distribution sets are images.");
    if (set.kind == OodSet::Kind::held_out) return only_classes(std::move(found), set.held_out);
    if (!set.only.empty()) found = only_classes(std::move(found), set.only);
    if (!set.without.empty()) found = without_classes(std::move(found), set.without);
    return found;
}

}  // namespace

std::unique_ptr<OodSource> open_ood_set(const OodSet& set, const Dataset& data, const std::vector<std::size_t>& order,
                                        std::uint64_t seed) {
    if (set.kind == OodSet::Kind::generated) {
        if (const GeneratedSet* generator = find_generated_set(set.generator))
            return std::make_unique<MadeSet>(*generator, data, seed);
        throw UsageError("There is no generated set `" + set.generator + "`." +
                         did_you_mean(set.generator, expand_generated_group("all")));
    }
    std::unique_ptr<Dataset> found = open_found(set);
    if (found->size() == 0)
        throw DataError("The out-of-distribution set `" + set.name +
                        "` holds no images. Check its path, `only` and `without`.");
    return std::make_unique<FoundSet>(std::move(found), order.size(), seed);
}

}  // namespace misfire
