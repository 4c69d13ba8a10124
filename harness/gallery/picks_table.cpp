#include "harness/gallery/picks_table.h"

#include <cmath>
#include <cstdio>

#include "core/digest.h"
#include "harness/version.h"

namespace misfire {

namespace {

constexpr const char* head =
    "selection,rank,sample,target,model,model_sha256,shift,level,cell,answer,confidence,correct,breaks_after,breaks_"
    "before,"
    "refined,why,picture,picture_sha256,seen_by_model,data,licence,seed,parameter_set,shift_version,run_id,misfire_"
    "version\n";

std::string quoted(const std::string& text) {
    if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
    std::string out = "\"";
    for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + "\"";
}

std::string number(double value) {
    if (!std::isfinite(value)) return "";
    char text[32];
    std::snprintf(text, sizeof text, "%.6g", value);
    return text;
}

}  // namespace

void PicksTable::add(const Selection& selection, std::size_t rank, const AnswerPath& path, const Pick& pick,
                     const Still& still, bool refined, const std::string& file, bool seen) {
    const RunRecord& record = run_.results().record();
    std::string parameter_set, shift_version;
    for (const ShiftInfo& shift : record.shifts) {
        if (shift.name == path.shift) parameter_set = shift.parameter_set, shift_version = shift.version;
    }
    std::string cell;  // none for a severity that the run did not have
    for (std::size_t level = 0; level < path.labels.size(); ++level) {
        if (path.labels[level] == still.label) cell = path.cells[level];
    }
    const std::vector<std::string> cells = {
        selection.name,
        std::to_string(rank),
        run_.sample_ids()[pick.sample],
        run_.target_name(pick.sample),
        run_.models()[path.model],
        record.models[path.model].sha256,
        path.shift,
        still.label,
        cell,
        seen ? run_.answer_name(path.model, still.answer.prediction) : "",
        seen ? number(static_cast<double>(still.answer.confidence)) : "",
        seen ? std::to_string(still.answer.correct) : "",
        number(pick.below),
        number(pick.above),
        refined ? "1" : "0",
        pick.why,
        file,
        Digest(Digest::Kind::sha256).add(std::span<const std::uint8_t>(still.image.pixels)).hex(),
        seen ? "1" : "0",
        run_.data().info().name,
        run_.data().info().licence,
        std::to_string(record.seed),
        parameter_set,
        shift_version,
        record.run_id,
        version()};
    for (std::size_t c = 0; c < cells.size(); ++c) rows_ += (c == 0 ? "" : ",") + quoted(cells[c]);
    rows_ += "\n";
}

std::string PicksTable::csv() const { return head + rows_; }

}  // namespace misfire
