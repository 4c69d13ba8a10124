#include "harness/verbs/describe_monitor.h"

#include <iostream>
#include <nlohmann/json.hpp>

#include "results/monitors/settings.h"

namespace misfire {

namespace {

nlohmann::json json_of(const MonitorInfo& info) {
    nlohmann::json out = {{"name", info.name},
                          {"summary", info.summary},
                          {"kind", name_of(info.kind)},
                          {"input", name_of(info.input)},
                          {"reference", name_of(info.reference)},
                          {"warns", info.warns},
                          {"guarantee", info.guarantee},
                          {"source", info.source},
                          {"parameters", nlohmann::json::array()}};
    for (const MonitorParameter& parameter : info.parameters) {
        out["parameters"].push_back({{"name", parameter.name},
                                     {"meaning", parameter.meaning},
                                     {"default", parameter.default_value},
                                     {"range", range_text(parameter)},
                                     {"choices", parameter.choices},
                                     {"only_with", parameter.belongs_to}});
    }
    return out;
}

const char* levels_of(const MonitorInfo& info) {
    if (info.kind == MonitorKind::estimate) return "estimates accuracy, never measures it";
    return info.warns ? "warning and alarm" : "alarm";
}

std::string example_of(const MonitorInfo& info) {
    const bool takes_reference = info.reference == MonitorReference::optional;
    return "\nexample\n  misfire watch stream.csv --column x --monitor " + info.name +
           (takes_reference ? " --reference 500\n" : "\n");
}

}  // namespace

void describe_monitor(const MonitorInfo& info, bool json) {
    if (json) {
        std::cout << json_of(info).dump(2) << "\n";
        return;
    }
    std::cout << info.name << ": " << info.summary << "\n\nkind       " << name_of(info.kind) << "\ninput      "
              << name_of(info.input) << "\nreference  " << name_of(info.reference) << "\nsays       " << levels_of(info)
              << "\nguarantee  " << (info.guarantee.empty() ? "none known" : info.guarantee) << "\nsource     "
              << info.source << "\n";
    if (!info.parameters.empty()) std::cout << "\nparameters\n";
    for (const MonitorParameter& parameter : info.parameters) {
        std::cout << "  " << parameter.name << " (default " << parameter.default_value << ", " << range_text(parameter)
                  << (parameter.belongs_to.empty() ? "" : ", only with " + parameter.belongs_to)
                  << "): " << parameter.meaning << "\n";
    }
    if (info.kind == MonitorKind::streaming) std::cout << example_of(info);
}

}  // namespace misfire
