#include "harness/gate/run_checks.h"

#include <optional>

#include "harness/gate/check_documents.h"
#include "results/checks/evaluate_checks.h"
#include "results/checks/monitor_checks.h"
#include "results/results_file.h"

namespace misfire {

void require_sound_checks(const Setup& setup, const std::string& baseline) {
    if (!baseline.empty()) ResultsFile{baseline};
    statements_of(setup.scenario.checks, setup.record);
    require_monitors(setup.scenario.checks, setup.record);
}

std::vector<CheckResult> evaluate_run_checks(const Setup& setup, const std::filesystem::path& file,
                                             const std::string& baseline, int threads) {
    if (setup.scenario.checks.empty()) return {};
    const ResultsFile run(file);
    std::optional<ResultsFile> before;
    if (!baseline.empty()) before.emplace(baseline);
    return evaluate_checks(setup.scenario.checks, run, before ? &*before : nullptr, threads);
}

std::string run_checks_text(const Setup& setup, const RunResults& results, const std::string& run,
                            const std::string& baseline, bool colour) {
    if (results.checks.empty()) return "";
    CheckDocument document;
    document.run = run;
    document.baseline = baseline;
    document.results = results.checks;
    document.family = family_size(statements_of(setup.scenario.checks, setup.record), !baseline.empty());
    return "\nchecks\n" + checks_text(document, colour);
}

}  // namespace misfire
