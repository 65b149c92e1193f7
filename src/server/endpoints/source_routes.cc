#include "server/endpoints/source_endpoints.h"
#include "server/route_groups.h"

namespace winnow::server {
namespace {

constexpr std::string_view kSchemas = R"json(
"SourceDetail": {"type": "object",
  "required": ["name", "mails", "events", "last_at", "quarantined", "late", "ahead", "format",
               "waiting", "lag_seconds", "event_lag_seconds", "mappings", "minutes", "hours"],
  "description": "As `sources` of /v1/status, and which mappings read it, how much came when.",
  "properties": {
    "mappings": {"type": "array", "items": {"type": "object",
      "required": ["name", "domain", "records"],
      "properties": {"name": {"type": "string", "description": "`mail` for mails."},
                     "domain": {"type": ["string", "null"]},
                     "records": {"type": "integer", "description": "That it read since the start."}}}},
    "minutes": {"type": "array", "items": {"type": "integer"},
      "description": "Records in each of the last 60 minutes, usable or not, the present one last."},
    "hours": {"type": "array", "items": {"type": "integer"},
      "description": "The same of the last 24 hours."}}},
"MappingDrift": {"type": "array",
  "description": "Mappings of today that the champion of their domain does not have so, and all of which kept records wait for a champion that can read them.",
  "items": {"type": "object", "required": ["domain", "mapping", "state", "waiting", "advice"],
    "properties": {
      "domain": {"type": "string"},
      "mapping": {"type": "string", "description": "`mail` for mails."},
      "state": {"type": "string", "enum": ["missing", "differs", "same"],
        "description": "`missing`: what it reads is kept, not decided; `differs`: the champion decides on what its older one reads."},
      "waiting": {"type": "integer", "minimum": 0, "description": "Kept records: decided once a champion can read them."},
      "advice": {"type": "string", "description": "What to do: the commands."}}}},
"RefusedMappings": {"type": "array",
  "description": "Files of content/mappings that do not compile now, or are the second of their name.",
  "items": {"type": "object", "required": ["mapping", "file", "held", "reason"],
    "properties": {
      "mapping": {"type": "string"},
      "file": {"type": "string"},
      "held": {"type": "boolean",
        "description": "What it said before goes on to hold, or another file of its name does; false: its records wait in quarantine, and are tried again once it is mended."},
      "reason": {"type": "string", "description": "With its line and the nearest valid name."}}}},
"Sources": {"type": "object", "required": ["since", "sources", "drift", "refused_mappings", "lost"],
  "properties": {
    "since": {"type": "string", "format": "date-time",
      "description": "The service's start: what came before is not counted."},
    "sources": {"type": "array", "items": {"$ref": "#/components/schemas/SourceDetail"}},
    "drift": {"$ref": "#/components/schemas/MappingDrift"},
    "refused_mappings": {"$ref": "#/components/schemas/RefusedMappings"},
    "lost": {"type": "object", "required": ["syslog_dropped", "syslog_lost_by_kernel", "files_lost"],
      "description": "What receivers had no room for since the start, of all sources together: datagrams, and files that were gone before they were read to the end."}}},
"FieldsOfSource": {"type": "array", "maxItems": 40, "items": {"type": "object",
  "required": ["path", "records", "attributes"],
  "properties": {"path": {"type": "string", "description": "As the records call it: hostile text."},
                 "records": {"type": "integer"},
                 "attributes": {"type": "array", "items": {"type": "string"},
                   "description": "Of OCSF, for which it is read."}}}},
"Coverage": {"type": "object",
  "required": ["source", "records", "mails", "unknown", "examined", "mappings"],
  "properties": {
    "source": {"type": "string"},
    "records": {"type": "integer", "description": "The newest of the source, at most 500."},
    "mails": {"type": "integer", "description": "Of them: mails, which are read whole."},
    "unknown": {"type": "integer", "description": "Of them: their mapping is not there any more."},
    "examined": {"type": "integer", "description": "Places of the event log looked at: at most 20,000, and for 1.5 seconds."},
    "mappings": {"type": "array", "items": {"type": "object",
      "required": ["mapping", "title", "domain", "records", "unreadable", "events"],
      "properties": {"events": {"type": "array", "items": {"type": "object",
        "required": ["event", "class", "records", "values", "fields"],
        "properties": {
          "class": {"type": "string", "description": "Of OCSF."},
          "values": {"type": "object", "required": ["ocsf", "unmapped", "ignored", "unreadable"],
            "description": "How many values of the records became attributes, are kept under `unmapped`, are read by nobody, are for an attribute but none of its values."},
          "fields": {"type": "object", "required": ["ocsf", "unmapped", "ignored", "unreadable"],
            "properties": {
              "ocsf": {"$ref": "#/components/schemas/FieldsOfSource"},
              "unmapped": {"$ref": "#/components/schemas/FieldsOfSource"},
              "ignored": {"$ref": "#/components/schemas/FieldsOfSource"},
              "unreadable": {"$ref": "#/components/schemas/FieldsOfSource"}}}}}}}}}}})json";

}  // namespace

RouteGroup source_routes() {
  using http::Method;
  return {
      .routes = {{.method = Method::Get,
                  .pattern = "/v1/sources",
                  .roles = kPeople,
                  .perform = list_sources,
                  .answer_schema = "Sources",
                  .statuses = {200},
                  .summary = "Who sends what, how much of it when, and how far behind it is"},
                 {.method = Method::Get,
                  .pattern = "/v1/sources/coverage",
                  .roles = kPeople,
                  .perform = cover_source,
                  .answer_schema = "Coverage",
                  .statuses = {200, 503},
                  .summary = "What the mappings make of the newest records of a source, and which "
                             "fields nobody reads",
                  .parameters = {{"source", "its name", R"({"type":"string","maxLength":320})",
                                  true}}}},
      .schemas = kSchemas};
}

}  // namespace winnow::server
