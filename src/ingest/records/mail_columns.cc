#include "ingest/records/mail_columns.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/utf8.h"

namespace winnow {
namespace {

struct ColumnName {
  std::string_view name;  // lower case, letters and digits only
  MailColumn column;
};

constexpr std::array kColumnNames = {
    ColumnName{"sender", MailColumn::Sender},
    ColumnName{"from", MailColumn::Sender},
    ColumnName{"fromaddress", MailColumn::Sender},
    ColumnName{"senderaddress", MailColumn::Sender},
    ColumnName{"mailfrom", MailColumn::Sender},
    ColumnName{"receiver", MailColumn::Receiver},
    ColumnName{"recipient", MailColumn::Receiver},
    ColumnName{"recipients", MailColumn::Receiver},
    ColumnName{"recipientaddress", MailColumn::Receiver},
    ColumnName{"to", MailColumn::Receiver},
    ColumnName{"rcptto", MailColumn::Receiver},
    ColumnName{"replyto", MailColumn::ReplyTo},
    ColumnName{"date", MailColumn::Date},
    ColumnName{"datetime", MailColumn::Date},
    ColumnName{"time", MailColumn::Date},
    ColumnName{"timestamp", MailColumn::Date},
    ColumnName{"received", MailColumn::Date},
    ColumnName{"receivedat", MailColumn::Date},
    ColumnName{"sentat", MailColumn::Date},
    ColumnName{"subject", MailColumn::Subject},
    ColumnName{"title", MailColumn::Subject},
    ColumnName{"messageid", MailColumn::MessageId},
    ColumnName{"body", MailColumn::Body},
    ColumnName{"text", MailColumn::Body},
    ColumnName{"message", MailColumn::Body},
    ColumnName{"content", MailColumn::Body},
    ColumnName{"emailtext", MailColumn::Body},
    ColumnName{"textcombined", MailColumn::Body},
    ColumnName{"urls", MailColumn::Urls},
    ColumnName{"url", MailColumn::Urls},
    ColumnName{"links", MailColumn::Urls},
    ColumnName{"label", MailColumn::Label},
    ColumnName{"labels", MailColumn::Label},
    ColumnName{"class", MailColumn::Label},
    ColumnName{"category", MailColumn::Label},
    ColumnName{"verdict", MailColumn::Label},
    ColumnName{"emailtype", MailColumn::Label},
    ColumnName{"isphishing", MailColumn::Label},
    ColumnName{"isphish", MailColumn::Label},
    ColumnName{"phishing", MailColumn::Label},
    ColumnName{"phish", MailColumn::Label},
    ColumnName{"isspam", MailColumn::Label},
    ColumnName{"spam", MailColumn::Label},
};

std::string letters_of(std::string_view name) {
  std::string letters;
  for (const char c : ascii_lower(trim_ascii(name))) {
    if (c != ' ' && c != '_' && c != '-') letters.push_back(c);
  }
  return letters;
}

}  // namespace

std::optional<MailColumn> mail_column_named(std::string_view name) {
  const auto* found = std::ranges::find(kColumnNames, letters_of(name), &ColumnName::name);
  if (found == kColumnNames.end()) return std::nullopt;
  return found->column;
}

Label positive_label_of(std::string_view column_name) {
  const auto letters = letters_of(column_name);
  return letters == "spam" || letters == "isspam" ? Label::Spam : Label::Phish;
}

Result<MailColumns> MailColumns::read(std::span<const std::string> header) {
  MailColumns columns;
  columns.count_ = header.size();
  for (std::size_t i = 0; i < header.size(); ++i) {
    const auto column = mail_column_named(header[i]);
    if (!column) continue;
    auto& position = columns.positions_[static_cast<std::size_t>(*column)];
    if (position) continue;
    position = i;
    if (*column == MailColumn::Label) columns.positive_ = positive_label_of(header[i]);
  }
  if (!columns.position(MailColumn::Body) && !columns.position(MailColumn::Subject)) {
    const auto shown = header.subspan(0, std::min<std::size_t>(header.size(), 12));
    return Error(Code::InvalidArgument,
                 fmt::format(
                     "no column holds a mail's text; found '{}'",
                     utf8_prefix(to_valid_utf8(fmt::format("{}", fmt::join(shown, "', '"))), 300)))
        .with_hint("name the columns sender, receiver, date, subject, body, urls, label");
  }
  return columns;
}

void set_label(RawRecord& out, std::string_view text, Label positive) {
  const auto label = read_label(text, positive);
  if (label) {
    out.label = *label;
  } else if (!out.problem) {
    out.problem = Problem{ProblemKind::BadLabel,
                          fmt::format("'{}' is no label; known are phish, spam, benign, 0 and 1",
                                      utf8_prefix(to_valid_utf8(text), 60))};
  }
}

}  // namespace winnow
