#include "harness/earlier_run.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/error.h"
#include "results/kept_columns.h"

namespace misfire {

namespace {

using Facts = std::map<std::string, std::string>;

Journal open_journal(const std::filesystem::path& folder) {
    const std::filesystem::path file = folder / "run.sqlite";
    if (!std::filesystem::exists(file))
        throw UsageError("--reuse " + folder.string() +
                         ": there is no run in it (no run.sqlite). Give the folder that `misfire run` named.");
    return Journal::open(file, Journal::Access::read_only);
}

void note(std::string& differs, const std::string& what) {
    if (differs.find(what) == std::string::npos) differs += (differs.empty() ? "" : "; ") + what;
}

// Facts that are the same in both, or what differs of the first that is not.
bool same_facts(const Facts& before, const Facts& now, const std::string& prefix, std::string& differs) {
    const auto keys = [&](const Facts& facts) {
        std::set<std::string> found;
        for (const auto& [key, value] : facts) {
            if (key.starts_with(prefix)) found.insert(key);
        }
        return found;
    };
    std::set<std::string> all = keys(before);
    all.merge(keys(now));
    for (const std::string& key : all) {
        const auto then = before.find(key), current = now.find(key);
        if (then != before.end() && current != now.end() && then->second == current->second) continue;
        const auto said = [](const auto& found, const auto& end) { return found == end ? "nothing" : found->second; };
        note(differs, key + " was " + said(then, before.end()) + ", is " + said(current, now.end()));
        return false;
    }
    return true;
}

bool same_model(const ModelInfo& a, const ModelInfo& b) {
    return a.sha256 == b.sha256 && a.output == b.output && a.classes == b.classes && a.geometry == b.geometry &&
           a.tensor == b.tensor && a.engine == b.engine && a.optimize == b.optimize && a.device == b.device &&
           a.fixed_batch == b.fixed_batch;
}

template <typename Named>
const Named* named(const std::vector<Named>& all, const std::string& name) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const Named& one) { return one.name == name; });
    return found == all.end() ? nullptr : &*found;
}

// What must be the same for any tile; "" where it is.
std::string difference_of_runs(const RunRecord& before, const RunRecord& now, const Setup& setup) {
    if (setup.data->table() != nullptr) return "the data is a table, which is always computed anew";
    if (!setup.scores.empty() || !before.scores.empty()) return "scores are fitted anew in every run";
    if (before.seed != now.seed)
        return "the seed was " + std::to_string(before.seed) + ", is " + std::to_string(now.seed);
    if (before.blocks != now.blocks) return "the blocks of samples are others (`block`, `limit` or data)";
    if (before.environment.at("batch") != now.environment.at("batch")) return "the micro-batch is another";
    return "";
}

}  // namespace

EarlierRun::EarlierRun(const std::filesystem::path& folder, const Setup& setup, const Facts& identity,
                       const Facts& machine)
    : setup_(setup), journal_(open_journal(folder)), columns_(kept_columns(setup.record)) {
    columns_.insert(setup.record.keep.begin(), setup.record.keep.end());
    const auto facts = [&](const char* key) {
        const std::optional<std::string> text = journal_.meta(key);
        if (!text) throw UsageError("--reuse " + folder.string() + ": the run in it was not completely begun.");
        return nlohmann::json::parse(*text).get<Facts>();
    };
    const Facts identity_before = facts("identity");
    const RunRecord before = run_record_from_json(journal_.meta("record").value_or(""));
    differs_ = difference_of_runs(before, setup.record, setup);
    if (!differs_.empty() || !same_facts(facts("machine"), machine, "", differs_) ||
        !same_facts(identity_before, identity, "data (", differs_))
        return;
    for (const PlannedCell& cell : setup.cells) {
        planned_[cell.name] = &cell;
        const ModelInfo& model = setup.record.models[cell.model];
        const ModelInfo* model_before = named(before.models, model.name);
        if (model_before == nullptr || !same_model(*model_before, model)) {
            note(differs_, "the model " + model.name + " is another");
            continue;
        }
        if (!cell.is_clean()) {
            const ShiftInfo& shift = setup.record.shifts[cell.shift];
            const ShiftInfo* shift_before = named(before.shifts, shift.name);
            if (shift_before == nullptr || shift_before->version != shift.version ||
                shift_before->parameter_set != shift.parameter_set) {
                note(differs_, "the shift " + shift.name + " is another");
                continue;
            }
        }
        cells_.insert(cell.name);
    }
    for (const BadInput& bad : journal_.bad_inputs()) bad_inputs_.emplace(bad.cell, bad);
}

bool EarlierRun::fits(const Outcomes& outcomes, const PlannedCell& cell, std::uint32_t block) const {
    const std::vector<std::uint32_t>& rows = setup_.record.blocks[block];
    if (outcomes.size() != rows.size()) return false;
    for (const std::string& column : columns_) {
        if (!outcomes.kept.contains(column)) return false;
    }
    const std::vector<std::int32_t>& targets = setup_.targets[cell.model].targets;
    for (std::size_t i = 0; i < rows.size() && !targets.empty(); ++i) {
        if (outcomes.counts(i) && outcomes.target[i] != targets[rows[i]]) return false;
    }
    return true;
}

bool EarlierRun::take_over(const std::string& cell, std::uint32_t block, const std::string& content, Journal& journal) {
    if (!cells_.contains(cell)) return false;
    if (journal_.block_digest(block) != content) {
        note(differs_, "the pixels of block " + std::to_string(block) + " are others");
        return false;
    }
    std::optional<TileRecord> tile = journal_.get(cell, block);
    if (!tile || tile->status != Status::ok || !fits(tile->outcomes, *planned_.at(cell), block)) return false;
    std::erase_if(tile->outcomes.kept, [&](const auto& column) { return !columns_.contains(column.first); });
    journal.put(cell, block, *tile);
    const std::string view = cell.substr(cell.find('/') + 1);
    const auto [first, last] = bad_inputs_.equal_range(view);
    for (auto bad = first; bad != last; ++bad) journal.put_bad_input(bad->second);
    ++taken_;
    return true;
}

}  // namespace misfire
