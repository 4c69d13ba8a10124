#include "harness/plan.h"

#include <iostream>
#include <nlohmann/json.hpp>

#include "harness/environment.h"
#include "harness/terminal.h"
#include "harness/verbs/scenario_arguments.h"
#include "harness/verbs/verbs.h"

namespace misfire {

namespace {

nlohmann::json as_json(const RunPlan& plan, const Setup& setup, int threads) {
    nlohmann::json out = {{"cells", nlohmann::json::array()},
                          {"skipped_cells", plan.skipped_cells},
                          {"tiles", plan.tiles},
                          {"samples", plan.samples},
                          {"forward_passes", plan.forward_passes},
                          {"perturbed_samples", plan.perturbed_samples},
                          {"decode_ms_per_sample", plan.decode_milliseconds},
                          {"threads", threads},
                          {"estimated_seconds", plan.seconds},
                          {"estimated_bytes", plan.bytes}};
    for (const PlannedCell& cell : setup.cells) out["cells"].push_back(cell.name);
    for (const StepCost& cost : plan.models) out["model_ms_per_sample"][cost.name] = cost.milliseconds;
    for (const StepCost& cost : plan.shifts) out["shift_ms_per_sample"][cost.name] = cost.milliseconds;
    return out;
}

void print(const RunPlan& plan, const Setup& setup, int threads) {
    std::cout << "cells            " << grouped(plan.cells);
    if (plan.skipped_cells > 0) std::cout << " (" << grouped(plan.skipped_cells) << " left out by the filter)";
    std::cout << "\nsamples          " << grouped(plan.samples) << " in " << grouped(setup.record.blocks.size())
              << " blocks of " << setup.scenario.block << ", micro-batch " << setup.scenario.batch
              << "\nforward passes   " << grouped(plan.forward_passes) << "\nperturbed        "
              << grouped(plan.perturbed_samples) << " samples\nestimated time   " << human_seconds(plan.seconds)
              << " on " << threads << (threads == 1 ? " thread" : " threads") << "\nestimated memory "
              << human_bytes(plan.bytes) << "\n\n";
    TextTable costs({"measured on one thread", "ms per sample"});
    costs.add({"  decode", fixed(plan.decode_milliseconds, 3)});
    for (const StepCost& cost : plan.models) costs.add({"  model " + cost.name, fixed(cost.milliseconds, 3)});
    for (const StepCost& cost : plan.shifts)
        costs.add({"  " + cost.name + ", highest level", fixed(cost.milliseconds, 3)});
    std::cout << costs.text();
}

int plan(const Arguments& arguments) {
    const Setup setup = set_up_and_say(scenario_from(arguments, "misfire plan <scenario>"), filter_from(arguments));
    if (setup.cells.empty()) {
        std::cerr << "misfire: --filter " << filter_from(arguments) << " selects none of the "
                  << setup.record.skipped_cells.size() << " cells; misfire plan --cells without it shows their names\n";
        return exit_nothing_selected;
    }
    if (arguments.count("cells") != 0) {
        for (const PlannedCell& cell : setup.cells) std::cout << cell.name << "\n";
        return exit_fine;
    }
    const int threads = threads_from(arguments) > 0 ? threads_from(arguments) : processor_count();
    const RunPlan costs = plan_run(setup, threads);
    if (arguments.count("json") != 0)
        std::cout << as_json(costs, setup, threads).dump(2) << "\n";
    else
        print(costs, setup, threads);
    return exit_fine;
}

}  // namespace

Verb plan_verb() {
    Verb verb;
    verb.name = "plan";
    verb.synopsis = "<scenario>";
    verb.summary = "Cells, forward passes, estimated time and memory of a scenario";
    verb.description =
        "Opens everything a run would open, runs one micro-batch through each model and a few samples through each "
        "shift, and extrapolates.";
    verb.examples = {{"misfire plan demo", "what the demonstration costs here"},
                     {"misfire plan mine.yaml --cells --filter fog", "names of the cells that a filter selects"}};
    verb.options.add(scenario_options());
    verb.options.add_options()("cells", "print only the names of the selected cells")("json", "as JSON");
    verb.positional = {"scenario"};
    verb.run = plan;
    return verb;
}

}  // namespace misfire
