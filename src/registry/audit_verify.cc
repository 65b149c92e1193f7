#include <algorithm>

#include <fmt/format.h>

#include "registry/audit_log.h"
#include "registry/detail/audit_files.h"
#include "store/segment_log.h"

namespace winnow {
namespace {

using registry::kEntryRecord;

// A checkpoint that the log must agree with once it has as many entries.
struct Witness {
  Checkpoint checkpoint;
  std::string where;
};

class Verifier {
 public:
  Verifier(const Path& folder, const KeyRing& keys, std::optional<MappedFile> hashes)
      : folder_(folder), keys_(keys), hashes_(std::move(hashes)) {}

  void add_witness(std::string_view note, std::string where) {
    const auto checkpoint = verify_checkpoint(note, keys_);
    if (!checkpoint)
      return report(fmt::format("{}: {}", where, checkpoint.error().message()), std::nullopt);
    witnesses_.push_back({*checkpoint, std::move(where)});
  }

  Result<AuditVerification> run(Progress& progress) {
    std::sort(witnesses_.begin(), witnesses_.end(),
              [](const auto& a, const auto& b) { return a.checkpoint.size < b.checkpoint.size; });
    auto scan = SegmentScan::open(registry::entries_folder(folder_));
    if (!scan) return finish(scan.error());
    ask_witnesses();  // of the empty log
    progress.stage("audit log", witnesses_.empty() ? 0 : witnesses_.back().checkpoint.size);
    for (;;) {
      const auto more = scan->next();
      if (!more) return finish(more.error());
      if (!*more) break;
      if (scan->record().kind == kEntryRecord) {
        progress.advance(1);
        take_entry(scan->record().payload);
      } else if (!take_checkpoint(scan->record().payload)) {
        return std::move(out_);  // everything behind it differs too
      }
    }
    out_.unfinished_bytes = scan->unread_bytes() + uncovered_bytes_;
    return finish({});
  }

 private:
  void report(std::string what, std::optional<std::uint64_t> entry) {
    out_.findings.push_back({std::move(what), entry, since_});
  }

  // The stored hashes say which entry it was that changed, where whoever did it left them alone.
  void take_entry(std::string_view entry) {
    const auto index = frontier_.size();
    completed_.clear();
    frontier_.append(merkle::leaf_hash(entry), &completed_);
    const std::string_view now{reinterpret_cast<const char*>(completed_.data()),
                               completed_.size() * Digest::kBytes};
    const auto at = merkle::stored_count(index) * Digest::kBytes;
    if (hashes_ && !first_changed_ && hashes_->bytes().size() >= at + now.size() &&
        hashes_->bytes().substr(at, now.size()) != now) {
      first_changed_ = index;
    }
    last_entry_ = entry;
    uncovered_bytes_ += entry.size();
    ask_witnesses();
  }

  void ask_witnesses() {
    for (; next_witness_ < witnesses_.size(); ++next_witness_) {
      const auto& [checkpoint, where] = witnesses_[next_witness_];
      if (checkpoint.size > frontier_.size()) return;
      if (checkpoint.root == frontier_.root() || !disagreement_.empty()) continue;
      disagreement_ =
          fmt::format("the first {} entries are not those of {}", checkpoint.size, where);
    }
  }

  bool take_checkpoint(std::string_view note) {
    const auto checkpoint = checkpoint_of(note);
    if (!checkpoint) {
      report(fmt::format("the checkpoint after entry {} cannot be read: {}", frontier_.size(),
                         checkpoint.error().message()),
             out_.entries);
      return false;
    }
    if (checkpoint->size != frontier_.size() || checkpoint->root != frontier_.root()) {
      explain(*checkpoint, note);
      return false;
    }
    ++out_.checkpoints;
    out_.entries = checkpoint->size;
    out_.latest = *checkpoint;
    latest_note_ = note;
    uncovered_bytes_ = 0;
    if (const auto entry = audit_entry_of(last_entry_)) since_ = entry->time;
    return true;
  }

