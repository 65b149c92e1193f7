// The one thread that decides, as the champions of the domains say. What waits is taken as one
// batch: one append to the event log, one step of the decider, then every client gets its answer,
// so that the disk's wait is shared. What was accepted earlier, and nobody waits for, rides along,
// a few at a time. Records of other logs than mail are kept by it in the event log, with a champion
// or without.
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "base/timestamp.h"
#include "ingest/ingest.h"
#include "ingest/mapping/mapping_folder.h"
#include "pipeline/decider.h"
#include "server/activity.h"
#include "server/format_watch.h"
#include "server/metrics.h"
#include "server/threads/champion.h"
#include "server/threads/score_request.h"
#include "server/threads/scorer_stores.h"
#include "server/threads/service_files.h"
#include "server/threads/settling.h"
#include "server/threads/states_filler.h"
#include "server/threads/work_queue.h"

namespace winnow::server {

class Scorer {
 public:
  static constexpr std::size_t kQueueRecords = 1024;
  static constexpr std::size_t kBatchRecords = 256;
  static constexpr std::size_t kQueueBytes = 256UL << 20;
  static constexpr std::size_t kBatchBytes = 8UL << 20;  // what is larger than this is a batch

  // How many records that nobody waits for a batch takes: beside others that came within the last
  // kBusy, and else.
  static constexpr std::size_t kBeside = 8, kAlone = 512;
  static constexpr std::chrono::seconds kBusy{2};

  // A domain without champion is not decided: what comes is kept, and is history for the champion
  // that it gets. What a champion cannot read waits for one that can (ADR 19). While nothing at all
  // is deployed mails wait. `deciding` are those of `promoted`, or who decided before them and goes
  // on until their states are filled (ADR 20). Of the records `in_doubt` those that are stored are
  // decided first (in_doubt.h). The others outlive it. Errors: of opening the stores.
  static Result<std::unique_ptr<Scorer>> start(Champions promoted, Champions deciding,
                                               UsableMappings mappings,
                                               std::vector<Digest> in_doubt, ServiceFiles files,
                                               const Clock& clock, Metrics& metrics,
                                               Activity& activity, FormatWatch& formats);
  ~Scorer();  // as stop()

  // Any thread; never waits. False, and `request` is still the caller's: the queue is full.
  bool offer(ScoreRequest& request);
  // One thread: has records decided that nobody waits for; returns once all of it is durable. Mails
  // wait for a champion. Errors: Unavailable (told to stop), of the stores: the same call again
  // does what is left to do.
  Status work_off(std::vector<ReceivedRecord> records, const std::stop_token& stop);
  // Whether what is offered is decided now: there is a champion, and all have caught up with the
  // event log.
  bool is_ready() const { return ready_.load(std::memory_order_acquire); }
  // Any thread: who decides.
  std::shared_ptr<const Champion> champion(Domain domain) const;
  Champions champions() const;
  // Any thread; not null. It decides whatever is offered of its domain from now on. Where it
  // remembers other things than who decides now, that one goes on until the states of the new one
  // are filled from the event log; another promotion meanwhile takes its place (ADR 20).
  void set_champion(std::shared_ptr<const Champion> champion);
  // Any thread: the last that was promoted, whether it decides already or waits for its states; who
  // waits, and how far those are; who decides with its states since when.
  std::shared_ptr<const Champion> promoted(Domain domain) const;
  std::vector<Filling> filling() const;
  std::optional<StatesUse> use(Domain domain) const;
  // Any thread. They read other logs from now on; what may be of one that is broken waits in
  // quarantine (kAwaitsMapping).
  void set_mappings(UsableMappings mappings);
  // Any thread: those that were set last.
  std::vector<Mapping> mappings() const;
  std::vector<RefusedMapping> refused_mappings() const;
  std::size_t waiting() const { return queue_.size(); }
  // Any thread: what waits for a champion that can read it, by domain. Of a domain without champion
  // nothing does.
  std::array<KeptCounts, kDomains.size()> kept() const;

  // Any thread but the scorer's: what others must do with what it alone writes. `work` is done
  // between two batches, and the call returns when it is. Errors: of `work`, after which the stores
  // are opened anew; of opening; Unavailable (it has stopped).
  Status with_log(const std::function<Status(EventLog& events)>& work);
  // Has what passes `filter` used again, a few records between two batches, at most `most` behind
  // the one with id `after`: as Quarantine::retry(). What a champion reads is decided, before it
  // leaves the quarantine. Errors: as with_log().
  struct Retried {
    Quarantine::RetryCounts counts;
    std::uint64_t decided = 0;  // of the released; the others are kept
    std::uint64_t last = 0;     // the id of the last one that was tried
    bool more = false;          // there are others behind it
  };
  Result<Retried> retry(const QuarantineFilter& filter, std::uint64_t after, std::size_t most);
  // The same with all of its stores closed; they are opened again behind it.
  Status with_stores_closed(const std::function<Status()>& work);

  // Any thread that reads what was decided: returns once all that was answered before the call is
  // in the event log's index and in the decisions' store. An answer is durable before that.
  void wait_until_readable() { settling_.wait(); }

