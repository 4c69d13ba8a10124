#include "scenarios/scenario_perturb.h"

#include <algorithm>
#include <utility>

#include "core/error.h"
#include "core/nearest_name.h"
#include "perturbations/registry.h"
#include "perturbations/table/registry.h"
#include "scenarios/scenario.h"
#include "scenarios/scenario_shifts.h"
#include "scenarios/severities.h"

namespace misfire {

namespace {

bool is_group(const std::string& name) {
    const std::vector<std::string> groups = perturbation_groups();
    return find_perturbation(name) == nullptr && std::find(groups.begin(), groups.end(), name) != groups.end();
}

// What the names below one `perturb:` have in common.
class PerturbReader {
  public:
    PerturbReader(const YamlReader& node, const std::filesystem::path& folder, std::vector<std::string>& notes)
        : node_(node), notes_(notes) {
        if (!node.has("options")) return;
        const YamlReader table = node.at("options");
        if (!table.is_map()) table.fail("a mapping of option to value is expected here.");
        for (const std::string& key : table.keys()) options_[key] = table.at(key).text();
        for (const PerturbationEntry& entry : perturbations()) {
            for (const Option& option : entry.info().options) {
                const auto given = options_.find(option.name);
                if (option.is_path && given != options_.end()) given->second = absolute_path(given->second, folder);
            }
        }
    }

    std::vector<PerturbSpec> read() {
        std::vector<PerturbSpec> specs;
        for (const YamlReader& item : node_.at("perturb").items()) add(item, specs);
        for (const auto& [key, value] : options_) refuse_unknown_option(key);
        return specs;
    }

  private:
    // A group gives a shift for each of its members, everything else one shift.
    void add(const YamlReader& item, std::vector<PerturbSpec>& specs) {
        if (item.is_map()) {
            item.allow({"any_of", "chain"});
            if (item.has("any_of") == item.has("chain")) item.fail("give one of `any_of` and `chain`.");
            specs.push_back(item.has("any_of") ? read_chain({item}) : read_chain(item.at("chain").items()));
        } else if (const std::string text = item.text(); is_group(text)) {
            for (const std::string& name : expand_group(text, options_)) specs.push_back(spec_of(chain_of(item, name)));
            for (const std::string& name : left_out_of_group(text, options_)) {
                notes_.push_back("`" + text + "` goes without `" + name +
                                 "`, which lacks an option it requires; see misfire describe " + name);
            }
        } else {
            specs.push_back(spec_of(chain_of(item, text)));
        }
    }

    PerturbSpec spec_of(const UnitChain& chain) const {
        PerturbSpec spec;
        append(spec, chain);
        return spec;
    }

    static void append(PerturbSpec& spec, const UnitChain& chain) {
        for (const auto& [name, options] : chain) {
            spec.name += (spec.name.empty() ? "" : "+") + name;
            spec.chain.push_back(plain_step(name, options));
        }
    }

    PerturbSpec read_chain(const std::vector<YamlReader>& items) {
        PerturbSpec spec;
        for (const YamlReader& item : items) {
            if (!item.is_map()) {
                if (is_group(item.text())) {
                    item.fail("the group `" + item.text() + "` is no single perturbation: write {any_of: [" +
                              item.text() + "]} to draw one of its members for each sample.");
                }
                append(spec, chain_of(item, item.text()));
                continue;
            }
            item.allow({"any_of"});
            spec.name += spec.name.empty() ? "any_of" : "+any_of";
            spec.chain.push_back(read_choices(item.at("any_of"), spec.name));
        }
        if (spec.chain.empty()) node_.at("perturb").fail("this chain is empty: name at least one perturbation.");
        return spec;
    }

    PerturbStep read_choices(const YamlReader& list, std::string& name) {
        PerturbStep step;
        for (const YamlReader& item : list.items()) {
            const std::string text = item.text();
            name += "." + text;
            const std::vector<std::string> members =
                is_group(text) ? expand_group(text, options_) : std::vector<std::string>{text};
            for (const std::string& member : members) {
                step.choices.push_back(chain_of(item, member));
                step.names.push_back(member);
            }
        }
        if (step.choices.size() < 2) list.fail("`any_of` draws one of several: give at least two, or a group.");
        return step;
    }

