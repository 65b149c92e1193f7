#include <fmt/format.h>

#include "base/utf8.h"
#include "registry/audit_log.h"

namespace winnow {

// Written straight: entries are made by the hundred thousand, and their five members are known to
// be in order. A test compares with the general writer.
Result<std::string> canonical(const AuditEntry& entry) {
  if (!entry.details.is_object())
    return Error(Code::InvalidArgument, "the details of an audit entry are an object");
  for (const auto* text : {&entry.actor, &entry.action, &entry.subject}) {
    if (!is_valid_utf8(*text))
      return Error(Code::InvalidArgument, "an audit entry holds text that is not UTF-8");
  }
  WINNOW_TRY(const auto details, to_canonical(entry.details));
  std::string out;
  out.reserve(96 + entry.action.size() + entry.actor.size() + entry.subject.size() +
              details.size());
  out += "{\"action\":";
  append_json_string(out, entry.action);
  out += ",\"actor\":";
  append_json_string(out, entry.actor);
  out += ",\"details\":";
  out += details;
  out += ",\"subject\":";
  append_json_string(out, entry.subject);
  out += ",\"time\":\"";
  out += entry.time.text();
  out += "\"}";
  return out;
}

Result<AuditEntry> audit_entry_of(std::string_view text) {
  WINNOW_TRY(const auto json, parse_json(text));
  AuditEntry entry;
  WINNOW_TRY(entry.actor, json.need_string("actor"));
  WINNOW_TRY(entry.action, json.need_string("action"));
  WINNOW_TRY(entry.subject, json.need_string("subject"));
  WINNOW_TRY(const Json* details, json.need_object("details"));
  entry.details = *details;
  WINNOW_TRY(const auto time, json.need_string("time"));
  WINNOW_TRY(entry.time, Timestamp::parse(time));
  return entry;
}

std::string to_text(const InclusionProof& proof) {
  std::string out = fmt::format("c2sp.org/tlog-proof@v1\nextra {}\nindex {}\n",
                                to_base64(proof.entry), proof.index);
  for (const auto& hash : proof.hashes) out += to_base64(hash.as_text()) + "\n";
  return out + "\n" + proof.checkpoint;
}

}  // namespace winnow
