#include "ingest/domain_mapping.h"

#include "tests/support/support.h"

namespace winnow {
namespace {

using testing::code_of;

Mapping mapping(const std::string& name, const std::string& domain) {
  const auto yaml = Yaml::parse("mapping: " + name + "\ntitle: t\ndomain: " + domain +
                                    "\nformat: json\nproduct: {name: p}\nrecognise: {has: [door]}\n"
                                    "time: {from: ts, as: seconds}\nevents: [{event: e, class: "
                                    "base_event, set: {severity_id: =1, message: door}}]\n",
                                name + ".yaml");
  return Mapping::compile(yaml.value()).value();
}

StoredEvent stored(const std::string& by, RecordForm form = RecordForm::LogJson) {
  StoredEvent event;
  event.mapping = by;
  event.form = form;
  event.event_time = Timestamp::from_civil(2026, 3, 3);
  return event;
}

const DomainMapping kMail{RecordMapping()};
const DomainMapping kNetwork = DomainMapping::of_logs(Domain::Network, {mapping("shop", "network"),
                                                                        mapping("gate", "network")})
                                   .value();

TEST(DomainMapping, ReadsTheRecordsOfItsOwnMappings) {
  EXPECT_TRUE(kMail.reads(stored("", RecordForm::Mail)));
  EXPECT_FALSE(kMail.reads(stored("shop")));
  EXPECT_TRUE(kNetwork.reads(stored("shop")));
  EXPECT_TRUE(kNetwork.reads(stored("gate")));
  EXPECT_FALSE(kNetwork.reads(stored("shops")));
  EXPECT_FALSE(kNetwork.reads(stored("", RecordForm::Mail)));
  EXPECT_EQ(kMail.within({}).mappings, std::vector<std::string>({""}));
  EXPECT_EQ(kNetwork.within({.source = "s"}).mappings, std::vector<std::string>({"gate", "shop"}));
  EXPECT_EQ(kNetwork.within({.source = "s"}).source, "s");
}

TEST(DomainMapping, IsReadBackFromItsArtifacts) {
  const std::vector<std::string> logs = {mapping("shop", "network").canonical(),
                                         mapping("gate", "network").canonical()};
  const auto read = DomainMapping::from_artifacts(Domain::Network, logs);
  ASSERT_OK(read);
  EXPECT_EQ(read->domain(), Domain::Network);
  EXPECT_TRUE(read->reads("shop"));
  const std::vector<std::string> mail = {R"({"mapping":"mail"})"};
  EXPECT_EQ(DomainMapping::from_artifacts(Domain::Mail, mail)->domain(), Domain::Mail);

  const std::vector<std::string> none;
  EXPECT_EQ(code_of(DomainMapping::from_artifacts(Domain::Mail, none)), Code::InvalidArgument);
  EXPECT_EQ(code_of(DomainMapping::from_artifacts(Domain::Cloud, none)), Code::InvalidArgument);
  EXPECT_EQ(code_of(DomainMapping::from_artifacts(Domain::Cloud, logs)), Code::InvalidArgument);
  EXPECT_EQ(code_of(DomainMapping::from_artifacts(Domain::Network, mail)), Code::Corrupt);
}

TEST(StoredEventReader, ReadsAtTheTimeThatTheLogKeeps) {
  StoredEventReader reader(kNetwork);
  const auto event = reader.read(stored("shop"), R"({"ts":1,"door":"open"})");
  ASSERT_OK(event);
  EXPECT_EQ(event->time(), Timestamp::from_civil(2026, 3, 3));
  EXPECT_EQ(event->get(ocsf::Attribute::of("message")).as_text(), "open");
}

TEST(StoredEventReader, ARecordWithoutATimeHasThatOfWhatBroughtIt) {
  StoredEventReader reader(kNetwork);
  const auto event = reader.read(stored("shop"), R"({"door":"open"})");
  ASSERT_OK(event);
  EXPECT_EQ(event->time(), Timestamp::from_civil(2026, 3, 3));
}

TEST(StoredEventReader, SaysWhatIsNotItsOwnOrNotReadable) {
  StoredEventReader reader(kNetwork);
  EXPECT_EQ(code_of(reader.read(stored("tower"), R"({"ts":1,"door":"open"})")),
            Code::InvalidArgument);
  EXPECT_EQ(code_of(reader.read(stored("shop"), "no json")), Code::InvalidArgument);
  EXPECT_EQ(code_of(StoredEventReader(kMail).read(stored("shop"), R"({"ts":1,"door":"open"})")),
            Code::InvalidArgument);
}

}  // namespace
}  // namespace winnow
