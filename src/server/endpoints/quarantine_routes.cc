#include "server/endpoints/quarantine_endpoints.h"
#include "server/route_groups.h"

namespace winnow::server {
namespace {

constexpr std::string_view kSchemas = R"json(
"QuarantineRetry": {"type": "object", "additionalProperties": false,
  "description": "Which records; without members, or without a body, all.",
  "properties": {
    "mapping": {"type": ["string", "null"], "description": "Only what this mapping refused."},
    "source": {"type": ["string", "null"], "description": "Only what this source brought."},
    "after": {"type": ["string", "null"], "pattern": "^[0-9]{1,18}$",
      "description": "`next` of the answer before."}}},
"QuarantinedRecords": {"type": "object", "required": ["records", "next", "total"],
  "properties": {
    "total": {"type": "integer", "minimum": 0, "description": "That pass the filter."},
    "next": {"type": ["string", "null"], "description": "The `cursor` of the next page."},
    "records": {"type": "array", "description": "In the order of arrival.",
      "items": {"type": "object",
        "required": ["digest", "source", "mapping", "kind", "reason", "size", "first_seen",
                     "last_tried", "tries", "sample", "sample_cut"],
        "properties": {
          "mapping": {"type": ["string", "null"],
            "description": "That refused it; null: none recognised it, or it is mail."},
          "kind": {"type": "string"},
          "reason": {"type": "string"},
          "sample": {"type": ["string", "null"],
            "description": "Its beginning as safe text, at most 2 KiB: hostile. Null where it may be mail and the role may not read what mails say."},
          "sample_cut": {"type": "boolean", "description": "There is more of it."}}}}}},
"QuarantineReasons": {"type": "object", "required": ["reasons", "total"],
  "properties": {
    "total": {"type": "integer", "minimum": 0, "description": "All records in quarantine."},
    "reasons": {"type": "array", "maxItems": 200, "description": "The most frequent first.",
      "items": {"type": "object",
        "required": ["source", "mapping", "kind", "reason", "records", "first_seen",
                     "last_seen"]}}}},
"QuarantineRetried": {"type": "object", "required": ["tried", "released", "decided", "kept", "next"],
  "properties": {
    "tried": {"type": "integer"},
    "released": {"type": "integer", "description": "In the event log now: decided or kept."},
    "decided": {"type": "integer"},
    "kept": {"type": "integer",
      "description": "Released and not decided: they wait for a champion that can read them (`drift` of /v1/status), or their domain has none."},
    "next": {"type": ["string", "null"], "description": "Ask again with this: there are more."}}})json";

}  // namespace

RouteGroup quarantine_routes() {
  constexpr std::string_view kText = R"({"type":"string","maxLength":1000})";
  return {
      .routes = {{.method = http::Method::Get,
                  .pattern = "/v1/quarantine",
                  .roles = kPeople,
                  .perform = list_quarantined,
                  .answer_schema = "QuarantinedRecords",
                  .statuses = {200, 503},
                  .summary = "Records that could not be used, with the reason and how they "
                             "begin",
                  .parameters = {{"source", "only what this source brought", kText},
                                 {"mapping", "only what this mapping refused", kText},
                                 {"reason", "only what has this reason", kText},
                                 {"limit", "at most so many (default: 20)",
                                  R"({"type":"integer","minimum":1,"maximum":100,"default":20})"},
                                 {"cursor", "the `next` of the page before",
                                  R"({"type":"string","maxLength":18,"pattern":"^[0-9]+$"})"}}},
                 {.method = http::Method::Get,
                  .pattern = "/v1/quarantine/reasons",
                  .roles = kPeople,
                  .perform = list_quarantine_reasons,
                  .answer_schema = "QuarantineReasons",
                  .statuses = {200, 503},
                  .summary = "Why records could not be used, how many by each reason"},
                 {.method = http::Method::Post,
                  .pattern = "/v1/quarantine/retry",
                  .roles = {Role::Engineer, Role::Admin},
                  .perform = retry_quarantined,
                  .body_bytes = 4096,
                  .body_type = kJsonType,
                  .may_lack_body = true,
                  .body_schema = "QuarantineRetry",
                  .answer_schema = "QuarantineRetried",
                  .statuses = {200, 400, 503, 507},
                  .summary = "Tries to use quarantined records again, at most 4,096: after a "
                             "mapping was mended"}},
      .schemas = kSchemas};
}

}  // namespace winnow::server
