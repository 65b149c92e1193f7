#include "server/receivers/syslog_connection.h"

#include <array>
#include <utility>

namespace winnow::server {
namespace {

constexpr std::size_t kReadBytes = 32UL << 10;
constexpr int kReadsATurn = 4;  // then others have their turn
constexpr std::chrono::seconds kHandshake{10};
constexpr std::chrono::seconds kMessage{60};  // from its first byte to its last

}  // namespace

SyslogConnection::SyslogConnection(int socket, std::unique_ptr<http::TlsSession> tls,
                                   std::string sender, std::size_t max_message, Time now)
    : stream_(socket, std::move(tls)),
      frames_(max_message),
      sender_(std::move(sender)),
      last_(now),
      begun_(now) {}

bool SyslogConnection::read(SyslogBatch& batch, SyslogCounts& counts, Time now) {
  std::array<char, kReadBytes> bytes;
  more_ = false;
  for (int i = 0; i < kReadsATurn; ++i) {
    const auto [flow, size] = stream_.read(bytes.data(), bytes.size());
    if (flow == http::Flow::Blocked) return true;
    if (flow != http::Flow::Moved) {
      finish(batch, counts);
      stream_.end();
      return false;
    }
    if (!frames_.is_within_message()) begun_ = now;
    last_ = now;
    frames_.add({bytes.data(), size});
    while (const auto frame = frames_.next()) {
      take(batch, counts, *frame);
      begun_ = now;
    }
    if (stream_.is_dry()) return true;
  }
  more_ = true;
  return true;
}

std::optional<std::uint32_t> SyslogConnection::new_events() {
  const auto events = stream_.reads_on();
  return std::exchange(events_, events) == events ? std::nullopt : std::optional(events);
}

void SyslogConnection::finish(SyslogBatch& batch, SyslogCounts& counts) {
  if (const auto frame = frames_.finish()) take(batch, counts, *frame);
}

void SyslogConnection::take(SyslogBatch& batch, SyslogCounts& counts,
                            const SyslogFrames::Frame& frame) {
  batch.add(transport(), sender_, frame.message, frame.cut);
  counts.messages.fetch_add(1, std::memory_order_relaxed);
  counts.bytes.fetch_add(frame.message.size(), std::memory_order_relaxed);
  if (frame.cut) counts.cut.fetch_add(1, std::memory_order_relaxed);
}

bool SyslogConnection::is_slow(Time now) const {
  if (!stream_.is_established()) return now - begun_ > kHandshake;
  return frames_.is_within_message() && now - begun_ > kMessage;
}

}  // namespace winnow::server
