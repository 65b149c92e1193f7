// What two addresses exchanged: both directions, whoever of them a record calls the source.
#include "cases/conversation.h"

#include <limits>

#include <fmt/format.h>

#include "tests/support/support.h"

namespace winnow::cases {
namespace {

std::string flow(const std::string& source, const std::string& target, int out, int in,
                 int second) {
  return fmt::format(
      R"({{"timestamp":"2026-03-03T14:05:{:02}.000000+0000","event_type":"flow","src_ip":"{}",)"
      R"("src_port":49152,"dest_ip":"{}","dest_port":443,"proto":"TCP","app_proto":"tls",)"
      R"("flow":{{"pkts_toserver":{},"pkts_toclient":{},"bytes_toserver":{},"bytes_toclient":{},)"
      R"("start":"2026-03-03T14:05:00.000000+0000","end":"2026-03-03T14:05:02.000000+0000",)"
      R"("age":2,"state":"closed","reason":"timeout"}}}})",
      second, source, target, out, in, out * 100, in * 100);
}

class ConversationOf : public ::testing::Test {
 protected:
  ConversationOf()
      : log_(EventLog::open(folder_ / "events", Access::ReadWrite).value()),
        mapping_(
            DomainMapping::of_logs(Domain::Network, {shipped("suricata"), shipped("ocsf_network")})
                .value()) {}

  static Mapping shipped(const std::string& name) {
    const auto file = testing::source_folder() / "content/mappings" / (name + ".yaml");
    return Mapping::compile(Yaml::read(file.string()).value()).value();
  }
  void arrive(const std::string& raw, const std::string& mapping = "suricata") {
    const auto time = Timestamp::from_civil(2026, 3, 3, 14, 5, second_++);
    const NewEvent event{.form = RecordForm::LogJson,
                         .mapping = mapping,
                         .raw = raw,
                         .digest = sha256(raw),
                         .event_time = time,
                         .received_time = time,
                         .source = "ids"};
    ASSERT_OK(log_.append({&event, 1}));
  }
  Conversation around(const std::string& raw) const {
    return conversation(log_, mapping_, log_.look_up(sha256(raw)).value().value()).value();
  }

  testing::TemporaryFolder folder_;
  EventLog log_;
  DomainMapping mapping_;
  int second_ = 0;
};

TEST_F(ConversationOf, SumsBothDirectionsOfThePairAndOfNobodyElse) {
  const auto asked = flow("10.0.0.7", "192.0.2.9", 3, 2, 1);
  arrive(asked);
  arrive(flow("192.0.2.9", "10.0.0.7", 10, 20, 2));  // the other one began
  arrive(flow("10.0.0.7", "192.0.2.10", 1000, 1000, 3));
  const auto pair = around(asked);
  EXPECT_EQ(pair.source, "10.0.0.7");
  EXPECT_EQ(pair.target, "192.0.2.9");
  EXPECT_EQ(pair.connections, 2U);
  EXPECT_EQ(pair.out.packets, 3U + 20U);
  EXPECT_EQ(pair.in.packets, 2U + 10U);
  EXPECT_EQ(pair.out.bytes, 2300U);
  EXPECT_EQ(pair.in.bytes, 1200U);
  EXPECT_EQ(pair.looked_at, 3U);
  ASSERT_EQ(pair.applications.size(), 1U);
  EXPECT_EQ(pair.applications[0].word, "tls");
  EXPECT_EQ(pair.applications[0].events, 2U);
  EXPECT_EQ(*pair.last_at - *pair.first_at, std::chrono::seconds(1));
}

TEST_F(ConversationOf, OfAnAlertIsWhatTheConnectionsAroundItSay) {
  const std::string alert =
      R"({"timestamp":"2026-03-03T14:05:06.000000+0000","event_type":"alert","src_ip":"10.0.0.7",)"
      R"("src_port":49152,"dest_ip":"192.0.2.9","dest_port":443,"proto":"TCP","alert":)"
      R"({"signature":"EXAMPLE","signature_id":1,"severity":1,"category":"x","action":"allowed","gid":1,"rev":1}})";
  arrive(alert);
  EXPECT_EQ(around(alert).connections, 0U);
  EXPECT_EQ(around(alert).events, 1U);
  arrive(flow("10.0.0.7", "192.0.2.9", 3, 2, 1));
  EXPECT_EQ(around(alert).connections, 1U);
  EXPECT_EQ(around(alert).out.packets, 3U);
  EXPECT_EQ(around(alert).events, 2U);
}

TEST_F(ConversationOf, SumsOfNumbersThatSomebodyMadeUpFit) {
  const auto made_up = [](int second) {
    constexpr auto kHuge = std::numeric_limits<std::int64_t>::max();
    return fmt::format(
        R"({{"class_uid":4001,"category_uid":4,"activity_id":6,"type_uid":400106,"time":{},)"
        R"("severity_id":1,"metadata":{{"version":"1.8.0","product":{{"name":"P",)"
        R"("vendor_name":"V"}}}},"src_endpoint":{{"ip":"10.0.0.7"}},)"
        R"("dst_endpoint":{{"ip":"192.0.2.9"}},"duration":{},)"
        R"("traffic":{{"bytes_out":{},"packets_out":{}}}}})",
        1772546706000 + second, kHuge, kHuge, kHuge);
  };
  for (int second = 1; second < 9; ++second) arrive(made_up(second), "ocsf_network");
  const auto pair = around(made_up(1));
  EXPECT_EQ(pair.connections, 8U);
  EXPECT_GT(pair.lasted, Duration());
  EXPECT_EQ(pair.out.bytes, 8ULL << 50);
  EXPECT_EQ(pair.out.packets, 8ULL << 50);
}

}  // namespace
}  // namespace winnow::cases
