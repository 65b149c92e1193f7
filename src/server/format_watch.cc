#include "server/format_watch.h"

#include <algorithm>
#include <ranges>

#include <fmt/format.h>

#include "base/log.h"

namespace winnow::server {
namespace {

constexpr double kSlowly = 1.0 / 8;     // by how much of a window's difference the usual follows
constexpr double kNewcomersMost = 0.5;  // of the first window that may be unmappable, or unreadable
constexpr std::size_t kNamed = 3;       // fields in a reason

double share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

std::string percents(std::string_view what, double now, double usual) {
  return fmt::format("{:.0f} % of {} (usual: {:.0f} %)", 100 * now, what, 100 * usual);
}

void add_reason(std::string& why, std::string reason) {
  why += (why.empty() ? "" : "; ") + std::move(reason);
}

}  // namespace

double FormatWatch::Field::allowed() const {
  return usual.value_or(kNewcomersMost - kUnreadableRise) + kUnreadableRise;
}

// Fields of which enough values came get their latest share. Returns what is not as usual.
std::string FormatWatch::look_at(Fields& fields, Source& told) {
  for (auto& [name, field] : fields) ++field.silent;
  std::erase_if(fields, [](const auto& entry) { return entry.second.silent > kForgetAfter; });
  std::vector<std::pair<double, const Fields::value_type*>> found;
  for (auto& entry : fields) {
    auto& field = entry.second;
    if (field.values >= kLeastValues) {
      field.latest = share(field.unreadable, field.values);
      field.values = field.unreadable = 0;
    }
    if (field.latest.value_or(0) > 0) found.emplace_back(*field.latest, &entry);
  }
  std::ranges::stable_sort(found, std::ranges::greater(),
                           [](const auto& one) { return one.first; });
  told.unreadable.clear();
  std::string why;
  std::size_t named = 0;
  for (const auto& [latest, entry] : found) {
    const auto& [name, field] = *entry;
    if (told.unreadable.size() < kMostToldFields) told.unreadable.emplace_back(name, latest);
    if (latest <= field.allowed() || named++ >= kNamed) continue;
    add_reason(why, percents(fmt::format("the values of '{}' cannot be read", name), latest,
                             field.usual.value_or(0)));
  }
  if (named > kNamed) why += fmt::format(", and of {} more fields", named - kNamed);
  return why;
}

// What is usual follows what came.
void FormatWatch::follow(Fields& fields, bool is_accepted) {
  for (auto& [name, field] : fields) {
    if (!field.latest) continue;
    field.usual = !field.usual || is_accepted
                      ? *field.latest
                      : *field.usual + kSlowly * (*field.latest - *field.usual);
  }
}

void FormatWatch::note(std::string_view source, bool is_mapped,
                       const std::optional<KeyCounts>& keys) {
  const auto now = clock_->now();
  const std::lock_guard lock(mutex_);
  auto found = sources_.find(source);
  if (found == sources_.end()) {
    if (sources_.size() >= kMostSources) return;
    found = sources_.try_emplace(std::string(source)).first;
  }
  auto& known = found->second;
  if (known.records == 0) known.begun = now;
  ++known.records;
  known.unmappable += is_mapped ? 0 : 1;
  if (keys) {
    known.keys += keys->all;
    known.unknown += keys->unknown;
    for (const auto& [path, is_unreadable] : keys->fields) {
      auto& field = known.fields[path];
      ++field.values;
      field.silent = 0;
      field.unreadable += is_unreadable ? 1 : 0;
    }
  }
  const bool took_long = known.records >= kLeast && now - known.begun >= kLong;
  if (known.records >= kWindow || took_long) end_window(source, known, now);
}

void FormatWatch::end_window(std::string_view name, Known& known, Timestamp now) const {
  const Shares latest{share(known.unmappable, known.records), share(known.unknown, known.keys)};
  const bool has_keys = known.keys > 0;  // where nothing was mapped there are none
  const auto usual = known.usual.value_or(Shares{kNewcomersMost - kUnmappableRise, latest.unknown});
  known.records = known.unmappable = known.keys = known.unknown = 0;
  known.told.unmappable = latest.unmappable;
  if (has_keys) known.told.unknown_keys = latest.unknown;
  std::string why;
  if (latest.unmappable > usual.unmappable + kUnmappableRise)
    why = percents("records cannot be mapped", latest.unmappable, usual.unmappable);
  if (has_keys && latest.unknown > usual.unknown + kUnknownRise) {
    add_reason(why, percents("keys are unknown to the mapping", latest.unknown, usual.unknown));
  }
  if (auto unreadable = look_at(known.fields, known.told); !unreadable.empty())
    add_reason(why, std::move(unreadable));
  const bool is_accepted = known.told.changed && ++known.alarmed >= kAccepted;
  if (!why.empty() && !is_accepted) {
    if (!known.told.changed) {
      known.told.changed = now;
      known.alarmed = 0;
      log::warn("a source writes otherwise than before",
                {{"source", name},
                 {"why", why},
                 {"hint",
                  "winnow mappings coverage shows which fields; then mend the mapping and "
                  "retry what is in quarantine"}});
    }
    known.told.why = std::move(why);
    // Without a usual share a newcomer keeps waiting for its first good window.
    return;
  }
  if (known.told.changed) {
    log::info("a source writes as its mapping expects again", {{"source", name}});
    known.told.changed.reset();
    known.told.why.clear();
  }
  follow(known.fields, is_accepted);
  if (!known.usual || is_accepted) {
    known.usual = latest;
    return;
  }
  known.usual->unmappable += kSlowly * (latest.unmappable - known.usual->unmappable);
  if (has_keys) known.usual->unknown += kSlowly * (latest.unknown - known.usual->unknown);
}

FormatWatch::Sources FormatWatch::sources() const {
  Sources all;
  const std::lock_guard lock(mutex_);
  for (const auto& [name, known] : sources_) {
    if (known.usual || known.told.changed) all.emplace(name, known.told);
  }
  return all;
}

}  // namespace winnow::server
