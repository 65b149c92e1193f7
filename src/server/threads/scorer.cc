#include "server/threads/scorer.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/log.h"
#include "base/thread.h"
#include "cases/case_labels.h"
#include "ingest/ingest.h"
#include "server/problem.h"
#include "server/threads/in_doubt.h"

namespace winnow::server {
namespace {

constexpr std::chrono::seconds kTryAgain{1};  // after a failure that no request met
constexpr std::size_t kMostInDoubt = 1'024;   // more than are stored at once
// Without requests for so long, nobody is kept waiting by what can be done later.
constexpr std::chrono::microseconds kQuiet{200};
constexpr std::chrono::seconds kLookForLabels{1};  // and for states to be filled again
constexpr std::string_view kMail = "mail";         // what asks for the mapping of mail rows

void note_decision(RequestTrace* trace, const DecisionRecord* record) {
  if (trace == nullptr || record == nullptr) return;
  trace->add_fact("winnow.decision.id", "d-" + record->decision.id().hex());
  trace->add_fact("winnow.decision.route", std::string(name_of(record->decision.route)));
}

}  // namespace

// When a batch was how far; a moment that it did not reach is zero.
struct Scorer::Marks {
  trace::Time begun = std::chrono::steady_clock::now(), read{}, stored{}, scored{};

