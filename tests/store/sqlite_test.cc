#include "store/sqlite.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/support/faults.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using testing::code_of;

constexpr std::string_view kPeople[] = {
    "CREATE TABLE people (name TEXT PRIMARY KEY, age INTEGER, seen INTEGER NOT NULL) STRICT"};

Sqlite database_with_people(const Path& path, int rows) {
  auto database = Sqlite::open(path, Access::ReadWrite).value();
  EXPECT_OK(database.migrate("people", kPeople));
  auto transaction = database.begin().value();
  for (int i = 0; i < rows; ++i) {
    EXPECT_OK(database.run("INSERT INTO people VALUES (?1, ?2, ?3)", fmt::format("person {}", i), i,
                           Timestamp()));
  }
  EXPECT_OK(transaction.commit());
  return database;
}

std::int64_t count_people(Sqlite& database) {
  auto query = database.prepare("SELECT count(*) FROM people").value();
  EXPECT_TRUE(query.next().value());
  std::int64_t count = -1;
  EXPECT_OK(query.read(count));
  return count;
}

TEST(Sqlite, ValuesComeBackAsTheyWentIn) {
  auto database = Sqlite::open_in_memory().value();
  ASSERT_OK(database.execute(
      "CREATE TABLE t (a INTEGER, b REAL, c TEXT, d BLOB, e TEXT, f INTEGER) STRICT"));
  const auto digest = sha256("x");
  const auto time = Timestamp::from_micros(-5);
  ASSERT_OK(database.run("INSERT INTO t VALUES (?1, ?2, ?3, ?4, ?5, ?6)", std::uint64_t{7}, 0.5,
                         std::string_view("nul\0inside", 10), SqliteBlob{std::string("\0\xFF", 2)},
                         digest, time));
  ASSERT_OK(database.run("INSERT INTO t VALUES (?1, NULL, ?2, NULL, NULL, NULL)",
                         std::optional<std::int64_t>(), ""));
  auto query = database.prepare("SELECT a, b, c, d, e, f FROM t").value();
  ASSERT_TRUE(query.next().value());
  std::optional<std::int64_t> a;
  std::optional<double> b;
  std::string c;
  std::optional<SqliteBlob> d;
  std::optional<Digest> e;
  std::optional<Timestamp> f;
  ASSERT_OK(query.read(a, b, c, d, e, f));
  EXPECT_EQ(a, 7);
  EXPECT_EQ(b, 0.5);
  EXPECT_EQ(c, std::string("nul\0inside", 10));
  EXPECT_EQ(d->bytes, std::string("\0\xFF", 2));
  EXPECT_EQ(e, digest);
  EXPECT_EQ(f, time);
  ASSERT_TRUE(query.next().value());
  ASSERT_OK(query.read(a, b, c, d, e, f));
  EXPECT_FALSE(a || b || d || e || f);
  EXPECT_EQ(c, "");
  EXPECT_FALSE(query.next().value());
}

TEST(Sqlite, AnUnexpectedNullIsAnErrorAndNotAZero) {
  auto database = Sqlite::open_in_memory().value();
  auto query = database.prepare("SELECT NULL AS age, 'x'").value();
  ASSERT_TRUE(query.next().value());
  std::int64_t age = 0, other = 0;
  const auto read = query.read(age, other);
  EXPECT_EQ(code_of(read), Code::Corrupt);
  EXPECT_THAT(read.error().message(), ::testing::HasSubstr("'age'"));
}

TEST(Sqlite, MistakesHaveTheirCodes) {
  testing::TemporaryFolder folder;
  auto database = database_with_people(folder / "db", 1);
  EXPECT_EQ(code_of(database.prepare("SELEKT 1")), Code::InvalidArgument);
  EXPECT_EQ(code_of(database.run("INSERT INTO people VALUES ('person 0', 1, 1)")),
            Code::AlreadyExists);
  EXPECT_EQ(code_of(database.run("INSERT INTO people VALUES ('b', 1, NULL)")), Code::Conflict);
  EXPECT_EQ(code_of(database.run("INSERT INTO people VALUES ('b', 'old', 1)")), Code::Conflict)
      << "STRICT";
  EXPECT_EQ(code_of(Sqlite::open(folder / "absent", Access::ReadOnly)), Code::NotFound);
  auto reader = Sqlite::open(folder / "db", Access::ReadOnly).value();
  EXPECT_EQ(code_of(reader.run("DELETE FROM people")), Code::Denied);
  auto other =
      Sqlite::open(folder / "db", Access::ReadWrite, {.busy_timeout = std::chrono::milliseconds(1)})
          .value();
  const auto writing = database.begin().value();
  EXPECT_EQ(code_of(other.begin()), Code::Conflict) << "another writer";
}

