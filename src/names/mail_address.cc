#include "names/mail_address.h"

#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "base/contract.h"
#include "base/utf8.h"
#include "names/detail/address_lexer.h"
#include "names/domain.h"

namespace winnow {
namespace {

using detail::AddressLexer;
using Token = detail::AddressToken;
using Kind = Token::Kind;
using Tokens = std::span<const Token>;

constexpr std::size_t kMaxAddressBytes = 1000;
constexpr std::size_t kUsualTokens = 8;  // on one side of an angle bracket

// As one would read it: a blank where there were blanks.
std::string joined(Tokens tokens) {
  std::string out;
  for (const auto& token : tokens) {
    if (token.after_blank && !out.empty()) out += ' ';
    out += token.text;
  }
  return out;
}

std::string without_doubled_blanks(std::string_view text) {
  std::string out;
  for (const char c : trim_ascii(text)) {
    const bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (!blank) out += c;
    if (blank && !out.ends_with(' ')) out += ' ';
  }
  return out;
}

class Reader {
 public:
  Reader(std::string_view text, const AddressListLimits& limits) : lexer_(text), limits_(limits) {
    item_.before.reserve(kUsualTokens);
    item_.inside.reserve(kUsualTokens);
  }

  AddressList read() && {
    bool more = true;
    while (more) more = read_item();
    if (in_group_ || lexer_.found_unterminated()) report(AddressProblem::Unterminated);
    return std::move(list_);
  }

 private:
  // What stands between two commas.
  struct Item {
    std::vector<Token> before, inside;  // of the angle brackets; without brackets all is `before`
    std::string comment;
    bool has_angle = false, in_angle = false, text_after = false;
    std::size_t bytes = 0;

    // For the next item, in the same memory.
    void clear() {
      before.clear();
      inside.clear();
      comment.clear();
      has_angle = in_angle = text_after = false;
      bytes = 0;
    }
  };

  void report(AddressProblem problem) {
    if (!list_.has(problem)) list_.problems.push_back(problem);
  }

  // True when another item may follow.
  bool read_item() {
    auto& item = item_;
    item.clear();
    bool blank_before_next = false;
    while (true) {
      auto token = lexer_.next();
      token.after_blank |= blank_before_next;
      blank_before_next = token.kind == Kind::Comment;
      switch (token.kind) {
        case Kind::End:
          finish(item);
          return false;
        case Kind::Comma:
          if (is_route(item)) continue;  // <@relay,@other:user@host>
          return finish(item);
        case Kind::Semicolon:
          if (!finish(item)) return false;
          in_group_ = false;
          group_.clear();
          return true;
        case Kind::Colon:
          if (begins_group(item)) return true;
          put(item, std::move(token));
          break;
        case Kind::Comment:
          if (!item.comment.empty()) item.comment += ' ';
          item.comment += token.text;
          break;
        case Kind::AngleOpen:
          if (item.has_angle) report(AddressProblem::StrayText);
          item.text_after |= item.has_angle;
          item.in_angle |= !item.has_angle;
          item.has_angle = true;
          break;
        case Kind::AngleClose:
          if (!item.in_angle) report(AddressProblem::StrayText);
          item.in_angle = false;
          break;
        default:
          put(item, std::move(token));
      }
    }
  }

  static bool is_route(const Item& item) {
    return item.in_angle && !item.inside.empty() && item.inside.front().kind == Kind::At;
  }

  static void put(Item& item, Token token) {
    item.bytes += token.text.size() + 1;
    if (item.bytes > kMaxAddressBytes) return;  // finish() reports it
    if (item.in_angle) {
      item.inside.push_back(std::move(token));
    } else if (item.has_angle) {
      item.text_after = true;
    } else {
      item.before.push_back(std::move(token));
    }
  }

  bool begins_group(const Item& item) {
    const bool phrase =
        !item.has_angle && !item.before.empty() && item.bytes <= kMaxAddressBytes &&
        std::ranges::none_of(item.before, [](const auto& token) { return token.kind == Kind::At; });
    if (!phrase || in_group_) return false;
    in_group_ = true;
    group_ = without_doubled_blanks(joined(item.before));
    return true;
  }

  // Turns the item into an address. False when the limit is reached.
  bool finish(const Item& item) {
    if (item.in_angle) report(AddressProblem::Unterminated);
    if (item.text_after) report(AddressProblem::TextAfterAddress);
    if (item.bytes > kMaxAddressBytes) {
      report(AddressProblem::TooLong);
      return true;
    }
    const bool nothing =
        item.has_angle ? item.inside.empty() : item.before.empty();  // "<>" is nobody
    if (nothing) return true;
    if (list_.addresses.size() == limits_.max_addresses) {
      report(AddressProblem::TooMany);
      return false;
    }
    MailAddress address;
    address.comment = without_doubled_blanks(item.comment);
    address.group = group_;
    if (item.has_angle) {
      address.display_name = without_doubled_blanks(joined(item.before));
      read_spec(without_route(item.inside), address);
    } else {
      read_bare(item.before, address);
    }
    list_.addresses.push_back(std::move(address));
    return true;
  }

