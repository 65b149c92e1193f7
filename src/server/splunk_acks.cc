#include "server/splunk_acks.h"

#include <algorithm>

#include "base/utf8.h"
#include "names/url.h"

namespace winnow::server {
namespace {

constexpr std::string_view kField = "x-splunk-request-channel", kParameter = "channel=";

bool is_hexadecimal(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// RFC 9562, section 4: 8-4-4-4-12 hexadecimal digits.
bool is_uuid(std::string_view text) {
  constexpr std::string_view kForm = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  return text.size() == kForm.size() && std::ranges::equal(text, kForm, [](char c, char form) {
           return form == '-' ? c == '-' : is_hexadecimal(c);
         });
}

// Other parameters that Splunk's clients send are none of our business.
std::optional<std::string> channel_in(std::string_view query) {
  while (!query.empty()) {
    const auto piece = query.substr(0, query.find('&'));
    if (piece.starts_with(kParameter)) return percent_decode(piece.substr(kParameter.size()));
    query.remove_prefix(std::min(query.size(), piece.size() + 1));
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> splunk_channel_of(const http::Request& request) {
  const auto field = request.field(kField);
  const auto channel = field.empty() ? channel_in(request.query) : std::string(field);
  if (!channel) return std::string();
  if (!is_uuid(*channel)) return std::nullopt;
  return ascii_lower(*channel);
}

SplunkAcks::Channel* SplunkAcks::find(const Name& name) {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return nullptr;
  channels_.splice(channels_.begin(), channels_, found->second);
  return &channels_.front();
}

std::int64_t SplunkAcks::give(std::string_view token, std::string_view channel) {
  Name name(token, channel);
  const std::lock_guard lock(mutex_);
  if (auto* const known = find(name)) return known->next++;
  if (channels_.size() == most_channels_) {
    by_name_.erase(channels_.back().name);
    channels_.pop_back();
  }
  channels_.push_front({name, 1});
  by_name_.emplace(std::move(name), channels_.begin());
  return 0;
}

std::int64_t SplunkAcks::given(std::string_view token, std::string_view channel) {
  const std::lock_guard lock(mutex_);
  const auto* const known = find(Name(token, channel));
  return known == nullptr ? 0 : known->next;
}

}  // namespace winnow::server
