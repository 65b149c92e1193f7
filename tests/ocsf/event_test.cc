#include "ocsf/event.h"

#include <thread>

#include "ocsf/mail_attributes.h"
#include "tests/support/support.h"

namespace winnow::ocsf {
namespace {

const Timestamp kTime = Timestamp::from_civil(2026, 3, 3, 14, 5, 6);

Event sample() {
  EventBuilder builder(ClassUid::EmailActivity, kTime, sha256("raw"));
  const std::string_view recipients[] = {"a@example.org", "b@example.org"};
  builder.set(mail::kActivityId, std::int64_t{2})
      .set(mail::kSubject, "hello")
      .set(mail::kFromCount, std::int64_t{1});
  builder.set(mail::kEmailTo, recipients)
      .set(mail::kHtmlPresent, true)
      .set(Attribute::of("unmapped.share"), 0.5);
  builder.begin_list(mail::kFiles);
  builder.begin_record()
      .set(mail::file::kName, "a.pdf")
      .set(mail::file::kHashAlgorithmId, std::int64_t{3});
  builder.set(mail::file::kHashValue, "00ff");
  builder.begin_record().set(mail::file::kName, "b.pdf");
  builder.end_list();
  builder.name_entity(EntityKind::Mailbox, Role::Target, "a@example.org");
  builder.name_entity(EntityKind::Mailbox, Role::Target, "a@example.org");
  builder.name_entity(EntityKind::Mailbox, Role::Actor, "a@example.org");
  return std::move(builder).finish();
}

// A step "0" by itself is the only item of a list; records have such keys, too.
TEST(Event, ANumberAmongTheKeysOfAnObjectLosesNone) {
  const auto json_of = [](std::initializer_list<const char*> paths) {
    EventBuilder builder(ClassUid::BaseEvent, kTime, sha256("raw"));
    for (const auto* path : paths) builder.set(Attribute::of(path), path);
    return to_text(std::move(builder).finish().json(Event::Unmapped::Include)["unmapped"]["x"]);
  };
  EXPECT_EQ(json_of({"unmapped.x.0"}), R"(["unmapped.x.0"])");
  EXPECT_EQ(json_of({"unmapped.x.0.a", "unmapped.x.0.b"}),
            R"([{"a":"unmapped.x.0.a","b":"unmapped.x.0.b"}])");
  EXPECT_EQ(json_of({"unmapped.x.0", "unmapped.x.1", "unmapped.x.name"}),
            R"({"0":"unmapped.x.0","1":"unmapped.x.1","name":"unmapped.x.name"})");
  EXPECT_EQ(json_of({"unmapped.x.1.a", "unmapped.x.0.a"}),
            R"({"1":{"a":"unmapped.x.1.a"},"0":{"a":"unmapped.x.0.a"}})");
}

TEST(Event, ManyValuesAtOnceAreThoseOfOneByOne) {
  const auto a = Attribute::of("message"), b = Attribute::of("severity_id");
  EventBuilder one(ClassUid::BaseEvent, kTime, sha256("raw"), 100);
  one.set(a, "text").set(b, std::int64_t{1}).name_entity(EntityKind::Host, Role::Actor, "h");
  EventBuilder all(ClassUid::BaseEvent, kTime, sha256("raw"), 100);
  const Field fields[] = {{a, Value::of(all.keep("text"))}, {b, Value::of(std::int64_t{1})}};
  all.set_all_kept(fields).name_kept_entity(EntityKind::Host, Role::Actor, "h");
  all.name_kept_entity(EntityKind::Host, Role::Actor, "h");
  const auto x = std::move(one).finish(), y = std::move(all).finish();
  EXPECT_EQ(to_text(x.json(Event::Unmapped::Include)), to_text(y.json(Event::Unmapped::Include)));
  EXPECT_EQ(y.entities().size(), 1U);
}

// Repeated entities are found among few and among many.
TEST(Event, EntitiesAreUniqueHoweverMany) {
  EventBuilder builder(ClassUid::BaseEvent, kTime, sha256("raw"));
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 40; ++i)
      builder.name_entity(EntityKind::Domain, Role::Mentioned, std::to_string(i) + ".example");
  }
  EXPECT_EQ(std::move(builder).finish().entities().size(), 40U);
}

TEST(Attribute, IsOneNumberAPath) {
  const auto a = Attribute::of("test.one");
  EXPECT_EQ(a, Attribute::of(std::string("test.") + "one"));
  EXPECT_NE(a, Attribute::of("test.two"));
  EXPECT_EQ(a.path(), "test.one");
}

