#include "results/journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "tests/results_run.h"

namespace misfire {
namespace {

using test::Folder;
using ::testing::ElementsAre;

TileRecord tile_of(std::int32_t prediction) {
    TileRecord tile;
    tile.seconds = 0.5;
    tile.outcomes = uncounted_rows(3, prediction);
    return tile;
}

TEST(Journal, KeepsWhatWasPut) {
    const Folder folder;
    {
        Journal journal = Journal::create(folder / "run.sqlite", {{"scenario", "name: x\n"}, {"seed", "7"}});
        journal.put("m/clean/0", 1, tile_of(5));
        journal.put("m/clean/0", 0, {Status::error, "no such operator", 1.5, {}});
        journal.put_bad_input({"b.png", "m/clean/0", "not a PNG"});
        journal.put_bad_input({"a.png", "m/clean/0", "empty"});
        journal.put_bad_input({"b.png", "m/clean/0", "not a PNG"});
        journal.put_block_digest(0, "abc");
    }
    const Journal journal = Journal::open(folder / "run.sqlite");
    EXPECT_EQ(journal.meta("seed"), "7");
    EXPECT_EQ(journal.meta("none"), std::nullopt);
    EXPECT_EQ(journal.all_meta().at("scenario"), "name: x\n");
    const auto tiles = journal.tiles();
    ASSERT_EQ(tiles.size(), 2U);
    EXPECT_EQ(tiles[0].block, 0U);
    EXPECT_EQ(tiles[0].status, Status::error);
    EXPECT_EQ(tiles[1].cell, "m/clean/0");
    EXPECT_EQ(journal.get("m/clean/0", 1)->outcomes.prediction, (std::vector<std::int32_t>{5, 5, 5}));
    EXPECT_EQ(journal.get("m/clean/0", 1)->seconds, 0.5);
    EXPECT_EQ(journal.get("m/clean/0", 0)->message, "no such operator");
    EXPECT_FALSE(journal.get("m/clean/0", 2).has_value());
    EXPECT_THAT(journal.bad_inputs(),
                ElementsAre(BadInput{"a.png", "m/clean/0", "empty"}, BadInput{"b.png", "m/clean/0", "not a PNG"}));
    EXPECT_EQ(journal.block_digest(0), "abc");
    EXPECT_EQ(journal.block_digest(1), std::nullopt);
}

TEST(Journal, TileIsReplacedAndSeenBeforeItIsCommitted) {
    const Folder folder;
    Journal journal = Journal::create(folder / "run.sqlite", {});
    journal.put("m/clean/0", 0, {Status::error, "out of memory", 0.0, {}});
    journal.put("m/clean/0", 0, tile_of(4));
    EXPECT_EQ(journal.get("m/clean/0", 0)->status, Status::ok);
    EXPECT_EQ(journal.tiles().size(), 1U);
    journal.set_meta("finished", "1");
    EXPECT_EQ(journal.meta("finished"), "1");
}

TEST(Journal, IsOneFileOnceClosed) {
    const Folder folder;
    { Journal::create(folder / "run.sqlite", {}).put("m/clean/0", 0, tile_of(1)); }
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
        names.push_back(entry.path().filename());
    EXPECT_THAT(names, ElementsAre("run.sqlite"));
}

TEST(Journal, SeveralThreadsMayUseIt) {
    const Folder folder;
    Journal journal = Journal::create(folder / "run.sqlite", {});
    std::vector<std::thread> threads;
    for (std::uint32_t t = 0; t < 4; ++t) {
        threads.emplace_back([&journal, t] {
            for (std::uint32_t b = 0; b < 50; ++b) {
                journal.put("m/fog/" + std::to_string(t), b, tile_of(static_cast<std::int32_t>(b)));
                EXPECT_EQ(journal.get("m/fog/" + std::to_string(t), b)->outcomes.prediction[0],
                          static_cast<std::int32_t>(b));
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(journal.tiles().size(), 200U);
}

TEST(Journal, IsReadableWithoutWriting) {
    const Folder folder;
    { Journal::create(folder / "run.sqlite", {{"seed", "7"}}); }
    std::filesystem::permissions(folder / "run.sqlite", std::filesystem::perms::owner_read);
    const Journal journal = Journal::open(folder / "run.sqlite", Journal::Access::read_only);
    EXPECT_EQ(journal.meta("seed"), "7");
}

// The child tells through a pipe which tiles were committed, then goes on writing until it is killed.
void write_until_killed(const std::filesystem::path& path, int report, bool resume) {
    Journal journal = resume ? Journal::open(path) : Journal::create(path, {});
    for (std::uint32_t block = static_cast<std::uint32_t>(journal.tiles().size());; ++block) {
        journal.put("m/clean/0", block, tile_of(static_cast<std::int32_t>(block)));
        if (block % 3 != 2) continue;
        journal.flush();
        if (::write(report, &block, sizeof block) != sizeof block) ::_exit(1);
    }
}

TEST(Journal, KilledAtAnyMomentItLosesNoCommittedTile) {
    const Folder folder;
    const auto path = folder / "run.sqlite";
    for (int round = 0; round < 12; ++round) {
        int ends[2];
        ASSERT_EQ(::pipe(ends), 0);
        const pid_t child = ::fork();
        if (child == 0) {
            ::close(ends[0]);
            write_until_killed(path, ends[1], round > 0);
            ::_exit(0);
        }
        ::close(ends[1]);
        std::uint32_t committed = 0;
        for (int reports = 0; reports <= round % 5; ++reports) {
            ASSERT_EQ(::read(ends[0], &committed, sizeof committed), static_cast<ssize_t>(sizeof committed));
        }
        ::kill(child, SIGKILL);
        int status = 0;
        ::waitpid(child, &status, 0);
        while (::read(ends[0], &committed, sizeof committed) > 0) {
        }
        ::close(ends[0]);
        const Journal journal = Journal::open(path);
        ASSERT_GT(journal.tiles().size(), committed);
        for (std::uint32_t block = 0; block <= committed; ++block) {
            ASSERT_EQ(journal.get("m/clean/0", block)->outcomes.prediction[0], static_cast<std::int32_t>(block));
        }
    }
}

}  // namespace
}  // namespace misfire
