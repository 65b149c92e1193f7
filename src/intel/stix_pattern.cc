#include "intel/stix_pattern.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/utf8.h"
#include "intel/detail/stix_lexer.h"

namespace winnow {
namespace {

using detail::StixLexer;
using Token = detail::StixToken;
using Kind = Token::Kind;

constexpr std::size_t kMaxPatternBytes = 256UL << 10;
constexpr int kMaxDepth = 64;

void join(StixPattern& into, StixPattern other) {
  std::ranges::move(other.terms, std::back_inserter(into.terms));
  for (auto& reason : other.unsupported) {
    if (std::ranges::find(into.unsupported, reason) == into.unsupported.end())
      into.unsupported.push_back(std::move(reason));
  }
}

StixPattern unsupported(std::string reason) { return {{}, {std::move(reason)}}; }

bool is_file_hashes(const StixPattern& pattern) {
  return pattern.unsupported.empty() && !pattern.terms.empty() &&
         std::ranges::all_of(pattern.terms,
                             [](const auto& term) { return term.kind == IndicatorKind::File; });
}

// A hash identifies its file, so whatever else is said of the same file can be left out.
StixPattern both(StixPattern a, StixPattern b) {
  if (is_file_hashes(a) && is_file_hashes(b)) {
    join(a, std::move(b));
    return a;
  }
  if (is_file_hashes(a)) return a;
  if (is_file_hashes(b)) return b;
  return unsupported("an AND of comparisons");
}

struct Path {
  std::string type;
  std::string steps;  // "value", "hashes.SHA-256", "resolves_to_refs[*].value"
};

std::optional<IndicatorKind> kind_of(const Path& path) {
  if (path.type == "file" && path.steps.starts_with("hashes.")) return IndicatorKind::File;
  if (path.steps != "value") return std::nullopt;
  if (path.type == "domain-name") return IndicatorKind::Domain;
  if (path.type == "url") return IndicatorKind::Url;
  if (path.type == "ipv4-addr" || path.type == "ipv6-addr") return IndicatorKind::Ip;
  if (path.type == "email-addr") return IndicatorKind::Mailbox;
  return std::nullopt;
}

// Recursive descent over the grammar; every rule gives what its part compiles to.
class Parser {
 public:
  explicit Parser(std::string_view text) : lexer_(text) {}

  Result<StixPattern> parse() {
    WINNOW_TRY(advance());
    WINNOW_TRY(auto pattern, observations(0));
    if (token_.kind != Kind::End) return unexpected("the end");
    return pattern;
  }

 private:
  Status advance() {
    WINNOW_TRY(token_, lexer_.next());
    return {};
  }
  Error unexpected(std::string_view wanted) const {
    return {Code::InvalidArgument,
            fmt::format("not a STIX pattern: at byte {} stands '{}', not {}", token_.at,
                        utf8_prefix(to_valid_utf8(token_.text), 40), wanted)};
  }
  Status expect_symbol(std::string_view symbol) {
    if (!token_.is_symbol(symbol)) return unexpected(fmt::format("'{}'", symbol));
    return advance();
  }
  Status expect_keyword(std::string_view keyword) {
    if (!token_.is_keyword(keyword)) return unexpected(keyword);
    return advance();
  }
  static Status check_depth(int depth) {
    if (depth <= kMaxDepth) return {};
    return Error(Code::Exhausted,
                 fmt::format("a STIX pattern is nested deeper than {}", kMaxDepth));
  }

  // observationExpressions: FOLLOWEDBY binds loosest, then OR, then AND.
  Result<StixPattern> observations(int depth) {
    WINNOW_TRY(check_depth(depth));
    WINNOW_TRY(auto all, observation_or(depth));
    while (token_.is_keyword("FOLLOWEDBY")) {
      WINNOW_TRY(advance());
      WINNOW_TRY(observation_or(depth));
      all = unsupported("a sequence of observations (FOLLOWEDBY)");
    }
    return all;
  }

