#include "store/compress.h"

#include <algorithm>
#include <memory>

#include <fmt/format.h>
#include <zlib.h>
#include <zstd.h>

namespace winnow {
namespace {

constexpr std::size_t kKeptRoom = 4UL << 20;  // of a thread, to compress into

struct FreeCompressor {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};
struct FreeDecompressor {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

class ZstdUnpacker final : public Unpacker {
 public:
  ZstdUnpacker() : context_(ZSTD_createDCtx()) {
    ensure(context_ != nullptr, "a decompression context can be allocated");
  }

  bool is_whole() const override { return is_whole_; }

  Result<std::size_t> unpack(std::string_view packed, std::string& out,
                             std::size_t max_bytes) override {
    if (packed.empty() && is_whole_) return std::size_t{0};
    const auto before = out.size();
    out.resize(before + max_bytes);
    ZSTD_inBuffer in{packed.data(), packed.size(), 0};
    ZSTD_outBuffer piece{out.data() + before, max_bytes, 0};
    const auto pending = ZSTD_decompressStream(context_.get(), &piece, &in);
    out.resize(before + piece.pos);
    taken_ += in.pos;
    if (ZSTD_isError(pending) != 0) {
      return Error(Code::Corrupt, fmt::format("damaged zstd data near byte {}: {}", taken_,
                                              ZSTD_getErrorName(pending)));
    }
    is_whole_ = pending == 0;
    return in.pos;
  }

 private:
  std::unique_ptr<ZSTD_DCtx, FreeDecompressor> context_;
  std::uint64_t taken_ = 0;
  bool is_whole_ = false;
};

class GzipUnpacker final : public Unpacker {
 public:
  GzipUnpacker() {
    constexpr int kGzipOnly = 16 + MAX_WBITS;
    ensure(inflateInit2(&stream_, kGzipOnly) == Z_OK, "a decompression context can be allocated");
  }
  GzipUnpacker(const GzipUnpacker&) = delete;
  GzipUnpacker& operator=(const GzipUnpacker&) = delete;
  ~GzipUnpacker() override { inflateEnd(&stream_); }

  bool is_whole() const override { return is_whole_; }

  Result<std::size_t> unpack(std::string_view packed, std::string& out,
                             std::size_t max_bytes) override {
    if (packed.empty() && is_whole_) return std::size_t{0};
    constexpr std::size_t kMost = 1UL << 30;  // zlib counts in 32 bits
    const auto given = static_cast<uInt>(std::min(packed.size(), kMost));
    const auto room = static_cast<uInt>(std::min(max_bytes, kMost));
    const auto before = out.size();
    out.resize(before + room);
    // With ZLIB_CONST (CMakeLists.txt) zlib promises not to write there.
    stream_.next_in = reinterpret_cast<const Bytef*>(packed.data());
    stream_.avail_in = given;
    stream_.next_out = reinterpret_cast<Bytef*>(out.data() + before);
    stream_.avail_out = room;
    const int result = inflate(&stream_, Z_NO_FLUSH);
    out.resize(out.size() - stream_.avail_out);
    const std::size_t taken = given - stream_.avail_in;
    taken_ += taken;
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
      return Error(Code::Corrupt, fmt::format("damaged gzip data near byte {}", taken_));
    is_whole_ = result == Z_STREAM_END;
    // Another member may follow.
    if (is_whole_) ensure(inflateReset(&stream_) == Z_OK, "an initialised stream can be reset");
    return taken;
  }

 private:
  z_stream stream_{};
  std::uint64_t taken_ = 0;
  bool is_whole_ = false;
};

Result<std::string> unpack_all(Unpacker& unpacker, Packing packing, std::string_view bytes,
                               std::uint64_t max_bytes) {
  std::string out;
  while (!bytes.empty() || !unpacker.is_whole()) {
    const auto before = out.size();
    const auto room = std::clamp<std::uint64_t>(max_bytes - before + 1, 1, 1UL << 18);
    WINNOW_TRY(const auto taken, unpacker.unpack(bytes, out, room));
    if (out.size() > max_bytes) {
      return Error(Code::Exhausted, fmt::format("{} data unpacks to more than the {} bytes allowed",
                                                name_of(packing), max_bytes));
    }
    if (taken == 0 && out.size() == before && !unpacker.is_whole())
      return Error(Code::Corrupt, fmt::format("{} data ends too early", name_of(packing)));
    bytes.remove_prefix(taken);
  }
  return out;
}

}  // namespace

// A context is used again: to make one costs twice what it costs to compress a short record. What
// it makes does not depend on what it made before.
std::string compress(std::string_view bytes, int level) {
  thread_local const std::unique_ptr<ZSTD_CCtx, FreeCompressor> context(ZSTD_createCCtx());
  ensure(context != nullptr, "a compression context can be allocated");
  ZSTD_CCtx_reset(context.get(), ZSTD_reset_session_and_parameters);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, level);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  // Most that is compressed is small beside its bound, which need not be cleared each time.
  thread_local std::string room;
  const auto bound = ZSTD_compressBound(bytes.size());
  std::string large;
  auto& out = bound <= kKeptRoom ? room : large;
  if (out.size() < bound) out.resize(bound);
  const auto size =
      ZSTD_compress2(context.get(), out.data(), out.size(), bytes.data(), bytes.size());
  ensure(ZSTD_isError(size) == 0, "a buffer of the bound's size is large enough");
  return out.substr(0, size);
}

// Streams, because a frame's own claim about its size is the writer's and may lie.
Result<std::string> decompress(std::string_view bytes, std::uint64_t max_bytes) {
  ZstdUnpacker unpacker;
  return unpack_all(unpacker, Packing::Zstd, bytes, max_bytes);
}

Result<std::string> gunzip(std::string_view bytes, std::uint64_t max_bytes) {
  GzipUnpacker unpacker;
  return unpack_all(unpacker, Packing::Gzip, bytes, max_bytes);
}

std::string_view name_of(Packing packing) { return packing == Packing::Gzip ? "gzip" : "zstd"; }

std::optional<Packing> packing_of(std::string_view bytes) {
  if (bytes.starts_with("\x1F\x8B\x08")) return Packing::Gzip;
  if (bytes.starts_with("\x28\xB5\x2F\xFD")) return Packing::Zstd;
  return std::nullopt;
}

std::unique_ptr<Unpacker> Unpacker::of(Packing packing) {
  if (packing == Packing::Gzip) return std::make_unique<GzipUnpacker>();
  return std::make_unique<ZstdUnpacker>();
}

}  // namespace winnow
