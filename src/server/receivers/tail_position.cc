#include "server/receivers/tail_position.h"

#include "base/bytes.h"

namespace winnow::server {
namespace {

constexpr std::string_view kMagic = "winnow tail 2\n";
constexpr std::string_view kWithoutHeaders = "winnow tail 1\n";  // as it was before
constexpr std::uint64_t kMostBytes = 256UL << 20;

}  // namespace

Result<TailPositions> read_positions(const Path& file) {
  const auto bytes = read_file(file, kMostBytes);
  if (!bytes && bytes.error().code() == Code::NotFound) return TailPositions();
  if (!bytes) return bytes.error();
  const Error corrupt(Code::Corrupt, file.string() + " does not read as positions in files");
  ByteReader in(*bytes);
  const auto magic = in.get_raw(kMagic.size());
  if (magic != kMagic && magic != kWithoutHeaders) return corrupt;
  TailPositions positions;
  while (in.ok() && in.left() > 0) {
    FileId id;
    id.device = in.get<std::uint64_t>();
    id.inode = in.get<std::uint64_t>();
    auto& position = positions[id];
    position.offset = in.get<std::uint64_t>();
    const auto digest = Digest::from_hex(in.get_text());
    position.path = in.get_text();
    if (magic == kMagic) position.header = LogHeader(std::string(in.get_text()));
    if (!digest) return corrupt;
    position.head = *digest;
  }
  if (!in.ok()) return corrupt;
  return positions;
}

Status write_positions(const Path& file, const TailPositions& positions) {
  ByteWriter out;
  out.put_raw(kMagic);
  for (const auto& [id, position] : positions) {
    out.put(id.device).put(id.inode).put(position.offset);
    out.put_text(position.head.hex()).put_text(position.path).put_text(position.header.lines());
  }
  return write_atomically(file, out.bytes());
}

}  // namespace winnow::server
