#include "registry/detail/pack.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/bytes.h"

namespace winnow::registry {
namespace {

constexpr std::string_view kMagic{"WNPACK\1\n", 8};
constexpr std::uint64_t kEntryBytes = Digest::kBytes + 2 * sizeof(std::uint64_t);
constexpr std::uint64_t kFooterBytes = 3 * sizeof(std::uint64_t);

Digest digest_of_bytes(std::string_view bytes) {
  return Digest(std::span<const std::uint8_t, Digest::kBytes>(
      reinterpret_cast<const std::uint8_t*>(bytes.data()), Digest::kBytes));
}

}  // namespace

struct Pack::Entry {
  Digest digest;
  std::uint64_t offset = 0, size = 0;
};

std::string pack_text(std::vector<PackItem> items) {
  std::sort(items.begin(), items.end(),
            [](const auto& a, const auto& b) { return a.digest < b.digest; });
  ByteWriter contents, index;
  contents.put_raw(kMagic);
  for (const auto& [digest, bytes] : items) {
    index.put_raw(digest.as_text())
        .put(std::uint64_t{contents.bytes().size()})
        .put(std::uint64_t{bytes.size()});
    contents.put_raw(bytes);
  }
  const std::uint64_t index_at = contents.bytes().size();
  contents.put_raw(index.bytes()).put(std::uint64_t{items.size()}).put(index_at);
  const auto checksum = hash64(std::string_view(contents.bytes()).substr(index_at));
  return std::move(contents.put(checksum)).bytes();
}

Result<Pack> Pack::open(const Path& path) {
  WINNOW_TRY(auto file, MappedFile::open(path));
  const auto bytes = file.bytes();
  const auto damaged = [&](std::string_view what) {
    return Error(Code::Corrupt, fmt::format("the pack '{}' is damaged: {}", path.string(), what))
        .with_hint("restore the workspace from a backup");
  };
  if (bytes.size() < kMagic.size() + kFooterBytes || !bytes.starts_with(kMagic))
    return damaged("it does not begin like one");
  ByteReader footer(bytes.substr(bytes.size() - kFooterBytes));
  const auto count = footer.get<std::uint64_t>(), index_at = footer.get<std::uint64_t>(),
             checksum = footer.get<std::uint64_t>();
  const auto room = bytes.size() - kMagic.size() - kFooterBytes;
  if (count > room / kEntryBytes || index_at != bytes.size() - kFooterBytes - count * kEntryBytes)
    return damaged("its footer is not its own");
  const auto index = bytes.substr(index_at, bytes.size() - index_at - sizeof checksum);
  if (hash64(index) != checksum) return damaged("its index does not match its check sum");
  Pack pack(path, std::move(file), count, index_at);
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto entry = pack.entry_at(i);
    if (entry.offset > index_at || entry.size > index_at - entry.offset)
      return damaged("an object lies outside it");
  }
  return pack;
}

Pack::Entry Pack::entry_at(std::uint64_t i) const {
  ByteReader in(file_.bytes().substr(index_at_ + i * kEntryBytes, kEntryBytes));
  Entry entry;
  entry.digest = digest_of_bytes(in.get_raw(Digest::kBytes));
  entry.offset = in.get<std::uint64_t>();
  entry.size = in.get<std::uint64_t>();
  return entry;
}

Digest Pack::digest_at(std::uint64_t i) const { return entry_at(i).digest; }

std::string_view Pack::bytes_at(std::uint64_t i) const {
  const auto entry = entry_at(i);
  return file_.bytes().substr(entry.offset, entry.size);
}

std::optional<std::string_view> Pack::find(const Digest& digest) const {
  std::uint64_t low = 0, high = count_;
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    const auto found = digest_at(middle);
    if (found == digest) return bytes_at(middle);
    (found < digest ? low : high) = found < digest ? middle + 1 : middle;
  }
  return std::nullopt;
}

}  // namespace winnow::registry
