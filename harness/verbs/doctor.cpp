#include <sys/statvfs.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <iostream>

#include "core/error.h"
#include "core/install_paths.h"
#include "harness/environment.h"
#include "harness/pictures/contact_sheet.h"
#include "harness/terminal.h"
#include "harness/verbs/verbs.h"
#include "models/probe.h"
#include "models/torchscript.h"
#include "models/zoo.h"
#include "scenarios/scenario.h"

namespace misfire {

namespace {

struct Finding {
    bool good = true;
    std::string text;
    std::string remedy;  // when not good
};

bool program_on_path(const std::string& name) {
    const char* path = std::getenv("PATH");
    std::string rest = path == nullptr ? "" : path;
    while (!rest.empty()) {
        const std::size_t colon = rest.find(':');
        if (access((rest.substr(0, colon) + "/" + name).c_str(), X_OK) == 0) return true;
        rest = colon == std::string::npos ? "" : rest.substr(colon + 1);
    }
    return false;
}

Finding zoo_finding() {
    std::size_t models = 0;
    for (const ZooModel& model : zoo_models()) {
        LoadOptions options;
        options.name = model.name;
        options.expect_sha256 = model.card.sha256;
        try {
            load_model(model.path, options);
        } catch (const Error& error) {
            return {false, "zoo:" + model.name + ": " + error.what(), "Install misfire again."};
        }
        ++models;
    }
    if (models == 0) {
        return {false, "no zoo models below " + (share_folder() / "zoo").string(),
                "Set MISFIRE_SHARE to the share/misfire folder of the installation."};
    }
    return {true, std::to_string(models) + " zoo models load and are what their cards say", ""};
}

Finding scenario_finding() {
    const std::size_t count = shipped_scenarios().size();
    if (count == 0)
        return {false, "no shipped scenarios", "Set MISFIRE_SHARE to the share/misfire folder of the installation."};
    return {true, std::to_string(count) + " shipped scenarios", ""};
}

Finding writable_finding() {
    struct statvfs space {};
    if (access(".", W_OK) != 0)
        return {false, "this folder cannot be written, `misfire run` writes to ./runs",
                "Change to another folder, or use --out."};
    if (statvfs(".", &space) != 0) return {true, "runs go to ./runs", ""};
    const double free_bytes = static_cast<double>(space.f_bavail) * static_cast<double>(space.f_frsize);
    if (free_bytes < 1e8)
        return {false, "only " + human_bytes(free_bytes) + " are free here", "Make space, or use --out."};
    return {true, "runs go to ./runs, " + human_bytes(free_bytes) + " free", ""};
}

Finding font_finding() {
    const SheetTheme theme;
    const std::string found = picture_font(theme);
    if (found == theme.font) return {true, "pictures are written in " + theme.font, ""};
    return {
        false,
        "the font " + theme.font + " is not installed, so pictures are written in " + (found.empty() ? "none" : found),
        "Install it: apt install fonts-dejavu-core."};
}

Finding download_finding() {
    std::string missing;
    for (const char* program : {"npm", "curl"}) {
        if (!program_on_path(program)) missing += (missing.empty() ? "" : " and ") + std::string(program);
    }
    if (!missing.empty())
        return {false, "`misfire zoo get` needs " + missing, "Install it: apt install " + missing + "."};
    return {true, "`misfire zoo get` finds npm and curl", ""};
}

int doctor(const Arguments&) {
    const std::map<std::string, std::string> versions = library_versions();
    std::cout << "misfire    " << versions.at("misfire_version") << "\nLibTorch   " << versions.at("libtorch")
              << ", engines " << quantised_engines_text() << ", devices " << devices_text() << "\nOpenCV     "
              << versions.at("opencv") << "\npictures   " << picture_libraries() << "\nHDF5       "
              << versions.at("hdf5") << "\nprocessor  " << versions.at("cpu") << ", " << versions.at("isa") << ", "
              << processor_count() << " usable cores\n\n";
    int code = exit_fine;
    for (const Finding& finding :
         {zoo_finding(), scenario_finding(), writable_finding(), font_finding(), download_finding()}) {
        std::cout << (finding.good ? "ok      " : "trouble ") << finding.text << "\n";
        if (finding.good) continue;
        std::cout << "        " << finding.remedy << "\n";
        code = exit_undecided;
    }
    return code;
}

}  // namespace

Verb doctor_verb() {
    Verb verb;
    verb.name = "doctor";
    verb.summary = "Check this installation: libraries, zoo, scenarios, disk, downloads";
    verb.description =
        "Prints versions and what the program needs, with a remedy for each trouble. Exit code 3 when there is any.";
    verb.examples = {{"misfire doctor", "first thing to try when something is odd"}};
    verb.run = doctor;
    return verb;
}

}  // namespace misfire
