#include "server/receivers/tail.h"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

#include <glob.h>
#include <sys/stat.h>

#include "base/log.h"
#include "base/thread.h"
#include "server/endpoints/receiving.h"
#include "server/receivers/outgoing.h"
#include "server/receivers/tailed_file.h"

namespace winnow::server {
namespace {

using Time = std::chrono::steady_clock::time_point;
constexpr std::chrono::minutes kRepeat{5};  // of an alarm

// What rotation makes of files that were read as they were written.
bool is_packed(std::string_view path) {
  static constexpr std::array<std::string_view, 5> kEnds = {".gz", ".bz2", ".xz", ".zst", ".zip"};
  return std::ranges::any_of(kEnds, [&](std::string_view end) { return path.ends_with(end); });
}

std::vector<std::string> matches(const std::vector<std::string>& patterns) {
  std::vector<std::string> found;
  for (const auto& pattern : patterns) {
    glob_t names{};
    if (::glob(pattern.c_str(), 0, nullptr, &names) == 0)
      found.insert(found.end(), names.gl_pathv, names.gl_pathv + names.gl_pathc);
    ::globfree(&names);
  }
  std::erase_if(found, is_packed);
  return found;
}

std::optional<FileId> id_of(const std::string& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0 || !S_ISREG(about.st_mode)) return std::nullopt;
  return FileId{about.st_dev, about.st_ino};
}

// Under which name a file of `folder` is found now.
std::optional<std::string> name_of(const FileId& id, const Path& folder) {
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error)) {
    if (id_of(at->path().string()) == id) return at->path().string();
  }
  return std::nullopt;
}

// A row of a mail log, or whatever a syslog message may be: one without a header is one, too.
EnvelopedRecord record_of(std::string_view line, bool cut) {
  const bool is_row = line.starts_with('{') && !cut;
  return {.form = is_row ? RecordForm::NdJson : RecordForm::SyslogRow, .raw = line, .cut = cut};
}

}  // namespace

// All of it belongs to the one thread, but for what says otherwise.
class Tail::Loop {
 public:
  Loop(const TailOptions& options, TailPositions positions, Intake& intake)
      : options_(options),
        positions_(std::move(positions)),
        batch_bytes_(Outgoing::batch_bytes(intake)),
        outgoing_(intake, [signal = signal_] { signal->tell(false); }) {}

  void start() {
    thread_ = start_thread("tail", [this] { run(); });
  }
  void stop() {  // any thread
    signal_->tell(true);
    if (thread_.joinable()) thread_.join();
  }

 private:
  // What wakes the thread; the intake may answer when all else is gone.
  struct Signal {
    std::mutex mutex;  // of both
    bool stopped = false, told = false;
    std::condition_variable changed;

    void tell(bool stop) {
      {
        const std::lock_guard lock(mutex);
        stopped = stopped || stop;
        told = true;
      }
      changed.notify_all();
    }
    bool wait(std::chrono::milliseconds most) {  // false: to stop
      std::unique_lock lock(mutex);
      changed.wait_for(lock, most, [&] { return told || stopped; });
      told = false;
      return !stopped;
    }
  };

  void run();
  void find_files();
  void find_renamed();
  void add(const std::string& path, const FileId& id);
  bool read();
  std::vector<EnvelopedRecord> lines_of(TailedFile& file, std::vector<std::string>& texts,
                                        bool is_last, bool& more);
  std::string source_of_file(const std::string& path) const;
  bool is_over(const TailedFile& file) const;
  void commit();

  const TailOptions options_;
  TailPositions positions_;  // as they are on disk
  std::map<FileId, TailedFile> files_;
  std::set<FileId> present_;  // that the patterns name now
  bool to_commit_ = false;    // what is on its way brings positions forward
  Time now_ = std::chrono::steady_clock::now(), next_alarm_{};
  std::shared_ptr<Signal> signal_ = std::make_shared<Signal>();
  const std::size_t batch_bytes_;  // of all files; a file has a quarter of it a turn
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
    find_files();
    more = read();
  } while (
      signal_->wait(more && outgoing_.is_free() ? std::chrono::milliseconds(0) : options_.look));
  if (to_commit_ && outgoing_.is_free()) commit();
}

void Tail::Loop::find_files() {
  present_.clear();
  for (const auto& path : matches(options_.files)) {
    const auto id = id_of(path);
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
    if (now_ < next_alarm_) return;
    next_alarm_ = now_ + kRepeat;
    return log::warn("too many files are tailed: some are left out",
                     {{"files", files_.size()}, {"left_out", path}});
  }
  auto file = TailedFile::open(path, now_);
  if (!file || file->id() != id) return;  // it is looked for again
  if (const auto left = positions_.find(id); left != positions_.end()) file->go_on(left->second);
  files_.emplace(id, std::move(*file));
}

// What was renamed while nobody looked, and is no longer named by a pattern.
void Tail::Loop::find_renamed() {
  for (const auto& [id, position] : positions_) {
    if (files_.contains(id)) continue;
    const auto name = name_of(id, Path(position.path).parent_path());
    if (name && !is_packed(*name)) {
      add(*name, id);
    } else {
      log::warn("a tailed file is gone: what was appended to it since is not read",
                {{"file", position.path}, {"read_bytes", position.offset}});
    }
  }
}

bool Tail::Loop::is_over(const TailedFile& file) const {
  return !present_.contains(file.id()) && now_ - file.last_growth() >= options_.rotated;
}

std::string Tail::Loop::source_of_file(const std::string& path) const {
  if (!options_.source.empty()) return options_.source;
  auto name = Path(path).stem().string();
  return is_source_name(name) ? name : "tail";
}

// What the file gives in its turn; `texts` hold it.
std::vector<EnvelopedRecord> Tail::Loop::lines_of(TailedFile& file, std::vector<std::string>& texts,
                                                  bool is_last, bool& more) {
  std::vector<bool> cuts;
  more = file.read(batch_bytes_ / 4, options_.max_line, is_last, now_,
                   [&](std::string_view line, bool cut) {
                     texts.emplace_back(line);
                     cuts.push_back(cut);
                   }) ||
         more;
  std::vector<EnvelopedRecord> records;
  for (std::size_t i = 0; i < texts.size(); ++i) records.push_back(record_of(texts[i], cuts[i]));
  return records;
}

// One batch of what all files have, to the intake; whether there may be more.
bool Tail::Loop::read() {
  std::vector<Delivery> deliveries;
  std::size_t bytes = 0;
  bool more = false;
  for (auto at = files_.begin(); at != files_.end() && bytes < batch_bytes_;) {
    auto& file = at->second;
    const bool is_last = is_over(file);
    std::vector<std::string> texts;
    const auto path = file.position().path;
    const auto records = lines_of(file, texts, is_last, more);
    if (!records.empty()) {
      deliveries.push_back(deliver_records(source_of_file(path), "tail " + path, records));
      bytes += deliveries.back().bytes.size();
    }
    const bool has_ended = is_last && records.empty();
    to_commit_ = to_commit_ || has_ended || !records.empty();
    at = has_ended ? files_.erase(at) : std::next(at);
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

Result<std::unique_ptr<Tail>> Tail::start(const TailOptions& options, Intake& intake) {
  WINNOW_TRY(auto positions, read_positions(options.positions));
  auto loop = std::make_unique<Loop>(options, std::move(positions), intake);
  loop->start();
  return std::unique_ptr<Tail>(new Tail(std::move(loop)));
}

}  // namespace winnow::server
