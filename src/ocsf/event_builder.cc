#include <algorithm>
#include <cstring>
#include <memory>
#include <type_traits>

#include "base/contract.h"
#include "ocsf/detail/event_state.h"

namespace winnow::ocsf {

std::string_view Event::State::keep(std::string_view text) {
  if (text.empty()) return "";
  auto* bytes = static_cast<char*>(arena.allocate(text.size(), 1));
  std::memcpy(bytes, text.data(), text.size());
  return {bytes, text.size()};
}

void Event::State::forget_building() {
  more_set_ids = {};
  entity_hashes = {};
  list_fields = {};
  record_starts = {};
}

template <typename T>
std::span<T> Event::State::room_for(std::size_t count) {
  static_assert(std::is_trivially_destructible_v<T>, "the arena runs no destructors");
  if (count == 0) return {};
  return {static_cast<T*>(arena.allocate(count * sizeof(T), alignof(T))), count};
}

template <typename T>
std::span<const T> Event::State::keep(std::span<const T> items) {
  const auto copies = room_for<T>(items.size());
  std::uninitialized_copy(items.begin(), items.end(), copies.begin());
  return copies;
}

EventBuilder::EventBuilder(ClassUid class_uid, Timestamp time, const Digest& raw_digest)
    : state_(Event::State::make(class_uid, time, raw_digest, Event::State::kFirstBlock)) {
  state_->fields.reserve(96);
  state_->entities.reserve(16);
  state_->entity_hashes.reserve(16);
}

EventBuilder::EventBuilder(ClassUid class_uid, Timestamp time, const Digest& raw_digest,
                           std::size_t text_bytes) {
  constexpr std::size_t kFields = 40, kEntities = 4;
  constexpr std::size_t kTables = kFields * sizeof(Field) + kEntities * sizeof(Entity);
  state_ = Event::State::make(class_uid, time, raw_digest, kTables + text_bytes + 64);
  state_->entities.reserve(kEntities);
}

EventBuilder::~EventBuilder() = default;
EventBuilder::EventBuilder(EventBuilder&&) noexcept = default;

namespace {

std::uint64_t hash_of(const Entity& entity) {
  return hash64(entity.key, static_cast<std::uint64_t>(entity.kind) << 8 |
                                static_cast<std::uint64_t>(entity.role));
}

// Sets the bit; false when it was set before.
bool mark(std::uint64_t& word, std::uint64_t bit) {
  const bool fresh = (word & bit) == 0;
  word |= bit;
  return fresh;
}

}  // namespace

// Notes that the attribute is set; false when it was set before.
bool Event::State::note_set(Attribute attribute) {
  const std::size_t word = attribute.id() / 64;
  const auto bit = std::uint64_t{1} << attribute.id() % 64;
  if (word < first_set_ids.size()) return mark(first_set_ids[word], bit);
  const std::size_t more = word - first_set_ids.size();
  if (more >= more_set_ids.size()) more_set_ids.resize(more + 8);
  return mark(more_set_ids[more], bit);
}

std::string_view EventBuilder::keep(std::string_view text) { return state_->keep(text); }

std::span<const std::string_view> EventBuilder::keep_list(std::span<const std::string_view> texts) {
  return state_->keep(texts);
}

EventBuilder& EventBuilder::add(Attribute attribute, Value value) {
  auto& state = *state_;
  if (!state.in_list) {
    ensure(state.note_set(attribute), "a mapping sets each attribute once");
    state.fields.push_back({attribute, value});
    return *this;
  }
  ensure(!state.record_starts.empty(), "begin_record comes before the fields of a list");
  const auto record = std::span(state.list_fields).subspan(state.record_starts.back());
  const bool fresh =
      std::ranges::none_of(record, [&](const Field& f) { return f.attribute == attribute; });
  ensure(fresh, "a mapping sets each attribute of a record once");
  state.list_fields.push_back({attribute, value});
  return *this;
}

EventBuilder& EventBuilder::set_all_kept(std::span<const Field> fields) {
  ensure(!state_->in_list, "the fields of a list are set one by one");
  state_->fields.insert(state_->fields.end(), fields.begin(), fields.end());
  return *this;
}

EventBuilder& EventBuilder::set(Attribute attribute, std::int64_t value) {
  return add(attribute, Value::of(value));
}
EventBuilder& EventBuilder::set(Attribute attribute, double value) {
  return add(attribute, Value::of(value));
}

EventBuilder& EventBuilder::set(Attribute attribute, std::string_view value) {
  return add(attribute, Value::of(state_->keep(value)));
}

EventBuilder& EventBuilder::set(Attribute attribute, std::span<const std::string_view> values) {
  const auto kept = state_->room_for<std::string_view>(values.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    std::construct_at(&kept[i], state_->keep(values[i]));
  return add(attribute, Value::of(std::span<const std::string_view>(kept)));
}

EventBuilder& EventBuilder::begin_list(Attribute attribute) {
  ensure(!state_->in_list, "lists do not nest");
  state_->in_list = true;
  state_->list_fields.reserve(64);
  state_->record_starts.reserve(16);
  state_->list_attribute = attribute;
  return *this;
}

EventBuilder& EventBuilder::begin_record() {
  ensure(state_->in_list, "a record stands in a list");
  state_->record_starts.push_back(state_->list_fields.size());
  return *this;
}

EventBuilder& EventBuilder::end_list() {
  auto& state = *state_;
  ensure(state.in_list, "end_list follows begin_list");
  const auto fields = state.keep(std::span<const Field>(state.list_fields));
  const auto records = state.room_for<Record>(state.record_starts.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    const auto start = state.record_starts[i];
    const auto end = i + 1 < records.size() ? state.record_starts[i + 1] : fields.size();
    std::construct_at(&records[i], fields.subspan(start, end - start));
  }
  state.in_list = false;
  state.list_fields.clear();
  state.record_starts.clear();
  return add(*state.list_attribute, Value::of(std::span<const Record>(records)));
}

// Among the few of a log's record they are compared one by one; the many of a mail by their hashes,
// which are made when there are many.
bool EventBuilder::is_named(EntityKind kind, Role role, std::string_view key) const {
  constexpr std::size_t kFew = 8;
  auto& state = *state_;
  const auto is_it = [&](const Entity& known) {
    return known.kind == kind && known.role == role && known.key == key;
  };
  if (state.entities.size() < kFew) return std::ranges::any_of(state.entities, is_it);
  while (state.entity_hashes.size() < state.entities.size()) {
    state.entity_hashes.push_back(hash_of(state.entities[state.entity_hashes.size()]));
  }
  const auto hash = hash_of({kind, role, key});
  for (std::size_t i = 0; i < state.entities.size(); ++i) {
    if (state.entity_hashes[i] == hash && is_it(state.entities[i])) return true;
  }
  return false;
}

EventBuilder& EventBuilder::name_entity(EntityKind kind, Role role, std::string_view key) {
  if (!is_named(kind, role, key)) state_->entities.push_back({kind, role, state_->keep(key)});
  return *this;
}

EventBuilder& EventBuilder::name_kept_entity(EntityKind kind, Role role, std::string_view key) {
  if (!is_named(kind, role, key)) state_->entities.push_back({kind, role, key});
  return *this;
}

Event EventBuilder::finish() && {
  ensure(!state_->in_list, "end_list comes before finish");
  state_->attributes = Record(state_->fields);
  state_->forget_building();
  return Event(std::move(state_));
}

}  // namespace winnow::ocsf
