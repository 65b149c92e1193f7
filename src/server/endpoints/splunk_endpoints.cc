#include "server/endpoints/splunk_endpoints.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <map>

#include "base/json.h"
#include "base/utf8.h"
#include "ingest/records/envelope.h"
#include "ingest/records/json_values.h"
#include "ingest/records/log_source.h"
#include "server/body.h"
#include "server/endpoints/receiving.h"
#include "server/query.h"

namespace winnow::server {
namespace {

constexpr std::string_view kVia = "Splunk HEC";
constexpr std::size_t kFrontBytes = 64UL << 10;  // what a format is recognised by
constexpr std::size_t kMostEnvelopes = 2;  // times the largest body: what its records may grow to

// "Possible error codes" of the collector's reference.
struct Reply {
  int status;
  int code;
  std::string_view text;
};
constexpr Reply kSuccess = {200, 0, "Success"}, kTokenRequired = {401, 2, "Token is required"},
                kInvalidAuthorization = {401, 3, "Invalid authorization"},
                kInvalidToken = {403, 4, "Invalid token"}, kNoData = {400, 5, "No data"},
                kInvalidFormat = {400, 6, "Invalid data format"},
                kInternalError = {500, 8, "Internal server error"},
                kBusy = {503, 9, "Server is busy"},
                kChannelMissing = {400, 10, "Data channel is missing"},
                kInvalidChannel = {400, 11, "Invalid data channel"},
                kEventRequired = {400, 12, "Event field is required"},
                kEventBlank = {400, 13, "Event field cannot be blank"},
                kHealthy = {200, 17, "HEC is healthy"},
                kUnhealthy = {503, 18, "HEC is unhealthy, queues are full"},
                kTooLarge = {413, 27, "Request entity too large"};

void write_reply(const Reply& reply, http::Response& response,
                 std::optional<std::size_t> event = {}) {
  Json json = Json::object({{"text", reply.text}, {"code", reply.code}});
  if (event) json.set("invalid-event-number", std::uint64_t{*event});
  response.set(reply.status, kJsonType, to_text(json) + "\n");
}

void write_success(std::int64_t ack, http::Response& response) {
  const auto json =
      Json::object({{"text", kSuccess.text}, {"code", kSuccess.code}, {"ackId", ack}});
  response.set(kSuccess.status, kJsonType, to_text(json) + "\n");
}

Reply reply_of(const http::Request& request, const Refusal& refusal) {
  switch (refusal.status) {
    case 400:
    case 415:
      return kInvalidFormat;
    case 401:
      if (request.field("authorization").empty()) return kTokenRequired;
      return shippers_token(request).empty() ? kInvalidAuthorization : kInvalidToken;
    case 403:
      return kInvalidToken;
    case 413:
      return kTooLarge;
    case 429:
    case 503:
    case 507:
      return kBusy;
    default:
      return kInternalError;
  }
}

void write_refusal_to_splunk(const http::Request& request, const Refusal& refusal,
                             http::Response& response) {
  const auto reply = reply_of(request, refusal);
  if (refusal.status == 401) response.add("www-authenticate", "Bearer realm=\"winnow\"");
  if (reply.status == 503 && refusal.retry_after.count() > 0)
    response.add("retry-after", std::to_string(refusal.retry_after.count()));
  write_reply(reply, response);
}

std::string source_of(const std::string& source, const std::string& host,
                      const std::string& otherwise) {
  return is_source_name(source) ? source : is_source_name(host) ? host : otherwise;
}

bool is_mail_text(std::string_view text) {
  return recognise_format(text.substr(0, kFrontBytes), {}) == InputFormat::Mail;
}

// Reads the envelopes of one request.
class Envelopes {
 public:
  explicit Envelopes(std::string otherwise) : otherwise_(std::move(otherwise)) {}

