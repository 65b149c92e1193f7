// Every source by every door: whatever brings a record of a mapped log, it becomes the event that
// `winnow ingest` makes of it.
#include <fstream>
#include <functional>
#include <thread>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "ingest/mapping/mapping_folder.h"
#include "ingest/quarantine.h"
#include "ingest/record_reader.h"
#include "tests/server/running_service.h"

namespace winnow::server {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using testing::RunningService;

Path shipped() { return testing::source_folder() / "content/mappings"; }

const std::vector<Mapping>& mappings() {
  static const auto all = read_log_mappings(shipped()).value();
  return all;
}

// One object a line, as programs write it.
std::string on_one_line(const std::string& record) {
  return record.starts_with('{') ? to_text(parse_json(record).value()) : record;
}

// The event without what tells in which bytes the record came, and by whom.
std::string essence(const ocsf::Event& event) {
  auto json = event.json(ocsf::Event::Unmapped::Include);
  json.set("raw_data_hash", Json());
  auto metadata = json["metadata"];
  metadata.set("log_provider", Json());
  metadata.set("reporter", metadata["reporter"]["name"]);
  json.set("metadata", std::move(metadata));
  return to_canonical(json).value();
}

// A service that reads by the shipped mappings, tails a file and listens for syslog.
class Doors : public ::testing::Test {
 protected:
  Doors() {
    ServiceOptions options;
    options.syslog.tcp = options.syslog.udp = ListenAddress{"127.0.0.1", 0};
    options.tail.files = {(folder / "*.log").string()};
    options.tail.positions = folder / "positions";
    options.tail.look = 1ms;
    service = std::make_unique<RunningService>(options);
    service->restart([this](ServiceOptions&, FixedClock&) {
      for (const auto& file : list_files(shipped()).value())
        std::filesystem::copy_file(file, service->mappings() / file.filename());
    });
  }

