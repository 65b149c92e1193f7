#include "server/receivers/tail.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/log.h"
#include "base/thread.h"
#include "ingest/records/line_joiner.h"
#include "server/endpoints/receiving.h"
#include "server/receivers/folder_watch.h"
#include "server/receivers/outgoing.h"
#include "server/receivers/tail_names.h"
#include "server/receivers/tailed_file.h"

namespace winnow::server {
namespace {

using Time = std::chrono::steady_clock::time_point;
constexpr std::chrono::minutes kRepeat{5};  // of an alarm

// A line as what it may be: an object, a row below header lines, or what a syslog daemon writes.
RecordForm form_of(std::string_view line, const LogHeader& header) {
  if (line.starts_with('{')) return RecordForm::LogJson;
  return header.is_of_row(line) ? RecordForm::LogRow : RecordForm::SyslogLog;
}

std::uint64_t millis_of(Time time) {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count());
}

// The path that a log had before rotation gave its file a number: "eve.json" also of eve.json.1.
Path log_of(const Path& path) {
  auto name = path;
  const auto is_number = [](const std::string& extension) {
    return extension.size() > 1 &&
           extension.find_first_not_of("0123456789", 1) == std::string::npos;
  };
  while (is_number(name.extension().string())) name.replace_extension();
  return name;
}

}  // namespace

// All of it belongs to the one thread, but for what says otherwise.
class Tail::Loop {
 public:
  Loop(const TailOptions& options, TailPositions positions, Intake& intake)
      : options_(options),
        positions_(std::move(positions)),
        batch_bytes_(Outgoing::batch_bytes(intake)),
        outgoing_(intake, [bell = watch_.bell()] { bell->ring(); }) {}

  // Errors: Corrupt (what the positions keep of open events).
  Status restore() {
    for (const auto& [log, events] : positions_.open_events) {
      WINNOW_TRY(open_events_[log], LineJoiner::from_state(events));
    }
    return {};
  }
  void start() {
    thread_ = start_thread("tail", [this] { run(); });
  }
  void stop() {  // any thread
    stopping_ = true;
    watch_.bell()->ring();
    if (thread_.joinable()) thread_.join();
  }
  const TailUse& use() const { return use_; }

 private:
  struct Record {
    std::string text;
    RecordForm form;
    bool cut = false;
    std::size_t lines = 1;
  };
  void run();
  bool wait(bool more);
  void find_files();
  void find_renamed();
  void add(const std::string& path, const FileId& id);
  bool read();
  bool give_turn(std::map<FileId, TailedFile>::iterator file, std::vector<Delivery>& deliveries);
  void count(const std::vector<Record>& records);
  void tell_use();
  bool read_lines(TailedFile& file, bool is_last, bool& more, std::vector<Record>& records);
  void take_joined(LineJoiner& joiner, std::vector<Record>& records);
  std::optional<Delivery> deliver(const std::string& path, const std::vector<Record>& records);
  std::vector<Delivery> deliver_ended();
  void end_silent_events();
  std::vector<FileId> rotated_files() const;
  std::string source_of_file(const std::string& path) const;
  bool is_over(const TailedFile& file) const;
  void commit();

  const TailOptions options_;
  TailPositions positions_;  // as they are on disk
  std::map<FileId, TailedFile> files_;
  std::set<FileId> present_;                       // that the patterns name now
  std::map<std::string, LineJoiner> open_events_;  // by log_of()
  bool to_commit_ = false;                         // what is on its way brings positions forward
  Time now_ = std::chrono::steady_clock::now(), next_alarm_{};
  Time next_look_{};
  FileId served_;  // whose turn was the last
  TailUse use_;
  FolderWatch watch_;
  std::atomic<bool> stopping_{false};  // seq_cst: it is read once a turn
  const std::size_t batch_bytes_;      // of all files; a file has a quarter of it a turn
  Outgoing outgoing_;
  std::thread thread_;
};

void Tail::Loop::run() {
  find_files();
  find_renamed();
  bool more = true;
  do {
    now_ = std::chrono::steady_clock::now();
    outgoing_.look(now_);
    if (!outgoing_.is_free()) continue;
    if (std::exchange(to_commit_, false)) commit();
    if (now_ >= next_look_) find_files();
    more = read();
    end_silent_events();
    tell_use();
  } while (wait(more));
  if (to_commit_ && outgoing_.is_free()) commit();
}

// False: to stop.
bool Tail::Loop::wait(bool more) {
  // Who waits for the disk is rung; a refused batch is offered again after a while.
  const bool is_due_soon =
      !watch_.works() || outgoing_.is_waiting_to_offer() || !open_events_.empty();
  const auto patience = more && outgoing_.is_free() ? std::chrono::milliseconds(0)
                        : is_due_soon               ? options_.look
                                                    : options_.look_anyway;
  if (watch_.wait(patience)) next_look_ = {};
  return !stopping_;
}

