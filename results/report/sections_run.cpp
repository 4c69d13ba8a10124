// Sections about the run itself: verdict, scenario, models' digests, environment, how to reproduce.
#include <algorithm>

#include "results/report/findings.h"
#include "results/report/markup.h"
#include "results/report/sections.h"

namespace misfire::report {

namespace {

constexpr std::size_t most_messages = 30;

std::string environment_value(const ReportInput& input, const char* name) {
    const auto found = input.summary.environment.find(name);
    return found == input.summary.environment.end() ? "" : found->second;
}

std::string failures_html(const RunResults& results) {
    HtmlTable failed("Cells that failed", {"cell", "reason"}, 2);
    std::size_t count = 0;
    for (const CellResult& cell : results.cells) {
        if (cell.status == Status::error && count++ < most_messages)
            failed.add({escaped(cell.cell), escaped(cell.message)});
    }
    HtmlTable unread("Inputs that could not be read; they count nowhere", {"sample", "cell", "reason"}, 3);
    for (std::size_t i = 0; i < std::min(results.bad_inputs.size(), most_messages); ++i) {
        const BadInput& bad = results.bad_inputs[i];
        unread.add({escaped(bad.id), escaped(bad.cell), escaped(bad.message)});
    }
    std::string html = (failed.empty() ? "" : failed.html()) + (unread.empty() ? "" : unread.html());
    if (count > most_messages || results.bad_inputs.size() > most_messages)
        html += "<p class=\"note\">The first " + std::to_string(most_messages) + "; results.h5 has all of them.</p>";
    return html;
}

std::string reproduce_html(const ReportInput& input) {
    const std::string command = environment_value(input, "command");
    std::string html = "<h3>To run this again</h3><p>";
    if (!command.empty()) html += "It was begun with</p><pre><code>" + escaped(command) + "</code></pre><p>";
    return html +
           "The text below is the whole scenario, every default spelled out: saved as <code>scenario.yaml</code>, "
           "<code>misfire run scenario.yaml</code> with seed " +
           std::to_string(input.summary.seed) +
           " repeats the run, the same pixels and the same draws, wherever models and data have the digests named "
           "here.</p>";
}

}  // namespace

std::string verdict_html(const ReportInput& input, const RunView& view) {
    const Verdict verdict = verdict_of(view);
    const char* state = verdict.state == State::complete    ? "good"
                        : verdict.state == State::undecided ? "unsure"
                                                            : "bad";
    std::string html = "<div class=\"verdict " + std::string(state) + "\" role=\"status\"><p class=\"word\">" +
                       escaped(verdict.text) + "</p>";
    if (view.metrics().empty()) html += "<p>The run holds no results yet.</p>";
    if (!verdict.findings.empty()) {
        html += "<ul>";
        for (const std::string& finding : verdict.findings) html += "<li>" + escaped(finding) + "</li>";
        html += "</ul>";
    }
    return html + "</div>\n" + failures_html(input.summary.results);
}

Section run_section(const ReportInput& input, const RunView&) {
    HtmlTable models("Models", {"model", "parameters", "task", "output", "classes", "file", "SHA-256"}, 7);
    for (const ModelInfo& model : input.summary.models) {
        models.add({escaped(model.name), grouped_number(model.parameters), escaped(model.task), name_of(model.output),
                    std::to_string(model.classes), escaped(model.path), "<code>" + escaped(model.sha256) + "</code>"});
    }
    HtmlTable environment("Environment", {"", ""}, 2);
    for (const auto& [name, value] : input.summary.environment) {
        if (name != "command") environment.add({escaped(name), "<code>" + escaped(value) + "</code>"});
    }
    double seconds = 0.0;
    for (const CellResult& cell : input.summary.results.cells) seconds += cell.seconds;
    environment.add({"work, summed over threads", shown(seconds, "") + " s"});
    return {"run", "The run",
            reproduce_html(input) + "<details open><summary>Scenario</summary><pre tabindex=\"0\"><code>" +
                escaped(input.summary.scenario) + "</code></pre></details>" + models.html() + environment.html()};
}

}  // namespace misfire::report
