// What an event owns; seen by the event and its builder only.
#pragma once

#include <array>
#include <memory>
#include <memory_resource>
#include <optional>
#include <vector>

#include "ocsf/event.h"

namespace winnow::ocsf {

// Texts, lists and records lie in one arena that is freed as a whole: a mail has hundreds of small
// ones. Its first block stands behind the state itself, so that most events are one allocation.
struct Event::State {
  static constexpr std::size_t kFirstBlock = 16 << 10;  // most mails fit in it

  struct Room {  // behind the state
    std::size_t bytes;
  };
  static std::unique_ptr<State> make(ClassUid class_uid, Timestamp time, const Digest& raw_digest,
                                     std::size_t first_block) {
    const Room room{first_block};
    return std::unique_ptr<State>(new (room) State(class_uid, time, raw_digest, room));
  }
  static void* operator new(std::size_t size, Room room) {
    return ::operator new(size + room.bytes);
  }
  static void operator delete(void* state, Room /*room*/) { ::operator delete(state); }
  static void operator delete(void* state) { ::operator delete(state); }

  std::string_view keep(std::string_view text);
  template <typename T>
  std::span<T> room_for(std::size_t count);  // in the arena; not yet initialised
  template <typename T>
  std::span<const T> keep(std::span<const T> items);

  bool note_set(Attribute attribute);
  void forget_building();  // an event may be kept for long: what only its building needs is freed

  ClassUid class_uid;
  Timestamp time;
  Digest raw_digest;
  std::pmr::monotonic_buffer_resource arena;
  std::pmr::vector<Field> fields{&arena};
  std::pmr::vector<Entity> entities{&arena};
  Record attributes;  // views `fields` once the event is finished

  // While it is being built.
  // One bit an attribute id: what was set already. Those of a few mappings fit the first.
  std::array<std::uint64_t, 32> first_set_ids{};
  std::vector<std::uint64_t> more_set_ids;
  std::vector<std::uint64_t> entity_hashes;  // of the first of `entities`, in their order
  bool in_list = false;
  std::optional<Attribute> list_attribute;  // of the list it is in
  std::vector<Field> list_fields;
  std::vector<std::size_t> record_starts;  // indexes into list_fields

 private:
  State(ClassUid class_uid_in, Timestamp time_in, const Digest& raw_digest_in, Room room)
      : class_uid(class_uid_in),
        time(time_in),
        raw_digest(raw_digest_in),
        arena(this + 1, room.bytes) {}
};

}  // namespace winnow::ocsf
