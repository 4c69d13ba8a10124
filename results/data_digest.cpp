#include "results/data_digest.h"

#include "core/digest.h"

namespace misfire {
namespace {

void add_text(Digest& digest, const std::string& text) { digest.add(std::to_string(text.size()) + ":").add(text); }

void add_list(Digest& digest, const std::vector<std::string>& list) {
    digest.add(std::to_string(list.size()) + ";");
    for (const std::string& text : list) add_text(digest, text);
}

}  // namespace

std::string data_sha256(const RunRecord& record) {
    Digest digest(Digest::Kind::sha256);
    digest.add("misfire samples 1;");
    add_list(digest, record.class_names);
    add_list(digest, record.attribute_names);
    add_list(digest, record.sample_ids);
    for (const std::int32_t target : record.targets) digest.add(std::to_string(target) + ";");
    for (const std::vector<std::string>& values : record.attributes) add_list(digest, values);
    return digest.hex();
}

}  // namespace misfire
