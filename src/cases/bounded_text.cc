#include "cases/bounded_text.h"

#include "base/utf8.h"

namespace winnow::cases {

Result<std::string> written_name(std::string_view text, std::string_view what) {
  return written_line(text, kMaxNameBytes, what);
}

std::string bounded(std::string_view text, std::size_t most) {
  return to_valid_utf8(utf8_prefix(text, most));
}

}  // namespace winnow::cases
