// How run, plan and validate read their arguments.
#pragma once

#include "harness/command_line.h"
#include "harness/setup.h"
#include "scenarios/scenario.h"

namespace misfire {

// The value of a positional or option that must be there. Throws UsageError with the synopsis.
std::string required(const Arguments& arguments, const std::string& name, const std::string& usage);

// The scenario named by the arguments with --set, --seed, --limit and --device applied.
Scenario scenario_from(const Arguments& arguments, const std::string& usage);

// set_up(), and on stderr what it had to leave out.
Setup set_up_and_say(Scenario scenario, const std::string& cell_filter);

std::string filter_from(const Arguments& arguments);

// --threads; 0 when not given. Throws UsageError outside 1..1024.
int threads_from(const Arguments& arguments);

}  // namespace misfire
