#include "registry/run.h"

#include <gmock/gmock.h>

#include "registry/dsse.h"
#include "tests/registry/sample_run.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using testing::code_of;
using testing::sample_run;

const FixedClock kClock(Timestamp::from_seconds(1'700'000'000));

TEST(Run, EveryFieldSurvives) {
  const auto run = sample_run();
  const auto again = run_of(to_json(run)).value();
  EXPECT_EQ(to_json(again), to_json(run));
  EXPECT_EQ(again.seed, run.seed) << "all 64 bits";
  EXPECT_EQ(again.intel_snapshot, run.intel_snapshot);
  EXPECT_EQ(again.status, RunStatus::Succeeded);
  EXPECT_TRUE(diff(run, again).empty());
}

TEST(Run, ItsIdDependsOnWhatWentInOnly) {
  auto run = sample_run();
  const auto id = id_of(run).value();
  run.metrics.set("ap", 0.5);
  run.outputs.clear();
  run.ended = run.ended + std::chrono::seconds(5);
  EXPECT_EQ(id_of(run).value(), id);
  run.seed = 8;
  EXPECT_NE(id_of(run).value(), id);
  EXPECT_EQ(id.text().size(), 18U);
}

TEST(Run, DiffNamesTheFieldsThatMoved) {
  const auto before = sample_run();
  auto after = before;
  after.intel_snapshot = sha256("newer intel");
  after.parameters.set("depth", 7);
  after.metrics.set("recall", 0.9);
  const auto changes = diff(before, after);
  std::vector<std::string> fields;
  for (const auto& change : changes) fields.push_back(change.field);
  EXPECT_THAT(fields,
              ::testing::ElementsAre("intel_snapshot", "metrics.recall", "parameters.depth"));
  EXPECT_EQ(changes[2].before, "6");
  EXPECT_EQ(changes[2].after, "7");
}

TEST(Run, TheStatementIsCanonicalInToto) {
  testing::expect_golden(statement_of(sample_run()).value() + "\n",
                         "registry/golden/run_statement.json");
}

TEST(Run, TheStatementSpeaksOfTheOutputs) {
  const auto statement = statement_of(sample_run()).value();
  EXPECT_EQ(to_json(run_of_statement(statement).value()), to_json(sample_run()));
  auto failed = sample_run();
  failed.outputs.clear();
  failed.status = RunStatus::Failed;
  failed.failure = "out of memory";
  const auto text = statement_of(failed).value();
  EXPECT_EQ(run_of_statement(text).value().failure, "out of memory");
  EXPECT_THAT(text, ::testing::HasSubstr("\"name\":\"run/r-"));
}

TEST(Run, TheOrderInWhichOutputsWereMadeDoesNotMatter) {
  auto run = sample_run();
  run.outputs = {{ArtifactKind::Evaluation, "mail", sha256("e")},
                 {ArtifactKind::DataSet, "mail", sha256("d")},
                 {ArtifactKind::Model, "mail", sha256("m")}};
  const auto statement = statement_of(run);
  ASSERT_OK(statement);
  EXPECT_OK(run_of_statement(*statement));
}

TEST(Run, AStatementWithOtherSubjectsIsRefused) {
  auto json = parse_json(statement_of(sample_run()).value()).value();
  json.set("subject", Json::array());
  EXPECT_FALSE(run_of_statement(to_canonical(json).value()));
  json.set("predicateType", "https://slsa.dev/provenance/v1");
  EXPECT_EQ(code_of(run_of_statement(to_canonical(json).value())), Code::Unsupported);
}

TEST(Dsse, TheEncodingIsThatOfTheSpecification) {
  EXPECT_EQ(pre_authentication_encoding("http://example.com/HelloWorld", "hello world"),
            "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
}

TEST(Dsse, SealsAndVerifies) {
  testing::TemporaryFolder folder;
  auto keys = KeyRing::create(folder / "k", kClock).value();
  const auto envelope = seal(std::string(kInTotoPayloadType), "payload", keys).value();
  const auto text = to_text(envelope);
  EXPECT_OK(verify(envelope_of(text).value(), keys));
  ASSERT_OK(keys.rotate(kClock));
  EXPECT_OK(verify(envelope_of(text).value(), keys));  // after a rotation too
  auto changed = envelope;
  changed.payload = "pay1oad";
  EXPECT_EQ(code_of(verify(changed, keys)), Code::Denied);
  changed = envelope;
  changed.payload_type = "text/plain";
  EXPECT_EQ(code_of(verify(changed, keys)), Code::Denied);
  changed = envelope;
  changed.signatures.clear();
  EXPECT_EQ(code_of(verify(changed, keys)), Code::Denied);
  const auto others = KeyRing::create(folder / "others", kClock).value();
  EXPECT_EQ(code_of(verify(envelope, others)), Code::Denied);
}

TEST(Dsse, NoChangedByteVerifies) {
  testing::TemporaryFolder folder;
  const auto keys = KeyRing::create(folder / "k", kClock).value();
  const auto text = to_text(seal(std::string(kInTotoPayloadType), "payload", keys).value());
  for (std::size_t at = 0; at < text.size(); ++at) {
    auto changed = text;
    changed[at] = static_cast<char>(changed[at] ^ 2);
    const auto envelope = envelope_of(changed);
    EXPECT_FALSE(envelope && verify(*envelope, keys)) << at << " " << changed;
  }
}

}  // namespace
}  // namespace winnow