  // Notes the moment at which it is called; nothing where nobody wants to know.
  static std::function<void()> at(Marks* marks, trace::Time Marks::*moment) {
    if (marks == nullptr) return {};
    return [marks, moment] { marks->*moment = std::chrono::steady_clock::now(); };
  }
  // The batch's parts are those of each of its requests.
  void tell(const std::vector<ScoreRequest>& batch) const {
    const auto done = std::chrono::steady_clock::now();
    for (const auto& request : batch) {
      auto* const trace = request.ticket.trace();
      if (trace == nullptr) continue;
      trace->add_part("wait", trace->started(), begun);
      const auto part = [&](std::string_view name, trace::Time begin, trace::Time end) {
        if (begin != trace::Time()) trace->add_part(name, begin, end == trace::Time() ? done : end);
      };
      part("read", begun, read);
      part("store record", read, stored);
      part("score", stored, scored);
      part("store decision", scored, done);
    }
  }
};

Scorer::Scorer(Champions promoted, Champions deciding, ServiceFiles files, const Clock& clock,
               Metrics& metrics, Activity& activity, FormatWatch& formats)
    : promoted_(std::move(promoted)),
      champions_(std::move(deciding)),
      files_(std::move(files)),
      clock_(&clock),
      metrics_(&metrics),
      activity_(&activity),
      formats_(&formats) {}

Result<std::unique_ptr<Scorer>> Scorer::start(Champions promoted, Champions deciding,
                                              UsableMappings mappings, std::vector<Digest> in_doubt,
                                              ServiceFiles files, const Clock& clock,
                                              Metrics& metrics, Activity& activity,
                                              FormatWatch& formats) {
  std::unique_ptr<Scorer> scorer(new Scorer(std::move(promoted), std::move(deciding),
                                            std::move(files), clock, metrics, activity, formats));
  scorer->set_mappings(std::move(mappings));
  scorer->in_doubt_ = std::move(in_doubt);
  scorer->open_for_ = scorer->champions_;
  WINNOW_TRY(scorer->open());
  scorer->tell_kept();  // before anybody asks
  scorer->thread_ = start_thread("scorer", [raw = scorer.get()] { raw->run(); });
  return scorer;
}

Scorer::~Scorer() { stop(); }

void Scorer::stop() {
  queue_.close();
  if (thread_.joinable()) thread_.join();
}

bool Scorer::offer(ScoreRequest& request) {
  const auto bytes = bytes_of(request);
  return queue_.push(request, bytes);
}

Status Scorer::open() {
  WINNOW_TRY(find_who_decides());
  WINNOW_TRY(stores_, ScorerStores::open(open_for_, files_, *clock_));
  note_who_decides();
  return {};
}

void Scorer::set_mappings(UsableMappings mappings) {
  {
    const std::lock_guard lock(mutex_);
    mappings_ = std::move(mappings);
    has_new_mappings_ = true;
  }
  queue_.nudge();
}

std::vector<Mapping> Scorer::mappings() const {
  const std::lock_guard lock(mutex_);
  return mappings_.mappings;
}

std::vector<RefusedMapping> Scorer::refused_mappings() const {
  const std::lock_guard lock(mutex_);
  return mappings_.refused;
}

void Scorer::take_up_mappings() {
  UsableMappings now;
  {
    const std::lock_guard lock(mutex_);
    if (!std::exchange(has_new_mappings_, false)) return;
    now = mappings_;
  }
  mappings_of_logs_.clear();
  for (const auto& mapping : now.mappings) mappings_of_logs_.emplace(mapping.name(), mapping);
  logs_ = LogMappings(std::move(now.mappings), now.broken());
}

void Scorer::close_stores() {
  if (!stores_) return;
  stores_->leave();
  stores_.reset();
  settling_.note_settled();
}

// Who waits for what was answered is not kept waiting by a failure: opening the stores settles it.
Status Scorer::settle(bool checkpoints) {
  auto settled = stores_ ? stores_->settle() : Status();
  settling_.note_settled();
  if (settled && stores_ && checkpoints) settled = stores_->checkpoint_at_leisure();
  if (!settled) {
    log::error("what was answered cannot be indexed now", {{"error", settled.error().text()}});
    give_up_stores();
  }
  return settled;
}

void Scorer::give_up_stores() {
  stores_.reset();
  ready_.store(false, std::memory_order_release);
  settling_.note_settled();
}

// Between two batches: what was promoted decides from here on, or waits for its states; what a
// failure closed is opened again, and a log that grew without a bundle is read, while requests wait
// in the queue.
Status Scorer::prepare() {
  take_up_mappings();
  const auto promoted = this->promoted();
  if (promoted != open_for_) take_up_at_once(promoted);
  if (!stores_ || !caught_up_) {
    ready_.store(false, std::memory_order_release);
    caught_up_ = false;
    if (!stores_) WINNOW_TRY(open());
    WINNOW_TRY(catch_up());
    caught_up_ = true;
    ready_.store(!stores_->deciders.empty(), std::memory_order_release);
  }
  return fill_for(promoted);
}

Status Scorer::catch_up() {
  WINNOW_TRY(const auto stored, stored_last(stores_->events, in_doubt_, kMostInDoubt));
  for (const auto& domain : stores_->deciders) {
    std::vector<Digest> owed;
    for (const auto& event : stored) {
      if (is_for(*domain, event.mapping)) owed.push_back(event.digest);
    }
    NoProgress progress;
    WINNOW_TRY(domain->decider.decide_each(owed, progress, [](const DecisionRecord&) {}));
  }
  in_doubt_.clear();
  tell_kept();
  return {};
}

void Scorer::run() {
  for (Status prepared = prepare();;) {
    const bool goes_on =
        prepared && stores_ && (has_backlog() || labels_wait_ || stores_->may_read_kept());
    auto batch = queue_.pop({.items = kBatchRecords, .weight = kBatchBytes},
                            !prepared               ? kTryAgain
                            : goes_on               ? std::chrono::microseconds(0)
                            : settling_.is_needed() ? kQuiet
                                                    : kLookForLabels);
    if (batch && batch->empty() && !goes_on) (void)settle(true);
    do_errands();
    if (!batch) break;
    prepared = prepare();  // behind pop(): what was offered after a promotion is the new one's
    if (!prepared) {
      give_up_stores();
      log::error("nothing can be decided now", {{"error", prepared.error().text()}});
      refuse(*batch, prepared.error());
      end_turn_of_backlog(prepared);
      continue;
    }
    auto decided = decidable(std::move(*batch));
    const bool clients_wait = !decided.empty();
    if (clients_wait || has_backlog()) {
      prepared = score(std::move(decided));
    } else {
      prepared = look_for_labels();
    }
    if (prepared && stores_->may_read_kept()) prepared = decide_some_kept();
    // Clients would wait for a large checkpoint: small ones in between.
    if (prepared && settling_.is_due()) prepared = settle(clients_wait);
  }
  errands_.close();
  do_errands();
  stop_filling();
  close_stores();
}

Status Scorer::hand_over_labels() {
  WINNOW_TRY(const auto told, stores_->labels.hand_over(stores_->events, *clock_, Decider::kBatch));
  labels_wait_ = told == Decider::kBatch;
  looked_for_labels_ = std::chrono::steady_clock::now();
  return {};
}

// Where nothing comes that is decided, so that a training finds them.
Status Scorer::look_for_labels() {
  const auto due = looked_for_labels_ + kLookForLabels;
  if (!labels_wait_ && std::chrono::steady_clock::now() < due) return {};
  auto told = hand_over_labels();
  if (!told) give_up_stores();
  return told;
}

Status Scorer::between_batches(std::function<Status()> work) {
  std::packaged_task<Status()> errand(std::move(work));
  auto done = errand.get_future();
  if (!errands_.push(errand, 1))
    return Error(Code::Unavailable, "the scorer has stopped, or does something else already");
  queue_.nudge();
  return done.get();
}

void Scorer::do_errands() {
  if (auto waiting = errands_.pop({.items = 1}, std::chrono::milliseconds(0))) {
    for (auto& errand : *waiting) errand();
  }
}

Status Scorer::with_log(const std::function<Status(EventLog& events)>& work) {
  return between_batches([this, &work]() -> Status {
    if (stores_) {
      WINNOW_TRY(settle(false));
      auto done = stores_->checkpoint();  // what it removes is not there to be folded again
      if (done) done = work(stores_->events);
      if (!done) give_up_stores();
      return done;
    }
    WINNOW_TRY(auto events, EventLog::open(files_.events, Access::ReadWrite));
    return work(events);
  });
}

Status Scorer::with_stores_closed(const std::function<Status()>& work) {
  return between_batches([this, &work] {
    stop_filling();  // it goes on where it was
    close_stores();
    return work();
  });
}

void Scorer::refuse(std::vector<ScoreRequest>& batch, const Error& error) {
  for (auto& request : batch) {
    http::Response response;
    write_failure(error, response);
    request.ticket.answer(std::move(response));
  }
}

// Who asks about what nobody decides on is told so, before anything of it is kept.
std::vector<ScoreRequest> Scorer::decidable(std::vector<ScoreRequest> batch) {
  auto reader = this->reader();
  std::vector<ScoreRequest> left;
  for (auto& request : batch) {
    if (auto refusal = settle(request, reader)) {
      request.ticket.answer(std::move(*refusal));
    } else {
      left.push_back(std::move(request));
    }
  }
  return left;
}

// What cannot be used goes on: its place is in quarantine.
std::optional<http::Response> Scorer::settle(ScoreRequest& request, RecordReader& reader) const {
  if (request.record) {
    auto& mapping = request.mapping;
    const bool is_known = mapping.empty() || mapping == kMail ||
                          mappings_of_logs_.contains(mapping) || logs_.is_broken(mapping);
    if (!is_known) {
      std::vector<std::string> names;
      for (const auto& [name, known] : mappings_of_logs_) names.push_back(name);
      return no_such_mapping(mapping, names);
    }
    mapping = reader.settle(*request.record, mapping.empty() ? request.source : mapping);
    if (request.record->problem) return std::nullopt;
  }
  return undecided(request.mapping);
}

// Why nobody decides on what this mapping reads; nothing: somebody does, or nobody can tell.
std::optional<http::Response> Scorer::undecided(const std::string& mapping) const {
  if (logs_.is_broken(mapping)) return std::nullopt;
  const auto read_by = mappings_of_logs_.find(mapping);
  const auto domain = read_by == mappings_of_logs_.end() ? Domain::Mail : read_by->second.domain();
  const auto& champion = open_for_[place_of(domain)];
  if (!champion) return no_champion(domain);
  if (!champion->bundle->mapping.reads(mapping)) return not_in_bundle(domain, mapping);
  return std::nullopt;
}

Status Scorer::score(std::vector<ScoreRequest> batch) {
  const auto now = std::chrono::steady_clock::now();
  if (!batch.empty()) busy_until_ = now + kBusy;
  auto beside = take_of_backlog(now < busy_until_);
  if (!has_any(open_for_)) beside = without_mails(std::move(beside));
  const auto records = batch.size() + beside.size();
  metrics_->note_batch(records);
  const auto traced = [](const ScoreRequest& one) { return one.ticket.trace() != nullptr; };
  std::optional<Marks> marks;
  if (std::ranges::any_of(batch, traced)) marks.emplace();
  auto answers = decide(batch, std::move(beside), marks ? &*marks : nullptr);
  if (marks) marks->tell(batch);
  if (answers) settling_.note_answers(records);
  end_turn_of_backlog(answers ? Status() : Status(answers.error()));
  if (answers) {
    for (std::size_t i = 0; i < batch.size(); ++i) {
      activity_->note_latency(batch[i].ticket.waited());
      batch[i].ticket.answer(std::move((*answers)[i]));
    }
    return {};
  }
  give_up_stores();
  refuse(batch, answers.error());
  return answers.error();
}

Status Scorer::work_off(std::vector<ReceivedRecord> records, const std::stop_token& stop) {
  std::unique_lock lock(backlog_mutex_);
  ensure(!backlog_, "one thread has records worked off");
  backlog_ = Backlog{.records = std::move(records), .done = {}};
  queue_.nudge();
  const bool done = backlog_done_.wait(lock, stop, [&] { return backlog_->done.has_value(); });
  auto outcome =
      done ? *backlog_->done : Status(Error(Code::Unavailable, "told to stop before it was done"));
  backlog_.reset();
  return outcome;
}

bool Scorer::has_backlog() const {
  const std::lock_guard lock(backlog_mutex_);
  return backlog_ && !backlog_->done && !backlog_->waits;
}

std::vector<ReceivedRecord> Scorer::take_of_backlog(bool busy) {
  const std::lock_guard lock(backlog_mutex_);
  if (!backlog_ || backlog_->done) return {};
  auto& all = backlog_->records;
  const auto count = static_cast<std::ptrdiff_t>(std::min(all.size(), busy ? kBeside : kAlone));
  std::vector<ReceivedRecord> taken(std::make_move_iterator(all.begin()),
                                    std::make_move_iterator(all.begin() + count));
  all.erase(all.begin(), all.begin() + count);
  return taken;
}

RecordReader Scorer::reader() {
  static const RecordMapping kAnyMail;
  const auto& mail = open_for_[place_of(Domain::Mail)];
  return {mail ? &mail->bundle->mapping.mail() : &kAnyMail, &logs_};
}

// Nothing is deployed yet: mails go back to wait, the rest is history.
std::vector<ReceivedRecord> Scorer::without_mails(std::vector<ReceivedRecord> records) {
  std::vector<ReceivedRecord> others, mails;
  auto reader = this->reader();
  for (auto& record : records) {
    reader.settle(record.record, record.source);
    (is_mail(record.record.form) ? mails : others).push_back(std::move(record));
  }
  if (mails.empty()) return others;
  const std::lock_guard lock(backlog_mutex_);
  auto& left = backlog_->records;
  std::ranges::move(mails, std::back_inserter(left));
  backlog_->waits = std::ranges::all_of(
      left, [](const ReceivedRecord& record) { return is_mail(record.record.form); });
  return others;
}

void Scorer::end_turn_of_backlog(const Status& done) {
  const std::lock_guard lock(backlog_mutex_);
  if (!backlog_ || (done && !backlog_->records.empty())) return;
  backlog_->done = done;
  backlog_done_.notify_all();
}

namespace {

bool reads_alike(const DomainMapping& bundle, const std::string& mapping,
                 const std::map<std::string, Mapping>& content) {
  if (mapping.empty()) return true;  // mail is read by the bundle's mapping already
  const auto of_bundle = std::ranges::find(bundle.logs(), mapping, &Mapping::name);
  const auto of_content = content.find(mapping);
  return of_bundle != bundle.logs().end() && of_content != content.end() &&
         of_bundle->digest() == of_content->second.digest();
}

}  // namespace

// Each domain decides what is its own; the others pass it over on their way through the log.
Result<Scorer::Decided> Scorer::decide_all(std::vector<ReceivedOutcome>& outcomes, Marks* marks) {
  Decided decided;
  std::vector<ReceivedOutcome*> firsts;  // of a record that came twice: as it is stored
  for (auto& outcome : outcomes) {
    if (!outcome.problem && !outcome.is_header &&
        decided.by_event.emplace(outcome.digest, nullptr).second)
      firsts.push_back(&outcome);
  }
  for (const auto& domain : stores_->deciders) {
    std::vector<Digest> wanted;
    Decider::MappedEvents mapped;
    for (auto* const outcome : firsts) {
      if (!is_for(*domain, outcome->mapping)) continue;
      wanted.push_back(outcome->digest);
      // A bundle decides on what its own mapping reads, which may be older than content's.
      if (outcome->event &&
          reads_alike(domain->bundle->mapping, outcome->mapping, mappings_of_logs_))
        mapped.emplace(outcome->digest, *std::exchange(outcome->event, std::nullopt));
    }
    NoProgress progress;
    domain->decider.on_scored(Marks::at(marks, &Marks::scored));
    auto scored = domain->decider.decide(wanted, mapped, progress);
    domain->decider.on_scored({});  // the marks end with this call
    WINNOW_TRY(auto records, std::move(scored));
    std::ranges::move(records, std::back_inserter(decided.records));
  }
  for (const auto& record : decided.records) decided.by_event[record.decision.event] = &record;
  tell_kept();
  return decided;
}

// What each of the batch is told; an error is all of theirs.
Result<std::vector<http::Response>> Scorer::decide(std::vector<ScoreRequest>& batch,
                                                   std::vector<ReceivedRecord> beside,
                                                   Marks* marks) {
  std::vector<ReceivedRecord> records;
  for (auto& request : batch) records.push_back(take_record(request));
  std::move(beside.begin(), beside.end(), std::back_inserter(records));
  std::vector<std::string> sources;
  for (const auto& record : records) sources.push_back(record.source);
  in_doubt_ = digests_of(records);
  // What people found out since counts for what is decided now (ADR 4).
  WINNOW_TRY(hand_over_labels());
  auto reader = this->reader();
  WINNOW_TRY(auto outcomes,
             ingest_received(std::move(records), reader, stores_->events, stores_->quarantine,
                             *clock_, Marks::at(marks, &Marks::read)));
  if (marks != nullptr) marks->stored = std::chrono::steady_clock::now();
  WINNOW_TRY(auto decided, decide_all(outcomes, marks));
  in_doubt_.clear();
  std::vector<http::Response> answers;
  std::set<Digest> counted;  // a record may come twice in a batch
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const auto& outcome = outcomes[i];
    const bool is_record = !outcome.problem && !outcome.is_header;
    const auto* const record = is_record ? decided.by_event[outcome.digest] : nullptr;
    const bool is_waited_for = i < batch.size();
    const bool is_first = outcome.is_header || counted.insert(outcome.digest).second;
    if (is_waited_for || (!outcome.known && is_first)) note(outcome, record, sources[i]);
    if (!is_waited_for) continue;
    note_decision(batch[i].ticket.trace(), record);
    answers.push_back(answer_of(batch[i], outcome, record));
  }
  return answers;
}

