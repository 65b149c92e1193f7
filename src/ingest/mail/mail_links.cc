#include "ingest/mail/mail_links.h"

#include <algorithm>

#include "base/byte_set.h"
#include "base/utf8.h"
#include "names/domain.h"

namespace winnow {
namespace {

constexpr std::size_t kLongestWritten = 2048;

constexpr ByteSet kUrlEnd(" \t\r\n<>\"{}|^`");
constexpr ByteSet kSentenceSign(".,;:!?'*_");
constexpr ByteSet kBlank(" \t\n");
constexpr ByteSet kHostEnd("/?#:");

bool begins(std::string_view text, std::string_view with) {
  return text.size() >= with.size() && equal_ignoring_ascii_case(text.substr(0, with.size()), with);
}

void take(Result<Url> parsed, std::string_view written, MailLink& link) {
  if (parsed) {
    link.url = std::move(*parsed);
  } else {
    link.written = utf8_prefix(written, kLongestWritten);
  }
}

void tell_hosts(MailLink& link) {
  if (link.url && link.url->host_kind() == HostKind::Domain) {
    link.registrable = registrable_domain(link.url->host());
  }
  if (link.kind != LinkKind::Href && link.kind != LinkKind::Area) return;
  link.shown_host = host_shown_by(link.text);
  if (!link.shown_host.empty()) link.shown_registrable = registrable_domain(link.shown_host);
}

// A host name in a link's text: labels of letters (of any script), digits and '-', the last one of
// letters only, as top-level domains are.
bool looks_like_domain(std::string_view text) {
  const auto dot = text.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || text.size() - dot < 3) return false;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0;
    if (!letter && !(c >= '0' && c <= '9') && c != '-' && c != '.') return false;
  }
  const auto last = text.substr(dot + 1);
  return std::ranges::none_of(last, [](char c) { return (c >= '0' && c <= '9') || c == '-'; });
}

// The length of the URL at the beginning of `text`: it ends before blanks, brackets and quotes, and
// without the punctuation of the sentence around it.
std::size_t length_of_url(std::string_view text) {
  text = text.substr(0, Url::kMaxBytes);
  auto url = text.substr(0, kUrlEnd.find_in(text));
  for (const std::string_view quote :
       {"\u201C", "\u201D", "\u00BB", "\u3002", "\uFF0C", "\u3001"}) {
    url = url.substr(0, url.find(quote));
  }
  // A closing bracket belongs to the URL when it closes one within it.
  auto surplus_round = std::ranges::count(url, ')') - std::ranges::count(url, '(');
  auto surplus_square = std::ranges::count(url, ']') - std::ranges::count(url, '[');
  while (!url.empty()) {
    const char last = url.back();
    if (last == ')' || last == ']') {
      auto& surplus = last == ')' ? surplus_round : surplus_square;
      if (surplus <= 0) break;
      --surplus;
    } else if (!kSentenceSign.contains(last)) {
      break;
    }
    url.remove_suffix(1);
  }
  return url.size();
}

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         (c & 0x80) != 0;
}

// The next place at or after `at` where a URL may begin, by one of its marks; positions are found
// once and kept, so that going through a text takes linear time.
class UrlBeginnings {
 public:
  explicit UrlBeginnings(std::string_view text) : text_(text) {}

  // The beginning of the next URL, npos at the end. `size` is that of its fixed part.
  std::size_t next(std::size_t at, std::size_t& size) {
    while (true) {
      if (scheme_end_ < at || scheme_end_ == kUnknown) scheme_end_ = text_.find("://", at);
      if (www_ < at || www_ == kUnknown) www_ = text_.find("www.", at);
      if (scheme_end_ == std::string_view::npos && www_ == std::string_view::npos) return www_;
      const auto mark = std::min(scheme_end_, www_);
      const auto begin = mark == scheme_end_ ? scheme_begin(at) : mark;
      const bool in_word = begin > 0 && is_word_character(text_[begin - 1]);
      size = mark - begin + (mark == scheme_end_ ? 3 : 4);
      if (begin <= mark && !in_word) return begin;
      at = mark + 1;
    }
  }

