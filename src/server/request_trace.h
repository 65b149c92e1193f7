// What a traced request was occupied with: its own span, and one for each part of its way. A
// request that is not traced has none of these.
//
//   POST /v1/score/mail   the whole, from the last byte of the request to its answer
//     wait                in the queue of the thread that does the work
//     read                the record becomes an event         (the whole batch's time, as below)
//     store record        the event log, on disk
//     score               features, model, policy
//     store decision      states and decision, on disk
//   POST /v1/events/...   wait, store records; later:
//   decide accepted       what came in several of these, linked to each of them
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "http/request.h"
#include "http/response.h"
#include "server/route.h"
#include "trace/tracer.h"

namespace winnow::server {

// On one thread at a time: it goes with its request's Ticket. `tracer` outlives it.
class RequestTrace {
 public:
  // Null where nobody records it. In its caller's trace, where the request names one; only of one
  // who `is_known` it decides whether it is recorded.
  static std::unique_ptr<RequestTrace> begin(trace::Tracer* tracer, const http::Request& request,
                                             const Route& route, bool is_known,
                                             trace::Time started);

  trace::Time started() const { return own_.begin; }
  const trace::SpanContext& context() const { return own_.context; }
  void add_part(std::string_view name, trace::Time begin, trace::Time end);
  void add_fact(std::string_view key, std::string value);  // an id or a state of ours
  // Tells the client which trace it was (traceresponse), and hands all of it over.
  void finish(http::Response& response);

 private:
  explicit RequestTrace(trace::Tracer& tracer) : tracer_(&tracer) {}
  trace::Tracer* tracer_;
  trace::Span own_;
  std::vector<trace::Span> parts_;
};

// What was accepted earlier was decided: one span, of a trace of its own, linked to the requests
// that brought it, as far as these were traced.
void record_decided(trace::Tracer& tracer, std::vector<trace::SpanContext> accepted,
                    std::size_t records, bool failed, trace::Time begin, trace::Time end);

}  // namespace winnow::server
