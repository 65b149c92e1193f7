#include "ingest/mail/file_type.h"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "base/utf8.h"

namespace winnow {
namespace {

using namespace std::string_view_literals;

struct Magic {
  std::size_t offset;
  std::string_view bytes;
  std::string_view type;
};

// The formats' own specifications, by what tells them apart first.
constexpr auto kMagic = std::to_array<Magic>({
    {0, "%PDF-", "application/pdf"},
    {0, "PK\x03\x04"sv, "application/zip"},
    {0, "PK\x05\x06"sv, "application/zip"},
    {0, "Rar!\x1A\x07", "application/vnd.rar"},
    {0, "7z\xBC\xAF\x27\x1C", "application/x-7z-compressed"},
    {0, "\x1F\x8B", "application/gzip"},
    {0, "BZh", "application/x-bzip2"},
    {0,
     "\xFD"
     "7zXZ",
     "application/x-xz"},
    {0, "\x28\xB5\x2F\xFD", "application/zstd"},
    {0, "MSCF", "application/vnd.ms-cab-compressed"},
    {257, "ustar", "application/x-tar"},
    {0x8001, "CD001", "application/x-iso9660-image"},
    {0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "application/x-ole-storage"},
    {0, "{\\rtf", "application/rtf"},
    {0, "MZ", "application/x-msdownload"},
    {0,
     "\x7F"
     "ELF",
     "application/x-elf"},
    {0, "\xCF\xFA\xED\xFE", "application/x-mach-binary"},
    {0, "\xCA\xFE\xBA\xBE", "application/java-vm"},
    {0, "L\0\0\0\x01\x14\x02\0"sv, "application/x-ms-shortcut"},
    {0, "\xE4\x52\x5C\x7B\x8C\xD8\xA7\x4D", "application/onenote"},
    {0, "ITSF", "application/vnd.ms-htmlhelp"},
    {0, "\x78\x9F\x3E\x22", "application/vnd.ms-tnef"},
    {0, "#!", "text/x-shellscript"},
    {0, "\x89PNG\r\n\x1A\n", "image/png"},
    {0, "\xFF\xD8\xFF", "image/jpeg"},
    {0, "GIF8", "image/gif"},
    {0, "BM", "image/bmp"},
    {0, "II*\0"sv, "image/tiff"},
    {0, "MM\0*"sv, "image/tiff"},
    {8, "WEBP", "image/webp"},
    {0, "\0\0\x01\0"sv, "image/vnd.microsoft.icon"},
    {0, "ID3", "audio/mpeg"},
    {0, "OggS", "application/ogg"},
    {8, "WAVE", "audio/wav"},
    {4, "ftyp", "video/mp4"},
    {0, "BEGIN:VCALENDAR", "text/calendar"},
    {0, "BEGIN:VCARD", "text/vcard"},
    {0, "-----BEGIN PGP", "application/pgp"},
});

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

// HTML and SVG begin anywhere after blanks, comments and declarations.
std::string_view markup_type(std::string_view bytes) {
  const auto begin = ascii_lower(bytes.substr(0, 1024));
  const auto first = begin.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (first == std::string::npos || begin[first] != '<') return {};
  if (begin.find("<svg") != std::string::npos) return "image/svg+xml";
  for (const auto tag : {"<html", "<!doctype html", "<head", "<body", "<script", "<meta", "<iframe",
                         "<form", "<title", "<style", "<table", "<div"}) {
    if (begin.find(tag) != std::string::npos) return "text/html";
  }
  return begin.compare(first, 5, "<?xml") == 0 ? "text/xml" : "";
}

// The extensions that content of a type goes by, with a blank around each.
struct Extensions {
  std::string_view type;
  std::string_view extensions;
  constexpr bool has(std::string_view extension) const {
    for (auto at = extensions.find(extension); at != std::string_view::npos;
         at = extensions.find(extension, at + 1)) {
      if (extensions[at - 1] == ' ' && extensions[at + extension.size()] == ' ') return true;
    }
    return false;
  }
};

constexpr auto kExtensions = std::to_array<Extensions>({
    {"application/pdf", " pdf ai "},
    {"application/zip",
     " zip docx docm dotx dotm xlsx xlsm xltx xlsb xlam pptx pptm ppsx ppsm potx odt ods odp odg "
     "jar apk epub xpi kmz vsdx key pages numbers war appx msix nupkg 3mf "},
    {"application/vnd.rar", " rar r00 cbr "},
    {"application/x-7z-compressed", " 7z "},
    {"application/gzip", " gz tgz svgz emz "},
    {"application/x-bzip2", " bz2 tbz tbz2 "},
    {"application/x-xz", " xz txz "},
    {"application/x-tar", " tar "},
    {"application/x-iso9660-image", " iso img udf "},
    {"application/x-ole-storage",
     " doc dot xls xlt xla ppt pps pot msi msg vsd mpp pub docx xlsx pptx xlsm docm wps db "},
    {"application/rtf", " rtf doc dot "},
    {"application/x-msdownload", " exe dll scr com sys cpl ocx pif mui efi "},
    {"application/x-elf", " so o bin elf ko out run "},
    {"text/html", " html htm xhtml shtml shtm mht mhtml hta php asp aspx eml txt "},
    {"image/svg+xml", " svg xml html htm "},
    {"text/xml", " xml xsd xsl xslt svg rss kml gpx plist xhtml html htm xaml vcxproj "},
    {"image/png", " png "},
    {"image/jpeg", " jpg jpeg jpe jfif png gif "},  // mailers rename pictures
    {"image/gif", " gif png jpg jpeg "},
    {"image/bmp", " bmp dib "},
    {"application/x-ms-shortcut", " lnk "},
    {"application/onenote", " one onepkg onetoc2 "},
});

// Extensions whose content has a known beginning: what else stands there is a contradiction even
// though the content itself is not recognised.
bool is_known_extension(std::string_view extension) {
  return std::ranges::any_of(kExtensions,
                             [&](const Extensions& row) { return row.has(extension); });
}

bool is_trusted_looking(std::string_view extension) {
  return is_one_of(extension,
                   {"pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "txt", "rtf", "csv", "jpg",
                    "jpeg", "png", "gif", "mp3", "mp4", "wav", "eml", "msg"});
}

}  // namespace

std::string_view type_by_content(std::string_view bytes) {
  for (const auto& magic : kMagic) {
    if (bytes.size() >= magic.offset && bytes.substr(magic.offset).starts_with(magic.bytes)) {
      return magic.type;
    }
  }
  // A PDF may begin after other bytes (PDF 1.7, appendix H.3, note 13).
  if (bytes.substr(0, 1024).find("%PDF-") != std::string_view::npos) return "application/pdf";
  return markup_type(bytes);
}

std::string extension_of(std::string_view name) {
  constexpr std::size_t kLongest = 16;
  while (!name.empty() && (name.back() == '.' || name.back() == ' ')) name.remove_suffix(1);
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos || dot + 1 == name.size()) return {};
  const auto extension = name.substr(dot + 1);
  if (extension.size() > kLongest || extension.find_first_of("/\\ ") != std::string_view::npos)
    return {};
  return ascii_lower(extension);
}

