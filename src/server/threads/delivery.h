// What a program sent to be decided later, as the spool keeps it (docs/formats/spool.md).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "ingest/ingest.h"
#include "store/spool.h"
#include "trace/span.h"

namespace winnow::server {

// One request's records of one source.
struct Delivery {
  std::uint32_t records = 0;
  std::string bytes;
};

// A body that is one of the formats that `winnow ingest` reads, NdJson standing for all that
// LogSource does; `via` says for people how it came. Errors: InvalidArgument (no record in it, a
// CSV without known columns).
Result<Delivery> deliver_body(InputFormat format, std::string_view source, std::string_view via,
                              std::string_view body);

// A record that came by itself: a Mail, or one of the forms of other logs, which is settled when it
// is read (record_reader.h).
struct EnvelopedRecord {
  RecordForm form;
  std::string_view raw;
  std::optional<Timestamp> reported_at = {};  // when it happened, as the envelope says
  bool cut = false;                           // only the front of a larger one
};
Delivery deliver_records(std::string_view source, std::string_view via,
                         std::span<const EnvelopedRecord> records);

// Whose records the bytes of a delivery bring; empty where they are none.
std::string_view source_of(std::string_view delivery);

// Writes into the delivery which traced request brought it.
void mark(Delivery& delivery, const trace::SpanContext& brought_by);

// The records of a delivery, one after the other, each with whatever keeps it from being used. What
// is no delivery is one record that cannot be used: nothing that was accepted is dropped.
class DeliveryReader {
 public:
  explicit DeliveryReader(SpoolRecord spooled);
  DeliveryReader(const DeliveryReader&) = delete;
  DeliveryReader& operator=(const DeliveryReader&) = delete;
  Result<bool> next(ReceivedRecord& out);  // false at the end. Errors: Unavailable
  // The request, where it was traced.
  const std::optional<trace::SpanContext>& brought_by() const { return brought_by_; }

 private:
  void open_body(InputFormat format, std::string_view body);
  void give_up(std::string_view raw, std::string_view why);
  RawRecord read_enveloped();

  SpoolRecord spooled_;
  std::string source_, via_;
  std::optional<trace::SpanContext> brought_by_;
  std::unique_ptr<RecordSource> body_;
  std::string_view enveloped_;  // that are left, within spooled_
  std::uint64_t number_ = 0;    // of the last enveloped one
  std::optional<Timestamp> reported_at_;
  std::optional<RawRecord> ready_;  // comes next
};

}  // namespace winnow::server