  void post(std::string_view target, std::string_view type, std::string_view body) const {
    const auto answer = service->ask("POST", target, service->token(Role::Sensor),
                                     fmt::format("Content-Type: {}\r\n", type), body);
    EXPECT_LT(answer.status, 300) << target << answer.body;
  }
  void send_syslog(SocketKind kind, std::string_view message) const {
    const bool is_udp = kind == SocketKind::Datagrams;
    const Socket socket(::socket(AF_INET, is_udp ? SOCK_DGRAM : SOCK_STREAM, 0));
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port =
        htons(service->service().syslog_port(is_udp ? SyslogTransport::Udp : SyslogTransport::Tcp));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(::connect(socket.descriptor(), reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
    ASSERT_EQ(::send(socket.descriptor(), message.data(), message.size(), 0),
              static_cast<ssize_t>(message.size()));
  }
  void append(const std::string& name, std::string_view text) const {
    std::ofstream(folder / name, std::ios::app | std::ios::binary) << text;
  }

  // The newest event, once there are `count`.
  StoredEvent newest(std::uint64_t count) const {
    const auto log =
        EventLog::open(service->folder() / "soc/data/events", Access::ReadOnly).value();
    for (int i = 0; i < 2'000 && log.last_id().value() < count; ++i)
      std::this_thread::sleep_for(5ms);
    const auto found = log.arrivals(count - 1, 1).value();
    return found.empty() ? StoredEvent() : found.front();
  }
  ocsf::Event event_of(const StoredEvent& stored) const {
    const auto log =
        EventLog::open(service->folder() / "soc/data/events", Access::ReadOnly).value();
    LogMappings logs(mappings());
    const auto raw = log.read_raw(stored).value();
    return logs
        .read(stored.mapping, stored.form, raw, stored.digest, {.reported = stored.event_time})
        .value();
  }
  // What the status says of the only source, once `count` of its records are told there: that
  // happens after they are stored.
  Json source(std::int64_t count) const {
    Json told;
    for (int i = 0; i < 2'000; ++i) {
      told = parse_json(service->ask("GET", "/v1/status", service->token(Role::Analyst)).body)
                 .value()["sources"][std::size_t{0}];
      if (told["events"].as_int() + told["mails"].as_int() + told["quarantined"].as_int() >= count)
        break;
      std::this_thread::sleep_for(5ms);
    }
    return told;
  }
  std::vector<QuarantinedRecord> quarantined(std::size_t count) const {
    const auto file = service->folder() / "soc/data/quarantine.db";
    const auto kept = Quarantine::open(file, Access::ReadOnly).value();
    for (int i = 0; i < 2'000 && kept.count().value() < count; ++i)
      std::this_thread::sleep_for(5ms);
    return kept.list({}, 0, 100).value();
  }

  testing::TemporaryFolder folder;
  std::unique_ptr<RunningService> service;
};

constexpr std::size_t kExamples = 2;  // of each mapping: this is about the doors

struct Door {
  const char* name;
  bool has_host;  // who brings it says from which host
  std::function<void(const std::string& record)> bring;
};

TEST_F(Doors, EveryMappedSourceComesInByEachOfThem) {
  constexpr std::string_view kJson = "application/json", kNdJson = "application/x-ndjson";
  const auto text = [](const std::string& record) { return to_text(Json(record)); };
  const std::vector<Door> all = {
      {"/v1/events, lines", false,
       [&](const auto& r) { post("/v1/events/gate", kNdJson, r + "\n"); }},
      {"HEC event, a text", true,
       [&](const auto& r) {
         post("/services/collector/event", kJson,
              fmt::format(R"({{"host":"h1","source":"s","event":{}}})", text(r)));
       }},
      {"HEC raw", false, [&](const auto& r) { post("/services/collector/raw", "text/plain", r); }},
      {"HEC raw of a host", true,
       [&](const auto& r) { post("/services/collector/raw?host=h1", "text/plain", r); }},
      {"a tailed file", false, [&, number = 0](const auto& r) mutable {
         append(fmt::format("app{}.log", ++number), r + "\n");
       }}};
  const std::vector<Door> of_objects = {
      {"/v1/events, an array", false,
       [&](const auto& r) { post("/v1/events/gate", kJson, "[" + r + "]"); }},
      {"HEC event, an object", true,
       [&](const auto& r) {
         post("/services/collector", kJson, fmt::format(R"({{"host":"h1","event":{}}})", r));
       }},
      {"_bulk", false,
       [&](const auto& r) {
         post("/_bulk", kNdJson, "{\"create\":{\"_index\":\"logs-x\"}}\n" + r + "\n");
       }},
      {"syslog, RFC 5424, UDP", true,
       [&](const auto& r) {
         send_syslog(SocketKind::Datagrams, "<13>1 2026-03-03T14:05:06Z h1 app - - - " + r);
       }},
      {"syslog, RFC 3164, TCP, a line", true,
       [&](const auto& r) {
         send_syslog(SocketKind::Streams, "<13>Mar  3 14:05:06 h1 app[7]: " + r + "\n");
       }},
      {"syslog, RFC 5424, TCP, counted", true,
       [&](const auto& r) {
         const auto message = "<13>1 2026-03-03T14:05:06Z h1 app - - - @cee: " + r;
         send_syslog(SocketKind::Streams, fmt::format("{} {}", message.size(), message));
       }},
      {"a tailed file of a syslog daemon", true, [&, number = 0](const auto& r) mutable {
         append(fmt::format("sys{}.log", ++number), "2026-03-03T14:05:06Z h1 app: " + r + "\n");
       }}};
  std::uint64_t events = 0;
  LogMappings reference(mappings());
  for (const auto& mapping : mappings()) {
    for (const auto& example :
         mapping.examples().first(std::min<std::size_t>(mapping.examples().size(), kExamples))) {
      const auto base = on_one_line(example.in);
      const bool is_object = base.starts_with('{');
      std::vector<const Door*> doors;
      for (const auto& door : all) doors.push_back(&door);
      for (const auto& door : of_objects) {
        if (is_object) doors.push_back(&door);
      }
      for (const auto* door : doors) {
        // Another record each time, so that it is not known already.
        const auto record =
            is_object ? fmt::format("{{\"winnow_test\":{},{}", ++events, base.substr(1)) : base;
        if (!is_object && events > 0 && door != doors.front()) continue;
        if (!is_object) ++events;
        SCOPED_TRACE(fmt::format("{}, {}: {}", mapping.name(), example.name, door->name));
        door->bring(record);
        const auto stored = newest(events);
        ASSERT_EQ(stored.mapping, mapping.name());
        const auto event = event_of(stored);
        const auto wanted = reference.read(mapping.name(), log_form_of(record), record, Digest(),
                                           {.arrived = stored.event_time});
        ASSERT_TRUE(wanted) << wanted.error();
        EXPECT_EQ(essence(event), essence(*wanted));
        EXPECT_EQ(stored.event_time, wanted->time());
        const auto json = event.json(ocsf::Event::Unmapped::Include);
        const auto wanted_json = wanted->json(ocsf::Event::Unmapped::Include);
        const bool names_host = to_text(wanted_json).find("\"reporter\"") != std::string::npos ||
                                to_text(wanted_json).find("\"device\"") != std::string::npos;
        if (door->has_host && !names_host) {
          EXPECT_EQ(json["metadata"]["reporter"]["hostname"].as_string(), "h1");
        }
      }
    }
  }
  const auto rest = quarantined(0);
  EXPECT_TRUE(rest.empty()) << rest.front().problem.message << rest.front().position.text();
}

std::string eve(int number, std::string_view more = "") {
  return fmt::format(R"({{"timestamp":"2026-03-03T14:05:06.000007+0000","flow_id":{},)"
                     R"("event_type":"dns","src_ip":"192.0.2.7","src_port":5353,)"
                     R"("dest_ip":"192.0.2.1","dest_port":53,"proto":"UDP",)"
                     R"("dns":{{"type":"query","id":1,"rrname":"a.example","rrtype":"A"}}{}}})",
                     number, more);
}

constexpr std::string_view kZeekHeader =
    "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n"
    "#path\tconn\n#open\t2026-03-03-14-00-00\n"
    "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\n"
    "#types\ttime\tstring\taddr\tport\taddr\tport\tenum\n";
std::string zeek_row(int number) {
  return fmt::format("1772546706.5\tC{}\t192.0.2.7\t40000\t192.0.2.1\t53\tudp\n", number);
}

TEST_F(Doors, RowsBelowZeeksHeaderAreFollowedThroughRotationAndRestart) {
  append("conn.log", std::string(kZeekHeader) + zeek_row(1));
  EXPECT_EQ(newest(1).mapping, "zeek");
  service->restart([](ServiceOptions&, FixedClock&) {});
  append("conn.log", zeek_row(2));  // far below its header
  const auto second = newest(2);
  EXPECT_EQ(second.form, RecordForm::LogRow);
  EXPECT_EQ(second.source, "conn");
  std::filesystem::rename(folder / "conn.log", folder / "conn.1.log");
  append("conn.1.log", zeek_row(3) + "#close\t2026-03-03-15-00-00\n");
  append("conn.log", std::string(kZeekHeader) + zeek_row(4));
  EXPECT_EQ(newest(4).mapping, "zeek");
  EXPECT_TRUE(quarantined(0).empty());
}

TEST_F(Doors, ASourceThatIsCalledAsAMappingIsReadByIt) {
  // No mapping would recognise it: the sender knows.
  const std::string odd = R"({"timestamp":"2026-03-03T14:05:06Z","event_type":"dns","Event":1,)"
                          R"("src_ip":"192.0.2.7","dest_ip":"192.0.2.1"})";
  post("/v1/events/suricata", "application/json", odd);
  EXPECT_EQ(newest(1).mapping, "suricata");
  post("/services/collector", "application/json",
       fmt::format(R"({{"sourcetype":"suricata","event":{}}})", odd));
  EXPECT_EQ(newest(2).form, RecordForm::HecLog);
  post("/services/collector", "application/json",
       fmt::format(R"({{"sourcetype":"x:zeek:y","event":{}}})", odd));
  const auto refused = quarantined(1);
  EXPECT_EQ(refused[0].mapping, "zeek") << "it refused what it was to read";
  EXPECT_EQ(refused[0].problem.kind, ProblemKind::Unmapped);
}

TEST_F(Doors, WhatNobodyRecognisesIsToldWithWhoComesNearest) {
  post("/v1/events/app", "application/x-ndjson",
       R"({"timestamp":"2026-03-03T14:05:06Z","message":"user logged in"})"
       "\n{\"subject\":\"a mail\",\"body\":\"x\"}\n");
  send_syslog(SocketKind::Datagrams, "<13>Mar  3 14:05:06 h1 app: no object");
  const auto kept = quarantined(2);
  ASSERT_EQ(kept.size(), 2U) << "a row of a mail log is one, a message with a text is none";
  for (const auto& record : kept) {
    EXPECT_EQ(record.problem.kind, ProblemKind::UnknownFormat);
    EXPECT_EQ(record.mapping, "");
  }
  const auto& object = kept[0].form == RecordForm::LogJson ? kept[0] : kept[1];
  EXPECT_THAT(object.problem.message, HasSubstr("nearest: suricata, but it has no 'event_type'"));
  EXPECT_EQ(newest(1).form, RecordForm::NdJson);
}

TEST_F(Doors, WithoutAChampionLogsAreKeptAndMailsWait) {
  service->restart(RunningService::Champion::None);
  post("/v1/events/gate", "application/x-ndjson",
       "{\"subject\":\"a mail\",\"body\":\"x\"}\n" + eve(1) + "\n" + eve(2) + "\n");
  EXPECT_EQ(newest(2).mapping, "suricata");
  EXPECT_EQ(source(2)["events"].as_int(), 2);
  const auto status =
      parse_json(service->ask("GET", "/v1/status", service->token(Role::Analyst)).body).value();
  EXPECT_EQ(status["spool"]["records"].as_int(), 3) << "until the mail is decided";
  service->restart(RunningService::Champion::Small);
  EXPECT_EQ(newest(3).form, RecordForm::NdJson);
  EXPECT_TRUE(quarantined(0).empty());
}

TEST_F(Doors, AFieldWhoseValuesChangeTheirFormatRaisesAnAlarm) {
  constexpr int kMany = 2 * static_cast<int>(FormatWatch::kWindow);
  const auto post_lines = [&](int from, std::string_view was, std::string_view is) {
    std::string all;
    for (int i = from; i < from + kMany; ++i) {
      auto line = eve(i);
      line.replace(line.find(was), was.size(), is);
      all += line + "\n";
    }
    post("/v1/events/ids", "application/x-ndjson", all);
  };
  post_lines(0, R"("src_port":)", R"("src_port":)");
  newest(kMany);
  post_lines(kMany, R"("src_port":)", R"("src_port":"tcp/5","was_port":)");
  const auto event = newest(2 * kMany);
  EXPECT_EQ(event.mapping, "suricata") << "the event is kept";
  const auto format = source(2 * kMany)["format"];
  EXPECT_THAT(format["why"].as_string(),
              HasSubstr("100 % of the values of 'src_port' cannot be read (usual: 0 %)"));
  ASSERT_EQ(format["unreadable"].size(), 1U);
  EXPECT_EQ(format["unreadable"][std::size_t{0}]["field"].as_string(), "src_port");
  const auto metrics = service->ask("GET", "/metrics", service->token(Role::Sensor)).body;
  EXPECT_THAT(metrics, HasSubstr("winnow_source_unreadable_ratio{source=\"ids\"} 1\n"));
}

TEST_F(Doors, ASourceThatChangesItsFormatRaisesAnAlarmAndLosesNothing) {
  const auto lines = [](int from, int to, std::string_view was, std::string_view is) {
    std::string all;
    for (int i = from; i < to; ++i) {
      auto line = eve(i);
      if (!was.empty()) line.replace(line.find(was), was.size(), is);
      all += line + "\n";
    }
    return all;
  };
  constexpr int kMany = 2 * static_cast<int>(FormatWatch::kWindow);
  const auto post_lines = [&](const std::string& body) {
    post("/v1/events/ids", "application/x-ndjson", body);
  };
  post_lines(lines(0, kMany, "", ""));
  newest(kMany);
  post_lines(lines(kMany, 2 * kMany, R"("event_type")", R"("event_kind")"));
  quarantined(kMany);
  post_lines(eve(2 * kMany));  // behind the last window
  newest(kMany + 1);
  const auto format = source(2 * kMany + 1)["format"];
  EXPECT_THAT(format["why"].as_string(),
              HasSubstr("100 % of records cannot be mapped (usual: 0 %)"));
  EXPECT_TRUE(format["changed_at"].is_string());
  const auto metrics = service->ask("GET", "/metrics", service->token(Role::Sensor)).body;
  EXPECT_THAT(metrics, HasSubstr("winnow_source_format_changed{source=\"ids\"} 1\n"));

  // Nothing is lost: a mended mapping, and all of it is there.
  const auto file = service->mappings() / "meerkat.yaml";
  EXPECT_OK(write_atomically(file, R"(mapping: meerkat
title: EVE with another key
domain: network
format: json
product: {name: Meerkat}
recognise: {has: [event_kind, timestamp]}
time: timestamp
events: [{event: any, class: base_event, set: {severity_id: =1, message: event_kind}}]
)"));
  std::int64_t released = 0;
  for (int tries = 0; released < kMany && tries < 2'000; ++tries) {
    const auto answer = service->ask("POST", "/v1/quarantine/retry", service->token(Role::Engineer),
                                     "Content-Type: application/json\r\n", R"({"source":"ids"})");
    ASSERT_EQ(answer.status, 200) << answer.body;
    released += parse_json(answer.body).value()["released"].as_int();
    if (released == 0) std::this_thread::sleep_for(5ms);  // the service has not looked yet
  }
  EXPECT_EQ(released, kMany);
  EXPECT_EQ(service->ask("POST", "/v1/quarantine/retry", service->token(Role::Engineer)).status,
            200)
      << "without a body: all";
  EXPECT_TRUE(quarantined(0).empty());
  EXPECT_EQ(newest(2 * kMany + 1).mapping, "meerkat");
}

TEST_F(Doors, ClocksThatAreWrongAreCountedBySource) {
  auto ahead = eve(1), late = eve(2);
  ahead.replace(ahead.find("2026-03-03"), 10, "2027-03-03");
  late.replace(late.find("2026-03-03"), 10, "2026-03-01");
  post("/v1/events/ids", "application/x-ndjson", ahead + "\n" + late + "\n" + eve(3) + "\n");
  newest(3);
  const auto told = source(3);
  EXPECT_EQ(told["ahead"].as_int(), 1);
  EXPECT_EQ(told["late"].as_int(), 1);
}

TEST_F(Doors, AChangedMappingHoldsWithoutARestartUnlessItDoesNotCompile) {
  // Once the service has looked, records of `record` are read by `by`.
  int number = 0;
  const auto wait_for = [&](const std::string& by, const auto& record) {
    for (std::string read_by; read_by != by && number < 5'000;) {
      ++number;
      post("/v1/events/gate", "application/json", record(number));
      read_by = newest(static_cast<std::uint64_t>(number)).mapping;
    }
  };
  const auto change = [&](const char* name, std::string_view from, std::string_view to) {
    auto text = read_file(service->mappings() / name, 1UL << 20).value();
    text.replace(text.find(from), from.size(), to);
    EXPECT_OK(write_atomically(service->mappings() / name, text));
  };
  const auto of_suricata = [](int i) { return eve(i); };
  change("suricata.yaml", "mapping: suricata", "mapping: meerkat");
  wait_for("meerkat", of_suricata);
  change("suricata.yaml", "recognise: {has:", "recognise: {hass:");
  change("zeek.yaml", "mapping: zeek", "mapping: zebra");
  wait_for("zebra", [](int i) {
    return fmt::format(R"({{"ts":1772546706.5,"uid":"C{}","id.orig_h":"192.0.2.7",)"
                       R"("id.resp_h":"192.0.2.1","proto":"udp","_path":"conn"}})",
                       i);
  });
  ++number;
  post("/v1/events/gate", "application/json", eve(number));
  EXPECT_EQ(newest(static_cast<std::uint64_t>(number)).mapping, "meerkat") << "as it was before";
}

}  // namespace
}  // namespace winnow::server
