// What the spool keeps: whatever its bytes are, reading them ends; and of a body as many records
// come back as its sender was told.
#include <cstdlib>

#include "server/threads/delivery.h"

namespace {

std::uint32_t records_in(std::string bytes) {
  winnow::SpoolRecord spooled;
  spooled.payload = std::move(bytes);
  winnow::server::DeliveryReader reader(std::move(spooled));
  std::uint32_t records = 0;
  for (winnow::ReceivedRecord record; reader.next(record).value(); ++records) {
    if (record.record.digest == winnow::Digest()) std::abort();
  }
  return records;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using winnow::InputFormat;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  records_in(std::string(text));
  for (const auto format :
       {InputFormat::Mail, InputFormat::Mbox, InputFormat::Csv, InputFormat::NdJson}) {
    const auto delivery = winnow::server::deliver_body(format, "source", "via", text);
    if (delivery && records_in(delivery->bytes) != delivery->records) std::abort();
  }
  return 0;
}
