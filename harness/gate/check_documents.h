// The results of checks as people, pull requests and CI servers read them.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "results/run_results.h"

namespace misfire {

struct CheckDocument {
    std::string run;       // path, as given
    std::string baseline;  // "" without
    std::vector<std::string> notes;
    std::vector<CheckResult> results;
    std::size_t family = 0;  // statements that look at samples
    bool all = false;        // text: statements that hold, too, however many
};

struct CheckVerdict {
    int code = 0;      // exit code of the design
    std::string text;  // "2 of 14 checks breached"
};

// Breached beats undecided: 1, then 3, then 0; 4 where every statement was skipped. Statements of level warn are said
// and change nothing.
CheckVerdict verdict_of(const std::vector<CheckResult>& results);

std::string checks_text(const CheckDocument& document, bool colour);
std::string checks_markdown(const CheckDocument& document);  // fit for a comment on a pull request
std::string checks_json(const CheckDocument& document);
nlohmann::ordered_json checks_array(const std::vector<CheckResult>& results);  // what checks_json() has under "checks"
// A testcase per statement: failure where it is breached at level error, error where it cannot be decided, skipped
// where it is inconclusive, switched off or has no baseline. As Jenkins reads it.
std::string checks_junit(const CheckDocument& document);
std::string checks_github(const CheckDocument& document);  // workflow commands: one annotation a line

}  // namespace misfire
