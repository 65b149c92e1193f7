#include "pipeline/packed_decisions.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <set>

#include "base/bytes.h"
#include "base/contract.h"
#include "store/compress.h"

namespace winnow {
namespace {

constexpr int kFast = -1;  // level 1 saves 1.5 % of the bytes and takes a fifth longer
constexpr std::uint64_t kMaxBytes = 1UL << 30;  // of a pack: a step's packs hold a few MiB
constexpr std::size_t kLeastBytes = 100;        // of a record

PackedDecisions described(std::span<const DecisionRecord> records) {
  ensure(!records.empty(), "a pack holds a decision");
  PackedDecisions packed;
  packed.bundle = records.front().decision.bundle;
  packed.earliest = packed.latest = records.front().decided_at;
  packed.latest_event = records.front().decision.event_time;
  packed.size = records.size();
  packed.keys.reserve(2 * records.size());
  std::set<std::string_view> senders;
  for (const auto& record : records) {
    const auto id = record.decision.id();
    if (&record == &records.front()) packed.first = id;
    packed.keys.push_back(PackedDecisions::key_of(id));
    packed.keys.push_back(PackedDecisions::key_of(record.decision.event));
    packed.earliest = std::min(packed.earliest, record.decided_at);
    packed.latest = std::max(packed.latest, record.decided_at);
    packed.latest_event = std::max(packed.latest_event, record.decision.event_time);
    if (!std::isnan(record.decision.probability))
      packed.most_probable = std::max(packed.most_probable, record.decision.probability);
    senders.insert(record.sender);
  }
  packed.senders.push_back('\n');
  for (const auto sender : senders) packed.senders.append(sender).push_back('\n');
  return packed;
}

}  // namespace

std::uint64_t PackedDecisions::key_of(const Digest& digest) {
  std::uint64_t key = 0;
  for (const auto byte : digest.bytes().first<8>()) key = key << 8 | byte;
  return key;
}

PackedDecisions pack(std::span<const DecisionRecord> records) {
  auto packed = described(records);
  ByteWriter writer;
  writer.put_count(records.size());
  for (const auto& record : records) writer.put_text(record.bytes());
  packed.body = compress(writer.bytes(), kFast);
  return packed;
}

Result<std::vector<DecisionRecord>> unpack(std::string_view body) {
  WINNOW_TRY(const auto bytes, decompress(body, kMaxBytes));
  ByteReader reader(bytes);
  std::vector<DecisionRecord> records(reader.get_item_count(kLeastBytes));
  for (auto& record : records) {
    WINNOW_TRY(record, DecisionRecord::from_bytes(reader.get_text()));
  }
  WINNOW_TRY(reader.finish("a pack of decisions"));
  return records;
}

Result<PackedDecisions> packed_from(std::string body) {
  WINNOW_TRY(const auto records, unpack(body));
  if (records.empty()) return Error(Code::Corrupt, "a pack of no decisions");
  auto packed = described(records);
  packed.body = std::move(body);
  return packed;
}

}  // namespace winnow
