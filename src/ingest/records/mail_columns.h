// Which columns of a mail log mean what, under the names that exports give them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ingest/records/label.h"
#include "ingest/records/raw_record.h"

namespace winnow {

enum class MailColumn : std::uint8_t {
  Sender,
  Receiver,
  ReplyTo,
  Date,
  Subject,
  MessageId,
  Body,
  Urls,
  Label
};
inline constexpr std::size_t kMailColumns = 9;

// What a column or member of that name holds; nothing where the name is not known. Case, blanks,
// '_' and '-' do not matter.
std::optional<MailColumn> mail_column_named(std::string_view name);
// What "1" stands for in a label column of that name: "is_spam" asks another question than
// "is_phishing".
Label positive_label_of(std::string_view column_name);

// The columns of one log, from its header.
class MailColumns {
 public:
  // The first column of each meaning counts. Errors: InvalidArgument (no column that could hold a
  // mail's text: body or subject).
  static Result<MailColumns> read(std::span<const std::string> header);

  std::size_t count() const { return count_; }
  std::optional<std::size_t> position(MailColumn column) const {
    return positions_[static_cast<std::size_t>(column)];
  }
  Label positive_label() const { return positive_; }

 private:
  std::array<std::optional<std::size_t>, kMailColumns> positions_;
  std::size_t count_ = 0;
  Label positive_ = Label::Phish;
};

// Reads the label that a record gives itself into `out`, or says in its `problem` why it is none.
void set_label(RawRecord& out, std::string_view text, Label positive);

}  // namespace winnow
