// Mails read per CPU-second, over real mails: WINNOW_DATA names the folder of the data.
#include <algorithm>

#include <benchmark/benchmark.h>
#include <gmime/gmime.h>
#include <malloc.h>

#include "base/file.h"
#include "ingest/mail/html.h"
#include "ingest/mail/mail.h"
#include "ingest/mail/mime.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

// Every `step`-th mail of an archive, so that a run is short and the mix is the archive's.
std::vector<std::string> mails_of(std::string_view archive, std::size_t count) {
  std::vector<std::string> mails;
  const auto folder = testing::unpacked(archive);
  if (!folder) return mails;
  auto files = list_files(*folder).value();
  std::erase_if(files, [](const Path& path) { return path.filename() == ".unpacked"; });
  const auto step = std::max<std::size_t>(files.size() / count, 1);
  for (std::size_t i = 0; i < files.size() && mails.size() < count; i += step) {
    if (auto bytes = read_file(files[i], 64UL << 20)) mails.push_back(std::move(*bytes));
  }
  return mails;
}

template <typename Read>
void run_over(benchmark::State& state, std::string_view archive, const Read& read) {
  const auto mails = mails_of(archive, 500);
  if (mails.empty()) {
    state.SkipWithError(std::string(testing::kNoRealData).c_str());
    return;
  }
  std::size_t bytes = 0;
  for (const auto& mail : mails) bytes += mail.size();
  for ([[maybe_unused]] auto _ : state) {
    for (const auto& mail : mails) read(mail);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(mails.size()));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
  state.counters["mean_bytes"] = static_cast<double>(bytes) / static_cast<double>(mails.size());
}

void bench_event(benchmark::State& state, const std::string& archive) {
  const MailMapping mapping;
  run_over(state, archive,
           [&](const std::string& mail) { benchmark::DoNotOptimize(mapping.apply(mail)); });
}

void bench_mime(benchmark::State& state, const std::string& archive) {
  run_over(state, archive,
           [&](const std::string& mail) { benchmark::DoNotOptimize(read_mime(mail, {})); });
}

// The library that read_mime stands in for: structure only, nothing decoded.
void bench_gmime(benchmark::State& state, const std::string& archive) {
  g_mime_init();
  run_over(state, archive, [&](const std::string& mail) {
    auto* stream = g_mime_stream_mem_new_with_buffer(mail.data(), mail.size());
    auto* parser = g_mime_parser_new_with_stream(stream);
    auto* message = g_mime_parser_construct_message(parser, nullptr);
    if (message != nullptr) g_object_unref(message);
    g_object_unref(parser);
    g_object_unref(stream);
  });
}

BENCHMARK_CAPTURE(bench_event, easyham, "email/spamassassin_easyham_ham.tar.zst");
BENCHMARK_CAPTURE(bench_event, spam, "email/spamassassin_spam.tar.zst");
BENCHMARK_CAPTURE(bench_event, trec07p_ham, "email/trec07p_ham.tar.zst");
BENCHMARK_CAPTURE(bench_event, list_openbmc, "email/list_openbmc_ham.tar.zst");
BENCHMARK_CAPTURE(bench_event, phishing_pot, "email/phishing_pot_phish.tar.zst");
BENCHMARK_CAPTURE(bench_gmime, easyham, "email/spamassassin_easyham_ham.tar.zst");
BENCHMARK_CAPTURE(bench_gmime, phishing_pot, "email/phishing_pot_phish.tar.zst");
BENCHMARK_CAPTURE(bench_mime, easyham, "email/spamassassin_easyham_ham.tar.zst");
BENCHMARK_CAPTURE(bench_mime, phishing_pot, "email/phishing_pot_phish.tar.zst");

}  // namespace
}  // namespace winnow

int main(int argc, char** argv) {
  // As a process that keeps its memory: glibc would give it back after each mail and ask again.
  mallopt(M_TRIM_THRESHOLD, 64 << 20);
  mallopt(M_MMAP_THRESHOLD, 64 << 20);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
