#include "ingest/ingest.h"

#include <fmt/format.h>

#include "ingest/records/log_source.h"
#include "ingest/records/ndjson_reader.h"
#include "ingest/records/syslog.h"

namespace winnow {
namespace {

// A batch is one commit: large enough that the disk's wait is shared, and that many of its digests,
// which lie anywhere in the index, share a page that is written; small enough to hold.
constexpr std::size_t kBatchRecords = 10'000;
constexpr std::size_t kBatchBytes = 8UL << 20;
constexpr std::string_view kOptionOrigin = "option";
constexpr std::string_view kColumnOrigin = "column";

std::string source_name_of(const Path& input) {
  if (input == "-") return "standard-input";
  // "mails/" names the folder "mails".
  const Path name = input.has_filename() ? input : input.parent_path();
  // "trail.json.gz" is from "trail".
  const bool is_packed = name.extension() == ".gz" || name.extension() == ".zst";
  return (is_packed ? name.stem() : name).stem().string();
}

// A file that cannot be read at all is told before anything of the others is stored. What is no
// regular file can be opened only once.
Status check_logs(std::span<const Path> inputs, const ReadLimits& limits) {
  for (const Path& input : inputs) {
    std::error_code error;
    if (std::filesystem::is_regular_file(input, error)) WINNOW_TRY(open_log(input, limits));
  }
  return {};
}

class Intake {
 public:
  Intake(RecordReader& reader, EventLog& log, Quarantine& quarantine, const IngestOptions& options,
         const Clock& clock)
      : reader_(&reader), log_(log), quarantine_(quarantine), options_(options), clock_(clock) {}

  Status read(const Path& input, RecordSource& source, Progress& progress);
  Result<std::vector<ReceivedOutcome>> receive(std::span<ReceivedRecord> records);  // moves them
  const IngestReport& report() const { return report_; }

 private:
  struct Item {
    RawRecord record;
    std::string source;
    std::string mapping = {};                 // that read or refused it, where it is no mail
    bool known = false;                       // stored already
    std::optional<Timestamp> received;        // absent: now
    std::optional<Timestamp> event_time;      // absent: as of its arrival
    std::optional<ocsf::ClassUid> class_uid;  // that it became; absent: it was not mapped now
    std::optional<ocsf::Event> event;         // kept where somebody is told the outcomes
    std::optional<KeyCounts> keys;            // likewise
    bool is_header = false;
    Label label = Label::None;
    std::string label_origin;

    Timestamp time(Timestamp now) const { return event_time.value_or(received.value_or(now)); }
  };

  Status take(ReceivedRecord received, std::string_view named);
  void give_label(Item& item) const;
  void map(Item& item, const std::optional<StoredEvent>& stored);
  Status map_batch();
  Status flush();