void Tail::Loop::find_files() {
  next_look_ = now_ + (watch_.works() ? options_.look_anyway : options_.look);
  present_.clear();
  use_.left_out = 0;
  for (const auto& pattern : options_.files) watch_.follow(Path(pattern).parent_path().string());
  for (const auto& path : files_matching(options_.files)) {
    const auto id = file_id_of(path);
    if (!id || !present_.insert(*id).second) continue;
    if (const auto known = files_.find(*id); known != files_.end()) {
      known->second.rename(path);
    } else {
      add(path, *id);
    }
  }
}

void Tail::Loop::add(const std::string& path, const FileId& id) {
  if (files_.size() >= options_.most_files) {
    use_.left_out.fetch_add(1, std::memory_order_relaxed);
    if (now_ < next_alarm_) return;
    next_alarm_ = now_ + kRepeat;
    return log::warn("too many files are tailed: some are left out",
                     {{"files", files_.size()}, {"left_out", path}});
  }
  auto file = TailedFile::open(path, now_);
  if (!file || file->id() != id) return;  // it is looked for again
  if (const auto left = positions_.files.find(id); left != positions_.files.end())
    file->go_on(left->second);
  files_.emplace(id, std::move(*file));
  watch_.follow(Path(path).parent_path().string());
}

// What was renamed while nobody looked, and is no longer named by a pattern.
void Tail::Loop::find_renamed() {
  for (const auto& [id, position] : positions_.files) {
    if (files_.contains(id)) continue;
    const auto name = name_of(id, Path(position.path).parent_path());
    if (name && !is_packed(*name)) {
      add(*name, id);
    } else {
      use_.lost.fetch_add(1, std::memory_order_relaxed);
      log::warn("a tailed file is gone: what was appended to it since is not read",
                {{"file", position.path}, {"read_bytes", position.offset}});
    }
  }
}

bool Tail::Loop::is_over(const TailedFile& file) const {
  return !present_.contains(file.id()) && now_ - file.last_growth() >= options_.rotated;
}

// The name without extension, which rotation does not change: "eve" also of eve.json.1.
std::string Tail::Loop::source_of_file(const std::string& path) const {
  if (!options_.source.empty()) return options_.source;
  const auto stem = log_of(path).stem().string();
  return is_source_name(stem) ? stem : "tail";
}

void Tail::Loop::take_joined(LineJoiner& joiner, std::vector<Record>& records) {
  while (auto joined = joiner.take()) {
    const auto form = joined->lines > 1 ? RecordForm::SyslogLines : RecordForm::SyslogLog;
    records.push_back({std::move(joined->raw), form, false, joined->lines});
  }
}

// What the file gives in its turn; whether it has gone on. A row takes its header along.
bool Tail::Loop::read_lines(TailedFile& file, bool is_last, bool& more,
                            std::vector<Record>& records) {
  bool has_gone_on = false;
  auto& events = open_events_[log_of(file.position().path).string()];
  const auto take = [&](std::string_view line, bool cut) {
    has_gone_on = true;
    const auto& header = file.position().header;
    const auto form = form_of(line, header);
    const bool is_joined =
        form == RecordForm::SyslogLog && !cut && events.add(line, 0, millis_of(now_));
    if (!is_joined) {
      records.push_back({form == RecordForm::LogRow ? header.lines() : std::string(), form, cut});
      records.back().text += line;
    }
    take_joined(events, records);
  };
  more = file.read(batch_bytes_ / 4, options_.max_line, is_last, now_, take) || more;
  return has_gone_on;
}

void Tail::Loop::count(const std::vector<Record>& records) {
  std::uint64_t lines = 0, bytes = 0, cut = 0;
  for (const auto& record : records) {
    lines += record.lines;
    bytes += record.text.size();
    cut += record.cut ? 1 : 0;
  }
  use_.lines.fetch_add(lines, std::memory_order_relaxed);
  use_.bytes.fetch_add(bytes, std::memory_order_relaxed);
  use_.cut.fetch_add(cut, std::memory_order_relaxed);
}

std::optional<Delivery> Tail::Loop::deliver(const std::string& path,
                                            const std::vector<Record>& records) {
  count(records);
  if (records.empty()) return std::nullopt;
  std::vector<EnvelopedRecord> enveloped;
  for (const auto& record : records)
    enveloped.push_back({.form = record.form, .raw = record.text, .cut = record.cut});
  return deliver_records(source_of_file(path), "tail " + path, enveloped);
}

