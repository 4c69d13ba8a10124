// Every reader of files against damaged files: bytes flipped, cut, doubled, spliced. Whatever comes in, what comes out
// is a result or one of our errors: no crash, no foreign exception, no InternalError. Deterministic: a failing round is
// repeated by its number. The short cases run a few hundred rounds, the LONG_ ones tens of thousands (with the address
// preset: the real test).
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <random>
#include <sstream>
#include <string>

#include "core/error.h"
#include "results/outcomes.h"
#include "scenarios/data/csv.h"
#include "scenarios/data/decode.h"
#include "scenarios/data/npy.h"
#include "scenarios/scenario.h"
#include "tests/shared_files.h"

namespace misfire {
namespace {

namespace fs = std::filesystem;

std::string bytes_of(const fs::path& file) {
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    return text.str();
}

std::string damaged(std::string bytes, std::mt19937& random) {
    const auto below = [&](std::size_t n) {
        return n == 0 ? 0 : std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
    };
    const std::size_t blows = 1 + below(8);
    for (std::size_t i = 0; i < blows && !bytes.empty(); ++i) {
        const std::size_t at = below(bytes.size());
        switch (below(6)) {
            case 0: bytes[at] = static_cast<char>(below(256)); break;
            case 1: bytes.resize(at); break;
            case 2: bytes.insert(at, bytes.substr(below(bytes.size()), below(64))); break;
            case 3: bytes.erase(at, below(64)); break;
            case 4: bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8))); break;
            default: bytes.replace(at, std::min<std::size_t>(4, bytes.size() - at), "\xff\xff\xff\xff"); break;
        }
    }
    return bytes;
}

class Damage : public testing::Test {
  protected:
    void SetUp() override {
        folder_ = fs::temp_directory_path() / ("misfire-fuzz-" + std::to_string(getpid()));
        fs::create_directories(folder_);
    }
    void TearDown() override { fs::remove_all(folder_); }

    // Feeds `rounds` damaged versions of `good` to `read`.
    void batter(const std::string& good, int rounds, const std::string& name,
                const std::function<void(const fs::path&)>& read) const {
        int refused = 0;
        for (int round = 0; round < rounds; ++round) {
            std::mt19937 random(static_cast<unsigned>(round));
            const fs::path file = folder_ / name;
            std::ofstream(file, std::ios::binary | std::ios::trunc) << damaged(good, random);
            try {
                read(file);
            } catch (const InternalError& error) {
                FAIL() << "round " << round << ": " << error.what();
            } catch (const Error& error) {
                ++refused;
                EXPECT_GT(std::string(error.what()).size(), 10U) << "round " << round;
            } catch (const std::exception& error) {
                FAIL() << "round " << round << ": a foreign exception came out: " << error.what();
            }
        }
        EXPECT_GT(refused, 0) << "no damage was ever noticed";
    }

    void scenarios(int rounds) const {
        batter(bytes_of(test::in_source("scenarios/library/demo.yaml")), rounds, "s.yaml", [](const fs::path& file) {
            to_yaml(read_scenario(file, {}, {"accuracy", "nll", "ece"}));
        });
    }
    void tables(int rounds) const {
        batter("file,label,camera\n\"a, b.png\",cat,x\nc.png,dog,\"y\"\"z\"\nd.png,cat,\n", rounds, "t.csv",
               [](const fs::path& file) { read_csv(file); });
    }
    void arrays(int rounds) const {
        const std::string whole = bytes_of(test::in_source("models/zoo/data/fashion_test.npy"));
        DataSpec spec;
        spec.form = DataSpec::Form::npy;
        spec.labels_none = true;
        // Only the head: damage in the pixels is no damage to a reader.
        batter(whole.substr(0, 128 + 28 * 28 * 3), rounds, "a.npy", [spec](const fs::path& file) mutable {
            spec.npy = file;
            const auto data = open_data(spec);
            for (std::size_t i = 0; i < std::min<std::size_t>(data->size(), 3); ++i) data->at(i);
        });
    }
    void pictures(const std::string& name, int rounds) const {
        batter(bytes_of(test::shared(name)), rounds, "p" + fs::path(name).extension().string(),
               [](const fs::path& file) { decode_image(file); });
    }
    void outcomes(int rounds) const {
        const std::vector<float> values = {1, 2, 3, 3, 2, 1, 0, 0, 9};
        const std::vector<std::int32_t> targets = {2, 0, 1};
        const std::vector<std::byte> whole = to_bytes(score_outputs(values, 3, 3, OutputKind::logits, targets));
        batter({reinterpret_cast<const char*>(whole.data()), whole.size()}, rounds, "o.bin", [](const fs::path& file) {
            const std::string bytes = bytes_of(file);
            outcomes_from_bytes({reinterpret_cast<const std::byte*>(bytes.data()), bytes.size()});
        });
    }

    fs::path folder_;
};

TEST_F(Damage, Scenarios) { scenarios(300); }
TEST_F(Damage, Tables) { tables(500); }
TEST_F(Damage, Arrays) { arrays(300); }
TEST_F(Damage, Outcomes) { outcomes(500); }
TEST_F(Damage, Jpeg) {
    MISFIRE_NEEDS("real/cifar10_test/cat/0001.jpg");
    pictures("real/cifar10_test/cat/0001.jpg", 300);
}
TEST_F(Damage, Png) {
    MISFIRE_NEEDS("golden/inputs/32/dark.png");
    pictures("golden/inputs/32/dark.png", 300);
}

TEST_F(Damage, LONG_Everything) {
    MISFIRE_NEEDS("golden/inputs/32/dark.png");
    scenarios(20000);
    tables(50000);
    arrays(20000);
    outcomes(50000);
    pictures("real/cifar10_test/cat/0001.jpg", 50000);
    pictures("golden/inputs/32/dark.png", 50000);
}

}  // namespace
}  // namespace misfire
