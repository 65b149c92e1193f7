#include "ingest/mapping/log_mappings.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/utf8.h"
#include "ingest/mapping/detail/recogniser.h"

namespace winnow {
namespace {

// What a header says, however it is quoted, spaced and spelt: in small letters, without quotes,
// blanks and the byte order mark that some programs write in front of it.
std::string bare(std::string_view header) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (header.starts_with(kMark)) header.remove_prefix(kMark.size());
  auto text = ascii_lower(header);
  std::erase_if(text, [](char c) { return c == '"' || c == ' ' || c == '\r' || c == '\n'; });
  return text;
}

Error awaits_mapping() { return Error(Code::InvalidArgument, std::string(kAwaitsMapping)); }

}  // namespace

LogMappings::LogMappings(std::vector<Mapping> mappings, std::vector<std::string> broken)
    : broken_(std::move(broken)) {
  std::ranges::sort(mappings, {}, &Mapping::name);
  recogniser_ = std::make_unique<mapping::Recogniser>(mappings);
  for (auto& mapping : mappings) {
    if (const auto header = mapping.header_line(); !header.empty())
      headers_.emplace(mapping.name(), bare(header));
    readers_.emplace_back(std::move(mapping));
  }
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
  if (find(named) != nullptr || is_broken(named)) return std::string(named);
  const auto opened = envelopes_.open(form, raw);
  for (auto rest = opened.kind; !rest.empty();) {
    const auto size = std::min(rest.find(':'), rest.size());
    const auto part = rest.substr(0, size);
    if (find(part) != nullptr || is_broken(part)) return std::string(part);
    rest.remove_prefix(std::min(size + 1, rest.size()));
  }
  const auto number = recogniser_->find(opened.form, opened.payload);
  if (!number) return broken_.empty() ? number.error() : awaits_mapping();
  return readers_[*number].mapping().name();
}

const Mapping* LogMappings::mapping(std::string_view name) {
  const auto* const reader = find(name);
  return reader == nullptr ? nullptr : &reader->mapping();
}

bool LogMappings::is_broken(std::string_view name) const {
  return std::ranges::find(broken_, name) != broken_.end();
}

bool LogMappings::is_header(std::string_view mapping, RecordForm form, std::string_view raw) {
  if (headers_.empty() || is_mail(form) || form == RecordForm::LogRow) return false;
  const auto of_mapping = headers_.find(mapping);
  if (!mapping.empty() && of_mapping == headers_.end()) return false;
  const auto line = bare(envelopes_.open(form, raw).payload);
  if (of_mapping != headers_.end()) return line == of_mapping->second;
  return std::ranges::any_of(headers_, [&](const auto& one) { return one.second == line; });
}

Result<LogMappings::Mapped> LogMappings::read(RecordForm form, std::string_view raw,
                                              const Digest& digest, const RecordTimes& times) {
  WINNOW_TRY(auto mapping, choose(form, raw));
  WINNOW_TRY(auto event, read(mapping, form, raw, digest, times));
  return Mapped{std::move(mapping), std::move(event)};
}

Result<ocsf::Event> LogMappings::read(const std::string& mapping, RecordForm form,
                                      std::string_view raw, const Digest& digest,
                                      const RecordTimes& times) {
  auto* const reader = find(mapping);
  if (is_broken(mapping)) return awaits_mapping();
  if (reader == nullptr)
    return Error(Code::NotFound, fmt::format("there is no mapping '{}'", mapping));
  const auto opened = envelopes_.open(form, raw);
  return reader->read(opened.form, opened.payload, digest,
                      {.time = opened.time ? opened.time : times.reported,
                       .arrived = times.arrived,
                       .host = opened.host,
                       .app = opened.app});
}

std::optional<KeyCounts> LogMappings::count_keys(const std::string& mapping, RecordForm form,
                                                 std::string_view raw, Timestamp arrived) {
  auto* const reader = asked_++ % kSampled == 0 ? find(mapping) : nullptr;
  if (reader == nullptr) return std::nullopt;
  const auto opened = envelopes_.open(form, raw);
  // A time of its own is not asked of it: it was mapped, so one was found.
  const auto read = reader->read_kind(opened.form, opened.payload, Digest(),
                                      {.time = arrived, .arrived = arrived});
  if (!read) return std::nullopt;
  return winnow::count_keys(reader->mapping(), read->kind, read->event, opened.form,
                            opened.payload);
}

}  // namespace winnow
