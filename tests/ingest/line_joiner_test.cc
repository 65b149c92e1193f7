// The lines of one event become one record, whatever stands between them.
#include "ingest/records/line_joiner.h"

#include <map>
#include <set>

#include <fmt/format.h>

#include "base/rng.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using Texts = std::vector<std::string>;

std::string line(std::string_view type, int serial, int seconds = 5) {
  return fmt::format("type={} msg=audit({}.043:{}): pid=7", type, seconds, serial);
}
std::string joined(std::initializer_list<std::string> lines) {
  std::string all;
  for (const auto& one : lines) all += (all.empty() ? "" : "\n") + one;
  return all;
}

// What a joiner makes of lines: records by themselves, and joined ones when they end.
Texts records_of(LineJoiner& joiner, const Texts& lines) {
  Texts records;
  const auto take = [&] {
    while (const auto event = joiner.take()) records.push_back(event->raw);
  };
  take();
  for (const auto& one : lines) {
    const bool is_taken = joiner.add(one);
    take();
    if (!is_taken) records.push_back(one);
  }
  return records;
}
Texts records_of(const Texts& lines, const LineJoiner::Limits& limits = {}) {
  LineJoiner joiner(limits);
  auto records = records_of(joiner, lines);
  joiner.end_all();
  while (const auto event = joiner.take()) records.push_back(event->raw);
  return records;
}

TEST(AuditLine, IsReadWithWhatStandsInFrontOfIt) {
  struct Case {
    const char* line;
    const char* want;  // host, node, stamp; empty: none is read
  };
  for (const auto& [text, want] : {
           Case{"type=CWD msg=audit(5.043:7): cwd=1", "||5.043:7"},
           Case{"node=web1 type=CWD msg=audit(5.043:7):", "|web1|5.043:7"},
           Case{"<86>Mar  3 14:05:06 gw audispd: type=CWD msg=audit(5.043:7):", "gw||5.043:7"},
           Case{"Mar  3 14:05:06 gw audisp-syslog: node=w type=EOE msg=audit(5.0:7):",
                "gw|w|5.0:7"},
           Case{"type=UNKNOWN[1334] msg=audit(5.043:7): prog-id=9", "||5.043:7"},
           Case{"type=CWD msg=audit(5.043): cwd=1", ""},
           Case{"type=CWD msg=audit(5:7.3): cwd=1", ""},
           Case{"type=CWD msg=audit(5.043:7", ""},
           Case{"type=CWD msg=audit(99999999999999999999.043:7): cwd=1", ""},
           Case{"somebody says type=CWD msg=audit(5.043:7): cwd=1", ""},
           Case{"{\"log\":\"type=CWD msg=audit(5.043:7):\"}", ""},
           Case{"type=CWD  msg=audit(5.043:7):", ""},
       }) {
    const auto read = read_audit_line(text);
    EXPECT_EQ(read ? fmt::format("{}|{}|{}", read->host, read->node, read->stamp) : "", want)
        << text;
  }
}

TEST(LineJoiner, LinesOfEventsAmongEachOtherAreTheirEvents) {
  EXPECT_EQ(records_of({line("SYSCALL", 1), line("SYSCALL", 2), line("EXECVE", 1), "no audit",
                        line("CWD", 2), line("PROCTITLE", 2), line("PROCTITLE", 1)}),
            (Texts{"no audit", joined({line("SYSCALL", 2), line("CWD", 2), line("PROCTITLE", 2)}),
                   joined({line("SYSCALL", 1), line("EXECVE", 1), line("PROCTITLE", 1)})}));
}

TEST(LineJoiner, WhatProgramsReportIsOneLine) {
  const Texts alone = {line("USER_LOGIN", 1), line("CRED_ACQ", 1), line("ADD_USER", 2),
                       line("SERVICE_START", 3), line("DAEMON_START", 4)};
  LineJoiner joiner;
  EXPECT_EQ(records_of(joiner, alone), alone);
  EXPECT_TRUE(joiner.is_empty());
}

TEST(LineJoiner, AnEventEndsWithItsEndMarkOrBehindItsLastLine) {
  LineJoiner joiner;
  EXPECT_EQ(records_of(joiner, {line("SYSCALL", 1), line("PROCTITLE", 1), line("EOE", 1)}),
            Texts{joined({line("SYSCALL", 1), line("PROCTITLE", 1), line("EOE", 1)})});
  EXPECT_EQ(records_of(joiner, {line("SYSCALL", 2), line("PROCTITLE", 2), line("USER_AUTH", 3)}),
            (Texts{joined({line("SYSCALL", 2), line("PROCTITLE", 2)}), line("USER_AUTH", 3)}));
  // An end without what it ends is a record by itself.
  EXPECT_EQ(records_of(joiner, {line("EOE", 2)}), Texts{line("EOE", 2)});
  EXPECT_TRUE(joiner.is_empty());
}

