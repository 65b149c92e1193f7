#include "store/compress.h"

#include <algorithm>
#include <memory>

#include <fmt/format.h>
#include <zlib.h>
#include <zstd.h>

namespace winnow {
namespace {

struct FreeCompressor {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};
struct FreeDecompressor {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

struct EndInflating {
  void operator()(z_stream* stream) const { inflateEnd(stream); }
};

}  // namespace

// A context is used again: to make one costs twice what it costs to compress a short record. What
// it makes does not depend on what it made before.
std::string compress(std::string_view bytes, int level) {
  thread_local const std::unique_ptr<ZSTD_CCtx, FreeCompressor> context(ZSTD_createCCtx());
  ensure(context != nullptr, "a compression context can be allocated");
  ZSTD_CCtx_reset(context.get(), ZSTD_reset_session_and_parameters);
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

Result<std::string> gunzip(std::string_view bytes, std::uint64_t max_bytes) {
  constexpr int kGzipOnly = 16 + MAX_WBITS;
  z_stream stream{};
  ensure(inflateInit2(&stream, kGzipOnly) == Z_OK, "a decompression context can be allocated");
  const std::unique_ptr<z_stream, EndInflating> end(&stream);
  // With ZLIB_CONST (CMakeLists.txt) zlib promises not to write there.
  stream.next_in = reinterpret_cast<const Bytef*>(bytes.data());
  std::string out;
  std::size_t left = bytes.size();
  for (;;) {
    const auto given = static_cast<uInt>(std::min<std::size_t>(left, 1UL << 30));
    const auto before = out.size();
    out.resize(before + std::clamp<std::uint64_t>(max_bytes - before + 1, 1, 1UL << 18));
    stream.avail_in = given;
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + before);
    stream.avail_out = static_cast<uInt>(out.size() - before);
    const int result = inflate(&stream, Z_NO_FLUSH);
    out.resize(out.size() - stream.avail_out);
    left -= given - stream.avail_in;
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
      return Error(Code::Corrupt,
                   fmt::format("damaged gzip data near byte {}", bytes.size() - left));
    }
    if (out.size() > max_bytes) {
      return Error(Code::Exhausted,
                   fmt::format("gzip data unpacks to more than the {} bytes allowed", max_bytes));
    }
    if (result == Z_STREAM_END) {
      if (left == 0) return out;
      ensure(inflateReset(&stream) == Z_OK, "an initialised stream can be reset");
    } else if (left == 0 && out.size() == before) {
      return Error(Code::Corrupt, "gzip data ends too early");
    }
  }
}

}  // namespace winnow