TEST(Sqlite, AStatementThatIsPreparedAgainBeginsAnew) {
  auto database = Sqlite::open_in_memory().value();
  ASSERT_OK(database.migrate("people", kPeople));
  const auto insert = [&](const auto& name, const auto& seen) {
    return database.run("INSERT INTO people VALUES (?1, 1, ?2)", name, seen);
  };
  ASSERT_OK(insert("ann", 1));
  EXPECT_EQ(code_of(insert("ann", 1)), Code::AlreadyExists);
  EXPECT_FALSE(insert("bob", nullptr)) << "nothing is left of what was bound before";
  ASSERT_OK(insert("bob", 2));
  // Two of one text at once, each in its own place; the first half way when it is given back.
  const auto first_name = [&](SqliteStatement& select) {
    EXPECT_TRUE(select.next().value());
    std::string name;
    EXPECT_OK(select.read(name));
    return name;
  };
  const std::string select_names = "SELECT name FROM people ORDER BY name";
  {
    auto one = database.prepare(select_names).value(), two = database.prepare(select_names).value();
    EXPECT_EQ(first_name(one), "ann");
    EXPECT_EQ(first_name(one), "bob");
    EXPECT_EQ(first_name(two), "ann");
  }
  {
    auto again = database.prepare(select_names).value();
    EXPECT_EQ(first_name(again), "ann");
  }
  ASSERT_OK(database.execute("DROP TABLE people; CREATE TABLE people (name TEXT)"));
  auto emptied = database.prepare(select_names).value();
  EXPECT_FALSE(emptied.next().value()) << "the table is another one";
}

TEST(Sqlite, MoreTextsThanAreKept) {
  auto database = Sqlite::open_in_memory().value();
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 200; ++i) {
      auto query = database.prepare(fmt::format("SELECT {}", i)).value();
      ASSERT_TRUE(query.next().value());
      int found = -1;
      ASSERT_OK(query.read(found));
      ASSERT_EQ(found, i);
    }
  }
}

TEST(Sqlite, AFullDiskIsAnErrorAndLosesNothing) {
  testing::TemporaryFolder folder;
  auto database = database_with_people(folder / "db", 10);
  ASSERT_OK(database.execute("PRAGMA max_page_count = 8"));
  Status status;
  for (int i = 0; i < 10'000 && status; ++i) {
    status = database.run("INSERT INTO people VALUES (?1, 1, 1)",
                          std::string(1000, 'a') + std::to_string(i));
  }
  EXPECT_EQ(code_of(status), Code::Exhausted);
  EXPECT_OK(database.check_integrity());
  EXPECT_GE(count_people(database), 10);
}

TEST(Sqlite, MigrationsRunOnceInOrderAndPerComponent) {
  testing::TemporaryFolder folder;
  const std::string_view two[] = {kPeople[0], "ALTER TABLE people ADD COLUMN town TEXT"};
  const std::string_view other[] = {"CREATE TABLE others (x INTEGER) STRICT"};
  {
    auto database = database_with_people(folder / "db", 3);
    ASSERT_OK(database.migrate("others", other));
  }
  const auto read_only = [&](std::span<const std::string_view> steps) {
    return Sqlite::open(folder / "db", Access::ReadOnly).value().migrate("people", steps);
  };
  EXPECT_EQ(code_of(read_only(two)), Code::Unsupported) << "somebody who writes has to do it";
  auto database = Sqlite::open(folder / "db", Access::ReadWrite).value();
  ASSERT_OK(database.migrate("people", two));
  ASSERT_OK(database.migrate("people", two));
  EXPECT_OK(read_only(two));
  EXPECT_EQ(code_of(read_only(kPeople)), Code::Unsupported) << "a newer file";
  ASSERT_OK(database.run("UPDATE people SET town = 'Bonn'"));
  EXPECT_EQ(database.changes(), 3);
  EXPECT_EQ(code_of(database.migrate("people", kPeople)), Code::Unsupported) << "a newer file";
}

