// Streams, and what monitors say of them, for the tests of results/monitors/.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/random.h"
#include "results/monitors/registry.h"
#include "results/monitors/settings.h"
#include "tests/shared_files.h"

namespace misfire::test {

using Stream = std::vector<double>;

struct Said {
    std::vector<std::size_t> alarms;
    std::vector<std::size_t> warnings;
};

inline std::unique_ptr<StreamMonitor> stream_monitor(const std::string& text) {
    const MonitorSpecification specification = parse_monitor(text);
    return specification.entry->make_stream(specification.settings);
}

// Feeds the stream to a monitor; a reference fits it before.
inline Said said_of(const std::string& text, const Stream& stream, const Stream& reference = {}) {
    const auto monitor = stream_monitor(text);
    if (!reference.empty()) monitor->fit(reference);
    Said said;
    for (std::size_t i = 0; i < stream.size(); ++i) {
        const Signal signal = monitor->update(stream[i]);
        if (signal == Signal::alarm) said.alarms.push_back(i);
        if (signal == Signal::warning) said.warnings.push_back(i);
    }
    return said;
}

inline std::vector<std::size_t> alarms_of(const std::string& text, const Stream& stream, const Stream& reference = {}) {
    return said_of(text, stream, reference).alarms;
}

inline Stream shared_stream(const std::string& name) {
    Stream stream;
    std::ifstream file(shared("spec/drift_streams/" + name));
    for (double value = 0.0; file >> value;) stream.push_back(value);
    return stream;
}

// `per_spell` zeros and ones per rate.
inline Stream bernoulli_stream(std::uint64_t seed, const std::vector<double>& rates, std::size_t per_spell) {
    std::vector<float> draws(rates.size() * per_spell);
    Random(seed).uniform(draws, 0);
    Stream stream;
    for (std::size_t i = 0; i < draws.size(); ++i)
        stream.push_back(static_cast<double>(draws[i]) < rates[i / per_spell] ? 1.0 : 0.0);
    return stream;
}

// `per_spell` normal values of deviation 1 per mean.
inline Stream normal_stream(std::uint64_t seed, const std::vector<double>& means, std::size_t per_spell) {
    std::vector<float> draws(means.size() * per_spell);
    Random(seed).normal(draws, 0);
    Stream stream;
    for (std::size_t i = 0; i < draws.size(); ++i)
        stream.push_back(means[i / per_spell] + static_cast<double>(draws[i]));
    return stream;
}

// What Debian's interpreter answers: a script with an input and an output file, both JSON.
inline nlohmann::json python(const std::filesystem::path& script, const nlohmann::json& input) {
    static int calls = 0;
    const std::string stem =
        testing::TempDir() + "misfire_monitors_" + std::to_string(getpid()) + "_" + std::to_string(calls++);
    std::ofstream(stem + ".in") << input.dump();
    const std::string command = "/usr/bin/python3 '" + script.string() + "' '" + stem + ".in' '" + stem + ".out'";
    if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
    nlohmann::json output;
    std::ifstream(stem + ".out") >> output;
    std::filesystem::remove(stem + ".in");
    std::filesystem::remove(stem + ".out");
    return output;
}

// The same for a few lines of Python that write JSON to `out` and may read `given`.
inline nlohmann::json python_lines(const std::string& lines, const nlohmann::json& given = {}) {
    const std::filesystem::path script = testing::TempDir() + "misfire_monitors_" + std::to_string(getpid()) + ".py";
    std::ofstream(script) << "import json, sys\ngiven = json.load(open(sys.argv[1]))\n"
                          << lines << "\njson.dump(out, open(sys.argv[2], 'w'))\n";
    nlohmann::json output = python(script, given);
    std::filesystem::remove(script);
    return output;
}

}  // namespace misfire::test