bool is_executable_extension(std::string_view e) {
  return is_one_of(e, {"exe",
                       "scr",
                       "com",
                       "pif",
                       "cpl",
                       "bat",
                       "cmd",
                       "ps1",
                       "psm1",
                       "vbs",
                       "vbe",
                       "js",
                       "jse",
                       "wsf",
                       "wsh",
                       "hta",
                       "msi",
                       "msp",
                       "mst",
                       "lnk",
                       "jar",
                       "reg",
                       "url",
                       "scf",
                       "inf",
                       "dll",
                       "sys",
                       "gadget",
                       "application",
                       "msc",
                       "chm",
                       "appx",
                       "msix",
                       "appref-ms",
                       "ws",
                       "sct",
                       "xll",
                       "iqy",
                       "slk",
                       "library-ms",
                       "settingcontent-ms",
                       "sh",
                       "apk",
                       "dmg",
                       "pkg",
                       "deb",
                       "rpm",
                       "run"});
}

bool is_executable_type(std::string_view type) {
  return is_one_of(type,
                   {"application/x-msdownload", "application/x-elf", "application/x-mach-binary",
                    "application/java-vm", "application/x-ms-shortcut", "text/x-shellscript",
                    "application/vnd.ms-htmlhelp"});
}

bool has_double_extension(std::string_view name) {
  const auto last = extension_of(name);
  if (last.empty()) return false;
  const bool opens =
      is_executable_extension(last) ||
      is_one_of(last, {"html", "htm", "shtml", "svg", "zip", "rar", "7z", "iso", "img"});
  const auto before = trim_ascii(name.substr(0, name.rfind('.')));
  return opens && is_trusted_looking(extension_of(before));
}

bool has_direction_override(std::string_view name) {
  for (std::size_t at = 0; at < name.size();) {
    const auto c = next_code_point(name, at);
    if ((c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069)) return true;
  }
  return false;
}

bool contradicts_extension(std::string_view detected, std::string_view extension) {
  if (detected.empty() || extension.empty()) return false;
  const auto row = std::ranges::find(kExtensions, detected, &Extensions::type);
  if (row == kExtensions.end() || row->has(extension)) return false;
  return is_known_extension(extension) || is_executable_type(detected);
}

}  // namespace winnow
