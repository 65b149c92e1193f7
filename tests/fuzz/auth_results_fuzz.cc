// Authentication-Results, Received and Received-SPF fields, one a line, from the top.
#include <cstdlib>

#include "base/utf8.h"
#include "ingest/mail/mail_auth.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<winnow::HeaderField> headers;
  std::vector<winnow::PlacedHop> hops;
  while (!text.empty() && headers.size() < 100) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const char kind = line.empty() ? 'a' : line[0];
    const auto value = line.substr(line.empty() ? 0 : 1);
    if (kind == 'r') hops.push_back({headers.size(), winnow::read_received(value)});
    headers.push_back({kind == 'r'   ? "Received"
                       : kind == 's' ? "Received-SPF"
                                     : "Authentication-Results",
                       value});
  }
  const auto auth = winnow::judge_auth(headers, hops, {});
  for (const auto* word : {&auth.spf, &auth.dkim, &auth.dmarc, &auth.arc}) {
    if (word->find_first_not_of("abcdefghijklmnopqrstuvwxyz") != std::string::npos) std::abort();
  }
  if (!winnow::is_valid_utf8(auth.server) || !winnow::is_valid_utf8(auth.spf_domain)) std::abort();
  return 0;
}
