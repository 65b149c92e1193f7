// winnow serve killed while logs come in by tailed files and by syslog: what is in the event log in
// the end is what an undisturbed run has, nothing twice.
#include <csignal>
#include <fstream>
#include <map>
#include <thread>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/rng.h"
#include "ingest/event_log.h"
#include "ingest/quarantine.h"
#include "server/receivers/socket.h"
#include "tests/e2e/winnow.h"

namespace winnow::testing {
namespace {

using namespace std::chrono_literals;

constexpr int kFiles = 6, kLines = 600, kMessages = 400;
constexpr auto kEvents = static_cast<std::uint64_t>(kFiles * kLines + kMessages);

std::string eve(int source, int line) {
  return fmt::format(R"({{"timestamp":"2026-03-03T14:{:02}:{:02}.000000+0000","flow_id":{},)"
                     R"("event_type":"dns","src_ip":"192.0.2.{}","src_port":5353,)"
                     R"("dest_ip":"192.0.2.1","dest_port":53,"proto":"UDP",)"
                     R"("dns":{{"type":"query","id":1,"rrname":"a{}.example","rrtype":"A"}}}})",
                     line / 60 % 60, line % 60, source * 1'000'000 + line, source + 1, line);
}

// What the event log says of each event, by its bytes; the time of receipt is not of it.
using Contents = std::map<std::string, std::string>;

// A workspace that follows files and receives syslog, and those who write both.
class Site {
 public:
  explicit Site(Rng& rng) : rng_(&rng) {
    EXPECT_EQ(winnow(folder_.path(), {"init", "soc"}).exit, 0);
    EXPECT_OK(make_folders(logs()));
    port_ = server::listen_at({"127.0.0.1", 0}, server::SocketKind::Streams)->port();
    const auto file = soc() / "winnow.yaml";
    auto text = read_file(file, 1UL << 20).value();
    text += fmt::format("\ntail:\n  files: {}/*.json, {}/*.json.1\nsyslog:\n  tcp: 127.0.0.1:{}\n",
                        logs().string(), logs().string(), port_);
    EXPECT_OK(write_atomically(file, text));
  }

  // The next lines of every file; half-way the files are rotated.
  void append(int lines) {
    for (int i = 0; i < lines && written_ < kLines; ++i, ++written_) {
      for (int file = 0; file < kFiles; ++file) {
        const auto path = logs() / fmt::format("eve{}.json", file);
        if (written_ == kLines / 2) std::filesystem::rename(path, path.string() + ".1");
        std::ofstream(path, std::ios::app | std::ios::binary) << eve(file, written_) << "\n";
      }
    }
  }
  // A sender that was cut off cannot know what arrived: it begins from the first message again.
  void send_messages(int up_to) const {
    const server::Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port_);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket.descriptor(), reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
      return;
    for (int i = 0; i < up_to; ++i) {
      const auto message = "<13>1 2026-03-03T14:05:06Z gw suricata - - - " + eve(kFiles, i);
      const auto framed = fmt::format("{} {}", message.size(), message);
      if (::send(socket.descriptor(), framed.data(), framed.size(), MSG_NOSIGNAL) < 0) return;
    }
  }

  // Serves while files grow and messages come, and is killed amid it.
  void serve_and_kill() {
    RunningWinnow server(soc(), kServe);
    ASSERT_NE(server.port(), 0);
    std::thread sender([this] { send_messages(kMessages / 2); });
    for (int i = 0; i < 12; ++i) {
      append(static_cast<int>(rng_->between(1, 12)));
      std::this_thread::sleep_for(std::chrono::milliseconds(rng_->between(0, 20)));
    }
    server.end(SIGKILL);
    sender.join();
  }
  // Serves until all has come, and ends as told.
  void serve_to_the_end() {
    RunningWinnow server(soc(), kServe);
    ASSERT_NE(server.port(), 0);
    append(kLines);
    send_messages(kMessages);
    const auto log = EventLog::open(soc() / "data/events", Access::ReadOnly).value();
    for (int i = 0; i < 6'000 && log.count({}).value() < kEvents; ++i)
      std::this_thread::sleep_for(10ms);
    EXPECT_EQ(server.end(SIGTERM).exit, 0);
  }

  Contents contents() const {
    const auto log = EventLog::open(soc() / "data/events", Access::ReadOnly).value();
    Contents all;
    std::uint64_t after = 0;
    for (;;) {
      const auto page = log.arrivals(after, 1'000).value();
      if (page.empty()) return all;
      after = page.back().id;
      for (const auto& event : page) {
        const bool is_new =
            all.emplace(event.digest.hex(),
                        fmt::format("{} {} {} {}", event.source, name_of(event.form), event.mapping,
                                    event.event_time.text()))
                .second;
        EXPECT_TRUE(is_new) << "twice";
      }
    }
  }
  std::uint64_t quarantined() const {
    const auto file = soc() / "data/quarantine.db";
    return Quarantine::open(file, Access::ReadOnly).value().count().value();
  }

 private:
  Path soc() const { return folder_ / "soc"; }
  Path logs() const { return folder_ / "logs"; }
  static inline const std::vector<std::string> kServe = {"serve", "--listen", "127.0.0.1:0"};

  TemporaryFolder folder_;
  Rng* rng_;
  std::uint16_t port_ = 0;
  int written_ = 0;
};

TEST(KilledIntake, HasInTheEndWhatAnUndisturbedOneHas) {
  Rng rng(17);
  Site undisturbed(rng);
  undisturbed.serve_to_the_end();
  const auto wanted = undisturbed.contents();
  ASSERT_EQ(wanted.size(), kEvents);

  Site disturbed(rng);
  for (int kills = 0; kills < 6; ++kills) disturbed.serve_and_kill();
  disturbed.serve_to_the_end();
  auto found = disturbed.contents();
  // Of what a rotated file brings the source is named by the name that it had then.
  EXPECT_EQ(found.size(), kEvents);
  for (const auto& [digest, event] : wanted) {
    ASSERT_TRUE(found.contains(digest)) << "lost: " << event;
    const auto behind_source = event.find(' ');
    EXPECT_EQ(found[digest].substr(found[digest].find(' ')), event.substr(behind_source));
  }
  EXPECT_EQ(disturbed.quarantined(), 0U);
}

}  // namespace
}  // namespace winnow::testing
