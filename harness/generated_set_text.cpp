#include "harness/generated_set_text.h"

#include <nlohmann/json.hpp>

namespace misfire {

std::string needs_text(const GeneratedSetInfo& info) {
    switch (info.needs) {
        case GeneratedSetInfo::Needs::nothing: return "nothing";
        case GeneratedSetInfo::Needs::image: return "one image";
        case GeneratedSetInfo::Needs::two_classes: return "images of two classes";
    }
    return "";
}

std::string generated_set_text(const GeneratedSetInfo& info) {
    return info.name + " (out-of-distribution set): " + info.summary + "\n\ndistance   " + name_of(info.distance) +
           (info.distance == GeneratedSetInfo::Distance::near ? ": made of the data itself" : ": made of draws alone") +
           "\nmade of    " + needs_text(info) + "\nseverity   above 0 to 5: " + info.severity_meaning +
           "\ndraws      follow from seed and sample id; the same at every severity\nreference  " + info.reference +
           "\n\nexample\n  shifts:\n    - ood: {sets: [{generated: " + info.name + "}], fractions: 0-1+0.25}\n";
}

nlohmann::json generated_set_json(const GeneratedSetInfo& info) {
    return {{"name", info.name},
            {"kind", "out-of-distribution set"},
            {"version", info.version},
            {"summary", info.summary},
            {"distance", name_of(info.distance)},
            {"needs", needs_text(info)},
            {"severity", info.severity_meaning},
            {"reference", info.reference}};
}

}  // namespace misfire
