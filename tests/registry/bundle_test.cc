#include "registry/bundle.h"

#include <algorithm>

#include "tests/support/support.h"

namespace winnow {
namespace {

using testing::code_of;

Bundle mail_bundle() {
  return {"mail",
          {{ArtifactKind::Policy, "mail", sha256("p")},
           {ArtifactKind::Model, "text", sha256("m1")},
           {ArtifactKind::Model, "trees", sha256("m2")},
           {ArtifactKind::FeatureSet, "mail", sha256("f")}}};
}

TEST(Bundle, EqualContentsHaveOneId) {
  auto bundle = mail_bundle();
  const auto id = id_of(bundle).value();
  std::reverse(bundle.artifacts.begin(), bundle.artifacts.end());
  EXPECT_EQ(id_of(bundle).value(), id);
  EXPECT_EQ(digest_of(id), sha256(canonical(bundle).value()));
  EXPECT_EQ(bundle_id_of(digest_of(id)), id);
  EXPECT_EQ(short_text(id).size(), 14U);
  bundle.artifacts[0].digest = sha256("another");
  EXPECT_NE(id_of(bundle).value(), id);
  EXPECT_TRUE(digest_of(BundleId("b-zz")).is_zero());
}

TEST(Bundle, ReadsItsCanonicalForm) {
  const auto text = canonical(mail_bundle()).value();
  const auto bundle = bundle_of(text).value();
  EXPECT_EQ(canonical(bundle).value(), text);
  EXPECT_EQ(bundle.only(ArtifactKind::Policy).value().digest, sha256("p"));
  EXPECT_EQ(code_of(bundle.only(ArtifactKind::Model)), Code::Conflict);
  EXPECT_EQ(code_of(bundle.only(ArtifactKind::RulePack)), Code::NotFound);
  EXPECT_EQ(bundle.all(ArtifactKind::Model).size(), 2U);
}

TEST(Bundle, RefusesWhatIsNone) {
  const auto text = canonical(mail_bundle()).value();
  for (std::size_t size = 0; size < text.size(); ++size)
    EXPECT_FALSE(bundle_of(text.substr(0, size)));
  EXPECT_EQ(code_of(bundle_of(" " + text)), Code::InvalidArgument) << "one form only";
  auto twice = mail_bundle();
  twice.artifacts.push_back({ArtifactKind::Model, "text", sha256("x")});
  EXPECT_EQ(code_of(canonical(twice)), Code::InvalidArgument);
  EXPECT_EQ(code_of(canonical(Bundle{})), Code::InvalidArgument);
}

TEST(Bundle, DiffTellsWhatMoved) {
  const auto before = mail_bundle();
  auto after = before;
  after.artifacts[1].digest = sha256("m1 retrained");
  after.artifacts.pop_back();
  after.artifacts.push_back({ArtifactKind::IntelSnapshot, "feeds", sha256("i")});
  const auto changes = diff(before, after);
  ASSERT_EQ(changes.size(), 3U);
  EXPECT_EQ(changes[0].kind, ArtifactKind::FeatureSet);
  EXPECT_FALSE(changes[0].after.has_value());
  EXPECT_EQ(changes[1].name, "text");
  EXPECT_EQ(changes[1].before, sha256("m1"));
  EXPECT_EQ(changes[1].after, sha256("m1 retrained"));
  EXPECT_FALSE(changes[2].before.has_value());
  EXPECT_TRUE(diff(before, before).empty());
}

}  // namespace
}  // namespace winnow
