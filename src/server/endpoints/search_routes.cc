#include "server/endpoints/search_endpoints.h"
#include "server/route_groups.h"

namespace winnow::server {
namespace {

constexpr std::string_view kSchemas = R"json(
"EventLine": {"type": "object",
  "required": ["digest", "event_time", "received_at", "source", "mapping", "domain", "class",
               "actor", "subject", "entities", "label", "removed", "decision"],
  "properties": {
    "digest": {"type": "string", "pattern": "^[0-9a-f]{64}$",
      "description": "SHA-256 of the record as received: the event's identity."},
    "event_time": {"type": "string", "format": "date-time"},
    "received_at": {"type": "string", "format": "date-time"},
    "source": {"type": "string"},
    "mapping": {"type": "string", "description": "That read it; `mail` for mails."},
    "domain": {"type": ["string", "null"], "description": "Null: its mapping is not there any more."},
    "class": {"type": ["string", "null"],
      "description": "Of OCSF: dns_activity. Null: it cannot be read any more, or was removed."},
    "actor": {"type": "string", "description": "Who acted; of a mail its sender. Hostile text, at most 300 bytes, as the next."},
    "subject": {"type": "string", "description": "What happened; of a mail its subject."},
    "entities": {"type": "array", "maxItems": 12, "description": "That it names, at most 12.",
      "items": {"type": "object", "required": ["kind", "role", "key"],
        "properties": {"kind": {"type": "string"}, "role": {"type": "string"},
                       "key": {"type": "string"}}}},
    "label": {"type": ["string", "null"], "description": "What somebody found it to be."},
    "removed": {"type": "boolean", "description": "Its bytes went, its time being over."},
    "decision": {"type": ["object", "null"], "required": ["id", "route", "case"],
      "description": "The last one on it.",
      "properties": {
        "id": {"type": "string", "pattern": "^d-[0-9a-f]{64}$"},
        "route": {"type": "string"},
        "case": {"type": ["string", "null"]}}}}},
"EventPage": {"type": "object", "required": ["events", "next", "examined", "skipped", "read", "searched_until"],
  "properties": {
    "events": {"type": "array", "items": {"$ref": "#/components/schemas/EventLine"}},
    "next": {"type": ["string", "null"],
      "description": "The `cursor` of the next page; null at the beginning of the log. A page looks at a bounded part of the log: it may be empty and still have a next one."},
    "examined": {"type": "integer", "minimum": 0, "description": "Events that this page looked at."},
    "skipped": {"type": "integer", "minimum": 0,
      "description": "Of them those of blocks of the log that cannot name the entity."},
    "read": {"type": "integer", "minimum": 0, "description": "Of them those that had to be opened."},
    "searched_until": {"type": ["string", "null"], "format": "date-time",
      "description": "The time of the oldest event that this page looked at."}}},
"EventDetail": {"type": "object",
  "required": ["digest", "event_time", "received_at", "source", "mapping", "domain", "class",
               "actor", "subject", "entities", "label", "removed", "decision", "raw_bytes", "mail",
               "ocsf"],
  "properties": {
    "removed": {"type": ["object", "null"], "required": ["at", "rule"],
      "description": "When and by which rule of retention its bytes went."},
    "raw_bytes": {"type": "integer", "minimum": 0},
    "mail": {"oneOf": [{"$ref": "#/components/schemas/MailView"}, {"type": "null"}]},
    "ocsf": {"type": ["object", "null"], "description": "What is no mail, as OCSF: hostile text."}}})json";

constexpr std::string_view kTime = R"({"type":"string","format":"date-time"})";
constexpr std::string_view kText = R"({"type":"string","maxLength":320})";

std::vector<Parameter> search_parameters() {
  return {{"q", "words, all of them somewhere in the event's texts, at most 8", kText},
          {"entity", "a user, host, address, mailbox, domain name or hash that it names", kText},
          {"source", "only of this source", kText},
          {"domain", "only of this domain", R"({"$ref":"#/components/schemas/Domain"})"},
          {"class", "only of this class of OCSF: dns_activity", kText},
          {"from", "event time at or after this", kTime},
          {"before", "event time before this", kTime},
          {"limit", "at most so many (default: 50)",
           R"({"type":"integer","minimum":1,"maximum":200,"default":50})"},
          {"cursor", "the `next` of the page before",
           R"({"type":"string","maxLength":42,"pattern":"^-?[0-9]+\\.[0-9]+$"})"}};
}

}  // namespace

RouteGroup search_routes() {
  using http::Method;
  return {.routes = {{.method = Method::Get,
                      .pattern = "/v1/events",
                      .roles = kPeople,
                      .perform = list_events,
                      .answer_schema = "EventPage",
                      .statuses = {200, 503},
                      .summary = "What came, newest first by the events' own time, as searched for",
                      .parameters = search_parameters()},
                     {.method = Method::Get,
                      .pattern = "/v1/events/digest/{digest}",
                      .roles = kPeople,
                      .perform = get_event,
                      .answer_schema = "EventDetail",
                      .statuses = {200, 400, 404, 503},
                      .summary = "One event whole: a mail as safe text, another as OCSF",
                      .variable_schema = R"({"type":"string","pattern":"^[0-9a-f]{64}$"})"}},
          .schemas = kSchemas};
}

}  // namespace winnow::server
