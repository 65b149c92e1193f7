#include "pipeline/serving_states.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "base/bytes.h"

namespace winnow {
namespace {

constexpr std::string_view kPack = "pack";       // what begins the keys of packs in the outbox
constexpr std::size_t kPackedBytes = 8UL << 20;  // of state slices, after which a pack ends

}  // namespace

Result<ServingStates::Outgoing> ServingStates::read_outbox(const Lmdb& lmdb, LmdbTable outbox) {
  Outgoing found;
  WINNOW_TRY(const auto reader, lmdb.read());
  WINNOW_TRY(auto cursor, reader.cursor(outbox));
  for (auto there = cursor.first();; there = cursor.next()) {
    WINNOW_TRY(const bool more, std::move(there));
    if (!more) return found;
    if (cursor.key().size() == kPack.size() + Digest::kBytes) {
      WINNOW_TRY(found.packs.emplace_back(), packed_from(std::string(cursor.value())));
    } else {
      WINNOW_TRY(found.records.emplace_back(), DecisionRecord::from_bytes(cursor.value()));
    }
  }
}

// What is packed stands behind the others.
ServingStates::Outgoing ServingStates::outgoing_of(Step& step) {
  Outgoing outgoing;
  const auto stands_alone = [&](const DecisionRecord& record) {
    return !step.is_bulk || record.decision.route != Route::Close;
  };
  const auto closed = std::ranges::stable_partition(step.decided, stands_alone);
  outgoing.records.assign(step.decided.begin(), closed.begin());
  // One pack, unless what was read for them is large: a pack is unpacked in memory.
  for (auto first = closed.begin(); first != closed.end();) {
    std::size_t bytes = 0;
    auto end = first;
    while (end != closed.end() && bytes < kPackedBytes)
      bytes += (end++)->decision.state_slice.size();
    outgoing.packs.push_back(pack({first, end}));
    first = end;
  }
  return outgoing;
}

Path ServingStates::folder_of(const Path& states, Domain domain) {
  return states / name_of(domain);
}

Status ServingStates::move_in(const Path& states) {
  std::error_code error;
  if (!std::filesystem::exists(states / "data.mdb", error)) return {};
  const auto folder = folder_of(states, Domain::Mail);
  WINNOW_TRY(make_folders(folder));
  std::filesystem::rename(states / "data.mdb", folder / "data.mdb", error);
  if (error)
    return system_error(fmt::format("moving the states of mail to '{}'", folder.string()),
                        error.value());
  std::filesystem::remove(states / "lock.mdb", error);
  WINNOW_TRY(sync_folder(folder));
  return sync_folder(states);
}

Status ServingStates::empty_outbox(const Path& folder, DecisionStore& decisions) {
  std::error_code ignored;
  if (!std::filesystem::exists(folder / "data.mdb", ignored)) return {};
  WINNOW_TRY(auto lmdb, Lmdb::open(folder, {}));
  WINNOW_TRY(const auto outbox, lmdb.table("outbox"));
  WINNOW_TRY(const auto waiting, read_outbox(lmdb, outbox));
  if (waiting.size() == 0) return {};
  WINNOW_TRY(decisions.add(waiting.records, waiting.packs));
  WINNOW_TRY(decisions.sync());
  return lmdb.update([&](LmdbWriter& writer) { return writer.clear(outbox); });
}

Result<ServingStates> ServingStates::open(const Path& folder, const Digest& history) {
  WINNOW_TRY(make_folders(folder));
  WINNOW_TRY(auto lmdb, Lmdb::open(folder, {}));
  WINNOW_TRY(const auto states, lmdb.table(StoredEntityStates::table_name(history)));
  WINNOW_TRY(const auto places, lmdb.table("places"));
  WINNOW_TRY(const auto outbox, lmdb.table("outbox"));
  WINNOW_TRY(auto kept, KeptEvents::open(lmdb, std::string(history.as_text())));
  ServingStates opened(std::move(lmdb), states, places, outbox, std::move(kept),
                       std::string(history.as_text()));
  WINNOW_TRY(const auto reader, opened.lmdb_.read());
  WINNOW_TRY(const auto place, reader.get(places, opened.history_));
  if (place) {
    ByteReader bytes(*place);
    auto& reached = opened.now_;
    reached.place.events = bytes.get<std::uint64_t>();
    reached.place.labels = bytes.get<std::uint64_t>();
    if (!bytes.at_end()) {  // of an earlier version, which counted neither
      reached.late = bytes.get<std::uint64_t>();
      reached.ahead = bytes.get<std::uint64_t>();
    }
    opened.at_checkpoint_ = reached;
    WINNOW_TRY(bytes.finish("the place of the entity states in the event log"));
  }
  return opened;
}

bool ServingStates::checkpoint_is_due() const {
  return now_.place.events - at_checkpoint_.place.events >= kWaitingEvents ||
         cache_.changed() >= kWaitingStates ||
         std::chrono::steady_clock::now() - checkpoint_at_ >= kWaiting;
}

Status ServingStates::write_states(LmdbWriter& writer, const Reached& reached) const {
  WINNOW_TRY(cache_.write(writer, states_));
  return writer.put(places_, history_,
                    ByteWriter()
                        .put(reached.place.events)
                        .put(reached.place.labels)
                        .put(reached.late)
                        .put(reached.ahead)
                        .bytes());
}

void ServingStates::note_checkpoint() {
  cache_.committed();
  at_checkpoint_ = now_;
  checkpoint_at_ = std::chrono::steady_clock::now();
}

void ServingStates::fall_back() {
  cache_.rolled_back();
  now_ = at_checkpoint_;
}

Status ServingStates::checkpoint() {
  if (cache_.changed() == 0 && now_.place == at_checkpoint_.place) return {};
  const auto write = [&](LmdbWriter& writer) { return write_states(writer, now_); };
  if (auto status = lmdb_.update(write); !status) {
    fall_back();
    return status;
  }
  note_checkpoint();
  return {};
}

Status ServingStates::checkpoint_at_leisure() {
  if (cache_.changed() < kWorthStates) return {};
  const auto started = std::chrono::steady_clock::now();
  if (started - checkpoint_at_ < kWorthTimes * leisure_took_) return {};
  WINNOW_TRY(checkpoint());
  leisure_took_ = checkpoint_at_ - started;
  return {};
}

Result<std::vector<DecisionRecord>> ServingStates::advance(
    const std::function<Result<Step>(EntityStates& states)>& work) {
  const auto run = [&]() -> Result<Step> {
    WINNOW_TRY(const auto reader, lmdb_.read());
    StoredEntityStates states(reader, states_, cache_, StoredEntityStates::Changeable());
    return work(states);
  };
  auto made = run();
  if (!made) {
    fall_back();
    return std::move(made).error();
  }
  auto& step = *made;
  auto outgoing = outgoing_of(step);
  now_ = {step.observed_through, now_.late + step.late, now_.ahead + step.ahead};
  const bool checkpoints = !step.is_bulk || !step.settled.empty() || checkpoint_is_due();
  const auto write = [&](LmdbWriter& writer) -> Status {
    if (checkpoints) WINNOW_TRY(write_states(writer, now_));
    if (forgettable_) WINNOW_TRY(writer.clear(outbox_));
    for (const auto& record : outgoing.records)
      WINNOW_TRY(writer.put(outbox_, record.decision.id().as_text(), record.bytes()));
    for (const auto& packed : outgoing.packs) {
      WINNOW_TRY(
          writer.put(outbox_, std::string(kPack).append(packed.first.as_text()), packed.body));
    }
    return kept_.change(writer, step.kept, step.settled);
  };
  if (checkpoints || outgoing.size() > 0 || !step.kept.empty()) {
    if (auto status = lmdb_.update(write); !status) {
      fall_back();
      return std::move(status).error();
    }
    forgettable_ = false;
    kept_.committed();
  }
  if (checkpoints) {
    note_checkpoint();
  } else {
    cache_.rest();
  }
  if (waiting_) {
    std::ranges::move(outgoing.records, std::back_inserter(waiting_->records));
    std::ranges::move(outgoing.packs, std::back_inserter(waiting_->packs));
  }
  return std::move(step.decided);
}

Status ServingStates::look(const std::function<Status(const EntityStates& states)>& work) const {
  WINNOW_TRY(const auto reader, lmdb_.read());
  auto status = work(StoredEntityStates(reader, states_, cache_));
  cache_.rest();
  return status;
}

Status ServingStates::hand_over(DecisionStore& decisions) {
  if (!waiting_) {
    WINNOW_TRY(waiting_, read_outbox(lmdb_, outbox_));
  }
  if (waiting_->size() > 0) {
    WINNOW_TRY(decisions.add(waiting_->records, waiting_->packs));
    handed_over_ += waiting_->size();
    *waiting_ = {};
  }
  if (handed_over_ < kForgetAt) return {};
  WINNOW_TRY(decisions.sync());
  handed_over_ = 0;
  forgettable_ = true;
  return {};
}

}  // namespace winnow
