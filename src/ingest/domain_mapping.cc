#include "ingest/domain_mapping.h"

#include <algorithm>

#include <fmt/format.h>

namespace winnow {

Result<DomainMapping> DomainMapping::of_logs(Domain domain, std::vector<Mapping> logs) {
  if (logs.empty()) {
    return Error(Code::InvalidArgument,
                 fmt::format("no mapping is of the domain '{}'", name_of(domain)));
  }
  for (const auto& log : logs) {
    if (log.domain() == domain) continue;
    return Error(Code::InvalidArgument, fmt::format("the mapping '{}' is of the domain '{}'",
                                                    log.name(), name_of(log.domain())));
  }
  DomainMapping made{RecordMapping()};
  made.domain_ = domain;
  made.logs_ = std::move(logs);
  std::ranges::sort(made.logs_, {}, &Mapping::name);
  return made;
}

Result<DomainMapping> DomainMapping::from_artifacts(Domain domain,
                                                    std::span<const std::string> artifacts) {
  if (domain != Domain::Mail) {
    std::vector<Mapping> logs;
    for (const auto& bytes : artifacts) {
      WINNOW_TRY(auto log, Mapping::from_canonical(bytes));
      logs.push_back(std::move(log));
    }
    return of_logs(domain, std::move(logs));
  }
  if (artifacts.size() != 1)
    return Error(Code::InvalidArgument,
                 fmt::format("mail has one mapping, not {}", artifacts.size()));
  WINNOW_TRY(const auto yaml, Yaml::parse(artifacts.front(), "mapping"));
  WINNOW_TRY(auto options, MailOptions::compile(yaml));
  return DomainMapping(RecordMapping(std::move(options)));
}

bool DomainMapping::reads(std::string_view mapping) const {
  if (domain_ == Domain::Mail) return mapping.empty();
  return std::ranges::find(logs_, mapping, &Mapping::name) != logs_.end();
}

EventFilter DomainMapping::within(EventFilter filter) const {
  auto& names = filter.mappings.emplace();
  if (domain_ == Domain::Mail) names.emplace_back();
  for (const auto& log : logs_) names.push_back(log.name());
  return filter;
}

StoredEventReader::StoredEventReader(const DomainMapping& mapping)
    : domain_(mapping.domain()),
      mail_(mapping.mail()),
      logs_({mapping.logs().begin(), mapping.logs().end()}) {}

Result<ocsf::Event> StoredEventReader::read(const StoredEvent& stored, std::string_view raw) {
  if (domain_ == Domain::Mail) return mail_.apply(stored, raw);
  // Where the record has no time of its own, what brought it told one: the log keeps that.
  auto event = logs_.read(stored.mapping, stored.form, raw, stored.digest,
                          {.reported = stored.event_time, .arrived = stored.event_time});
  if (!event && event.error().code() == Code::NotFound)
    return Error(Code::InvalidArgument, event.error().message());
  if (!event) return event.error();
  return std::move(*event).at(stored.event_time);
}

}  // namespace winnow
