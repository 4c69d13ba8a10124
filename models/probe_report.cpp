#include <algorithm>
#include <cstdio>

#include "models/probe.h"

namespace misfire {

namespace {

std::string grouped(std::int64_t number) {
    std::string digits = std::to_string(number);
    for (std::size_t place = digits.size(); place > 3;) {
        place -= 3;
        digits.insert(place, ",");
    }
    return digits;
}

std::string short_number(double number) {
    char text[32];
    std::snprintf(text, sizeof text, "%.2g", number);
    return text;
}

std::string joined(const std::vector<std::string>& names, std::size_t most) {
    std::string text;
    for (std::size_t i = 0; i < names.size() && i < most; ++i) text += (i == 0 ? "" : ", ") + names[i];
    if (names.size() > most) text += ", ... (" + std::to_string(names.size()) + ")";
    return text;
}

std::string input_text(const ProbeReport& report) {
    if (report.accepted.empty()) return "not found out. Tried " + report.tried;
    std::vector<std::string> shapes;
    for (const AcceptedInput& accepted : report.accepted) shapes.push_back(accepted.shape);
    return report.input + ": " + joined(shapes, 20);
}

std::string output_text(const ProbeReport& report) {
    const std::string kind = report.output.empty() ? "undecided" : report.output;
    return kind + ", " + std::to_string(report.classes) + (report.classes == 1 ? " column" : " columns") + " (" +
           report.output_why + ")";
}

std::string batch_text(const ProbeReport& report) {
    std::string works;
    std::string fails;
    double worst = 0.0;
    bool equal = true;
    for (const BatchTrial& trial : report.batches) {
        std::string& list = trial.works ? works : fails;
        list += (list.empty() ? "" : ", ") + std::to_string(trial.rows);
        if (!trial.works || trial.rows == 1) continue;
        worst = std::max(worst, trial.largest_difference);
        equal = equal && trial.bit_equal;
    }
    std::string text =
        works.empty() ? "none works" : works + (works.find(',') == std::string::npos ? " works" : " work");
    if (!fails.empty()) text += "; " + fails + " fail" + (fails.find(',') == std::string::npos ? "s" : "");
    if (report.batches.size() < 2 || !report.batches[1].works) return text;
    text += equal ? "; from 2 on bit-equal" : "; from 2 on they differ by up to " + short_number(worst);
    const BatchTrial& single = report.batches[0];
    if (single.works)
        text += single.bit_equal ? ", and 1 too" : ", 1 differs by up to " + short_number(single.largest_difference);
    return text;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> lines(const ProbeReport& report) {
    std::vector<std::pair<std::string, std::string>> rows;
    const auto add = [&](const std::string& name, const std::string& value) {
        if (!value.empty()) rows.emplace_back(name, value);
    };
    add("sha256", report.sha256);
    add("size", grouped(report.bytes) + " bytes");
    add("parameters", report.parameters > 0 ? grouped(report.parameters) : "the file does not tell");
    add("card", report.card.empty() ? "none" : report.card);
    add("parent", report.parent);
    add("clean score", report.clean_score);
    add("trained on", report.origin);
    add("licence", report.licence);
    add("input", input_text(report));
    if (!report.accepted.empty()) {
        add("answer", report.accepted.front().answer +
                          (report.output_key.empty() ? "" : ", of which `" + report.output_key + "` is taken"));
        add("output", output_text(report));
        add("classes", joined(report.class_names, 12));
        add("batches", batch_text(report));
        add("repeatable", report.repeatable ? "yes, ten calls give the same bits" : "no");
        add("finite", report.finite ? "yes" : "no");
        add("differentiable", report.differentiable ? "yes" : "no: " + report.differentiable_why);
        add("features", report.features > 0 ? std::to_string(report.features) + ", " + report.features_from
                                            : "none found (no fully connected last layer)");
        add("last layer", report.last_layer);
    }
    add("quantised", report.quantised ? "yes, engine " + report.engine + " (of " + quantised_engines_text() +
                                            "): another engine gives other numbers"
                                      : "no");
    add("optimize", report.optimize);
    add("LibTorch", report.libtorch + " on " + report.device);
    if (report.timed_batch > 0) {
        add("time", short_number(report.milliseconds_per_sample) + " ms per sample of " + report.measured_on +
                        ", one thread, batches of " + std::to_string(report.timed_batch));
    }
    for (const std::string& warning : report.warnings) add("warning", warning);
    return rows;
}

nlohmann::json to_json(const ProbeReport& report) {
    nlohmann::json inputs = nlohmann::json::array();
    for (const AcceptedInput& accepted : report.accepted)
        inputs.push_back({{"shape", accepted.shape}, {"answer", accepted.answer}});
    nlohmann::json batches = nlohmann::json::array();
    for (const BatchTrial& trial : report.batches) {
        nlohmann::json row = {{"rows", trial.rows}, {"works", trial.works}};
        if (trial.works) {
            row["largest_difference"] = trial.largest_difference;
            row["bit_equal"] = trial.bit_equal;
        } else {
            row["failure"] = trial.failure;
        }
        batches.push_back(std::move(row));
    }
    return {{"path", report.path},
            {"sha256", report.sha256},
            {"bytes", report.bytes},
            {"libtorch", report.libtorch},
            {"device", report.device},
            {"optimize", report.optimize},
            {"card", report.card},
            {"parent", report.parent},
            {"origin", report.origin},
            {"licence", report.licence},
            {"clean_score", report.clean_score},
            {"parameters", report.parameters},
            {"quantised", report.quantised},
            {"engine", report.engine},
            {"input", report.input},
            {"accepted", std::move(inputs)},
            {"measured_on", report.measured_on},
            {"tried", report.tried},
            {"output", report.output},
            {"output_why", report.output_why},
            {"output_key", report.output_key},
            {"classes", report.classes},
            {"class_names", report.class_names},
            {"batches", std::move(batches)},
            {"fixed_batch", report.fixed_batch},
            {"repeatable", report.repeatable},
            {"finite", report.finite},
            {"differentiable", report.differentiable},
            {"differentiable_why", report.differentiable_why},
            {"features", report.features},
            {"features_from", report.features_from},
            {"last_layer", report.last_layer},
            {"milliseconds_per_sample", report.milliseconds_per_sample},
            {"timed_batch", report.timed_batch},
            {"warnings", report.warnings}};
}

}  // namespace misfire
