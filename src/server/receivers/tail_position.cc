#include "server/receivers/tail_position.h"

#include "base/bytes.h"

namespace winnow::server {
namespace {

constexpr std::string_view kMagic = "winnow tail 3\n";
// As it was before.
constexpr std::string_view kWithoutEvents = "winnow tail 2\n", kWithoutHeaders = "winnow tail 1\n";
constexpr std::uint64_t kMostBytes = 256UL << 20;

}  // namespace

Result<TailPositions> read_positions(const Path& file) {
  const auto bytes = read_file(file, kMostBytes);
  if (!bytes && bytes.error().code() == Code::NotFound) return TailPositions();
  if (!bytes) return bytes.error();
  const Error corrupt(Code::Corrupt, file.string() + " does not read as positions in files");
  ByteReader in(*bytes);
  const auto magic = in.get_raw(kMagic.size());
  if (magic != kMagic && magic != kWithoutEvents && magic != kWithoutHeaders) return corrupt;
  TailPositions positions;
  auto files = magic == kMagic ? in.get<std::uint64_t>() : UINT64_MAX;
  for (; in.ok() && in.left() > 0 && files > 0; --files) {
    FileId id;
    id.device = in.get<std::uint64_t>();
    id.inode = in.get<std::uint64_t>();
    auto& position = positions.files[id];
    position.offset = in.get<std::uint64_t>();
    const auto digest = Digest::from_hex(in.get_text());
    position.path = in.get_text();
    if (magic != kWithoutHeaders) position.header = LogHeader(std::string(in.get_text()));
    if (!digest) return corrupt;
    position.head = *digest;
  }
  if (magic == kMagic && files > 0) return corrupt;
  while (in.ok() && in.left() > 0) {
    auto log = std::string(in.get_text());
    positions.open_events[std::move(log)] = in.get_text();
  }
  if (!in.ok()) return corrupt;
  return positions;
}

Status write_positions(const Path& file, const TailPositions& positions) {
  ByteWriter out;
  out.put_raw(kMagic).put<std::uint64_t>(positions.files.size());
  for (const auto& [id, position] : positions.files) {
    out.put(id.device).put(id.inode).put(position.offset);
    out.put_text(position.head.hex()).put_text(position.path).put_text(position.header.lines());
  }
  for (const auto& [log, events] : positions.open_events) out.put_text(log).put_text(events);
  return write_atomically(file, out.bytes());
}

}  // namespace winnow::server
