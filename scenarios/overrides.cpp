#include "scenarios/overrides.h"

#include <span>

#include "core/error.h"
#include "scenarios/scenario_shifts.h"

namespace misfire {

namespace {

using Keys = std::span<const std::string>;

bool is_place(const std::string& key) {
    return !key.empty() && key.find_first_not_of("0123456789") == std::string::npos && key.size() < 6;
}

class Override {
  public:
    Override(const std::string& assignment, const YAML::Node& value) : assignment_(assignment), value_(value) {}

    // A Node is a handle: it is never assigned to, which would overwrite what it stands for.
    void set(YAML::Node here, Keys keys) const {
        if (here.IsSequence()) return set_in_list(here, keys);
        if (here.IsScalar()) {
            throw UsageError("`--set " + assignment_ + "`: there is nothing named `" + keys.front() +
                             "` below the value `" + here.Scalar() + "`.");
        }
        go_on(here, keys.front(), keys);
    }

  private:
    void set_in_list(YAML::Node here, Keys keys) const {
        if (keys.front() == "*") {
            for (std::size_t i = 0; i < here.size(); ++i) go_on(here, i, keys);
            return;
        }
        if (!is_place(keys.front()) || std::stoul(keys.front()) > here.size()) {
            throw UsageError("`--set " + assignment_ + "`: `" + keys.front() + "` is no place in a list of " +
                             std::to_string(here.size()) +
                             "; items count from 0, the next number adds one, and * is "
                             "all of them.");
        }
        if (std::stoul(keys.front()) == here.size()) here.push_back(YAML::Node(YAML::NodeType::Null));
        go_on(here, std::stoul(keys.front()), keys);
    }

    template <typename Key>
    void go_on(YAML::Node here, const Key& key, Keys keys) const {
        if (keys.size() == 1)
            here[key] = YAML::Clone(value_);  // several places must not share one node
        else
            set(here[key], keys.subspan(1));
    }

    const std::string& assignment_;
    const YAML::Node& value_;
};

void collect(const YAML::Node& here, Keys keys, std::vector<YAML::Node>& found) {
    if (keys.empty() || !here.IsDefined()) {
        found.push_back(here);
    } else if (here.IsSequence() && keys.front() == "*") {
        for (const YAML::Node& item : here) collect(item, keys.subspan(1), found);
    } else if (here.IsSequence() && is_place(keys.front())) {
        collect(here[std::stoul(keys.front())], keys.subspan(1), found);
    } else if (here.IsMap()) {
        collect(here[keys.front()], keys.subspan(1), found);
    } else {
        found.emplace_back(YAML::NodeType::Undefined);
    }
}

}  // namespace

void override_key(const YAML::Node& root, const std::string& assignment) {
    const std::size_t equals = assignment.find('=');
    if (equals == std::string::npos || equals == 0) {
        throw UsageError("`--set " + assignment + "` has no value: write --set key=value, such as --set seed=3.");
    }
    YAML::Node value;
    try {
        value = YAML::Load(assignment.substr(equals + 1));
    } catch (const YAML::ParserException& error) {
        throw UsageError("The value in `--set " + assignment + "` is not valid YAML: " + error.msg + ".");
    }
    const std::vector<std::string> keys = split(assignment.substr(0, equals), '.');
    if (keys.empty()) throw UsageError("`--set " + assignment + "` names no key: write --set seed=3.");
    Override(assignment, value).set(root, keys);
}

std::vector<YAML::Node> nodes_at(const YAML::Node& root, const std::string& key) {
    std::vector<YAML::Node> found;
    collect(root, split(key, '.'), found);
    return found;
}

}  // namespace misfire