TEST(Attribute, ThreadsAgreeOnTheNumbers) {
  constexpr int kThreads = 4;
  constexpr int kPaths = 200;
  std::vector<std::vector<std::uint32_t>> seen(kThreads);
  {
    std::vector<std::jthread> threads;
    for (auto& ids : seen) {
      threads.emplace_back([&ids] {
        for (int i = 0; i < kPaths; ++i)
          ids.push_back(Attribute::of("race." + std::to_string(i)).id());
      });
    }
  }
  for (const auto& ids : seen) EXPECT_EQ(ids, seen.front());
  EXPECT_EQ(Attribute::of("race.7").path(), "race.7");
}

TEST(Event, TellsWhatWasSet) {
  const auto event = sample();
  EXPECT_EQ(event.class_uid(), ClassUid::EmailActivity);
  EXPECT_EQ(event.time(), kTime);
  EXPECT_EQ(event.raw_digest(), sha256("raw"));
  EXPECT_EQ(event.get(mail::kSubject).as_text(), "hello");
  EXPECT_EQ(event.get(mail::kFromCount).as_int(), 1);
  EXPECT_EQ(event.get(mail::kFromCount).as_real(), 1.0);
  EXPECT_TRUE(event.get(mail::kHtmlPresent).as_bool());
  EXPECT_EQ(event.get(mail::kEmailTo).as_texts()[1], "b@example.org");
  const auto files = event.get(mail::kFiles).as_records();
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0].get(mail::file::kHashValue).as_text(), "00ff");
  EXPECT_TRUE(files[1].get(mail::file::kHashValue).is_absent());
}

TEST(Event, AbsentAndWronglyAskedAreNeutral) {
  const auto event = sample();
  EXPECT_TRUE(event.get(mail::kEmailSender).is_absent());
  EXPECT_EQ(event.get(mail::kSubject).as_int(), 0);
  EXPECT_EQ(event.get(mail::kFromCount).as_text(), "");
  EXPECT_TRUE(event.get(mail::kSubject).as_texts().empty());
  EXPECT_TRUE(event.get(mail::kSubject).as_records().empty());
}

TEST(Event, NamesAnEntityOnceARole) {
  const auto event = sample();
  ASSERT_EQ(event.entities().size(), 2U);
  EXPECT_EQ(event.entities()[0].role, Role::Target);
  EXPECT_EQ(event.entities()[1].role, Role::Actor);
  EXPECT_EQ(event.entities()[1].key, "a@example.org");
}

TEST(Event, OutlivesWhatItWasBuiltFrom) {
  std::string text(5000, 'x');
  EventBuilder builder(ClassUid::EmailActivity, kTime, Digest());
  builder.set(mail::kText, std::string_view(text));
  auto event = std::move(builder).finish();
  text.assign(text.size(), 'y');
  const Event moved = std::move(event);
  EXPECT_EQ(moved.get(mail::kText).as_text(), std::string(5000, 'x'));
}

TEST(Event, JsonNestsPathsAndAddsTheClassFacts) {
  EXPECT_EQ(
      to_text(sample().json(Event::Unmapped::Include)),
      R"({"activity_id":2,"category_uid":4,"category_name":"Network Activity","class_uid":4009,)"
      R"("class_name":"Email Activity","type_uid":400902,"time":1772546706000,"metadata":{"version":"1.8.0"},)"
      R"("raw_data_hash":{"algorithm_id":3,"value":")" +
          sha256("raw").hex() +
          R"("},)"
          R"("email":{"subject":"hello","to":["a@example.org","b@example.org"],)"
          R"("files":[{"name":"a.pdf","hashes":[{"algorithm_id":3,"value":"00ff"}]},{"name":"b.pdf"}]},)"
          R"("unmapped":{"mail":{"from_count":1,"html":{"present":true}},"share":0.5}})");
}

TEST(Event, JsonCanLeaveTheUnmappedOut) {
  EXPECT_TRUE(sample().json(Event::Unmapped::LeaveOut)["unmapped"].is_null());
  EXPECT_EQ(sample().json(Event::Unmapped::LeaveOut)["email"]["subject"].as_string(), "hello");
}

TEST(EventBuilder, ASecondValueIsABugOfTheMapping) {
  EventBuilder builder(ClassUid::EmailActivity, kTime, Digest());
  builder.set(mail::kSubject, "one");
  EXPECT_THROW(builder.set(mail::kSubject, "two"), ContractViolation);
  builder.begin_list(mail::kFiles).begin_record().set(mail::file::kName, "a");
  EXPECT_THROW(builder.set(mail::file::kName, "b"), ContractViolation);
  EXPECT_THROW(builder.begin_list(mail::kUrls), ContractViolation);
}

}  // namespace
}  // namespace winnow::ocsf
