// From containers to the event log. Run in a release build:
//   build/release/bench/ingest/ingest_intake_bench
// The memory of a large mbox, read from a pipe that never is a file (100 MB by default; the report
// names the peak):
//   WINNOW_BENCH_BYTES=5000000000 build/release/bench/ingest/ingest_intake_bench
//   --benchmark_filter=Pipe
#include <cstdlib>

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ingest/ingest.h"
#include "ingest/records/mbox_reader.h"
#include "simulate/mail_log.h"
#include "simulate/mail_traffic.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

std::vector<simulate::SimulatedMail> some_mails() {
  static const auto company = simulate::Company::build({});
  simulate::MailTraffic traffic(company, {.days = 20, .mails_a_day = 400});
  std::vector<simulate::SimulatedMail> mails;
  for (simulate::SimulatedMail mail; traffic.next(mail);) mails.push_back(mail);
  return mails;
}

std::string some_mbox() {
  std::string mbox;
  for (const auto& mail : some_mails()) {
    mbox += simulate::mail_log_entry(simulate::MailLogFormat::Mbox, mail);
  }
  return mbox;
}

void BM_SplitMbox(benchmark::State& state) {
  const auto mbox = some_mbox();
  for ([[maybe_unused]] auto _ : state) {
    MboxReader reader(std::make_unique<TextBytes>(mbox), "bench", 0, {});
    for (RawRecord record; reader.next(record).value();) benchmark::DoNotOptimize(record);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(mbox.size()));
}
BENCHMARK(BM_SplitMbox)->Unit(benchmark::kMillisecond);

void BM_AppendToEventLog(benchmark::State& state) {
  const auto mails = some_mails();
  std::vector<NewEvent> events;
  for (const auto& mail : mails) {
    events.push_back({.raw = mail.raw,
                      .digest = sha256(mail.raw),
                      .event_time = mail.time,
                      .received_time = mail.time,
                      .source = "bench"});
  }
  for ([[maybe_unused]] auto _ : state) {
    state.PauseTiming();
    testing::TemporaryFolder folder;
    auto log = EventLog::open(folder.path(), Access::ReadWrite).value();
    state.ResumeTiming();
    for (std::size_t at = 0; at < events.size(); at += 1000) {
      const auto batch =
          std::span(events).subspan(at, std::min<std::size_t>(1000, events.size() - at));
      if (!log.append(batch)) state.SkipWithError("append failed");
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(events.size()));
}
BENCHMARK(BM_AppendToEventLog)->Unit(benchmark::kMillisecond);

void BM_ReadInEventTimeOrder(benchmark::State& state) {
  testing::TemporaryFolder folder;
  auto log = EventLog::open(folder.path(), Access::ReadWrite).value();
  std::vector<NewEvent> events;
  const auto mails = some_mails();
  for (const auto& mail : mails) {
    events.push_back({.raw = mail.raw,
                      .digest = sha256(mail.raw),
                      .event_time = mail.time,
                      .received_time = mail.time});
  }
  if (!log.append(events)) state.SkipWithError("append failed");
  for ([[maybe_unused]] auto _ : state) {
    for (auto scan = log.scan({}); scan.next().value();) {
      benchmark::DoNotOptimize(scan.read_raw().value());
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(events.size()));
}
BENCHMARK(BM_ReadInEventTimeOrder)->Unit(benchmark::kMillisecond);

// Writes mails into `descriptor` until `bytes` have gone.
[[noreturn]] void write_mbox(int descriptor, std::uint64_t bytes) {
  const auto company = simulate::Company::build({});
  simulate::MailTraffic traffic(company, {.days = 100'000, .mails_a_day = 2000});
  simulate::SimulatedMail mail;
  for (std::uint64_t written = 0; written < bytes && traffic.next(mail);) {
    const auto entry = simulate::mail_log_entry(simulate::MailLogFormat::Mbox, mail);
    for (std::size_t at = 0; at < entry.size();) {
      const auto got = ::write(descriptor, entry.data() + at, entry.size() - at);
      if (got <= 0) ::_exit(1);
      at += static_cast<std::size_t>(got);
    }
    written += entry.size();
  }
  ::_exit(0);
}

void BM_IngestMboxFromAPipe(benchmark::State& state) {
  const char* wanted = std::getenv("WINNOW_BENCH_BYTES");
  const std::uint64_t bytes = wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 100'000'000;
  for ([[maybe_unused]] auto _ : state) {
    int ends[2];
    if (::pipe(ends) != 0) return state.SkipWithError("no pipe");
    const ::pid_t writer = ::fork();
    if (writer == 0) {
      ::close(ends[0]);
      write_mbox(ends[1], bytes);
    }
    ::close(ends[1]);
    ::dup2(ends[0], STDIN_FILENO);
    ::close(ends[0]);
    testing::TemporaryFolder folder;
    auto log = EventLog::open(folder / "events", Access::ReadWrite).value();
    auto quarantine = Quarantine::open(folder / "quarantine.db", Access::ReadWrite).value();
    NoProgress progress;
    const Path input = "-";
    const auto report =
        ingest_mail({&input, 1}, RecordMapping(), log, quarantine, {}, SystemClock(), progress);
    ::waitpid(writer, nullptr, 0);
    if (!report) return state.SkipWithError(report.error().text().c_str());
    state.counters["mails"] = static_cast<double>(report->stored);
    state.counters["unusable"] = static_cast<double>(report->unusable);
    state.SetBytesProcessed(static_cast<std::int64_t>(report->bytes));
  }
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  state.counters["peak_MiB"] = static_cast<double>(usage.ru_maxrss) / 1024;
}
BENCHMARK(BM_IngestMboxFromAPipe)->Unit(benchmark::kSecond)->Iterations(1)->UseRealTime();

}  // namespace
}  // namespace winnow

BENCHMARK_MAIN();