  // What is wrong with it, where something is.
  std::optional<Reply> add(std::string_view text) {
    const auto envelope = parse_json(text);
    if (!envelope || !envelope->is_object()) return kInvalidFormat;
    const auto* const event = envelope->find("event");
    if (event == nullptr) return kEventRequired;
    if (event->is_null() || (event->is_string() && event->as_string().empty())) return kEventBlank;
    auto& records = by_source_[source_of((*envelope)["source"].as_string(),
                                         (*envelope)["host"].as_string(), otherwise_)];
    const auto& time = (*envelope)["time"];
    const auto reported = read_hec_time(time.is_string() ? time.as_string() : to_text(time));
    if (event->is_string() && is_mail_text(event->as_string())) {
      records.push_back({RecordForm::Mail, texts_.emplace_back(event->as_string()), reported});
    } else {
      records.push_back({RecordForm::HecLog, text, reported});
    }
    return std::nullopt;
  }

  std::vector<Delivery> deliveries() const {
    std::vector<Delivery> all;
    for (const auto& [source, records] : by_source_)
      all.push_back(deliver_records(source, kVia, records));
    return all;
  }

 private:
  std::string otherwise_;          // the source of what names none
  std::deque<std::string> texts_;  // of mails
  std::map<std::string, std::vector<EnvelopedRecord>> by_source_;
};

ReceivedBody read_events(const std::string& sender, std::string_view body) {
  ReceivedBody received;
  const auto values = split_json_values(body);
  if (!values || values->empty()) {
    write_reply(values ? kNoData : kInvalidFormat, received.answer);
    return received;
  }
  Envelopes envelopes(sender);
  for (std::size_t i = 0; i < values->size(); ++i) {
    if (const auto wrong = envelopes.add((*values)[i])) {
      write_reply(*wrong, received.answer, i);
      return received;
    }
  }
  received.deliveries = envelopes.deliveries();
  write_reply(kSuccess, received.answer);
  return received;
}

// As receive_body(), for a client that may ask later what became of it.
void receive(Call& call, ReadBody read) {
  auto channel = splunk_channel_of(call.request());
  if (!channel) return write_reply(kInvalidChannel, call.response());
  if (channel->empty()) return receive_body(call, std::move(read));
  receive_body(call, [&acks = call.backing().splunk_acks, token = call.who().name,
                      channel = std::move(*channel),
                      read = std::move(read)](const http::Request& request, std::string_view body) {
    auto received = read(request, body);
    received.when_stored = [&acks, token, channel](http::Response& answer) {
      write_success(acks.give(token, channel), answer);
    };
    return received;
  });
}

// A whole number that can have been given; 3.0 is one, too.
bool is_ack_number(const Json& ack) {
  if (ack.is_int()) return ack.as_int() >= 0;
  const double number = ack.is_number() ? ack.as_double() : -1;
  return number >= 0 && number < 0x1p63 && number == std::floor(number);
}

// The numbers that a client asks about; nothing where it asks for something else.
std::optional<std::vector<std::int64_t>> numbers_in(std::string_view body) {
  const auto asked = parse_json(body);
  const auto* const acks = asked ? asked->find("acks") : nullptr;
  if (acks == nullptr || !acks->is_array()) return std::nullopt;
  std::vector<std::int64_t> numbers;
  for (const auto& ack : acks->items()) {
    if (!is_ack_number(ack)) return std::nullopt;
    numbers.push_back(ack.as_int());
  }
  std::ranges::sort(numbers);
  numbers.erase(std::ranges::unique(numbers).begin(), numbers.end());
  return numbers;
}

// What the query of a raw body says of all that is in it.
struct RawQuery {
  std::string source, host, sourcetype, time;
  std::optional<Timestamp> reported() const { return read_hec_time(time); }
};

// As if the record had come in an envelope that says what the query does.
std::string in_envelope(const RawQuery& query, const RawRecord& record) {
  Json envelope = Json::object();
  if (query.reported()) envelope.set("time", query.time);
  if (!query.host.empty()) envelope.set("host", query.host);
  if (!query.sourcetype.empty()) envelope.set("sourcetype", query.sourcetype);
  envelope.set("event", to_valid_utf8(record.raw));
  return to_text(envelope);
}

// Lines of text: as a syslog daemon writes them, or whatever a mapping reads.
Delivery deliver_lines(const RawQuery& query, std::string_view body) {
  std::vector<EnvelopedRecord> records;
  while (!body.empty()) {
    const auto line = take_line(body);
    if (!line.empty()) records.push_back({RecordForm::SyslogLog, line, query.reported()});
  }
  return deliver_records(query.source, kVia, records);
}

// Records of logs, in envelopes where the query says something of them.
Result<Delivery> deliver_log(const RawQuery& query, std::string_view body) {
  if (query.host.empty() && query.sourcetype.empty() && !query.reported())
    return deliver_body(InputFormat::NdJson, query.source, kVia, body);
  std::deque<std::string> texts;
  std::size_t bytes = 0;  // of many small records, envelopes are far larger than the body
  std::vector<EnvelopedRecord> records;
  LogSource log(std::make_unique<TextBytes>(std::string(body)), std::string(kVia), body.size(), {});
  for (RawRecord record;;) {
    WINNOW_TRY(const bool more, log.next(record));
    if (!more) break;
    texts.push_back(in_envelope(query, record));
    bytes += texts.back().size() + sizeof(EnvelopedRecord);
    if (bytes > kMostEnvelopes * kMaxEventsBytes)
      return Error(Code::Exhausted, "in envelopes of their own the records are too large");
    records.push_back({RecordForm::HecLog, texts.back(), query.reported()});
  }
  return deliver_records(query.source, kVia, records);
}

// A body without envelopes: whatever it is recognised as.
Result<Delivery> deliver_raw(const RawQuery& query, std::string_view body) {
  const auto front = trim_ascii(body.substr(0, kFrontBytes));
  if (front.find_first_of("{[#") == 0) return deliver_log(query, body);
  const auto format = recognise_format(body.substr(0, kFrontBytes), {});
  if (!format) return deliver_lines(query, body);
  if (*format != InputFormat::Mail) return deliver_body(*format, query.source, kVia, body);
  const EnvelopedRecord record{RecordForm::Mail, body, query.reported()};
  return deliver_records(query.source, kVia, {&record, 1});
}

ReceivedBody read_raw(const RawQuery& query, std::string_view body) {
  ReceivedBody received;
  if (trim_ascii(body).empty()) {
    write_reply(kNoData, received.answer);
    return received;
  }
  auto delivery = deliver_raw(query, body);
  const bool too_large = !delivery && delivery.error().code() == Code::Exhausted;
  write_reply(delivery ? kSuccess : too_large ? kTooLarge : kInvalidFormat, received.answer);
  if (delivery) received.deliveries.push_back(std::move(*delivery));
  return received;
}

}  // namespace

const Dialect kSplunkDialect{write_refusal_to_splunk, "SplunkReply"};

void receive_splunk_events(Call& call) {
  receive(call, [sender = call.who().name](const http::Request&, std::string_view body) {
    return read_events(sender, body);
  });
}

void receive_splunk_raw(Call& call) {
  const auto query = Query::parse(call.request().query, call.route());
  if (!query) return write_reply(kInvalidFormat, call.response());
  RawQuery of_all{.source = source_of(query->text("source"), query->text("host"), call.who().name),
                  .host = query->text("host"),
                  .sourcetype = query->text("sourcetype"),
                  .time = query->text("time")};
  receive(call, [of_all = std::move(of_all)](const http::Request&, std::string_view body) {
    return read_raw(of_all, body);
  });
}

void tell_splunk_acks(Call& call) {
  const auto channel = splunk_channel_of(call.request());
  if (!channel) return write_reply(kInvalidChannel, call.response());
  if (channel->empty()) return write_reply(kChannelMissing, call.response());
  if (trim_ascii(call.request().body).empty()) return write_reply(kNoData, call.response());
  const auto numbers = numbers_in(call.request().body);
  if (!numbers) return write_reply(kInvalidFormat, call.response());
  const auto given = call.backing().splunk_acks.given(call.who().name, *channel);
  Json::Object told;
  for (const auto number : *numbers) told.push_back({std::to_string(number), number < given});
  const auto answer = Json::object({{"acks", Json::object_of(std::move(told))}});
  call.response().set(200, kJsonType, to_text(answer) + "\n");
}

void tell_splunk_health(Call& call) {
  const auto use = call.backing().intake.use();
  write_reply(use.file_bytes < use.max_bytes ? kHealthy : kUnhealthy, call.response());
}

}  // namespace winnow::server