  Result<StixPattern> observation_or(int depth) {
    WINNOW_TRY(auto all, observation_and(depth));
    while (token_.is_keyword("OR")) {
      WINNOW_TRY(advance());
      WINNOW_TRY(auto other, observation_and(depth));
      join(all, std::move(other));
    }
    return all;
  }

  Result<StixPattern> observation_and(int depth) {
    WINNOW_TRY(auto all, observation(depth));
    while (token_.is_keyword("AND")) {
      WINNOW_TRY(advance());
      WINNOW_TRY(observation(depth));
      all = unsupported("an AND of several observations");
    }
    return all;
  }

  Result<StixPattern> observation(int depth) {
    const bool compound = token_.is_symbol("(");
    if (!compound && !token_.is_symbol("[")) return unexpected("'[' or '('");
    WINNOW_TRY(advance());
    auto inside = compound ? observations(depth + 1) : comparison_or(depth + 1);
    if (!inside) return inside;
    WINNOW_TRY(expect_symbol(compound ? ")" : "]"));
    return qualified(*std::move(inside), compound);
  }

  // OASIS's validator refuses a second qualifier of one kind, except on a compound.
  Result<StixPattern> qualified(StixPattern pattern, bool compound) {
    std::set<std::string> seen;
    while (token_.is_keyword("START") || token_.is_keyword("WITHIN") ||
           token_.is_keyword("REPEATS")) {
      const auto qualifier = token_.text;
      if (!seen.insert(qualifier).second && !compound)
        return unexpected("a qualifier for the first time");
      WINNOW_TRY(advance());
      if (qualifier == "START") {
        WINNOW_TRY(expect(Kind::Timestamp, "a timestamp"));
        WINNOW_TRY(expect_keyword("STOP"));
        WINNOW_TRY(expect(Kind::Timestamp, "a timestamp"));
        pattern = unsupported("a time window (START STOP)");
      } else if (qualifier == "WITHIN") {
        // Says something about several observations only; those are unsupported already.
        if (token_.kind != Kind::Int && token_.kind != Kind::Float) return unexpected("a number");
        WINNOW_TRY(advance());
        WINNOW_TRY(expect_keyword("SECONDS"));
      } else {
        if (token_.kind != Kind::Int) return unexpected("a whole number");
        if (token_.text != "1") pattern = unsupported("a number of repetitions (REPEATS)");
        WINNOW_TRY(advance());
        WINNOW_TRY(expect_keyword("TIMES"));
      }
    }
    return pattern;
  }

  Status expect(Kind kind, std::string_view wanted) {
    if (token_.kind != kind) return unexpected(wanted);
    return advance();
  }

  Result<StixPattern> comparison_or(int depth) {
    WINNOW_TRY(check_depth(depth));
    WINNOW_TRY(auto all, comparison_and(depth));
    while (token_.is_keyword("OR")) {
      WINNOW_TRY(advance());
      WINNOW_TRY(auto other, comparison_and(depth));
      join(all, std::move(other));
    }
    return all;
  }

  Result<StixPattern> comparison_and(int depth) {
    WINNOW_TRY(auto all, comparison(depth));
    while (token_.is_keyword("AND")) {
      WINNOW_TRY(advance());
      WINNOW_TRY(auto other, comparison(depth));
      all = both(std::move(all), std::move(other));
    }
    return all;
  }

  Result<StixPattern> comparison(int depth) {
    if (token_.is_symbol("(")) {
      WINNOW_TRY(advance());
      WINNOW_TRY(auto inside, comparison_or(depth + 1));
      WINNOW_TRY(expect_symbol(")"));
      return inside;
    }
    const bool negated_exists = token_.is_keyword("NOT");
    if (negated_exists) WINNOW_TRY(advance());
    if (negated_exists || token_.is_keyword("EXISTS")) {
      WINNOW_TRY(expect_keyword("EXISTS"));
      WINNOW_TRY(object_path());
      return unsupported("a test for existence (EXISTS)");
    }
    WINNOW_TRY(const auto path, object_path());
    const bool negated = token_.is_keyword("NOT");
    if (negated) WINNOW_TRY(advance());
    WINNOW_TRY(auto pattern, test(path));
    return negated ? unsupported("a negation (NOT)") : pattern;
  }

