// One function per verb; the table in harness/command_line.cpp puts them in order.
#pragma once

#include "harness/command_line.h"

namespace misfire {

Verb baseline_verb();
Verb check_verb();
Verb compare_verb();
Verb corrupt_verb();
Verb describe_verb();
Verb doctor_verb();
Verb explain_verb();
Verb gallery_verb();
Verb list_verb();
Verb plan_verb();
Verb portraits_verb();
Verb preview_verb();
Verb profile_verb();
Verb report_verb();
Verb resume_verb();
Verb run_verb();
Verb validate_verb();
Verb watch_verb();
Verb zoo_verb();

}  // namespace misfire
