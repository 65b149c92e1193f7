#include "bench/path/whole_path.h"

#include <algorithm>
#include <chrono>

#include "bench/model/contest.h"
#include "pipeline/event_summary.h"

namespace winnow::bench {
namespace {

constexpr std::string_view kSource = "suricata";
const SystemClock kClock;

ReceivedRecord received(const EveLine& line) {
  return {received_log(RecordForm::LogJson, line.text, {}), std::string(kSource)};
}

}  // namespace

Result<std::unique_ptr<WholePath>> WholePath::open(const PathBundle& bundle, const Path& folder) {
  WINNOW_TRY(make_folders(folder));
  WINNOW_TRY(auto events, EventLog::open(folder / "events", Access::ReadWrite));
  WINNOW_TRY(auto quarantine, Quarantine::open(folder / "quarantine.db", Access::ReadWrite));
  WINNOW_TRY(
      auto states,
      ServingStates::open(folder / "states", bundle.runtime->pipeline.features().history_digest()));
  WINNOW_TRY(auto decisions, DecisionStore::open(folder / "winnow.db", Access::ReadWrite));
  return std::unique_ptr<WholePath>(new WholePath(bundle, std::move(events), std::move(quarantine),
                                                  std::move(states), std::move(decisions)));
}

WholePath::WholePath(const PathBundle& bundle, EventLog events, Quarantine quarantine,
                     ServingStates states, DecisionStore decisions)
    : events_(std::move(events)),
      quarantine_(std::move(quarantine)),
      states_(std::move(states)),
      decisions_(std::move(decisions)),
      logs_({bundle.suricata}),
      reader_(nullptr, &logs_),
      decider_(bundle.runtime, events_, states_, decisions_, kClock) {}

// As Scorer::decide(): what was just mapped is decided as it is.
Status WholePath::take(std::span<const EveLine> lines) {
  std::vector<ReceivedRecord> records;
  for (const auto& line : lines) records.push_back(received(line));
  WINNOW_TRY(auto outcomes,
             ingest_received(std::move(records), reader_, events_, quarantine_, kClock));
  std::vector<Digest> wanted;
  Decider::MappedEvents mapped;
  for (auto& outcome : outcomes) {
    if (outcome.problem) continue;
    wanted.push_back(outcome.digest);
    if (outcome.event) mapped.emplace(outcome.digest, std::move(*outcome.event));
  }
  NoProgress progress;
  WINNOW_TRY(const auto decided, decider_.decide(wanted, mapped, progress));
  decided_ += decided.size();
  for (const auto& record : decided) findings_ += record.decision.route != Route::Close ? 1 : 0;
  return {};
}

Result<PathCost> WholePath::run(std::span<const EveLine> lines, std::size_t block) {
  using Clock = std::chrono::steady_clock;
  PathCost cost;
  const auto begun = Clock::now();
  const double cpu = thread_cpu_seconds();
  for (std::size_t at = 0; at < lines.size(); at += block) {
    const auto taken = Clock::now();
    WINNOW_TRY(take(lines.subspan(at, std::min(block, lines.size() - at))));
    cost.of_block.push_back(std::chrono::duration<double>(Clock::now() - taken).count());
  }
  cost.cpu_seconds = thread_cpu_seconds() - cpu;
  cost.wall_seconds = std::chrono::duration<double>(Clock::now() - begun).count();
  return cost;
}

std::string_view name_of(PathStage stage) {
  switch (stage) {
    case PathStage::Map:
      return "digest, parse, map";
    case PathStage::Store:
      return "store the records, durable";
    case PathStage::Decide:
      return "states, features, score, reasons";
    case PathStage::Keep:
      return "keep the decisions, durable";
  }
  return "";
}

namespace {

// One stage after the other, over what the one before has made.
class Stages {
 public:
  Stages(const PathBundle& bundle, std::span<const EveLine> lines, std::size_t block)
      : bundle_(bundle), lines_(lines), block_(block) {}

  Result<double> map() {
    LogMappings logs({bundle_.suricata});
    RecordReader reader(nullptr, &logs);
    const double begun = thread_cpu_seconds();
    for (const auto& line : lines_) {
      auto& record = records_.emplace_back(received(line).record);
      const auto mapping = reader.settle(record, kSource);
      auto event = reader.read(record, mapping, {});
      if (!event) {
        records_.pop_back();
        continue;
      }
      events_.push_back(std::move(*event));
    }
    return thread_cpu_seconds() - begun;
  }