  Result<StixPattern> test(const Path& path) {
    const auto op = token_.text;
    const bool symbol = token_.kind == Kind::Symbol;
    const bool keyword = token_.kind == Kind::Keyword;
    const bool equal = symbol && (op == "=" || op == "==");
    const bool unequal = symbol && (op == "!=" || op == "<>");
    const bool order = symbol && (op == "<" || op == ">" || op == "<=" || op == ">=");
    const bool on_text =
        keyword && (op == "LIKE" || op == "MATCHES" || op == "ISSUBSET" || op == "ISSUPERSET");
    const bool in = keyword && op == "IN";
    if (!equal && !unequal && !order && !on_text && !in) return unexpected("a comparison");
    WINNOW_TRY(advance());
    std::vector<Token> literals;
    if (in) {
      WINNOW_TRY(literals, set_literal());
    } else {
      const bool fits = on_text ? token_.kind == Kind::String
                                : is_literal(token_) && !(order && token_.kind == Kind::Bool);
      if (!fits) return unexpected(on_text ? "a text in quotes" : "a value");
      literals.push_back(token_);
      WINNOW_TRY(advance());
    }
    const auto kind = kind_of(path);
    if (!kind) return unsupported(fmt::format("the property {}:{}", path.type, path.steps));
    if (!equal && !in && !(op == "ISSUBSET" && *kind == IndicatorKind::Ip)) {
      return unsupported(fmt::format("the comparison {} on {}:{}", op, path.type, path.steps));
    }
    StixPattern pattern;
    for (auto& literal : literals) {
      if (literal.kind != Kind::String) {
        join(pattern, unsupported("a value that is no text"));
      } else {
        pattern.terms.push_back({*kind, std::move(literal.text)});
      }
    }
    return pattern;
  }

  static bool is_literal(const Token& token) {
    return token.kind != Kind::End && token.kind != Kind::Name && token.kind != Kind::HyphenName &&
           token.kind != Kind::Keyword && token.kind != Kind::Symbol;
  }

  Result<std::vector<Token>> set_literal() {
    std::vector<Token> literals;
    WINNOW_TRY(expect_symbol("("));
    while (!token_.is_symbol(")")) {
      if (!literals.empty()) WINNOW_TRY(expect_symbol(","));
      if (!is_literal(token_)) return unexpected("a value");
      literals.push_back(token_);
      WINNOW_TRY(advance());
    }
    WINNOW_TRY(advance());
    return literals;
  }

  Result<Path> object_path() {
    Path path;
    if (token_.kind != Kind::Name && token_.kind != Kind::HyphenName)
      return unexpected("an object type");
    path.type = token_.text;
    WINNOW_TRY(advance());
    WINNOW_TRY(expect_symbol(":"));
    WINNOW_TRY(path_name(path));
    while (token_.is_symbol(".") || token_.is_symbol("[")) {
      const bool index = token_.is_symbol("[");
      WINNOW_TRY(advance());
      if (!index) {
        path.steps += '.';
        WINNOW_TRY(path_name(path));
        continue;
      }
      if (token_.kind != Kind::Int && token_.kind != Kind::NegativeInt && !token_.is_symbol("*"))
        return unexpected("an index");
      path.steps += fmt::format("[{}]", token_.text);
      WINNOW_TRY(advance());
      WINNOW_TRY(expect_symbol("]"));
    }
    return path;
  }

  Status path_name(Path& path) {
    if (token_.kind != Kind::Name && token_.kind != Kind::String) return unexpected("a property");
    path.steps += token_.text;
    return advance();
  }

  StixLexer lexer_;
  Token token_;
};

}  // namespace

Result<StixPattern> read_stix_pattern(std::string_view text) {
  if (text.size() > kMaxPatternBytes) {
    return Error(Code::Exhausted, fmt::format("a STIX pattern has {} bytes, the limit is {}",
                                              text.size(), kMaxPatternBytes));
  }
  return Parser(text).parse();
}

}  // namespace winnow
