// The whole decision on raw mail, stage by stage, in thread CPU time: from the file's bytes to a
// decision that survives a crash. bench/mail/peers.py runs it beside other mail filters.
//
//   decide_bench CONTENT MODEL HISTORY MAILS [--json]
//
// CONTENT is the content folder; MODEL a classifier's bytes; HISTORY and MAILS are lists of files,
// one path a line, in the order of time. HISTORY is decided first, unmeasured: it warms up, and
// makes the entity states that the decisions on MAILS see.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <new>
#include <numeric>

#include <fmt/format.h>

#include "base/json.h"
#include "bench/mail/mail_content.h"
#include "bench/mail/work_folder.h"
#include "ocsf/mail_attributes.h"
#include "pipeline/decider.h"

namespace {
std::size_t g_allocations = 0;  // of this one-threaded program
}  // namespace

// Counts what every `new` costs in calls; malloc and free stay what they are.
void* operator new(std::size_t size) {
  ++g_allocations;
  if (void* found = std::malloc(size == 0 ? 1 : size)) return found;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace winnow::bench {
namespace {

constexpr std::uint64_t kMaxMailBytes = 64UL << 20;

double thread_cpu_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

enum Stage : std::size_t { kRead, kMap, kSlice, kDecide, kObserve, kStore, kStages };
constexpr std::array<const char*, kStages> kStageNames = {
    "read the file",        "digest, parse, event", "read the states", "features, score, reasons",
    "fold into the states", "store, durable"};

// What was spent where.
struct Costs {
  std::array<double, kStages> seconds{};
  std::vector<double> of_mail;  // without the store, which works in batches
  std::size_t allocations = 0;

  double total() const { return std::accumulate(seconds.begin(), seconds.end(), 0.0); }
};

// Adds the CPU time since the last call to a stage.
class StageClock {
 public:
  explicit StageClock(Costs& costs) : costs_(&costs), last_(thread_cpu_seconds()) {}
  double charge(Stage stage) {
    const double now = thread_cpu_seconds(), spent = now - last_;
    costs_->seconds[stage] += spent;
    last_ = now;
    return spent;
  }

 private:
  Costs* costs_;
  double last_;
};

// What the split of `decide` needs again; little, for what is kept costs memory that decisions
// would not.
struct Decided {
  std::string before;  // a StateSlice
  double probability;
  bool explained;
};

// The path of Decider (pipeline/decider.h) with a clock between its steps.
class DecidePath {
 public:
  DecidePath(const MailContent& content, const Pipeline& pipeline, ServingStates& states,
             DecisionStore& decisions)
      : content_(&content), pipeline_(&pipeline), states_(&states), decisions_(&decisions) {}

  Result<std::vector<Decided>> run(std::span<const Path> mails, Costs& costs) {
    std::vector<Decided> decided;
    decided.reserve(mails.size());
    const auto allocations = g_allocations;
    StageClock clock(costs);
    for (std::size_t at = 0; at < mails.size(); at += Decider::kBatch) {
      const auto batch = mails.subspan(at, std::min(Decider::kBatch, mails.size() - at));
      const auto work = [&](EntityStates& states) -> Result<ServingStates::Step> {
        clock.charge(kStore);
        ServingStates::Step step{{.events = stored_ += batch.size(), .labels = 0}, {}};
        for (const auto& mail : batch) {
          WINNOW_TRY(auto one, decide(mail, states, step.decided, clock, costs));
          decided.push_back(std::move(one));
        }
        return step;
      };
      WINNOW_TRY(states_->advance(work));
      WINNOW_TRY(states_->hand_over(*decisions_));
      clock.charge(kStore);
    }
    costs.allocations += g_allocations - allocations;
    return decided;
  }

 private:
  Result<Decided> decide(const Path& mail, EntityStates& states,
                         std::vector<DecisionRecord>& records, StageClock& clock, Costs& costs) {
    const auto& features = pipeline_->features();
    WINNOW_TRY(const auto raw, read_file(mail, kMaxMailBytes));
    double spent = clock.charge(kRead);
    auto event = content_->mapping.apply(RecordForm::Mail, raw);
    if (!event) return event.error().with_context(mail.string());
    spent += clock.charge(kMap);
    WINNOW_TRY(auto before, features.slice(*event, states));
    spent += clock.charge(kSlice);
    auto& record = records.emplace_back();
    record.decision = pipeline_->decide(*event, before, ModelState::Available);
    record.sender = event->get(ocsf::mail::kFrom).as_text();
    record.subject = event->get(ocsf::mail::kSubject).as_text();
    spent += clock.charge(kDecide);
    WINNOW_TRY(features.observe(*event, event->time(), states));
    spent += clock.charge(kObserve);
    costs.of_mail.push_back(spent);
    return Decided{record.decision.state_slice, record.decision.probability,
                   !record.decision.reasons.empty()};
  }

  const MailContent* content_;
  const Pipeline* pipeline_;
  ServingStates* states_;
  DecisionStore* decisions_;
  std::uint64_t stored_ = 0;
};

// How the time of Pipeline::decide falls apart, measured apart from it on the same events.
struct DecideSplit {
  double features = 0, score = 0;  // the rest is reasons and routing
};

Result<DecideSplit> split_decide(const MailContent& content, const Pipeline& pipeline,
                                 const Classifier& model, std::span<const Path> mails,
                                 std::span<const Decided> decided) {
  DecideSplit split;
  const NoIntelligence nothing_known;
  std::vector<float> row(model.columns());
  for (std::size_t i = 0; i < mails.size(); ++i) {
    WINNOW_TRY(const auto raw, read_file(mails[i], kMaxMailBytes));
    WINNOW_TRY(const auto event, content.mapping.apply(RecordForm::Mail, raw));
    WINNOW_TRY(const auto before, StateSlice::from_bytes(decided[i].before));
    const double start = thread_cpu_seconds();
    const auto vector = pipeline.features().read(event, before, nothing_known);
    const double read = thread_cpu_seconds();
    float margin = model.text() ? model.text_log_odds(vector.terms()) : 0;
    std::copy_n(vector.values.begin(), std::min(row.size(), vector.values.size()), row.begin());
    if (model.text_column()) row[*model.text_column()] = margin;
    model.margins({row.data(), 1, row.size()}, {&margin, 1});
    split.features += read - start;
    split.score += thread_cpu_seconds() - read;
  }
  return split;
}

double quantile(std::vector<double> values, double share) {
  const auto at = static_cast<std::size_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(at), values.end());
  return values[at];
}

Json document(const Costs& costs, const DecideSplit& split, std::span<const Decided> decided) {
  Json stages = Json::object(), scores = Json::array();
  for (std::size_t stage = 0; stage < kStages; ++stage)
    stages.set(kStageNames[stage], costs.seconds[stage]);
  for (const auto& one : decided) scores.push(one.probability);
  const double rest = costs.seconds[kDecide] - split.features - split.score;
  const auto explained = std::count_if(decided.begin(), decided.end(),
                                       [](const Decided& one) { return one.explained; });
  return Json::object({{"cpu_seconds", costs.total()},
                       {"stages", std::move(stages)},
                       {"split_of_decide", Json::object({{"- features", split.features},
                                                         {"- score", split.score},
                                                         {"- reasons, route", rest}})},
                       {"p50", quantile(costs.of_mail, 0.5)},
                       {"p99", quantile(costs.of_mail, 0.99)},
                       {"allocations", std::uint64_t{costs.allocations}},
                       {"explained", std::int64_t{explained}},
                       {"scores", std::move(scores)}});
}

void print_table(const Json& told, std::size_t mails) {
  const double total = told["cpu_seconds"].as_double();
  const auto a_mail = [&](const Json& seconds) {
    return 1e6 * seconds.as_double() / static_cast<double>(mails);
  };
  fmt::print("{} mails, {:.0f} a CPU-second\n", mails, static_cast<double>(mails) / total);
  for (const auto* part : {"stages", "split_of_decide"}) {
    for (const auto& [name, seconds] : told[part].members()) {
      fmt::print("  {:<28}{:>10.1f} us a mail{:>6.0f} %\n", name, a_mail(seconds),
                 100 * seconds.as_double() / total);
    }
  }
  fmt::print(
      "a mail without its store: p50 {:.0f} us, p99 {:.0f} us, {:.0f} allocations; {:.0f} % of "
      "the mails are explained\n",
      1e6 * told["p50"].as_double(), 1e6 * told["p99"].as_double(),
      told["allocations"].as_double() / static_cast<double>(mails),
      100 * told["explained"].as_double() / static_cast<double>(mails));
}

Status run(std::span<char*> arguments) {
  WINNOW_TRY(const auto content, MailContent::read(arguments[1]));
  WINNOW_TRY(const auto bytes, read_file(arguments[2], 1UL << 30));
  WINNOW_TRY(auto classifier, Classifier::from_bytes(bytes));
  WINNOW_TRY(const auto history, read_list(arguments[3]));
  WINNOW_TRY(const auto mails, read_list(arguments[4]));
  if (mails.empty()) return Error(Code::InvalidArgument, "the list of mails is empty");
  const auto model = std::make_shared<const Classifier>(std::move(classifier));
  WINNOW_TRY(const auto pipeline,
             Pipeline::create({sha256(bytes), content.features, model, nullptr, content.policy}));
  const WorkFolder folder;
  WINNOW_TRY(auto states,
             ServingStates::open(folder.path() / "states", content.features.history_digest()));
  WINNOW_TRY(auto decisions,
             DecisionStore::open(folder.path() / "decisions.db", Access::ReadWrite));
  DecidePath path(content, pipeline, states, decisions);
  Costs warm_up, costs;
  WINNOW_TRY(path.run(history, warm_up));
  WINNOW_TRY(const auto decided, path.run(mails, costs));
  WINNOW_TRY(const auto split, split_decide(content, pipeline, *model, mails, decided));
  const auto told = document(costs, split, decided);
  if (arguments.size() > 5) {
    fmt::print("{}\n", to_text(told));
  } else {
    print_table(told, mails.size());
  }
  return {};
}

}  // namespace
}  // namespace winnow::bench

int main(int count, char** arguments) {
  if (count < 5) {
    std::puts(
        "skipped: decide_bench takes CONTENT MODEL HISTORY MAILS; bench/mail/peers.py makes them");
    return 0;
  }
  const auto done = winnow::bench::run({arguments, static_cast<std::size_t>(count)});
  if (!done) fmt::print(stderr, "decide_bench: {}\n", done.error().message());
  return done ? 0 : 1;
}
