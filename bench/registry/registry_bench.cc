// What the registry promises (docs/results.md): durable audit appends with a signed checkpoint a
// batch, inclusion proofs, verification of a long log, many small artifacts stored and verified.
// Each checks its own answer.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <unistd.h>

#include "registry/merkle.h"
#include "registry/registry.h"

namespace winnow {
namespace {

const FixedClock kClock(Timestamp::from_seconds(1'700'000'000));

// On the disk that WINNOW_BENCH_FOLDER names, by default beside the working folder: /tmp may be
// memory.
class BenchFolder {
 public:
  BenchFolder() {
    const char* parent = std::getenv("WINNOW_BENCH_FOLDER");
    path_ = Path(parent != nullptr ? parent : ".") / fmt::format("registry-bench-{}", ::getpid());
    std::filesystem::create_directories(path_);
  }
  ~BenchFolder() { std::filesystem::remove_all(path_); }
  BenchFolder(const BenchFolder&) = delete;
  BenchFolder& operator=(const BenchFolder&) = delete;
  Path operator/(std::string_view name) const { return path_ / name; }

 private:
  Path path_;
};

std::vector<AuditEntry> batch_of(std::size_t count) {
  std::vector<AuditEntry> entries;
  for (std::size_t i = 0; i < count; ++i) {
    entries.push_back(
        {kClock.now(), "analyst-17", "verdict.recorded", fmt::format("finding-{:012}", i * 7919),
         Json::object({{"verdict", "phishing"}, {"trust", 0.75}, {"bundle", "b-7f3a61c0aa12"}})});
  }
  return entries;
}

void audit_append(benchmark::State& state) {
  const BenchFolder folder;
  const auto keys = KeyRing::create(folder / "keys", kClock).value();
  auto log = AuditLog::open(folder / "audit", keys, Access::ReadWrite).value();
  const auto batch = batch_of(static_cast<std::size_t>(state.range(0)));
  for ([[maybe_unused]] auto _ : state) {
    if (!log.append(batch)) state.SkipWithError("an append failed");
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(log.size()));
  NoProgress progress;
  if (!verify_audit_log(folder / "audit", keys, {}, progress)->holds())
    state.SkipWithError("the log does not verify");
}
BENCHMARK(audit_append)->Arg(1)->Arg(100)->Arg(1000)->Arg(10'000)->UseRealTime()->MinTime(2);

// Hashing alone, the floor that appending stands on: a leaf of 180 bytes and the nodes it
// completes.
void merkle_append(benchmark::State& state) {
  const std::string entry(180, 'x');
  merkle::Frontier frontier;
  for ([[maybe_unused]] auto _ : state) frontier.append(merkle::leaf_hash(entry), nullptr);
  benchmark::DoNotOptimize(frontier.root());
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(merkle_append);

struct LongLog {
  explicit LongLog(std::size_t entries) {
    auto log = AuditLog::open(folder / "audit", keys, Access::ReadWrite).value();
    const auto batch = batch_of(10'000);
    while (log.size() < entries)
      ensure(log.append(batch).has_value(), "the bench's disk takes a log");
  }
  BenchFolder folder;
  KeyRing keys = KeyRing::create(folder / "keys", kClock).value();
};
LongLog& million() {
  static LongLog log(1'000'000);
  return log;
}

void audit_inclusion_proof(benchmark::State& state) {
  auto& [folder, keys] = million();
  const auto log = AuditLog::open(folder / "audit", keys, Access::ReadOnly).value();
  const auto checkpoint = checkpoint_of(log.checkpoint()).value();
  std::uint64_t index = 0;
  for ([[maybe_unused]] auto _ : state) {
    index = (index + 777'767) % checkpoint.size;
    auto proof = log.inclusion_hashes(index, checkpoint.size);
    benchmark::DoNotOptimize(proof);
  }
  const auto proof = log.prove(index).value();
  if (!merkle::verify_inclusion(merkle::leaf_hash(proof.entry), index, checkpoint.size,
                                checkpoint.root, proof.hashes)) {
    state.SkipWithError("the proof does not verify");
  }
}
BENCHMARK(audit_inclusion_proof)->Unit(benchmark::kMicrosecond);

void audit_consistency_proof(benchmark::State& state) {
  auto& [folder, keys] = million();
  const auto log = AuditLog::open(folder / "audit", keys, Access::ReadOnly).value();
  std::uint64_t before = 1;
  for ([[maybe_unused]] auto _ : state) {
    before = (before + 777'767) % log.size() + 1;
    auto proof = log.prove_growth(before);
    benchmark::DoNotOptimize(proof);
  }
}
BENCHMARK(audit_consistency_proof)->Unit(benchmark::kMicrosecond);

void audit_verify_million(benchmark::State& state) {
  auto& [folder, keys] = million();
  NoProgress progress;
  for ([[maybe_unused]] auto _ : state) {
    const auto verified = verify_audit_log(folder / "audit", keys, {}, progress);
    if (!verified || !verified->holds() || verified->entries < 1'000'000)
      state.SkipWithError("the log does not verify");
  }
}
BENCHMARK(audit_verify_million)->Unit(benchmark::kMillisecond)->UseRealTime();

void audit_open_million(benchmark::State& state) {
  auto& [folder, keys] = million();
  for ([[maybe_unused]] auto _ : state)
    benchmark::DoNotOptimize(
        AuditLog::open(folder / "audit", keys, Access::ReadWrite).value().size());
}
BENCHMARK(audit_open_million)->Unit(benchmark::kMillisecond)->UseRealTime();

// 100,000 small artifacts: put, catalogued and audited in one durable batch, then every object read
// and verified.
void artifacts_store_and_verify(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  std::vector<std::string> contents;
  for (std::size_t i = 0; i < count; ++i)
    contents.push_back(
        fmt::format("{{\"artifact\":{},\"text\":\"{}\"}}", i, std::string(200, 'x')));
  std::vector<NewArtifact> batch;
  for (const auto& content : contents) {
    batch.push_back({ArtifactKind::DataSet,
                     content.substr(0, 20),
                     content,
                     "application/json",
                     1,
                     {},
                     Json::object()});
  }
  for ([[maybe_unused]] auto _ : state) {
    const BenchFolder folder;
    auto registry = Registry::open(folder / "data", kClock, Access::ReadWrite).value();
    NoProgress progress;
    const auto added = registry->add_all(batch, "bench");
    const auto verified = registry->objects().verify_all(progress);
    if (!added || added->size() != count || !verified || verified->objects != count ||
        !verified->damages.empty()) {
      state.SkipWithError("not every artifact is there and sound");
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(artifacts_store_and_verify)
    ->Arg(100'000)
    ->Unit(benchmark::kSecond)
    ->UseRealTime()
    ->Iterations(1);

void object_put_one_by_one(benchmark::State& state) {
  const BenchFolder folder;
  auto store = ObjectStore::open(folder / "objects").value();
  std::uint64_t i = 0;
  for ([[maybe_unused]] auto _ : state) {
    if (!store.put(std::to_string(i++))) state.SkipWithError("a put failed");
  }
}
BENCHMARK(object_put_one_by_one)->Unit(benchmark::kMicrosecond)->UseRealTime();

}  // namespace
}  // namespace winnow
