// What `misfire corrupt` says at its end, as text or JSON on stdout.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/corrupt/corrupt_record.h"
#include "harness/corrupt/corrupt_run.h"

namespace misfire {

struct CorruptSummary {
    std::vector<std::string> perturbations;
    std::size_t cells = 0;
    std::uint64_t seed = 0;
};

// Both return the exit code: 3 when images could not be made.
int say_summary(const CorruptSummary& summary, const CorruptRecord& record, const CorruptOptions& options,
                double seconds);
int say_nothing_to_do(const CorruptSummary& summary, const CorruptRecord& record, const CorruptOptions& options);

}  // namespace misfire
