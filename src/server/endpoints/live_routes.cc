#include "server/endpoints/live_endpoints.h"
#include "server/route_groups.h"

namespace winnow::server {
namespace {

constexpr std::string_view kSchemas = R"json(
"Series": {"type": "array", "description": "The last 60 minutes, oldest first.",
  "items": {"type": "array", "prefixItems": [
    {"type": "string", "format": "date-time"}, {"type": "integer"}]}},
"Status": {"type": "object",
  "required": ["ready", "version", "build", "started_at", "domains", "mails", "spool", "cases",
               "sources", "drift", "refused_mappings", "storage", "memory_bytes", "series"],
  "properties": {
    "ready": {"type": "boolean", "description": "Mails are decided now."},
    "version": {"type": "string"},
    "build": {"type": "string"},
    "started_at": {"type": "string", "format": "date-time"},
    "domains": {"type": "array", "description": "Each domain, those without champion too.",
      "items": {"type": "object", "required": ["domain", "champion", "next", "decided", "last_hour"],
        "properties": {
          "domain": {"type": "string"},
          "decided": {"type": "integer", "description": "Since the start."},
          "last_hour": {"type": "integer"},
          "champion": {"type": ["object", "null"],
            "description": "That decides in the domain; null: nothing does, and what comes is kept.",
            "required": ["bundle", "run", "model", "promoted_at"],
            "properties": {
              "bundle": {"type": "string"},
              "run": {"type": ["string", "null"], "description": "That made its model."},
              "model": {"type": ["string", "null"], "description": "Null: rules decide alone."},
              "promoted_at": {"type": "string", "format": "date-time"}}},
          "next": {"type": ["object", "null"],
            "description": "That was promoted and decides once its states are filled from the event log; null: none waits.",
            "required": ["bundle", "promoted_at", "events", "of", "problem"],
            "properties": {
              "bundle": {"type": "string"},
              "promoted_at": {"type": "string", "format": "date-time"},
              "events": {"type": "integer", "description": "Events that are part of its states."},
              "of": {"type": "integer", "description": "Events in the log."},
              "problem": {"type": ["string", "null"],
                "description": "Why they could not be filled the last time: it is tried again every few seconds, and who decided before goes on."}}}}}},
    "mails": {"type": "object", "description": "Since the start.",
      "properties": {
        "decided": {"type": "integer"},
        "rate_per_minute": {"type": "number"},
        "p50_ms": {"type": ["number", "null"]},
        "p99_ms": {"type": ["number", "null"]},
        "waiting": {"type": "integer"}}},
    "spool": {"type": "object", "description": "Accepted and not yet decided.",
      "properties": {
        "deliveries": {"type": "integer", "description": "Requests of which not all is decided."},
        "records": {"type": "integer"},
        "bytes": {"type": "integer"},
        "oldest_at": {"type": ["string", "null"], "format": "date-time"},
        "oldest_seconds": {"type": "integer"},
        "late": {"type": "boolean", "description": "The oldest waits longer than 5 minutes."},
        "file_bytes": {"type": "integer"},
        "max_bytes": {"type": "integer"},
        "damages": {"type": "integer", "description": "Damaged places found since the start."}}},
    "cases": {"type": ["object", "null"], "description": "How far they are behind the decisions.",
      "properties": {
        "waiting": {"type": "integer", "description": "Decisions not yet taken in."},
        "lag_seconds": {"type": "number", "description": "How long there have been such, at most."}}},
    "sources": {"type": "array", "items": {"type": "object",
      "properties": {
        "name": {"type": "string"},
        "mails": {"type": "integer"},
        "events": {"type": "integer", "description": "Of other logs than mail, that were kept."},
        "last_at": {"type": ["string", "null"], "format": "date-time",
          "description": "When something was accepted, decided or quarantined; null: not since the start."},
        "quarantined": {"type": "integer"},
        "late": {"type": "integer", "description": "Whose own time was more than 24 hours ago."},
        "ahead": {"type": "integer", "description": "Whose own time is more than 5 minutes ahead."},
        "format": {"type": ["object", "null"],
          "description": "Of a source of other logs than mail: its newest window of records.",
          "properties": {
            "unmappable_share": {"type": "number", "description": "Of its records."},
            "unknown_keys_share": {"type": "number", "description": "Of the keys of those mapped."},
            "unreadable": {"type": "array", "maxItems": 10, "description": "Fields that often say nonsense to the mapping, the worst first.",
              "items": {"type": "object", "required": ["field", "share"],
                "properties": {"field": {"type": "string"},
                               "share": {"type": "number", "description": "Of the records that have it."}}}},
            "changed_at": {"type": ["string", "null"], "format": "date-time",
              "description": "Since when it writes otherwise than before."},
            "why": {"type": ["string", "null"]}}},
        "waiting": {"type": "integer", "description": "Accepted records not yet decided."},
        "lag_seconds": {"type": "integer", "description": "How long the oldest of them waits."},
        "event_lag_seconds": {"type": ["integer", "null"],
          "description": "From a mail's own time to its decision, median of the latest plausible ones."}}}},
    "drift": {"$ref": "#/components/schemas/MappingDrift"},
    "refused_mappings": {"$ref": "#/components/schemas/RefusedMappings"},
    "storage": {"type": "object",
      "properties": {"bytes": {"type": "integer"}, "free_bytes": {"type": "integer"}}},
    "memory_bytes": {"type": "integer"},
    "series": {"type": "object",
      "properties": {
        "decided": {"$ref": "#/components/schemas/Series"},
        "by_route": {"type": "object",
                     "additionalProperties": {"$ref": "#/components/schemas/Series"}}}}}})json";

}  // namespace

RouteGroup live_routes() {
  using http::Method;
  return {
      .routes = {{.method = Method::Get,
                  .pattern = "/v1/stream",
                  .roles = kPeople,
                  .perform = watch,
                  .answer_type = "text/event-stream",
                  .statuses = {200},
                  .summary = "What changes, as server-sent events; `resync`: too much changed to "
                             "tell it one by one"},
                 {.method = Method::Get,
                  .pattern = "/v1/status",
                  .roles = kPeople,
                  .perform = tell_status,
                  .answer_schema = "Status",
                  .statuses = {200},
                  .summary = "How the service is and what it did lately"}},
      .schemas = kSchemas};
}

}  // namespace winnow::server