  static Tokens without_route(Tokens tokens) {
    if (tokens.front().kind != Kind::At) return tokens;
    for (std::size_t i = tokens.size(); i-- > 0;) {
      if (tokens[i].kind == Kind::Colon) return tokens.subspan(i + 1);
    }
    return tokens;
  }

  static std::size_t last_at(Tokens tokens) {
    std::size_t at = tokens.size();
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      if (tokens[i].kind == Kind::At) at = i;
    }
    return at;
  }

  // Blanks around '.' and '@' are an obsolete form (RFC 5322 section 4.4); elsewhere they separate.
  static bool sticks_together(const Token& left, const Token& right) {
    const auto binds = [](Kind kind) { return kind == Kind::Dot || kind == Kind::At; };
    return !right.after_blank || binds(left.kind) || binds(right.kind);
  }

  // An address without angle brackets; words before it are taken for a name, as mail programs do.
  void read_bare(Tokens tokens, MailAddress& address) {
    const auto at = last_at(tokens);
    std::size_t begin = 0, end = tokens.size();
    if (at < tokens.size()) {
      for (begin = at; begin > 0 && sticks_together(tokens[begin - 1], tokens[begin]);) --begin;
      for (end = at + 1; end < tokens.size() && sticks_together(tokens[end - 1], tokens[end]);)
        ++end;
    }
    if (begin > 0) report(AddressProblem::StrayText);
    if (end < tokens.size()) report(AddressProblem::TextAfterAddress);
    address.display_name = without_doubled_blanks(joined(tokens.first(begin)));
    read_spec(tokens.subspan(begin, end - begin), address);
  }

  void read_spec(Tokens tokens, MailAddress& address) {
    const auto at = last_at(tokens);
    if (at == tokens.size()) report(AddressProblem::MissingDomain);
    for (std::size_t i = 0; i < at; ++i) {
      if (tokens[i].kind == Kind::At) report(AddressProblem::SeveralAtSigns);
      if (i > 0 && !sticks_together(tokens[i - 1], tokens[i])) {
        if (at < tokens.size()) report(AddressProblem::StrayText);
        address.local += ' ';
      }
      address.local += tokens[i].text;
    }
    if (at < tokens.size()) read_domain(tokens.subspan(at + 1), address);
  }

  void read_domain(Tokens tokens, MailAddress& address) {
    std::string written;
    for (const auto& token : tokens) written += token.text;
    const bool literal = tokens.size() == 1 && tokens[0].kind == Kind::Literal;
    auto normal = to_ascii_domain(written);
    if (!normal && !literal)
      report(written.empty() ? AddressProblem::MissingDomain : AddressProblem::BadDomain);
    address.domain = normal ? *std::move(normal) : ascii_lower(written);
  }

  AddressLexer lexer_;
  const AddressListLimits& limits_;
  AddressList list_;
  Item item_;
  std::string group_;
  bool in_group_ = false;
};

bool is_dot_atom(std::string_view text) {
  static constexpr std::string_view kSpecial = "()<>[]:;@\\,\" \t\r\n";
  return !text.empty() && text.find_first_of(kSpecial) == std::string_view::npos &&
         !text.starts_with('.') && !text.ends_with('.') &&
         text.find("..") == std::string_view::npos;
}

}  // namespace

std::string MailAddress::key() const {
  auto key = ascii_lower(local);
  if (has_domain()) key.append("@").append(domain);
  return key;
}

std::string MailAddress::text() const {
  std::string out;
  if (is_dot_atom(local)) {
    out = local;
  } else {
    out += '"';
    for (const char c : local) {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    out += '"';
  }
  if (has_domain()) out.append("@").append(domain);
  return out;
}

bool AddressList::has(AddressProblem problem) const {
  return std::ranges::find(problems, problem) != problems.end();
}

std::string_view name_of(AddressProblem problem) {
  switch (problem) {
    case AddressProblem::MissingDomain:
      return "missing domain";
    case AddressProblem::BadDomain:
      return "bad domain";
    case AddressProblem::Unterminated:
      return "unterminated";
    case AddressProblem::StrayText:
      return "stray text";
    case AddressProblem::SeveralAtSigns:
      return "several at signs";
    case AddressProblem::TextAfterAddress:
      return "text after address";
    case AddressProblem::TooLong:
      return "too long";
    case AddressProblem::TooMany:
      return "too many";
  }
  violate("every address problem has a name", std::source_location::current());
}

AddressList read_address_list(std::string_view text, const AddressListLimits& limits) {
  if (text.size() <= limits.max_bytes) return Reader(text, limits).read();
  auto list = Reader(text.substr(0, limits.max_bytes), limits).read();
  if (!list.has(AddressProblem::TooMany)) list.problems.push_back(AddressProblem::TooMany);
  return list;
}

Result<MailAddress> read_address(std::string_view text) {
  auto list = read_address_list(text, {.max_bytes = 2 * kMaxAddressBytes, .max_addresses = 2});
  if (list.addresses.size() == 1 && list.problems.empty()) return std::move(list.addresses.front());
  const auto why = list.problems.empty() ? "it is not exactly one" : name_of(list.problems.front());
  return Error(Code::InvalidArgument,
               fmt::format("'{}' is not a mail address: {}",
                           utf8_prefix(to_valid_utf8(text.substr(0, 80)), 80), why));
}

}  // namespace winnow
