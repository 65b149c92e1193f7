#include "pipeline/decision_record.h"

#include "base/bytes.h"
#include "base/utf8.h"

namespace winnow {
namespace {

constexpr std::size_t kMaxSubjectBytes = 500;

}  // namespace

std::string DecisionRecord::kept_subject() const {
  return to_valid_utf8(utf8_prefix(subject, kMaxSubjectBytes));
}

std::string DecisionRecord::bytes() const {
  return ByteWriter()
      .put(decided_at.micros())
      .put_text(sender)
      .put_text(kept_subject())
      .put_text(decision.bytes())
      .bytes();
}

Result<DecisionRecord> DecisionRecord::from_bytes(std::string_view bytes) {
  ByteReader reader(bytes);
  DecisionRecord record;
  record.decided_at = Timestamp::from_micros(reader.get<std::int64_t>());
  record.sender = reader.get_text();
  record.subject = reader.get_text();
  const auto body = reader.get_text();
  WINNOW_TRY(reader.finish("a decision's record"));
  WINNOW_TRY(record.decision, Decision::from_bytes(body));
  return record;
}

}  // namespace winnow
