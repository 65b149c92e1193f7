#include "ingest/records/audit_line.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "ingest/records/syslog.h"

namespace winnow {
namespace {

constexpr std::string_view kType = "type=", kNode = "node=", kMark = " msg=audit(";
constexpr std::size_t kMostInFront = 1024;  // of a line, in which the mark stands
constexpr std::size_t kMostStamp = 48;

// The names of what programs and the daemon report, each in one line (the kernel's numbers 1100 to
// 1299 and 2100 to 2999, libaudit's msg_typetab.h). What is none of them may come with others.
constexpr std::array<std::string_view, 20> kAlone = {
    "ACCT_",    "ADD_",    "ANOM_LOGIN_", "CHGRP_ID", "CHUSER_ID", "CRED_", "CRYPTO_",
    "DAEMON_",  "DEL_",    "GRP_",        "LABEL_",   "RESP_",     "ROLE_", "SERVICE_",
    "SOFTWARE", "SYSTEM_", "TEST",        "TRUSTED_", "USER_",     "VIRT_"};

bool is_alone(std::string_view type) {
  return std::ranges::any_of(kAlone, [&](auto front) { return type.starts_with(front); });
}

std::string_view take_word(std::string_view& rest) {
  const auto word = rest.substr(0, rest.find(' '));
  rest.remove_prefix(word.size());
  return word;
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// "1364481363.243:24287"
bool read_stamp(std::string_view stamp, AuditLine& out) {
  const auto dot = stamp.find('.'), colon = stamp.find(':');
  if (stamp.size() > kMostStamp || dot == stamp.npos || colon == stamp.npos || dot > colon)
    return false;
  const auto seconds = stamp.substr(0, dot);
  if (!is_number(seconds) || !is_number(stamp.substr(dot + 1, colon - dot - 1)) ||
      !is_number(stamp.substr(colon + 1)))
    return false;
  out.stamp = stamp;
  return std::from_chars(seconds.data(), seconds.data() + seconds.size(), out.seconds).ec ==
         std::errc();
}

}  // namespace

std::optional<AuditLine> read_audit_line(std::string_view line) {
  // Most lines of other logs are objects, and long.
  if (line.starts_with('{') || line.substr(0, kMostInFront).find(kMark) == std::string_view::npos)
    return std::nullopt;
  AuditLine out;
  auto rest = line;
  if (!rest.starts_with(kType) && !rest.starts_with(kNode)) {
    const auto message = read_syslog(line);
    out.host = message.host;
    rest = message.message;
  }
  if (rest.starts_with(kNode)) {
    out.node = take_word(rest).substr(kNode.size());
    rest.remove_prefix(std::min<std::size_t>(1, rest.size()));
  }
  if (!rest.starts_with(kType)) return std::nullopt;
  const auto type = take_word(rest).substr(kType.size());
  if (!rest.starts_with(kMark)) return std::nullopt;
  rest.remove_prefix(kMark.size());
  const auto end = rest.find(')');
  if (end == std::string_view::npos || !read_stamp(rest.substr(0, end), out)) return std::nullopt;
  out.is_alone = is_alone(type);
  out.is_last = type == "PROCTITLE";
  out.is_end = type == "EOE";
  return out;
}

}  // namespace winnow
