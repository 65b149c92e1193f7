#include "ingest/mail/mime_header.h"

#include <algorithm>
#include <map>

#include "base/byte_set.h"
#include "base/utf8.h"
#include "ingest/mail/mime_decode.h"

namespace winnow {
namespace {

constexpr ByteSet kBlank(" \t\r\n");
constexpr ByteSet kLineEnd("\r\n");
constexpr ByteSet kWordTextEnd("?\r\n");
constexpr ByteSet kTypeEnd(";( \t\r\n");
constexpr ByteSet kParameterGap("; \t\r\n");
constexpr ByteSet kParameterNameEnd("=;");

// One encoded word, `=?charset*language?B|Q?text?=` (RFC 2047 section 2, RFC 2231 section 5).
struct EncodedWord {
  std::string_view charset;
  bool base64 = false;
  std::string_view text;
  std::size_t size = 0;  // of the whole word; 0: there is none
};

EncodedWord word_at(std::string_view value, std::size_t at) {
  constexpr std::size_t kLongestCharset = 64;
  constexpr std::size_t kLongestWord = 8192;  // RFC 2047 allows 75; bounds what a false start costs
  const auto rest = value.substr(at, kLongestWord);
  if (!rest.starts_with("=?")) return {};
  const auto charset_end = rest.substr(0, kLongestCharset).find('?', 2);
  if (charset_end == std::string_view::npos || charset_end + 3 >= rest.size()) return {};
  const char encoding = rest[charset_end + 1];
  const bool base64 = encoding == 'B' || encoding == 'b';
  if (!base64 && encoding != 'Q' && encoding != 'q') return {};
  if (rest[charset_end + 2] != '?') return {};
  const auto text_begin = charset_end + 3;
  // Blanks within are forbidden and common; a line end is not part of a word.
  auto end = kWordTextEnd.find_in(rest, text_begin);
  while (end < rest.size() && rest[end] == '?' && !rest.substr(end).starts_with("?=")) {
    end = kWordTextEnd.find_in(rest, end + 1);  // a bare '?' in Q text
  }
  if (end == rest.size() || rest[end] != '?') return {};
  auto charset = rest.substr(2, charset_end - 2);
  charset = charset.substr(0, charset.find('*'));
  return {charset, base64, rest.substr(text_begin, end - text_begin), end + 2};
}

// Decodes runs of encoded words. Bytes of neighbours in one character set are joined before they
// are converted: mailers cut words in the middle of a character.
class WordDecoder {
 public:
  WordDecoder(std::string& out, Quote quote, CharsetFlaws& flaws)
      : out_(out), quote_(quote), flaws_(flaws) {}

  void add(const EncodedWord& word) {
    if (open_ && !equal_ignoring_ascii_case(charset_, word.charset)) convert();
    open_ = true;
    charset_ = word.charset;
    DecodeFlaws ignored;
    if (word.base64) {
      decode_base64(word.text, bytes_, ignored);
    } else {
      decode_q_word(word.text, bytes_);
    }
  }

  void finish() {
    if (open_) convert();
    if (text_.empty()) return;
    if (quote_ == Quote::None) {
      out_.append(text_);
    } else {
      out_.push_back('"');
      for (const char c : text_) {
        if (c == '"' || c == '\\') out_.push_back('\\');
        out_.push_back(c == '\r' || c == '\n' ? ' ' : c);
      }
      out_.push_back('"');
    }
    text_.clear();
  }

  bool open() const { return open_; }

 private:
  void convert() {
    append_as_utf8(bytes_, charset_, text_, flaws_);
    bytes_.clear();
    open_ = false;
  }

