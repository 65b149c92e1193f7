// Any bytes are a mail or nothing: the event is valid UTF-8 and the same every time.
#include <cstdlib>

#include "base/json.h"
#include "base/utf8.h"
#include "ingest/mail/mail.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view raw(reinterpret_cast<const char*>(data), size);
  static const winnow::MailMapping mapping;
  const auto event = mapping.apply(raw);
  if (!event) return 0;
  const auto text = to_text(event->json(winnow::ocsf::Event::Unmapped::Include));
  if (!winnow::is_valid_utf8(text)) std::abort();
  const auto again = mapping.apply(raw);
  if (!again || to_text(again->json(winnow::ocsf::Event::Unmapped::Include)) != text) std::abort();
  return 0;
}