  RecordReader* reader_;
  EventLog& log_;
  Quarantine& quarantine_;
  const IngestOptions& options_;
  const Clock& clock_;
  std::vector<Item> batch_;
  std::size_t batch_bytes_ = 0;
  std::vector<ReceivedOutcome>* outcomes_ = nullptr;  // of receive(), while it runs
  IngestReport report_;
};

void Intake::give_label(Item& item) const {
  const Label own = item.record.label;
  if (own != Label::None && options_.label != Label::None && own != options_.label &&
      !item.record.problem) {
    item.record.problem =
        Problem{ProblemKind::BadLabel, fmt::format("the record says '{}', the option says '{}'",
                                                   name_of(own), name_of(options_.label))};
  }
  item.label = own != Label::None ? own : options_.label;
  if (item.label != Label::None) {
    item.label_origin = own != Label::None ? kColumnOrigin : kOptionOrigin;
  }
}

// Mapping costs far more than a look into the index: what is stored is not mapped again. Of what
// was removed these are the only bytes, for whoever has it decided now.
void Intake::map(Item& item, const std::optional<StoredEvent>& stored) {
  item.known = stored.has_value();
  if (stored && (!stored->removed || outcomes_ == nullptr)) {
    item.mapping = stored->mapping;
    return;
  }
  const auto arrived = item.received.value_or(clock_.now());
  auto event =
      reader_->read(item.record, item.mapping, {.reported = item.event_time, .arrived = arrived});
  if (event) item.class_uid = event->class_uid();
  if (!event) {
    item.record.problem = Problem{ProblemKind::Unmapped, event.error().text()};
  } else if (stored) {
    item.event_time = stored->event_time;  // by which it stands in the log
  } else if (event->time() > Timestamp()) {
    item.event_time = event->time();
  } else if (!item.event_time && !item.record.note) {
    item.record.note = Problem{ProblemKind::BadDate, "no usable date"};
  }
  if (event && outcomes_ != nullptr) {
    item.event = std::move(*event);
    item.keys = reader_->count_keys(item.record, item.mapping, arrived);
  }
}

Status Intake::map_batch() {
  std::vector<Digest> digests;
  digests.reserve(batch_.size());
  for (const Item& item : batch_) digests.push_back(item.record.digest);
  WINNOW_TRY(const auto stored, log_.look_up(digests));
  for (std::size_t i = 0; i < batch_.size(); ++i) {
    if (!batch_[i].record.problem && !batch_[i].is_header) map(batch_[i], stored[i]);
  }
  return {};
}

Status Intake::take(ReceivedRecord received, std::string_view named) {
  batch_bytes_ += received.record.raw.size();
  Item& item = batch_.emplace_back();
  item.record = std::move(received.record);
  item.source = std::move(received.source);
  item.received = received.received;
  item.event_time = received.reported_at;
  item.mapping = reader_->settle(item.record, named);
  item.is_header = reader_->is_header(item.record, item.mapping);
  give_label(item);
  return batch_.size() < kBatchRecords && batch_bytes_ < kBatchBytes ? Status() : flush();
}

Status Intake::flush() {
  WINNOW_TRY(map_batch());
  const Timestamp now = clock_.now();
  std::vector<NewEvent> events;
  events.reserve(batch_.size());
  std::vector<NewQuarantined> unusable;
  std::uint64_t headers = 0;
  for (const Item& item : batch_) {
    const RawRecord& record = item.record;
    if (item.is_header) {
      ++headers;
      continue;
    }
    if (record.problem) {
      unusable.push_back({.record = &record,
                          .mapping = item.mapping,
                          .source = item.source,
                          .label = item.label,
                          .label_origin = item.label_origin});
      ++report_.problems[record.problem->kind];
      report_.unrecognised += record.problem->kind == ProblemKind::UnknownFormat ? 1 : 0;
      continue;
    }
    ++report_.made[{item.mapping, item.class_uid}];
    if (record.note) ++report_.problems[record.note->kind];
    events.push_back({.form = record.form,
                      .mapping = item.mapping,
                      .raw = record.raw,
                      .digest = record.digest,
                      .event_time = item.time(now),
                      .received_time = item.received.value_or(now),
                      .source = item.source,
                      .label = item.label,
                      .label_origin = item.label_origin});
  }
  if (options_.on_read) options_.on_read();
  WINNOW_TRY(const auto quarantined, quarantine_.add(unusable, now));
  WINNOW_TRY(const AppendCounts appended, log_.append(events));
  for (const NewEvent& event : events) {
    if (options_.on_usable) options_.on_usable(event.digest);
  }
  if (outcomes_ != nullptr) {
    for (Item& item : batch_) {
      auto& outcome = outcomes_->emplace_back(item.record.digest, item.mapping, item.known,
                                              item.record.problem, item.keys, std::nullopt);
      if (item.event) outcome.event = std::move(*item.event).at(item.time(now));
      outcome.is_header = item.is_header;
    }
  }
  report_.read += batch_.size() - headers;
  report_.headers += headers;
  report_.stored += appended.stored;
  report_.duplicates += appended.duplicates;
  report_.labelled += appended.labelled;
  report_.label_conflicts += appended.label_conflicts;
  report_.unusable += unusable.size();
  report_.quarantined += quarantined;
  batch_.clear();
  batch_bytes_ = 0;
  return {};
}

Status Intake::read(const Path& input, RecordSource& source, Progress& progress) {
  const Timestamp started = clock_.now();
  const auto name = options_.source.empty() ? source_name_of(input) : options_.source;
  progress.stage(input.string(), source.bytes_total());
  std::uint64_t told = 0;
  for (;;) {
    RawRecord record;
    const auto more = source.next(record);
    if (!more) report_.ended_by = more.error();  // what stands before a damaged place is kept
    if (!more || !*more) break;
    WINNOW_TRY(take({std::move(record), name}, options_.mapping));
    progress.advance(source.bytes_read() - told);
    told = source.bytes_read();
  }
  WINNOW_TRY(flush());
  report_.bytes += source.bytes_read();
  report_.files_skipped += source.files_skipped();
  report_.seconds += std::chrono::duration<double>(clock_.now() - started).count();
  return {};
}

Result<std::vector<ReceivedOutcome>> Intake::receive(std::span<ReceivedRecord> records) {
  std::vector<ReceivedOutcome> outcomes;
  outcomes.reserve(records.size());
  batch_.reserve(std::min(records.size(), kBatchRecords));
  outcomes_ = &outcomes;
  for (auto& record : records) {
    const auto named = record.mapping.empty() ? record.source : record.mapping;
    WINNOW_TRY(take(std::move(record), named));
  }
  WINNOW_TRY(flush());
  outcomes_ = nullptr;
  return outcomes;
}

RawRecord received(RecordForm form, std::string raw) {
  RawRecord record;
  record.form = form;
  record.size = raw.size();
  record.digest = sha256(raw);
  record.raw = std::move(raw);
  return record;
}

// When it happened, as the header says that it came with.
std::optional<Timestamp> reported_time(const RawRecord& record, Timestamp received) {
  if (record.form != RecordForm::SyslogLog && record.form != RecordForm::SyslogLines)
    return std::nullopt;
  const auto time = read_syslog(record.raw).time;
  return time ? std::optional(time->at(received)) : std::nullopt;
}

Result<LogMappings::Mapped> read_as(std::string_view named, RawRecord& record, Timestamp received,
                                    RecordReader& reader) {
  auto mapping = reader.settle(record, named);
  if (record.problem) return Error(Code::InvalidArgument, record.problem->message);
  WINNOW_TRY(auto event,
             reader.read(record, mapping,
                         {.reported = reported_time(record, received), .arrived = received}));
  return LogMappings::Mapped{std::move(mapping), std::move(event)};
}

}  // namespace

Result<IngestReport> ingest_mail(std::span<const Path> inputs, const RecordMapping& mapping,
                                 EventLog& log, Quarantine& quarantine,
                                 const IngestOptions& options, const Clock& clock,
                                 Progress& progress) {
  RecordReader reader(&mapping, nullptr);
  Intake intake(reader, log, quarantine, options, clock);
  for (const Path& input : inputs) {
    WINNOW_TRY(auto source, open_record_source(input, options.format, options.limits));
    WINNOW_TRY(intake.read(input, *source, progress));
    if (intake.report().ended_by) break;
  }
  return intake.report();
}

Result<IngestReport> ingest_logs(std::span<const Path> inputs, LogMappings& mappings, EventLog& log,
                                 Quarantine& quarantine, const IngestOptions& options,
                                 const Clock& clock, Progress& progress) {
  WINNOW_TRY(check_logs(inputs, options.limits));
  RecordReader reader(nullptr, &mappings);
  Intake intake(reader, log, quarantine, options, clock);
  for (const Path& input : inputs) {
    WINNOW_TRY(auto source, open_log(input, options.limits));
    WINNOW_TRY(intake.read(input, *source, progress));
    if (intake.report().ended_by) break;
  }
  return intake.report();
}

Result<std::vector<ReceivedOutcome>> ingest_received(std::vector<ReceivedRecord> records,
                                                     RecordReader& reader, EventLog& log,
                                                     Quarantine& quarantine, const Clock& clock,
                                                     std::function<void()> read) {
  IngestOptions options;
  options.on_read = std::move(read);
  return Intake(reader, log, quarantine, options, clock).receive(records);
}

RawRecord received_mail(std::string raw, const ReadLimits& limits) {
  auto record = received(RecordForm::Mail, std::move(raw));
  check_mail(record, limits);
  return record;
}

RawRecord received_log(RecordForm form, std::string raw, const ReadLimits& limits) {
  auto record = received(form, std::move(raw));
  keep_front(record, limits);
  return record;
}

namespace {

// A quarantined record that can be used now, and how it is stored, but for its bytes.
struct Usable {
  RawRecord record;
  NewEvent event;
};

Result<Usable> use_again(const QuarantinedRecord& record, std::string_view raw,
                         RecordReader& reader, Label label) {
  if (record.kept_bytes != record.size) {
    return Error(Code::Unsupported,
                 fmt::format("only {} of its {} bytes are kept", record.kept_bytes, record.size))
        .with_hint(fmt::format("it stands in {}", record.position.text()));
  }
  auto again = received(record.form, std::string(raw));
  auto read = read_as(record.mapping, again, record.first_seen, reader);
  const bool waits = !read && read.error().message() == kAwaitsMapping;
  if (!read && !record.mapping.empty() && !waits) {
    // It may be another mapping's business since.
    auto other = received(record.form, std::string(raw));
    if (auto by_other = read_as({}, other, record.first_seen, reader)) {
      again = std::move(other);
      read = std::move(by_other);
    }
  }
  if (!read) return std::move(read).error();
  const auto time = read->event.time();
  NewEvent stored{.form = again.form,
                  .mapping = read->mapping,
                  .digest = again.digest,
                  .event_time = time > Timestamp() ? time : record.first_seen,
                  .received_time = record.first_seen,
                  .source = record.source,
                  .label = label,
                  .label_origin = std::string(label == Label::None ? "" : kOptionOrigin)};
  if (label == Label::None) {
    Label own = Label::None;
    if (is_mail(again.form)) {
      WINNOW_TRY(own, own_label(again.form, again.raw));
    }
    stored.label = own != Label::None ? own : record.label;
    stored.label_origin = own != Label::None ? std::string(kColumnOrigin) : record.label_origin;
  }
  return Usable{std::move(again), std::move(stored)};
}

}  // namespace

Result<std::vector<Result<Released>>> store_quarantined(std::span<const QuarantinedRecord> records,
                                                        std::span<const std::string> raws,
                                                        RecordReader& reader, EventLog& log,
                                                        Label label) {
  std::vector<Result<Released>> outcomes;
  std::vector<Usable> usable;
  for (std::size_t i = 0; i < records.size(); ++i) {
    auto used = use_again(records[i], raws[i], reader, label);
    if (!used) {
      outcomes.push_back(std::move(used).error());
      continue;
    }
    outcomes.push_back(Released{used->event.digest, used->event.mapping});
    usable.push_back(std::move(*used));
  }
  std::vector<NewEvent> events;
  for (const auto& one : usable) {
    events.push_back(one.event);
    events.back().raw = one.record.raw;
  }
  WINNOW_TRY(log.append(events));
  return outcomes;
}

Result<Released> store_quarantined(const QuarantinedRecord& record, std::string_view raw,
                                   RecordReader& reader, EventLog& log, Label label) {
  const std::string bytes(raw);
  WINNOW_TRY(auto outcomes, store_quarantined({&record, 1}, {&bytes, 1}, reader, log, label));
  return std::move(outcomes.front());
}

}  // namespace winnow
