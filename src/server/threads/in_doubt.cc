#include "server/threads/in_doubt.h"

#include <algorithm>

#include "ingest/records/envelope.h"
#include "server/threads/delivery.h"

namespace winnow::server {
namespace {

constexpr std::size_t kMostWaiting = 200'000;
constexpr std::size_t kAtOnce = 512;
constexpr std::size_t kMostUnknown = 16 * kAtOnce;  // in a row: a batch is smaller

void add(const RawRecord& record, EnvelopeOpener& opener, std::vector<Digest>& digests) {
  digests.push_back(record.digest);
  // A mail's row is stored without the envelope (RecordReader::settle).
  if (record.form == RecordForm::HecLog)
    digests.push_back(sha256(opener.open(record.form, record.raw).payload));
}

}  // namespace

std::vector<Digest> digests_of(std::span<const ReceivedRecord> records) {
  EnvelopeOpener opener;
  std::vector<Digest> digests;
  for (const auto& received : records) add(received.record, opener, digests);
  return digests;
}

Result<std::vector<Digest>> digests_waiting(Spool& spool) {
  EnvelopeOpener opener;
  std::vector<Digest> digests;
  while (digests.size() < kMostWaiting) {
    WINNOW_TRY(auto spooled, spool.take());
    if (!spooled) break;
    DeliveryReader delivery(std::move(*spooled));
    for (ReceivedRecord record;;) {
      WINNOW_TRY(const bool more, delivery.next(record));
      if (!more) break;
      add(record.record, opener, digests);
    }
  }
  spool.take_again();
  return digests;
}

Result<std::vector<StoredEvent>> stored_last(const EventLog& events,
                                             std::span<const Digest> digests, std::size_t most) {
  std::vector<StoredEvent> stored;
  for (std::size_t unknown = 0; !digests.empty() && unknown < kMostUnknown;) {
    const auto some = digests.first(std::min(digests.size(), kAtOnce));
    digests = digests.subspan(some.size());
    WINNOW_TRY(auto found, events.look_up(some));
    const auto before = stored.size();
    for (auto& one : found) {
      if (one) stored.push_back(std::move(*one));
    }
    unknown = stored.size() == before ? unknown + some.size() : 0;
  }
  std::ranges::sort(stored, {}, &StoredEvent::id);
  if (stored.size() > most)
    stored.erase(stored.begin(), stored.end() - static_cast<std::ptrdiff_t>(most));
  return stored;
}

}  // namespace winnow::server
