#include "harness/change_tables.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "harness/terminal.h"

namespace misfire {

namespace {

std::string rounded(double value) {
    std::string text = fixed(value, 3);
    if (text.find('.') == std::string::npos) return text;
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
    return text;
}

}  // namespace

std::string effect_table(const std::vector<Effect>& effects) {
    if (effects.empty()) return "";
    TextTable table({"change", "moves", "realised effect, level by level", "which is"}, true);
    for (std::size_t i = 0; i < effects.size();) {
        const Effect& first = effects[i];
        std::string levels;
        for (; i < effects.size() && effects[i].shift == first.shift; ++i)
            levels += (levels.empty() ? "" : ", ") + effects[i].label + ": " + rounded(effects[i].effect);
        table.add({"  " + first.shift, first.moves, levels, first.meaning});
    }
    return table.text() + "\n";
}

std::string first_hit_table(const std::vector<GroupBreakingPoint>& points, const std::string& metric) {
    std::map<std::pair<std::string, std::string>, const GroupBreakingPoint*> first;
    std::vector<std::pair<std::string, std::string>> order;
    for (const GroupBreakingPoint& point : points) {
        if (point.point.metric != metric || point.point.censored || std::isnan(point.point.severity)) continue;
        const std::pair key(point.point.model, point.point.shift);
        const GroupBreakingPoint*& known = first[key];
        if (known == nullptr) order.push_back(key);
        if (known == nullptr || point.point.severity < known->point.severity) known = &point;
    }
    if (order.empty()) return "";
    TextTable table({"hit first (" + metric + ")", "shift", "group", "breaks at"}, true);
    for (const auto& key : order) {
        const GroupBreakingPoint& point = *first[key];
        table.add({"  " + key.first, key.second, point.group, fixed(point.point.severity, 2)});
    }
    return table.text() + "\n";
}

}  // namespace misfire
