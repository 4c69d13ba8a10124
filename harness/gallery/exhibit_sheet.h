// Exhibits as contact sheets: rows samples, columns levels, captions with answer and confidence (of each model).
#pragma once

#include <string>
#include <vector>

#include "harness/gallery/exhibit.h"
#include "harness/pictures/contact_sheet.h"

namespace misfire {

// Exhibits whose levels have the same labels share a grid. Pictures that several models saw are those of the first.
ContactSheet exhibit_sheet(const PastRun& run, const std::vector<AnswerPath>& paths, const Selection& selection,
                           const std::vector<Exhibit>& exhibits);

// One line under everything: run, data, seed, licence, version.
std::string gallery_footer(const PastRun& run);

}  // namespace misfire
