// The bytes of a log's file, unpacked where it is packed with gzip or zstd.
#pragma once

#include <memory>
#include <string>

#include "ingest/records/input_buffer.h"
#include "store/compress.h"

namespace winnow {

// What `packed` holds, in memory that does not grow with it. Damage, and an end that comes too
// early, are errors (Corrupt) behind all bytes that stand before them.
class UnpackedBytes final : public ByteSource {
 public:
  UnpackedBytes(std::unique_ptr<ByteSource> packed, Packing packing);
  Result<std::size_t> read_some(std::string& out, std::size_t max_bytes) override;

 private:
  std::unique_ptr<ByteSource> source_;
  Packing packing_;
  std::unique_ptr<Unpacker> unpacker_;
  std::string packed_;  // read and not yet taken, from at_ on
  std::size_t at_ = 0;
  bool ended_ = false;
  Status failed_;
};

struct LogBytes {
  std::unique_ptr<ByteSource> bytes;
  bool is_packed = false;
};

// The text in `bytes`: unpacked where their front says that they are packed, once. Errors:
// Unsupported (no text but a known binary format, also inside of what is packed; `name` is for
// people), Corrupt, Unavailable.
Result<LogBytes> open_log_bytes(std::unique_ptr<ByteSource> bytes, const std::string& name);

}  // namespace winnow
