#include "server/endpoints/event_endpoints.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/json.h"
#include "base/utf8.h"
#include "ingest/records/json_values.h"
#include "server/body.h"
#include "server/endpoints/receiving.h"
#include "server/problem.h"

namespace winnow::server {
namespace {

struct BodyType {
  std::string_view name;
  std::optional<InputFormat> format;  // nothing: a JSON array of rows, or one row
};
constexpr std::array kTypes = {
    BodyType{"message/rfc822", InputFormat::Mail},
    BodyType{"application/mbox", InputFormat::Mbox},
    BodyType{"application/x-ndjson", InputFormat::NdJson},
    BodyType{"application/json", std::nullopt},
    BodyType{"text/csv", InputFormat::Csv},
};

// One array of records, or one record.
Status check_json(std::string_view body) {
  const bool is_one = trim_ascii(body).starts_with('{');
  WINNOW_TRY(const auto rows, is_one ? split_json_values(body) : split_json_array(body));
  if (!rows.empty() && (!is_one || rows.size() == 1)) return {};
  return Error(Code::InvalidArgument, rows.empty() ? "there is no record in the body"
                                                   : "the body holds several JSON values")
      .with_hint("send one array, or records line by line as application/x-ndjson");
}

Result<Delivery> deliver(const BodyType& type, std::string_view source, std::string_view via,
                         std::string_view body) {
  if (!type.format) WINNOW_TRY(check_json(body));
  return deliver_body(type.format.value_or(InputFormat::NdJson), source, via, body);
}

ReceivedBody read_events(const BodyType& type, const std::string& source, std::string_view body) {
  const auto via = fmt::format("POST /v1/events/{}", source);
  auto delivery = deliver(type, source, via, body);
  ReceivedBody received;
  if (!delivery) {
    write_problem(400, delivery.error().message(), delivery.error().hint(), received.answer);
    return received;
  }
  const auto accepted = Json::object({{"accepted", delivery->records}, {"source", source}});
  received.answer.set(202, kJsonType, to_text(accepted) + "\n");
  received.deliveries.push_back(std::move(*delivery));
  return received;
}

}  // namespace

void accept_events(Call& call) {
  const auto* const type = std::ranges::find_if(
      kTypes, [&](const BodyType& known) { return has_type(call.request(), known.name); });
  if (type == kTypes.end()) {
    return write_problem(415, "the body is declared as nothing that can be read here",
                         "a Content-Type of message/rfc822, application/mbox, "
                         "application/x-ndjson, application/json or text/csv",
                         call.response());
  }
  auto source = call.variable();
  if (!is_source_name(source)) {
    return write_problem(400, "the source is not 1 to 100 printable ASCII characters", {},
                         call.response());
  }
  receive_body(call,
               [type, source = std::move(source)](const http::Request&, std::string_view body) {
                 return read_events(*type, source, body);
               });
}

}  // namespace winnow::server
