// Any text is HTML: what it shows and hides is valid UTF-8 and no longer than what it was made
// from.
#include <cstdlib>

#include "base/utf8.h"
#include "ingest/mail/html.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto html = winnow::to_valid_utf8({reinterpret_cast<const char*>(data), size});
  const auto content = winnow::read_html(html);
  if (!winnow::is_valid_utf8(content.text) || !winnow::is_valid_utf8(content.hidden_text))
    std::abort();
  std::size_t before = 0;
  for (const auto& [begin, end] : content.anchors) {
    if (begin < before || end <= begin || end > content.text.size()) std::abort();
    before = end;
  }
  winnow::declared_charset(html);
  return 0;
}
