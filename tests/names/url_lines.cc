// Reads JSON lines [text, base or null] and answers each with what Url makes of it: for comparing
// with other URL parsers (tests/peers/names).
#include <iostream>
#include <string>

#include "base/json.h"
#include "names/url.h"

namespace winnow {
namespace {

Result<Url> parse(const Json& line) {
  if (line[1].is_null()) return Url::parse(line[std::size_t{0}].as_string());
  WINNOW_TRY(const auto base, Url::parse(line[1].as_string()));
  return Url::parse(line[std::size_t{0}].as_string(), base);
}

Json answer(const Json& line) {
  const auto url = parse(line);
  if (!url) return nullptr;
  const auto with = [](std::string_view mark, std::optional<std::string_view> part) {
    return part && !part->empty() ? std::string(mark).append(*part) : std::string();
  };
  return Json::object({{"href", url->href()},
                       {"protocol", std::string(url->scheme()) + ":"},
                       {"username", url->username()},
                       {"password", url->password()},
                       {"hostname", url->host()},
                       {"port", url->port() ? std::to_string(*url->port()) : ""},
                       {"pathname", url->path()},
                       {"search", with("?", url->query())},
                       {"hash", with("#", url->fragment())}});
}

}  // namespace
}  // namespace winnow

int main() {
  std::string line;
  while (std::getline(std::cin, line)) {
    const auto json = winnow::parse_json(line);
    std::cout << (json ? winnow::to_text(winnow::answer(*json)) : "\"unreadable\"") << '\n';
  }
}
