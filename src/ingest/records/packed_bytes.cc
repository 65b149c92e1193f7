#include "ingest/records/packed_bytes.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

namespace winnow {
namespace {

constexpr std::size_t kFront = 512;  // a tar archive's sign stands at 257

struct BinaryFormat {
  std::string_view sign;
  std::size_t at;
  std::string_view what;
  std::string_view hint;
};

using namespace std::literals;
constexpr std::string_view kUnpackFirst = "unpack it first: gzip and zstd are read as they are";
constexpr std::string_view kPackets =
    "let Suricata or Zeek read the packets, and ingest the logs that they write";
constexpr std::string_view kToJson = "export it as JSON, one object a line";
constexpr std::string_view kToUtf8 = "write it as UTF-8, in PowerShell with -Encoding utf8";

constexpr std::array kBinaryFormats = {
    BinaryFormat{"ElfFile\0"sv, 0, "a Windows event log (EVTX)",
                 "export it as JSON with evtx_dump -o jsonl, or ship it by Winlogbeat or NXLog"},
    BinaryFormat{"\x7F"
                 "ELF"sv,
                 0, "a program (ELF)", "name the logs"},
    BinaryFormat{"\xD4\xC3\xB2\xA1"sv, 0, "captured packets (PCAP)", kPackets},
    BinaryFormat{"\xA1\xB2\xC3\xD4"sv, 0, "captured packets (PCAP)", kPackets},
    BinaryFormat{"\x4D\x3C\xB2\xA1"sv, 0, "captured packets (PCAP)", kPackets},
    BinaryFormat{"\xA1\xB2\x3C\x4D"sv, 0, "captured packets (PCAP)", kPackets},
    BinaryFormat{"\x0A\x0D\x0D\x0A"sv, 0, "captured packets (PCAPNG)", kPackets},
    BinaryFormat{"PAR1"sv, 0, "a Parquet file", kToJson},
    BinaryFormat{"SQLite format 3\0"sv, 0, "a SQLite database", kToJson},
    BinaryFormat{"PK\x03\x04"sv, 0, "a ZIP archive", kUnpackFirst},
    BinaryFormat{"BZh"sv, 0, "packed with bzip2", kUnpackFirst},
    BinaryFormat{"\xFD"
                 "7zXZ\0"sv,
                 0, "packed with xz", kUnpackFirst},
    BinaryFormat{"ustar"sv, 257, "a tar archive", kUnpackFirst},
    BinaryFormat{"\xFF\xFE"sv, 0, "text in UTF-16", kToUtf8},
    BinaryFormat{"\xFE\xFF"sv, 0, "text in UTF-16", kToUtf8},
};

Status check_is_text(std::string_view front, const std::string& name) {
  for (const auto& format : kBinaryFormats) {
    if (front.size() < format.at || !front.substr(format.at).starts_with(format.sign)) continue;
    return Error(Code::Unsupported, fmt::format("'{}' is no text log but {}", name, format.what))
        .with_hint(std::string(format.hint));
  }
  return {};
}

// Damage behind the front is told where it is come to.
Result<std::string> front_of(ByteSource& bytes) {
  std::string front;
  while (front.size() < kFront) {
    const auto got = bytes.read_some(front, kFront - front.size());
    if (!got && front.empty()) return got.error();
    if (!got || *got == 0) break;
  }
  return front;
}

}  // namespace

UnpackedBytes::UnpackedBytes(std::unique_ptr<ByteSource> packed, Packing packing)
    : source_(std::move(packed)), packing_(packing), unpacker_(Unpacker::of(packing)) {}

Result<std::size_t> UnpackedBytes::read_some(std::string& out, std::size_t max_bytes) {
  const auto before = out.size();
  while (out.size() == before) {
    WINNOW_TRY(failed_);
    if (at_ == packed_.size() && !ended_) {
      packed_.clear();
      at_ = 0;
      WINNOW_TRY(const auto got, source_->read_some(packed_, InputBuffer::kChunk));
      ended_ = got == 0;
    }
    const auto rest = std::string_view(packed_).substr(at_);
    if (ended_ && rest.empty() && unpacker_->is_whole()) break;
    const auto taken = unpacker_->unpack(rest, out, max_bytes);
    if (!taken) {
      failed_ = taken.error();
    } else if (*taken == 0 && out.size() == before && !unpacker_->is_whole() && ended_) {
      failed_ = Error(Code::Corrupt, fmt::format("{} data ends too early", name_of(packing_)));
    } else {
      at_ += *taken;
    }
  }
  return out.size() - before;
}

Result<LogBytes> open_log_bytes(std::unique_ptr<ByteSource> bytes, const std::string& name) {
  WINNOW_TRY(auto front, front_of(*bytes));
  WINNOW_TRY(check_is_text(front, name));
  const auto packing = packing_of(front);
  bytes = std::make_unique<PeekedBytes>(std::move(front), std::move(bytes));
  if (!packing) return LogBytes{std::move(bytes), false};
  bytes = std::make_unique<UnpackedBytes>(std::move(bytes), *packing);
  WINNOW_TRY(front, front_of(*bytes));
  WINNOW_TRY(check_is_text(front, name));
  if (packing_of(front)) {
    return Error(Code::Unsupported, fmt::format("'{}' is packed more than once", name))
        .with_hint("unpack it once first");
  }
  return LogBytes{std::make_unique<PeekedBytes>(std::move(front), std::move(bytes)), true};
}

}  // namespace winnow
