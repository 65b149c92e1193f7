#include "ingest/mapping/log_mappings.h"

#include <algorithm>

#include <fmt/format.h>

namespace winnow {

LogMappings::LogMappings(std::vector<Mapping> mappings) {
  std::ranges::sort(mappings, {}, &Mapping::name);
  for (auto& mapping : mappings) readers_.emplace_back(std::move(mapping));
}

Result<LogMappings::Mapped> LogMappings::read(RecordForm form, std::string_view raw,
                                              const Digest& digest) {
  for (std::size_t i = 0; i < readers_.size(); ++i) {
    const std::size_t at = (last_ + i) % readers_.size();
    auto& reader = readers_[at];
    if (readers_.size() > 1 && !reader.recognises(form, raw)) continue;
    last_ = at;
    WINNOW_TRY(auto event, reader.read(form, raw, digest));
    return Mapped{reader.mapping().name(), std::move(event)};
  }
  return Error(Code::InvalidArgument, "no mapping recognises it");
}

Result<ocsf::Event> LogMappings::read(const std::string& mapping, RecordForm form,
                                      std::string_view raw, const Digest& digest) {
  for (auto& reader : readers_) {
    if (reader.mapping().name() == mapping) return reader.read(form, raw, digest);
  }
  return Error(Code::NotFound, fmt::format("there is no mapping '{}'", mapping));
}

}  // namespace winnow