  std::string& out_;
  Quote quote_;
  CharsetFlaws& flaws_;
  bool open_ = false;
  std::string_view charset_;
  std::string bytes_;
  std::string text_;
};

// Splits `name*0*` into the parameter's name, its piece and whether the piece is percent-encoded.
struct ParameterName {
  std::string_view name;
  int piece = -1;
  bool encoded = false;
};

ParameterName split_parameter_name(std::string_view written) {
  ParameterName split;
  if (written.ends_with('*')) {
    split.encoded = true;
    written.remove_suffix(1);
  }
  const auto star = written.find('*');
  split.name = written.substr(0, star);
  if (star == std::string_view::npos) return split;
  const auto number = written.substr(star + 1);
  if (number.empty() || number.size() > 3) return {};
  split.piece = 0;
  for (const char c : number) {
    if (c < '0' || c > '9') return {};
    split.piece = split.piece * 10 + (c - '0');
  }
  return split;
}

// Reads a quoted string or a token at `at` and moves past it.
std::string read_parameter_value(std::string_view text, std::size_t& at) {
  std::string out;
  if (at < text.size() && text[at] == '"') {
    for (++at; at < text.size() && text[at] != '"'; ++at) {
      if (text[at] == '\\' && at + 1 < text.size()) ++at;
      if (text[at] != '\r' && text[at] != '\n') out.push_back(text[at]);
    }
    at = std::min(at + 1, text.size());
    return out;
  }
  const auto end = std::min(text.find(';', at), text.size());
  out = trim_ascii(text.substr(at, end - at));
  at = end;
  return out;
}

std::string percent_decoded(std::string_view text) {
  std::string quoted(text);
  // The escapes of RFC 2231 are those of the Q encoding with another sign.
  for (char& c : quoted) c = c == '%' ? '=' : c == '=' ? '%' : c == '_' ? '\1' : c;
  std::string out;
  decode_q_word(quoted, out);
  for (char& c : out) c = c == '\1' ? '_' : c;
  return out;
}

}  // namespace

const HeaderField* find_header(std::span<const HeaderField> headers, std::string_view name) {
  const auto found = std::ranges::find_if(
      headers, [&](const HeaderField& f) { return equal_ignoring_ascii_case(f.name, name); });
  return found == headers.end() ? nullptr : &*found;
}

std::string unfold(std::string_view value) {
  if (value.find('\n') == std::string_view::npos) return std::string(value);
  std::string out;
  out.reserve(value.size());
  for (std::size_t at = 0; at < value.size();) {
    const auto end = kLineEnd.find_in(value, at);
    auto piece = value.substr(at, end - at);
    while (end < value.size() && !piece.empty() && kBlank.contains(piece.back()))
      piece.remove_suffix(1);
    out.append(piece);
    at = kBlank.find_not_in(value, end);
    if (at < value.size() && end < value.size()) out.push_back(' ');
  }
  return out;
}

std::string decode_encoded_words(std::string_view value, Quote quote, CharsetFlaws& flaws) {
  std::string out;
  out.reserve(value.size());
  WordDecoder decoder(out, quote, flaws);
  const auto append_plain = [&](std::string_view text) {
    // Raw 8-bit text in a header.
    append_as_utf8(text, "", out, flaws);
  };
  for (std::size_t at = 0; at < value.size();) {
    auto begin = value.find("=?", at);
    EncodedWord word;
    while (begin != std::string_view::npos && (word = word_at(value, begin)).size == 0) {
      begin = value.find("=?", begin + 2);
    }
    const auto plain = value.substr(at, begin == std::string_view::npos ? begin : begin - at);
    // Blanks between two encoded words are not shown (RFC 2047 section 6.2).
    const bool between = decoder.open() && word.size > 0 && kBlank.holds_all_of(plain);
    if (!between) {
      decoder.finish();
      append_plain(plain);
    }
    if (word.size == 0) return out;
    decoder.add(word);
    at = begin + word.size;
  }
  decoder.finish();
  return out;
}

std::string decode_header_text(std::string_view value, CharsetFlaws& flaws) {
  const bool plain = std::ranges::all_of(value, [](char c) { return c >= ' ' && c <= '~'; });
  if (plain && value.find("=?") == std::string_view::npos) return std::string(value);
  auto text = decode_encoded_words(unfold(value), Quote::None, flaws);
  std::erase_if(text, [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == 0x7F; });
  return text;
}

std::string media_type_of(std::string_view content_type) {
  const auto type = trim_ascii(content_type.substr(0, kTypeEnd.find_in(content_type)));
  const auto slash = type.find('/');
  if (slash == 0 || slash == std::string_view::npos || slash + 1 == type.size()) return {};
  if (type.size() > 127 || type.find('/', slash + 1) != std::string_view::npos) return {};
  for (const char c : type) {
    if (c <= ' ' || c > '~' || c == '"') return {};
  }
  return ascii_lower(type);
}

std::string disposition_of(std::string_view content_disposition) {
  auto word = content_disposition.substr(0, kParameterGap.find_in(content_disposition));
  return ascii_lower(trim_ascii(word));
}

std::string parameter_of(std::string_view value, std::string_view name) {
  std::string plain;
  bool has_plain = false;
  std::map<int, std::pair<std::string, bool>> pieces;  // by number: the value, and whether encoded
  for (auto at = value.find(';'); at < value.size(); at = value.find(';', at)) {
    at = kParameterGap.find_not_in(value, at);
    const auto equals = kParameterNameEnd.find_in(value, at);
    if (equals == value.size()) break;
    if (value[equals] == ';') {
      at = equals;
      continue;
    }
    const auto split = split_parameter_name(trim_ascii(value.substr(at, equals - at)));
    at = kBlank.find_not_in(value, equals + 1);
    auto read = read_parameter_value(value, at);
    if (!equal_ignoring_ascii_case(split.name, name)) continue;
    if (split.piece >= 0 || split.encoded) {
      pieces.try_emplace(std::max(split.piece, 0), std::move(read), split.encoded);
    } else if (!has_plain) {
      has_plain = true;
      plain = std::move(read);
    }
  }

  CharsetFlaws ignored;
  if (pieces.empty()) return decode_header_text(plain, ignored);
  std::string bytes;
  std::string charset;
  int expected = 0;
  for (auto& [number, piece] : pieces) {
    if (number != expected++) break;  // RFC 2231 section 3: without gaps
    auto& [text, encoded] = piece;
    if (encoded && number == 0) {
      const auto first = text.find('\'');
      const auto second = first == std::string::npos ? first : text.find('\'', first + 1);
      if (second != std::string::npos) {
        charset = text.substr(0, first);
        text.erase(0, second + 1);
      }
    }
    bytes += encoded ? percent_decoded(text) : text;
  }
  std::string out;
  append_as_utf8(bytes, charset, out, ignored);
  std::erase_if(out, [](char c) { return (c >= 0 && c < ' ') || c == 0x7F; });
  return out;
}

}  // namespace winnow
