// The logs of the simulated company as they are written: sent to a running server.
#include <algorithm>
#include <array>
#include <thread>

#include <fmt/format.h>

#include "cli/console.h"
#include "cli/detail/invented_company.h"
#include "cli/detail/nouns.h"
#include "cli/detail/patient_sender.h"
#include "cli/detail/session.h"
#include "simulate/cloud_traffic.h"
#include "simulate/endpoint_traffic.h"
#include "simulate/network_traffic.h"

namespace winnow::cli {
namespace {

constexpr std::uint64_t kMostAtOnce = 1'000;  // records of a request, after the machine slept

// One log: its records from now on, in the order in which they are written.
class Sensor {
 public:
  Sensor(std::string_view source, simulate::RecordStream stream, Timestamp now)
      : source_(source), stream_(std::move(stream)) {
    stream_.skip_to(now);
    has_next_ = stream_.next(next_);
  }

  std::string_view source() const { return source_; }
  std::uint64_t sent() const { return sent_; }
  // When the next record is written; nothing: the log has ended.
  std::optional<Timestamp> next_at() const {
    return has_next_ ? std::optional(next_.time) : std::nullopt;
  }
  // Sends what is written by `now`, `most` records of it. Errors: those of PatientSender::post.
  Status send(PatientSender& gateway, Timestamp now, std::uint64_t most) {
    std::string lines;
    std::uint64_t count = 0;
    for (; count < most && has_next_ && next_.time <= now; ++count) {
      lines += next_.raw + "\n";
      has_next_ = stream_.next(next_);
    }
    if (count == 0) return {};
    sent_ += count;
    WINNOW_TRY(gateway.post(fmt::format("/v1/events/{}", source_), "application/x-ndjson", lines));
    return {};
  }

 private:
  std::string_view source_;
  simulate::RecordStream stream_;
  simulate::SimulatedRecord next_;
  bool has_next_ = false;
  std::uint64_t sent_ = 0;
};

Result<int> sensors(const Arguments& arguments, Console& console) {
  const auto& clock = system_clock();
  const auto now = clock.now();
  WINNOW_TRY(const auto span, live_span(arguments, now));
  WINNOW_TRY(auto gateway, PatientSender::open(arguments));
  const auto wanted =
      static_cast<std::uint64_t>(std::max<std::int64_t>(0, arguments.integer("records")));
  const auto company = invented_company(arguments);
  std::array all = {Sensor("network", simulate::network_traffic(company, {.span = span}), now),
                    Sensor("endpoint", simulate::endpoint_traffic(company, {.span = span}), now),
                    Sensor("cloud", simulate::cloud_traffic(company, {.span = span}), now)};
  console.progress().stage("sending records", wanted);
  std::uint64_t sent = 0;
  while (wanted == 0 || sent < wanted) {
    std::optional<Timestamp> next_at;
    for (const auto& sensor : all) {
      const auto at = sensor.next_at();
      if (at && (!next_at || *at < *next_at)) next_at = at;
    }
    if (!next_at) break;
    std::this_thread::sleep_for(*next_at - clock.now());
    for (auto& sensor : all) {
      const auto before = sensor.sent();
      const auto most = wanted == 0 ? kMostAtOnce : std::min(kMostAtOnce, wanted - sent);
      WINNOW_TRY(sensor.send(gateway, clock.now(), most));
      sent += sensor.sent() - before;
      console.progress().advance(sensor.sent() - before);
    }
  }
  console.end_progress();
  Json by_source = Json::object();
  std::string text;
  for (const auto& sensor : all) {
    by_source.set(std::string(sensor.source()), sensor.sent());
    text += fmt::format(", {}: {}", sensor.source(), human_count(sensor.sent()));
  }
  console.document("simulate.sensors",
                   Json::object({{"sent", sent}, {"sources", std::move(by_source)}}));
  console.line(fmt::format("{} records sent{}", human_count(sent), text));
  return 0;
}

}  // namespace

std::vector<Command> simulate_sensors_commands() {
  using Kind = Option::Kind;
  return {
      {"simulate sensors",
       "Sends what the invented company's network, machines and cloud log to a server, each when "
       "it is written",
       "The logs of `simulate network`, `simulate endpoint` and `simulate cloud` with this "
       "--seed, --people and --from, and their other options left alone, from now on: the same "
       "people at work by day, the same intrusions. A server that is busy or away for less than "
       "half a minute misses nothing. Ends with Ctrl-C, after --records, or after 30 days.",
       "winnow simulate sensors --token-file gateway.token --people 400 --records 5",
       {server_option(),
        token_file_option(),
        {Kind::Integer, "records", "how many; 0: until it is stopped", "0"},
        {Kind::Integer, "seed", "of everything drawn", "1"},
        people_option("60"),
        {Kind::Text, "from", "the first day of the company's logs", "2026-01-05"}},
       sensors}};
}

}  // namespace winnow::cli
