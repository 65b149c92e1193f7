#include "server/endpoints/record_view.h"

#include <fmt/format.h>

#include "base/log.h"
#include "cases/mail_view.h"

namespace winnow::server {

StoredRecordReader::StoredRecordReader(const Champions& champions,
                                       std::span<const Mapping> workspace) {
  for (const auto& champion : champions) {
    if (!champion) continue;
    const auto& mapping = champion->bundle->mapping;
    if (mapping.domain() == Domain::Mail) {
      mail_ = mapping.mail();
      mail_reader_ = champion->bundle->id.text();
    }
    for (const auto& log : mapping.logs()) mappings_.emplace(log.name(), log);
  }
  for (const auto& log : workspace) mappings_.emplace(log.name(), log);
}

std::optional<Domain> StoredRecordReader::domain_of(std::string_view mapping) const {
  if (mapping.empty()) return Domain::Mail;
  const auto* const known = this->mapping(mapping);
  return known == nullptr ? std::nullopt : std::optional(known->domain());
}

const Mapping* StoredRecordReader::mapping(std::string_view name) const {
  const auto known = mappings_.find(name);
  return known == mappings_.end() ? nullptr : &known->second;
}

std::string StoredRecordReader::reader_of(std::string_view mapping) const {
  if (mapping.empty()) return mail_reader_;
  const auto* const known = this->mapping(mapping);
  return known == nullptr ? std::string() : known->digest().hex();
}

search::Reading reading_of(StoredRecordReader& reader) {
  return {.event = [&reader](const StoredEvent& stored,
                             std::string_view raw) { return reader.read(stored, raw); },
          .reader = [&reader](std::string_view mapping) { return reader.reader_of(mapping); }};
}

Result<ocsf::Event> StoredRecordReader::read(const StoredEvent& stored, std::string_view raw) {
  if (stored.mapping.empty()) return mail_.apply(stored, raw);
  const auto domain = domain_of(stored.mapping);
  if (!domain) {
    return Error(Code::InvalidArgument,
                 fmt::format("there is no mapping '{}' any more", stored.mapping));
  }
  auto reader = readers_.find(*domain);
  if (reader == readers_.end()) {  // made when it is needed: it has buffers of its own
    std::vector<Mapping> logs;
    for (const auto& [name, log] : mappings_) {
      if (log.domain() == *domain) logs.push_back(log);
    }
    WINNOW_TRY(const auto mapping, DomainMapping::of_logs(*domain, std::move(logs)));
    reader = readers_.emplace(*domain, StoredEventReader(mapping)).first;
  }
  return reader->second.read(stored, raw);
}

Result<RecordView> view_of(const StoredEvent& stored, std::string_view raw,
                           const RecordMapping& mail, StoredRecordReader& reader,
                           MailContent content) {
  RecordView view;
  if (const auto& removed = stored.removed) {
    view.removed = Json::object({{"at", removed->at.text()}, {"rule", removed->rule}});
    return view;
  }
  if (stored.mapping.empty()) {
    auto shown = cases::mail_view(stored, raw, mail, content);
    if (!shown && shown.error().code() != Code::InvalidArgument) return shown.error();
    if (shown) view.mail = std::move(*shown);
    return view;
  }
  const auto event = reader.read(stored, raw);
  if (!event && event.error().code() != Code::InvalidArgument) return event.error();
  if (event) view.event = event->json(ocsf::Event::Unmapped::Include);
  return view;
}

void note_reader_of_mail(const std::string& actor, Role role, std::string_view what, const Json& id,
                         const Json& in_case) {
  log::info("a mail's text was read",
            {{"actor", actor}, {"role", name_of(role)}, {what, id}, {"case", in_case}});
}

}  // namespace winnow::server
