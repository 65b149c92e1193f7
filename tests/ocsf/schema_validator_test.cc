// The validator finds what is wrong: otherwise a green test of our events would prove nothing.
#include "tests/ocsf/schema_validator.h"

#include "ocsf/event.h"
#include "ocsf/mail_attributes.h"
#include "ocsf/schema.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

Json valid_event() {
  ocsf::EventBuilder builder(ocsf::ClassUid::EmailActivity, Timestamp::from_seconds(1),
                             sha256("x"));
  builder.set(ocsf::mail::kActivityId, ocsf::activity::kReceive);
  builder.set(ocsf::mail::kDirectionId, ocsf::direction::kUnknown);
  builder.set(ocsf::mail::kSeverityId, ocsf::severity::kInformational);
  builder.set(ocsf::mail::kProductName, "Winnow");
  builder.set(ocsf::mail::kEmailFrom, "a@example.org");
  return std::move(builder).finish().json(ocsf::Event::Unmapped::Include);
}

TEST(OcsfSchema, AcceptsAValidEventAndFindsEachFault) {
  const auto schema = testing::OcsfSchema::load();
  if (!schema) GTEST_SKIP() << testing::kNoRealData;
  const auto valid = valid_event();
  EXPECT_EQ(schema->problems_of(valid), std::vector<std::string>{});

  const auto faults = [&](const std::function<void(Json&)>& edit) {
    Json event = valid;
    edit(event);
    return schema->problems_of(event).size();
  };
  EXPECT_EQ(faults([](Json& e) { e.set("severity_id", "1"); }), 1U);  // wrong type
  EXPECT_EQ(faults([](Json& e) { e.set("severity_id", 77); }), 1U);   // no such value
  EXPECT_EQ(faults([](Json& e) { e.set("surprise", 1); }), 1U);       // unknown
  EXPECT_EQ(faults([](Json& e) { e.set("metadata", Json::object()); }),
            3U);  // product, version (twice)
  EXPECT_EQ(faults([](Json& e) { e.find("email")->set("from", "no mailbox"); }), 1U);
  EXPECT_EQ(faults([](Json& e) {
              e.set("email", Json::object({{"size", 1}}));
            }),
            1U);  // at least one
  EXPECT_EQ(faults([](Json& e) { e.find("email")->set("to", "a@example.org"); }), 1U);  // no list
  EXPECT_EQ(faults([](Json& e) { e.set("unmapped", Json::object({{"anything", 1}})); }), 0U);
}

}  // namespace
}  // namespace winnow
