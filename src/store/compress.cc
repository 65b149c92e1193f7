#include "store/compress.h"

#include <algorithm>
#include <memory>

#include <fmt/format.h>
#include <zstd.h>

namespace winnow {
namespace {

struct FreeCompressor {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};
struct FreeDecompressor {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

}  // namespace

std::string compress(std::string_view bytes, int level) {
  const std::unique_ptr<ZSTD_CCtx, FreeCompressor> context(ZSTD_createCCtx());
  ensure(context != nullptr, "a compression context can be allocated");
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, level);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  const auto size =
      ZSTD_compress2(context.get(), out.data(), out.size(), bytes.data(), bytes.size());
  ensure(ZSTD_isError(size) == 0, "a buffer of the bound's size is large enough");
  out.resize(size);
  return out;
}

// Streams, because a frame's own claim about its size is the writer's and may lie.
Result<std::string> decompress(std::string_view bytes, std::uint64_t max_bytes) {
  const std::unique_ptr<ZSTD_DCtx, FreeDecompressor> context(ZSTD_createDCtx());
  ensure(context != nullptr, "a decompression context can be allocated");
  std::string out;
  ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
  for (std::size_t pending = 1; in.pos < in.size || pending != 0;) {
    const auto before = out.size();
    out.resize(before + std::clamp<std::uint64_t>(max_bytes - before + 1, 1, 1UL << 18));
    ZSTD_outBuffer piece{out.data() + before, out.size() - before, 0};
    const auto in_before = in.pos;
    pending = ZSTD_decompressStream(context.get(), &piece, &in);
    out.resize(before + piece.pos);
    if (ZSTD_isError(pending) != 0) {
      return Error(Code::Corrupt, fmt::format("damaged zstd data near byte {}: {}", in.pos,
                                              ZSTD_getErrorName(pending)));
    }
    if (out.size() > max_bytes) {
      return Error(Code::Exhausted,
                   fmt::format("zstd data unpacks to more than the {} bytes allowed", max_bytes));
    }
    if (pending != 0 && in.pos == in_before && piece.pos == 0) {
      return Error(Code::Corrupt, "zstd data ends too early");
    }
  }
  return out;
}

}  // namespace winnow