// An event that ended because nothing came for it is given only when its end is on disk: else,
// after a crash, lines that came since would belong to it.
void Tail::Loop::end_silent_events() {
  for (auto& [log, events] : open_events_) {
    events.end_before(millis_of(now_ - options_.event));
    to_commit_ = to_commit_ || events.has_ended();
  }
}

std::vector<Delivery> Tail::Loop::deliver_ended() {
  std::vector<Delivery> deliveries;
  for (auto& [log, events] : open_events_) {
    std::vector<Record> records;
    take_joined(events, records);
    if (auto delivery = deliver(log, records)) deliveries.push_back(std::move(*delivery));
  }
  to_commit_ = to_commit_ || !deliveries.empty();
  return deliveries;
}

void Tail::Loop::tell_use() {
  std::uint64_t behind = 0;
  for (const auto& [id, file] : files_) behind += file.behind();
  use_.behind.store(behind, std::memory_order_relaxed);
  use_.files.store(files_.size(), std::memory_order_relaxed);
}

// Whether there may be more in it; one that has ended is closed.
bool Tail::Loop::give_turn(std::map<FileId, TailedFile>::iterator file,
                           std::vector<Delivery>& deliveries) {
  auto& followed = file->second;
  served_ = file->first;
  const bool is_last = is_over(followed);
  const auto path = followed.position().path;
  const auto begun_anew = followed.times_begun_anew();
  bool more = false;
  std::vector<Record> records;
  const bool has_gone_on = read_lines(followed, is_last, more, records);
  use_.anew.fetch_add(followed.times_begun_anew() - begun_anew, std::memory_order_relaxed);
  if (auto delivery = deliver(path, records)) deliveries.push_back(std::move(*delivery));
  const bool has_ended = is_last && !has_gone_on;
  to_commit_ = to_commit_ || has_ended || has_gone_on;
  if (has_ended) files_.erase(file);
  return more;
}

// That are not where their log grows any more, and have something.
std::vector<FileId> Tail::Loop::rotated_files() const {
  std::vector<FileId> rotated;
  for (const auto& [id, file] : files_) {
    const Path path = file.position().path;
    if ((!present_.contains(id) || log_of(path) != path) && file.behind() > 0)
      rotated.push_back(id);
  }
  return rotated;
}

// One batch, to the intake, whether there may be more. What was rotated away comes in front of what
// its log went on with, since an event may be in both. Else the next file is the one behind whose
// turn was the last, so that however fast some grow, all are read.
bool Tail::Loop::read() {
  auto deliveries = deliver_ended();
  std::size_t bytes = 0;
  bool more = false;
  const auto turn = [&](std::map<FileId, TailedFile>::iterator file) {
    const auto before = deliveries.size();
    const bool has_more = give_turn(file, deliveries);
    if (deliveries.size() > before) bytes += deliveries.back().bytes.size();
    more = has_more || more;
    return has_more;
  };
  std::set<Path> unfinished;
  const auto last_served = served_;
  for (const auto& id : rotated_files()) {
    const auto file = files_.find(id);
    const auto log = log_of(file->second.position().path);
    if (bytes >= batch_bytes_ || turn(file)) unfinished.insert(log);
  }
  served_ = last_served;
  for (auto turns = files_.size(); turns > 0 && bytes < batch_bytes_; --turns) {
    auto file = files_.upper_bound(served_);
    if (file == files_.end()) file = files_.begin();
    if (unfinished.contains(file->second.position().path)) {
      served_ = file->first;
    } else {
      turn(file);
    }
  }
  std::erase_if(open_events_, [](const auto& of_log) { return of_log.second.is_empty(); });
  if (!deliveries.empty()) outgoing_.send(std::move(deliveries), now_);
  return more || bytes >= batch_bytes_;
}

void Tail::Loop::commit() {
  TailPositions positions;
  for (const auto& [id, file] : files_) positions.files[id] = file.position();
  for (const auto& [log, events] : open_events_) positions.open_events[log] = events.state();
  if (const auto written = write_positions(options_.positions, positions); !written) {
    log::error("how far tailed files were read is not on disk; after a restart lines come again",
               {{"error", written.error().text()}});
    return;
  }
  positions_ = std::move(positions);
}

Tail::Tail(std::unique_ptr<Loop> loop) : loop_(std::move(loop)) {}
Tail::~Tail() { stop(); }
void Tail::stop() { loop_->stop(); }
const TailUse& Tail::use() const { return loop_->use(); }

Result<std::unique_ptr<Tail>> Tail::start(const TailOptions& options, Intake& intake) {
  WINNOW_TRY(auto positions, read_positions(options.positions));
  auto loop = std::make_unique<Loop>(options, std::move(positions), intake);
  WINNOW_TRY(loop->restore());
  loop->start();
  return std::unique_ptr<Tail>(new Tail(std::move(loop)));
}

}  // namespace winnow::server
