// What removed records told of who was where goes with them, from the file too.
#include <fmt/format.h>

#include "cases/case_policy.h"
#include "identity/identity_book.h"
#include "identity/identity_reader.h"
#include "ingest/ingest.h"
#include "ingest/mapping/mapping_folder.h"
#include "registry/workspace.h"
#include "retention/only_writer.h"
#include "retention/run.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using std::chrono::days;

const Timestamp kNow = Timestamp::from_civil(2026, 6, 1);

std::string lease(Timestamp at, const std::string& host, int address) {
  return fmt::format(
      R"({{"_path":"dhcp","ts":{}.5,"uids":["C1"],"server_addr":"10.0.0.1","mac":"08:00:27:00:00:01","host_name":"{}","assigned_addr":"10.0.0.{}","lease_time":7200.0,"msg_types":["ACK"]}})",
      at.seconds(), host, address);
}

class RetentionOfIdentities : public ::testing::Test {
 protected:
  RetentionOfIdentities() {
    EXPECT_OK(Workspace::init(folder_ / "soc", "", clock_));
    workspace_ = Workspace::open(folder_ / "soc", Access::ReadWrite, clock_).value();
    const auto data = workspace_->data();
    files_ = {data / "events",        data / "states",
              data / "quarantine.db", data / "winnow.db",
              data / "identities.db", testing::source_folder() / "content/mappings"};
  }
  void arrive(const std::string& line, int days_ago) {
    auto log = EventLog::open(files_.events, Access::ReadWrite).value();
    auto quarantine = Quarantine::open(files_.quarantine, Access::ReadWrite).value();
    LogMappings mappings(read_log_mappings(files_.mappings).value());
    const Path file = folder_ / "dhcp.log";
    ASSERT_OK(write_atomically(file, line + "\n"));
    NoProgress progress;
    ASSERT_OK(ingest_logs({&file, 1}, mappings, log, quarantine, {},
                          FixedClock(kNow - days(days_ago)), progress));
  }
  void learn() {
    const auto log = EventLog::open(files_.events, Access::ReadOnly).value();
    auto book = identity::IdentityBook::open(log, files_.identities,
                                             read_log_mappings(files_.mappings).value())
                    .value();
    while (book.catch_up(100).value() > 0) {
    }
  }
  void retain() {
    auto& registry = workspace_->registry();
    auto writer = OnlyWriter::open(files_, registry, {}, clock_).value();
    auto holds = Holds::open(registry, files_.database).value();
    NoProgress progress;
    ASSERT_OK(run_retention(files_, {{RetainedKind::Mails, days(30)}}, writer,
                            {registry.audit(), holds, clock_}, "ada", progress));
  }
  std::size_t spans_of(const std::string& address) {
    auto reader = identity::IdentityReader::open(files_.identities).value();
    return reader.who({{identity::PartyKind::Address, address}})->direct.size();
  }
  bool stands_in_file(std::string_view word) {
    for (const auto* const end : {"", "-wal"}) {
      const auto bytes = read_file(files_.identities.string() + end, 64UL << 20);
      if (bytes && bytes->find(word) != std::string::npos) return true;
    }
    return false;
  }

  testing::TemporaryFolder folder_;
  FixedClock clock_{kNow};
  std::unique_ptr<Workspace> workspace_;
  RetainedFiles files_;
};

TEST_F(RetentionOfIdentities, GoesWithTheRecordsThatToldIt) {
  const auto then = kNow - days(40);
  arrive(lease(then, "oldhost", 5), 40);
  arrive(lease(then + std::chrono::seconds(1), "latehost", 6), 2);  // of the same ten minutes
  learn();
  ASSERT_EQ(spans_of("10.0.0.5"), 1U);
  ASSERT_EQ(spans_of("10.0.0.6"), 1U);
  ASSERT_TRUE(stands_in_file("oldhost"));
  retain();
  EXPECT_EQ(spans_of("10.0.0.5"), 0U);
  EXPECT_EQ(spans_of("10.0.0.6"), 1U);
  EXPECT_FALSE(stands_in_file("oldhost"));
  EXPECT_TRUE(stands_in_file("latehost"));
}

TEST_F(RetentionOfIdentities, NobodyEverAskedIsFine) {
  arrive(lease(kNow - days(40), "oldhost", 5), 40);
  retain();
  EXPECT_FALSE(std::filesystem::exists(files_.identities));
}

}  // namespace
}  // namespace winnow
