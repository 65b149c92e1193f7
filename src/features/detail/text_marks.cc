#include "features/detail/text_marks.h"

#include <algorithm>
#include <array>

#include "base/utf8.h"
#include "names/text_fold.h"

namespace winnow::features {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_letter_byte(char c) { return is_lower(c) || (c >= 'A' && c <= 'Z'); }
bool is_name_byte(char c) {
  return is_letter_byte(c) || is_digit(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_host_byte(char c) { return is_lower(c) || is_digit(c) || c == '-'; }
char at_or_blank(std::string_view text, std::size_t at) {
  return at < text.size() ? text[at] : ' ';
}

// RFC 5322 section 3.6.5 knows "Re:" alone; these are what mail programs of other languages write.
constexpr std::array<std::string_view, 9> kReplies = {"re",  "aw",  "sv", "antw", "rif",
                                                      "res", "odp", "vs", "ref"};
constexpr std::array<std::string_view, 9> kForwards = {"fw",  "fwd", "wg",     "tr", "rv",
                                                       "enc", "i",   "doorst", "vl"};

// The length of "[...]" with at most 40 characters inside, or 0.
std::size_t tag_length(std::string_view text) {
  if (text.empty() || text.front() != '[') return 0;
  const auto end = text.find(']');
  return end > 41 ? 0 : end + 1;  // npos is
}

struct Host {
  std::size_t end = 0;
  bool is_domain = false;
};

// The labels that begin at `at`: letters, digits and hyphens with dots between, the last one
// letters only.
Host read_host(std::string_view text, std::size_t at) {
  std::size_t label = at;
  std::size_t dots = 0;
  Host host{at, false};
  for (; host.end < text.size(); ++host.end) {
    const char c = text[host.end];
    if (c == '.' && is_host_byte(at_or_blank(text, host.end + 1))) {
      ++dots;
      label = host.end + 1;
    } else if (!is_host_byte(c)) {
      break;
    }
  }
  const auto last = text.substr(label, host.end - label);
  host.is_domain = dots > 0 && last.size() >= 2 && last.size() <= 12 &&
                   std::all_of(last.begin(), last.end(), is_lower) &&
                   !is_name_byte(at_or_blank(text, host.end));
  return host;
}

}  // namespace

SubjectParts read_subject(std::string_view subject) {
  SubjectParts parts{subject, false, false};
  while (true) {
    auto text = trim_ascii(parts.rest);
    parts.rest = text;
    if (const auto tag = tag_length(text); tag > 0) {
      parts.rest = text.substr(tag);
      continue;
    }
    std::size_t end = 0;
    while (end < text.size() && is_letter_byte(text[end])) ++end;
    const auto word = ascii_lower(text.substr(0, std::min<std::size_t>(end, 8)));
    if (const auto count = tag_length(text.substr(end)); count > 0 && count <= 5)
      end += count;  // "Re[2]:"
    while (end < text.size() && text[end] == ' ') ++end;
    if (at_or_blank(text, end) != ':') return parts;
    const bool reply = std::find(kReplies.begin(), kReplies.end(), word) != kReplies.end();
    const bool forward = std::find(kForwards.begin(), kForwards.end(), word) != kForwards.end();
    if (!reply && !forward) return parts;
    parts.reply |= reply;
    parts.forward |= forward;
    parts.rest = text.substr(end + 1);
  }
}

std::string mailbox_in(std::string_view text) {
  const auto lower = ascii_lower(text);
  const std::string_view view = lower;
  std::size_t from = 0;
  for (auto sign = view.find('@'); sign != std::string_view::npos;
       sign = view.find('@', sign + 1)) {
    auto begin = sign;
    const auto in_local_part = [](char c) {
      return is_name_byte(c) || c == '.' || c == '+' || c == '-' || c == '=';
    };
    while (begin > from && in_local_part(view[begin - 1])) --begin;
    const auto host = read_host(view, sign + 1);
    if (begin < sign && host.is_domain) return std::string(view.substr(begin, host.end - begin));
    from = sign + 1;
  }
  return {};
}

std::string domain_in(std::string_view text) {
  const auto lower = ascii_lower(text);
  const std::string_view view = lower;
  for (std::size_t at = 0; at < view.size();) {
    if (!is_host_byte(view[at])) {
      ++at;
      continue;
    }
    const auto host = read_host(view, at);
    const char before = at == 0 ? ' ' : view[at - 1];
    const bool alone = before != '@' && before != '.' && !is_name_byte(before);
    if (host.is_domain && alone) return std::string(view.substr(at, host.end - at));
    at = std::max(host.end, at + 1);
  }
  return {};
}

bool looks_personal(std::string_view text) {
  int words = 0;
  bool at_start = true;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    if (c == ' ') {
      at_start = true;
      continue;
    }
    const auto kind = kind_of(c);
    if (at_start && kind != CharacterKind::Upper) return false;
    if (!is_letter(kind) && kind != CharacterKind::Mark && c != '.' && c != '-' && c != '\'' &&
        c != 0x2019)
      return false;
    words += at_start ? 1 : 0;
    at_start = false;
  }
  return words >= 2 && words <= 4;
}

bool has_reference_number(std::string_view text) {
  std::size_t digits = 0,
              letters = 0;  // of the run that ends here: letters, perhaps one - or _, digits
  bool marked = false;      // after '#', within the same word
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (is_digit(c)) {
      ++digits;
      if (digits >= 6 || (marked && digits >= 3) || (letters >= 2 && digits >= 4)) return true;
      continue;
    }
    if (is_letter_byte(c)) {
      letters = digits > 0 ? 1 : letters + 1;
    } else if (c == '#') {
      marked = true;
      letters = 0;
    } else if ((c != '-' && c != '_') || digits > 0) {
      marked = marked && c == ' ' && at > 0 && text[at - 1] == '#';
      letters = 0;
    }
    digits = 0;
  }
  return false;
}

