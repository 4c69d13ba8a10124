// What `misfire describe` says of changes of tables and of measured behaviour.
#pragma once

#include <cstdint>
#include <string>

#include "core/table_perturbation.h"
#include "scenarios/behaviour_profile.h"

namespace misfire {

void describe_family(const TablePerturbationInfo& info, bool json);
void describe_profile(const BehaviourProfile& profile, bool json);

// "2020-03-16" of days since 1970-01-01.
std::string day_text(std::int64_t day);

// First week in which a ratio (ratio, weekday_ratio, weekend_ratio) is lowest. Requires a week.
const ProfileWeek& lowest_of(const BehaviourProfile& profile, double ProfileWeek::*ratio);

}  // namespace misfire