  void explain(const Checkpoint& checkpoint, std::string_view note) {
    const auto low = out_.entries, found = frontier_.size();
    if (!verify_checkpoint(note, keys_)) {
      return report(fmt::format("the checkpoint after entry {} is forged: it is not signed by a "
                                "key of this workspace",
                                low),
                    low);
    }
    if (checkpoint.size != found) {
      const auto missing = checkpoint.size > found;
      return report(fmt::format("{} {} between entries {} and {}",
                                missing ? checkpoint.size - found : found - checkpoint.size,
                                missing ? "entries were deleted" : "entries were put in", low,
                                checkpoint.size),
                    first_changed_.value_or(low));
    }
    if (first_changed_ && *first_changed_ >= low) {
      return report(
          fmt::format(
              "entry {} is not the one that was signed: it was edited, or the order was changed",
              *first_changed_),
          first_changed_);
    }
    report(fmt::format("entries {} to {} are not those that were signed", low, checkpoint.size - 1),
           low);
  }

  // Damage ends the scan; what the witnesses know of is then missing.
  Result<AuditVerification> finish(std::optional<Error> stopped) {
    if (stopped && stopped->code() != Code::Corrupt) return *std::move(stopped);
    if (stopped) report(stopped->message(), out_.entries);
    if (!latest_note_.empty()) {
      if (const auto latest = verify_checkpoint(latest_note_, keys_); !latest)
        report(latest.error().message(), std::nullopt);
    } else if (!stopped) {
      report("the log has no checkpoint at all", 0);
    }
    if (!disagreement_.empty() && out_.findings.empty()) report(disagreement_, std::nullopt);
    if (!stopped) find_truncation();
    if (first_changed_ && out_.findings.empty()) {
      report(fmt::format("the entries are intact, but the stored hashes of entry {} are not: "
                         "delete '{}', it is computed again",
                         *first_changed_, registry::hashes_path(folder_).string()),
             first_changed_);
    }
    return std::move(out_);
  }

  void find_truncation() {
    for (const auto& [checkpoint, where] : witnesses_) {
      if (checkpoint.origin != out_.latest.origin) {
        report(fmt::format("{} is of another log, '{}'", where, checkpoint.origin), std::nullopt);
      } else if (checkpoint.size > out_.entries) {
        report(fmt::format("the newest {} entries were cut off: {} covers {}, found are {}",
                           checkpoint.size - out_.entries, where, checkpoint.size, out_.entries),
               out_.entries);
        return;
      }
    }
  }

  const Path& folder_;
  const KeyRing& keys_;
  std::optional<MappedFile> hashes_;  // in stored order; absent where the file is
  std::vector<Witness> witnesses_;    // by size
  std::size_t next_witness_ = 0;
  merkle::Frontier frontier_;
  std::vector<Digest> completed_;  // by the entry at hand
  std::string last_entry_, latest_note_, disagreement_;
  std::uint64_t uncovered_bytes_ = 0;
  std::optional<std::uint64_t> first_changed_;
  std::optional<Timestamp> since_;
  AuditVerification out_;
};

}  // namespace

Result<AuditVerification> verify_audit_log(const Path& folder, const KeyRing& keys,
                                           std::span<const std::string> known, Progress& progress) {
  std::error_code ignored;
  if (!std::filesystem::exists(registry::entries_folder(folder), ignored)) {
    return Error(Code::NotFound, fmt::format("there is no audit log in '{}'", folder.string()));
  }
  auto hashes = MappedFile::open(registry::hashes_path(folder));
  Verifier verifier(folder, keys, hashes ? std::optional(*std::move(hashes)) : std::nullopt);
  // Read before the entries: what is appended meanwhile only makes the log longer.
  const auto copy_path = registry::checkpoint_path(folder);
  const auto copy = read_file(copy_path, registry::kMaxCheckpointBytes);
  if (copy) verifier.add_witness(*copy, fmt::format("the checkpoint in '{}'", copy_path.string()));
  for (const auto& note : known) verifier.add_witness(note, "a checkpoint kept elsewhere");
  return verifier.run(progress);
}

}  // namespace winnow
