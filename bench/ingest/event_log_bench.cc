// The event log alone, over real lines of Suricata's EVE log as up to 255 sites would see them:
// what keeping and finding them takes, in CPU time of the thread. Every second line comes behind
// all others, as when two files of the same days are taken in one after the other.
//   WINNOW_DATA=... build/release/bench/ingest/event_log_bench [sites] [block]
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <random>

#include <fmt/format.h>

#include "bench/model/contest.h"
#include "bench/path/eve_lines.h"
#include "ingest/event_log.h"
#include "tests/support/support.h"

namespace winnow::bench {
namespace {

constexpr std::size_t kPage = 512;
constexpr std::size_t kSome = 20'000;  // of what is asked for in no order

// From its making on.
class Spent {
 public:
  void tell(std::string_view what, std::size_t items) const {
    const double cpu = thread_cpu_seconds() - cpu_;
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begun_;
    fmt::print("  {:<44}{:>9.3f} us of CPU each, {:.2f} s in all\n", what,
               1e6 * cpu / static_cast<double>(items), wall.count());
  }

 private:
  double cpu_ = thread_cpu_seconds();
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

std::vector<NewEvent> events_of(std::span<const EveLine> lines) {
  std::vector<NewEvent> events;
  const auto begin = Timestamp::from_civil(2026, 1, 1);
  for (const auto& line : lines) {
    const auto at = begin + std::chrono::milliseconds(10 * events.size());
    events.push_back({.form = RecordForm::LogJson,
                      .mapping = "suricata",
                      .raw = line.text,
                      .digest = sha256(line.text),
                      .event_time = at,
                      .received_time = at,
                      .source = "suricata"});
  }
  const auto is_first = [&](const NewEvent& event) {
    return (event.event_time - begin) / std::chrono::milliseconds(10) % 2 == 0;
  };
  std::ranges::stable_partition(events, is_first);
  return events;
}

Status append(EventLog& log, std::span<const NewEvent> events, std::size_t block,
              std::string_view what) {
  const Spent spent;
  for (std::size_t at = 0; at < events.size(); at += block)
    WINNOW_TRY(log.append(events.subspan(at, std::min(block, events.size() - at))));
  spent.tell(what, events.size());
  return {};
}

std::uint64_t bytes_of(const Path& folder, std::string_view beginning) {
  std::uint64_t bytes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && entry.path().filename().string().starts_with(beginning))
      bytes += entry.file_size();
  }
  return bytes;
}

Status walk(const EventLog& log, std::size_t events) {
  const Spent arrivals;
  for (std::uint64_t after = 0;;) {
    WINNOW_TRY(const auto page, log.arrivals(after, kPage));
    if (page.empty()) break;
    after = page.back().id;
  }
  arrivals.tell("arrivals, 512 at once", events);
  const Spent scanning;
  for (auto scan = log.scan({});;) {
    WINNOW_TRY(const bool more, scan.next());
    if (!more) break;
  }
  scanning.tell("scan in event-time order", events);
  const Spent reading;
  for (auto scan = log.scan({});;) {
    WINNOW_TRY(const bool more, scan.next());
    if (!more) break;
    WINNOW_TRY(scan.read_raw());
  }
  reading.tell("the same, and read each", events);
  const Spent backwards;
  for (std::optional<EventPlace> behind;;) {
    WINNOW_TRY(const auto page, log.backwards({}, {}, behind, kPage));
    if (page.empty()) break;
    behind = EventPlace{page.back().event_time, page.back().id};
  }
  backwards.tell("backwards, 512 at once", events);
  const Spent counting;
  WINNOW_TRY(log.count({}));
  counting.tell("count", events);
  return {};
}

Status find(const EventLog& log, std::span<const NewEvent> events) {
  std::vector<Digest> some;
  std::mt19937 random(1);
  for (std::size_t i = 0; i < kSome; ++i) some.push_back(events[random() % events.size()].digest);
  const Spent together;
  for (std::size_t at = 0; at < kSome; at += kPage)
    WINNOW_TRY(log.look_up(std::span(some).subspan(at, std::min(kPage, kSome - at))));
  together.tell("look up, 512 at once, in no order", kSome);
  const Spent alone;
  for (std::size_t at = 0; at < kSome / 10; ++at) WINNOW_TRY(log.look_up(some[at]));
  alone.tell("look up one", kSome / 10);
  const Spent beginning;
  for (std::size_t at = 0; at < kSome / 10; ++at) WINNOW_TRY(log.find(some[at].short_hex()));
  beginning.tell("find one by how its digest begins", kSome / 10);
  const Spent reading;
  for (std::size_t at = 0; at < kSome / 10; ++at) {
    WINNOW_TRY(const auto found, log.look_up(some[at]));
    WINNOW_TRY(log.read_raw(*found));
  }
  reading.tell("look up one and read it", kSome / 10);
  return {};
}

Status run(int sites, std::size_t block) {
  const auto data = testing::unpacked("network/suricata-eve.tar.zst");
  if (!data) {
    fmt::print("skipped: {}\n", testing::kNoRealData);
    return {};
  }
  WINNOW_TRY(const auto lines, read_eve_lines(*data / "suricata-eve", sites));
  const auto events = events_of(lines);
  const testing::TemporaryFolder folder;
  fmt::print("{} events, {} at once\n", events.size(), block);
  {
    WINNOW_TRY(auto log, EventLog::open(folder.path(), Access::ReadWrite));
    const auto tenth = events.size() / 10;
    const std::span all(events);
    WINNOW_TRY(append(log, all.first(tenth), block, "append the first tenth"));
    WINNOW_TRY(append(log, all.subspan(tenth, 8 * tenth), block, "append the next eight"));
    WINNOW_TRY(append(log, all.subspan(9 * tenth), block, "append the rest"));
  }
  {
    const Spent opening;
    WINNOW_TRY(auto log, EventLog::open(folder.path(), Access::ReadWrite));
    opening.tell("open for writing", events.size());
    WINNOW_TRY(append(log, events, block, "append them again"));
  }
  WINNOW_TRY(const auto reader, EventLog::open(folder.path(), Access::ReadOnly));
  WINNOW_TRY(walk(reader, events.size()));
  WINNOW_TRY(find(reader, events));
  fmt::print("  on disk: {} bytes an event in the log, {} in its index\n",
             bytes_of(folder.path() / "log", "0") / events.size(),
             bytes_of(folder.path(), "index.db") / events.size());
  for (const auto* name : {"index.db", "index.db-wal", "index.db-shm"})
    std::filesystem::remove(folder / name);
  const Spent indexing;
  WINNOW_TRY(EventLog::open(folder.path(), Access::ReadWrite));
  indexing.tell("make the index again", events.size());
  return {};
}

}  // namespace
}  // namespace winnow::bench

int main(int count, char** arguments) {
  const int sites = count > 1 ? std::atoi(arguments[1]) : 32;
  const int block = count > 2 ? std::atoi(arguments[2]) : 512;
  if (sites < 1 || sites > 255 || block < 1) {
    std::fputs("event_log_bench [sites, to 255] [block]\n", stderr);
    return 2;
  }
  const auto done = winnow::bench::run(sites, static_cast<std::size_t>(block));
  if (!done) fmt::print(stderr, "event_log_bench: {}\n", done.error().text());
  return done ? 0 : 1;
}
