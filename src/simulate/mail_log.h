// Simulated mail as the files that ingest reads.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "simulate/mail_traffic.h"

namespace winnow::simulate {

enum class MailLogFormat : std::uint8_t { Mbox, Csv, NdJson };
std::string_view name_of(MailLogFormat format);  // "mbox", "csv", "ndjson"
std::optional<MailLogFormat> read_mail_log_format(std::string_view name);

// What stands before the first mail: the header line of a CSV.
std::string_view mail_log_header(MailLogFormat format);
// One mail, ready to be appended. An mbox (dialect mboxrd) holds the whole mail and no label; a log
// the fields sender, receiver, date, subject, body, urls and label.
std::string mail_log_entry(MailLogFormat format, const SimulatedMail& mail);

}  // namespace winnow::simulate
