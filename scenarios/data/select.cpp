#include "scenarios/data/select.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <numeric>

#include "core/random.h"
#include "scenarios/data/digest.h"

namespace misfire {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The run of digits that begins at `at`, without leading zeros; moves `at` behind it.
std::string_view take_number(std::string_view text, std::size_t& at) {
    const std::size_t begin = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    std::string_view digits = text.substr(begin, at - begin);
    digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
    return digits;
}

// Samples per stratum: its share rounded down, the rest one by one to the largest remainders. Equal remainders are
// decided by a keyed hash of the label: with more labels than samples, low labels must not be favoured.
std::map<std::int64_t, std::size_t> share_out(const std::map<std::int64_t, std::vector<std::size_t>>& strata,
                                              std::size_t total, std::size_t limit, std::uint64_t seed) {
    struct Remainder {
        std::uint64_t size;
        std::uint64_t tie;
        std::int64_t label;
    };
    std::map<std::int64_t, std::size_t> shares;
    std::vector<Remainder> remainders;
    std::size_t given = 0;
    for (const auto& [label, members] : strata) {
        const std::uint64_t exact = static_cast<std::uint64_t>(members.size()) * limit;
        shares[label] = exact / total;
        given += exact / total;
        const std::uint64_t tie =
            KeyHash().add("misfire stratum").add(seed).add(static_cast<std::uint64_t>(label)).value();
        remainders.push_back({exact % total, tie, label});
    }
    std::sort(remainders.begin(), remainders.end(), [](const Remainder& a, const Remainder& b) {
        return a.size != b.size ? a.size > b.size : a.tie != b.tie ? a.tie < b.tie : a.label < b.label;
    });
    for (std::size_t i = 0; given < limit; ++i, ++given) ++shares[remainders[i].label];
    return shares;
}

void sort_by_id(const Dataset& data, std::vector<std::size_t>& indices) {
    std::sort(indices.begin(), indices.end(),
              [&](std::size_t a, std::size_t b) { return id_less(data.key(a).id, data.key(b).id); });
}

void add_text(Digest& digest, const std::string& text) { digest.add(std::to_string(text.size()) + ":" + text); }

void add_list(Digest& digest, const std::vector<std::string>& list) {
    digest.add(std::to_string(list.size()) + ";");
    for (const std::string& item : list) add_text(digest, item);
}

}  // namespace

bool id_less(std::string_view a, std::string_view b) {
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < a.size() && j < b.size()) {
        if (is_digit(a[i]) && is_digit(b[j])) {
            const std::string_view left = take_number(a, i);
            const std::string_view right = take_number(b, j);
            if (left.size() != right.size()) return left.size() < right.size();
            if (left != right) return left < right;
        } else if (a[i] != b[j]) {
            return static_cast<unsigned char>(a[i]) < static_cast<unsigned char>(b[j]);
        } else {
            ++i;
            ++j;
        }
    }
    if (i == a.size() && j == b.size()) return a < b;  // "01" and "1"
    return i == a.size();
}

std::vector<std::size_t> canonical_order(const Dataset& data) {
    std::vector<std::size_t> order(data.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    sort_by_id(data, order);
    return order;
}

std::vector<std::size_t> select_samples(const Dataset& data, std::size_t limit, std::uint64_t seed) {
    if (limit == 0 || limit >= data.size()) return canonical_order(data);
    std::map<std::int64_t, std::vector<std::size_t>> strata;
    std::vector<std::uint64_t> hashes(data.size());
    for (std::size_t i = 0; i < data.size(); ++i) {
        const SampleKey& key = data.key(i);
        strata[key.target.value_or(-1)].push_back(i);
        hashes[i] = KeyHash().add("misfire sample of the data").add(seed).add(key.id).value();
    }
    const auto shares = share_out(strata, data.size(), limit, seed);
    std::vector<std::size_t> chosen;
    for (auto& [label, members] : strata) {
        std::sort(members.begin(), members.end(), [&](std::size_t a, std::size_t b) {
            return hashes[a] != hashes[b] ? hashes[a] < hashes[b] : id_less(data.key(a).id, data.key(b).id);
        });
        chosen.insert(chosen.end(), members.begin(), members.begin() + static_cast<std::ptrdiff_t>(shares.at(label)));
    }
    sort_by_id(data, chosen);
    return chosen;
}

std::string manifest_sha256(const Dataset& data) {
    Digest digest(Digest::Kind::sha256);
    digest.add("misfire manifest 1;");
    add_list(digest, data.info().classes);
    add_list(digest, data.info().attributes);
    digest.add(std::to_string(data.size()) + ";");
    for (const std::size_t i : canonical_order(data)) {
        const SampleKey& key = data.key(i);
        add_text(digest, key.id);
        digest.add(key.target ? std::to_string(*key.target) + ";" : "none;");
        add_list(digest, key.attributes);
    }
    return digest.hex();
}

std::uint64_t pixels_digest(const Image& image) {
    KeyHash hash;
    for (const int side : {image.height, image.width, image.channels}) hash.add(static_cast<std::uint64_t>(side));
    // Eight bytes a step keep this below a microsecond per 32 x 32 image; KeyHash alone goes byte by byte.
    std::uint64_t state = hash.value();
    std::size_t i = 0;
    for (; i + sizeof state <= image.pixels.size(); i += sizeof state) {
        std::uint64_t word = 0;
        std::memcpy(&word, image.pixels.data() + i, sizeof word);
        state = (state ^ word) * 0x100000001B3ULL;
        state ^= state >> 32;
    }
    for (; i < image.pixels.size(); ++i) state = (state ^ image.pixels[i]) * 0x100000001B3ULL;
    return KeyHash().add(state).value();
}

}  // namespace misfire
