// A mapping that does not compile when the service starts: the others go on, and nothing of what
// only it reads is lost.
#include <csignal>
#include <thread>

#include <fmt/format.h>

#include "tests/e2e/ask.h"
#include "tests/e2e/soc.h"

namespace winnow::testing {
namespace {

using namespace std::chrono_literals;

const std::vector<std::string> kServe = {"serve", "--listen", "127.0.0.1:0"};

std::string eve(int number) {
  return fmt::format(R"({{"timestamp":"2026-03-03T14:05:{:02}.000000+0000","flow_id":{},)"
                     R"("event_type":"dns","src_ip":"192.0.2.{}","src_port":5353,)"
                     R"("dest_ip":"192.0.2.1","dest_port":53,"proto":"UDP",)"
                     R"("dns":{{"type":"query","id":1,"rrname":"a{}.example","rrtype":"A"}}}})"
                     "\n",
                     number, number, number, number);
}

class BrokenMapping : public ::testing::Test {
 protected:
  BrokenMapping()
      : sensor_(soc_.token_of("ids", "sensor")), analyst_(soc_.token_of("ann", "analyst")) {}

  Path mapping() const { return soc_.path() / "content/mappings/suricata.yaml"; }
  void break_mapping() const {
    std::filesystem::copy_file(mapping(), soc_.beside() / "whole.yaml");
    const auto text = read_file(mapping(), 1UL << 20).value();
    ASSERT_OK(write_atomically(mapping(), "titel: broken\n" + text));
  }
  void mend_mapping() const {
    std::filesystem::copy_file(soc_.beside() / "whole.yaml", mapping(),
                               std::filesystem::copy_options::overwrite_existing);
  }
  void post(RunningWinnow& server, const std::string& source, const std::string& lines) const {
    (void)ask(server, "POST /v1/events/" + source, sensor_, lines);
  }
  Json refused(RunningWinnow& server) const {
    return ask(server, "GET /v1/status", analyst_)["refused_mappings"];
  }
  // Of what is in quarantine.
  std::vector<std::string> reasons() const {
    std::vector<std::string> all;
    const auto listed = soc_.must_run({"quarantine", "list", "--json"}).json();
    for (const auto& record : listed["records"].items())
      all.push_back(record["reason"].as_string());
    return all;
  }
  std::int64_t decisions() const {
    const auto made = soc_.must_run({"decisions", "list", "--json"}).json();
    return static_cast<std::int64_t>(made["decisions"].items().size());
  }
  template <typename Done>
  bool wait_for(const Done& done) const {
    for (int i = 0; i < 300; ++i) {
      if (done()) return true;
      std::this_thread::sleep_for(100ms);
    }
    return false;
  }
  Soc soc_;
  std::string sensor_, analyst_;
};

TEST_F(BrokenMapping, ItsRecordsWaitUntilItIsMended) {
  break_mapping();
  RunningWinnow server(soc_.path(), kServe);
  ASSERT_NE(server.port(), 0) << "the others go on";
  const auto told = refused(server);
  ASSERT_EQ(told.items().size(), 1U);
  EXPECT_EQ(told[0]["mapping"].as_string(), "suricata");
  EXPECT_FALSE(told[0]["held"].as_bool());
  EXPECT_EQ(told[0]["reason"].as_string(),
            "suricata.yaml:1: unknown key 'titel' (did you mean 'title'?)");
  post(server, "suricata", eve(1) + eve(2));
  post(server, "some-sensor", eve(3));  // called otherwise, recognised by nobody
  post(server, "some-sensor", "{\"nobody\":\"knows it\"}\n");
  ASSERT_TRUE(wait_for([&] { return reasons().size() == 4; }));
  for (const auto& reason : reasons())
    EXPECT_NE(reason.find("does not compile"), std::string::npos) << reason;
  mend_mapping();
  EXPECT_TRUE(wait_for([&] { return reasons().size() == 1; })) << "tried again by itself";
  EXPECT_TRUE(refused(server).items().empty());
  const auto ended = server.end(SIGTERM);
  EXPECT_EQ(ended.exit, 0);
  EXPECT_NE(ended.err.find("nothing reads its records"), std::string::npos) << ended.err;
  const auto left = reasons();
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].find("does not compile"), std::string::npos) << left[0];
}

TEST_F(BrokenMapping, MendedWhileNothingRunsItIsMadeUpForAtTheNextStart) {
  break_mapping();
  {
    RunningWinnow server(soc_.path(), kServe);
    ASSERT_NE(server.port(), 0);
    post(server, "suricata", eve(1) + eve(2));
    ASSERT_TRUE(wait_for([&] { return reasons().size() == 2; }));
    EXPECT_EQ(server.end(SIGTERM).exit, 0);
  }
  mend_mapping();
  RunningWinnow server(soc_.path(), kServe);
  EXPECT_TRUE(wait_for([&] { return reasons().empty(); }));
  EXPECT_EQ(server.end(SIGTERM).exit, 0);
}

TEST_F(BrokenMapping, WhatABundleKeptOfItGoesOnToHold) {
  soc_.deploy_rules("network");
  break_mapping();
  RunningWinnow server(soc_.path(), kServe);
  ASSERT_NE(server.port(), 0);
  const auto told = refused(server);
  ASSERT_EQ(told.items().size(), 1U);
  EXPECT_TRUE(told[0]["held"].as_bool());
  post(server, "suricata", eve(1));
  EXPECT_TRUE(wait_for([&] { return decisions() == 1; }));
  EXPECT_TRUE(reasons().empty());
  EXPECT_NE(server.end(SIGTERM).err.find("goes on to hold"), std::string::npos);
  const auto doctor = soc_.run({"doctor"});
  EXPECT_NE(doctor.exit, 0);
  EXPECT_NE(doctor.out.find("unknown key 'titel'"), std::string::npos) << doctor.out;
}

TEST_F(BrokenMapping, OtherDomainsAreWorkedOnAllTheSame) {
  break_mapping();
  soc_.deploy_rules("endpoint");
  const auto preview = soc_.run({"features", "preview", "endpoint"});
  EXPECT_EQ(preview.err.find("suricata"), std::string::npos) << preview.err;
  for (const auto& words :
       {std::vector<std::string>{"bundles", "build", "--domain", "network", "--model", "none"},
        {"features", "preview", "network"}}) {
    const auto refused = soc_.run(words);
    EXPECT_EQ(refused.exit, 2);
    EXPECT_NE(refused.err.find("suricata.yaml:1: unknown key 'titel'"), std::string::npos)
        << refused.err;
  }
}

}  // namespace
}  // namespace winnow::testing