TEST(Sqlite, AFailedMigrationChangesNothing) {
  auto database = Sqlite::open_in_memory().value();
  const std::string_view broken[] = {kPeople[0], "CREATE TABLE more (x INTEGER) STRICT; SELEKT"};
  EXPECT_EQ(code_of(database.migrate("people", broken)), Code::InvalidArgument);
  EXPECT_EQ(code_of(database.prepare("SELECT * FROM more")), Code::InvalidArgument)
      << "rolled back";
  EXPECT_EQ(count_people(database), 0) << "the step before it stands";
}

TEST(Sqlite, AnUncommittedTransactionIsUndone) {
  testing::TemporaryFolder folder;
  auto database = database_with_people(folder / "db", 5);
  {
    const auto transaction = database.begin().value();
    ASSERT_OK(database.run("DELETE FROM people"));
  }
  EXPECT_EQ(count_people(database), 5);
}

TEST(Sqlite, AFlippedByteInAnyPageIsFound) {
  testing::TemporaryFolder folder;
  { database_with_people(folder / "db", 2000); }  // closing moves the WAL into the file
  const auto size = std::filesystem::file_size(folder / "db");
  ASSERT_GT(size, 20 * 4096U);
  testing::for_each_seed(60, [&](Rng& rng) {
    const auto at = rng.below(size);
    const auto mask = static_cast<unsigned char>(1U << rng.below(8));
    testing::flip_byte(folder / "db", at, mask);
    Status found;
    auto database = Sqlite::open(folder / "db", Access::ReadOnly);
    found = database ? database->check_integrity() : Status(database.error());
    EXPECT_EQ(code_of(found), Code::Corrupt) << "byte " << at;
    if (!found && at >= 4096) {
      EXPECT_THAT(found.error().message(),
                  ::testing::HasSubstr(fmt::format("page {} ", at / 4096 + 1)));
    }
    database = Error(Code::Unavailable, "closed before the byte is put back");
    testing::flip_byte(folder / "db", at, mask);
  });
}

TEST(Sqlite, ABackupIsConsistentWhileAnotherWrites) {
  testing::TemporaryFolder folder;
  auto database = database_with_people(folder / "db", 100);
  auto copier = Sqlite::open(folder / "db", Access::ReadOnly).value();
  {
    const auto transaction = database.begin().value();
    ASSERT_OK(database.run("DELETE FROM people"));
    ASSERT_OK(copier.back_up_to(folder / "copy"));
  }
  auto copy = Sqlite::open(folder / "copy", Access::ReadWrite).value();
  EXPECT_OK(copy.check_integrity());
  EXPECT_EQ(count_people(copy), 100);
  EXPECT_EQ(code_of(copier.back_up_to(folder / "copy")), Code::AlreadyExists);
}

TEST(Sqlite, WhatWasCommittedSurvivesAKill) {
  testing::for_each_seed(8, [](Rng& rng) {
    testing::TemporaryFolder folder;
    { database_with_people(folder / "db", 0); }
    const auto acknowledged = testing::killed_while(
        [&](const std::function<void()>& acknowledge) {
          auto database = Sqlite::open(folder / "db", Access::ReadWrite).value();
          for (int i = 0;; ++i) {
            if (!database.run("INSERT INTO people VALUES (?1, 1, 1)", std::to_string(i))) return;
            acknowledge();
          }
        },
        rng, 60'000);
    auto database = Sqlite::open(folder / "db", Access::ReadWrite).value();
    EXPECT_OK(database.check_integrity());
    EXPECT_GE(count_people(database), static_cast<std::int64_t>(acknowledged));
  });
}

}  // namespace
}  // namespace winnow
