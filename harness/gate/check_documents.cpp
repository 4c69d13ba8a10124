#include "harness/gate/check_documents.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/command_line.h"
#include "harness/gate/comparison_documents.h"
#include "harness/terminal.h"
#include "results/checks/evaluate_checks.h"

namespace misfire {
namespace {

using Outcome = CheckResult::Outcome;
using Json = nlohmann::ordered_json;

constexpr std::size_t listed_in_full = 30;  // statements that hold are shown one by one up to this many

Json number_json(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

bool is_breach(const CheckResult& result) {
    return result.outcome == Outcome::breached && result.on_breach == CheckLevel::error;
}

bool is_undecided(const CheckResult& result) {
    if (result.outcome == Outcome::undecidable) return result.on_breach == CheckLevel::error;
    return result.outcome == Outcome::inconclusive && result.on_inconclusive == CheckLevel::error;
}

std::size_t count(const std::vector<CheckResult>& results, Outcome outcome) {
    return static_cast<std::size_t>(std::count_if(
        results.begin(), results.end(), [&](const CheckResult& result) { return result.outcome == outcome; }));
}

// "warning: breached" where it does not count.
std::string word_of(const CheckResult& result) {
    const std::string word = name_of(result.outcome);
    const bool warns = (result.outcome == Outcome::breached || result.outcome == Outcome::undecidable)
                           ? result.on_breach == CheckLevel::warn
                           : result.outcome == Outcome::inconclusive && result.on_inconclusive != CheckLevel::error;
    return warns ? word + " (warning)" : word;
}

std::string value_text(const CheckResult& result) {
    if (std::isnan(result.value)) return "-";
    const bool relative = result.limit_kind == "max_regression";
    std::string text = relative ? signed_text(result.value) : number_text(result.value);
    if (std::isnan(result.low)) return text;
    const auto end = [&](double value) { return relative ? signed_text(value) : number_text(value); };
    return text + " [" + end(result.low) + ", " + end(result.high) + "]";
}

// Worst first: what a reader must act on.
std::vector<const CheckResult*> by_weight(const std::vector<CheckResult>& results) {
    std::vector<const CheckResult*> order;
    for (const CheckResult& result : results) order.push_back(&result);
    const auto weight = [](const CheckResult* result) {
        return is_breach(*result)                                                                    ? 0
               : is_undecided(*result)                                                               ? 1
               : result->outcome == Outcome::breached                                                ? 2
               : result->outcome == Outcome::inconclusive || result->outcome == Outcome::undecidable ? 3
               : result->outcome == Outcome::holds                                                   ? 4
                                                                                                     : 5;
    };
    std::stable_sort(order.begin(), order.end(),
                     [&](const CheckResult* a, const CheckResult* b) { return weight(a) < weight(b); });
    return order;
}

std::string level_sentence(const CheckDocument& document) {
    if (document.family == 0) return "";
    char percent[32];
    std::snprintf(percent, sizeof percent, "%.4g", 100.0 * gate_level / static_cast<double>(document.family));
    return "Breached: the whole interval lies beyond the limit. Intervals leave out " + std::string(percent) +
           " % at each end, so that chance makes any of the " + grouped(document.family) +
           (document.family == 1 ? " statement" : " statements") +
           " red in at most 1 % of runs whose values lie at the limits.";
}

std::string recommendation(const CheckDocument& document) {
    std::string shifts;
    for (const CheckResult& result : document.results) {
        const std::string option = " --shift " + shell_quoted(result.shift);
        if (!is_breach(result) || result.limit_kind != "max_regression" || result.shift.empty()) continue;
        if (shifts.find(option) == std::string::npos) shifts += option;
    }
    if (shifts.empty() || document.baseline.empty()) return "";
    return "To see what changed: misfire compare " + shell_quoted(document.baseline) + " " +
           shell_quoted(document.run) + shifts;
}

std::string xml_escaped(const std::string& text) {
    std::string clean;
    for (const char c : html_escaped(text)) {
        const auto code = static_cast<unsigned char>(c);
        clean += code < 0x20 && c != '\n' && c != '\t' ? ' ' : c;  // XML 1.0 knows no other control characters
    }
    return clean;
}

// Of GitHub's workflow commands: data, and properties besides.
std::string github_escaped(const std::string& text, bool property) {
    std::string out;
    for (const char c : text) {
        if (c == '%')
            out += "%25";
        else if (c == '\n')
            out += "%0A";
        else if (c == '\r')
            out += "%0D";
        else if (property && c == ':')
            out += "%3A";
        else if (property && c == ',')
            out += "%2C";
        else
            out += c;
    }
    return out;
}

}  // namespace

CheckVerdict verdict_of(const std::vector<CheckResult>& results) {
    const auto breaches = static_cast<std::size_t>(std::count_if(results.begin(), results.end(), is_breach));
    const auto undecided = static_cast<std::size_t>(std::count_if(results.begin(), results.end(), is_undecided));
    const std::size_t skipped = count(results, Outcome::skipped);
    const std::size_t warnings = count(results, Outcome::breached) + count(results, Outcome::inconclusive) +
                                 count(results, Outcome::undecidable) - breaches - undecided;
    const std::string all = grouped(results.size()) + (results.size() == 1 ? " check" : " checks");
    std::string rest;
    if (warnings > 0) rest += ", " + grouped(warnings) + (warnings == 1 ? " warning" : " warnings");
    if (skipped > 0) rest += ", " + grouped(skipped) + " skipped";
    if (breaches > 0) {
        if (undecided > 0) rest = ", " + grouped(undecided) + " undecided" + rest;
        return {exit_breached, grouped(breaches) + " of " + all + " breached" + rest};
    }
    if (undecided > 0) return {exit_undecided, grouped(undecided) + " of " + all + " undecided" + rest};
    if (skipped == results.size()) return {exit_nothing_selected, "none of " + all + " could be made: all skipped"};
    const std::size_t holding = count(results, Outcome::holds);
    return {exit_fine, grouped(holding) + (holding == 1 ? " check holds" : " checks hold") + rest};
}

std::string checks_text(const CheckDocument& document, bool colour) {
    const bool full = document.all || document.results.size() <= listed_in_full;
    TextTable table({"check", "value", "result"});
    std::string details;
    std::set<std::string> said;
    for (const CheckResult* result : by_weight(document.results)) {
        if (!full && (result->outcome == Outcome::holds || result->outcome == Outcome::skipped)) continue;
        table.add({result->name, value_text(*result), word_of(*result)});
        if (result->outcome == Outcome::skipped && said.insert(result->message).second)
            details += "  skipped: " + result->message + "\n";
        else if (result->outcome != Outcome::holds && result->outcome != Outcome::skipped)
            details += "  " + result->name + ": " + result->message + "\n";
    }
    std::string text = table.empty() ? "" : table.text();
    if (colour) {
        for (const auto& [word, code] : {std::pair{"breached\n", "\x1b[31m"}, std::pair{"inconclusive\n", "\x1b[33m"},
                                         std::pair{"undecidable\n", "\x1b[33m"}, std::pair{"holds\n", "\x1b[32m"}}) {
            const std::string plain = word;
            const std::string coloured = code + plain.substr(0, plain.size() - 1) + "\x1b[0m\n";
            for (std::size_t at = 0; (at = text.find(plain, at)) != std::string::npos; at += coloured.size())
                text.replace(at, plain.size(), coloured);
        }
    }
    std::string out;
    for (const std::string& note : document.notes) out += "NOTE      " + note + "\n";
    out += text + (text.empty() ? "" : "\n") + details + (details.empty() ? "" : "\n");
    out += "verdict   " + verdict_of(document.results).text + "\n";
    if (const std::string sentence = level_sentence(document); !sentence.empty()) out += sentence + "\n";
    if (const std::string next = recommendation(document); !next.empty()) out += next + "\n";
    return out;
}

std::string checks_markdown(const CheckDocument& document) {
    const CheckVerdict verdict = verdict_of(document.results);
    const char* sign = verdict.code == exit_fine ? "✅" : verdict.code == exit_breached ? "❌" : "⚠️";
    std::string out = std::string("### ") + sign + " misfire: " + verdict.text + "\n\n";
    for (const std::string& note : document.notes) out += "> **Note:** " + markdown_cell(note) + "\n";
    if (!document.notes.empty()) out += "\n";
    std::string rows;
    std::size_t holding = 0;
    constexpr std::size_t most_rows = 200;  // a comment on GitHub may have 65,536 characters
    std::size_t shown = 0;
    for (const CheckResult* result : by_weight(document.results)) {
        if (result->outcome == Outcome::holds || result->outcome == Outcome::skipped) {
            holding += result->outcome == Outcome::holds ? 1U : 0U;
            continue;
        }
        if (++shown > most_rows) continue;
        rows += "| " + markdown_cell(result->name) + " | " + markdown_cell(value_text(*result)) + " | " +
                word_of(*result) + " | " + markdown_cell(result->message) + " |\n";
    }
    if (!rows.empty()) out += "| check | value | result | why |\n| --- | ---: | --- | --- |\n" + rows + "\n";
    if (shown > most_rows) out += "... and " + grouped(shown - most_rows) + " more.\n\n";
    if (holding > 0) {
        out += "<details><summary>" + grouped(holding) + (holding == 1 ? " check holds" : " checks hold") +
               "</summary>\n\n| check | value |\n| --- | ---: |\n";
        std::size_t listed = 0;
        for (const CheckResult& result : document.results) {
            if (result.outcome != Outcome::holds || ++listed > most_rows) continue;
            out += "| " + markdown_cell(result.name) + " | " + markdown_cell(value_text(result)) + " |\n";
        }
        if (listed > most_rows) out += "\n... and " + grouped(listed - most_rows) + " more.\n";
        out += "\n</details>\n\n";
    }
    const std::string sentence = level_sentence(document);
    if (!sentence.empty()) out += "<sub>" + sentence + "</sub>\n";
    if (const std::string next = recommendation(document); !next.empty())
        out += "\n" + next.substr(0, next.find(": ")) + ":\n\n```sh\n" + next.substr(next.find(": ") + 2) + "\n```\n";
    return out;
}

nlohmann::ordered_json checks_array(const std::vector<CheckResult>& results) {
    Json array = Json::array();
    for (const CheckResult& result : results) {
        array.push_back({{"check", result.check},
                         {"name", result.name},
                         {"model", result.model},
                         {"shift", result.shift},
                         {"label", result.label},
                         {"metric", result.metric},
                         {"group", result.group},
                         {"limit_kind", result.limit_kind},
                         {"limit", result.limit},
                         {"value", number_json(result.value)},
                         {"low", number_json(result.low)},
                         {"high", number_json(result.high)},
                         {"now", number_json(result.now)},
                         {"baseline", number_json(result.baseline)},
                         {"n", result.n},
                         {"on_breach", name_of(result.on_breach)},
                         {"on_inconclusive", name_of(result.on_inconclusive)},
                         {"outcome", name_of(result.outcome)},
                         {"samples_needed", result.samples_needed},
                         {"message", result.message}});
    }
    return array;
}

std::string checks_json(const CheckDocument& document) {
    const CheckVerdict verdict = verdict_of(document.results);
    Json out = {{"run", document.run},      {"baseline", document.baseline},
                {"verdict", verdict.text},  {"exit_code", verdict.code},
                {"notes", document.notes},  {"family", document.family},
                {"gate_level", gate_level}, {"checks", checks_array(document.results)}};
    return out.dump(2) + "\n";
}

std::string checks_junit(const CheckDocument& document) {
    const auto tests = std::to_string(document.results.size());
    std::size_t failures = 0, errors = 0, skipped = 0;
    std::string cases;
    for (const CheckResult& result : document.results) {
        cases += "    <testcase classname=\"misfire." + xml_escaped(result.model) + "\" name=\"" +
                 xml_escaped(result.name) + "\" time=\"0\">";
        const std::string attributes =
            " message=\"" + xml_escaped(result.message) + "\" type=\"" + name_of(result.outcome) + "\"";
        const std::string text = xml_escaped(result.check);
        if (is_breach(result)) {
            ++failures;
            cases += "<failure" + attributes + ">" + text + "</failure>";
        } else if (result.outcome == Outcome::undecidable && result.on_breach == CheckLevel::error) {
            ++errors;
            cases += "<error" + attributes + ">" + text + "</error>";
        } else if (result.outcome == Outcome::inconclusive || result.outcome == Outcome::skipped) {
            ++skipped;
            cases += "<skipped" + attributes + "/>";
        } else {
            cases += "<system-out>" + xml_escaped(word_of(result) + ": " + result.message) + "</system-out>";
        }
        cases += "</testcase>\n";
    }
    const std::string counts = " tests=\"" + tests + "\" failures=\"" + std::to_string(failures) + "\" errors=\"" +
                               std::to_string(errors) + "\"";
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"misfire\"" + counts +
           ">\n  <testsuite name=\"" + xml_escaped("misfire check " + document.run) + "\"" + counts + " skipped=\"" +
           std::to_string(skipped) + "\" time=\"0\">\n" + cases + "  </testsuite>\n</testsuites>\n";
}

std::string checks_github(const CheckDocument& document) {
    std::string out;
    for (const CheckResult* result : by_weight(document.results)) {
        if (result->outcome == Outcome::holds || result->outcome == Outcome::skipped) continue;
        const char* command = is_breach(*result) || (result->outcome == Outcome::undecidable && is_undecided(*result))
                                  ? "error"
                                  : "warning";
        out += std::string("::") + command + " title=" + github_escaped("misfire: " + result->name, true) +
               "::" + github_escaped(word_of(*result) + ": " + result->message, false) + "\n";
    }
    const CheckVerdict verdict = verdict_of(document.results);
    return out + "::notice title=misfire::" + github_escaped(verdict.text, false) + "\n";
}

}  // namespace misfire
