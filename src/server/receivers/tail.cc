#include "server/receivers/tail.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/log.h"
#include "base/thread.h"
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

}  // namespace

// All of it belongs to the one thread, but for what says otherwise.
class Tail::Loop {
 public:
  Loop(const TailOptions& options, TailPositions positions, Intake& intake)
      : options_(options),
        positions_(std::move(positions)),
        batch_bytes_(Outgoing::batch_bytes(intake)),
        outgoing_(intake, [bell = watch_.bell()] { bell->ring(); }) {}

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
  struct Line {
    std::string text;
    RecordForm form;
    bool cut;
  };
  void run();
  bool wait(bool more);
  void find_files();
  void find_renamed();
  void add(const std::string& path, const FileId& id);
  bool read();
  bool give_turn(std::map<FileId, TailedFile>::iterator file, std::vector<Delivery>& deliveries);
  void count(const TailedFile& file, const std::vector<Line>& lines, std::uint64_t begun_anew);
  void tell_use();
  std::vector<Line> lines_of(TailedFile& file, bool is_last, bool& more);
  std::string source_of_file(const std::string& path) const;
  bool is_over(const TailedFile& file) const;
  void commit();

  const TailOptions options_;
  TailPositions positions_;  // as they are on disk
  std::map<FileId, TailedFile> files_;
  std::set<FileId> present_;  // that the patterns name now
  bool to_commit_ = false;    // what is on its way brings positions forward
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
    tell_use();
  } while (wait(more));
  if (to_commit_ && outgoing_.is_free()) commit();
}

// False: to stop.
bool Tail::Loop::wait(bool more) {
  // Who waits for the disk is rung; a refused batch is offered again after a while.
  const auto patience = more && outgoing_.is_free() ? std::chrono::milliseconds(0)
                        : !watch_.works() || outgoing_.is_waiting_to_offer() ? options_.look
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
  if (const auto left = positions_.find(id); left != positions_.end()) file->go_on(left->second);
  files_.emplace(id, std::move(*file));
  watch_.follow(Path(path).parent_path().string());
}

// What was renamed while nobody looked, and is no longer named by a pattern.
void Tail::Loop::find_renamed() {
  for (const auto& [id, position] : positions_) {
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
  auto name = Path(path).filename();
  const auto is_number = [](const std::string& extension) {
    return extension.size() > 1 &&
           extension.find_first_not_of("0123456789", 1) == std::string::npos;
  };
  while (is_number(name.extension().string())) name = name.stem();
  const auto stem = name.stem().string();
  return is_source_name(stem) ? stem : "tail";
}

// What the file gives in its turn. A row takes its header along.
std::vector<Tail::Loop::Line> Tail::Loop::lines_of(TailedFile& file, bool is_last, bool& more) {
  std::vector<Line> lines;
  const auto take = [&](std::string_view line, bool cut) {
    const auto& header = file.position().header;
    const auto form = form_of(line, header);
    lines.push_back({form == RecordForm::LogRow ? header.lines() : std::string(), form, cut});
    lines.back().text += line;
  };
  more = file.read(batch_bytes_ / 4, options_.max_line, is_last, now_, take) || more;
  return lines;
}

void Tail::Loop::count(const TailedFile& file, const std::vector<Line>& lines,
                       std::uint64_t begun_anew) {
  std::uint64_t bytes = 0, cut = 0;
  for (const auto& line : lines) {
    bytes += line.text.size();
    cut += line.cut ? 1 : 0;
  }
  use_.lines.fetch_add(lines.size(), std::memory_order_relaxed);
  use_.bytes.fetch_add(bytes, std::memory_order_relaxed);
  use_.cut.fetch_add(cut, std::memory_order_relaxed);
  use_.anew.fetch_add(file.times_begun_anew() - begun_anew, std::memory_order_relaxed);
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
  const auto lines = lines_of(followed, is_last, more);
  count(followed, lines, begun_anew);
  std::vector<EnvelopedRecord> records;
  for (const auto& line : lines)
    records.push_back({.form = line.form, .raw = line.text, .cut = line.cut});
  if (!records.empty())
    deliveries.push_back(deliver_records(source_of_file(path), "tail " + path, records));
  const bool has_ended = is_last && records.empty();
  to_commit_ = to_commit_ || has_ended || !records.empty();
  if (has_ended) files_.erase(file);
  return more;
}

// One batch, to the intake, whether there may be more. The next file is the one behind whose turn
// was the last, so that however fast some grow, all are read.
bool Tail::Loop::read() {
  std::vector<Delivery> deliveries;
  std::size_t bytes = 0;
  bool more = false;
  for (auto turns = files_.size(); turns > 0 && bytes < batch_bytes_; --turns) {
    auto file = files_.upper_bound(served_);
    if (file == files_.end()) file = files_.begin();
    const auto before = deliveries.size();
    more = give_turn(file, deliveries) || more;
    if (deliveries.size() > before) bytes += deliveries.back().bytes.size();
  }
  if (!deliveries.empty()) outgoing_.send(std::move(deliveries), now_);
  return more || bytes >= batch_bytes_;
}

void Tail::Loop::commit() {
  TailPositions positions;
  for (const auto& [id, file] : files_) positions[id] = file.position();
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
  loop->start();
  return std::unique_ptr<Tail>(new Tail(std::move(loop)));
}

}  // namespace winnow::server