    // "fog", "fog+jpeg_compression"
    UnitChain chain_of(const YamlReader& item, const std::string& text) {
        UnitChain chain;
        for (const std::string& name : split(text, '+')) {
            const PerturbationEntry* entry = find_perturbation(name);
            if (entry == nullptr) {
                std::vector<std::string> known = perturbation_groups();
                for (const PerturbationEntry& other : perturbations()) known.push_back(other.info().name);
                // A slip in the name of a change of tables ends up here, too.
                for (const std::string& other : table_perturbation_groups()) known.push_back(other);
                for (const TablePerturbationEntry& other : table_perturbations()) known.push_back(other.info().name);
                item.fail("there is no perturbation or group `" + name + "`." + did_you_mean(name, known) +
                          " `misfire list perturbations` shows all.");
            }
            chain.emplace_back(name, options_of(entry->info()));
        }
        return chain;
    }

    // Those not given at their defaults, so that the effective scenario spells them out.
    Options options_of(const PerturbationInfo& info) {
        Options own;
        for (const Option& option : info.options) {
            const auto found = options_.find(option.name);
            own[option.name] = found == options_.end() ? option.default_value : found->second;
            known_options_.push_back(option.name);
        }
        return own;
    }

    void refuse_unknown_option(const std::string& key) {
        std::sort(known_options_.begin(), known_options_.end());
        known_options_.erase(std::unique(known_options_.begin(), known_options_.end()), known_options_.end());
        if (std::find(known_options_.begin(), known_options_.end(), key) != known_options_.end()) return;
        node_.at("options").fail(
            "no perturbation named here has an option `" + key + "`." +
            (known_options_.empty() ? std::string(" They have none.") : did_you_mean(key, known_options_)));
    }

    const YamlReader& node_;
    std::vector<std::string>& notes_;
    Options options_;
    std::vector<std::string> known_options_;  // of the units named so far
};

void refuse_severities_beyond(const YamlReader& node, const PerturbSpec& spec, double severity) {
    for (const PerturbStep& step : spec.chain) {
        for (const UnitChain& choice : step.choices) {
            for (const auto& [name, options] : choice) {
                const double limit = find_perturbation(name)->info().max_severity;
                if (severity <= limit) continue;
                node.at("severities")
                    .fail("severity " + level_label(severity) + " is beyond the maximum of " + name + ", which is " +
                          level_label(limit) + ".");
            }
        }
    }
}

SeverityDraw read_severity_draw(const YamlReader& node) {
    SeverityDraw draw;
    if (node.is_scalar()) {
        if (node.choice({"level", "up_to"}) == "up_to") draw.kind = SeverityDraw::Kind::up_to;
        return draw;
    }
    node.allow({"uniform", "normal"});
    if (node.has("uniform") == node.has("normal")) node.fail("give one of `uniform` and `normal`, with its width.");
    draw.kind = node.has("uniform") ? SeverityDraw::Kind::uniform : SeverityDraw::Kind::normal;
    draw.width = node.at(node.has("uniform") ? "uniform" : "normal").number();
    if (!(draw.width > 0.0 && draw.width <= 5.0))
        node.fail("a width of " + level_label(draw.width) + " severities is outside (0, 5]: give something like 0.5.");
    return draw;
}

}  // namespace

std::vector<PerturbSpec> read_perturb(const YamlReader& node, const std::filesystem::path& folder,
                                      std::vector<std::string>& notes) {
    node.allow({"perturb", "severities", "options", "name", "independent_levels", "severity_draw", "strict"});
    const std::vector<double> severities =
        node.has("severities") ? read_severities(node.at("severities")) : parse_sweep("0-5");
    if (severities.back() == 0.0)
        node.at("severities").fail("there is no level above 0 (the clean data): give some, such as 0-5.");
    std::vector<PerturbSpec> specs = PerturbReader(node, folder, notes).read();
    if (node.has("name") && specs.size() != 1)
        node.at("name").fail("names one shift, but `perturb` gives " + std::to_string(specs.size()) + ".");
    for (PerturbSpec& spec : specs) {
        refuse_severities_beyond(node, spec, severities.back());
        for (const double severity : severities) {
            if (severity > 0.0) spec.severities.push_back(severity);
        }
        if (node.has("independent_levels")) spec.independent_levels = node.at("independent_levels").boolean();
        if (node.has("strict")) spec.strict = node.at("strict").boolean();
        if (node.has("severity_draw")) spec.severity_draw = read_severity_draw(node.at("severity_draw"));
        if (const std::string draw = name_of(spec.severity_draw); !draw.empty()) spec.name += "." + draw;
        if (node.has("name")) spec.name = node.at("name").text();
        if (!is_slug(spec.name))
            node.at("name").fail("`" + spec.name + "` cannot be a name: use letters, digits and . _ + - only.");
        try {
            make_perturb_shift(spec, 0);
        } catch (const Error& error) {
            node.fail(error.what());
        }
    }
    return specs;
}

}  // namespace misfire
