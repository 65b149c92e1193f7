#include "server/request_trace.h"

#include <fmt/format.h>

#include "server/call.h"
#include "server/routes.h"

namespace winnow::server {
namespace {

// "POST /v1/score/mail": of the table, never of the request (HTTP semantic conventions, "Name").
std::string_view name_of(const Route& route) {
  static const auto kNames = [] {
    std::vector<std::string> names;
    for (const auto& one : routes())
      names.push_back(fmt::format("{} {}", http::name_of(one.method), one.pattern));
    return names;
  }();
  return kNames[number_of(&route)];
}

}  // namespace

std::unique_ptr<RequestTrace> RequestTrace::begin(trace::Tracer* tracer,
                                                  const http::Request& request, const Route& route,
                                                  bool is_known, trace::Time started) {
  if (tracer == nullptr) return nullptr;
  auto caller = is_known ? trace::context_in(request.field("traceparent")) : std::nullopt;
  const auto context = tracer->begin(caller);
  if (!context.sampled) return nullptr;
  std::unique_ptr<RequestTrace> made(new RequestTrace(*tracer));
  auto& own = made->own_;
  own.context = context;
  if (caller) own.parent = caller->span;
  own.name = name_of(route);
  own.kind = trace::SpanKind::Server;
  own.begin = started;
  own.attributes = {{"http.request.method", std::string(http::name_of(request.method))},
                    {"http.route", std::string(route.pattern)},
                    {"url.scheme", std::string(request.is_encrypted ? "https" : "http")},
                    {"network.protocol.version", std::string("1.1")},
                    {"http.request.body.size", static_cast<std::int64_t>(request.body.size())}};
  return made;
}

void RequestTrace::add_part(std::string_view name, trace::Time begin, trace::Time end) {
  auto& part = parts_.emplace_back();
  part.context = tracer_->child_of(own_.context);
  part.parent = own_.context.span;
  part.name = name;
  part.begin = begin;
  part.end = end;
}

void RequestTrace::add_fact(std::string_view key, std::string value) {
  own_.attributes.emplace_back(key, std::move(value));
}

void RequestTrace::finish(http::Response& response) {
  response.add("traceresponse", trace::traceparent_of(own_.context));
  own_.end = std::chrono::steady_clock::now();
  own_.attributes.emplace_back("http.response.status_code", std::int64_t{response.status});
  own_.failed = response.status >= 500;
  if (own_.failed) add_fact("error.type", std::to_string(response.status));
  parts_.push_back(std::move(own_));
  tracer_->record(std::move(parts_));
}

void record_decided(trace::Tracer& tracer, std::vector<trace::SpanContext> accepted,
                    std::size_t records, bool failed, trace::Time begin, trace::Time end) {
  trace::Span span;
  span.context = tracer.begin(std::nullopt);
  span.context.sampled = true;
  span.name = "decide accepted";
  span.kind = trace::SpanKind::Consumer;
  span.begin = begin;
  span.end = end;
  span.attributes = {{"winnow.records", static_cast<std::int64_t>(records)}};
  span.links = std::move(accepted);
  span.failed = failed;
  tracer.record({std::move(span)});
}

}  // namespace winnow::server
