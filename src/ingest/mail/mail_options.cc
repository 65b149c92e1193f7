#include <fmt/format.h>

#include "ingest/mail/mail.h"

namespace winnow {
namespace {

struct LimitName {
  std::string_view key;
  std::size_t MailLimits::*limit;
};

constexpr LimitName kLimits[] = {
    {"bytes", &MailLimits::bytes},
    {"depth", &MailLimits::depth},
    {"parts", &MailLimits::parts},
    {"headers", &MailLimits::headers},
    {"header_bytes", &MailLimits::header_bytes},
    {"text_part_bytes", &MailLimits::text_part_bytes},
    {"text_head_bytes", &MailLimits::text_head_bytes},
    {"text_tail_bytes", &MailLimits::text_tail_bytes},
    {"links", &MailLimits::links},
    {"attachments", &MailLimits::attachments},
    {"recipients", &MailLimits::recipients},
    {"received", &MailLimits::received},
    {"archive_entries", &MailLimits::archive_entries},
};
constexpr std::int64_t kLargestLimit = std::int64_t{1} << 32;

}  // namespace

Result<MailOptions> MailOptions::compile(const Yaml& yaml) {
  if (!yaml.is_map()) return yaml.error("a mail mapping is a map with the key 'mapping'");
  WINNOW_TRY(yaml.only({"mapping", "trusted_receivers", "limits"}));
  MailOptions options;
  if (yaml.has("trusted_receivers")) {
    WINNOW_TRY(options.trusted_authserv_ids, yaml["trusted_receivers"].as_texts());
  }
  std::vector<std::string> known;
  for (const auto& name : kLimits) known.emplace_back(name.key);
  for (const auto& [key, value] : yaml["limits"].members()) {
    const LimitName* found = nullptr;
    for (const auto& name : kLimits) found = name.key == key ? &name : found;
    if (found == nullptr) {
      return value.error(fmt::format("unknown limit '{}'", key))
          .with_hint(fmt::format("did you mean '{}'?", nearest(key, known)));
    }
    WINNOW_TRY(const auto number, value.as_int());
    if (number < 1 || number > kLargestLimit) {
      return value.error(
          fmt::format("a limit from 1 to {} expected, found {}", kLargestLimit, number));
    }
    options.limits.*(found->limit) = static_cast<std::size_t>(number);
  }
  return options;
}

}  // namespace winnow
