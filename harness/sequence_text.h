// What `list` and `describe` say of a sequence.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/sequence.h"

namespace misfire {

std::string sequence_text(const SequenceInfo& info);
nlohmann::json sequence_json(const SequenceInfo& info);

// "the first frame", "the frame before": what a frame is compared with at difficulty 1.
std::string partner_text(const SequenceInfo& info);

}  // namespace misfire
