#include <fmt/format.h>

#include "registry/detail/listing.h"
#include "registry/dsse.h"
#include "registry/registry.h"

namespace winnow {

using registry::only_text;

Result<RunId> Registry::record(Run run) {
  if (run.id.empty()) {
    WINNOW_TRY(run.id, id_of(run));
  }
  WINNOW_TRY(auto query, database_.prepare("SELECT id FROM runs WHERE id = ?1"));
  WINNOW_TRY(query.bind(run.id.text()));
  WINNOW_TRY(const bool exists, query.next());
  WINNOW_TRY(query.run());
  if (exists)
    return Error(Code::AlreadyExists,
                 fmt::format("the run '{}' is on record already", run.id.text()));
  WINNOW_TRY(auto statement, statement_of(run));
  WINNOW_TRY(const auto envelope,
             seal(std::string(kInTotoPayloadType), std::move(statement), *keys_));
  WINNOW_TRY(const auto digest, objects_.put(to_text(envelope)));
  const AuditEntry entry{clock_.now(), run.actor, std::string(registry::kRunRecorded),
                         run.id.text(),
                         Json::object({{"envelope", digest.hex()},
                                       {"kind", run.kind},
                                       {"domain", run.domain},
                                       {"status", name_of(run.status)}})};
  WINNOW_TRY(record_entries({&entry, 1}));
  return run.id;
}

Result<std::string> Registry::envelope(const RunId& id) {
  WINNOW_TRY(auto query, database_.prepare("SELECT envelope FROM runs WHERE id = ?1"));
  WINNOW_TRY(query.bind(id.text()));
  WINNOW_TRY(const auto hex, only_text(query, "run", id.text()));
  WINNOW_TRY(const auto digest, Digest::from_hex(hex));
  return objects_.get(digest);
}

Result<Run> Registry::run(std::string_view id_prefix) {
  const std::string prefix = (id_prefix.starts_with("r-") ? "" : "r-") + std::string(id_prefix);
  WINNOW_TRY(auto query,
             database_.prepare("SELECT id FROM runs WHERE substr(id, 1, ?2) = ?1 LIMIT 2"));
  WINNOW_TRY(query.bind(prefix, prefix.size()));
  WINNOW_TRY(const auto id, only_text(query, "run", prefix));
  WINNOW_TRY(const auto text, envelope(RunId(id)));
  WINNOW_TRY(const auto sealed, envelope_of(text));
  WINNOW_TRY(verify(sealed, *keys_));
  WINNOW_TRY(auto run, run_of_statement(sealed.payload));
  if (run.id.text() == id) return run;
  return Error(Code::Corrupt,
               fmt::format("the record of run '{}' is that of '{}'", id, run.id.text()));
}

Result<std::vector<Run>> Registry::runs(const RunFilter& filter) {
  WINNOW_TRY(
      auto query,
      database_.prepare(
          "SELECT record FROM runs WHERE (?1 = '' OR kind = ?1) AND (?2 = '' OR domain = ?2) AND "
          "(?4 = '' OR position < (SELECT position FROM runs WHERE id = ?4)) "
          "ORDER BY position DESC LIMIT ?3"));
  WINNOW_TRY(query.bind(filter.kind, filter.domain, filter.limit, filter.before));
  return registry::all_of<Run>(query, run_of);
}

}  // namespace winnow