TEST(LineJoiner, AnEventEndsWhenItsMachineIsBeyondIt) {
  LineJoiner joiner;
  EXPECT_EQ(records_of(joiner, {line("SYSCALL", 1, 5), line("CWD", 1, 5), line("SYSCALL", 2, 7)}),
            Texts{});
  EXPECT_EQ(records_of(joiner, {line("SYSCALL", 3, 8)}),
            Texts{joined({line("SYSCALL", 1, 5), line("CWD", 1, 5)})});
  // Another machine's clock says nothing of it.
  EXPECT_EQ(records_of(joiner, {"node=other " + line("SYSCALL", 9, 900)}), Texts{});
}

TEST(LineJoiner, MachinesMayHaveTheSameStamps) {
  const auto of = [](const char* node, std::string_view type) {
    return fmt::format("node={} {}", node, line(type, 1));
  };
  EXPECT_EQ(records_of({of("a", "SYSCALL"), of("b", "SYSCALL"), of("a", "CWD"), of("b", "CWD")}),
            (Texts{joined({of("a", "SYSCALL"), of("a", "CWD")}),
                   joined({of("b", "SYSCALL"), of("b", "CWD")})}));
}

TEST(LineJoiner, EventsWithoutEndAreBounded) {
  Texts lines, wanted;
  for (int i = 0; i < 10; ++i) lines.push_back(line("SYSCALL", i));
  LineJoiner joiner({.events = 4, .lines = 3, .bytes = 200, .all_bytes = 300});
  wanted.assign(lines.begin(), lines.begin() + 6);
  EXPECT_EQ(records_of(joiner, lines), wanted) << "the oldest end";
  joiner.end_all();
  EXPECT_EQ(records_of(joiner, {}).size(), 4U);
  // An event's late lines are an event by themselves.
  EXPECT_EQ(records_of({line("PATH", 1), line("PATH", 1), line("PATH", 1), line("PATH", 1)},
                       {.lines = 3}),
            (Texts{joined({line("PATH", 1), line("PATH", 1), line("PATH", 1)}), line("PATH", 1)}));
  const auto large = line("EXECVE", 1) + std::string(150, 'x');
  EXPECT_EQ(records_of({line("SYSCALL", 1), large, line("CWD", 1)}, {.bytes = 200}),
            (Texts{line("SYSCALL", 1), large, line("CWD", 1)}));
  // One that no record has room for stays as it is.
  const auto too_large = line("EXECVE", 1) + std::string(250, 'x');
  EXPECT_EQ(records_of({too_large}, {.bytes = 200}), Texts{too_large});
}

TEST(LineJoiner, GoesOnFromItsState) {
  LineJoiner first;
  EXPECT_EQ(records_of(first, {line("SYSCALL", 1), line("SYSCALL", 2), line("CWD", 1)}), Texts{});
  auto second = LineJoiner::from_state(first.state()).value();
  EXPECT_EQ(records_of(second, {line("EOE", 1)}),
            Texts{joined({line("SYSCALL", 1), line("CWD", 1), line("EOE", 1)})});
  // Ends that were told and not yet taken are kept: what comes late is another event then.
  second.end_all();
  auto third = LineJoiner::from_state(second.state()).value();
  EXPECT_EQ(records_of(third, {line("CWD", 2)}), Texts{line("SYSCALL", 2)});
  const auto state = first.state();
  for (std::size_t cut = 1; cut < state.size(); ++cut) {
    const auto read = LineJoiner::from_state(state.substr(0, cut));
    EXPECT_TRUE(!read || read->state().size() == cut) << cut;
  }
}

// However events stand among each other: each is one record, with all its lines in their order.
TEST(LineJoiner, EveryEventIsOneRecordHoweverTheyStand) {
  testing::for_each_seed(100, [](Rng& rng) {
    std::map<int, Texts> left;
    std::set<std::string> wanted, found;
    Texts lines;
    int next = 0;
    while (next < 60 || !left.empty()) {
      if (next < 60 && left.size() < 8 && (left.empty() || rng.below(3) == 0)) {
        auto& event = left[next];
        event = {line("SYSCALL", next)};
        for (auto more = rng.below(6); more > 0; --more) event.push_back(line("PATH", next));
        event.push_back(line("PROCTITLE", next));
        std::string whole = event.front();
        for (std::size_t i = 1; i < event.size(); ++i) whole += "\n" + event[i];
        wanted.insert(whole);
        ++next;
      }
      auto event = left.begin();
      std::advance(event, static_cast<std::ptrdiff_t>(rng.below(left.size())));
      lines.push_back(event->second.front());
      event->second.erase(event->second.begin());
      if (event->second.empty()) left.erase(event);
    }
    for (auto& record : records_of(lines)) EXPECT_TRUE(found.insert(std::move(record)).second);
    EXPECT_EQ(found, wanted);
  });
}

}  // namespace
}  // namespace winnow