 private:
  // npos - 1 is no position either, and unlike npos it does not mean "there is none".
  static constexpr std::size_t kUnknown = std::string_view::npos - 1;

  // Where the scheme before scheme_end_ begins; past it when it is not one that is looked for.
  std::size_t scheme_begin(std::size_t at) const {
    for (const std::string_view scheme : {"https", "http", "hxxps", "hxxp", "ftp"}) {
      if (scheme_end_ < at + scheme.size()) continue;
      const auto begin = scheme_end_ - scheme.size();
      if (begins(text_.substr(begin, scheme.size()), scheme)) return begin;
    }
    return scheme_end_ + 1;
  }

  std::string_view text_;
  std::size_t scheme_end_ = kUnknown;
  std::size_t www_ = kUnknown;
};

MailLink text_link(std::string_view written) {
  MailLink link;
  link.kind = LinkKind::Text;
  std::string url(written);
  if (begins(url, "www.")) url.insert(0, "http://");
  if (begins(url, "hxxp")) url.replace(1, 2, "tt");  // defused by a person; the link it was counts
  auto parsed = Url::parse(url);
  take(std::move(parsed), written, link);
  tell_hosts(link);
  return link;
}

}  // namespace

std::vector<MailLink> resolve_links(HtmlContent& content) {
  std::optional<Url> base;
  if (!content.base_href.empty()) {
    if (auto parsed = Url::parse(content.base_href)) base = std::move(*parsed);
  }
  std::vector<MailLink> links;
  links.reserve(content.links.size());
  for (auto& found : content.links) {
    const auto written = trim_ascii(found.url);
    if (written.starts_with('#')) continue;
    MailLink link;
    link.kind = found.kind;
    link.text = std::move(found.text);
    link.hidden = found.hidden;
    auto parsed = base ? Url::parse(written, *base) : Url::parse(written);
    // Without a base a mail program reads "//host/" as the web does, and "www.host" as typed.
    if (!parsed && !base && written.starts_with("//"))
      parsed = Url::parse("http:" + std::string(written));
    if (!parsed && !base && begins(written, "www."))
      parsed = Url::parse("http://" + std::string(written));
    take(std::move(parsed), written, link);
    tell_hosts(link);
    links.push_back(std::move(link));
  }
  return links;
}

std::vector<MailLink> find_links(std::string_view text, std::size_t max_links,
                                 const std::vector<std::pair<std::size_t, std::size_t>>& skip) {
  std::vector<MailLink> links;
  auto range = skip.begin();
  UrlBeginnings beginnings(text);
  std::size_t fixed = 0;
  for (auto at = beginnings.next(0, fixed);
       at != std::string_view::npos && links.size() < max_links;) {
    const auto size = length_of_url(text.substr(at));
    while (range != skip.end() && range->second <= at) ++range;
    const bool skipped = range != skip.end() && range->first <= at;
    if (size > fixed && !skipped) links.push_back(text_link(text.substr(at, size)));
    at = beginnings.next(at + std::max(size, fixed), fixed);
  }
  return links;
}

std::string host_shown_by(std::string_view text) {
  constexpr std::size_t kLongest = 512;
  text = trim_ascii(text);
  if (text.size() > kLongest || text.find('.') == std::string_view::npos) return {};
  if (kBlank.holds_any_of(text)) {
    // Words: only a URL with its scheme still reads as one, "https://example.com (new window)".
    if (!begins(text, "http://") && !begins(text, "https://")) return {};
    text = text.substr(0, kBlank.find_in(text));
  }
  while (!text.empty() && std::string_view(".,;:!?").find(text.back()) != std::string_view::npos)
    text.remove_suffix(1);
  if (begins(text, "http://") || begins(text, "https://")) {
    const auto url = Url::parse(text);
    return url && url->host_kind() == HostKind::Domain ? std::string(url->host()) : std::string();
  }
  const auto host = text.substr(0, kHostEnd.find_in(text));
  if (!looks_like_domain(host)) return {};
  auto ascii = to_ascii_domain(host);
  return ascii ? std::move(*ascii) : std::string();
}

}  // namespace winnow
