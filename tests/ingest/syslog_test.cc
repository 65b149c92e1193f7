// Syslog messages as RFC 5424 and RFC 3164 have them, and as devices send them all the same.
#include "ingest/records/syslog.h"

#include <gmock/gmock.h>

#include "tests/support/support.h"

namespace winnow {
namespace {

const Timestamp kReceived = Timestamp::from_civil(2026, 3, 3, 14, 5, 8);

struct Line {
  const char* name;
  std::string_view line;
  int priority;           // -1: none
  std::string_view time;  // as of kReceived; empty: none
  std::string_view host, app, process, message;
};

class Syslog : public ::testing::TestWithParam<Line> {};

TEST_P(Syslog, IsRead) {
  const auto& want = GetParam();
  const auto found = read_syslog(want.line);
  EXPECT_EQ(found.priority ? *found.priority : -1, want.priority);
  EXPECT_EQ(found.time ? found.time->at(kReceived).text() : "", want.time);
  EXPECT_EQ(found.host, want.host);
  EXPECT_EQ(found.app, want.app);
  EXPECT_EQ(found.process, want.process);
  EXPECT_EQ(found.message, want.message);
}

// The first five are as RFC 5424, section 6.5, and RFC 3164, section 5.4, give them.
const Line kLines[] = {
    {"Modern", "<34>1 2003-10-11T22:14:15.003Z mx.example.com su - ID47 - \xEF\xBB\xBF'su' failed",
     34, "2003-10-11T22:14:15.003000Z", "mx.example.com", "su", "", "'su' failed"},
    {"ModernWithOffset", "<165>1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 app 8710 - - %% hello",
     165, "2003-08-24T12:14:15.000003Z", "192.0.2.1", "app", "8710", "%% hello"},
    {"ModernWithData",
     "<165>1 2003-10-11T22:14:15Z h evnt - ID47 [a@1 i=\"3\" s=\"]\\\"\"][b@1 c=\"d\"] text", 165,
     "2003-10-11T22:14:15Z", "h", "evnt", "", "text"},
    {"ModernWithoutMessage", "<165>1 - - - - - [a@1 i=\"3\"]", 165, "", "", "", "", ""},
    {"Legacy", "<34>Mar  3 14:05:06 mymachine su: 'su root' failed", 34, "2026-03-03T14:05:06Z",
     "mymachine", "su", "", "'su root' failed"},
    {"WithProcess", "<86>Mar  3 14:05:06 web01 sshd[4123]: Accepted", 86, "2026-03-03T14:05:06Z",
     "web01", "sshd", "4123", "Accepted"},
    {"WithoutHost", "<86>Mar  3 14:05:06 sshd[4123]: Accepted", 86, "2026-03-03T14:05:06Z", "",
     "sshd", "4123", "Accepted"},
    {"WithoutTag", "<13>Mar  3 14:05:06 web01 it rains", 13, "2026-03-03T14:05:06Z", "web01", "",
     "", "it rains"},
    {"WithoutTime", "<13>sshd[1]: Accepted", 13, "", "", "sshd", "1", "Accepted"},
    {"OnlyPriority", "<13>it rains", 13, "", "", "", "", "it rains"},
    {"NoPriority", "Mar  3 14:05:06 web01 cron[7]: job", -1, "2026-03-03T14:05:06Z", "web01",
     "cron", "7", "job"},
    {"NoHeader", "nothing: of all this", -1, "", "", "", "", "nothing: of all this"},
    {"PriorityTooLarge", "<192>Mar  3 14:05:06 a b: c", -1, "", "", "", "",
     "<192>Mar  3 14:05:06 a b: c"},
    {"IsoTime", "<13>2026-03-03T15:05:06.25+01:00 web01 app: x", 13, "2026-03-03T14:05:06.250000Z",
     "web01", "app", "", "x"},
    {"IsoTimeWithoutZone", "<13>2026-03-03T15:05:06 web01 app: x", 13, "2026-03-03T14:05:06Z",
     "web01", "app", "", "x"},
    {"OtherZone", "<13>Mar  3 19:35:06 delhi app: x", 13, "2026-03-03T14:05:06Z", "delhi", "app",
     "", "x"},
    {"BrokenModern", "<13>1 2026-03-03T15:05:06Z web01", 13, "", "", "", "",
     "1 2026-03-03T15:05:06Z web01"},
    {"Json", R"(<22>Mar  3 14:05:06 gw mail: {"subject":"x"})", 22, "2026-03-03T14:05:06Z", "gw",
     "mail", "", R"({"subject":"x"})"},
    {"JsonWithoutTag", R"(<22>Mar  3 14:05:06 gw {"subject":"x"})", 22, "2026-03-03T14:05:06Z",
     "gw", "", "", R"({"subject":"x"})"},
    {"JsonAlone", R"(<22>{"subject": "x"})", 22, "", "", "", "", R"({"subject": "x"})"},
    // "Cisco IOS System Message Guide", "Cisco ASA Series Syslog Messages".
    {"CiscoIos", "<189>77: *Mar  3 14:05:06.123 UTC: %SYS-5-CONFIG_I: Configured", 189,
     "2026-03-03T14:05:06.123000Z", "", "SYS-5-CONFIG_I", "", "%SYS-5-CONFIG_I: Configured"},
    {"CiscoIosWithHost", "<189>77: sw1: .Mar  3 15:05:06.123 CET: %SYS-5-CONFIG_I: Configured", 189,
     "2026-03-03T14:05:06.123000Z", "sw1", "SYS-5-CONFIG_I", "", "%SYS-5-CONFIG_I: Configured"},
    {"CiscoIosWithYear", "<189>77: Mar  3 2026 14:05:06: %LINK-3-UPDOWN: up", 189,
     "2026-03-03T14:05:06Z", "", "LINK-3-UPDOWN", "", "%LINK-3-UPDOWN: up"},
    {"CiscoAsa", "<166>Mar 03 2026 14:05:06 asa1 : %ASA-6-302013: Built", 166,
     "2026-03-03T14:05:06Z", "asa1", "ASA-6-302013", "", "%ASA-6-302013: Built"},
    {"CiscoAsaWithoutHost", "<166>:Mar 03 14:05:06 UTC: %ASA-6-302013: Built", 166,
     "2026-03-03T14:05:06Z", "", "ASA-6-302013", "", "%ASA-6-302013: Built"},
    {"CiscoAsaWithoutTime", "<166>%ASA-6-302013: Built", 166, "", "", "ASA-6-302013", "",
     "%ASA-6-302013: Built"},
    {"YearBehind", "<13>Mar  3 14:05:06 2026 web01 app: x", 13, "2026-03-03T14:05:06Z", "web01",
     "app", "", "x"},
    {"NoSuchDay", "<13>Mar 41 14:05:06 web01 app: x", 13, "", "", "", "",
     "Mar 41 14:05:06 web01 app: x"},
    {"Nothing", "", -1, "", "", "", "", ""},
};
INSTANTIATE_TEST_SUITE_P(Lines, Syslog, ::testing::ValuesIn(kLines),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(SyslogTime, ItsYearAndZoneComeFromTheTimeOfReceipt) {
  const auto at = [](std::string_view header, Timestamp received) {
    const auto line = std::string("<13>") + std::string(header) + " host app: x";
    return read_syslog(line).time.value().at(received).text();
  };
  const auto new_year = Timestamp::from_civil(2027, 1, 1, 0, 0, 10);
  EXPECT_EQ(at("Dec 31 23:59:59", new_year), "2026-12-31T23:59:59Z");
  EXPECT_EQ(at("Jan  1 00:00:05", Timestamp::from_civil(2026, 12, 31, 23, 59, 59)),
            "2027-01-01T00:00:05Z");
  // From the other side of the date line: 13 hours ahead.
  EXPECT_EQ(at("Jan  1 12:59:59", Timestamp::from_civil(2026, 12, 31, 23, 59, 59)),
            "2026-12-31T23:59:59Z");
  // Long under way: its day, not today's.
  EXPECT_EQ(at("Dec  3 10:00:00", new_year), "2026-12-03T10:00:00Z");
  EXPECT_EQ(at("Feb 29 10:00:00", Timestamp::from_civil(2028, 2, 29, 10)), "2028-02-29T10:00:00Z");
  // What says its zone is believed, however far off it is.
  EXPECT_EQ(at("2026-03-03T14:00:00Z", new_year), "2026-03-03T14:00:00Z");
}

TEST(SyslogJson, StandsBehindTheMarkAsWell) {
  EXPECT_EQ(syslog_json(read_syslog(R"(<13>app: @cee: {"a":1})")), R"({"a":1})");
  EXPECT_EQ(syslog_json(read_syslog("<13>app: no {json}")), "");
}

}  // namespace
}  // namespace winnow
