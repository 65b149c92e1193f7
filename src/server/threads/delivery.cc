#include "server/threads/delivery.h"

#include <algorithm>

#include "base/bytes.h"
#include "ingest/records/log_source.h"
#include "ingest/records/syslog.h"
#include "server/threads/scorer.h"

namespace winnow::server {
namespace {

constexpr std::uint8_t kVersion = 1, kMarkedVersion = 2;
constexpr std::size_t kMarkAt = 2;  // behind version and content
// What follows the head. The numbers are stored.
enum class Content : std::uint8_t { Mail = 0, Mbox = 1, Csv = 2, Log = 3, Enveloped = 4 };
constexpr std::uint8_t kCut = 254;
constexpr ReadLimits kLimits{.max_record_bytes = kMaxMailBytes};

Content content_of(InputFormat format) {
  switch (format) {
    case InputFormat::Mail:
      return Content::Mail;
    case InputFormat::Mbox:
      return Content::Mbox;
    case InputFormat::Csv:
      return Content::Csv;
    case InputFormat::NdJson:
      return Content::Log;
  }
  return Content::Mail;
}

std::optional<InputFormat> format_of(Content content) {
  switch (content) {
    case Content::Mail:
      return InputFormat::Mail;
    case Content::Mbox:
      return InputFormat::Mbox;
    case Content::Csv:
      return InputFormat::Csv;
    case Content::Log:
      return InputFormat::NdJson;
    case Content::Enveloped:
      break;
  }
  return std::nullopt;
}

std::uint8_t form_number(const EnvelopedRecord& record) {
  return record.cut ? kCut : static_cast<std::uint8_t>(record.form);
}

// Which of the forms of other logs a record is of before it is settled; or a mail.
RecordForm form_of(std::uint8_t number) {
  switch (number) {
    case static_cast<std::uint8_t>(RecordForm::Mail):
      return RecordForm::Mail;
    case static_cast<std::uint8_t>(RecordForm::LogRow):
      return RecordForm::LogRow;
    case static_cast<std::uint8_t>(RecordForm::HecLog):
      return RecordForm::HecLog;
    case static_cast<std::uint8_t>(RecordForm::SyslogLines):
      return RecordForm::SyslogLines;
    case static_cast<std::uint8_t>(RecordForm::SyslogRow):  // of earlier versions
    case static_cast<std::uint8_t>(RecordForm::SyslogLog):
    case kCut:
      return RecordForm::SyslogLog;
    default:
      return RecordForm::LogJson;
  }
}

ByteWriter head(Content content, std::string_view source, std::string_view via) {
  ByteWriter out;
  out.put(kVersion).put(static_cast<std::uint8_t>(content)).put_text(source).put_text(via);
  return out;
}

std::optional<trace::SpanContext> read_mark(ByteReader& in) {
  trace::SpanContext context{.sampled = true};
  const auto trace = in.get_raw(context.trace.size()), span = in.get_raw(context.span.size());
  if (!in.ok()) return std::nullopt;
  std::ranges::copy(trace, context.trace.begin());
  std::ranges::copy(span, context.span.begin());
  return context;
}

// The records of a body, which is no mail.
Result<std::unique_ptr<RecordSource>> open_body_of(InputFormat format, std::string_view body,
                                                   const std::string& via) {
  if (format != InputFormat::NdJson) return open_received(std::string(body), format, via, kLimits);
  return std::unique_ptr<RecordSource>(std::make_unique<LogSource>(
      std::make_unique<TextBytes>(std::string(body)), via, body.size(), kLimits));
}

Result<std::uint32_t> records_in(InputFormat format, std::string_view body) {
  if (format == InputFormat::Mail) return body.empty() ? 0U : 1U;
  WINNOW_TRY(const auto source, open_body_of(format, body, "the body"));
  std::uint32_t records = 0;
  for (RawRecord record;; ++records) {
    WINNOW_TRY(const bool more, source->next(record));
    if (!more) return records;
  }
}

}  // namespace

Result<Delivery> deliver_body(InputFormat format, std::string_view source, std::string_view via,
                              std::string_view body) {
  WINNOW_TRY(const auto records, records_in(format, body));
  if (records == 0) return Error(Code::InvalidArgument, "there is no record in the body");
  auto out = head(content_of(format), source, via);
  out.put_raw(body);
  return Delivery{records, std::move(out).bytes()};
}

Delivery deliver_records(std::string_view source, std::string_view via,
                         std::span<const EnvelopedRecord> records) {
  auto out = head(Content::Enveloped, source, via);
  for (const auto& record : records) {
    out.put(form_number(record))
        .put(record.reported_at.value_or(Timestamp()).micros())
        .put_text(record.raw);
  }
  return {static_cast<std::uint32_t>(records.size()), std::move(out).bytes()};
}

std::string_view source_of(std::string_view delivery) {
  ByteReader in(delivery);
  const auto version = in.get<std::uint8_t>();
  in.get<std::uint8_t>();  // the content
  if (version == kMarkedVersion) read_mark(in);
  const auto source = in.get_text();
  return in.ok() ? source : std::string_view();
}

void mark(Delivery& delivery, const trace::SpanContext& brought_by) {
  std::string ids(brought_by.trace.begin(), brought_by.trace.end());
  ids.append(brought_by.span.begin(), brought_by.span.end());
  delivery.bytes.front() = static_cast<char>(kMarkedVersion);
  delivery.bytes.insert(kMarkAt, ids);
}

DeliveryReader::DeliveryReader(SpoolRecord spooled) : spooled_(std::move(spooled)) {
  ByteReader in(spooled_.payload);
  const auto version = in.get<std::uint8_t>();
  const auto content = static_cast<Content>(in.get<std::uint8_t>());
  if (version == kMarkedVersion) brought_by_ = read_mark(in);
  source_ = in.get_text();
  via_ = in.get_text();
  const auto format = format_of(content);
  const bool known = format || content == Content::Enveloped;
  const auto rest = in.get_raw(in.left());
  if (!in.ok() || (version != kVersion && version != kMarkedVersion) || !known) {
    give_up(spooled_.payload, "no delivery that this version can read");
  } else if (format) {
    open_body(*format, rest);
  } else {
    enveloped_ = rest;
  }
}

void DeliveryReader::open_body(InputFormat format, std::string_view body) {
  if (format == InputFormat::Mail) {
    // As POST /v1/score/mail takes it, so that the same mail is the same event.
    ready_ = received_mail(std::string(body), kLimits);
    ready_->position.input = via_;
    return;
  }
  auto opened = open_body_of(format, body, via_);
  if (!opened) return give_up(body, opened.error().text());
  body_ = std::move(*opened);
}

void DeliveryReader::give_up(std::string_view raw, std::string_view why) {
  auto& record = ready_.emplace();
  record.raw = raw;
  record.size = raw.size();
  record.digest = sha256(raw);
  record.position.input = via_;
  record.problem = Problem{ProblemKind::UnknownFormat, std::string(why)};
}

RawRecord DeliveryReader::read_enveloped() {
  ByteReader in(enveloped_);
  const auto form = in.get<std::uint8_t>();
  const auto micros = in.get<std::int64_t>();
  const auto raw = in.get_text();
  if (!in.ok()) {
    give_up(enveloped_, "the rest of a delivery that ends early");
    enveloped_ = {};
    return std::move(*std::exchange(ready_, std::nullopt));
  }
  enveloped_ = in.get_raw(in.left());
  reported_at_ = micros == 0 ? std::nullopt : std::optional(Timestamp::from_micros(micros));
  const auto settled = form_of(form);
  const bool is_syslog = settled == RecordForm::SyslogLog || settled == RecordForm::SyslogLines;
  if (is_syslog && !reported_at_) {
    // A header's time is when it happened; what it leaves open, the time of receipt says.
    const auto time = read_syslog(raw).time;
    if (time) reported_at_ = time->at(spooled_.accepted);
  }
  auto record = settled == RecordForm::Mail ? received_mail(std::string(raw), kLimits)
                                            : received_log(settled, std::string(raw), kLimits);
  if (form == kCut) {
    record.size = raw.size() + 1;  // at least: nobody knows how much more came
    record.problem =
        Problem{ProblemKind::TooLarge, "a record that is too large or ended early; its first " +
                                           std::to_string(raw.size()) + " bytes are kept"};
  }
  record.position = {.input = via_, .offset = 0, .line = ++number_};
  return record;
}

Result<bool> DeliveryReader::next(ReceivedRecord& out) {
  out = {};
  if (ready_) {
    out.record = std::move(*std::exchange(ready_, std::nullopt));
  } else if (body_) {
    WINNOW_TRY(const bool more, body_->next(out.record));
    if (!more) return false;
  } else if (!enveloped_.empty()) {
    out.record = read_enveloped();
  } else {
    return false;
  }
  out.source = source_;
  out.received = spooled_.accepted;
  out.reported_at = reported_at_;
  return true;
}

}  // namespace winnow::server
