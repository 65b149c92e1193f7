#include "registry/registry.h"

#include <fmt/format.h>

#include "registry/dsse.h"
#include "tests/registry/sample_run.h"
#include "tests/support/faults.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using testing::code_of;
using testing::sample_run;

NoProgress no_progress;

NewArtifact artifact(std::string name, std::string_view bytes,
                     ArtifactKind kind = ArtifactKind::Model) {
  return {
      kind, std::move(name), bytes, "application/octet-stream", 1, {}, Json::object({{"rows", 3}})};
}

class RegistryTest : public ::testing::Test {
 protected:
  std::unique_ptr<Registry> open(Access access = Access::ReadWrite) {
    return Registry::open(path(), clock_, access).value();
  }
  Path path() const { return folder_ / "data"; }
  testing::TemporaryFolder folder_;
  FixedClock clock_{Timestamp::from_seconds(1'700'000'000)};
};

TEST_F(RegistryTest, ArtifactsAreFoundByNameDigestAndPrefix) {
  auto registry = open();
  const auto first = registry->add(artifact("mail", "one"), "ada").value();
  clock_.advance(std::chrono::seconds(1));
  const auto second = registry->add(artifact("mail", "two"), "ada").value();
  EXPECT_EQ(registry->artifact(ArtifactKind::Model, "mail").value().digest, second.digest)
      << "the newest";
  EXPECT_EQ(registry->artifact(ArtifactKind::Model, first.digest.hex().substr(0, 8)).value().digest,
            first.digest);
  EXPECT_EQ(registry->artifact(first.digest).value().name, "mail");
  EXPECT_EQ(registry->read(first.digest).value(), "one");
  EXPECT_EQ(registry->artifacts({.kind = ArtifactKind::Model, .name = "", .run = {}})->size(), 2U);
  EXPECT_TRUE(registry->artifacts({.kind = ArtifactKind::Policy, .name = "", .run = {}})->empty());
  EXPECT_EQ(code_of(registry->artifact(ArtifactKind::Policy, "mail")), Code::NotFound);
  const auto again = registry->add(artifact("mail", "one"), "bob").value();
  EXPECT_EQ(again.created, first.created) << "adding again returns what is there";
  EXPECT_EQ(registry->audit().size(), 2U);
  EXPECT_EQ(to_json(registry->artifact(first.digest).value()), to_json(first));
}

TEST_F(RegistryTest, BundlesNeedTheirArtifacts) {
  auto registry = open();
  const auto model = registry->add(artifact("mail", "model"), "ada").value();
  Bundle bundle{"mail", {model.ref(), {ArtifactKind::Policy, "mail", sha256("absent")}}};
  EXPECT_EQ(code_of(registry->add(bundle, "ada")), Code::NotFound);
  bundle.artifacts.pop_back();
  const auto id = registry->add(bundle, "ada").value();
  EXPECT_EQ(registry->add(bundle, "ada").value(), id);
  const auto found = registry->bundle(short_text(id)).value();
  EXPECT_EQ(found.id, id);
  EXPECT_EQ(found.actor, "ada");
  EXPECT_EQ(canonical(found.bundle).value(), canonical(bundle).value());
  EXPECT_EQ(registry->bundles("mail")->size(), 1U);
  EXPECT_TRUE(registry->bundles("network")->empty());
  EXPECT_EQ(code_of(registry->bundle("b-ffffffffffff")), Code::NotFound);
}

TEST_F(RegistryTest, AnAmbiguousPrefixIsAConflict) {
  auto registry = open();
  const auto model = registry->add(artifact("mail", "model"), "ada").value();
  for (int i = 0; i < 20; ++i)
    ASSERT_OK(registry->add(Bundle{fmt::format("domain{}", i), {model.ref()}}, "ada"));
  EXPECT_EQ(code_of(registry->bundle("b-")), Code::Conflict);
}

TEST_F(RegistryTest, RunsAreSignedAndVerified) {
  auto registry = open();
  auto run = sample_run();
  run.id = {};
  const auto id = registry->record(run).value();
  EXPECT_EQ(id, sample_run().id);
  EXPECT_EQ(to_json(registry->run(id.text().substr(0, 8)).value()), to_json(sample_run()));
  EXPECT_EQ(code_of(registry->record(run)), Code::AlreadyExists);
  EXPECT_OK(verify(envelope_of(registry->envelope(id).value()).value(), registry->keys()));
  auto failed = sample_run();
  failed.seed = 1;
  failed.id = {};
  failed.status = RunStatus::Failed;
  failed.failure = "disk full";
  failed.outputs.clear();
  ASSERT_OK(registry->record(failed));
  const auto runs = registry->runs().value();
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[0].status, RunStatus::Failed) << "newest first";
  EXPECT_EQ(registry->runs({.kind = "evaluate", .domain = "", .limit = 10})->size(), 0U);
  ASSERT_OK(registry->rotate_keys("ada"));
  EXPECT_OK(registry->run(id.text()));  // signed by the retired key
  EXPECT_EQ(registry->audit().size(), 3U);
}

TEST_F(RegistryTest, ADamagedRunRecordIsCorrupt) {
  auto registry = open();
  const auto id = registry->record(sample_run()).value();
  const auto file = registry->objects().file_of(sha256(registry->envelope(id).value())).value();
  std::filesystem::permissions(file, std::filesystem::perms::owner_write,
                               std::filesystem::perm_options::add);
  testing::flip_byte(file, 100);
  EXPECT_EQ(code_of(registry->run(id.text())), Code::Corrupt);
}

TEST_F(RegistryTest, ALostDatabaseIsListedAgainFromTheAuditLog) {
  RunId run_id;
  {
    auto registry = open();
    const auto model = registry->add(artifact("mail", "model"), "ada").value();
    ASSERT_OK(registry->add(Bundle{"mail", {model.ref()}}, "ada"));
    run_id = registry->record(sample_run()).value();
  }
  for (const auto* name : {"winnow.db", "winnow.db-wal", "winnow.db-shm"})
    std::filesystem::remove(path() / name);
  auto registry = open();
  EXPECT_EQ(registry->artifacts()->size(), 1U);
  EXPECT_EQ(registry->bundles()->size(), 1U);
  EXPECT_OK(registry->run(run_id.text()));
}

TEST_F(RegistryTest, AnAuditLogShorterThanItsListingIsCorrupt) {
  { ASSERT_OK(open()->add(artifact("mail", "model"), "ada")); }
  std::filesystem::remove_all(path() / "audit");
  EXPECT_EQ(code_of(Registry::open(path(), clock_, Access::ReadWrite)), Code::Corrupt);
}

TEST_F(RegistryTest, ReadOnlyNeedsARegistry) {
  EXPECT_EQ(code_of(Registry::open(path(), clock_, Access::ReadOnly)), Code::NotFound);
  { ASSERT_OK(open()->add(artifact("mail", "model"), "ada")); }
  auto reader = open(Access::ReadOnly);
  EXPECT_EQ(reader->artifacts()->size(), 1U);
  EXPECT_EQ(code_of(reader->record(sample_run())), Code::Denied);
}

TEST_F(RegistryTest, ManyAreAddedWithOneSync) {
  auto registry = open();
  std::vector<std::string> contents;
  for (int i = 0; i < 1000; ++i) contents.push_back(fmt::format("artifact {}", i));
  std::vector<NewArtifact> batch;
  for (const auto& content : contents)
    batch.push_back(artifact(content, content, ArtifactKind::DataSet));
  batch.push_back(batch.front());
  ASSERT_EQ(registry->add_all(batch, "ada")->size(), 1001U);
  EXPECT_EQ(registry->artifacts()->size(), 1000U) << "one of them came twice";
  EXPECT_TRUE(registry->objects().verify_all(no_progress)->damages.empty());
}

TEST_F(RegistryTest, WhatWasRecordedSurvivesAKill) {
  testing::for_each_seed(8, [&](Rng& rng) {
    std::filesystem::remove_all(path());
    { open(); }
    const auto acknowledged = testing::killed_while(
        [&](const std::function<void()>& acknowledge) {
          auto registry = open();
          for (std::uint64_t seed = 0;; ++seed) {
            auto run = sample_run();
            run.seed = seed;
            run.id = {};
            if (!registry->record(run)) return;
            acknowledge();
          }
        },
        rng, 60'000);
    auto registry = open();
    const auto runs = registry->runs().value();
    EXPECT_GE(runs.size(), acknowledged);
    EXPECT_EQ(runs.size(), registry->audit().size());
    for (const auto& run : runs) EXPECT_OK(registry->run(run.id.text()));
    NoProgress progress;
    EXPECT_TRUE(verify_audit_log(path() / "audit", registry->keys(), {}, progress)->holds());
  });
}

}  // namespace
}  // namespace winnow
