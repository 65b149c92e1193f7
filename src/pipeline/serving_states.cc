#include "pipeline/serving_states.h"

#include <algorithm>
#include <iterator>

#include "base/bytes.h"

namespace winnow {
namespace {

std::string record_bytes(const DecisionRecord& record) {
  return ByteWriter()
      .put(record.decided_at.micros())
      .put_text(record.sender)
      .put_text(record.subject)
      .put_text(record.decision.bytes())
      .bytes();
}

Result<DecisionRecord> record_of(std::string_view bytes) {
  ByteReader reader(bytes);
  DecisionRecord record;
  record.decided_at = Timestamp::from_micros(reader.get<std::int64_t>());
  record.sender = reader.get_text();
  record.subject = reader.get_text();
  const auto body = reader.get_text();
  WINNOW_TRY(reader.finish("a decision on its way to the store"));
  WINNOW_TRY(record.decision, Decision::from_bytes(body));
  return record;
}

Result<std::vector<DecisionRecord>> read_outbox(const Lmdb& lmdb, LmdbTable outbox) {
  std::vector<DecisionRecord> found;
  WINNOW_TRY(const auto reader, lmdb.read());
  WINNOW_TRY(auto cursor, reader.cursor(outbox));
  for (auto there = cursor.first();; there = cursor.next()) {
    WINNOW_TRY(const bool more, std::move(there));
    if (!more) return found;
    WINNOW_TRY(found.emplace_back(), record_of(cursor.value()));
  }
}

}  // namespace

Path ServingStates::folder_of(const Path& states, Domain domain) {
  return domain == Domain::Mail ? states : states / name_of(domain);
}

Status ServingStates::empty_outbox(const Path& folder, DecisionStore& decisions) {
  std::error_code ignored;
  if (!std::filesystem::exists(folder / "data.mdb", ignored)) return {};
  WINNOW_TRY(auto lmdb, Lmdb::open(folder, {}));
  WINNOW_TRY(const auto outbox, lmdb.table("outbox"));
  WINNOW_TRY(const auto waiting, read_outbox(lmdb, outbox));
  if (waiting.empty()) return {};
  WINNOW_TRY(decisions.add(waiting));
  WINNOW_TRY(decisions.sync());
  return lmdb.update([&](LmdbWriter& writer) { return writer.clear(outbox); });
}

Result<ServingStates> ServingStates::open(const Path& folder, const Digest& history) {
  WINNOW_TRY(make_folders(folder));
  WINNOW_TRY(auto lmdb, Lmdb::open(folder, {}));
  WINNOW_TRY(const auto states, lmdb.table(StoredEntityStates::table_name(history)));
  WINNOW_TRY(const auto places, lmdb.table("places"));
  WINNOW_TRY(const auto outbox, lmdb.table("outbox"));
  ServingStates opened(std::move(lmdb), states, places, outbox, std::string(history.as_text()));
  WINNOW_TRY(const auto reader, opened.lmdb_.read());
  WINNOW_TRY(const auto place, reader.get(places, opened.history_));
  if (place) {
    ByteReader bytes(*place);
    opened.observed_through_.events = bytes.get<std::uint64_t>();
    opened.observed_through_.labels = bytes.get<std::uint64_t>();
    if (!bytes.at_end()) {  // of an earlier version, which counted neither
      opened.late_ = bytes.get<std::uint64_t>();
      opened.ahead_ = bytes.get<std::uint64_t>();
    }
    WINNOW_TRY(bytes.finish("the place of the entity states in the event log"));
  }
  return opened;
}

Status ServingStates::advance(const std::function<Result<Step>(EntityStates& states)>& work) {
  Step step;
  const auto write = [&](LmdbWriter& writer) -> Status {
    cache_.rolled_back();  // by a first run, of which nothing came to be
    StoredEntityStates states(writer, states_, cache_);
    WINNOW_TRY(step, work(states));
    WINNOW_TRY(cache_.write(writer, states_));
    if (forgettable_) WINNOW_TRY(writer.clear(outbox_));
    const auto& place = step.observed_through;
    WINNOW_TRY(writer.put(places_, history_,
                          ByteWriter()
                              .put(place.events)
                              .put(place.labels)
                              .put(late_ + step.late)
                              .put(ahead_ + step.ahead)
                              .bytes()));
    for (const auto& record : step.decided) {
      WINNOW_TRY(writer.put(outbox_, record.decision.id().as_text(), record_bytes(record)));
    }
    return {};
  };
  if (auto status = lmdb_.update(write); !status) {
    cache_.rolled_back();
    return status;
  }
  cache_.committed();
  observed_through_ = step.observed_through;
  late_ += step.late;
  ahead_ += step.ahead;
  forgettable_ = false;
  if (waiting_) std::ranges::move(step.decided, std::back_inserter(*waiting_));
  return {};
}

Status ServingStates::look(const std::function<Status(const EntityStates& states)>& work) const {
  WINNOW_TRY(const auto reader, lmdb_.read());
  auto status = work(StoredEntityStates(reader, states_, cache_));
  cache_.rolled_back();
  return status;
}

Status ServingStates::hand_over(DecisionStore& decisions) {
  if (!waiting_) {
    WINNOW_TRY(waiting_, read_outbox(lmdb_, outbox_));
  }
  if (!waiting_->empty()) {
    WINNOW_TRY(decisions.add(*waiting_));
    handed_over_ += waiting_->size();
    waiting_->clear();
  }
  if (handed_over_ < kForgetAt) return {};
  WINNOW_TRY(decisions.sync());
  handed_over_ = 0;
  forgettable_ = true;
  return {};
}

}  // namespace winnow
