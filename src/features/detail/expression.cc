#include "features/detail/expression.h"

#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>

namespace winnow::features {
namespace {

constexpr std::size_t kMaxBytes = 4096;
constexpr int kMaxDepth = 64;

bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name_part(char c) { return is_name_start(c) || is_digit(c) || c == '.'; }

enum class Kind { End, Number, Text, Name, Symbol };

struct Token {
  Kind kind = Kind::End;
  std::string text;
  double number = 0;
  std::size_t column = 0;
};

Error error_at(std::size_t column, std::string message) {
  return Error(Code::InvalidArgument, fmt::format("column {}: {}", column, message));
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Result<Token> next() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t'))
      ++at_;
    Token token;
    token.column = at_ + 1;
    if (at_ == text_.size()) return token;
    const char c = text_[at_];
    if (is_digit(c)) return number(std::move(token));
    if (is_name_start(c)) {
      const auto begin = at_;
      while (at_ < text_.size() && is_name_part(text_[at_])) ++at_;
      token.kind = Kind::Name;
      token.text = text_.substr(begin, at_ - begin);
      return token;
    }
    if (c == '"') return quoted(std::move(token));
    token.kind = Kind::Symbol;
    const auto two = text_.substr(at_, 2);
    const bool is_two = two == "==" || two == "!=" || two == "<=" || two == ">=";
    if (!is_two && std::string_view("()+-*/<>,:").find(c) == std::string_view::npos) {
      return error_at(token.column, fmt::format("'{}' does not belong into an expression",
                                                static_cast<unsigned char>(c) < 0x20 ? '?' : c));
    }
    token.text = text_.substr(at_, is_two ? 2 : 1);
    at_ += token.text.size();
    return token;
  }

