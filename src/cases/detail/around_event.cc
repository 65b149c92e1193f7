#include "cases/detail/around_event.h"

namespace winnow::cases {

Result<std::size_t> read_around(
    const EventLog& events, const DomainMapping& mapping, const StoredEvent& stored,
    const std::function<void(const StoredEvent& stored, const ocsf::Event& event)>& look_at) {
  const auto after = stored.id > kEventsBefore ? stored.id - kEventsBefore - 1 : 0;
  WINNOW_TRY(const auto around, events.arrivals(after, stored.id - after + kEventsAfter));
  StoredEventReader reader(mapping);
  std::size_t looked_at = 0;
  for (const auto& one : around) {
    if (one.removed || !mapping.reads(one)) continue;
    WINNOW_TRY(const auto raw, events.read_raw(one));
    const auto event = reader.read(one, raw);
    ++looked_at;
    if (event) look_at(one, *event);
  }
  return looked_at;
}

}  // namespace winnow::cases
