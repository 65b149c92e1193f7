// The milter as an MTA meets it: over sockets, many connections at once, until it is told to stop.
#include "milter/milter.h"

#include <condition_variable>
#include <fstream>
#include <mutex>
#include <thread>

#include "tests/milter/mta.h"
#include "tests/support/support.h"

namespace winnow::milter {
namespace {

using testing::code_of;
using testing::Mta;
using testing::MtaMail;
using namespace std::chrono_literals;

const FixedClock kClock(Timestamp::from_civil(2026, 3, 4, 9));
constexpr auto kPatience = 60s;  // with what comes for sure

MilterOptions options() {
  MilterOptions made;
  made.listen = ListenAddress::parse("inet:0@127.0.0.1").value();
  made.idle = kPatience;
  return made;
}

// A score that is given when the test wants it to be.
class Held {
 public:
  Outcome wait() {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
    return Scored{"d-1f", Route::Close, 0.25};
  }
  void until_waiting(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_ >= count; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int waiting_ = 0;
  bool open_ = false;
};

Score close_all() {
  return [](std::string_view) { return Scored{"d-1f", Route::Close, 0.25}; };
}

TEST(Milter, JudgesMailAfterMailOnOneConnection) {
  const auto milter = Milter::start(options(), close_all(), kClock);
  ASSERT_OK(milter);
  Mta mta((*milter)->address());
  EXPECT_EQ(mta.begin().kind, 'O');
  for (int i = 0; i < 3; ++i) EXPECT_EQ(mta.deliver().inserted.size(), 3U);
  mta.send(testing::packet('Q'));
  EXPECT_TRUE(mta.is_closed());
}

TEST(Milter, PacketsMayComeByteForByteAndFieldsMayBeLong) {
  std::string scored;
  const auto milter = Milter::start(
      options(),
      [&](std::string_view mail) {
        scored = mail;
        return Scored{"d-1f", Route::Close, 0.25};
      },
      kClock);
  ASSERT_OK(milter);
  Mta mta((*milter)->address());
  for (const char byte : testing::negotiation()) ASSERT_TRUE(mta.send({&byte, 1}));
  EXPECT_EQ(mta.read().kind, 'O');
  MtaMail mail;
  mail.fields = {{"To", " " + std::string(102'000, 'a')}};
  mail.body.assign(200'000, 'b');
  EXPECT_EQ(mta.deliver(mail).end, 'c');
  EXPECT_NE(
      scored.find("To: " + std::string(102'000, 'a') + "\r\n\r\n" + std::string(200'000, 'b')),
      std::string::npos);
}

TEST(Milter, ListensAtASocketFileThatAKilledOneLeftBehind) {
  const testing::TemporaryFolder folder;
  auto wanted = options();
  wanted.listen = ListenAddress::parse("unix:" + (folder / "milter.sock").string()).value();
  {
    auto first = Milter::start(wanted, close_all(), kClock);
    ASSERT_OK(first);
    Mta mta((*first)->address());
    mta.begin();
    EXPECT_EQ(mta.deliver().end, 'c');
    EXPECT_EQ(code_of(Milter::start(wanted, close_all(), kClock)), Code::AlreadyExists);
    // As after a kill: the name stays, nobody listens.
    std::filesystem::rename(folder / "milter.sock", folder / "kept");
  }
  std::filesystem::rename(folder / "kept", folder / "milter.sock");
  {
    const auto second = Milter::start(wanted, close_all(), kClock);
    ASSERT_OK(second);
  }
  EXPECT_FALSE(std::filesystem::exists(folder / "milter.sock")) << "it takes its name with it";
  std::ofstream(folder / "milter.sock") << "somebody's file";
  EXPECT_EQ(code_of(Milter::start(wanted, close_all(), kClock)), Code::AlreadyExists);
  EXPECT_TRUE(std::filesystem::exists(folder / "milter.sock"));
}

TEST(Milter, HangsUpOnMoreConnectionsThanItMayHave) {
  auto wanted = options();
  wanted.connections = 2;
  const auto milter = Milter::start(wanted, close_all(), kClock);
  ASSERT_OK(milter);
  auto one = std::make_unique<Mta>((*milter)->address());
  Mta two((*milter)->address());
  EXPECT_EQ(one->begin().kind, 'O');
  EXPECT_EQ(two.begin().kind, 'O');
  Mta three((*milter)->address());
  EXPECT_TRUE(three.is_closed());
  one.reset();
  while ((*milter)->connections() > 1) std::this_thread::sleep_for(1ms);
  Mta four((*milter)->address());
  EXPECT_EQ(four.begin().kind, 'O');
  EXPECT_EQ(two.deliver().end, 'c') << "who was there is not disturbed";
}

TEST(Milter, WhatIsNoMtaIsHungUpOn) {
  const auto milter = Milter::start(options(), close_all(), kClock);
  ASSERT_OK(milter);
  for (const auto& bytes : {std::string("GET / HTTP/1.1\r\n\r\n"), testing::packet('E'),
                            testing::negotiation(0x01), std::string(4, '\0')}) {
    Mta stranger((*milter)->address());
    stranger.send(bytes);
    EXPECT_TRUE(stranger.is_closed());
  }
  auto silent = options();
  silent.idle = 20ms;
  const auto impatient = Milter::start(silent, close_all(), kClock);
  ASSERT_OK(impatient);
  Mta mta((*impatient)->address());
  EXPECT_TRUE(mta.is_closed());
  Mta slow((*impatient)->address());  // a byte now and then is no packet
  const auto rest = testing::packet('D', std::string(500, 'x'));
  bool is_taken = true;
  for (std::size_t i = 0; i < rest.size() && is_taken; ++i) {
    is_taken = slow.send(rest.substr(i, 1));
    std::this_thread::sleep_for(5ms);
  }
  EXPECT_FALSE(is_taken);
}

TEST(Milter, ConnectionsAreServedBesideEachOther) {
  Held held;
  const auto milter = Milter::start(
      options(), [&](std::string_view) { return held.wait(); }, kClock);
  ASSERT_OK(milter);
  std::vector<std::thread> threads;
  std::atomic<int> ended = 0;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      Mta mta((*milter)->address());
      mta.begin();
      if (mta.deliver().end == 'c') ++ended;
    });
  }
  held.until_waiting(8);
  held.open();
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(ended, 8);
}

TEST(Milter, StoppingEndsMailsInProgressAndTakesNoMore) {
  Held held;
  const auto milter = Milter::start(
      options(), [&](std::string_view) { return held.wait(); }, kClock);
  ASSERT_OK(milter);
  Mta idle((*milter)->address());
  idle.begin();
  Mta halfway((*milter)->address());
  halfway.begin();
  const auto packets = testing::mail_packets({});
  halfway.send(packets.substr(0, packets.size() - 5));
  EXPECT_EQ(halfway.read().kind, 'c') << "MAIL";
  Mta scoring((*milter)->address());
  scoring.begin();
  scoring.send(packets);
  held.until_waiting(1);
  std::thread stopper([&] { (*milter)->drain(kPatience); });
  EXPECT_TRUE(idle.is_closed());
  halfway.send(packets.substr(packets.size() - 5));
  held.until_waiting(2);
  held.open();
  for (auto* const mta : {&halfway, &scoring}) {
    auto reply = mta->read();
    while (reply.kind != 0 && reply.kind != 'i') reply = mta->read();
    EXPECT_EQ(reply.kind, 'i') << "it is told what becomes of its mail";
    EXPECT_TRUE([&] {
      while (reply.kind != 0) reply = mta->read();
      return true;
    }()) << "and then closed";
  }
  stopper.join();
  EXPECT_EQ((*milter)->connections(), 0U);
}

TEST(Milter, AMailThatDoesNotEndIsCutOffWhenPatienceEnds) {
  const auto milter = Milter::start(options(), close_all(), kClock);
  ASSERT_OK(milter);
  Mta mta((*milter)->address());
  mta.begin();
  mta.send(testing::packet('M', testing::text("<a@b>")));
  EXPECT_EQ(mta.read().kind, 'c');
  (*milter)->drain(10ms);
  EXPECT_TRUE(mta.is_closed());
}

TEST(ListenAddressTest, IsReadAndWrittenAsMtasDo) {
  for (const auto* const text : {"inet:8421@127.0.0.1", "inet6:8421@::1", "unix:/run/x.sock"})
    EXPECT_EQ(ListenAddress::parse(text)->text(), text);
  EXPECT_EQ(ListenAddress::parse("local:/run/x")->text(), "unix:/run/x");
  for (const auto* const text : {"", "8421", "inet:8421", "inet:@h", "inet:x@h", "inet:70000@h",
                                 "inet:1@", "unix:", "127.0.0.1:8421", "tcp:1@h"})
    EXPECT_EQ(code_of(ListenAddress::parse(text)), Code::InvalidArgument) << text;
  EXPECT_TRUE(ListenAddress::parse("unix:/run/x")->is_local());
  EXPECT_FALSE(ListenAddress::parse("inet:1@0.0.0.0")->is_local());
  EXPECT_EQ(code_of(ListeningSocket::open(
                ListenAddress::parse("unix:/" + std::string(200, 'x')).value())),
            Code::InvalidArgument);
}

}  // namespace
}  // namespace winnow::milter
