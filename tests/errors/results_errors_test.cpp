// One case per message of results/.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <functional>

#include "core/error.h"
#include "tests/results_run.h"
#include "tests/shared_files.h"

namespace misfire {
namespace {

using test::Folder;
using test::small_record;
using ::testing::AllOf;
using ::testing::HasSubstr;

template <typename Failure = StoreError, typename Action>
std::string message_of(Action action) {
    try {
        action();
    } catch (const Failure& error) {
        return error.what();
    }
    return "no error";
}

void overwrite(const std::filesystem::path& path, std::streamoff at, const std::string& bytes) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(at);
    file << bytes;
}

void write_file(const std::filesystem::path& path, const std::string& text) { std::ofstream(path) << text; }

// What `action` throws (or "no error") in a child process of its own, so that limits and users do not stay.
std::string message_in_child(const std::function<void()>& action) {
    int ends[2];
    if (::pipe(ends) != 0) return "no pipe";
    const pid_t child = ::fork();
    if (child == 0) {
        const std::string message = message_of(action);
        const bool told = ::write(ends[1], message.data(), message.size()) == static_cast<ssize_t>(message.size());
        ::_exit(told ? 0 : 1);
    }
    ::close(ends[1]);
    std::string message;
    char buffer[4096];
    for (ssize_t n = 0; (n = ::read(ends[0], buffer, sizeof buffer)) > 0;)
        message.append(buffer, static_cast<std::size_t>(n));
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? message
                                                         : "the child ended with status " + std::to_string(status);
}

void limit_file_size(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{bytes, bytes};
    ::setrlimit(RLIMIT_FSIZE, &limit);
}

void execute(const std::filesystem::path& path, const char* sql) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(database, sql, nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(database);
}

class JournalErrors : public ::testing::Test {
  protected:
    JournalErrors() {
        Journal::create(path_, {{"seed", "7"}}).put("m/clean/0", 0, {Status::ok, "", 0.0, uncounted_rows(2000, 1)});
    }
    std::string open_message() const {
        return message_of([&] { Journal::open(path_).get("m/clean/0", 0); });
    }
    Folder folder_;
    std::filesystem::path path_ = folder_ / "run.sqlite";
};

TEST_F(JournalErrors, Exists) {
    EXPECT_THAT(message_of([&] { Journal::create(path_, {}); }),
                AllOf(HasSubstr(path_.string() + " exists already"), HasSubstr("Resume that run")));
}

TEST_F(JournalErrors, Missing) {
    EXPECT_THAT(message_of([&] { Journal::open(folder_ / "other.sqlite"); }),
                AllOf(HasSubstr("there is no journal " + (folder_ / "other.sqlite").string()),
                      HasSubstr("Give the directory")));
}

TEST_F(JournalErrors, FolderMissing) {
    EXPECT_THAT(message_of([&] { Journal::create(folder_ / "no/run.sqlite", {}); }),
                AllOf(HasSubstr("cannot be opened"), HasSubstr("Check that the folder exists")));
}

TEST_F(JournalErrors, NotADatabase) {
    write_file(path_, std::string(5000, 'x'));
    EXPECT_THAT(open_message(),
                AllOf(HasSubstr("is corrupt or no journal of misfire"), HasSubstr("Restore the run directory")));
}

TEST_F(JournalErrors, OfAnotherProgram) {
    std::filesystem::remove(path_);
    execute(path_, "CREATE TABLE pets (name TEXT)");
    EXPECT_THAT(open_message(), HasSubstr("is corrupt or no journal of misfire"));
}

TEST_F(JournalErrors, Empty) {
    write_file(path_, "");
    EXPECT_THAT(open_message(), HasSubstr("is corrupt or no journal of misfire"));
}

TEST_F(JournalErrors, Truncated) {
    std::filesystem::resize_file(path_, std::filesystem::file_size(path_) / 2);
    EXPECT_THAT(open_message(), AllOf(HasSubstr("corrupt"), HasSubstr("Restore the run directory")));
}

TEST_F(JournalErrors, DamagedOutcomes) {
    overwrite(path_, static_cast<std::streamoff>(std::filesystem::file_size(path_)) - 6000, "damage");
    EXPECT_THAT(open_message(), AllOf(HasSubstr("not whole"), HasSubstr("cell m/clean/0, block 0")));
}

TEST_F(JournalErrors, DamagedPages) {
    overwrite(path_, 4096, std::string(4096, 'x'));
    EXPECT_THAT(open_message(), HasSubstr("corrupt"));
}

TEST_F(JournalErrors, Newer) {
    execute(path_, "UPDATE about SET schema_version = 2");
    EXPECT_THAT(open_message(),
                AllOf(HasSubstr("has schema 2; this misfire knows up to 1"), HasSubstr("written by a newer misfire")));
}

TEST_F(JournalErrors, LockedByAnotherProcess) {
    const Journal writer = Journal::open(path_);
    for (const auto access : {Journal::Access::read_write, Journal::Access::read_only}) {
        EXPECT_THAT(message_in_child([&] { Journal::open(path_, access); }),
                    AllOf(HasSubstr("is locked by another process"), HasSubstr("Wait for that one")));
    }
}

TEST_F(JournalErrors, DiskFullKeepsWhatWasCommitted) {
    const std::string message = message_in_child([&] {
        Journal journal = Journal::open(path_);
        limit_file_size(200000);
        for (std::uint32_t block = 1;; ++block) {
            journal.put("m/clean/0", block, {Status::ok, "", 0.0, uncounted_rows(2000, 1)});
            journal.flush();
        }
    });
    EXPECT_THAT(message, AllOf(HasSubstr(path_.string()), HasSubstr("Nothing that was committed is lost"),
                               HasSubstr("resume the run")));
    const Journal journal = Journal::open(path_);
    EXPECT_GE(journal.tiles().size(), 2U);
    for (const TileKey& tile : journal.tiles()) EXPECT_EQ(journal.get(tile.cell, tile.block)->outcomes.size(), 2000U);
}

TEST_F(JournalErrors, NotWritable) {
    if (::getuid() == 0) {
        std::filesystem::permissions(folder_.path(), std::filesystem::perms(0755));
        std::filesystem::permissions(path_, std::filesystem::perms(0644));
    } else {
        std::filesystem::permissions(path_, std::filesystem::perms(0444));
    }
    const std::string message = message_in_child([&] {
        if (::getuid() == 0 && ::setuid(65534) != 0) throw StoreError("cannot drop privileges");
        Journal::open(path_).put("m/clean/0", 1, {});
    });
    EXPECT_THAT(message, AllOf(HasSubstr("is not writable"), HasSubstr("Make the run directory writable")));
}

TEST_F(JournalErrors, WithoutTheRecordItIsNoRun) {
    EXPECT_THAT(message_of([] { run_record_from_json("{\"run_id\": \"x\""); }),
                AllOf(HasSubstr("the run's record is not whole"), HasSubstr("run the scenario again")));
    RunRecord record = small_record(20, 8);
    record.blocks.pop_back();
    EXPECT_THAT(message_of([&] { run_record_from_json(to_json(record)); }), HasSubstr("do not fit its 20 samples"));
    record.dataset = "\xff";
    EXPECT_THAT(message_of<DataError>([&] { to_json(record); }), HasSubstr("not UTF-8"));
}

class FileErrors : public ::testing::Test {
  protected:
    FileErrors() {
        test::put_all(journal_, record_);
        results_ = evaluate(journal_, record_, 1);
        write_results(path_, record_, results_, journal_);
    }
    std::string read_message() const {
        return message_of([&] { read_summary(path_); });
    }
    std::string python(const std::string& code) const {
        const std::string command =
            "/usr/bin/python3 -c \"import h5py; f = h5py.File('" + path_.string() + "', 'r+'); " + code + "\"";
        return std::system(command.c_str()) == 0 ? "" : "python failed";
    }
    Folder folder_;
    RunRecord record_ = small_record(100, 32, 3);
    Journal journal_ = Journal::create(folder_ / "run.sqlite", {});
    RunResults results_;
    std::filesystem::path path_ = folder_ / "results.h5";
};

TEST_F(FileErrors, Missing) {
    EXPECT_THAT(message_of([&] { read_summary(folder_ / "none.h5"); }),
                AllOf(HasSubstr("there is no file " + (folder_ / "none.h5").string()), HasSubstr("Give a results.h5")));
}

TEST_F(FileErrors, Folder) {
    EXPECT_THAT(message_of([&] { read_summary(folder_.path()); }), HasSubstr("cannot be read"));
}

TEST_F(FileErrors, NoHdf5) {
    write_file(path_, "hello");
    EXPECT_THAT(read_message(), HasSubstr("is no HDF5 file"));
}

TEST_F(FileErrors, Truncated) {
    const auto size = std::filesystem::file_size(path_);
    for (const auto part : {size - 1, size / 2, size / 10}) {
        std::filesystem::resize_file(path_, part);
        EXPECT_THAT(read_message(), AllOf(HasSubstr("truncated or corrupt"), HasSubstr("Restore it from a copy")))
            << part;
    }
}

TEST_F(FileErrors, OfAnotherProgram) {
    ASSERT_EQ(python("del f.attrs['schema']"), "");
    EXPECT_THAT(read_message(), HasSubstr("is an HDF5 file, but not of misfire"));
}

TEST_F(FileErrors, Newer) {
    ASSERT_EQ(python("f.attrs.modify('schema_version', 2)"), "");
    EXPECT_THAT(read_message(),
                AllOf(HasSubstr("has schema 2; this misfire reads up to 1"), HasSubstr("written by a newer misfire")));
}

TEST_F(FileErrors, TableMissing) {
    ASSERT_EQ(python("del f['points']"), "");
    EXPECT_THAT(read_message(), AllOf(HasSubstr("is corrupt: /points is missing"), HasSubstr("misfire resume")));
}

TEST_F(FileErrors, DamagedTable) {
    ASSERT_EQ(python("offset = f['points'].id.get_chunk_info(0).byte_offset; f.close(); g = open('" + path_.string() +
                     "', 'r+b'); g.seek(offset + 30); g.write(b'damage' * 5)"),
              "");
    EXPECT_THAT(read_message(), AllOf(HasSubstr("is corrupt"), HasSubstr("/points")));
}

TEST_F(FileErrors, UnfinishedWrite) {
    ASSERT_EQ(python("del f.attrs['complete']"), "");
    EXPECT_THAT(read_message(), HasSubstr("an attribute of / is missing"));
}

// Whatever the moment at which the disk is full: a message, no crash, the older file untouched, no partial file.
TEST_F(FileErrors, DiskFullKeepsTheOlderFile) {
    const auto size = std::filesystem::file_size(path_);
    const auto before = std::filesystem::last_write_time(path_);
    for (rlim_t limit = 0; limit < size; limit += size / 9 + 1) {
        const std::string message = message_in_child([&] {
            limit_file_size(limit);
            write_results(path_, record_, results_, journal_);
        });
        EXPECT_THAT(message, AllOf(HasSubstr("cannot write " + path_.string()),
                                   HasSubstr("The file that was there is unchanged"), HasSubstr("resume the run")))
            << limit;
        EXPECT_FALSE(std::filesystem::exists(path_.string() + ".partial"));
    }
    EXPECT_EQ(std::filesystem::last_write_time(path_), before);
    EXPECT_EQ(read_summary(path_).results.points.size(), results_.points.size());
}

TEST_F(FileErrors, AfterAFullDiskTheNextWriteWorks) {
    const std::string message = message_in_child([&] {
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit small{50000, RLIM_INFINITY};
        ::setrlimit(RLIMIT_FSIZE, &small);
        const std::string first = message_of([&] { write_results(folder_ / "new.h5", record_, results_, journal_); });
        if (first == "no error") throw StoreError("the limit had no effect");
        const rlimit none{RLIM_INFINITY, RLIM_INFINITY};
        ::setrlimit(RLIMIT_FSIZE, &none);
        write_results(folder_ / "new.h5", record_, results_, journal_);
    });
    EXPECT_EQ(message, "no error");
    EXPECT_EQ(read_summary(folder_ / "new.h5").results.points.size(), results_.points.size());
}

TEST_F(FileErrors, UnwritableFolder) {
    EXPECT_THAT(message_of([&] { write_results(folder_ / "no/results.h5", record_, results_, journal_); }),
                AllOf(HasSubstr("cannot write " + (folder_ / "no/results.h5").string()),
                      HasSubstr("No such file or directory"), HasSubstr("Check that the folder exists")));
    const std::string message = message_in_child([&] {
        std::filesystem::permissions(folder_.path(), std::filesystem::perms(0555));
        if (::getuid() == 0 && ::setuid(65534) != 0) throw StoreError("cannot drop privileges");
        write_results(folder_ / "results.h5", record_, results_, journal_);
    });
    std::filesystem::permissions(folder_.path(), std::filesystem::perms(0755));
    EXPECT_THAT(message, AllOf(HasSubstr("Permission denied"), HasSubstr("is writable")));
}

TEST(OutcomeErrors, LabelBeyondTheModelsClasses) {
    const std::vector<std::int32_t> targets{12};
    EXPECT_THAT(
        message_of<DataError>([&] { score_outputs(std::vector<float>(10), 1, 10, OutputKind::logits, targets); }),
        AllOf(HasSubstr("label 12"), HasSubstr("10 outputs (0 to 9)"), HasSubstr("the same classes")));
}

TEST(OutcomeErrors, RegressionHasNoClasses) {
    EXPECT_THAT(message_of<ModelError>([] { score_outputs(std::vector<float>(1), 1, 1, OutputKind::regression, {}); }),
                HasSubstr("Give a classifier"));
}

}  // namespace
}  // namespace misfire