  Result<double> store(const Path& folder) {
    WINNOW_TRY(auto log, EventLog::open(folder, Access::ReadWrite));
    const auto now = kClock.now();
    return timed_in_blocks([&](std::size_t from, std::size_t to) -> Status {
      std::vector<NewEvent> batch;
      for (std::size_t i = from; i < to; ++i) {
        batch.push_back({.form = records_[i].form,
                         .mapping = std::string(kSource),
                         .raw = records_[i].raw,
                         .digest = records_[i].digest,
                         .event_time = events_[i].time(),
                         .received_time = now,
                         .source = std::string(kSource)});
      }
      WINNOW_TRY(log.append(batch));
      return {};
    });
  }

  // With the states of their entities, which become durable, as the decider has them.
  Result<double> decide(const Path& folder) {
    const auto& pipeline = bundle_.runtime->pipeline;
    WINNOW_TRY(auto states, ServingStates::open(folder, pipeline.features().history_digest()));
    DecisionBatch batch(pipeline);
    decided_.reserve(events_.size());
    return timed_in_blocks([&](std::size_t from, std::size_t to) -> Status {
      const auto work = [&](EntityStates& all) -> Result<ServingStates::Step> {
        for (std::size_t i = from; i < to; ++i) {
          WINNOW_TRY(batch.decide(events_[i], all));
          WINNOW_TRY(batch.observe_decided(events_[i].time(), all));
          auto summary = summary_of(events_[i]);
          decided_.push_back({.decision = {},
                              .decided_at = kClock.now(),
                              .sender = std::move(summary.actor),
                              .subject = std::move(summary.subject)});
        }
        auto decisions = batch.take();
        for (std::size_t i = from; i < to; ++i)
          decided_[i].decision = std::move(decisions[i - from]);
        return ServingStates::Step{
            .observed_through = {.events = to, .labels = 0}, .decided = {}, .is_bulk = true};
      };
      WINNOW_TRY(states.advance(work));
      return {};
    });
  }

  Result<double> keep(const Path& folder) {
    const auto& features = bundle_.runtime->pipeline.features();
    WINNOW_TRY(make_folders(folder));
    WINNOW_TRY(auto states, ServingStates::open(folder / "states", features.history_digest()));
    WINNOW_TRY(auto decisions, DecisionStore::open(folder / "winnow.db", Access::ReadWrite));
    return timed_in_blocks([&](std::size_t from, std::size_t to) -> Status {
      const auto work = [&](EntityStates&) -> Result<ServingStates::Step> {
        const auto first = decided_.begin();
        return ServingStates::Step{
            {.events = to, .labels = 0},
            {first + static_cast<std::ptrdiff_t>(from), first + static_cast<std::ptrdiff_t>(to)},
            0,
            0,
            true};
      };
      WINNOW_TRY(states.advance(work));
      return states.hand_over(decisions);
    });
  }

 private:
  template <typename Work>
  Result<double> timed_in_blocks(const Work& work) const {
    const double begun = thread_cpu_seconds();
    for (std::size_t at = 0; at < events_.size(); at += block_)
      WINNOW_TRY(work(at, std::min(at + block_, events_.size())));
    return thread_cpu_seconds() - begun;
  }

  const PathBundle& bundle_;
  std::span<const EveLine> lines_;
  std::size_t block_;
  std::vector<RawRecord> records_;
  std::vector<ocsf::Event> events_;
  std::vector<DecisionRecord> decided_;
};

}  // namespace

Result<std::array<double, kPathStages.size()>> stages_alone(const PathBundle& bundle,
                                                            std::span<const EveLine> lines,
                                                            std::size_t block, const Path& folder) {
  Stages stages(bundle, lines, block);
  std::array<double, kPathStages.size()> seconds{};
  WINNOW_TRY(seconds[0], stages.map());
  WINNOW_TRY(seconds[1], stages.store(folder / "events"));
  WINNOW_TRY(seconds[2], stages.decide(folder / "decided"));
  WINNOW_TRY(seconds[3], stages.keep(folder / "kept"));
  return seconds;
}

}  // namespace winnow::bench
