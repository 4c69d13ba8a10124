#include "harness/corrupt/summary.h"

#include <iostream>
#include <nlohmann/json.hpp>

#include "harness/terminal.h"

namespace misfire {

namespace {

int exit_code(const CorruptRecord& record) { return record.missing > 0 ? exit_undecided : exit_fine; }

std::string verdict(const CorruptRecord& record) {
    if (record.missing == 0) return "complete";
    return grouped(record.unreadable) + " of " + grouped(record.samples) +
           (record.unreadable == 1 ? " image is" : " images are") +
           " missing from it, wholly or in part; manifest.csv says why";
}

std::string layout(const CorruptOptions& options) {
    const std::string out = options.out.string();
    switch (options.format) {
        case CorruptFormat::png:
        case CorruptFormat::jpeg: return out + "/<name>/<severity>/<relative path>";
        case CorruptFormat::npy: return out + "/<name>/<severity>.npy, rows named by ids.txt";
        case CorruptFormat::imagenet_c: return out + "/<name>/<severity>/<class>/<file>.JPEG";
        case CorruptFormat::cifar_c: return out + "/<name>.npy, severity 1 first, and labels.npy";
    }
    return out;
}

nlohmann::json as_json(const CorruptSummary& summary, const CorruptRecord& record, const CorruptOptions& options) {
    return {{"out", options.out.string()},
            {"format", corrupt_format_names()[static_cast<std::size_t>(options.format)]},
            {"perturbations", summary.perturbations},
            {"seed", summary.seed},
            {"samples", record.samples},
            {"images", record.samples * summary.cells - record.missing},
            {"missing", record.missing},
            {"manifest", (options.out / corrupt_manifest_file).string()},
            {"settings", (options.out / corrupt_settings_file).string()},
            {"verdict", verdict(record)},
            {"exit_code", exit_code(record)}};
}

}  // namespace

int say_summary(const CorruptSummary& summary, const CorruptRecord& record, const CorruptOptions& options,
                double seconds) {
    if (options.json) {
        nlohmann::json json = as_json(summary, record, options);
        json["seconds"] = seconds;
        std::cout << json.dump(2) << "\n";
        return exit_code(record);
    }
    const std::size_t names = summary.perturbations.size();
    std::cout << "images     " << grouped(record.samples * summary.cells - record.missing) << ": "
              << grouped(record.samples) << (record.samples == 1 ? " sample" : " samples") << ", " << names
              << (names == 1 ? " perturbation" : " perturbations") << ", seed " << summary.seed << "\nfiles      "
              << layout(options) << "\nmanifest   " << (options.out / corrupt_manifest_file).string() << "\nsettings   "
              << (options.out / corrupt_settings_file).string() << "\nverdict    " << verdict(record) << "\ntime       "
              << human_seconds(seconds) << " on " << options.threads << (options.threads == 1 ? " thread" : " threads")
              << "\n";
    return exit_code(record);
}

int say_nothing_to_do(const CorruptSummary& summary, const CorruptRecord& record, const CorruptOptions& options) {
    if (options.json)
        std::cout << as_json(summary, record, options).dump(2) << "\n";
    else
        std::cout << "nothing to do: " << options.out.string() << " holds the result of this command ("
                  << verdict(record) << "); --force makes it again\n";
    return exit_code(record);
}

}  // namespace misfire