http::Response Scorer::answer_of(const ScoreRequest& request, const ReceivedOutcome& outcome,
                                 const DecisionRecord* decided) const {
  const bool is_of_log = request.record.has_value();
  const auto what = is_of_log ? "record" : "mail";
  if (outcome.is_header) return header_line();
  if (outcome.problem) return quarantined(what, *outcome.problem);
  if (decided == nullptr) return not_read_by_champion(what);
  return is_of_log ? server::decided(*decided, domain_of(*decided), outcome.mapping)
                   : server::decided(*decided);
}

Domain Scorer::domain_of(const DecisionRecord& decided) const {
  const auto domain = std::ranges::find_if(stores_->deciders, [&](const auto& one) {
    return one->bundle->pipeline.bundle() == decided.decision.bundle;
  });
  return domain == stores_->deciders.end() ? Domain::Mail : (*domain)->bundle->mapping.domain();
}

void Scorer::note(const ReceivedOutcome& outcome, const DecisionRecord* decided,
                  const std::string& source) {
  if (outcome.is_header) return metrics_->note_header();
  if (decided != nullptr) {
    const auto& decision = decided->decision;
    metrics_->note_decision(decision.route);
    activity_->note_decision({source, outcome.mapping, decision.event_time}, domain_of(*decided),
                             decision.route);
  } else if (outcome.problem) {
    metrics_->note_quarantined();
    activity_->note_quarantined(source);
  } else {
    metrics_->note_kept();
    activity_->note_kept(
        {source, outcome.mapping, outcome.event ? outcome.event->time() : clock_->now()});
  }
  const bool is_of_log = !outcome.mapping.empty() ||
                         (outcome.problem && outcome.problem->kind == ProblemKind::UnknownFormat);
  if (is_of_log)
    formats_->note(source, !outcome.problem, outcome.problem ? std::nullopt : outcome.keys);
}

}  // namespace winnow::server
