#include "ingest/mail/text_sink.h"

#include <algorithm>
#include <array>

#include "ingest/mail/html_references.h"

namespace winnow {
namespace {

constexpr std::size_t kMaxBreaks = 2;  // one empty line between two paragraphs, not twenty

enum class Class : unsigned char { Plain, Space, Control, Ampersand, Lead };

// What a byte may begin. Lead: the first byte of a character that may be invisible or a blank.
constexpr std::array<Class, 256> classes() {
  std::array<Class, 256> table{};
  for (std::size_t i = 0; i < 0x20; ++i) table[i] = Class::Control;
  table[0x7F] = Class::Control;
  for (const unsigned char c : {' ', '\t', '\n', '\r', '\f'}) table[c] = Class::Space;
  table['&'] = Class::Ampersand;
  for (const unsigned char c : {0xC2, 0xCD, 0xE1, 0xE2, 0xE3, 0xEF, 0xF3}) table[c] = Class::Lead;
  return table;
}

constexpr auto kClasses = classes();

Class class_of(char c) { return kClasses[static_cast<unsigned char>(c)]; }

// The bytes of a blank that is not ASCII: no-break, en, em, thin, ideographic.
std::size_t wide_blank_at(std::string_view text, std::size_t at) {
  const auto rest = text.substr(at, 3);
  if (rest.starts_with("\u00A0")) return 2;
  if (rest.size() < 3) return 0;
  if (rest == "\u3000" || rest == "\u202F" || rest == "\u205F" || rest == "\u2028" ||
      rest == "\u2029") {
    return 3;
  }
  return rest.starts_with("\xE2\x80") && static_cast<unsigned char>(rest[2]) <= 0x8A ? 3 : 0;
}

}  // namespace

std::size_t invisible_at(std::string_view text, std::size_t at) {
  const auto rest = text.substr(at, 4);
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(rest[i]); };
  if (rest.size() < 2) return 0;
  if (rest.starts_with("\u00AD") || rest.starts_with("\u034F")) return 2;  // soft hyphen, joiner
  if (rest.size() < 3) return 0;
  if (byte(0) == 0xE2 && byte(1) == 0x80) {  // U+200B-200F, U+202A-202E
    return (byte(2) >= 0x8B && byte(2) <= 0x8F) || (byte(2) >= 0xAA && byte(2) <= 0xAE) ? 3 : 0;
  }
  if (byte(0) == 0xE2 && byte(1) == 0x81) return byte(2) >= 0xA0 && byte(2) <= 0xAF ? 3 : 0;
  if (rest.starts_with("\uFEFF") || rest.starts_with("\u180E") || rest.starts_with("\u115F"))
    return 3;
  // Tag characters U+E0000-E007F carry text that no program shows.
  return byte(0) == 0xF3 && byte(1) == 0xA0 && (byte(2) == 0x80 || byte(2) == 0x81) &&
                 rest.size() == 4
             ? 4
             : 0;
}

void TextSink::begin_run() {
  if (pending_lines_ > 0) {
    if (!text_.empty()) text_.append(std::min(pending_lines_, kMaxBreaks), '\n');
    pending_lines_ = 0;
    pending_blank_ = false;
    at_line_start_ = true;
  }
  if (at_line_start_) {
    for (std::size_t i = 0; i < std::min<std::size_t>(quote_depth_, 8); ++i) text_.append("> ");
    at_line_start_ = false;
  } else if (pending_blank_) {
    text_.push_back(' ');
  }
  pending_blank_ = false;
}

void TextSink::add_run(std::string_view run) {
  if (run.empty() || full()) return;
  begin_run();
  text_.append(run);
}

// The blanks that stand at `at`; returns where they end.
std::size_t TextSink::add_spaces(std::string_view text, std::size_t at, bool keep_blanks) {
  for (; at < text.size() && class_of(text[at]) == Class::Space; ++at) {
    if (keep_blanks && text[at] == '\n') {
      line_break();
    } else {
      pending_blank_ = true;
    }
  }
  return at;
}

// A character that is not plain, at `at`; returns where it ends.
std::size_t TextSink::add_special(std::string_view text, std::size_t at, bool keep_blanks) {
  switch (class_of(text[at])) {
    case Class::Space:
      return add_spaces(text, at, keep_blanks);
    case Class::Control:
      return at + 1;
    case Class::Ampersand: {
      std::string decoded;
      const auto end = append_character_reference(text, at, ReferencePlace::Text, decoded);
      if (end == at) {
        add_run("&");
        return at + 1;
      }
      ++references_;
      if (decoded == "&") {
        add_run(decoded);
      } else {
        add_html(decoded, keep_blanks);  // holds no ampersand, so this goes one level deep
      }
      return end;
    }
    default:
      break;
  }
  if (const auto size = invisible_at(text, at); size > 0) {
    ++invisible_;
    return at + size;
  }
  if (const auto size = wide_blank_at(text, at); size > 0) {
    pending_blank_ = true;
    return at + size;
  }
  add_run(text.substr(at, 1));
  return at + 1;
}

void TextSink::add_html(std::string_view text, bool keep_blanks) {
  for (std::size_t at = 0; at < text.size();) {
    auto end = at;
    // A blank between two words is part of the run: most blanks are.
    while (end < text.size() && (class_of(text[end]) == Class::Plain ||
                                 (text[end] == ' ' && end > at && end + 1 < text.size() &&
                                  class_of(text[end + 1]) == Class::Plain))) {
      ++end;
    }
    add_run(text.substr(at, end - at));
    at = end < text.size() ? add_special(text, end, keep_blanks) : end;
  }
}

void TextSink::line_break() { ++pending_lines_; }

void TextSink::block() {
  if (!at_line_start_ && pending_lines_ == 0) pending_lines_ = 1;
}

void TextSink::blank() { pending_blank_ = true; }

std::string clean_plain_text(std::string_view text, std::size_t& invisible) {
  std::string out;
  out.reserve(text.size());
  const auto end_line = [&out] {
    while (!out.empty() && (out.back() == ' ' || out.back() == '\t')) out.pop_back();
  };
  for (std::size_t at = 0; at < text.size();) {
    auto end = at;
    while (end < text.size() &&
           (class_of(text[end]) == Class::Plain || text[end] == ' ' || text[end] == '&')) {
      ++end;
    }
    out.append(text.substr(at, end - at));
    if (end == text.size()) break;
    at = end;
    if (text[at] == '\n') {
      end_line();
      out.push_back('\n');
      ++at;
    } else if (text[at] == '\t') {
      out.push_back('\t');
      ++at;
    } else if (class_of(text[at]) != Class::Lead) {
      ++at;  // control characters, carriage returns among them
    } else if (const auto size = invisible_at(text, at); size > 0) {
      ++invisible;
      at += size;
    } else if (const auto blank = wide_blank_at(text, at); blank > 0) {
      out.push_back(' ');
      at += blank;
    } else {
      out.push_back(text[at++]);
    }
  }
  end_line();
  return out;
}

}  // namespace winnow
