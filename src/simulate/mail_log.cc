#include "simulate/mail_log.h"

#include <fmt/format.h>

#include "base/json.h"
#include "ingest/mail/mail_date.h"
#include "ingest/records/csv.h"
#include "simulate/detail/letter.h"

namespace winnow::simulate {
namespace {

std::string mbox_entry(const SimulatedMail& mail) {
  // "Tue, 3 Mar 2026 14:05:06 +0000" as asctime writes it.
  const auto date = mail_date(mail.time);
  const auto c = civil(mail.time);
  const auto month = date.substr(date.find(' ', 5) + 1, 3);
  std::string out =
      fmt::format("From MAILER-DAEMON {} {} {:2} {:02}:{:02}:{:02} {}\n", date.substr(0, 3), month,
                  c.day, c.hour, c.minute, c.second, c.year);
  const std::string_view raw = mail.raw;
  for (std::size_t at = 0; at < raw.size();) {
    const auto end = std::min(raw.find('\n', at), raw.size() - 1) + 1;
    const auto line = raw.substr(at, end - at);
    const auto quotes = std::min(line.find_first_not_of('>'), line.size());
    if (line.substr(quotes).starts_with("From ")) out.push_back('>');
    out += line;
    at = end;
  }
  return out + (out.ends_with('\n') ? "\n" : "\n\n");
}

std::string csv_entry(const SimulatedMail& mail) {
  std::string out;
  const std::string label(winnow::name_of(mail.label));
  for (const auto& field :
       {mail.sender, mail.receiver, mail.time.text(), mail.subject, mail.body, mail.urls, label}) {
    if (!out.empty()) out.push_back(',');
    append_csv_field(out, field);
  }
  return out + "\n";
}

std::string json_entry(const SimulatedMail& mail) {
  return to_text(Json::object({{"sender", mail.sender},
                               {"receiver", mail.receiver},
                               {"date", mail.time.text()},
                               {"subject", mail.subject},
                               {"body", mail.body},
                               {"urls", mail.urls},
                               {"label", winnow::name_of(mail.label)}})) +
         "\n";
}

}  // namespace

std::string_view name_of(MailLogFormat format) {
  switch (format) {
    case MailLogFormat::Mbox:
      return "mbox";
    case MailLogFormat::Csv:
      return "csv";
    case MailLogFormat::NdJson:
      return "ndjson";
  }
  return "unknown";
}

std::optional<MailLogFormat> read_mail_log_format(std::string_view name) {
  for (const auto format : {MailLogFormat::Mbox, MailLogFormat::Csv, MailLogFormat::NdJson}) {
    if (name == name_of(format)) return format;
  }
  return std::nullopt;
}

std::string_view mail_log_header(MailLogFormat format) {
  return format == MailLogFormat::Csv ? "sender,receiver,date,subject,body,urls,label\n" : "";
}

std::string mail_log_entry(MailLogFormat format, const SimulatedMail& mail) {
  switch (format) {
    case MailLogFormat::Mbox:
      return mbox_entry(mail);
    case MailLogFormat::Csv:
      return csv_entry(mail);
    case MailLogFormat::NdJson:
      return json_entry(mail);
  }
  return {};
}

}  // namespace winnow::simulate
