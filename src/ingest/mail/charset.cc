#include "ingest/mail/charset.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <utility>

#include <iconv.h>

#include "base/utf8.h"

namespace winnow {
namespace {

constexpr std::string_view kUtf8 = "UTF-8";
constexpr std::string_view kUtf32 = "UTF-32";
constexpr std::string_view kWindows1252 = "WINDOWS-1252";

// Names without '-', '_' and case, sorted; and what iconv calls them. ISO-2022-CN and kin are left
// out on purpose: hardly any mail uses them, and their converters have been a way in
// (CVE-2024-2961).
constexpr auto kCharsets = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"866", "CP866"},
    {"ansix3.41968", kWindows1252},
    {"arabic", "ISO-8859-6"},
    {"ascii", kWindows1252},
    {"big5", "BIG5-HKSCS"},
    {"big5hkscs", "BIG5-HKSCS"},
    {"cp1250", "WINDOWS-1250"},
    {"cp1251", "WINDOWS-1251"},
    {"cp1252", kWindows1252},
    {"cp1253", "WINDOWS-1253"},
    {"cp1254", "WINDOWS-1254"},
    {"cp1255", "WINDOWS-1255"},
    {"cp1256", "WINDOWS-1256"},
    {"cp1257", "WINDOWS-1257"},
    {"cp1258", "WINDOWS-1258"},
    {"cp437", "CP437"},
    {"cp850", "CP850"},
    {"cp866", "CP866"},
    {"cp874", "CP874"},
    {"cp932", "CP932"},
    {"cp936", "GB18030"},
    {"cp949", "CP949"},
    {"cp950", "BIG5-HKSCS"},
    {"csisolatin1", kWindows1252},
    {"euccn", "GB18030"},
    {"eucjp", "EUC-JP"},
    {"euckr", "CP949"},
    {"gb18030", "GB18030"},
    {"gb2312", "GB18030"},
    {"gbk", "GB18030"},
    {"greek", "ISO-8859-7"},
    {"hebrew", "ISO-8859-8"},
    {"hzgb2312", "GB18030"},
    {"ibm437", "CP437"},
    {"ibm850", "CP850"},
    {"ibm866", "CP866"},
    {"iso2022jp", "ISO-2022-JP-2"},
    {"iso2022kr", "ISO-2022-KR"},
    {"iso88591", kWindows1252},
    {"iso885910", "ISO-8859-10"},
    {"iso885911", "CP874"},
    {"iso885913", "ISO-8859-13"},
    {"iso885914", "ISO-8859-14"},
    {"iso885915", "ISO-8859-15"},
    {"iso885916", "ISO-8859-16"},
    {"iso88592", "ISO-8859-2"},
    {"iso88593", "ISO-8859-3"},
    {"iso88594", "ISO-8859-4"},
    {"iso88595", "ISO-8859-5"},
    {"iso88596", "ISO-8859-6"},
    {"iso88597", "ISO-8859-7"},
    {"iso88598", "ISO-8859-8"},
    {"iso88598i", "ISO-8859-8"},
    {"iso88599", "WINDOWS-1254"},
    {"koi8", "KOI8-R"},
    {"koi8r", "KOI8-R"},
    {"koi8ru", "KOI8-U"},
    {"koi8u", "KOI8-U"},
    {"ksc56011987", "CP949"},
    {"ksc5601", "CP949"},
    {"latin1", kWindows1252},
    {"latin2", "ISO-8859-2"},
    {"latin9", "ISO-8859-15"},
    {"mac", "MACINTOSH"},
    {"macintosh", "MACINTOSH"},
    {"mskanji", "CP932"},
    {"shiftjis", "CP932"},
    {"sjis", "CP932"},
    {"thai", "CP874"},
    {"tis620", "CP874"},
    {"ucs2", "UTF-16LE"},
    {"unicode11utf7", "UTF-7"},
    {"unicode11utf8", kUtf8},
    {"usascii", kWindows1252},
    {"utf16", "UTF-16LE"},
    {"utf16be", "UTF-16BE"},
    {"utf16le", "UTF-16LE"},
    {"utf32", kUtf32},
    {"utf7", "UTF-7"},
    {"utf8", kUtf8},
    {"windows1250", "WINDOWS-1250"},
    {"windows1251", "WINDOWS-1251"},
    {"windows1252", kWindows1252},
    {"windows1253", "WINDOWS-1253"},
    {"windows1254", "WINDOWS-1254"},
    {"windows1255", "WINDOWS-1255"},
    {"windows1256", "WINDOWS-1256"},
    {"windows1257", "WINDOWS-1257"},
    {"windows1258", "WINDOWS-1258"},
    {"windows31j", "CP932"},
    {"windows874", "CP874"},
    {"windows949", "CP949"},
    {"xgbk", "GB18030"},
    {"xsjis", "CP932"},
    {"xutf8", kUtf8},
});