bool has_phone_number(std::string_view text) {
  constexpr std::size_t kLeastDigits = 10, kMostDigits = 15;  // ITU-T E.164 ends at 15
  std::size_t digits = 0, groups = 0, gap = 0;
  for (std::size_t at = 0; at <= text.size(); ++at) {
    const char c = at_or_blank(text, at);
    if (at < text.size() && is_digit(c)) {
      if (digits == 0 || gap > 0) ++groups;
      ++digits;
      gap = 0;
    } else if (digits > 0 && at < text.size() && gap < 2 &&
               std::string_view(" .-()/").find(c) != std::string_view::npos) {
      ++gap;
    } else {
      if (digits >= kLeastDigits && digits <= kMostDigits && groups >= 3 && groups <= 6)
        return true;
      digits = groups = gap = 0;
    }
  }
  return false;
}

namespace {

constexpr std::array<std::string_view, 20> kSourceExtensions = {
    "c",  "h",   "cc",   "cpp", "py",   "so", "txt",  "conf",  "log",  "sh",
    "pl", "xml", "html", "htm", "java", "js", "diff", "patch", "yaml", "json"};
constexpr std::array<std::string_view, 7> kRootFolders = {"usr/", "etc/", "var/", "home/",
                                                          "dev/", "opt/", "lib/"};

bool is_source_extension(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_name_byte(text[end])) ++end;
  const auto word = text.substr(at, end - at);
  return std::find(kSourceExtensions.begin(), kSourceExtensions.end(), word) !=
         kSourceExtensions.end();
}

bool is_root_folder(std::string_view rest) {
  return std::any_of(kRootFolders.begin(), kRootFolders.end(),
                     [&](auto folder) { return rest.starts_with(folder); });
}

bool ends_line(std::string_view text, std::size_t at) {
  while (at < text.size() && (text[at] == ' ' || text[at] == '\r')) ++at;
  return at == text.size() || text[at] == '\n';
}

// Whether a mark of program text begins at `at`.
bool is_code_mark(std::string_view text, std::size_t at) {
  const char c = text[at];
  const char next = at_or_blank(text, at + 1);
  const bool after_name = at > 0 && is_name_byte(text[at - 1]);
  switch (c) {
    case '(':
      return after_name && next == ')';
    case '.':
      return after_name && is_source_extension(text, at + 1);
    case ':':
      return next == ':';
    case '-':
      return next == '>';
    case '=':
      return next == '=' && (at == 0 || text[at - 1] != '=') && at_or_blank(text, at + 2) != '=';
    case '|':
    case '&':
      return next == c;
    case '_':
      return after_name && text[at - 1] != '_' && is_name_byte(next) && next != '_';
    case '0':
      return next == 'x' && !after_name && at + 2 < text.size() && is_digit(text[at + 2]);
    case '/':
      return !after_name && is_root_folder(text.substr(at + 1));
    case '{':
    case '}':
    case ';':
      return ends_line(text, at + 1);
    default:
      return false;
  }
}

// A line of a patch: "+ code", "@@ -1,2", "- /path".
bool is_patch_line(std::string_view text, std::size_t at) {
  const char c = at_or_blank(text, at);
  if (c != '+' && c != '@' && c != '-') return false;
  std::size_t end = at;
  while (end - at < 3 && at_or_blank(text, end) == c) ++end;
  if (at_or_blank(text, end) == ' ') ++end;
  const char after = at_or_blank(text, end);
  return is_name_byte(after) || std::string_view("/{}#@*").find(after) != std::string_view::npos;
}

// What is_code_mark() looks at twice, and the end of a line.
constexpr std::array<bool, 256> may_mark() {
  std::array<bool, 256> table{};
  for (const char c : std::string_view("(.:-=|&_0/{};\n"))
    table[static_cast<unsigned char>(c)] = true;
  return table;
}
constexpr std::array<bool, 256> kMayMark = may_mark();

}  // namespace

std::uint32_t count_code_marks(std::string_view text) {
  std::uint32_t marks = text.empty() ? 0 : is_patch_line(text, 0) ? 1 : 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!kMayMark[static_cast<unsigned char>(text[at])]) continue;
    if (text[at] == '\n') {
      marks += is_patch_line(text, at + 1) ? 1 : 0;
    } else if (is_code_mark(text, at)) {
      ++marks;
    }
  }
  return marks;
}

double shared_part(std::string_view name, std::string_view other) {
  std::size_t longest = 0, shared = 0;
  for (std::size_t at = 0; at < name.size();) {
    std::size_t end = at;
    while (end < name.size() && (is_lower(name[end]) || is_digit(name[end]))) ++end;
    const auto word = name.substr(at, end - at);
    at = end + 1;
    if (word.size() < 2) continue;
    longest = std::max(longest, word.size());
    const bool found = other.find(word) != std::string_view::npos ||
                       (other.size() > 2 && word.find(other) != std::string_view::npos);
    if (found) shared = std::max(shared, word.size());
  }
  return longest == 0 ? -1 : static_cast<double>(shared) / static_cast<double>(longest);
}

}  // namespace winnow::features
