#include "ingest/mail/archive_listing.h"

#include <array>
#include <memory>

#include <archive.h>
#include <archive_entry.h>

#include "base/utf8.h"
#include "ingest/mail/file_type.h"

namespace winnow {
namespace {

struct CloseArchive {
  void operator()(archive* a) const { archive_read_free(a); }
};
using Archive = std::unique_ptr<archive, CloseArchive>;

struct Format {
  std::string_view type;
  std::string_view name;
  int (*enable)(archive*);
  // Reaching the next entry means running through the content of this one.
  bool passes_content;
};

int enable_tar_gz(archive* a) {
  archive_read_support_filter_gzip(a);
  return archive_read_support_format_tar(a);
}
int enable_tar_bz2(archive* a) {
  archive_read_support_filter_bzip2(a);
  return archive_read_support_format_tar(a);
}
int enable_rar(archive* a) {
  archive_read_support_format_rar(a);
  return archive_read_support_format_rar5(a);
}

constexpr auto kFormats = std::to_array<Format>({
    {"application/zip", "zip", archive_read_support_format_zip_seekable, false},
    {"application/vnd.rar", "rar", enable_rar, false},
    {"application/x-7z-compressed", "7z", archive_read_support_format_7zip, true},
    {"application/x-tar", "tar", archive_read_support_format_tar, false},
    {"application/gzip", "gz", enable_tar_gz, true},
    {"application/x-bzip2", "bz2", enable_tar_bz2, true},
    {"application/x-iso9660-image", "iso", archive_read_support_format_iso9660, false},
    {"application/vnd.ms-cab-compressed", "cab", archive_read_support_format_cab, true},
});

constexpr std::size_t kLongestName = 256;

std::string name_of(archive_entry* entry) {
  const char* name = archive_entry_pathname_utf8(entry);
  if (name == nullptr) name = archive_entry_pathname(entry);  // bytes of an unknown character set
  if (name == nullptr) return {};
  auto valid = to_valid_utf8(std::string_view(name));
  return std::string(utf8_prefix(valid, kLongestName));
}

void note_entry(archive_entry* entry, const ArchiveLimits& limits, ArchiveListing& listing) {
  if (archive_entry_is_encrypted(entry) == 1) listing.encrypted = true;
  if (archive_entry_filetype(entry) == AE_IFDIR) return;
  auto name = name_of(entry);
  ++listing.entries;
  if (is_executable_extension(extension_of(name))) ++listing.executables;
  if (name == "[Content_Types].xml") listing.office = true;
  if (name.ends_with("vbaProject.bin")) listing.macro = true;
  if (listing.names.size() < limits.names) listing.names.push_back(std::move(name));
}

}  // namespace

ArchiveListing list_archive(std::string_view bytes, std::string_view detected_type,
                            const ArchiveLimits& limits) {
  ArchiveListing listing;
  const Format* format = nullptr;
  for (const auto& known : kFormats) {
    if (known.type == detected_type) format = &known;
  }
  if (format == nullptr) return listing;
  listing.format = format->name;

  const Archive reader(archive_read_new());
  if (reader == nullptr || format->enable(reader.get()) < ARCHIVE_WARN ||
      archive_read_open_memory(reader.get(), bytes.data(), bytes.size()) != ARCHIVE_OK) {
    listing.cut = true;
    return listing;
  }
  auto left = static_cast<std::int64_t>(limits.passed_bytes);
  archive_entry* entry = nullptr;
  while (true) {
    const int status = archive_read_next_header(reader.get(), &entry);
    if (archive_read_has_encrypted_entries(reader.get()) == 1) listing.encrypted = true;
    if (status == ARCHIVE_EOF) return listing;
    if (status < ARCHIVE_WARN || listing.entries >= limits.entries) break;
    note_entry(entry, limits, listing);
    // A bomb costs what it claims to hold: stop before running through it.
    if (format->passes_content && archive_entry_size_is_set(entry) != 0) {
      const auto size = archive_entry_size(entry);
      if (size < 0 || size > left) break;
      left -= size;
    }
  }
  listing.cut = true;
  return listing;
}

}  // namespace winnow