// iconv's name of a character set, empty when it is not known.
std::string_view converter_of(std::string_view name) {
  constexpr std::size_t kLongest = 24;
  std::array<char, kLongest> folded{};
  std::size_t size = 0;
  for (const char c : trim_ascii(name)) {
    if (c == '-' || c == '_' || c == '"' || c == '\'' || c == ' ') continue;
    if (size == kLongest) return {};
    folded[size++] = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  const std::string_view key(folded.data(), size);
  const auto found =
      std::ranges::lower_bound(kCharsets, key, {}, &decltype(kCharsets)::value_type::first);
  return found != kCharsets.end() && found->first == key ? found->second : std::string_view();
}

// 0x80 to 0x9F of windows-1252 (the five that are not assigned map to themselves).
constexpr char16_t kHighWindows1252[32] = {
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

void append_windows1252(std::string_view bytes, std::string& out) {
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out.push_back(c);
    } else {
      append_utf8(out, byte < 0xA0 ? kHighWindows1252[byte - 0x80] : char32_t{byte});
    }
  }
}

// An iconv descriptor with its owner.
class Converter {
 public:
  explicit Converter(std::string_view from)
      : handle_(::iconv_open("UTF-8", std::string(from).c_str())) {}
  ~Converter() {
    if (usable()) ::iconv_close(handle_);
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;

  bool usable() const { return reinterpret_cast<std::intptr_t>(handle_) != -1; }

  void append(std::string_view bytes, std::string& out, CharsetFlaws& flaws) {
    ::iconv(handle_, nullptr, nullptr, nullptr, nullptr);  // as if just opened
    std::string input(bytes);  // iconv asks for mutable bytes, which it does not change
    char* from = input.data();
    std::size_t left = input.size();
    std::array<char, 4096> buffer;
    while (left > 0) {
      char* to = buffer.data();
      std::size_t room = buffer.size();
      const auto done = ::iconv(handle_, &from, &left, &to, &room);
      out.append(buffer.data(), buffer.size() - room);
      if (done != static_cast<std::size_t>(-1) || errno == E2BIG) continue;
      flaws.ill_formed = true;
      append_utf8(out, 0xFFFD);
      ++from;  // EILSEQ or EINVAL: nothing is known of this byte
      --left;
    }
  }

 private:
  iconv_t handle_;
};

// Opening loads a converter's code and closing drops it, which takes longer than to convert most
// texts. So a thread keeps what it opened: at most one descriptor for each name in kCharsets.
Converter& opened_converter(std::string_view from) {
  thread_local std::map<std::string_view, Converter> kept;
  if (from == kUtf32) kept.erase(from);  // glibc's remembers a byte order beyond a reset
  return kept.try_emplace(from, from).first->second;
}

}  // namespace

bool is_known_charset(std::string_view name) { return !converter_of(name).empty(); }

std::string_view as_utf8(std::string_view bytes, std::string_view name, std::string& converted,
                         CharsetFlaws& flaws) {
  const auto converter = converter_of(name);
  const bool named = !trim_ascii(name).empty();
  if (named && converter.empty()) flaws.unknown = true;
  converted.clear();
  if (!converter.empty() && converter != kUtf8 && converter != kWindows1252) {
    auto& convert = opened_converter(converter);
    if (convert.usable()) {
      convert.append(bytes, converted, flaws);
      return converted;
    }
    flaws.unknown = true;
  }
  // Mail that calls itself Latin-1 or ASCII and is UTF-8 beyond doubt is read as what it is.
  if (is_valid_utf8(bytes)) return bytes;
  if (converter == kUtf8) {
    flaws.ill_formed = true;
    converted = to_valid_utf8(bytes);
  } else {
    append_windows1252(bytes, converted);
  }
  return converted;
}

void append_as_utf8(std::string_view bytes, std::string_view name, std::string& out,
                    CharsetFlaws& flaws) {
  std::string converted;
  out.append(as_utf8(bytes, name, converted, flaws));
}

}  // namespace winnow