  void stop();  // decides what waits, then ends

 private:
  Scorer(Champions promoted, Champions deciding, ServiceFiles files, const Clock& clock,
         Metrics& metrics, Activity& activity, FormatWatch& formats);
  Status open();
  Status prepare();
  Status catch_up();
  // Of champions (scorer_champions.cc):
  Champions promoted() const;
  Status find_who_decides();
  void note_who_decides();
  void take_up_at_once(const Champions& promoted);
  Status fill_for(const Champions& promoted);
  Status fill_for(const std::shared_ptr<const Champion>& champion);
  Status end_filling(const std::shared_ptr<const Champion>& champion, const Status& filled);
  void fill_again_later(Domain domain, const Error& error);
  Status switch_to(const std::shared_ptr<const Champion>& champion);
  void drop(std::unique_ptr<StatesFiller>& filler);
  void stop_filling();
  void close_stores();
  void give_up_stores();  // after a failure
  Status settle(bool checkpoints);
  void take_up_mappings();
  RecordReader reader();
  std::vector<ReceivedRecord> without_mails(std::vector<ReceivedRecord> records);
  void run();
  Status score(std::vector<ScoreRequest> batch);
  static void refuse(std::vector<ScoreRequest>& batch, const Error& error);
  std::vector<ScoreRequest> decidable(std::vector<ScoreRequest> batch);
  std::optional<http::Response> settle(ScoreRequest& request, RecordReader& reader) const;
  std::optional<http::Response> undecided(const std::string& mapping) const;
  Domain domain_of(const DecisionRecord& decided) const;
  struct Marks;
  // What was decided of a batch, by event.
  struct Decided {
    std::vector<DecisionRecord> records;
    std::map<Digest, const DecisionRecord*> by_event;
  };
  bool is_for(const DomainDecider& domain, const std::string& mapping) const;
  Result<Decided> decide_all(std::vector<ReceivedOutcome>& outcomes, Marks* marks);
  Result<std::vector<http::Response>> decide(std::vector<ScoreRequest>& batch,
                                             std::vector<ReceivedRecord> beside, Marks* marks);
  http::Response answer_of(const ScoreRequest& request, const ReceivedOutcome& outcome,
                           const DecisionRecord* decided) const;
  Status hand_over_labels();
  Status look_for_labels();
  void note(const ReceivedOutcome& outcome, const DecisionRecord* decided,
            const std::string& source);
  void note_late(const DecisionRecord& decided);
  bool has_backlog() const;
  Status retry_page(const QuarantineFilter& filter, std::size_t most, Retried& retried);
  Status decide_some_kept();
  void tell_kept();
  Status between_batches(std::function<Status()> work);
  void do_errands();
  std::vector<ReceivedRecord> take_of_backlog(bool busy);
  void end_turn_of_backlog(const Status& done);

  mutable std::mutex mutex_;  // of the next eight
  Champions promoted_, champions_;
  std::array<std::optional<StatesUse>, kDomains.size()> uses_;
  // The scorer's thread alone begins and ends them.
  std::array<std::unique_ptr<StatesFiller>, kDomains.size()> fillers_;
  std::array<std::string, kDomains.size()> problems_;  // Filling::problem
  std::array<KeptCounts, kDomains.size()> kept_;
  UsableMappings mappings_;
  bool has_new_mappings_ = false;
  const ServiceFiles files_;
  const Clock* clock_;
  Metrics* metrics_;
  Activity* activity_;
  FormatWatch* formats_;
  WorkQueue<ScoreRequest> queue_{{.items = kQueueRecords, .weight = kQueueBytes}};
  WorkQueue<std::packaged_task<Status()>> errands_{{.items = 1}};  // of between_batches()
  // What work_off() waits for.
  struct Backlog {
    std::vector<ReceivedRecord> records;  // still to be taken
    std::optional<Status> done;
    bool waits = false;  // all that is left are mails, and they have no champion
  };
  mutable std::mutex backlog_mutex_;  // of backlog_
  std::condition_variable_any backlog_done_;
  std::optional<Backlog> backlog_;
  // The scorer's thread:
  std::chrono::steady_clock::time_point busy_until_{};
  Champions open_for_;  // the champions that the stores are open for
  std::optional<std::chrono::steady_clock::time_point> fill_again_;  // after a failure
  LogMappings logs_{{}};
  std::map<std::string, Mapping> mappings_of_logs_;  // the same, by name
  // Null after a failure: nobody knows then what the disk holds, so they are
  // opened again, which finds out.
  std::unique_ptr<ScorerStores> stores_;
  bool caught_up_ = false;
  bool labels_wait_ = false;  // more than were told at once
  std::chrono::steady_clock::time_point looked_for_labels_{};
  std::vector<Digest> in_doubt_;  // whether they are stored, and decided
  std::atomic<bool> ready_{false};
  std::thread thread_;
  Settling settling_{[this] { queue_.nudge(); }};  // any thread
};

}  // namespace winnow::server
