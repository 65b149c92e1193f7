#include "server/threads/score_request.h"

#include <fmt/format.h>

#include "base/yaml.h"
#include "pipeline/decision_json.h"
#include "server/problem.h"
#include "server/route.h"

namespace winnow::server {
namespace {

std::string_view mail_of(const ScoreRequest& request) {
  return request.unpacked ? std::string_view(*request.unpacked) : request.ticket.request().body;
}

http::Response answer(const Json& body) {
  http::Response response;
  response.set(200, kJsonType, to_text(body) + "\n");
  return response;
}

http::Response problem(int status, std::string_view detail, std::string_view hint) {
  http::Response response;
  write_problem(status, detail, hint, response);
  return response;
}

}  // namespace

std::size_t bytes_of(const ScoreRequest& request) {
  return request.record ? request.record->raw.size() : mail_of(request).size();
}

ReceivedRecord take_record(ScoreRequest& request) {
  if (request.record) {
    return {
        .record = std::move(*request.record), .source = request.source, .mapping = request.mapping};
  }
  auto mail = received_mail(std::string(mail_of(request)), {.max_record_bytes = kMaxMailBytes});
  mail.position.input = "POST /v1/score/mail";
  return {.record = std::move(mail), .source = request.source};
}

http::Response decided(const DecisionRecord& record) {
  return answer(decision_json(record, MailContent::Shown));
}

http::Response decided(const DecisionRecord& record, Domain domain, std::string_view mapping) {
  auto body = decision_json(record, MailContent::Shown);
  body.set("domain", name_of(domain));
  body.set("mapping", mapping.empty() ? "mail" : mapping);
  return answer(body);
}

http::Response quarantined(std::string_view what, const Problem& found) {
  return problem(422, fmt::format("the {} cannot be used: {}", what, found.message),
                 "it is kept in quarantine: winnow quarantine list");
}

http::Response header_line() {
  return problem(422, "the record is the line that names the columns of rows, and no record",
                 "nothing is kept of it: send the rows below it");
}

http::Response not_read_by_champion(std::string_view what) {
  return problem(422,
                 fmt::format("the {} is kept, but the bundle that decides cannot read it", what),
                 "build a bundle with the mappings of today and promote it: then it is decided");
}

http::Response no_champion(Domain domain) {
  return problem(503, fmt::format("no bundle decides for {}", name_of(domain)),
                 fmt::format("POST /v1/deployments/{}/promote makes one champion; until then "
                             "POST /v1/events/{{source}} keeps what comes",
                             name_of(domain)));
}

http::Response not_in_bundle(Domain domain, std::string_view mapping) {
  return problem(503,
                 fmt::format("the champion of {} has no mapping '{}'", name_of(domain), mapping),
                 fmt::format("`winnow bundles build --domain {}` takes the mappings of today; "
                             "promote what it makes",
                             name_of(domain)));
}

http::Response no_such_mapping(std::string_view name, const std::vector<std::string>& known) {
  const auto near = nearest(name, known);
  return problem(400, fmt::format("there is no mapping '{}'", name),
                 near.empty() ? "winnow mappings list shows them; without 'mapping' the record is "
                                "recognised"
                              : fmt::format("did you mean '{}'?", near));
}

}  // namespace winnow::server