 private:
  Result<Token> number(Token token) {
    token.kind = Kind::Number;
    const auto [end, problem] =
        std::from_chars(text_.data() + at_, text_.data() + text_.size(), token.number);
    if (problem != std::errc()) return error_at(token.column, "a number out of range");
    at_ = static_cast<std::size_t>(end - text_.data());
    if (at_ < text_.size() && is_name_part(text_[at_])) {  // a unit of time
      static constexpr std::array<std::pair<char, double>, 4> kUnits = {
          {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86'400}}};
      for (const auto& [unit, seconds] : kUnits) {
        if (text_[at_] == unit && (at_ + 1 == text_.size() || !is_name_part(text_[at_ + 1]))) {
          token.number *= seconds;
          ++at_;
          return token;
        }
      }
      return error_at(at_ + 1, "a number is followed by a blank or by one of the units s, m, h, d");
    }
    return token;
  }

  Result<Token> quoted(Token token) {
    token.kind = Kind::Text;
    const auto end = text_.find('"', at_ + 1);
    if (end == std::string_view::npos)
      return error_at(token.column, "a text without its closing '\"'");
    token.text = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    return token;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

// Recursive descent; each level of precedence is one function.
class Parser {
 public:
  explicit Parser(std::string_view text) : lexer_(text) {}

  Result<Expression> whole() {
    WINNOW_TRY(advance());
    WINNOW_TRY(Expression expression, filtered());
    if (now_.kind != Kind::End) return unexpected("the end of the expression");
    return expression;
  }

 private:
  Status advance() {
    WINNOW_TRY(now_, lexer_.next());
    return {};
  }
  bool is_symbol(std::string_view text) const {
    return now_.kind == Kind::Symbol && now_.text == text;
  }
  bool is_word(std::string_view text) const { return now_.kind == Kind::Name && now_.text == text; }
  Error unexpected(std::string_view wanted) const {
    const auto found =
        now_.kind == Kind::End ? std::string("nothing") : fmt::format("'{}'", now_.text);
    return error_at(now_.column, fmt::format("expected {}, found {}", wanted, found));
  }
  static Expression call(std::string name, std::size_t column, std::vector<Expression> arguments) {
    return {Expression::Kind::Call, std::move(name), 0, std::move(arguments), column};
  }

  // where, or, and, not, comparison, sum, product, minus, primary
  Result<Expression> filtered() {
    WINNOW_TRY(Expression left, any_of());
    while (is_word("where")) {
      const auto column = now_.column;
      WINNOW_TRY(advance());
      WINNOW_TRY(Expression condition, any_of());
      left = {Expression::Kind::Where, "where", 0, {std::move(left), std::move(condition)}, column};
    }
    return left;
  }
  Result<Expression> any_of() {
    WINNOW_TRY(Expression left, all_of());
    while (is_word("or")) {
      const auto column = now_.column;
      WINNOW_TRY(advance());
      WINNOW_TRY(Expression right, all_of());
      left = call("or", column, {std::move(left), std::move(right)});
    }
    return left;
  }
  Result<Expression> all_of() {
    WINNOW_TRY(Expression left, negation());
    while (is_word("and")) {
      const auto column = now_.column;
      WINNOW_TRY(advance());
      WINNOW_TRY(Expression right, negation());
      left = call("and", column, {std::move(left), std::move(right)});
    }
    return left;
  }
  Result<Expression> negation() {
    if (!is_word("not")) return comparison();
    const auto column = now_.column;
    WINNOW_TRY(const Deeper deeper, enter());
    WINNOW_TRY(advance());
    WINNOW_TRY(Expression inner, negation());
    return call("not", column, {std::move(inner)});
  }
  Result<Expression> comparison() {
    WINNOW_TRY(Expression left, sum());
    for (const auto* symbol : {"==", "!=", "<=", ">=", "<", ">"}) {
      if (!is_symbol(symbol)) continue;
      const auto column = now_.column;
      WINNOW_TRY(advance());
      WINNOW_TRY(Expression right, sum());
      return call(symbol, column, {std::move(left), std::move(right)});
    }
    return left;
  }
  Result<Expression> sum() {
    WINNOW_TRY(Expression left, product());
    while (is_symbol("+") || is_symbol("-")) {
      const auto operation = now_;
      WINNOW_TRY(advance());
      WINNOW_TRY(Expression right, product());
      left = call(operation.text, operation.column, {std::move(left), std::move(right)});
    }
    return left;
  }
  Result<Expression> product() {
    WINNOW_TRY(Expression left, primary());
    while (is_symbol("*") || is_symbol("/")) {
      const auto operation = now_;
      WINNOW_TRY(advance());
      WINNOW_TRY(Expression right, primary());
      left = call(operation.text, operation.column, {std::move(left), std::move(right)});
    }
    return left;
  }

  Result<Expression> primary() {
    WINNOW_TRY(const Deeper deeper, enter());
    const auto token = now_;
    if (token.kind == Kind::End) return unexpected("a value");
    WINNOW_TRY(advance());
    if (token.kind == Kind::Number)
      return Expression{Expression::Kind::Number, "", token.number, {}, token.column};
    if (token.kind == Kind::Text)
      return Expression{Expression::Kind::Text, token.text, 0, {}, token.column};
    if (token.kind == Kind::Name) {
      if (is_symbol("(")) return arguments_of(token);
      return Expression{Expression::Kind::Name, token.text, 0, {}, token.column};
    }
    if (token.text == "(") {
      WINNOW_TRY(Expression inner, filtered());
      if (!is_symbol(")")) return unexpected("')'");
      WINNOW_TRY(advance());
      return inner;
    }
    if (token.text == "-") {
      WINNOW_TRY(Expression inner, primary());
      const Expression zero{Expression::Kind::Number, "", 0, {}, token.column};
      return call("-", token.column, {zero, std::move(inner)});
    }
    return error_at(token.column, fmt::format("expected a value, found '{}'", token.text));
  }

  Result<Expression> arguments_of(const Token& name) {
    Expression expression = call(name.text, name.column, {});
    WINNOW_TRY(advance());
    while (!is_symbol(")")) {
      WINNOW_TRY(Expression argument, filtered());
      expression.arguments.push_back(std::move(argument));
      if (is_symbol(":") && expression.arguments.size() == 1) {
        expression.kind = Expression::Kind::Aggregate;
      } else if (!is_symbol(",") || expression.kind == Expression::Kind::Aggregate) {
        break;
      }
      WINNOW_TRY(advance());
    }
    if (!is_symbol(")")) return unexpected("')'");
    WINNOW_TRY(advance());
    if (expression.kind == Expression::Kind::Aggregate && expression.arguments.size() != 2) {
      return error_at(name.column, fmt::format("'{}(list: value)' lacks its value", name.text));
    }
    return expression;
  }

  // Hostile nesting ends here and not at the end of the stack.
  class Deeper {
   public:
    explicit Deeper(int* depth) : depth_(depth) { ++*depth_; }
    Deeper(Deeper&& other) noexcept : depth_(std::exchange(other.depth_, nullptr)) {}
    Deeper& operator=(Deeper&&) = delete;
    ~Deeper() {
      if (depth_ != nullptr) --*depth_;
    }

   private:
    int* depth_;
  };
  Result<Deeper> enter() {
    if (depth_ >= kMaxDepth)
      return error_at(now_.column, fmt::format("nested deeper than {}", kMaxDepth));
    return Deeper(&depth_);
  }

  Lexer lexer_;
  Token now_;
  int depth_ = 0;
};

}  // namespace

Result<Expression> parse_expression(std::string_view text) {
  if (text.size() > kMaxBytes) {
    return Error(Code::InvalidArgument,
                 fmt::format("an expression of {} bytes, allowed are {}", text.size(), kMaxBytes));
  }
  return Parser(text).whole();
}

}  // namespace winnow::features
