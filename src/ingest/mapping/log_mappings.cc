#include "ingest/mapping/log_mappings.h"

#include <algorithm>

#include <fmt/format.h>

#include "ingest/mapping/detail/recogniser.h"

namespace winnow {

LogMappings::LogMappings(std::vector<Mapping> mappings) {
  std::ranges::sort(mappings, {}, &Mapping::name);
  recogniser_ = std::make_unique<mapping::Recogniser>(mappings);
  for (auto& mapping : mappings) readers_.emplace_back(std::move(mapping));
}
LogMappings::LogMappings(LogMappings&&) noexcept = default;
LogMappings& LogMappings::operator=(LogMappings&&) noexcept = default;
LogMappings::~LogMappings() = default;

LogReader* LogMappings::find(std::string_view name) {
  const auto at = std::ranges::lower_bound(readers_, name, {}, [](const LogReader& reader) {
    return std::string_view(reader.mapping().name());
  });
  return at != readers_.end() && at->mapping().name() == name ? &*at : nullptr;
}

Result<std::string> LogMappings::choose(RecordForm form, std::string_view raw,
                                        std::string_view named) {
  if (const auto* reader = find(named)) return reader->mapping().name();
  const auto opened = envelopes_.open(form, raw);
  for (auto rest = opened.kind; !rest.empty();) {
    const auto size = std::min(rest.find(':'), rest.size());
    if (const auto* reader = find(rest.substr(0, size))) return reader->mapping().name();
    rest.remove_prefix(std::min(size + 1, rest.size()));
  }
  WINNOW_TRY(const auto number, recogniser_->find(opened.form, opened.payload));
  return readers_[number].mapping().name();
}

Result<LogMappings::Mapped> LogMappings::read(RecordForm form, std::string_view raw,
                                              const Digest& digest) {
  WINNOW_TRY(auto mapping, choose(form, raw));
  WINNOW_TRY(auto event, read(mapping, form, raw, digest));
  return Mapped{std::move(mapping), std::move(event)};
}

Result<ocsf::Event> LogMappings::read(const std::string& mapping, RecordForm form,
                                      std::string_view raw, const Digest& digest,
                                      std::optional<Timestamp> reported) {
  auto* const reader = find(mapping);
  if (reader == nullptr)
    return Error(Code::NotFound, fmt::format("there is no mapping '{}'", mapping));
  const auto opened = envelopes_.open(form, raw);
  return reader->read(
      opened.form, opened.payload, digest,
      {.time = opened.time ? opened.time : reported, .host = opened.host, .app = opened.app});
}

std::optional<KeyCounts> LogMappings::count_keys(const std::string& mapping, RecordForm form,
                                                 std::string_view raw) {
  auto* const reader = asked_++ % kSampled == 0 ? find(mapping) : nullptr;
  if (reader == nullptr) return std::nullopt;
  const auto opened = envelopes_.open(form, raw);
  const auto kind = reader->kind(opened.form, opened.payload);
  if (!kind) return std::nullopt;
  return winnow::count_keys(reader->mapping().events()[*kind], opened.form, opened.payload);
}

}  // namespace winnow
